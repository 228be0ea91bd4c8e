"use client";

import { type FormEvent, useEffect, useState } from "react";

import { type Outcome, follow } from "./actions";

export function Follow({ name, button, setsPassword }: { name: string; button: string; setsPassword: boolean }) {
  const [token, setToken] = useState<string>();
  const [outcome, setOutcome] = useState<Outcome>();

  // The token leaves the address bar and the history at once: so it is in no bookmark and no screenshot.
  useEffect(() => {
    const here = new URL(location.href);
    const found = here.searchParams.get("token");
    if (!found) return;
    setToken(found);
    here.searchParams.delete("token");
    history.replaceState(history.state, "", here);
  }, []);

  async function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const password = new FormData(event.currentTarget).get("new_password");
    setOutcome(await follow(name, token ?? "", typeof password === "string" ? password : undefined));
  }

  if (outcome?.done) return <p role="status">{outcome.told} <a href="/account">Go on</a></p>;
  return (
    <form onSubmit={send}>
      {setsPassword && <p><label>New password <input name="new_password" type="password" autoComplete="new-password" required /></label></p>}
      {outcome && <p role="alert">{outcome.told}</p>}
      <button disabled={!token}>{button}</button>
    </form>
  );
}
