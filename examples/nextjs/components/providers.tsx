import type { ReactNode } from "react";
import type { Identity, ListedProvider } from "credential-client";

import { listProviders } from "../lib/providers";

/** A link for each provider, after the children. Plain links, because the browser leaves this site. */
export async function Providers({ children }: { children?: ReactNode }) {
  const providers = await listProviders();
  if (providers.length === 0 && !children) return null;
  return (
    <div className="providers" role="group" aria-label="Other login methods">
      <p className="or">or</p>
      {children}
      {providers.map(({ name, title }) => <a key={name} className="button secondary" href={`/oauth/${name}`}>Continue with {title}</a>)}
    </div>
  );
}

/** Users without a password confirm an action with a new login at a linked provider. */
export function LogInAgain({ providers, identities }: { providers: ListedProvider[]; identities: Identity[] }) {
  const linked = providers.filter(({ name }) => identities.some(({ provider }) => provider === name));
  if (linked.length === 0) return null;
  return (
    <p className="actions">
      {linked.map(({ name, title }) => <a key={name} className="button secondary" href={`/oauth/${name}?prompt=login`}>Log in again with {title}</a>)}
    </p>
  );
}
