import { useCallback, useEffect, useRef, useState } from "react";
import { MfaRequired, Problem, logInWithPasskey, supportsPasskeys, withCaptcha } from "credential-client";

import { service, useAccount } from "./account";
import { Field, Form, Message } from "./form";
import { Go, Redirect, useNavigation } from "./navigation";
import { PasswordField } from "./password-field";
import { usePendingLogin } from "./pending-login";
import { PasskeyMark } from "./provider-mark";
import { Providers } from "./providers";
import { Screen } from "./screen";
import { sentence } from "./sentences";
import { settings } from "./settings";

const { paths } = settings;

/** Log in with a password, a passkey or a provider. */
export function LogIn() {
  const { go } = useNavigation();
  const { user } = useAccount();
  const { setUnverified, setSecondStep } = usePendingLogin();
  /** Complete a login with any first factor. */
  const finish = useCallback(async (login: Promise<unknown>) => {
    try {
      await login;
    } catch (problem) {
      if (!(problem instanceof MfaRequired)) throw problem;
      setSecondStep(problem);
      return go(paths.secondStep);
    }
    go(paths.account);
  }, [go, setSecondStep]);
  const { problem, stop } = useAutofill(finish);
  const [hasPasskeys, setHasPasskeys] = useState(false);
  useEffect(() => void supportsPasskeys().then(setHasPasskeys), []);
  if (user) return <Redirect to={paths.account} />;

  const logIn = async ({ email = "", password = "" }) => {
    try {
      await finish(withCaptcha(service, (captcha) => service.auth.login({ body: { email, password, ...captcha } })));
    } catch (problem) {
      if (!(problem instanceof Problem && problem.code === "email_not_verified")) throw problem;
      setUnverified({ email, password });
      go(paths.verifyEmail, { notice: "Your email address is not verified yet." });
    }
  };
  const logInByPasskey = () => {
    stop();
    return finish(logInWithPasskey(service));
  };
  return (
    <Screen title="Log in" below={<>New here? <Go to={paths.signUp}>Sign up</Go></>}>
      {problem !== undefined && <Message>{sentence(problem)}</Message>}
      <Form button="Log in" onSubmit={logIn}>
        <Field name="email" label="Email address" type="email" autoComplete="username webauthn" required />
        <PasswordField name="password" label="Password" autoComplete="current-password" required />
        <p className="beside"><Go to={paths.forgotPassword}>Forgot your password?</Go></p>
        {settings.emailLogin && <p className="beside"><Go to={paths.logInByEmail}>Log in by email, without a password</Go></p>}
      </Form>
      <Providers>
        {hasPasskeys && (
          <Form button={<><PasskeyMark />Log in with a passkey</>} look="other" onSubmit={logInByPasskey} />
        )}
      </Providers>
    </Screen>
  );
}

const MS_TO_RENEW = 4 * 60 * 1000; // the options are valid for five minutes

/** Offers passkeys when the user focuses the email field. Call `stop` before you request a passkey in another way. */
function useAutofill(finish: (login: Promise<unknown>) => Promise<void>) {
  const [problem, setProblem] = useState<unknown>();
  const running = useRef<AbortController>(undefined);
  const stop = useCallback(() => running.current?.abort(), []);
  useEffect(() => {
    const start = async () => {
      stop();
      const { signal } = (running.current = new AbortController());
      if (!(await supportsPasskeys("conditional")) || signal.aborted) return;
      finish(logInWithPasskey(service, { mediation: "conditional", signal })).catch((problem: unknown) => {
        if (problem instanceof Problem && problem.code === "invalid_credentials") setProblem(problem);
      }); // an outage is reported by the forms
    };
    void start();
    const timer = setInterval(start, MS_TO_RENEW);
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [finish, stop]);
  return { problem, stop };
}
