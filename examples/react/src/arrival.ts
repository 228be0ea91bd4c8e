// What the address brought along: a mail's token, or what a provider's login ended with. Copy this file.
//
// It is read once, before anything is shown, and leaves the address bar and the history at once: so it is in no bookmark,
// no screenshot and no `Referer`.

const QUERY = ["token", "code", "error", "linked"] as const;
const here = new URL(location.href);

export const arrival: { readonly path: string } & { [name in (typeof QUERY)[number]]: string | null } = {
  path: here.pathname,
  token: here.searchParams.get("token"),
  code: here.searchParams.get("code"),
  error: here.searchParams.get("error"),
  linked: here.searchParams.get("linked"),
};

for (const name of QUERY) here.searchParams.delete(name);
history.replaceState(history.state, "", here);

/** The token of the link that led to this page. */
export function tokenFor(path: string): string | null {
  return arrival.path === path ? arrival.token : null;
}

/** Call it with the path of each page that is shown: what was brought to one is gone when another follows. */
export function forgetElsewhere(path: string): void {
  if (path !== arrival.path) for (const name of QUERY) arrival[name] = null;
}

const NOTE = "way-to-a-provider";

/** Records that this tab started an OAuth flow: a `code` in another site's link could log users in to an attacker's account. */
export function leaveFor(url: string): void {
  sessionStorage.setItem(NOTE, "begun");
  location.assign(url);
}

/** Whether this tab went to a provider. Says so once. */
export function hasLeft(): boolean {
  const begun = sessionStorage.getItem(NOTE) !== null;
  sessionStorage.removeItem(NOTE);
  return begun;
}
