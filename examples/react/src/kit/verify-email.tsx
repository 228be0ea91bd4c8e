import { service, useAccount } from "./account";
import { tokenFor } from "./arrival";
import { CodeField } from "./code-field";
import { Field, Form } from "./form";
import { Go, useNavigation } from "./navigation";
import { usePendingLogin } from "./pending-login";
import { Screen } from "./screen";
import { settings } from "./settings";

const { paths } = settings;
const TITLE = "Verify your email address";

/** The page that the link in a verification email opens, with a field for the code. */
export function VerifyEmail() {
  const token = tokenFor(paths.verifyEmail);
  return token ? <ByLink token={token} /> : <ByCode />;
}

/** Mail scanners open links too, so the user must press a button to verify the email address. */
function ByLink({ token }: { token: string }) {
  const goOn = useGoOn();
  const verify = async () => {
    await service.auth.verifyEmail({ body: { token } });
    await goOn();
  };
  const below = <>The link does not work? <Go to={paths.logIn}>Log in</Go> and request a new email.</>;
  return (
    <Screen title={TITLE} lead="Confirm that this email address is yours." below={below}>
      <Form button="Verify email address" onSubmit={verify} />
    </Screen>
  );
}

function ByCode() {
  const goOn = useGoOn();
  const { unverified, setUnverified } = usePendingLogin();
  const email = unverified?.email;
  const finish = async () => {
    // If that fails, the login page is next: the code has been used.
    if (unverified) await service.auth.login({ body: unverified }).catch(() => undefined);
    await goOn();
    setUnverified(undefined);
  };
  const lead = email
    ? <>We have sent an email to <strong>{email}</strong>. Open its link, or enter its code here.</>
    : "Open the link in our email, or enter its code here.";
  return (
    <Screen title={TITLE} lead={lead} below={<Go to={paths.logIn}>Back to login</Go>}>
      <CodeForm email={email} onDone={finish} />
      <NewEmail email={email} />
    </Screen>
  );
}

/** Returns a function that redirects after the email address was verified. */
function useGoOn() {
  const { go } = useNavigation();
  const { reload } = useAccount();
  return async () => {
    const notice = "Your email address is verified.";
    if (!service.session.userId) return go(paths.logIn, { notice });
    await reload();
    go(paths.account, { notice });
  };
}

/** Verify the email address of an account with the code in the email. Without `email`, the form asks for it. */
export function CodeForm({ email, onDone }: { email: string | undefined; onDone: () => Promise<void> }) {
  const verify = async (typed: Record<string, string>) => {
    await service.auth.verifyEmail({ body: { email: email ?? typed["email"] ?? "", code: typed["code"] ?? "" } });
    await onDone();
  };
  return (
    <Form button="Verify" onSubmit={verify}>
      {!email && <Field name="email" label="Email address" type="email" autoComplete="username" required />}
      <CodeField name="code" label="Six-digit code" />
    </Form>
  );
}

export function NewEmail({ email }: { email: string | undefined }) {
  if (!email) return null;
  const send = async () => {
    await service.auth.resendVerification({ body: { email } });
    return "We have sent you a new email.";
  };
  return (
    <details className="more">
      <summary>No email?</summary>
      <p>Look in your spam folder, or request a new email. The previous one then stops working.</p>
      <Form button="Send a new email" look="other" onSubmit={send} />
    </details>
  );
}
