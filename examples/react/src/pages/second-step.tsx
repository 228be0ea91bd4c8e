import { useEffect, useState } from "react";
import { type MfaRequired, type SecondStep as Proof, Problem, getPasskey } from "credential-client";
import { Link, Redirect, useLocation } from "wouter";

import { service, useAccount } from "../account";
import { Field, Form } from "../form";
import { Page, type Passage } from "../page";

const METHODS = {
  totp: "Use your authenticator app",
  passkey: "Use a passkey",
  recovery_code: "Use a recovery code",
} as const;
type Method = keyof typeof METHODS;

/** The second step of a login: a code, a passkey or a recovery code. */
export function SecondStep({ required }: { required: MfaRequired | undefined }) {
  const [, go] = useLocation();
  const { user } = useAccount();
  const available = (Object.keys(METHODS) as Method[]).filter((method) => required?.factors.includes(method));
  const [method, setMethod] = useState(available[0]);
  const [remembers, setRemembers] = useState(false);
  useEffect(() => {
    if (!required) return;
    const timer = setTimeout(() => go("/login", { state: EXPIRED }), required.expiresIn * 1000);
    return () => clearTimeout(timer);
  }, [required, go]);
  if (user) return <Redirect to="/account" replace />;
  if (!required) return <Redirect to="/login" replace />;

  const complete = async (proof: Omit<Proof, "mfa_token">) => {
    try {
      await service.auth.completeLogin({ body: { mfa_token: required.mfaToken, remember_device: remembers, ...proof } });
    } catch (problem) {
      if (!(problem instanceof Problem && problem.code === "invalid_mfa_token")) throw problem;
      return go("/login", { state: EXPIRED });
    }
    go("/account");
  };
  const usePasskey = async () => complete(await getPasskey(await service.auth.secondStepOptions({ body: { mfa_token: required.mfaToken } })));
  const remember = (
    <label className="check">
      <input type="checkbox" checked={remembers} onChange={() => setRemembers(!remembers)} /> Do not ask again on this device
    </label>
  );
  return (
    <Page title="Confirm that it is you">
      {method === "totp" && (
        <Form key="totp" button="Continue" onSubmit={({ code = "" }) => complete({ code: code.replaceAll(/\s/g, "") })}>
          <Field name="code" label="Six-digit code" inputMode="numeric" autoComplete="one-time-code" maxLength={9} className="code" hint="Your authenticator app shows it." required autoFocus />
          {remember}
        </Form>
      )}
      {method === "recovery_code" && (
        <Form key="recovery" button="Continue" onSubmit={({ recovery_code = "" }) => complete({ recovery_code })}>
          <Field name="recovery_code" label="Recovery code" autoComplete="off" maxLength={40} hint="Each code works once. It ends the trust in all your devices." required autoFocus />
        </Form>
      )}
      {method === "passkey" && <Form key="passkey" button="Use a passkey" onSubmit={usePasskey}>{remember}</Form>}
      <div className="others" role="group" aria-label="Other ways to continue">
        {available.filter((other) => other !== method).map((other) => (
          <button key={other} type="button" className="quiet" onClick={() => setMethod(other)}>{METHODS[other]}</button>
        ))}
      </div>
      <p className="aside"><Link href="/login">Back to login</Link></p>
    </Page>
  );
}

const EXPIRED = { notice: "This login has expired. Start again." } satisfies Passage;
