import { type ReactNode, useEffect, useState } from "react";
import type { ListedProvider } from "credential-client";

import { service } from "./account";
import { leaveFor } from "./arrival";

/** The configured providers; empty until they are loaded. */
export function useProviders(): ListedProvider[] {
  const [providers, setProviders] = useState<ListedProvider[]>([]);
  useEffect(() => {
    service.oauth.listProviders().then(setProviders, () => {}); // if the service is unavailable, the form above says so
  }, []);
  return providers;
}

/** A button for each provider, after those given. The browser leaves, and comes back to /signed-in. */
export function Providers({ children }: { children?: ReactNode }) {
  const providers = useProviders();
  if (providers.length === 0 && !children) return null;
  return (
    <div className="providers" role="group" aria-label="Other login methods">
      <p className="or"><span>or</span></p>
      {children}
      {providers.map((provider) => (
        <button key={provider.name} type="button" className="other" onClick={() => leaveFor(loginUrl(provider))}>Continue with {provider.title}</button>
      ))}
    </div>
  );
}

/** A button for each linked provider: the user logs in there again, which confirms an action that needs a recent login. */
export function LogInAgain() {
  const providers = useProviders();
  const [linked, setLinked] = useState<string[]>([]);
  useEffect(() => {
    service.users.listIdentities().then((identities) => setLinked(identities.map(({ provider }) => provider)), () => {}); // then the password remains
  }, []);
  return providers.filter(({ name }) => linked.includes(name)).map((provider) => (
    <p key={provider.name}>
      <button type="button" className="other" onClick={() => leaveFor(loginUrl(provider, { prompt: "login" }))}>Log in again with {provider.title}</button>
    </p>
  ));
}

/** Where a login with a provider starts. It returns to /signed-in, which goes on to the account page. */
function loginUrl(provider: ListedProvider, query: Record<string, string> = {}): string {
  const url = new URL(provider.login_url);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  url.searchParams.set("redirect_to", `${location.origin}/signed-in`);
  if (service.session.cookies) url.searchParams.set("use_cookies", "true");
  return url.href;
}
