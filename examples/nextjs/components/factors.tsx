"use client";

import { type ReactNode, useState } from "react";
import type { FactorOut, Factors as AllFactors, NewTotp } from "credential-client";

import { addPasskey, beginApp, beginPasskey, confirmApp, removeFactor, renameFactor, replaceRecoveryCodes } from "../app/factor-actions";
import type { FormState } from "../lib/form-state";
import { Card, Drawer } from "./cards";
import { Field, Form, PasswordIfRequired } from "./form";
import { PasskeyForm } from "./passkey";
import { RecoveryCodes } from "./recovery-codes";
import { Time } from "./time";

type Action = (state: FormState, form: FormData) => Promise<FormState>;

const TYPES: Record<FactorOut["type"], string> = { totp: "Authenticator app", passkey: "Passkey", sms: "Text message" };

/** The factors of the account. Server actions change them, and render the page again. */
export function Factors({ factors, reauthenticate }: { factors: AllFactors; reauthenticate: ReactNode }) {
  const [codes, setCodes] = useState<string[]>([]);
  /** The same action, whose recovery codes appear at the top of the page. */
  const showing = (action: Action): Action => async (state, form) => {
    const { recoveryCodes, ...result } = await action(state, form);
    if (recoveryCodes?.length) setCodes(recoveryCodes);
    return result;
  };
  const has = factors.items.length > 0;
  return (
    <>
      {codes.length > 0 && <RecoveryCodes codes={codes} onDone={() => setCodes([])} />}
      <Card title="Your factors">
        {has ? <ul className="rows">{factors.items.map((factor) => <Factor key={factor.id} factor={factor} reauthenticate={reauthenticate} />)}</ul> : <p>You have none yet: only your password protects your account.</p>}
      </Card>
      <Drawer title="Add a passkey">
        <p>A passkey logs you in with your fingerprint, face or PIN, without a password.</p>
        <PasskeyForm creates begin={beginPasskey} finish={showing(addPasskey)} button="Add a passkey" clears reauthenticate={reauthenticate}>
          <Field name="name" label="Name" hint="Leave it empty to name it after this device." maxLength={64} />
          <PasswordIfRequired />
        </PasskeyForm>
      </Drawer>
      <Drawer title="Add an authenticator app"><NewApp confirm={showing(confirmApp)} reauthenticate={reauthenticate} /></Drawer>
      {has && (
        <Card title="Recovery codes">
          <p>You have {factors.recovery_codes_left} left. Each one logs you in once, if you have lost your other factors.</p>
          <Form action={showing(replaceRecoveryCodes)} button="Create new codes" look="secondary" reauthenticate={reauthenticate} />
        </Card>
      )}
    </>
  );
}

function Factor({ factor, reauthenticate }: { factor: FactorOut; reauthenticate: ReactNode }) {
  const [renames, setRenames] = useState(false);
  const id = <input type="hidden" name="factor_id" value={factor.id} />;
  const rename: Action = async (state, form) => {
    const result = await renameFactor(state, form);
    if (!result.error) setRenames(false);
    return result;
  };
  return (
    <li>
      <div>
        <strong>{factor.name}</strong><br />
        <small>{TYPES[factor.type]} · {factor.last_used_at ? <>used <Time value={factor.last_used_at} /></> : "not used yet"}</small>
      </div>
      <div className="buttons">
        <button type="button" className="secondary" aria-label={`Rename: ${factor.name}`} aria-expanded={renames} onClick={() => setRenames(!renames)}>Rename</button>
        <Form action={removeFactor} button="Remove" label={`Remove: ${factor.name}`} look="secondary" reauthenticate={reauthenticate}>{id}</Form>
      </div>
      {renames && (
        <Form action={rename} button="Save name" look="secondary">
          {id}
          <Field name="name" label="Name" defaultValue={factor.name} maxLength={64} required autoFocus />
        </Form>
      )}
    </li>
  );
}

function NewApp({ confirm, reauthenticate }: { confirm: Action; reauthenticate: ReactNode }) {
  const [begun, setBegun] = useState<NewTotp>();
  const begin: Action = async (_, form) => {
    const result = await beginApp(form);
    if (!("secret" in result)) return result;
    setBegun(result);
    return {};
  };
  const finish: Action = async (state, form) => {
    const result = await confirm(state, form);
    if (!result.error) setBegun(undefined);
    return result;
  };
  if (!begun) {
    return (
      <>
        <p>An app such as Aegis, Google Authenticator or 1Password shows a new code every 30 seconds.</p>
        <Form key="begin" action={begin} button="Set up an app" reauthenticate={reauthenticate}><PasswordIfRequired /></Form>
      </>
    );
  }
  return (
    <>
      <p>Scan this with the app, or type the key. Then enter the code that the app shows.</p>
      <img className="qr" src={begun.qr_code} alt="QR code for the authenticator app" width="200" height="200" />
      <p><small>Key</small><br /><code className="secret">{begun.secret.match(/.{4}/g)?.join(" ")}</code></p>
      <Form key="confirm" action={finish} button="Confirm">
        <input type="hidden" name="factor_id" value={begun.id} />
        <Field name="code" label="Six-digit code" inputMode="numeric" autoComplete="one-time-code" maxLength={9} className="code" required autoFocus />
      </Form>
    </>
  );
}
