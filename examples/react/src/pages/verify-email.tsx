import { Link, useLocation } from "wouter";

import { service, useAccount } from "../account";
import type { Waiting } from "../app";
import { tokenFor } from "../arrival";
import { Field, Form } from "../form";
import { Page, type Passage } from "../page";

/** Where the link of a verification email leads, and where its code is typed. */
export function VerifyEmail(props: { waiting: Waiting | undefined; onDone: () => void }) {
  const token = tokenFor("/verify-email");
  return token ? <ByLink token={token} /> : <ByCode {...props} />;
}

/** Opening the link changes nothing: mail scanners open links too. The button does. */
function ByLink({ token }: { token: string }) {
  const goOn = useGoOn();
  return (
    <Page title="Verify your email address">
      <p>Confirm that this email address is yours.</p>
      <Form button="Verify email address" onSubmit={async () => {
        await service.auth.verifyEmail({ body: { token } });
        await goOn();
      }} />
      <p className="aside">The link does not work? <Link href="/login">Log in</Link> and request a new email.</p>
    </Page>
  );
}

function ByCode({ waiting, onDone }: { waiting: Waiting | undefined; onDone: () => void }) {
  const goOn = useGoOn();
  return (
    <Page title="Verify your email address">
      <p>{waiting ? <>We have sent an email to <strong>{waiting.email}</strong>. Open its link, or enter its code here.</> : "Open the link in our email, or enter its code here."}</p>
      <CodeForm email={waiting?.email} onDone={async () => {
        // If that fails, the login page is next: the code has been used.
        if (waiting) await service.auth.login({ body: waiting }).catch(() => undefined);
        await goOn();
        onDone();
      }} />
      <NewMail email={waiting?.email} />
    </Page>
  );
}

/** Where a user goes after verifying an email address. */
function useGoOn() {
  const [, go] = useLocation();
  const { reload } = useAccount();
  return async () => {
    const notice = "Your email address is verified.";
    if (!service.session.userId) return go("/login", { state: { notice } satisfies Passage });
    await reload();
    go("/account", { state: { notice } satisfies Passage });
  };
}

export function CodeForm({ email, onDone }: { email: string | undefined; onDone: () => Promise<void> }) {
  return (
    <Form button="Verify" onSubmit={async (typed) => {
      await service.auth.verifyEmail({ body: { email: email ?? typed["email"] ?? "", code: (typed["code"] ?? "").replaceAll(/\s/g, "") } });
      await onDone();
    }}>
      {!email && <Field name="email" label="Email address" type="email" autoComplete="username" required />}
      <Field name="code" label="Six-digit code" inputMode="numeric" autoComplete="one-time-code" maxLength={9} className="code" required />
    </Form>
  );
}

export function NewMail({ email }: { email: string | undefined }) {
  if (!email) return null;
  return (
    <details className="aside">
      <summary>No email?</summary>
      <p>Look in your spam folder, or request a new email. The previous one then stops working.</p>
      <Form button="Send a new email" onSubmit={async () => {
        await service.auth.resendVerification({ body: { email } });
        return "We have sent you a new email.";
      }} />
    </details>
  );
}
