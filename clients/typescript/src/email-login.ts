// Login with a link or code in an email, and sign-up with a passkey. Each must be completed in the browser that started it.
import type { LoggedIn, LinkSent, SignedUp } from "./generated/types.gen";
import { withCaptcha } from "./captcha";
import type { Service } from "./index";
import { createPasskey } from "./passkeys";

/**
 * Send an email with a login link and code. The response is the same for every email address. `redirectTo` is the URL to
 * return to after the login; OAUTH_REDIRECT_URIS must allow it.
 */
export async function requestLoginLink(service: Service, email: string, redirectTo?: string): Promise<LinkSent> {
  const body = { email, redirect_to: redirectTo ?? null };
  const sent = await withCaptcha(service, (captcha) => service.auth.requestMagicLink({ body: { ...body, ...captcha } }));
  service.session.loginFlow = sent.flow;
  return sent;
}

/**
 * Log in with the token of the link, or with the email address and the code. Throws MfaRequired if the account has a second
 * factor, or a Problem: `invalid_token`, or `other_device` if another browser requested the email.
 */
export async function logInByEmail(service: Service, credentials: { token: string } | { email: string; code: string }): Promise<LoggedIn> {
  const loggedIn = await service.auth.confirmMagicLink({ body: { ...credentials, flow: service.session.loginFlow } });
  service.session.loginFlow = null;
  return loggedIn;
}

/**
 * Sign up with a passkey in place of a password. Returns the account with EMAIL_VERIFICATION=off; otherwise the email
 * address must be verified with `logInByEmail`, in this browser. Throws a DOMException if the user cancels.
 */
export async function signUpWithPasskey(service: Service, email: string, username?: string): Promise<SignedUp | LinkSent> {
  const ceremony = await service.auth.passkeySignupOptions({ body: { email, username: username || null } });
  const passkey = await createPasskey(ceremony);
  const result = await withCaptcha(service, (captcha) => service.auth.signUpWithPasskey({ body: { ...passkey, ...captcha } }));
  if ("flow" in result && result.flow) service.session.loginFlow = result.flow;
  return result as SignedUp | LinkSent;
}
