// Forms that lose nothing, and say in words what went wrong and where. Copy this file.
import { type ComponentProps, type FormEvent, type ReactNode, createContext, use, useEffect, useId, useRef, useState } from "react";
import { Problem } from "credential-client";

/** What to tell a person, by the problem's code. A code that is not here is told in the service's own words. */
const SENTENCES: Record<string, string | ((problem: Problem) => string)> = {
  unreachable: "We cannot reach the service. Check your connection and try again; what you typed is still here.",
  unavailable: "The service is taking a short break. Try again in a moment; what you typed is still here.",
  overloaded: "Many people are signing in at once. Try again in a moment; what you typed is still here.",
  rate_limited: (problem) => `That was a lot of attempts. Wait ${inWords(problem.retryAfter)}, then try again.`,
  invalid_credentials: "The email address or the password is wrong.",
  email_taken: "There is an account with this address already. Log in, or set a new password.",
  email_not_verified: "Confirm your address first, with the link or the code in our mail.",
  account_disabled: "This account has been disabled. Write to us if you think that is a mistake.",
  invalid_token: "That link or code is not right, has been used, or is too old. Only the newest mail counts.",
  invalid_refresh_token: "You have been signed out. Log in again.",
  not_authenticated: "You have been signed out. Log in again.",
  reauthentication_required: "This needs your password. If you have none, set one first: “Forgotten your password?” on the login page sends a link.",
  weak_password: "Choose another password.",
  validation_error: "Something is not right yet. Look at the marked fields.",
  oauth_error: "Signing in there did not work. Try again.",
  link_required: "There is an account with this address already. Log in as usual; then you can link it below “Ways to sign in”.",
  last_credential: "This is the only way into your account. Set a password first, or link another provider.",
  conflict: "That is linked already, to this account or another one. Unlink it there first.",
};

export function sentence(problem: unknown): string {
  if (problem instanceof Problem) {
    const told = SENTENCES[problem.code] ?? problem.message;
    return typeof told === "string" ? told : told(problem);
  }
  console.error(problem);
  return "Something went wrong on this page. Reload it and try again.";
}

/** For a code that came in an address. */
export const sentenceFor = (code: string): string => sentence(new Problem({ status: 0, code, detail: "That did not work. Try again." }));

function inWords(seconds = 60): string {
  if (seconds < 60) return seconds === 1 ? "a second" : `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes === 1 ? "a minute" : minutes < 60 ? `${minutes} minutes` : "an hour";
}

const Fields = createContext<Record<string, string[]>>({});

type Values = Record<string, string>;

/**
 * `onSubmit` gets what was typed and may answer with a sentence for the person. Where it throws a Problem, the fields keep
 * what they hold, and the focus goes to the first one that is wrong, or to the sentence.
 */
export function Form(props: { button: string; danger?: boolean; clears?: boolean; onSubmit: (values: Values) => Promise<string | void>; children?: ReactNode }) {
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
      {told && <Sorry>{[told, ...homeless(fields, form.current)].join(" ")}</Sorry>}
      {state.done && <p role="status" className="note good">{state.done}</p>}
      <button type="submit" className={props.danger ? "danger" : undefined} aria-disabled={state.busy}>{props.button}</button>
    </form>
  );
}

/** A sentence that is read out as soon as it is there. */
export function Sorry({ children }: { children: ReactNode }) {
  return <p role="alert" tabIndex={-1} className="note bad">{children}</p>;
}

/** What is wrong with fields that this form does not have. */
function homeless(fields: Record<string, string[]>, form: HTMLFormElement | null): string[] {
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
