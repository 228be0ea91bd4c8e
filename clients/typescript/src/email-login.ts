// Login with a link or a code in an email, and sign-up with a passkey. Both are finished in the browser that began them.
import type { LoggedIn, LinkSent, SignedUp } from "./generated/types.gen";
import { withCaptcha } from "./captcha";
import type { Service } from "./index";
import { createPasskey } from "./passkeys";

/**
 * Send an email with a link and a code to log in. The response is the same for every email address. `redirectTo` is where
 * the login ends: a URL that OAUTH_REDIRECT_URIS allows.
 */
export async function requestLoginLink(service: Service, email: string, redirectTo?: string): Promise<LinkSent> {
  const body = { email, redirect_to: redirectTo ?? null };
  const sent = await withCaptcha(service, (captcha) => service.auth.requestMagicLink({ body: { ...body, ...captcha } }));
  service.session.loginFlow = sent.flow;
  return sent;
}

/**
 * Log in with the token of the link, or with the email address and the code. Throws a Problem `other_device` in a browser
 * that did not request the email, `invalid_token`, or MfaRequired.
 */
export async function logInByEmail(service: Service, proof: { token: string } | { email: string; code: string }): Promise<LoggedIn> {
  const loggedIn = await service.auth.confirmMagicLink({ body: { ...proof, flow: service.session.loginFlow } });
  service.session.loginFlow = null;
  return loggedIn;
}

/**
 * Sign up with a passkey in place of a password. Returns the account with EMAIL_VERIFICATION=off; otherwise the email
 * address must be verified with `logInByEmail`, in this browser. Throws a DOMException if the user cancels.
 */
export async function signUpWithPasskey(service: Service, email: string, username?: string): Promise<SignedUp | LinkSent> {
  const begun = await service.auth.passkeySignupOptions({ body: { email, username: username || null } });
  const created = await createPasskey(begun);
  const made = await withCaptcha(service, (captcha) => service.auth.signUpWithPasskey({ body: { ...created, ...captcha } }));
  if ("flow" in made && made.flow) service.session.loginFlow = made.flow;
  return made as SignedUp | LinkSent;
}
