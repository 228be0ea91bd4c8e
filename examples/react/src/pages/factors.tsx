import { useEffect, useRef, useState } from "react";
import { type Confirmed, type FactorOut, type NewTotp, type TrustedDeviceOut, addPasskey } from "credential-client";
import { Link } from "wouter";

import { service } from "../account";
import { Field, Form, Sorry, sentence } from "../form";
import { Card, Drawer, useLoaded } from "../cards";
import { Page } from "../page";
import { useConfirmed } from "../reauthentication";

const listFactors = () => service.users.listFactors();
const listDevices = () => service.users.listTrustedDevices();
const TYPES: Record<FactorOut["type"], string> = { totp: "Authenticator app", passkey: "Passkey" };

/** Password managers link to this page, too: see `/.well-known/passkey-endpoints` of the service. */
export function Factors() {
  const { value: factors, problem, reload } = useLoaded(listFactors);
  const [codes, setCodes] = useState<string[]>([]);
  const confirmed = useConfirmed();
  const added = async ({ recovery_codes }: Confirmed) => {
    // A session that could only set up a factor gets an access token for everything else.
    if (factors?.mfa_required && factors.items.length === 0) await service.session.resume();
    if (recovery_codes.length > 0) setCodes(recovery_codes);
    await reload();
  };
  return (
    <Page title="Two-factor authentication" wide>
      <p className="who"><Link href="/account">Back to your account</Link></p>
      {problem !== undefined && <Sorry>{sentence(problem)}</Sorry>}
      {factors?.mfa_required && factors.items.length === 0 && (
        <p role="status" className="note">Your account needs a second factor. Add a passkey or an authenticator app to continue.</p>
      )}
      {codes.length > 0 && <RecoveryCodes codes={codes} onDone={() => setCodes([])} />}
      {factors && (
        <>
          <Card title="Your factors">
            {factors.items.length === 0 && <p>You have none yet: only your password protects your account.</p>}
            <ul className="rows">{factors.items.map((factor) => <Factor key={factor.id} factor={factor} onChange={reload} />)}</ul>
          </Card>
          <Drawer title="Add a passkey">
            <p>A passkey logs you in with your fingerprint, face or PIN, without a password.</p>
            <Form button="Add a passkey" clears onSubmit={async ({ name = "" }) => {
              await added(await confirmed(() => addPasskey(service, name)));
              return "The passkey is added.";
            }}>
              <Field name="name" label="Name" hint="Leave it empty to name it after this device." maxLength={64} />
            </Form>
          </Drawer>
          <Drawer title="Add an authenticator app"><NewApp onAdded={added} /></Drawer>
          {factors.items.length > 0 && (
            <Card title="Recovery codes">
              <p>You have {factors.recovery_codes_left} left. Each one logs you in once, if you have lost your other factors.</p>
              <Form button="Create new codes" onSubmit={async () => {
                setCodes((await confirmed(() => service.users.replaceRecoveryCodes())).recovery_codes);
                await reload();
              }} />
            </Card>
          )}
          {factors.items.length > 0 && <TrustedDevices />}
        </>
      )}
    </Page>
  );
}

function Factor({ factor, onChange }: { factor: FactorOut; onChange: () => Promise<void> }) {
  const [renames, setRenames] = useState(false);
  const confirmed = useConfirmed();
  const path = { factor_id: factor.id };
  return (
    <li>
      <div>
        <strong>{factor.name}</strong><br />
        <small>{TYPES[factor.type]} · {factor.last_used_at ? `used ${new Date(factor.last_used_at).toLocaleString()}` : "not used yet"}</small>
      </div>
      <div className="buttons">
        <button type="button" className="other" aria-label={`Rename: ${factor.name}`} aria-expanded={renames} onClick={() => setRenames(!renames)}>Rename</button>
        <Form button="Remove" label={`Remove: ${factor.name}`} onSubmit={async () => {
          await confirmed(() => service.users.removeFactor({ path }));
          await onChange();
        }} />
      </div>
      {renames && (
        <Form button="Save name" onSubmit={async ({ name = "" }) => {
          await service.users.renameFactor({ path, body: { name } });
          setRenames(false);
          await onChange();
        }}>
          <Field name="name" label="Name" defaultValue={factor.name} maxLength={64} required autoFocus />
        </Form>
      )}
    </li>
  );
}

function NewApp({ onAdded }: { onAdded: (confirmed: Confirmed) => Promise<void> }) {
  const [begun, setBegun] = useState<NewTotp>();
  const confirmed = useConfirmed();
  if (!begun) {
    return (
      <>
        <p>An app such as Aegis, Google Authenticator or 1Password shows a new code every 30 seconds.</p>
        <Form button="Set up an app" onSubmit={async () => setBegun(await confirmed(() => service.users.beginTotp()))} />
      </>
    );
  }
  return (
    <>
      <p>Scan this with the app, or type the key. Then enter the code that the app shows.</p>
      <img className="qr" src={begun.qr_code} alt="QR code for the authenticator app" width="200" height="200" />
      <p><small>Key</small><br /><code className="secret">{begun.secret.match(/.{4}/g)?.join(" ")}</code></p>
      <Form button="Confirm" onSubmit={async ({ code = "" }) => {
        await onAdded(await service.users.confirmTotp({ path: { factor_id: begun.id }, body: { code: code.replaceAll(/\s/g, "") } }));
        setBegun(undefined);
      }}>
        <Field name="code" label="Six-digit code" inputMode="numeric" autoComplete="one-time-code" maxLength={9} className="code" required autoFocus />
      </Form>
    </>
  );
}

/** They are shown once. */
function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const [copied, setCopied] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const text = codes.join("\n");
  const copy = () => navigator.clipboard.writeText(text).then(() => setCopied(true), () => setCopied(false));
  return (
    <section className="card attention recovery" aria-labelledby="recovery">
      <h2 id="recovery" ref={heading} tabIndex={-1}>Save your recovery codes</h2>
      <p>Each one logs you in once, if you have lost your other factors. Keep them somewhere safe: they are not shown again.</p>
      <ul className="codes">{codes.map((code) => <li key={code}><code>{code}</code></li>)}</ul>
      <p className="buttons">
        <button type="button" className="other" onClick={() => void copy()}>Copy</button>
        <button type="button" className="other" onClick={() => print()}>Print</button>
        <a className="other" href={`data:text/plain;charset=utf-8,${encodeURIComponent(`${text}\n`)}`} download="recovery-codes.txt">Download</a>
      </p>
      <p role="status">{copied && "Copied."}</p>
      <button type="button" onClick={onDone}>I have saved them</button>
    </section>
  );
}

function TrustedDevices() {
  const { value, problem, setProblem, reload } = useLoaded(listDevices);
  const forget = async (device: TrustedDeviceOut) => {
    try {
      await service.users.forgetTrustedDevice({ path: { device_id: device.id } });
      await reload();
    } catch (problem) {
      setProblem(problem);
    }
  };
  return (
    <Card title="Trusted devices">
      {problem !== undefined && <Sorry>{sentence(problem)}</Sorry>}
      {value?.items.length === 0 && <p>Every login asks for a second factor.</p>}
      <ul className="rows">
        {value?.items.map((device) => (
          <li key={device.id}>
            <div><strong>{device.device}</strong><br /><small>until {new Date(device.expires_at).toLocaleDateString()}</small></div>
            <button type="button" className="other" aria-label={`Remove trusted device: ${device.device}`} onClick={() => void forget(device)}>Remove</button>
          </li>
        ))}
      </ul>
    </Card>
  );
}
