"use server";
// Login with a link or a code in an email. The flow, which identifies the browser that requested it, is in a cookie.
import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { MfaRequired } from "credential-client";

import { type FormState, captchaIn, submit } from "../lib/form-state";
import { service } from "../lib/service";
import { DEVICE, LOGIN_FLOW, asVisitor, cookie, pendingLoginCookie, startSession } from "../lib/session";

/** Send a login link. The response is the same for every email address. */
export async function requestLoginLink(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async ({ email = "", ...more }) => {
    const sent = await service.auth.requestMagicLink({ body: { email, ...captchaIn(more) }, headers: await asVisitor() });
    const flow = JSON.stringify({ email, flow: sent.flow });
    (await cookies()).set(cookie(LOGIN_FLOW, flow, sent.expires_in));
    redirect("/login/email");
  });
}

/** Return to the form for the email address. */
export async function forgetLoginLink(): Promise<void> {
  (await cookies()).delete(LOGIN_FLOW);
  redirect("/login/email");
}

/** Log in with the token of the link, or with the code. */
export async function logInByEmail(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async ({ token, code = "" }) => {
    const jar = await cookies();
    const { email, flow } = begun(jar.get(LOGIN_FLOW)?.value);
    const proof = token ? { token } : { email, code };
    try {
      const body = { ...proof, flow, device_token: jar.get(DEVICE)?.value ?? null };
      await startSession(await service.auth.confirmMagicLink({ body, headers: await asVisitor() }));
    } catch (problem) {
      if (!(problem instanceof MfaRequired)) throw problem;
      jar.set(pendingLoginCookie(problem));
      jar.delete(LOGIN_FLOW);
      redirect("/second-step");
    }
    jar.delete(LOGIN_FLOW);
    redirect("/account");
  });
}

function begun(value: string | undefined): { email: string; flow: string | null } {
  try {
    const { email, flow } = JSON.parse(value ?? "");
    return { email: String(email), flow: String(flow) };
  } catch {
    return { email: "", flow: null };
  }
}
