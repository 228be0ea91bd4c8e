import { type ReactNode, useEffect, useRef, useState } from "react";
import { type Confirmed, type FactorOut, type NewTotp, type TrustedDeviceOut, addPasskey } from "credential-client";

import { service } from "./account";
import { CodeField } from "./code-field";
import { Button, Field, Form } from "./form";
import { Go } from "./navigation";
import { PasskeyMark } from "./provider-mark";
import { useConfirmed } from "./reauthentication";
import { Screen } from "./screen";
import { Disclosure, Loading, Section, useLoaded } from "./section";
import { settings } from "./settings";

const listFactors = () => service.users.listFactors();
const listDevices = () => service.users.listTrustedDevices();
const TYPES: Record<FactorOut["type"], string> = { totp: "Authenticator app", passkey: "Passkey", sms: "Text message"};

/** Password managers link to this page too: see `/.well-known/passkey-endpoints` of the service. */
export function Factors() {
  const loaded = useLoaded(listFactors);
  const { value: factors, reload } = loaded;
  const [codes, setCodes] = useState<string[]>([]);
  const mustEnrol = factors?.mfa_required && factors.items.length === 0;
  const added = async ({ recovery_codes }: Confirmed) => {
    // A session that could only set up a factor gets an access token for everything else.
    if (mustEnrol) await service.session.resume();
    if (recovery_codes.length > 0) setCodes(recovery_codes);
    await reload();
  };
  return (
    <Screen title="Two-factor authentication" lead={<Go to={settings.paths.account}>Back to your account</Go>} wide>
      <Loading {...loaded} />
      {mustEnrol && (
        <p role="status" className="message">
          Your account needs a second factor. Add a passkey or an authenticator app to continue.
        </p>
      )}
      {codes.length > 0 && <RecoveryCodes codes={codes} onDone={() => setCodes([])} />}
      {factors && (
        <>
          <Section title="Your factors">
            {factors.items.length === 0 && <p>You have none yet: only your password protects your account.</p>}
            <ul className="rows">
              {factors.items.map((factor) => <Factor key={factor.id} factor={factor} onChange={reload} />)}
            </ul>
            <Disclosure title="Add a passkey"><NewPasskey onAdded={added} /></Disclosure>
            <Disclosure title="Add an authenticator app"><NewApp onAdded={added} /></Disclosure>
          </Section>
          {factors.items.length > 0 && (
            <>
              <CodesLeft count={factors.recovery_codes_left} onNew={setCodes} onChange={reload} />
              <TrustedDevices />
            </>
          )}
        </>
      )}
    </Screen>
  );
}

function Factor({ factor, onChange }: { factor: FactorOut; onChange: () => Promise<void> }) {
  const [renames, setRenames] = useState(false);
  const confirmed = useConfirmed();
  const path = { factor_id: factor.id };
  const remove = async () => {
    await confirmed(() => service.users.removeFactor({ path }));
    await onChange();
  };
  const rename = async ({ name = "" }) => {
    await service.users.renameFactor({ path, body: { name } });
    setRenames(false);
    await onChange();
  };
  const used = factor.last_used_at ? `used ${new Date(factor.last_used_at).toLocaleString()}` : "not used yet";
  return (
    <li>
      <span className="symbol">{factor.type === "passkey" ? <PasskeyMark /> : <AppMark />}</span>
      <div><strong>{factor.name}</strong><br /><small>{TYPES[factor.type]} · {used}</small></div>
      <div className="buttons">
        <Button
          look="other"
          aria-label={`Rename: ${factor.name}`}
          aria-expanded={renames}
          onPress={() => setRenames(!renames)}
        >
          Rename
        </Button>
        <Form button="Remove" label={`Remove: ${factor.name}`} look="other" onSubmit={remove} />
      </div>
      {renames && (
        <Form button="Save name" onSubmit={rename}>
          <Field name="name" label="Name" defaultValue={factor.name} maxLength={64} required autoFocus />
        </Form>
      )}
    </li>
  );
}

function AppMark() {
  return (
    <svg className="mark" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
      <g fill="none" stroke="currentColor" strokeWidth="1.7" strokeLinecap="round">
        <rect x="5" y="1.5" width="10" height="17" rx="2.5" />
        <path d="M8 15.5h4M8 7.5h.01M10 7.5h.01M12 7.5h.01" />
      </g>
    </svg>
  );
}

function NewPasskey({ onAdded }: { onAdded: (confirmed: Confirmed) => Promise<void> }) {
  const confirmed = useConfirmed();
  const add = async ({ name = "" }) => {
    await onAdded(await confirmed(() => addPasskey(service, name)));
    return "The passkey is added.";
  };
  return (
    <>
      <p>A passkey logs you in with your fingerprint, face or PIN, without a password.</p>
      <Form button="Add a passkey" clears onSubmit={add}>
        <Field name="name" label="Name" hint="Leave it empty to name it after this device." maxLength={64} />
      </Form>
    </>
  );
}

function NewApp({ onAdded }: { onAdded: (confirmed: Confirmed) => Promise<void> }) {
  const [begun, setBegun] = useState<NewTotp>();
  const confirmed = useConfirmed();
  const begin = async () => setBegun(await confirmed(() => service.users.beginTotp()));
  if (!begun) {
    return (
      <>
        <p>An app such as Aegis, Google Authenticator or 1Password shows a new code every 30 seconds.</p>
        <Form button="Set up an app" onSubmit={begin} />
      </>
    );
  }
  const confirm = async ({ code = "" }) => {
    await onAdded(await service.users.confirmTotp({ path: { factor_id: begun.id }, body: { code } }));
    setBegun(undefined);
  };
  return (
    <>
      <p>Scan this with the app, or type the key. Then enter the code that the app shows.</p>
      <img className="qr" src={begun.qr_code} alt="QR code for the authenticator app" width="200" height="200" />
      <p><small>Key</small><br /><code className="secret">{begun.secret.match(/.{4}/g)?.join(" ")}</code></p>
      <Form button="Confirm" onSubmit={confirm}>
        <CodeField name="code" label="Six-digit code" autoFocus />
      </Form>
    </>
  );
}

interface CodesLeftProps {
  count: number;
  onNew: (codes: string[]) => void;
  onChange: () => Promise<void>;
}

function CodesLeft({ count, onNew, onChange }: CodesLeftProps) {
  const confirmed = useConfirmed();
  const replace = async () => {
    onNew((await confirmed(() => service.users.replaceRecoveryCodes())).recovery_codes);
    await onChange();
  };
  const lead = `You have ${count} left. Each one logs you in once, if you have lost your other factors.`;
  return (
    <Section title="Recovery codes" lead={lead}>
      <Form button="Create new codes" look="other" onSubmit={replace} />
    </Section>
  );
}

/** The recovery codes, which are shown only once. */
function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const [status, setStatus] = useState<ReactNode>();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const text = codes.join("\n");
  const file = `data:text/plain;charset=utf-8,${encodeURIComponent(`${text}\n`)}`;
  const copy = () => {
    return navigator.clipboard.writeText(text).then(
      () => setStatus("Copied."),
      () => setStatus("The browser does not allow copying. Download or print them."),
    );
  };
  return (
    <section className="card attention recovery" aria-labelledby="recovery">
      <h2 id="recovery" ref={heading} tabIndex={-1}>Save your recovery codes</h2>
      <p>
        Each one logs you in once, if you have lost your other factors. Keep them somewhere safe: they are not shown
        again.
      </p>
      <ul className="codes">{codes.map((code) => <li key={code}><code>{code}</code></li>)}</ul>
      <p className="buttons">
        <Button look="other" onPress={copy}>Copy</Button>
        <Button look="other" onPress={() => print()}>Print</Button>
        <a className="button other" href={file} download="recovery-codes.txt">Download</a>
      </p>
      <p role="status">{status}</p>
      <Button onPress={onDone}>I have saved them</Button>
    </section>
  );
}

function TrustedDevices() {
  const devices = useLoaded(listDevices);
  const items = devices.value?.items;
  const forget = (device: TrustedDeviceOut) => async () => {
    await service.users.forgetTrustedDevice({ path: { device_id: device.id } });
    await devices.reload();
  };
  return (
    <Section title="Trusted devices" lead="They are not asked for a second factor.">
      <Loading {...devices} />
      {items?.length === 0 && <p>You have none: every login asks for a second factor.</p>}
      <ul className="rows">
        {items?.map((device) => (
          <li key={device.id}>
            <div>
              <strong>{device.device}</strong><br />
              <small>until {new Date(device.expires_at).toLocaleDateString()}</small>
            </div>
            <Form
              button="Remove"
              label={`Remove trusted device: ${device.device}`}
              look="other"
              onSubmit={forget(device)}
            />
          </li>
        ))}
      </ul>
    </Section>
  );
}
