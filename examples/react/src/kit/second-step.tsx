import { type ReactNode, useEffect, useState } from "react";
import { type SecondStep as Proof, Problem, getPasskey } from "credential-client";

import { service, useAccount } from "./account";
import { CodeField } from "./code-field";
import { Button, Field, Form } from "./form";
import { Go, Redirect, useNavigation } from "./navigation";
import { usePendingLogin } from "./pending-login";
import { PasskeyMark } from "./provider-mark";
import { Screen } from "./screen";
import { settings } from "./settings";

const { paths } = settings;
const EXPIRED = "This login has expired. Start again.";
const METHODS = {
  totp: { name: "Use your authenticator app", lead: "Enter the code that your authenticator app shows." },
  passkey: { name: "Use a passkey", lead: "Your fingerprint, face or PIN completes the login." },
  sms: { name: "Get a code by text message", lead: "We send a code to your phone." },
  recovery_code: { name: "Use a recovery code", lead: "Each code works once. It ends the trust in all your devices." },
} as const;
type Method = keyof typeof METHODS;

/** The second step of a login: a code, a passkey or a recovery code. */
export function SecondStep() {
  const { go } = useNavigation();
  const { user } = useAccount();
  const { secondStep: required } = usePendingLogin();
  const available = (Object.keys(METHODS) as Method[]).filter((method) => required?.factors.includes(method));
  const [method, setMethod] = useState(available[0]);
  const [remembers, setRemembers] = useState(false);
  useEffect(() => {
    if (!required) return;
    const timer = setTimeout(() => go(paths.logIn, { notice: EXPIRED }), required.expiresIn * 1000);
    return () => clearTimeout(timer);
  }, [required, go]);
  if (user) return <Redirect to={paths.account} />;
  if (!required) return <Redirect to={paths.logIn} />;

  const complete = async (proof: Omit<Proof, "mfa_token">) => {
    try {
      const body = { mfa_token: required.mfaToken, remember_device: remembers, ...proof };
      await service.auth.completeLogin({ body });
    } catch (problem) {
      if (!(problem instanceof Problem && problem.code === "invalid_mfa_token")) throw problem;
      return go(paths.logIn, { notice: EXPIRED });
    }
    go(paths.account);
  };
  const completeByPasskey = async () => {
    const begun = await service.auth.secondStepOptions({ body: { mfa_token: required.mfaToken } });
    await complete(await getPasskey(begun));
  };
  const remember = (
    <label className="check">
      <input type="checkbox" checked={remembers} onChange={() => setRemembers(!remembers)} />
      Do not ask again on this device
    </label>
  );
  const forms: Record<Method, ReactNode> = {
    totp: (
      <Form key="totp" button="Continue" onSubmit={({ code = "" }) => complete({ code })}>
        <CodeField name="code" label="Six-digit code" autoFocus />
        {remember}
      </Form>
    ),
    sms: <SmsForm key="sms" mfaToken={required.mfaToken} onCode={(code) => complete({ code })}>{remember}</SmsForm>,
    recovery_code: (
      <Form key="recovery" button="Continue" onSubmit={({ recovery_code = "" }) => complete({ recovery_code })}>
        <Field name="recovery_code" label="Recovery code" autoComplete="off" maxLength={40} required autoFocus />
      </Form>
    ),
    passkey: (
      <Form key="passkey" button={<><PasskeyMark />Use a passkey</>} onSubmit={completeByPasskey}>{remember}</Form>
    ),
  };
  const others = available.filter((other) => other !== method);
  return (
    <Screen
      title="Confirm that it's you"
      lead={method && METHODS[method].lead}
      below={<Go to={paths.logIn}>Back to login</Go>}
    >
      {method && forms[method]}
      {others.length > 0 && (
        <div className="others" role="group" aria-label="Other ways to continue">
          {others.map((other) => (
            <Button key={other} look="plain" onPress={() => setMethod(other)}>{METHODS[other].name}</Button>
          ))}
        </div>
      )}
    </Screen>
  );
}

interface SmsFormProps {
  mfaToken: string;
  onCode: (code: string) => Promise<void>;
  children: ReactNode;
}

/** Messages cost money, so one is sent only when the user requests it. */
function SmsForm({ mfaToken, onCode, children }: SmsFormProps) {
  const [phone, setPhone] = useState<string>();
  const send = async () => {
    const sent = await service.auth.sendSecondStepCode({ body: { mfa_token: mfaToken } });
    setPhone(sent.phone);
    return `We have sent a code to ${sent.phone}.`;
  };
  return (
    <>
      <Form button={phone ? "Send a new code" : "Send a code"} look={phone ? "other" : "main"} onSubmit={send} />
      {phone && (
        <Form button="Continue" onSubmit={({ code = "" }) => onCode(code)}>
          <CodeField name="code" label="Six-digit code" autoFocus />
          {children}
        </Form>
      )}
    </>
  );
}
