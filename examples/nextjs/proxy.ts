// Runs before each page, server action and route handler: refreshes an expired session, since server components cannot
// set cookies, and sets the content security policy.
import { type NextRequest, NextResponse } from "next/server";
import { Problem } from "credential-client";

import { refresh } from "./lib/refresh";
import { ACCESS, REFRESH, cookie, cookiesFor } from "./lib/session";

export const config = { matcher: ["/((?!_next/|icon.svg).*)"] };

export async function proxy(request: NextRequest): Promise<NextResponse> {
  const changes = await changedCookies(request);
  for (const { name, value } of changes) value ? request.cookies.set(name, value) : request.cookies.delete(name); // for this request

  const headers = new Headers(request.headers);
  const policy = contentSecurityPolicy(Buffer.from(crypto.randomUUID()).toString("base64"));
  headers.set("Content-Security-Policy", policy); // Next.js reads the nonce from it

  const response = NextResponse.next({ request: { headers } });
  response.headers.set("Content-Security-Policy", policy);
  for (const each of changes) response.cookies.set(each); // for the browser
  return response;
}

/** New tokens if the access token has expired; deleted cookies if the session has ended. */
async function changedCookies(request: NextRequest) {
  const refreshToken = request.cookies.get(REFRESH)?.value;
  if (!refreshToken || request.cookies.has(ACCESS)) return [];
  try {
    return cookiesFor(await refresh(refreshToken, request.headers));
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    // Only this code means that the session has ended. After any other, the page says that the service is unavailable.
    return problem.code === "invalid_refresh_token" ? [cookie(ACCESS, "", 0), cookie(REFRESH, "", 0)] : [];
  }
}

function contentSecurityPolicy(nonce: string): string {
  const isDevelopment = process.env.NODE_ENV === "development";
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ""}`,
    `style-src 'self'${isDevelopment ? " 'unsafe-inline'" : ""}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}
