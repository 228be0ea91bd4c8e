// Forms that keep what was typed, and show each error at its field. Copy this file.
import { type ComponentProps, type FormEvent, type ReactNode, createContext, use, useEffect, useId, useRef, useState } from "react";
import { Problem, ReauthenticationRequired } from "credential-client";

/** What to tell users, by the code of the problem. For other codes, the service's own sentence is shown. */
const SENTENCES: Record<string, string | ((problem: Problem) => string)> = {
  unreachable: "We cannot reach the service. Check your connection and try again; what you typed is still here.",
  unavailable: "The service is temporarily unavailable. Try again in a moment; what you typed is still here.",
  overloaded: "Many users are logging in right now. Try again in a moment; what you typed is still here.",
  rate_limited: (problem) => `Too many attempts. Wait ${inWords(problem.retryAfter)}, then try again.`,
  invalid_credentials: "The email address or the password is wrong.",
  email_taken: "This email address already has an account. Log in, or reset your password.",
  email_not_verified: "Verify your email address first, with the link or the code in our email.",
  account_disabled: "This account is disabled. Contact us if you think that this is a mistake.",
  invalid_token: "This link or code is wrong, expired or already used. Only the newest email counts.",
  invalid_refresh_token: "Your session has ended. Log in again.",
  not_authenticated: "Your session has ended. Log in again.",
  reauthentication_required: (problem) => problem instanceof ReauthenticationRequired && problem.factors.length > 0 ? "Confirm that it is you: enter your password and a code, or use a passkey." : "Enter your current password to continue.",
  invalid_code: "This code is wrong, or has been used. Enter the next one.",
  invalid_credential: "This passkey could not be added. Try again.",
  mfa_required_by_policy: "Your account must have a second factor. Add another one before you remove this one.",
  mfa_enrolment_required: "Set up a second factor first.",
  weak_password: "Choose a different password.",
  validation_error: "Check the marked fields.",
  oauth_error: "The login with this provider failed. Try again.",
  link_required: "This email address already has an account. Log in to it first, then link the provider under “Login methods”.",
  last_credential: "This is the only login method of your account. Set a password first, or link another provider.",
  conflict: "This provider is already linked, to this account or to another one.",
};

const ABOUT_PASSKEYS: Record<string, string> = {
  NotAllowedError: "No passkey was used. Try again.",
  InvalidStateError: "This device has a passkey for your account already.",
};

export function sentence(problem: unknown): string {
  if (problem instanceof Problem) {
    const told = SENTENCES[problem.code] ?? problem.message;
    return typeof told === "string" ? told : told(problem);
  }
  if (problem instanceof DOMException) return ABOUT_PASSKEYS[problem.name] ?? "The browser cannot use this passkey.";
  console.error(problem);
  return "Something went wrong on this page. Reload it and try again.";
}

/** For an error code in the URL. */
export const sentenceFor = (code: string): string => sentence(new Problem({ status: 0, code, detail: "That did not work. Try again." }));

function inWords(seconds = 60): string {
  if (seconds < 60) return seconds === 1 ? "a second" : `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes === 1 ? "a minute" : minutes < 60 ? `${minutes} minutes` : "an hour";
}

const Fields = createContext<Record<string, string[]>>({});

type Values = Record<string, string>;

/**
 * `onSubmit` receives what was typed and can return a sentence to show. If it throws a Problem, the fields keep their
 * values, and the focus moves to the first invalid field, or to the message. `help` can show more for a Problem.
 */
export function Form(props: { button: string; label?: string; danger?: boolean; look?: "other"; clears?: boolean; help?: (problem: Problem) => ReactNode; onSubmit: (values: Values) => Promise<string | void>; children?: ReactNode }) {
  const [state, setState] = useState<{ busy?: boolean; problem?: unknown; done?: string | undefined }>({});
  const form = useRef<HTMLFormElement>(null);
  const told = state.problem === undefined ? undefined : sentence(state.problem);
  const fields = state.problem instanceof Problem ? state.problem.fields : {};

  useEffect(() => {
    if (!told) return;
    const wrong = form.current?.querySelector<HTMLElement>("[aria-invalid=true]");
    (wrong ?? form.current?.querySelector<HTMLElement>("[role=alert]"))?.focus();
  }, [state, told]);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (state.busy) return;
    const element = event.currentTarget;
    setState({ busy: true });
    try {
      const done = await props.onSubmit(Object.fromEntries(new FormData(element)) as Values);
      if (props.clears) element.reset();
      setState({ done: done ?? undefined });
    } catch (problem) {
      setState({ problem });
    }
  }

  return (
    <form ref={form} noValidate onSubmit={submit} aria-busy={state.busy ?? false}>
      <Fields value={fields}>{props.children}</Fields>
      {told && <Sorry>{[told, ...errorsOfOtherFields(fields, form.current)].join(" ")}</Sorry>}
      {state.problem instanceof Problem && props.help?.(state.problem)}
      {state.done && <p role="status" className="note good">{state.done}</p>}
      <button type="submit" className={props.danger ? "danger" : props.look} aria-disabled={state.busy} aria-label={props.label}>{props.button}</button>
    </form>
  );
}

/** A message that screen readers announce as soon as it appears. */
export function Sorry({ children }: { children: ReactNode }) {
  return <p role="alert" tabIndex={-1} className="note bad">{children}</p>;
}

/** Errors of fields that this form does not have. */
function errorsOfOtherFields(fields: Record<string, string[]>, form: HTMLFormElement | null): string[] {
  return Object.entries(fields).flatMap(([name, messages]) => (form?.elements.namedItem(name) ? [] : messages.map((message) => `${name} ${message}.`)));
}

export function Field({ label, hint, ...input }: { label: string; hint?: ReactNode; name: string } & ComponentProps<"input">) {
  const id = useId();
  const wrong = use(Fields)[input.name] ?? [];
  const [shown, setShown] = useState(false);
  const isPassword = input.type === "password";
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="input">
        <input {...input} id={id} type={isPassword && shown ? "text" : input.type} aria-invalid={wrong.length > 0} aria-describedby={`${id}-hint ${id}-wrong`} />
        {isPassword && (
          <button type="button" className="quiet" aria-label={`${shown ? "Hide" : "Show"}: ${label}`} onClick={() => setShown(!shown)}>{shown ? "Hide" : "Show"}</button>
        )}
      </div>
      <p id={`${id}-hint`} className="hint">{hint}</p>
      <p id={`${id}-wrong`} className="wrong">{wrong.map((message) => `${message.charAt(0).toUpperCase()}${message.slice(1)}.`).join(" ")}</p>
    </div>
  );
}
