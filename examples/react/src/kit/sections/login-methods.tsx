import { useState } from "react";
import { type Identity, Problem } from "credential-client";

import { service } from "../account";
import { arrival } from "../arrival";
import { Form, Message } from "../form";
import { ProviderMark } from "../provider-mark";
import { useProviders } from "../providers";
import { useConfirmed } from "../reauthentication";
import { Loading, Section, useLoaded } from "../section";
import { sentenceFor } from "../sentences";
import { settings } from "../settings";
import { CurrentPassword, WITH_PASSWORD_FIELD, logInAgain } from "./current-password";

const listIdentities = (): Promise<Identity[]> => service.users.listIdentities();

/** The linked providers, and those that can be linked. */
export function LoginMethods() {
  const providers = useProviders();
  const identities = useLoaded(listIdentities);
  const items = identities.value ?? [];
  const confirmed = useConfirmed();
  const [asked, setAsked] = useState<string>();
  if (providers.length === 0 && items.length === 0) return null;
  // A provider that is no longer configured can still be unlinked.
  const gone = items.filter(({ provider }) => !providers.some(({ name }) => name === provider))
    .map(({ provider }) => ({ name: provider, title: provider.charAt(0).toUpperCase() + provider.slice(1) }));
  const identityAt = (name: string) => items.find((identity) => identity.provider === name);

  const link = async (provider: string, body: { password: string | null }) => {
    const query = { redirect_to: `${location.origin}${settings.paths.account}` };
    const request = { path: { provider }, query, body, credentials: "include" } as const;
    const begun = await confirmed(() => service.oauth.linkProvider(request), WITH_PASSWORD_FIELD);
    location.assign(begun.authorization_url);
  };
  const unlink = async (provider: string, body: { password: string | null }) => {
    await confirmed(() => service.users.unlinkProvider({ path: { provider }, body }), WITH_PASSWORD_FIELD);
    setAsked(undefined);
    await identities.reload();
  };
  const toggle = (name: string) => async ({ password = "" }) => {
    try {
      await (identityAt(name) ? unlink : link)(name, { password: password || null });
    } catch (problem) {
      // The password is required only if the last login is too old.
      if (problem instanceof Problem && problem.code === "reauthentication_required") setAsked(name);
      throw problem;
    }
  };
  return (
    <Section title="Login methods" lead="Log in with an account that you have elsewhere.">
      {arrival.error && arrival.path === settings.paths.account && <Message>{sentenceFor(arrival.error)}</Message>}
      {arrival.linked && identityAt(arrival.linked) && (
        <p role="status" className="message good">The provider is linked. You can log in with it from now on.</p>
      )}
      <Loading {...identities} />
      <ul className="rows">
        {identities.value && [...providers, ...gone].map(({ name, title }) => {
          const identity = identityAt(name);
          const action = identity ? "Unlink" : "Link";
          return (
            <li key={name}>
              <ProviderMark name={name} title={title} />
              <div>
                <strong>{title}</strong><br />
                <small>{identity ? identity.email ?? "linked" : "not linked"}</small>
              </div>
              <Form button={action} label={`${action} ${title}`} look="other" help={logInAgain} onSubmit={toggle(name)}>
                {asked === name && <CurrentPassword />}
              </Form>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
