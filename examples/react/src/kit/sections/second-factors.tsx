import type { FactorOut } from "credential-client";

import { service } from "../account";
import { Go } from "../navigation";
import { Loading, Section, useLoaded } from "../section";
import { settings } from "../settings";

const listFactors = () => service.users.listFactors();

/** A summary of the factors, which users change in <Factors>. */
export function SecondFactors() {
  const factors = useLoaded(listFactors);
  const { items, recovery_codes_left } = factors.value ?? { items: [] };
  return (
    <Section title="Two-factor authentication and passkeys" lead={items.length === 0 && ADVICE}>
      <Loading {...factors} />
      {items.length > 0 && (
        <p className="value">
          <span>{inWords(items)}, and {recovery_codes_left} recovery codes.</span>
          <span className="tag good">on</span>
        </p>
      )}
      {factors.value && (
        <Go to={settings.paths.factors} className="button other">
          {items.length > 0 ? "Manage factors" : "Set it up"}
        </Go>
      )}
    </Section>
  );
}

const ADVICE = "Protect your account with a passkey or an authenticator app.";

function inWords(items: FactorOut[]): string {
  const count = items.length === 1 ? "one factor" : `${items.length} factors`;
  const passkeys = items.filter(({ type }) => type === "passkey").length;
  return `On: ${count}${passkeys > 0 ? ` (${passkeys === 1 ? "one passkey" : `${passkeys} passkeys`})` : ""}`;
}
