"use server";
// The server actions of second factors and passkeys. Credentials pass through the browser, but session tokens do not.
import { revalidatePath } from "next/cache";
import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { type CeremonyOptions, MfaRequired, type NewTotp, type PasskeyCredential, Problem, type Tokens } from "credential-client";

import { type FormState, submit } from "../lib/form-state";
import { refresh } from "../lib/refresh";
import { service } from "../lib/service";
import { ACCESS, DEVICE, REFRESH, asVisitor, cookie, cookiesFor, pendingLogin, pendingLoginCookie, startSession } from "../lib/session";

// ---------------------------------------------------------------------------------------------------------------- login

/** The second step of a login. */
export async function completeLogin(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async (typed) => {
    const pending = await pendingLogin();
    if (!pending) redirect("/login?notice=login_expired");
    const body = { mfa_token: pending.token, ...proofOf(typed), remember_device: typed["remember_device"] === "on" };
    await finish(service.auth.completeLogin({ body, headers: await asVisitor() }));
  });
}

/** Send a code by text message. */
export async function sendSecondStepCode(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const pending = await pendingLogin();
    if (!pending) redirect("/login?notice=login_expired");
    await service.auth.sendSecondStepCode({ body: { mfa_token: pending.token }, headers: await asVisitor() });
    redirect("/second-step?method=sms&notice=code_sent");
  });
}

export async function beginSecondStep(): Promise<CeremonyOptions | FormState> {
  const pending = await pendingLogin();
  if (!pending) redirect("/login?notice=login_expired");
  return begun(service.auth.secondStepOptions({ body: { mfa_token: pending.token }, headers: await asVisitor() }));
}

export async function beginPasskeyLogin(): Promise<CeremonyOptions | FormState> {
  return begun(service.auth.passkeyOptions({ headers: await asVisitor() }));
}

export async function logInWithPasskey(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async (typed) => {
    const body = { ...passkeyOf(typed), device_token: (await cookies()).get(DEVICE)?.value ?? null };
    await finish(service.auth.logInWithPasskey({ body, headers: await asVisitor() }));
  });
}

async function finish(login: Promise<Tokens>): Promise<never> {
  try {
    await startSession(await login);
  } catch (problem) {
    if (problem instanceof MfaRequired) {
      (await cookies()).set(pendingLoginCookie(problem));
      redirect("/second-step");
    }
    if (problem instanceof Problem && problem.code === "invalid_mfa_token") redirect("/login?notice=login_expired");
    throw problem;
  }
  redirect("/account");
}

// ---------------------------------------------------------------------------------------------------- re-authentication

export async function beginReauthentication(): Promise<CeremonyOptions | FormState> {
  return begun(service.auth.reauthenticationOptions({ headers: await asVisitor() }));
}

export async function reauthenticate(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async (typed) => {
    const body = { password: typed["password"] || null, ...proofOf(typed) };
    const token = await service.auth.reauthenticate({ body, headers: await asVisitor() });
    (await cookies()).set(cookie(ACCESS, token.access_token!, token.expires_in));
  });
}

// -------------------------------------------------------------------------------------------------------------- factors

export async function beginApp(form: FormData): Promise<NewTotp | FormState> {
  const password = String(form.get("password") ?? "") || null;
  return begun(service.users.beginTotp({ body: { password }, headers: await asVisitor() }));
}

export async function confirmApp(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async ({ factor_id = "", code = "" }) => {
    const body = { code: code.replaceAll(/\s/g, "") };
    return added(await service.users.confirmTotp({ path: { factor_id }, body, headers: await asVisitor() }));
  });
}

export async function beginPasskey(form: FormData): Promise<CeremonyOptions | FormState> {
  const password = String(form.get("password") ?? "") || null;
  return begun(service.users.newPasskeyOptions({ body: { password }, headers: await asVisitor() }));
}

export async function addPasskey(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async (typed) => {
    const body = { ...passkeyOf(typed), name: typed["name"] || null };
    return { done: "The passkey is added.", ...(await added(await service.users.addPasskey({ body, headers: await asVisitor() }))) };
  });
}

/** After the first factor was added, a session that could only set one up gets unrestricted tokens. */
async function added({ recovery_codes }: { recovery_codes: string[] }): Promise<FormState> {
  const jar = await cookies();
  const refreshToken = jar.get(REFRESH)?.value;
  if (recovery_codes.length > 0 && refreshToken) {
    for (const each of cookiesFor(await refresh(refreshToken, await headers()))) jar.set(each);
  }
  revalidatePath("/account/factors");
  return { recoveryCodes: recovery_codes };
}

export async function renameFactor(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async ({ factor_id = "", name = "" }) => {
    await service.users.renameFactor({ path: { factor_id }, body: { name }, headers: await asVisitor() });
    revalidatePath("/account/factors");
  });
}

export async function removeFactor(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async ({ factor_id = "" }) => {
    await service.users.removeFactor({ path: { factor_id }, headers: await asVisitor() });
    revalidatePath("/account/factors");
  });
}

export async function replaceRecoveryCodes(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { recovery_codes } = await service.users.replaceRecoveryCodes({ headers: await asVisitor() });
    revalidatePath("/account/factors");
    return { recoveryCodes: recovery_codes };
  });
}

export async function forgetTrustedDevice(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async ({ device_id = "" }) => {
    await service.users.forgetTrustedDevice({ path: { device_id }, headers: await asVisitor() });
    revalidatePath("/account/factors");
  });
}

// ------------------------------------------------------------------------------------------------------- what was typed

/** Six digits are a code from an authenticator app; any other input is a recovery code. */
function proofOf(typed: Record<string, string>) {
  const code = (typed["code"] ?? "").replaceAll(/\s/g, "");
  return {
    code: /^\d{6}$/.test(code) ? code : null,
    recovery_code: typed["recovery_code"] || (/^\d{6}$/.test(code) ? null : code || null),
    ...(typed["credential"] && passkeyOf(typed)),
  };
}

function passkeyOf(typed: Record<string, string>): { ceremony: string; credential: PasskeyCredential } {
  try {
    return { ceremony: typed["ceremony"] ?? "", credential: JSON.parse(typed["credential"] ?? "") };
  } catch {
    throw new Problem({ status: 400, code: "invalid_credential", detail: "This passkey is not valid." });
  }
}

/** The response that a client component continues with, or the state of its form. */
async function begun<Response>(response: Promise<Response>): Promise<Response | FormState> {
  try {
    return await response;
  } catch (problem) {
    return submit(new FormData(), () => Promise.reject(problem));
  }
}
