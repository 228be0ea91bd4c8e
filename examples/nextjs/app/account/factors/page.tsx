import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import type { TrustedDeviceOut } from "credential-client";

import { Card } from "../../../components/cards";
import { Factors } from "../../../components/factors";
import { Form } from "../../../components/form";
import { Page, type SearchParams } from "../../../components/page";
import { LogInAgain } from "../../../components/providers";
import { Time } from "../../../components/time";
import { listProviders } from "../../../lib/providers";
import { service } from "../../../lib/service";
import { asVisitor, currentUser } from "../../../lib/session";
import { forgetTrustedDevice } from "../../factor-actions";

export const metadata: Metadata = { title: "Two-factor authentication" };

/** Password managers link to this page too: see `/.well-known/passkey-endpoints` of the service. */
export default async function FactorsPage({ searchParams }: { searchParams: SearchParams }) {
  if (!(await currentUser())) redirect("/login");
  const headers = await asVisitor();
  const [factors, providers, identities] = await Promise.all([
    service.users.listFactors({ headers }),
    listProviders(),
    service.users.listIdentities({ headers }).catch(() => []), // not before the account has a factor, if it needs one
  ]);
  const has = factors.items.length > 0;
  return (
    <Page title="Two-factor authentication" wide search={searchParams}>
      <p className="who"><Link href="/account">Back to your account</Link></p>
      {factors.mfa_required && !has && <p role="status" className="note good">Your account needs a second factor. Add a passkey or an authenticator app to continue.</p>}
      <Factors factors={factors} reauthenticate={<LogInAgain providers={providers} identities={identities} />} />
      {has && <TrustedDevices devices={(await service.users.listTrustedDevices({ headers })).items} />}
    </Page>
  );
}

function TrustedDevices({ devices }: { devices: TrustedDeviceOut[] }) {
  return (
    <Card title="Trusted devices">
      {devices.length === 0 && <p>Every login asks for a second factor.</p>}
      <ul className="rows">
        {devices.map(({ id, device, expires_at }) => (
          <li key={id}>
            <div><strong>{device}</strong><br /><small>until <Time value={expires_at} /></small></div>
            <Form action={forgetTrustedDevice} button="Remove" label={`Remove trusted device: ${device}`} look="secondary"><input type="hidden" name="device_id" value={id} /></Form>
          </li>
        ))}
      </ul>
    </Card>
  );
}
