import { createClient, createConfig } from "./generated/client/index";
import { Operations } from "./generated/sdk.gen";
import { type Keeper, Session } from "./session";

export type * from "./generated/types.gen";
export { logInByEmail, requestLoginLink, signUpWithPasskey } from "./email-login";
export { type Captcha, type CaptchaChallenge, solveCaptcha, withCaptcha } from "./captcha";
export { addPasskey, createPasskey, getPasskey, logInWithPasskey, supportsPasskeys } from "./passkeys";
export { CaptchaRequired, type FactorKind, MfaRequired, Problem, ReauthenticationRequired } from "./problem";
export { withReauthentication } from "./reauthentication";
export { type Claims, InvalidToken, Verifier, requires } from "./verifier";
export type { Keeper, Session } from "./session";

export interface ServiceOptions {
  /** Where the service is, such as http://localhost:8000. */
  url: string;
  /** Keep tokens in HttpOnly cookies, out of reach of every script. */
  cookies?: boolean;
  /** Where the session is kept between pages: by default localStorage, or memory where there is none. */
  keeper?: Keeper;
}

/**
 * Every operation of the service, by its name in the OpenAPI document, and the session that they share:
 *
 *     const service = new Service({ url: "http://localhost:8000" });
 *     await service.auth.login({ body: { email, password } });
 *     const { username } = await service.users.me();
 *
 * An operation answers with the body, or throws a Problem.
 */
export class Service extends Operations {
  readonly session: Session;

  constructor({ url, cookies = false, keeper }: ServiceOptions) {
    const session = new Session(url, cookies, keeper);
    const fetch = session.fetch as typeof globalThis.fetch;
    super({ client: createClient(createConfig({ baseUrl: url, throwOnError: true, fetch, requestValidator: refuseOtherPaths })) });
    this.session = session;
  }
}

/** These would make another call of it, `DELETE /users/me/sessions/..` that of the account; and no encoding helps (WHATWG URL, 4.1). */
async function refuseOtherPaths(options: unknown): Promise<void> {
  const { path = {} } = options as { path?: Record<string, unknown> };
  for (const [name, value] of Object.entries(path)) {
    if (["", ".", ".."].includes(String(value ?? ""))) throw new TypeError(`${name}: "${value ?? ""}" cannot be part of an address`);
  }
}
