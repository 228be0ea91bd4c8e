// POST logs in, DELETE logs out. The browser sends address and password to this site, and gets cookies of this site.
import { type NextRequest, NextResponse } from "next/server";
import { Problem, type Tokens } from "credential-client";

import { call } from "../../lib/service";
import { ACCESS, REFRESH, cookiesFor } from "../../lib/session";

export async function POST(request: NextRequest): Promise<NextResponse> {
  if (isForeign(request)) return NextResponse.json({ code: "cross_site_request" }, { status: 403 });
  try {
    const { email, password } = await request.json();
    const tokens = await call<Tokens>("POST", "/auth/login", { body: { email, password }, from: request.headers });
    const response = NextResponse.json({ user_id: tokens.user_id });
    for (const cookie of cookiesFor(tokens)) response.cookies.set(cookie);
    return response;
  } catch (problem) {
    return refusal(problem);
  }
}

export async function DELETE(request: NextRequest): Promise<NextResponse> {
  if (isForeign(request)) return NextResponse.json({ code: "cross_site_request" }, { status: 403 });
  const refreshToken = request.cookies.get(REFRESH)?.value;
  try {
    if (refreshToken) await call("POST", "/auth/logout", { body: { refresh_token: refreshToken } });
  } catch (problem) {
    if (!(problem instanceof Problem && problem.status === 401)) return refusal(problem); // 401: it had ended already
  }
  const response = new NextResponse(null, { status: 204 });
  for (const name of [ACCESS, REFRESH]) response.cookies.delete(name);
  return response;
}

/** Cookies come along whatever page asks: only a page of ours may. */
function isForeign(request: NextRequest): boolean {
  const origin = request.headers.get("Origin");
  return !origin || !URL.canParse(origin) || new URL(origin).host !== request.headers.get("Host");
}

function refusal(problem: unknown): NextResponse {
  if (!(problem instanceof Problem)) return NextResponse.json({ code: "malformed_request", detail: "Send address and password as JSON." }, { status: 400 });
  const headers = problem.retryAfter ? { "Retry-After": String(problem.retryAfter) } : undefined;
  return NextResponse.json({ code: problem.code, detail: problem.message }, { status: problem.status || 503, headers });
}
