"use client";

import { type FormEvent, useState } from "react";

export default function LogIn() {
  const [told, setTold] = useState<string>();

  async function logIn(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const body = JSON.stringify(Object.fromEntries(new FormData(event.currentTarget)));
    const response = await fetch("/session", { method: "POST", headers: { "Content-Type": "application/json" }, body });
    if (response.ok) location.assign("/account"); // a page load, so that no page of before is kept
    else setTold((await response.json()).detail);
  }

  return (
    <main>
      <h1>Log in</h1>
      <form onSubmit={logIn}>
        <p><label>Email address <input name="email" type="email" autoComplete="username" required /></label></p>
        <p><label>Password <input name="password" type="password" autoComplete="current-password" required /></label></p>
        {told && <p role="alert">{told}</p>}
        <button>Log in</button>
      </form>
    </main>
  );
}
