import { redirect } from "next/navigation";
import { type Captcha, CaptchaRequired, Problem, ReauthenticationRequired } from "credential-client";

import { messageFor } from "./messages";
import { SERVICE_URL } from "./service";

/** The result of a server action for its form. */
export interface FormState {
  done?: string;
  error?: string;
  code?: string;
  /** The types of factors, one of which must be used to confirm the action. */
  factors?: string[];
  recoveryCodes?: string[];
  /** The CAPTCHA that the browser solves before it sends the form again. */
  captcha?: Captcha;
  /** The errors of each field, by its name. */
  fields?: Record<string, string[]>;
  /** The user's input, without passwords. Needed only without JavaScript, when the browser loads the page again. */
  values?: Record<string, string>;
}

/**
 * Run a server action: `work` receives the user's input, and returns a message or redirects. A Problem becomes the state
 * of the form, so that no input is lost.
 */
export async function submit(form: FormData, work: (typed: Record<string, string>) => Promise<string | FormState | void>): Promise<FormState> {
  const typed: Record<string, string> = {};
  for (const [name, value] of form) if (typeof value === "string" && !name.startsWith("$")) typed[name] = value;
  try {
    const done = await work(typed);
    return typeof done === "string" ? { done } : done ?? {};
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.code === "not_authenticated") redirect("/login?notice=session_ended");
    if (problem.code === "mfa_enrolment_required") redirect("/account/factors");
    const values = Object.fromEntries(Object.entries(typed).filter(([name]) => !/password|code|credential|captcha/.test(name)));
    const factors = problem instanceof ReauthenticationRequired ? problem.factors : [];
    const captcha = problem instanceof CaptchaRequired ? { captcha: await captchaOf(problem) } : {};
    return { error: messageFor(problem), code: problem.code, factors, fields: problem.fields, values, ...captcha };
  }
}

/** The browser may not reach the service, so this server gets the challenge. The browser solves it. */
async function captchaOf({ provider, siteKey }: CaptchaRequired): Promise<Captcha> {
  if (provider !== "altcha") return { provider, siteKey };
  const response = await fetch(`${SERVICE_URL}/auth/captcha`, { cache: "no-store" }).catch(() => undefined);
  return { provider, siteKey, ...(response?.ok && { challenge: await response.json() }) };
}

/** The solved CAPTCHA of a form, for the body of a request. */
export function captchaIn(typed: Record<string, string>): { captcha_token?: string } {
  return typed["captcha_token"] ? { captcha_token: typed["captcha_token"] } : {};
}
