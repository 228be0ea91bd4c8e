import { type ReactNode, useCallback, useEffect, useState } from "react";
import { type Device, type Identity, Problem } from "credential-client";
import { useLocation } from "wouter";

import { service, useAccount, useUser } from "../account";
import { arrival } from "../arrival";
import { Field, Form, Sorry, sentence, sentenceFor } from "../form";
import { Page, type Passage } from "../page";
import { useProviders } from "../providers";
import { CodeForm, NewMail } from "./verify-email";

export function Account() {
  const user = useUser();
  const { reload } = useAccount();
  return (
    <Page title={`Hello, ${user.username}`} wide>
      <p className="who">
        {user.email} {user.is_verified ? <span className="tag good">confirmed</span> : <span className="tag">not confirmed</span>}
      </p>
      {!user.is_verified && (
        <section className="card attention" aria-labelledby="confirm">
          <h2 id="confirm">Confirm your address</h2>
          <p>We have sent you a mail. Open its link, or type its code here.</p>
          <CodeForm email={user.email} onDone={reload} />
          <NewMail email={user.email} />
        </section>
      )}
      <Name />
      <Password />
      <Address />
      <WaysToSignIn />
      <Devices />
      <Deletion />
    </Page>
  );
}

function Card({ title, children }: { title: string; children: ReactNode }) {
  return <section className="card"><h2>{title}</h2>{children}</section>;
}

/** A card that is opened when it is wanted. */
function Drawer({ title, open, children }: { title: string; open?: boolean; children: ReactNode }) {
  return <details className="card" open={open}><summary><h2>{title}</h2></summary>{children}</details>;
}

const YOUR_PASSWORD = <Field name="password" label="Your password" type="password" autoComplete="current-password" hint="If you have none, because you sign in with a provider: leave this empty within five minutes of signing in." />;

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
  return (
    <Drawer title="Change password">
      <Form button="Change password" clears onSubmit={async ({ old_password = "", new_password = "" }) => {
        await service.auth.changePassword({ body: { old_password, new_password } });
        return "Your password is changed, and your other devices are signed out.";
      }}>
        <input type="text" autoComplete="username" value={user.email} readOnly hidden />
        <Field name="old_password" label="Password until now" type="password" autoComplete="current-password" required />
        <Field name="new_password" label="New password" type="password" autoComplete="new-password" required hint="At least 8 characters. Your other devices are signed out." />
      </Form>
    </Drawer>
  );
}

function Address() {
  return (
    <Drawer title="Change email address">
      <Form button="Send the link" clears onSubmit={async ({ new_email = "", password = "" }) => {
        await service.users.changeEmail({ body: { new_email, password: password || null } });
        return `We have sent a link to ${new_email}. Your address changes when you open it.`;
      }}>
        <Field name="new_email" label="New email address" type="email" autoComplete="email" required />
        {YOUR_PASSWORD}
      </Form>
    </Drawer>
  );
}

/** What the account has of something, and a way to ask again. */
function useList<Item>(ask: () => Promise<Item[]>) {
  const [items, setItems] = useState<Item[]>([]);
  const [problem, setProblem] = useState<unknown>();
  const reload = useCallback(async () => {
    try {
      setItems(await ask());
      setProblem(undefined);
    } catch (problem) {
      setProblem(problem);
    }
  }, [ask]);
  useEffect(() => void reload(), [reload]);
  return { items, problem, setProblem, reload };
}

const listIdentities = (): Promise<Identity[]> => service.users.listIdentities();
const listSessions = (): Promise<Device[]> => service.users.listSessions();

function WaysToSignIn() {
  const providers = useProviders();
  const { items, problem, reload } = useList(listIdentities);
  const [asked, setAsked] = useState<string>();
  if (providers.length === 0 && items.length === 0) return null;
  // Also those that are linked and no longer offered: one can still unlink them.
  const gone = items.filter(({ provider }) => !providers.some(({ name }) => name === provider))
    .map(({ provider }) => ({ name: provider, title: provider.charAt(0).toUpperCase() + provider.slice(1) }));
  const has = (name: string) => items.some((identity) => identity.provider === name);
  const toggle = (name: string) => async ({ password = "" }) => {
    try {
      const body = { password: password || null };
      if (has(name)) await service.users.unlinkProvider({ path: { provider: name }, body });
      else return location.assign((await service.oauth.linkProvider({ path: { provider: name }, query: { redirect_to: `${location.origin}/account` }, body, credentials: "include" })).authorization_url);
      setAsked(undefined);
      await reload();
    } catch (problem) {
      // The password is asked for only where the login is too long ago.
      if (problem instanceof Problem && problem.code === "reauthentication_required") setAsked(name);
      throw problem;
    }
  };
  return (
    <Card title="Ways to sign in">
      {arrival.error && arrival.path === "/account" && <Sorry>{sentenceFor(arrival.error)}</Sorry>}
      {arrival.linked && has(arrival.linked) && <p role="status" className="note good">Linked. You can sign in that way from now on.</p>}
      {problem !== undefined && <Sorry>{sentence(problem)}</Sorry>}
      <ul className="rows">
        {[...providers, ...gone].map(({ name, title }) => (
          <li key={name}>
            <div><strong>{title}</strong><br /><small>{items.find((identity) => identity.provider === name)?.email ?? (has(name) ? "linked" : "not linked")}</small></div>
            <Form button={`${has(name) ? "Unlink" : "Link"} ${title}`} onSubmit={toggle(name)}>{asked === name && YOUR_PASSWORD}</Form>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Devices() {
  const { items, problem, setProblem, reload } = useList(listSessions);
  const signOutThere = async (device: Device) => {
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
            {device.current ? <span className="tag good">this device</span> : <button type="button" className="other" aria-label={`Sign out there: ${device.device}`} onClick={() => void signOutThere(device)}>Sign out there</button>}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Deletion() {
  const [, go] = useLocation();
  return (
    <Drawer title="Delete account">
      <p>Everything we hold on you goes, at once and for good.</p>
      <Form button="Delete my account" danger onSubmit={async ({ password = "" }) => {
        await service.users.deleteMe({ body: { password: password || null } });
        go("/signup", { state: { notice: "Your account is deleted." } satisfies Passage });
      }}>
        {YOUR_PASSWORD}
      </Form>
    </Drawer>
  );
}
