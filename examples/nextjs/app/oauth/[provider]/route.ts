// GET /oauth/google redirects the browser to a provider. With ?prompt=login, the user must log in there again.
import { createHash, randomBytes } from "node:crypto";
import { type NextRequest, NextResponse } from "next/server";

import { listProviders } from "../../../lib/providers";
import { SITE_URL } from "../../../lib/service";
import { FLOW, cookie } from "../../../lib/session";

const SECONDS_FOR_LOGIN = 15 * 60;

export async function GET(request: NextRequest, { params }: { params: Promise<{ provider: string }> }): Promise<NextResponse> {
  const { provider } = await params;
  const found = (await listProviders()).find(({ name }) => name === provider);
  if (!found) return NextResponse.redirect(new URL("/login?error=oauth_error", SITE_URL));

  // The returned code is useless without this verifier, which only this browser has (RFC 7636). Therefore, a code
  // in another site's link cannot log a user in to an attacker's account.
  const verifier = randomBytes(32).toString("base64url");
  const url = new URL(found.login_url);
  url.searchParams.set("redirect_to", `${SITE_URL}/session/return`);
  url.searchParams.set("code_challenge", createHash("sha256").update(verifier).digest("base64url"));
  if (request.nextUrl.searchParams.get("prompt") === "login") url.searchParams.set("prompt", "login");

  const response = NextResponse.redirect(url);
  response.cookies.set(cookie(FLOW, verifier, SECONDS_FOR_LOGIN));
  return response;
}
