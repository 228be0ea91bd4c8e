import { type ReactNode, useCallback, useEffect, useId, useState } from "react";
import { Problem } from "credential-client";

import { Button, Spinner } from "./form";
import { useNavigation } from "./navigation";
import { sentence } from "./sentences";
import { settings } from "./settings";

interface Props {
  title: string;
  /** For a link to this section. */
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

/** A part of a section that the user opens. */
export function Disclosure({ title, children }: { title: string; children: ReactNode }) {
  return (
    <details className="disclosure">
      <summary><h3>{title}</h3></summary>
      <div>{children}</div>
    </details>
  );
}

/**
 * Something of the account, and a function that loads it again. An account that must set up a factor is led to that
 * page. Give it a function that is not created while rendering.
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

/** What a section shows until it is loaded. Sections can fail together, so this is no alert. */
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
