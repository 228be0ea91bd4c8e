import { type ReactNode, useCallback, useEffect, useId, useState } from "react";
import { Problem } from "credential-client";

import { Button, Spinner } from "./form";
import { useNavigation } from "./navigation";
import { sentence } from "./sentences";
import { settings } from "./settings";

interface Props {
  title: string;
  /** The target of links to this section. */
  id?: string;
  lead?: ReactNode;
  look?: "attention" | "danger";
  children: ReactNode;
}

/** A card of the account, with its title. */
export function Section({ title, id, lead, look, children }: Props) {
  const heading = useId();
  return (
    <section className={look ? `card ${look}` : "card"} id={id} aria-labelledby={heading}>
      <h2 id={heading} tabIndex={-1}>{title}</h2>
      {lead && <p className="lead">{lead}</p>}
      {children}
    </section>
  );
}

/** A collapsible part of a section. */
export function Disclosure({ title, children }: { title: string; children: ReactNode }) {
  return (
    <details className="disclosure">
      <summary><h3>{title}</h3></summary>
      <div>{children}</div>
    </details>
  );
}

/**
 * Load data of the account, and return it with a function that reloads it. If the account must set up a factor, redirects
 * to that page. `ask` must not be created during rendering.
 */
export function useLoaded<Value>(ask: () => Promise<Value>) {
  const { go } = useNavigation();
  const [value, setValue] = useState<Value>();
  const [problem, setProblem] = useState<unknown>();
  const reload = useCallback(async () => {
    try {
      setValue(await ask());
      setProblem(undefined);
    } catch (problem) {
      const mustEnrol = problem instanceof Problem && problem.code === "mfa_enrolment_required";
      if (mustEnrol) go(settings.paths.factors, { replace: true });
      else setProblem(problem);
    }
  }, [ask, go]);
  useEffect(() => void reload(), [reload]);
  return { value, problem, reload };
}

/** The content of a section until its data is loaded. Several sections can fail at once, so this is not an alert. */
export function Loading({ value, problem, reload }: ReturnType<typeof useLoaded>) {
  if (problem !== undefined) {
    return (
      <div className="message bad">
        <p>{sentence(problem)}</p>
        <Button look="other" onPress={reload}>Try again</Button>
      </div>
    );
  }
  return value === undefined && <p className="waiting"><Spinner />Loading …</p>;
}
