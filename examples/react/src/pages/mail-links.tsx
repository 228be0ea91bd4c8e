// The other pages that links in emails lead to. Opening one changes nothing; its button does.
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";

import { service, useAccount } from "../account";
import { tokenFor } from "../arrival";
import { Field, Form } from "../form";
import { Page, type Passage } from "../page";

export function ResetPassword() {
  return <SetPassword path="/reset-password" title="Set a new password" button="Set password" />;
}

export function AcceptInvitation() {
  return <SetPassword path="/accept-invitation" title="Welcome" button="Set password"><p>An account was created for you. Choose a password for it.</p></SetPassword>;
}

function SetPassword({ path, title, button, children }: { path: string; title: string; button: string; children?: ReactNode }) {
  const [, go] = useLocation();
  const token = tokenFor(path);
  if (!token) return <NoToken title={title} />;
  return (
    <Page title={title}>
      {children}
      <Form button={button} onSubmit={async ({ new_password = "" }) => {
        await service.auth.resetPassword({ body: { token, new_password } });
        go("/login", { state: { notice: "Your password is set. Log in with it." } satisfies Passage });
      }}>
        <Field name="new_password" label="New password" type="password" autoComplete="new-password" required hint="At least 8 characters. You will be logged out on every device." />
      </Form>
      <p className="aside">The link does not work? <Link href="/forgotten-password">Request a new one</Link></p>
    </Page>
  );
}

export function ConfirmEmailChange() {
  const [, go] = useLocation();
  const { reload } = useAccount();
  const token = tokenFor("/confirm-email-change");
  const title = "Confirm your new email address";
  if (!token) return <NoToken title={title} />;
  return (
    <Page title={title}>
      <p>From now on you log in with it.</p>
      <Form button="Confirm new email address" onSubmit={async () => {
        const { email } = await service.auth.verifyEmail({ body: { token } });
        const notice = `Your email address is now ${email}.`;
        if (!service.session.userId) return go("/login", { state: { notice } satisfies Passage });
        await reload();
        go("/account", { state: { notice } satisfies Passage });
      }} />
    </Page>
  );
}

export function NotMe() {
  const [, go] = useLocation();
  const token = tokenFor("/not-me");
  const title = "Was this not you?";
  if (!token) return <NoToken title={title} />;
  return (
    <Page title={title}>
      <p>Someone signed up with your email address. You can delete that account. If this was you, close this page.</p>
      <Form button="Delete that account" danger onSubmit={async () => {
        await service.auth.disown({ body: { token } });
        go("/signup", { state: { notice: "The account is deleted. Your email address is free again." } satisfies Passage });
      }} />
    </Page>
  );
}

export function SecureAccount() {
  const [, go] = useLocation();
  const { reload } = useAccount();
  const token = tokenFor("/secure-account");
  const title = "Secure your account";
  if (!token) return <NoToken title={title} />;
  return (
    <Page title={title}>
      <p>You will be logged out on every device, and every provider will be unlinked. Then only your password gives access to your account. If you use the linked providers yourself, close this page.</p>
      <Form button="Secure my account" danger onSubmit={async () => {
        await service.auth.secureAccount({ body: { token } });
        if (service.session.userId) await reload(); // shows it if the session of this browser has ended
        go("/login", { state: { notice: "Your account is secured. Log in with your password." } satisfies Passage });
      }} />
    </Page>
  );
}

export function UndoEmailChange() {
  const [, go] = useLocation();
  const { reload } = useAccount();
  const token = tokenFor("/undo-email-change");
  const title = "Undo the change of your email address";
  if (!token) return <NoToken title={title} />;
  return (
    <Page title={title}>
      <p>Your account gets its previous email address back. You will be logged out on every device, and providers and a password that were added since the change are removed. If you changed the email address yourself, close this page.</p>
      <Form button="Undo the change" danger onSubmit={async () => {
        const { email } = await service.auth.undoEmailChange({ body: { token } });
        if (service.session.userId) await reload(); // shows it if the session of this browser has ended
        go("/login", { state: { notice: `Your email address is ${email} again. If your password does not work, reset it.` } satisfies Passage });
      }} />
    </Page>
  );
}

function NoToken({ title }: { title: string }) {
  return <Page title={title}><p>Open the link in our email again: this page needs the token in it.</p></Page>;
}
