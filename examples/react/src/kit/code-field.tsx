import { type KeyboardEvent, type MouseEvent, type ReactNode, useId, useLayoutEffect, useRef, useState } from "react";

import { useFieldError } from "./form";

const LENGTH = 6;

interface Props {
  name: string;
  label: string;
  hint?: ReactNode;
  autoFocus?: boolean;
}

/**
 * Six boxes for the digits of a code. They are one field with one label, so that pasting, autofill of codes from SMS or an
 * authenticator (`one-time-code`), undo and screen readers work as in any field. The field is transparent, above the
 * boxes. A typed digit replaces the one in the selected box.
 */
export function CodeField({ name, label, hint, autoFocus }: Props) {
  const id = useId();
  const error = useFieldError(name);
  const input = useRef<HTMLInputElement>(null);
  const [digits, setDigits] = useState("");
  const [marked, setMarked] = useState<{ from: number; to: number }>();
  const cursor = useRef<number>(undefined);

  /** Select the box at this position, so that the next digit replaces its content. */
  const place = (at: number) => {
    const from = Math.max(0, Math.min(at, digits.length, LENGTH - 1));
    input.current?.setSelectionRange(from, Math.min(from + 1, digits.length));
    read();
  };
  const read = () => {
    const from = input.current?.selectionStart ?? 0; // with autoFocus, the focus comes before the ref
    const to = input.current?.selectionEnd ?? 0;
    setMarked({ from, to: Math.max(to, from + 1) });
  };
  useLayoutEffect(() => {
    if (cursor.current !== undefined && document.activeElement === input.current) place(cursor.current);
    cursor.current = undefined;
  }, [digits]);

  const change = (element: HTMLInputElement) => {
    const typed = digitsOf(element.value).slice(0, LENGTH);
    cursor.current = digitsOf(element.value.slice(0, element.selectionStart ?? LENGTH)).length;
    if (typed === digits) place(cursor.current);
    setDigits(typed);
  };
  const move = (event: KeyboardEvent) => {
    if (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
    const from = input.current?.selectionStart ?? 0;
    const targets: Record<string, number> = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: digits.length };
    const target = targets[event.key];
    if (target !== undefined) {
      event.preventDefault();
      place(target);
    }
    if (event.key === "Backspace" && isSingle(input.current) && from > 0) {
      // Delete the selected digit. Then select its box at the end of the code, or else the digit before it.
      event.preventDefault();
      cursor.current = from === digits.length - 1 ? from : from - 1;
      setDigits(digits.slice(0, from) + digits.slice(from + 1));
    }
  };
  const point = (event: MouseEvent<HTMLInputElement>) => {
    if (!isSingle(event.currentTarget, 1)) return; // the user has selected several digits
    const { left, width } = event.currentTarget.getBoundingClientRect();
    place(Math.floor(((event.clientX - left) / width) * LENGTH));
  };

  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="code-field" dir="ltr">
        <input
          ref={input}
          id={id}
          name={name}
          value={digits}
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          autoFocus={autoFocus}
          aria-invalid={error !== ""}
          aria-describedby={`${id}-error ${id}-hint`}
          onChange={(event) => change(event.currentTarget)}
          onKeyDown={move}
          onClick={point}
          onSelect={read}
          onFocus={read}
          onBlur={() => setMarked(undefined)}
        />
        {Array.from({ length: LENGTH }, (_, index) => {
          const isMarked = marked && index >= marked.from && index < marked.to;
          const look = isMarked ? "digit marked" : "digit";
          return <span key={index} className={look} aria-hidden="true">{digits[index]}</span>;
        })}
      </div>
      <p id={`${id}-error`} className="error">{error}</p>
      <div id={`${id}-hint`} className="hint">{hint}</div>
    </div>
  );
}

/** Whether exactly one digit is selected or, with `most`, at most that many. */
function isSingle(element: HTMLInputElement | null, most?: number): boolean {
  const count = (element?.selectionEnd ?? 0) - (element?.selectionStart ?? 0);
  return most === undefined ? count === 1 : count <= most;
}

const digitsOf = (text: string) => text.replaceAll(/\D/g, "");
