import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";

import { Field, Form } from "../../components/form";
import { Page, type SearchParams, text } from "../../components/page";
import { PasskeyForm } from "../../components/passkey";
import { currentUser, pendingLogin } from "../../lib/session";
import { beginSecondStep, completeLogin, sendSecondStepCode } from "../factor-actions";

export const metadata: Metadata = { title: "Confirm that it's you" };

const METHODS = {
  totp: "Use your authenticator app",
  passkey: "Use a passkey",
  sms: "Get a code by text message",
  recovery_code: "Use a recovery code",
};

/** The second step of a login: a code, a passkey or a recovery code. */
export default async function SecondStep({ searchParams }: { searchParams: SearchParams }) {
  if (await currentUser()) redirect("/account");
  const pending = await pendingLogin();
  if (!pending) redirect("/login");
  const available = Object.entries(METHODS).filter(([method]) => pending.factors.includes(method));
  const wanted = text((await searchParams)["method"]);
  const method = available.find(([name]) => name === wanted)?.[0] ?? available[0]?.[0];
  return (
    <Page title="Confirm that it's you" search={searchParams}>
      {method === "totp" && (
        <Form key={method} action={completeLogin} button="Continue">
          <Field name="code" label="Six-digit code" inputMode="numeric" autoComplete="one-time-code" maxLength={9} className="code" hint="Your authenticator app shows it." required />
          <RememberDevice />
        </Form>
      )}
      {method === "sms" && (
        <>
          <Form key="send" action={sendSecondStepCode} button="Send a code" look="secondary" />
          <Form key={method} action={completeLogin} button="Continue">
            <Field name="code" label="Six-digit code" inputMode="numeric" autoComplete="one-time-code" maxLength={9} className="code" hint="It is in the text message." required />
            <RememberDevice />
          </Form>
        </>
      )}
      {method === "recovery_code" && (
        <Form key={method} action={completeLogin} button="Continue">
          <Field name="recovery_code" label="Recovery code" autoComplete="off" maxLength={40} hint="Each code works once. It ends the trust in all your devices." required />
        </Form>
      )}
      {method === "passkey" && <PasskeyForm key={method} begin={beginSecondStep} finish={completeLogin} button="Use a passkey"><RememberDevice /></PasskeyForm>}
      <div className="others" role="group" aria-label="Other ways to continue">
        {available.filter(([name]) => name !== method).map(([name, label]) => <Link key={name} href={`/second-step?method=${name}`} replace>{label}</Link>)}
      </div>
      <p className="aside"><Link href="/login">Back to login</Link></p>
    </Page>
  );
}

function RememberDevice() {
  return <label className="check"><input type="checkbox" name="remember_device" /> Do not ask again on this device</label>;
}
