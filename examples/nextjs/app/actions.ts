"use server";
// The server actions of all forms. Each is a public endpoint: anyone can call it with any fields. Next.js rejects calls
// from other sites.
import { revalidatePath } from "next/cache";
import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { MfaRequired, Problem } from "credential-client";

import { type FormState, captchaIn, submit } from "../lib/form-state";
import { LINKS, type LinkName, isLinkName } from "../lib/links";
import { SERVICE_URL, SITE_URL, service } from "../lib/service";
import { DEVICE, PENDING, REFRESH, asVisitor, cookie, endSession, pendingLoginCookie, startSession } from "../lib/session";

const SECONDS_PENDING = 30 * 60;

// ---------------------------------------------------------------------------------------------------- sign-up and login

export async function signUp(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async ({ email = "", username = "", password = "", ...more }) => {
    const result = await service.auth.signup({ body: { email, username: username || null, password, ...captchaIn(more) }, headers: await asVisitor() });
    if (!("access_token" in result)) await verifyFirst(email, "/verify-email");
    else await startSession(result);
    redirect("/account");
  });
}

export async function logIn(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async ({ email = "", password = "", ...more }) => {
    const jar = await cookies();
    try {
      const body = { email, password, device_token: jar.get(DEVICE)?.value ?? null, ...captchaIn(more) };
      await startSession(await service.auth.login({ body, headers: await asVisitor() }));
    } catch (problem) {
      if (problem instanceof MfaRequired) {
        jar.set(pendingLoginCookie(problem));
        redirect("/second-step");
      }
      if (!(problem instanceof Problem && problem.code === "email_not_verified")) throw problem;
      await verifyFirst(email, "/verify-email?notice=not_verified");
    }
    redirect("/account");
  });
}

async function verifyFirst(email: string, page: string): Promise<never> {
  (await cookies()).set(cookie(PENDING, email, SECONDS_PENDING));
  redirect(page);
}

export async function logOut(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const refreshToken = (await cookies()).get(REFRESH)?.value;
    if (refreshToken) {
      await service.auth.logout({ body: { refresh_token: refreshToken }, headers: await asVisitor() }).catch((problem: unknown) => {
        if (!(problem instanceof Problem && problem.status === 401)) throw problem; // 401: the session has ended already
      });
    }
    await endSession();
    redirect("/login?notice=logged_out");
  });
}

// ------------------------------------------------------------------------------------------------------ links and codes

export async function verifyCode(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async ({ email = "", code = "" }) => {
    await service.auth.verifyEmail({ body: { email, code: code.replaceAll(/\s/g, "") }, headers: await asVisitor() });
    await goOn();
  });
}

export async function verifyLink(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async ({ token = "" }) => {
    await service.auth.verifyEmail({ body: { token }, headers: await asVisitor() }); // the access token keeps this session
    await goOn();
  });
}

async function goOn(): Promise<never> {
  redirect((await cookies()).has(REFRESH) ? "/account?notice=verified" : "/login?notice=verified");
}

export async function resendVerification(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async ({ email = "" }) => {
    await service.auth.resendVerification({ body: { email }, headers: await asVisitor() });
    return "We have sent you a new email. The code in the previous one no longer works.";
  });
}

export async function requestPasswordReset(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async ({ email = "", ...more }) => {
    await service.auth.requestPasswordReset({ body: { email, ...captchaIn(more) }, headers: await asVisitor() });
    return `If ${email} has an account, we have sent an email with a link. The link works for half an hour.`;
  });
}

const FOLLOW: Record<LinkName, (token: string, password: string, headers: Record<string, string>) => Promise<unknown>> = {
  "confirm-email-change": (token, _, headers) => service.auth.verifyEmail({ body: { token }, headers }),
  "reset-password": (token, new_password, headers) => service.auth.resetPassword({ body: { token, new_password }, headers }),
  "accept-invitation": (token, new_password, headers) => service.auth.resetPassword({ body: { token, new_password }, headers }),
  "not-me": (token, _, headers) => service.auth.disown({ body: { token }, headers }),
  "secure-account": (token, _, headers) => service.auth.secureAccount({ body: { token }, headers }),
  "undo-email-change": (token, _, headers) => service.auth.undoEmailChange({ body: { token }, headers }),
};

/** Perform the action of a link in an email. */
export async function followLink(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async ({ link = "", token = "", new_password = "" }) => {
    if (!isLinkName(link)) throw new Problem({ status: 404, code: "not_found", detail: "This page does not exist." });
    await FOLLOW[link](token, new_password, await asVisitor());
    redirect(LINKS[link].next);
  });
}

// -------------------------------------------------------------------------------------------------------------- account

export async function updateProfile(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async ({ username = "" }) => {
    await service.users.updateMe({ body: { username }, headers: await asVisitor() });
    revalidatePath("/", "layout");
    return "Saved.";
  });
}

export async function changePassword(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async ({ old_password = "", new_password = "" }) => {
    await service.auth.changePassword({ body: { old_password, new_password }, headers: await asVisitor() });
    revalidatePath("/account");
    return "Your password is changed, and your other devices are logged out.";
  });
}

export async function changeEmail(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async ({ new_email = "", password = "" }) => {
    await service.users.changeEmail({ body: { new_email, password: password || null }, headers: await asVisitor() });
    return `We have sent a link to ${new_email}. Your email address changes when you open it.`;
  });
}

export async function unlinkProvider(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async ({ provider = "", password = "" }) => {
    await service.users.unlinkProvider({ path: { provider }, body: { password: password || null }, headers: await asVisitor() });
    revalidatePath("/account");
  });
}

/**
 * Redirect the browser to a provider to link it. The response of the service sets a cookie that its callback
 * requires, so this works only if the service has the same host name as this site (see README.md).
 */
export async function linkProvider(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async ({ provider = "", password = "" }) => {
    const url = new URL(`/oauth/${encodeURIComponent(provider)}/link`, SERVICE_URL);
    url.searchParams.set("redirect_to", `${SITE_URL}/account`);
    const headers = { ...(await asVisitor()), "Content-Type": "application/json" };
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ password: password || null }), cache: "no-store" }).catch(() => {
      throw Problem.unreachable();
    });
    if (!response.ok) throw await Problem.of(response);
    for (const line of response.headers.getSetCookie()) await passOn(line);
    redirect((await response.json()).authorization_url);
  });
}

async function passOn(setCookie: string): Promise<void> {
  const [pair = "", ...rest] = setCookie.split(";").map((part) => part.trim());
  const attributes = new Map(rest.map((part) => [part.split("=")[0]!.toLowerCase(), part.slice(part.indexOf("=") + 1)]));
  (await cookies()).set({
    name: pair.slice(0, pair.indexOf("=")),
    value: pair.slice(pair.indexOf("=") + 1),
    path: attributes.get("path") ?? "/",
    ...(attributes.has("max-age") && { maxAge: Number(attributes.get("max-age")) }),
    httpOnly: true,
    secure: attributes.has("secure"),
    sameSite: attributes.get("samesite")?.toLowerCase() === "none" ? "none" : "lax",
  });
}

export async function logOutDevice(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async ({ session_id = "" }) => {
    await service.users.endSession({ path: { session_id }, headers: await asVisitor() });
    revalidatePath("/account");
  });
}

export async function deleteAccount(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async ({ password = "" }) => {
    await service.users.deleteMe({ body: { password: password || null }, headers: await asVisitor() });
    await endSession();
    redirect("/signup?notice=account_deleted");
  });
}
