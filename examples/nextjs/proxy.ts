// Before each page: a session whose access token has expired is refreshed here, since server components cannot set cookies.
import { type NextRequest, NextResponse } from "next/server";
import { Problem, type Tokens } from "credential-client";

import { call } from "./lib/service";
import { ACCESS, REFRESH, cookiesFor } from "./lib/session";

export const config = { matcher: ["/account/:path*"] };

export async function proxy(request: NextRequest): Promise<NextResponse> {
  const refreshToken = request.cookies.get(REFRESH)?.value;
  if (request.cookies.has(ACCESS)) return NextResponse.next();
  if (!refreshToken) return NextResponse.redirect(new URL("/login", request.url));
  try {
    // Several requests may come here at once: within ten seconds the service gives all of them the same pair.
    const tokens = await call<Tokens>("POST", "/auth/refresh", { body: { refresh_token: refreshToken }, from: request.headers });
    for (const { name, value } of cookiesFor(tokens)) request.cookies.set(name, value); // for the page of this request
    const response = NextResponse.next({ request });
    for (const cookie of cookiesFor(tokens)) response.cookies.set(cookie); // for the browser
    return response;
  } catch (problem) {
    if (!(problem instanceof Problem && problem.code === "invalid_refresh_token")) throw problem;
    const response = NextResponse.redirect(new URL("/login", request.url));
    for (const name of [ACCESS, REFRESH]) response.cookies.delete(name);
    return response;
  }
}
