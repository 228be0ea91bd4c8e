import { useState } from "react";
import { MfaRequired, Problem, logInByEmail, requestLoginLink } from "credential-client";

import { service, useAccount } from "./account";
import { tokenFor } from "./arrival";
import { CodeField } from "./code-field";
import { Field, Form } from "./form";
import { Go, Redirect, useNavigation } from "./navigation";
import { usePendingLogin } from "./pending-login";
import { Screen } from "./screen";
import { settings } from "./settings";

const { paths } = settings;
const TITLE = "Log in by email";

/** Request an email with a link and a code, and enter the code. */
export function LogInByEmail() {
  const { user } = useAccount();
  const [email, setEmail] = useState<string>();
  if (user) return <Redirect to={paths.account} />;
  const below = <Go to={paths.logIn}>Log in with a password</Go>;
  const send = async (typed: Record<string, string>) => {
    await requestLoginLink(service, typed["email"] ?? "");
    setEmail(typed["email"]);
  };
  if (email === undefined) {
    return (
      <Screen title={TITLE} lead="We send you a link and a code. Use them in this browser." below={below}>
        <Form button="Send the email" onSubmit={send}>
          <Field name="email" label="Email address" type="email" autoComplete="username" required autoFocus />
        </Form>
      </Screen>
    );
  }
  const lead = <>If <strong>{email}</strong> has an account, we have sent an email to it. Open its link in this browser, or enter its code here.</>;
  return (
    <Screen title={TITLE} lead={lead} below={below}>
      <CodeForm email={email} />
      <details className="more">
        <summary>No email?</summary>
        <p>Look in your spam folder, or request a new email. The previous one then stops working.</p>
        <Form button="Send a new email" look="other" onSubmit={() => send({ email }).then(() => "We have sent you a new email.")} />
      </details>
    </Screen>
  );
}

function CodeForm({ email }: { email: string }) {
  const finish = useFinish();
  return (
    <Form button="Log in" onSubmit={({ code = "" }) => finish({ email, code })}>
      <CodeField name="code" label="Six-digit code" autoFocus />
    </Form>
  );
}

/** The page that the link in the email opens. Mail scanners open links too, so the user must press a button to log in. */
export function MagicLink() {
  const { user } = useAccount();
  const finish = useFinish();
  const token = tokenFor(paths.magicLink);
  if (user) return <Redirect to={paths.account} />;
  if (!token) return <Redirect to={paths.logInByEmail} />;
  const help = (problem: Problem) =>
    problem.code === "other_device" && <p>Enter the code of the email in the browser in which you requested it.</p>;
  return (
    <Screen title={TITLE} lead="Press the button to log in." below={<Go to={paths.logInByEmail}>Request a new email</Go>}>
      <Form button="Log in" help={help} onSubmit={() => finish({ token })} />
    </Screen>
  );
}

/** Finish a login by email: on the account page, or with the second factor. */
function useFinish() {
  const { go } = useNavigation();
  const { setSecondStep } = usePendingLogin();
  return async (proof: { token: string } | { email: string; code: string }) => {
    try {
      await logInByEmail(service, proof);
    } catch (problem) {
      if (!(problem instanceof MfaRequired)) throw problem;
      setSecondStep(problem);
      return go(paths.secondStep);
    }
    go(paths.account);
  };
}
