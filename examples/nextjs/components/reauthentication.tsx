"use client";

import { type ReactNode, useEffect, useId, useRef } from "react";

import { beginReauthentication, reauthenticate } from "../app/factor-actions";
import type { FormState } from "../lib/form-state";
import { CurrentPassword, Field, Form } from "./form";
import { PasskeyForm } from "./passkey";

/** A dialog that confirms an action: it asks for the password and a factor of the account. */
export function Reauthentication({ factors, onDone, onCancel, children }: { factors: string[]; onDone: () => void; onCancel: () => void; children?: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  useEffect(() => dialog.current?.showModal(), []);
  const finish = async (state: FormState, form: FormData) => {
    const result = await reauthenticate(state, form);
    if (!result.error) onDone();
    const isWrong = result.code === "reauthentication_required"; // this dialog is open already
    return isWrong ? { error: "That is wrong, or the code has been used. Check it, and try again." } : result;
  };
  const hasApp = factors.includes("totp");
  return (
    <dialog ref={dialog} aria-labelledby={title} onCancel={onCancel}>
      <h2 id={title}>Confirm that it's you</h2>
      {factors.includes("passkey") && (
        <>
          <PasskeyForm begin={beginReauthentication} finish={finish} button="Use a passkey" />
          <p className="or">or</p>
        </>
      )}
      <Form action={finish} button="Continue">
        <CurrentPassword />
        <Field name="code" label={hasApp ? "Code" : "Recovery code"} autoComplete="one-time-code" maxLength={20} {...(hasApp && { hint: "From your authenticator app, or a recovery code." })} />
      </Form>
      {children}
      <button type="button" className="link" onClick={onCancel}>Cancel</button>
    </dialog>
  );
}
