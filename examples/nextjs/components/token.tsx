"use client";

import { useEffect, useState } from "react";

/** The token of a link in an email, which is removed from the address bar and the history immediately. */
export function Token({ value }: { value: string }) {
  const [token] = useState(value); // the page may be rendered again, without it
  useEffect(() => {
    const here = new URL(location.href);
    here.searchParams.delete("token");
    history.replaceState(history.state, "", here);
  }, []);
  return <input type="hidden" name="token" value={token} readOnly />;
}
