import { redirect } from "next/navigation";
import { Problem } from "credential-client";

import { messageFor } from "./messages";

/** What a server action returns to its form. */
export interface FormState {
  done?: string;
  error?: string;
  code?: string;
  /** The errors of each field, by its name. */
  fields?: Record<string, string[]>;
  /** What was typed, without passwords. Needed only where scripts are off: the browser then loads the page again. */
  values?: Record<string, string>;
}

/**
 * Run a server action: `work` receives what was typed and returns a sentence, or redirects. A Problem becomes the state
 * of the form, so that nothing that was typed is lost.
 */
export async function submit(form: FormData, work: (typed: Record<string, string>) => Promise<string | void>): Promise<FormState> {
  const typed: Record<string, string> = {};
  for (const [name, value] of form) if (typeof value === "string" && !name.startsWith("$")) typed[name] = value;
  try {
    const done = await work(typed);
    return done ? { done } : {};
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.code === "not_authenticated") redirect("/login?notice=session_ended");
    const values = Object.fromEntries(Object.entries(typed).filter(([name]) => !name.includes("password")));
    return { error: messageFor(problem), code: problem.code, fields: problem.fields, values };
  }
}
