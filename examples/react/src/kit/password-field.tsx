import { type ComponentProps, type ReactNode, useEffect, useId, useRef, useState } from "react";

import { Field } from "./form";
import { estimate, rulesFor } from "./password-strength";

interface Props extends Omit<ComponentProps<typeof Field>, "type" | "end" | "label"> {
  label: string;
}

/** A password field with a button that shows the password. */
export function PasswordField({ label, ...field }: Props) {
  const [isShown, setIsShown] = useState(false);
  const show = (
    <button
      type="button"
      className="show"
      aria-label={`${isShown ? "Hide" : "Show"}: ${label}`}
      onClick={() => setIsShown(!isShown)}
    >
      {isShown ? "Hide" : "Show"}
    </button>
  );
  return (
    <Field
      autoCapitalize="none"
      spellCheck={false}
      {...field}
      label={label}
      type={isShown ? "text" : "password"}
      end={show}
    />
  );
}

interface NewProps extends Props {
  /** Further values that the password must not equal, in addition to the fields `email` and `username` of the form. */
  forbidden?: string[];
  children?: ReactNode;
}

/** A field for a new password, which shows the rules that it meets and an estimate of its strength. */
export function NewPasswordField({ forbidden = [], hint, ...field }: NewProps) {
  const input = useRef<HTMLInputElement>(null);
  const [password, setPassword] = useState("");
  const [others, setOthers] = useState<string[]>([]);
  const title = useId();
  useEffect(() => {
    const form = input.current?.form;
    const read = () => {
      const fields = ["email", "username"].map((name) => form?.elements.namedItem(name));
      setPassword(input.current?.value ?? "");
      setOthers(fields.filter((field) => field instanceof HTMLInputElement).map(({ value }) => value));
    };
    const readWhenEmptied = () => setTimeout(read);
    read(); // a browser may have filled it already
    form?.addEventListener("input", read);
    form?.addEventListener("reset", readWhenEmptied);
    return () => {
      form?.removeEventListener("input", read);
      form?.removeEventListener("reset", readWhenEmptied);
    };
  }, []);
  const known = [...forbidden, ...others];
  const rules = (
    <ul className="rules">
      {rulesFor(password, known).map(({ text, isMet }) => (
        <li key={text} className={isMet ? "met" : ""}>
          {text}<span className="unseen">{isMet ? " (met)" : " (not yet met)"}</span>
        </li>
      ))}
    </ul>
  );
  const { level, name } = estimate(password, known);
  const meter = password !== "" && (
    <div className="strength">
      <div
        className={`bar level-${level}`}
        role="meter"
        aria-labelledby={title}
        aria-valuemin={1}
        aria-valuemax={4}
        aria-valuenow={level}
        aria-valuetext={name}
      >
        {[1, 2, 3, 4].map((step) => <span key={step} className={step <= level ? "on" : ""} />)}
      </div>
      <p><span id={title}>Estimated strength</span><strong>{name}</strong></p>
    </div>
  );
  const below = <>{rules}{hint}</>;
  return <PasswordField autoComplete="new-password" required {...field} ref={input} hint={below} below={meter} />;
}
