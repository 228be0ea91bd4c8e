// Forms that keep the user's input, show each error next to its field, and indicate that they are waiting.
import { type ComponentProps, type FormEvent, type ReactNode, createContext } from "react";
import { use, useEffect, useId, useRef, useState } from "react";
import { Problem } from "credential-client";

import { sentence } from "./sentences";

const FieldErrors = createContext<Record<string, string[]>>({});

/** The errors of a field, as one text, which is empty if there are none. */
export function useFieldError(name: string): string {
  const messages = use(FieldErrors)[name] ?? [];
  return messages.map((message) => `${message.charAt(0).toUpperCase()}${message.slice(1)}.`).join(" ");
}

type Values = Record<string, string>;

interface FormProps {
  button: ReactNode;
  /** The accessible name of the button, if its text is not sufficient. It must begin with that text. */
  label?: string;
  look?: Look | undefined;
  /** Clear the fields after success. */
  clears?: boolean;
  /** Additional content for a Problem. */
  help?: (problem: Problem) => ReactNode;
  /** Receives the user's input, and can return a message to show. */
  onSubmit: (values: Values) => Promise<string | void>;
  children?: ReactNode;
}

/** If `onSubmit` throws, the fields keep their values, and the first invalid field, or the message, gets the focus. */
export function Form({ button, label, look, clears, help, onSubmit, children }: FormProps) {
  const [state, setState] = useState<{ busy?: boolean; problem?: unknown; done?: string | undefined }>({});
  const form = useRef<HTMLFormElement>(null);
  const told = state.problem === undefined ? undefined : sentence(state.problem);
  const errors = state.problem instanceof Problem ? state.problem.fields : {};

  useEffect(() => {
    if (!told) return;
    const invalid = form.current?.querySelector<HTMLElement>("[aria-invalid=true]");
    (invalid ?? form.current?.querySelector<HTMLElement>("[role=alert]"))?.focus();
  }, [state, told]);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (state.busy) return;
    const element = event.currentTarget;
    const heading = element.closest("section")?.querySelector<HTMLElement>("h2[tabindex]");
    setState({ busy: true });
    try {
      const done = await onSubmit(Object.fromEntries(new FormData(element)) as Values);
      if (clears) element.reset();
      setState({ done: done ?? undefined });
      setTimeout(() => keepFocus(element, heading));
    } catch (problem) {
      setState({ problem });
    }
  }

  return (
    <form ref={form} noValidate onSubmit={submit}>
      {told && <Message>{[told, ...errorsOfOtherFields(errors, form.current)].join(" ")}</Message>}
      {state.problem instanceof Problem && help?.(state.problem)}
      {state.done && <p role="status" className="message good">{state.done}</p>}
      <FieldErrors value={errors}>{children}</FieldErrors>
      <Button type="submit" look={look} busy={state.busy ?? false} aria-label={label}>{button}</Button>
    </form>
  );
}

/** If the focus was in a row that was removed, it moves to the section. */
function keepFocus(form: HTMLFormElement, heading: HTMLElement | null | undefined): void {
  if (!form.isConnected && document.activeElement === document.body) heading?.focus();
}

/** Errors of fields that this form does not have. */
function errorsOfOtherFields(errors: Record<string, string[]>, form: HTMLFormElement | null): string[] {
  const others = Object.entries(errors).filter(([name]) => !form?.elements.namedItem(name));
  return others.flatMap(([name, messages]) => messages.map((message) => `${name} ${message}.`));
}

/** A message that screen readers announce as soon as it appears. */
export function Message({ children }: { children: ReactNode }) {
  return <p role="alert" tabIndex={-1} className="message bad">{children}</p>;
}

export function Spinner() {
  return <span className="spinner" aria-hidden="true" />;
}

export type Look = "main" | "other" | "plain" | "danger";

interface ButtonProps extends Omit<ComponentProps<"button">, "onClick"> {
  /** "main" is the one action of a form. */
  look?: Look | undefined;
  /** Whether a request is in progress. Set automatically with `onPress`. */
  busy?: boolean;
  onPress?: () => unknown;
}

/**
 * A button that indicates that it is waiting, and cannot be pressed again meanwhile. It keeps the focus, which the attribute
 * `disabled` would remove.
 */
export function Button({ look = "main", busy = false, onPress, children, ...button }: ButtonProps) {
  const [waits, setWaits] = useState(false);
  const isBusy = busy || waits;
  const press = async () => {
    if (isBusy || !onPress) return;
    setWaits(true);
    try {
      await onPress();
    } finally {
      setWaits(false);
    }
  };
  const state = isBusy ? { "aria-busy": true, "aria-disabled": true } : {};
  return (
    <button type="button" {...button} {...state} className={`button ${look}`} onClick={onPress && (() => void press())}>
      <span>{children}</span>
    </button>
  );
}

interface FieldProps extends ComponentProps<"input"> {
  label: ReactNode;
  hint?: ReactNode;
  name: string;
  /** Content at the end of the field, inside it. */
  end?: ReactNode;
  /** Content between the field and its error. */
  below?: ReactNode;
}

export function Field({ label, hint, end, below, ...input }: FieldProps) {
  const id = useId();
  const error = useFieldError(input.name);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="input">
        <input {...input} id={id} aria-invalid={error !== ""} aria-describedby={`${id}-error ${id}-hint`} />
        {end}
      </div>
      <p id={`${id}-error`} className="error">{error}</p>
      <div id={`${id}-hint`} className="hint">{hint}</div>
      {below}
    </div>
  );
}
