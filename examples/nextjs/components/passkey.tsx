"use client";
// Passkeys: a server action gets the options, the browser uses them, and another server action sends the credential on.
import { type ComponentProps, useEffect } from "react";
import { type CeremonyOptions, createPasskey, getPasskey, supportsPasskeys } from "credential-client";

import { beginPasskeyLogin, logInWithPasskey } from "../app/factor-actions";
import type { FormState } from "../lib/form-state";
import { Form } from "./form";

/** The result of a server action that requests options: the options, or the state of the form. */
export type Begun = CeremonyOptions | FormState;

interface Props extends Omit<ComponentProps<typeof Form>, "action"> {
  begin: (form: FormData) => Promise<Begun>;
  finish: (state: FormState, form: FormData) => Promise<FormState>;
  creates?: boolean;
}

/** A form whose button uses a passkey, or creates one. */
export function PasskeyForm({ begin, finish, creates, ...form }: Props) {
  const use = async (state: FormState, typed: FormData): Promise<FormState> => {
    autofill?.abort(); // browsers allow one request at a time
    if (!(await supportsPasskeys())) return { error: "This browser has no passkeys." };
    const begun = await begin(typed);
    if (!("ceremony" in begun)) return begun;
    try {
      const { ceremony, credential } = await (creates ? createPasskey(begun) : getPasskey(begun));
      typed.set("ceremony", ceremony);
      typed.set("credential", JSON.stringify(credential));
    } catch (problem) {
      if (!(problem instanceof DOMException)) throw problem;
      return { error: problem.name === "InvalidStateError" ? "This device has a passkey for your account already." : "No passkey was used. Try again." };
    }
    return finish(state, typed);
  };
  return <Form {...form} action={use} />;
}

let autofill: AbortController | undefined;
const MS_TO_RENEW = 4 * 60 * 1000; // the options are valid for five minutes

/** The button, and passkeys in the autofill of the email field. Reports a browser without support for passkeys. */
export function PasskeyLogin() {
  useEffect(() => {
    void offer();
    const timer = setInterval(offer, MS_TO_RENEW);
    return () => {
      clearInterval(timer);
      autofill?.abort();
    };
  }, []);
  return <PasskeyForm begin={beginPasskeyLogin} finish={logInWithPasskey} button="Log in with a passkey" look="secondary" />;
}

async function offer(): Promise<void> {
  autofill?.abort();
  const { signal } = (autofill = new AbortController());
  try {
    if (!(await supportsPasskeys("conditional")) || signal.aborted) return;
    const begun = await beginPasskeyLogin();
    if (!("ceremony" in begun) || signal.aborted) return;
    const { ceremony, credential } = await getPasskey(begun, { mediation: "conditional", signal });
    const form = new FormData();
    form.set("ceremony", ceremony);
    form.set("credential", JSON.stringify(credential));
    await logInWithPasskey({}, form);
  } catch (problem) {
    if (!(problem instanceof DOMException)) throw problem; // aborted, or the user chose no passkey
  }
}
