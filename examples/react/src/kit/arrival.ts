// The token of a link in an email, or the result of a login with a provider, from the URL.
//
// It is read once, before anything is rendered, and removed from the address bar and the history, so that it does not
// appear in bookmarks, screenshots or the `Referer` header.

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

/** Call this with the path of each rendered page. The values for a page are deleted when another page is rendered. */
export function forgetElsewhere(path: string): void {
  if (path !== arrival.path) for (const name of QUERY) arrival[name] = null;
}

const STARTED = "oauth-flow-started";

/** Records that this tab started an OAuth flow: a `code` in another site's link could log users in as an attacker. */
export function leaveFor(url: string): void {
  sessionStorage.setItem(STARTED, "true");
  location.assign(url);
}

/** Whether this tab started an OAuth flow. Returns true only once for each flow. */
export function hasLeft(): boolean {
  const started = sessionStorage.getItem(STARTED) !== null;
  sessionStorage.removeItem(STARTED);
  return started;
}
