"use server";

import { cookies, headers } from "next/headers";
import { Problem } from "credential-client";

import { linkOf } from "../../lib/links";
import { call } from "../../lib/service";
import { ACCESS } from "../../lib/session";

export interface Outcome { done: boolean; told: string }

/** Does what a link in an email is for. Anybody can call this with any arguments. */
export async function follow(name: string, token: string, password?: string): Promise<Outcome> {
  const link = linkOf(String(name));
  if (!link) return { done: false, told: "There is no such page." };
  const body = { token: String(token), ...(link.setsPassword && { new_password: String(password ?? "") }) };
  try {
    // With the access token, verifying an address keeps the session of this browser.
    const access = link.path === "/auth/verify-email" ? (await cookies()).get(ACCESS)?.value : undefined;
    await call("POST", link.path, { body, token: access, from: await headers() });
    return { done: true, told: link.done };
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    return { done: false, told: problem.message };
  }
}
