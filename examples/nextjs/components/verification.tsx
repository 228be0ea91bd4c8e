import { resendVerification, verifyCode } from "../app/actions";
import { Field, Form } from "./form";

/** The form for the six-digit code of a verification email, and for a new email. */
export function Verification({ email }: { email?: string | undefined }) {
  return (
    <>
      <Form action={verifyCode} button="Verify">
        {email ? <input type="hidden" name="email" value={email} /> : <Field name="email" label="Email address" type="email" autoComplete="username" required />}
        <Field name="code" label="Six-digit code" inputMode="numeric" autoComplete="one-time-code" maxLength={9} className="code" required />
      </Form>
      <details className="aside">
        <summary>No email?</summary>
        <p>Look in your spam folder, or request a new email.</p>
        <Form action={resendVerification} button="Send a new email" look="secondary">
          {email ? <input type="hidden" name="email" value={email} /> : <Field name="email" label="Email address" type="email" autoComplete="username" required />}
        </Form>
      </details>
    </>
  );
}
