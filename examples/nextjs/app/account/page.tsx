import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { type Device, type Factors, type Identity, type ListedProvider, Problem } from "credential-client";

import { Card, Drawer } from "../../components/cards";
import { CurrentPassword, Field, Form, PasswordIfRequired } from "../../components/form";
import { Page, type SearchParams, text } from "../../components/page";
import { LogInAgain } from "../../components/providers";
import { Time } from "../../components/time";
import { Verification } from "../../components/verification";
import { listProviders } from "../../lib/providers";
import { service } from "../../lib/service";
import { asVisitor, currentUser } from "../../lib/session";
import { changeEmail, changePassword, deleteAccount, linkProvider, logOutDevice, unlinkProvider, updateProfile } from "../actions";

export const metadata: Metadata = { title: "Account" };

export default async function Account({ searchParams }: { searchParams: SearchParams }) {
  const user = await currentUser(); // required in each page, because proxy.ts only refreshes the session
  if (!user) redirect("/login");
  const headers = await asVisitor();
  const [providers, identities, devices, factors] = await Promise.all([
    listProviders(),
    service.users.listIdentities({ headers }),
    service.users.listSessions({ headers }),
    service.users.listFactors({ headers }),
  ]).catch((problem: unknown) => {
    if (problem instanceof Problem && problem.code === "mfa_enrolment_required") redirect("/account/factors");
    throw problem;
  });
  const linked = text((await searchParams)["linked"]);
  const reauthenticate = <LogInAgain providers={providers} identities={identities} />;
  return (
    <Page title={`Hello, ${user.username}`} wide search={searchParams}>
      <p className="who">{user.email} {user.is_verified ? <span className="tag good">verified</span> : <span className="tag">not verified</span>}</p>

      {!user.is_verified && (
        <Card title="Verify your email address">
          <p>We have sent you an email. Open its link, or enter its code here.</p>
          <Verification email={user.email} />
        </Card>
      )}

      <Card title="Profile">
        <Form action={updateProfile} button="Save">
          <Field name="username" label="Name" autoComplete="nickname" defaultValue={user.username} required />
        </Form>
      </Card>

      <Drawer title="Change password">
        <Form action={changePassword} button="Change password" clears>
          <input type="text" autoComplete="username" value={user.email} readOnly hidden />
          <Field name="old_password" label="Current password" type="password" autoComplete="current-password" required />
          <Field name="new_password" label="New password" type="password" autoComplete="new-password" required hint="At least 8 characters. Your other devices are logged out." />
        </Form>
      </Drawer>

      <Drawer title="Change email address">
        <Form action={changeEmail} button="Send the link" clears reauthenticate={reauthenticate}>
          <Field name="new_email" label="New email address" type="email" autoComplete="email" required />
          <CurrentPassword />
        </Form>
      </Drawer>

      <SecondFactors factors={factors} />
      <LoginMethods providers={providers} identities={identities} linked={linked} reauthenticate={reauthenticate} />
      <Devices devices={devices} />

      <Card title="Your data">
        <p>Download everything that we store about you.</p>
        <a className="button secondary" href="/account/export" download>Download as JSON</a>
      </Card>

      <Drawer title="Delete account">
        <p>Everything that we store about you is deleted immediately. This cannot be undone.</p>
        <Form action={deleteAccount} button="Delete my account" look="danger" reauthenticate={reauthenticate}>
          <CurrentPassword />
        </Form>
      </Drawer>
    </Page>
  );
}

function SecondFactors({ factors: { items, recovery_codes_left } }: { factors: Factors }) {
  const count = items.length;
  return (
    <Card title="Two-factor authentication">
      <p>{count > 0 ? `On: ${count === 1 ? "one factor" : `${count} factors`}, and ${recovery_codes_left} recovery codes.` : "Protect your account with a passkey or an authenticator app."}</p>
      <Link href="/account/factors" className="button secondary">{count > 0 ? "Manage factors" : "Set it up"}</Link>
    </Card>
  );
}

function isLinked(identities: Identity[], name: string): boolean {
  return identities.some(({ provider }) => provider === name);
}

interface LoginMethodsProps { providers: ListedProvider[]; identities: Identity[]; linked: string | undefined; reauthenticate: ReactNode }

function LoginMethods({ providers, identities, linked, reauthenticate }: LoginMethodsProps) {
  // A provider that is no longer configured can still be unlinked.
  const others = identities.filter(({ provider }) => !providers.some(({ name }) => name === provider))
    .map(({ provider }) => ({ name: provider, title: provider.charAt(0).toUpperCase() + provider.slice(1) }));
  const all = [...providers, ...others];
  if (all.length === 0) return null;
  return (
    <Card title="Login methods">
      {linked && isLinked(identities, linked) && <p role="status" className="note good">The provider is linked. You can log in with it from now on.</p>}
      <ul className="rows">
        {all.map(({ name, title }) => {
          const identity = identities.find(({ provider }) => provider === name);
          return (
            <li key={name}>
              <div><strong>{title}</strong><br /><small>{identity ? identity.email ?? "linked" : "not linked"}</small></div>
              <Form key={String(!!identity)} action={identity ? unlinkProvider : linkProvider} button={`${identity ? "Unlink" : "Link"} ${title}`} look="secondary" reauthenticate={reauthenticate}>
                <input type="hidden" name="provider" value={name} />
                <PasswordIfRequired />
              </Form>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

function Devices({ devices }: { devices: Device[] }) {
  return (
    <Card title="Devices">
      <ul className="rows">
        {devices.map(({ id, device, ip, current, last_used_at }) => (
          <li key={id}>
            <div><strong>{device}</strong><br /><small>{ip} · {current ? "now" : <Time value={last_used_at} />}</small></div>
            {current ? <span className="tag good">this device</span> : (
              <Form action={logOutDevice} button="Log out" label={`Log out device: ${device}`} look="secondary"><input type="hidden" name="session_id" value={id} /></Form>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
