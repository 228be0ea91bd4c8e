import { cache } from "react";
import { cookies, headers } from "next/headers";
import { type MfaRequired, Problem, type Tokens, type User } from "credential-client";

import { SITE_URL, headersFor, service } from "./service";

const secure = SITE_URL.startsWith("https:");
const prefix = secure ? "__Host-" : ""; // with it, no other host of the domain can set the cookie

export const ACCESS = `${prefix}session_access`;
export const REFRESH = `${prefix}session_refresh`;
/** The email address to verify, so that users do not have to type it again. */
export const PENDING = `${prefix}pending_email`;
/** A login that is waiting for its second factor: see PendingLogin. */
export const PENDING_LOGIN = `${prefix}pending_login`;
/** The token of a trusted device, which skips the second factor. */
export const DEVICE = `${prefix}trusted_device`;
const SECONDS_DEVICE = 400 * 24 * 60 * 60; // the maximum that browsers allow; the service enforces its own limit
/** The browser that requested a login by email. */
export const LOGIN_FLOW = `${prefix}login_flow`;
/** The PKCE verifier of a login with a provider. */
export const FLOW = `${prefix}oauth_flow`;

/** Scripts cannot read the cookies of this site, and forms on other sites cannot send them. */
export function cookie(name: string, value: string, maxAge: number) {
  return { name, value, maxAge, httpOnly: true, sameSite: "lax", secure, path: "/" } as const;
}

/** The cookies that hold a session. */
export function cookiesFor(tokens: Tokens) {
  const device = tokens.device_token ? [cookie(DEVICE, tokens.device_token, SECONDS_DEVICE)] : [];
  return [cookie(ACCESS, tokens.access_token!, tokens.expires_in), cookie(REFRESH, tokens.refresh_token!, tokens.refresh_expires_in), ...device];
}

/** For server actions: log the browser in. */
export async function startSession(tokens: Tokens): Promise<void> {
  const jar = await cookies();
  for (const each of cookiesFor(tokens)) jar.set(each);
  for (const name of [PENDING, PENDING_LOGIN]) jar.delete(cookie(name, "", 0));
}

/** The result of the first step of a login. Its token stays in a cookie of this site. */
export interface PendingLogin {
  token: string;
  factors: string[];
}

export function pendingLoginCookie({ mfaToken, factors, expiresIn }: MfaRequired) {
  return cookie(PENDING_LOGIN, JSON.stringify({ token: mfaToken, factors } satisfies PendingLogin), expiresIn);
}

export async function pendingLogin(): Promise<PendingLogin | null> {
  try {
    return JSON.parse((await cookies()).get(PENDING_LOGIN)?.value ?? "null");
  } catch {
    return null;
  }
}

/** For server actions: log the browser out. */
export async function endSession(): Promise<void> {
  const jar = await cookies();
  for (const name of [ACCESS, REFRESH]) jar.delete(cookie(name, "", 0));
}

/** For server components, actions and route handlers: the headers of a request to the service as the current user. */
export async function asVisitor(): Promise<Record<string, string>> {
  return headersFor(await headers(), (await cookies()).get(ACCESS)?.value);
}

/**
 * The current user, or null. If several components call this, one request is sent.
 *
 * Throws a Problem if the service cannot be reached, so that an outage does not log users out.
 */
export const currentUser = cache(async (): Promise<User | null> => {
  const jar = await cookies();
  if (!jar.has(ACCESS)) {
    if (jar.has(REFRESH)) throw Problem.unreachable(); // proxy.ts could not refresh the session
    return null;
  }
  return service.users.me({ headers: await asVisitor() }).catch((problem: unknown) => {
    if (problem instanceof Problem && problem.status === 401) return null;
    throw problem;
  });
});
