import { type ReactNode, useCallback, useEffect, useState } from "react";
import { Problem } from "credential-client";
import { useLocation } from "wouter";

import type { Passage } from "./page";

export function Card({ title, children }: { title: string; children: ReactNode }) {
  return <section className="card"><h2>{title}</h2>{children}</section>;
}

/** A card that the user opens. */
export function Drawer({ title, children }: { title: string; children: ReactNode }) {
  return <details className="card"><summary><h2>{title}</h2></summary>{children}</details>;
}

/** Something of the account, and a function that loads it again. An account that must set up a factor is led to that page. */
export function useLoaded<Value>(ask: () => Promise<Value>) {
  const [, go] = useLocation();
  const [value, setValue] = useState<Value>();
  const [problem, setProblem] = useState<unknown>();
  const reload = useCallback(async () => {
    try {
      setValue(await ask());
      setProblem(undefined);
    } catch (problem) {
      if (problem instanceof Problem && problem.code === "mfa_enrolment_required") go("/account/factors", { replace: true, state: {} satisfies Passage });
      else setProblem(problem);
    }
  }, [ask, go]);
  useEffect(() => void reload(), [reload]);
  return { value, problem, setProblem, reload };
}
