import { useState } from "react";
import { type Device, type Identity, Problem } from "credential-client";
import { Link, useLocation } from "wouter";

import { service, useAccount, useUser } from "../account";
import { arrival } from "../arrival";
import { Card, Drawer, useLoaded } from "../cards";
import { Field, Form, Sorry, sentence, sentenceFor } from "../form";
import { Page, type Passage } from "../page";
import { LogInAgain, useProviders } from "../providers";
import { useConfirmed } from "../reauthentication";
import { CodeForm, NewMail } from "./verify-email";

export function Account() {
  const user = useUser();
  const { reload } = useAccount();
  return (
    <Page title={`Hello, ${user.username}`} wide>
      <p className="who">
        {user.email} {user.is_verified ? <span className="tag good">verified</span> : <span className="tag">not verified</span>}
      </p>
      {!user.is_verified && (
        <section className="card attention" aria-labelledby="verify">
          <h2 id="verify">Verify your email address</h2>
          <p>We have sent you an email. Open its link, or enter its code here.</p>
          <CodeForm email={user.email} onDone={reload} />
          <NewMail email={user.email} />
        </section>
      )}
      <Name />
      <Password />
      <Address />
      <SecondFactors />
      <LoginMethods />
      <Devices />
      <Deletion />
    </Page>
  );
}

const CURRENT_PASSWORD = <Field name="password" label="Current password" type="password" autoComplete="current-password" hint="Leave it empty if you have no password." />;

/** These forms ask for the password themselves; the dialog opens only for an account with a factor. */
const WITH_PASSWORD_FIELD = { hasPasswordField: true };

/** For users without a password: a new login with a linked provider confirms an action, too. */
const logInAgain = (problem: Problem) => problem.code === "reauthentication_required" && <LogInAgain />;

function Name() {
  const user = useUser();
  const { reload } = useAccount();
  return (
    <Card title="Profile">
      <Form button="Save" onSubmit={async ({ username = "" }) => {
        await service.users.updateMe({ body: { username } });
        await reload();
        return "Saved.";
      }}>
        <Field name="username" label="Name" autoComplete="nickname" defaultValue={user.username} required />
      </Form>
    </Card>
  );
}

function Password() {
  const user = useUser();
  const confirmed = useConfirmed();
  return (
    <Drawer title="Change password">
      <Form button="Change password" clears onSubmit={async ({ old_password = "", new_password = "" }) => {
        await confirmed(() => service.auth.changePassword({ body: { old_password, new_password } }), WITH_PASSWORD_FIELD);
        return "Your password is changed, and your other devices are logged out.";
      }}>
        <input type="text" autoComplete="username" value={user.email} readOnly hidden />
        <Field name="old_password" label="Current password" type="password" autoComplete="current-password" required />
        <Field name="new_password" label="New password" type="password" autoComplete="new-password" required hint="At least 8 characters. Your other devices are logged out." />
      </Form>
    </Drawer>
  );
}

function Address() {
  const confirmed = useConfirmed();
  return (
    <Drawer title="Change email address">
      <Form button="Send the link" clears help={logInAgain} onSubmit={async ({ new_email = "", password = "" }) => {
        await confirmed(() => service.users.changeEmail({ body: { new_email, password: password || null } }), WITH_PASSWORD_FIELD);
        return `We have sent a link to ${new_email}. Your email address changes when you open it.`;
      }}>
        <Field name="new_email" label="New email address" type="email" autoComplete="email" required />
        {CURRENT_PASSWORD}
      </Form>
    </Drawer>
  );
}

const listIdentities = (): Promise<Identity[]> => service.users.listIdentities();
const listSessions = (): Promise<Device[]> => service.users.listSessions();
const listFactors = () => service.users.listFactors();

function SecondFactors() {
  const { value } = useLoaded(listFactors);
  const count = value?.items.length ?? 0;
  return (
    <Card title="Two-factor authentication">
      <p>{count > 0 ? `On: ${count === 1 ? "one factor" : `${count} factors`}, and ${value?.recovery_codes_left} recovery codes.` : "Protect your account with a passkey or an authenticator app."}</p>
      <Link href="/account/factors" className="other">{count > 0 ? "Manage factors" : "Set it up"}</Link>
    </Card>
  );
}

function LoginMethods() {
  const providers = useProviders();
  const { value: items = [], problem, reload } = useLoaded(listIdentities);
  const confirmed = useConfirmed();
  const [asked, setAsked] = useState<string>();
  if (providers.length === 0 && items.length === 0) return null;
  // A provider that is no longer configured can still be unlinked.
  const gone = items.filter(({ provider }) => !providers.some(({ name }) => name === provider))
    .map(({ provider }) => ({ name: provider, title: provider.charAt(0).toUpperCase() + provider.slice(1) }));
  const has = (name: string) => items.some((identity) => identity.provider === name);
  const toggle = (name: string) => async ({ password = "" }) => {
    try {
      const body = { password: password || null };
      const path = { provider: name }, query = { redirect_to: `${location.origin}/account` };
      if (has(name)) await confirmed(() => service.users.unlinkProvider({ path, body }), WITH_PASSWORD_FIELD);
      else return location.assign((await confirmed(() => service.oauth.linkProvider({ path, query, body, credentials: "include" }), WITH_PASSWORD_FIELD)).authorization_url);
      setAsked(undefined);
      await reload();
    } catch (problem) {
      // The password is required only if the last login is too old.
      if (problem instanceof Problem && problem.code === "reauthentication_required") setAsked(name);
      throw problem;
    }
  };
  return (
    <Card title="Login methods">
      {arrival.error && arrival.path === "/account" && <Sorry>{sentenceFor(arrival.error)}</Sorry>}
      {arrival.linked && has(arrival.linked) && <p role="status" className="note good">The provider is linked. You can log in with it from now on.</p>}
      {problem !== undefined && <Sorry>{sentence(problem)}</Sorry>}
      <ul className="rows">
        {[...providers, ...gone].map(({ name, title }) => (
          <li key={name}>
            <div><strong>{title}</strong><br /><small>{items.find((identity) => identity.provider === name)?.email ?? (has(name) ? "linked" : "not linked")}</small></div>
            <Form button={`${has(name) ? "Unlink" : "Link"} ${title}`} help={logInAgain} onSubmit={toggle(name)}>{asked === name && CURRENT_PASSWORD}</Form>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Devices() {
  const { value: items = [], problem, setProblem, reload } = useLoaded(listSessions);
  const logOutDevice = async (device: Device) => {
    try {
      await service.users.endSession({ path: { session_id: device.id } });
      await reload();
    } catch (problem) {
      setProblem(problem);
    }
  };
  return (
    <Card title="Devices">
      {problem !== undefined && <Sorry>{sentence(problem)}</Sorry>}
      <ul className="rows">
        {items.map((device) => (
          <li key={device.id}>
            <div><strong>{device.device}</strong><br /><small>{device.ip} · {device.current ? "now" : new Date(device.last_used_at).toLocaleString()}</small></div>
            {device.current ? <span className="tag good">this device</span> : <button type="button" className="other" aria-label={`Log out device: ${device.device}`} onClick={() => void logOutDevice(device)}>Log out</button>}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Deletion() {
  const [, go] = useLocation();
  const confirmed = useConfirmed();
  return (
    <Drawer title="Delete account">
      <p>Everything that we store about you is deleted immediately. This cannot be undone.</p>
      <Form button="Delete my account" danger help={logInAgain} onSubmit={async ({ password = "" }) => {
        await confirmed(() => service.users.deleteMe({ body: { password: password || null } }), WITH_PASSWORD_FIELD);
        go("/signup", { state: { notice: "Your account is deleted." } satisfies Passage });
      }}>
        {CURRENT_PASSWORD}
      </Form>
    </Drawer>
  );
}
