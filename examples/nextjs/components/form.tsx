"use client";
// Forms that keep the user's input, show each error next to its field, and move the focus to the first error.
import { type ComponentProps, type FormEvent, type ReactNode, createContext, startTransition, use, useActionState, useEffect, useId, useRef, useState } from "react";
import { solveCaptcha } from "credential-client";

import type { FormState } from "../lib/form-state";
import { Reauthentication } from "./reauthentication";

const State = createContext<FormState>({});

interface FormProps {
  action: (state: FormState, form: FormData) => Promise<FormState>;
  button: string;
  /** The accessible name of the button, if several buttons have the same text. */
  label?: string;
  look?: "danger" | "secondary" | "link";
  /** Clear the fields after the action has succeeded. */
  clears?: boolean;
  /** What to show if the action requires re-authentication. */
  reauthenticate?: ReactNode;
  children?: ReactNode;
}

export function Form({ action, button, label, look, clears, reauthenticate, children }: FormProps) {
  const [state, dispatch, isPending] = useActionState(action, {});
  const form = useRef<HTMLFormElement>(null);
  const sent = useRef<FormData>(undefined);
  // The user has closed the dialog that this state opened.
  const [canceled, setCanceled] = useState<FormState>();
  // The CAPTCHA that could not be solved, or whose solution was rejected.
  const [unsolved, setUnsolved] = useState<FormState>();
  const checks = state.captcha !== undefined && unsolved !== state;
  const asks = state.code === "reauthentication_required" && Boolean(state.factors?.length) && canceled !== state;

  useEffect(() => {
    const data = sent.current;
    if (!state.captcha) return;
    if (!data || data.has("captcha_token")) return setUnsolved(state);
    solveCaptcha(state.captcha).then((token) => {
      data.set("captcha_token", token);
      startTransition(() => dispatch(data));
    }, () => setUnsolved(state));
  }, [state, dispatch]);

  useEffect(() => {
    if (state.error && !asks && !checks) form.current?.querySelector<HTMLElement>("[aria-invalid=true], [role=alert]")?.focus();
    if (state.done && clears) form.current?.reset();
  }, [state, clears, asks, checks]);

  // React clears the fields after `action`. Without JavaScript, the browser loads the page again, with `state.values`.
  function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    submit(new FormData(event.currentTarget));
  }

  function submit(data: FormData) {
    sent.current = data;
    if (!isPending && !checks) startTransition(() => dispatch(data));
  }

  return (
    <>
      <form ref={form} action={dispatch} onSubmit={send} noValidate aria-busy={isPending || checks}>
        <State value={state}>{children}</State>
        {state.error && !asks && !checks && <p role="alert" tabIndex={-1} className="note bad">{[state.error, ...errorsOfOtherFields(state, form.current)].join(" ")}</p>}
        {state.code === "reauthentication_required" && !asks && reauthenticate}
        <p role="status" className="note good">{checks ? "Checking that you are not a robot…" : state.done}</p>
        <button type="submit" className={look} aria-disabled={isPending} aria-label={label}>{button}</button>
      </form>
      {asks && <Reauthentication factors={state.factors!} onDone={() => submit(sent.current!)} onCancel={() => setCanceled(state)}>{reauthenticate}</Reauthentication>}
    </>
  );
}

/** Errors of fields that this form does not have. */
function errorsOfOtherFields({ fields = {} }: FormState, form: HTMLFormElement | null): string[] {
  return Object.entries(fields).flatMap(([name, errors]) => (form?.elements.namedItem(name) ? [] : errors.map((error) => `${name} ${error}.`)));
}

export function Field({ label, hint, name, defaultValue, type, ...input }: { label: string; hint?: string; name: string } & ComponentProps<"input">) {
  const { fields, values } = use(State);
  const id = useId();
  const [isVisible, setVisible] = useState(false);
  const errors = fields?.[name] ?? [];
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="input">
        <input
          {...input}
          id={id}
          name={name}
          type={isVisible ? "text" : type}
          defaultValue={values?.[name] ?? defaultValue}
          aria-invalid={errors.length > 0}
          aria-describedby={`${id}-hint ${id}-error`}
        />
        {type === "password" && (
          <button type="button" className="link" aria-label={`${isVisible ? "Hide" : "Show"}: ${label}`} onClick={() => setVisible(!isVisible)}>{isVisible ? "Hide" : "Show"}</button>
        )}
      </div>
      <p id={`${id}-hint`} className="hint">{hint}</p>
      <p id={`${id}-error`} className="error">{errors.map((error) => `${error.charAt(0).toUpperCase()}${error.slice(1)}.`).join(" ")}</p>
    </div>
  );
}

/** A password field that appears only after the action has required re-authentication. */
export function PasswordIfRequired() {
  const { code } = use(State);
  return code === "reauthentication_required" && <CurrentPassword />;
}

export function CurrentPassword() {
  return <Field name="password" label="Current password" type="password" autoComplete="current-password" hint="Leave it empty if you have no password." />;
}
