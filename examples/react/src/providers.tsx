import { useEffect, useState } from "react";
import type { ListedProvider } from "credential-client";

import { service } from "./account";
import { leaveFor } from "./arrival";

/** The configured providers; empty until they are loaded. */
export function useProviders(): ListedProvider[] {
  const [providers, setProviders] = useState<ListedProvider[]>([]);
  useEffect(() => {
    service.oauth.listProviders().then(setProviders, () => {}); // the form above says it, where the service is away
  }, []);
  return providers;
}

/** A button for each provider. The browser leaves, and comes back to /signed-in. */
export function Providers() {
  const providers = useProviders();
  if (providers.length === 0) return null;
  return (
    <div className="providers" role="group" aria-label="Other ways to sign in">
      <p className="or"><span>or</span></p>
      {providers.map((provider) => (
        <button key={provider.name} type="button" className="other" onClick={() => leaveFor(wayTo(provider))}>Continue with {provider.title}</button>
      ))}
    </div>
  );
}

function wayTo(provider: ListedProvider): string {
  const way = new URL(provider.login_url);
  way.searchParams.set("redirect_to", `${location.origin}/signed-in`);
  if (service.session.cookies) way.searchParams.set("use_cookies", "true");
  return way.href;
}
