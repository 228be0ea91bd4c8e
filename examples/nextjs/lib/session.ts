import { cookies } from "next/headers";
import { Problem, type Tokens, type User } from "credential-client";

import { call } from "./service";

export const ACCESS = "session_access";
export const REFRESH = "session_refresh";

/** The cookies of this site that hold a session. No script can read them. */
export function cookiesFor(tokens: Tokens) {
  const options = { httpOnly: true, sameSite: "lax", secure: process.env.NODE_ENV === "production", path: "/" } as const;
  return [
    { name: ACCESS, value: tokens.access_token!, maxAge: tokens.expires_in, ...options },
    { name: REFRESH, value: tokens.refresh_token!, maxAge: tokens.refresh_expires_in, ...options },
  ];
}

/** For server components: who is signed in, or null. Throws a Problem where the service is away: that signs nobody out. */
export async function currentUser(): Promise<User | null> {
  const token = (await cookies()).get(ACCESS)?.value;
  if (!token) return null;
  return call<User>("GET", "/users/me", { token }).catch((problem: unknown) => {
    if (problem instanceof Problem && problem.status === 401) return null;
    throw problem;
  });
}
