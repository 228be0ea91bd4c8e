// The other pages that links in mails lead to. Opening one changes nothing; its button does.
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";

import { service, useAccount } from "../account";
import { tokenFor } from "../arrival";
import { Field, Form } from "../form";
import { Page, type Passage } from "../page";

export function ResetPassword() {
  return <SetPassword path="/reset-password" title="Set a new password" button="Set the password" />;
}

export function AcceptInvitation() {
  return <SetPassword path="/accept-invitation" title="Welcome" button="Set the password and start"><p>An account was created for you. Choose a password for it.</p></SetPassword>;
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
        <Field name="new_password" label="New password" type="password" autoComplete="new-password" required hint="At least 8 characters. Every device will be signed out." />
      </Form>
      <p className="aside">The link does not work? <Link href="/forgotten-password">Ask for a new one</Link></p>
    </Page>
  );
}

export function ConfirmEmailChange() {
  const [, go] = useLocation();
  const { reload } = useAccount();
  const token = tokenFor("/confirm-email-change");
  const title = "Confirm your new address";
  if (!token) return <NoToken title={title} />;
  return (
    <Page title={title}>
      <p>From then on you log in with it.</p>
      <Form button="Confirm my new address" onSubmit={async () => {
        const { email } = await service.auth.verifyEmail({ body: { token } });
        const notice = `Your address is now ${email}.`;
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
  const title = "This was not you?";
  if (!token) return <NoToken title={title} />;
  return (
    <Page title={title}>
      <p>Someone signed up with your email address. You can delete that account. If this was you, close this page.</p>
      <Form button="Delete that account" danger onSubmit={async () => {
        await service.auth.disown({ body: { token } });
        go("/signup", { state: { notice: "The account is deleted. Your address is free again." } satisfies Passage });
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
      <p>Every device is signed out, and every provider unlinked. Then only your password opens your account. If you use the linked providers yourself, just close this page.</p>
      <Form button="Secure my account" danger onSubmit={async () => {
        await service.auth.secureAccount({ body: { token } });
        if (service.session.userId) await reload(); // notices it where the session of this browser has ended
        go("/login", { state: { notice: "Your account is secured. Log in with your password." } satisfies Passage });
      }} />
    </Page>
  );
}

export function UndoEmailChange() {
  const [, go] = useLocation();
  const { reload } = useAccount();
  const token = tokenFor("/undo-email-change");
  const title = "Undo the change of your address";
  if (!token) return <NoToken title={title} />;
  return (
    <Page title={title}>
      <p>Your account gets its previous address back. Every device is signed out, and what was added since the change is removed: linked providers, and a new password. If you changed the address yourself, just close this page.</p>
      <Form button="Undo the change" danger onSubmit={async () => {
        const { email } = await service.auth.undoEmailChange({ body: { token } });
        if (service.session.userId) await reload(); // notices it where the session of this browser has ended
        go("/login", { state: { notice: `Your address is ${email} again. If your password does not work, set a new one.` } satisfies Passage });
      }} />
    </Page>
  );
}

function NoToken({ title }: { title: string }) {
  return <Page title={title}><p>Open the link in our mail once more: it brings what this page needs.</p></Page>;
}
