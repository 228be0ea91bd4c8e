// GET /session/return: a login with a provider returns here, with a one-time code or an error.
import { type NextRequest, NextResponse } from "next/server";
import { MfaRequired, Problem } from "credential-client";

import { SITE_URL, headersFor, service } from "../../../lib/service";
import { DEVICE, FLOW, REFRESH, cookie, cookiesFor, pendingLoginCookie } from "../../../lib/session";

export async function GET(request: NextRequest): Promise<NextResponse> {
  const { searchParams } = request.nextUrl;
  const code = searchParams.get("code");
  const verifier = request.cookies.get(FLOW)?.value;
  const headers = headersFor(request.headers);
  const previous = request.cookies.get(REFRESH)?.value;
  const fail = (error: string) => leave(`${previous ? "/account" : "/login"}?error=${encodeURIComponent(error)}`);
  if (!code || !verifier) return fail(searchParams.get("error") ?? "oauth_error");
  try {
    const tokens = await service.oauth.exchange({ body: { code, code_verifier: verifier, device_token: request.cookies.get(DEVICE)?.value ?? null }, headers });
    if (previous) await service.auth.logout({ body: { refresh_token: previous }, headers }).catch(() => {}); // the new session replaces it
    const response = leave("/account");
    for (const each of cookiesFor(tokens)) response.cookies.set(each);
    return response;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem instanceof MfaRequired) {
      const response = leave("/second-step");
      response.cookies.set(pendingLoginCookie(problem));
      return response;
    }
    return fail(problem.code);
  }
}

function leave(path: string): NextResponse {
  const response = NextResponse.redirect(new URL(path, SITE_URL));
  response.cookies.delete(cookie(FLOW, "", 0));
  return response;
}
