import { useCallback, useEffect, useRef, useState } from "react";
import { MfaRequired, Problem, logInWithPasskey, supportsPasskeys } from "credential-client";
import { Link, Redirect, useLocation } from "wouter";

import { service, useAccount } from "../account";
import type { Waiting } from "../app";
import { Field, Form, Sorry, sentence } from "../form";
import { Page, type Passage } from "../page";
import { Providers } from "../providers";

interface Props {
  onWait: (waiting: Waiting) => void;
  onSecondStep: (required: MfaRequired) => void;
}

export function LogIn({ onWait, onSecondStep }: Props) {
  const [, go] = useLocation();
  const { user } = useAccount();
  /** Finish a login, whatever started it. */
  const finish = useCallback(async (login: Promise<unknown>) => {
    try {
      await login;
    } catch (problem) {
      if (!(problem instanceof MfaRequired)) throw problem;
      onSecondStep(problem);
      return go("/second-step");
    }
    go("/account");
  }, [go, onSecondStep]);
  const { problem, stop } = useAutofill(finish);
  const [hasPasskeys, setHasPasskeys] = useState(false);
  useEffect(() => void supportsPasskeys().then(setHasPasskeys), []);
  if (user) return <Redirect to="/account" replace />;
  return (
    <Page title="Log in">
      {problem !== undefined && <Sorry>{sentence(problem)}</Sorry>}
      <Form
        button="Log in"
        onSubmit={async ({ email = "", password = "" }) => {
          try {
            await finish(service.auth.login({ body: { email, password } }));
          } catch (problem) {
            if (!(problem instanceof Problem && problem.code === "email_not_verified")) throw problem;
            onWait({ email, password });
            go("/verify-email", { state: { notice: "Your email address is not verified yet." } satisfies Passage });
          }
        }}
      >
        <Field name="email" label="Email address" type="email" autoComplete="username webauthn" required />
        <Field name="password" label="Password" type="password" autoComplete="current-password" required />
      </Form>
      <Providers>
        {hasPasskeys && (
          <Form button="Log in with a passkey" look="other" onSubmit={() => {
            stop();
            return finish(logInWithPasskey(service));
          }} />
        )}
      </Providers>
      <p className="aside"><Link href="/forgotten-password">Forgot your password?</Link><br />New here? <Link href="/signup">Sign up</Link></p>
    </Page>
  );
}

const MS_TO_RENEW = 4 * 60 * 1000; // the options are valid for five minutes

/** Offers passkeys when the user focuses the email field. `stop` it before another request for a passkey. */
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
