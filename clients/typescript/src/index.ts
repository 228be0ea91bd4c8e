import { createClient, createConfig } from "./generated/client/index";
import { Operations } from "./generated/sdk.gen";
import { Session, type SessionStorage } from "./session";

export type * from "./generated/types.gen";
export { logInByEmail, requestLoginLink, signUpWithPasskey } from "./email-login";
export { type Captcha, type CaptchaChallenge, solveCaptcha, withCaptcha } from "./captcha";
export { addPasskey, createPasskey, getPasskey, logInWithPasskey, supportsPasskeys } from "./passkeys";
export { CaptchaRequired, type FactorKind, MfaRequired, Problem, ReauthenticationRequired } from "./problem";
export { withReauthentication } from "./reauthentication";
export { Revocations, RevocationsUnavailable } from "./revocations";
export { type Claims, InvalidToken, Verifier, type VerifierOptions, requires } from "./verifier";
export type { Session, SessionStorage } from "./session";

export interface ServiceOptions {
  /** The base URL of the service, such as http://localhost:8000. */
  url: string;
  /** Store tokens in HttpOnly cookies, which scripts cannot read. */
  cookies?: boolean;
  /** Where the session is stored between pages. Defaults to localStorage, or to memory if localStorage is not available. */
  storage?: SessionStorage;
}

/**
 * All operations of the service, named as in the OpenAPI document, and the session that they share:
 *
 *     const service = new Service({ url: "http://localhost:8000" });
 *     await service.auth.login({ body: { email, password } });
 *     const { username } = await service.users.me();
 *
 * An operation returns the response body, or throws a Problem.
 */
export class Service extends Operations {
  readonly session: Session;

  constructor({ url, cookies = false, storage }: ServiceOptions) {
    const session = new Session(url, cookies, storage);
    const fetch = session.fetch as typeof globalThis.fetch;
    super({ client: createClient(createConfig({ baseUrl: url, throwOnError: true, fetch, requestValidator: rejectDotSegments })) });
    this.session = session;
  }
}

/**
 * Rejects path parameters that would change the route: `DELETE /users/me/sessions/..` would delete the account. They cannot
 * be escaped, because URL parsers treat encoded dot segments in the same way (WHATWG URL, 4.1).
 */
async function rejectDotSegments(options: unknown): Promise<void> {
  const { path = {} } = options as { path?: Record<string, unknown> };
  for (const [name, value] of Object.entries(path)) {
    if (["", ".", ".."].includes(String(value ?? ""))) throw new TypeError(`${name}: "${value ?? ""}" cannot be part of a URL`);
  }
}
