import { type ReactNode, useEffect, useState } from "react";
import type { ListedProvider } from "credential-client";

import { service } from "./account";
import { leaveFor } from "./arrival";
import { Button } from "./form";
import { ProviderMark } from "./provider-mark";
import { settings } from "./settings";

/** The configured providers; empty until they are loaded. */
export function useProviders(): ListedProvider[] {
  const [providers, setProviders] = useState<ListedProvider[]>([]);
  useEffect(() => {
    service.oauth.listProviders().then(setProviders, () => {}); // if the service is unavailable, the form above says so
  }, []);
  return providers;
}

/** A button for each provider, after the children. The login returns to <SignedIn>. */
export function Providers({ children }: { children?: ReactNode }) {
  const providers = useProviders();
  if (providers.length === 0 && !children) return null;
  return (
    <div className="providers" role="group" aria-label="Other login methods">
      <p className="or"><span>or</span></p>
      {children}
      {providers.map((provider) => (
        <Button key={provider.name} look="other" onPress={() => leave(loginUrl(provider))}>
          <ProviderMark {...provider} />Continue with {provider.title}
        </Button>
      ))}
    </div>
  );
}

/** A button for each linked provider, with which the user can confirm an action that requires a recent login. */
export function LogInAgain() {
  const providers = useProviders();
  const [linked, setLinked] = useState<string[]>([]);
  useEffect(() => {
    const keep = (identities: { provider: string }[]) => setLinked(identities.map(({ provider }) => provider));
    service.users.listIdentities().then(keep, () => {}); // on failure, the user can still enter the password
  }, []);
  return providers.filter(({ name }) => linked.includes(name)).map((provider) => (
    <p key={provider.name}>
      <Button look="other" onPress={() => leave(loginUrl(provider, { prompt: "login" }))}>
        <ProviderMark {...provider} />Log in again with {provider.title}
      </Button>
    </p>
  ));
}

/** Redirect to a provider. The button waits until the browser leaves the page, or for a few seconds if it does not. */
async function leave(url: string): Promise<void> {
  leaveFor(url);
  await new Promise((resolve) => setTimeout(resolve, 5_000));
}

/** The URL that starts a login with a provider, which returns to <SignedIn>. */
function loginUrl(provider: ListedProvider, query: Record<string, string> = {}): string {
  const url = new URL(provider.login_url);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  url.searchParams.set("redirect_to", `${location.origin}${settings.paths.signedIn}`);
  if (service.session.cookies) url.searchParams.set("use_cookies", "true");
  return url.href;
}
