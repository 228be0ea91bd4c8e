// Verifies access tokens in another service with the published keys, without a request to the service for each token.

import { Revocations } from "./revocations";

/** The claims of an access token (RFC 9068). */
export interface Claims {
  sub: string;
  iss: string;
  exp: number;
  iat: number;
  email: string;
  email_verified: boolean;
  roles: string[];
  /** When the user last authenticated, in seconds since 1970. */
  auth_time?: number;
  /** When `aal2` was last reached, if the user has since re-authenticated with a single factor. */
  acr_time?: number;
  acr?: "aal1" | "aal2";
  amr?: string[];
  [claim: string]: unknown;
}

/** The access token is not valid. Respond with `status` and the header `WWW-Authenticate: ${wwwAuthenticate}`. */
export class InvalidToken extends Error {
  override readonly name: string = "InvalidToken";
  readonly status = 401;

  constructor(message: string, readonly wwwAuthenticate: string = 'Bearer error="invalid_token"') {
    super(message);
  }
}

const ALGORITHMS = {
  ES256: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
  RS256: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  EdDSA: { name: "Ed25519" },
};
const MS_KEYS_ARE_FRESH = 5 * 60 * 1000;
const MS_BETWEEN_DOWNLOADS = 10_000; // limits the downloads that tokens with an unknown `kid` cause
const REQUEST_TIMEOUT_MS = 5_000;

export interface VerifierOptions {
  /**
   * Whether to reject tokens whose session has ended (true by default). The verifier then follows the list of them, so that a
   * token stops working within a few seconds of the logout (REVOCATION_FEED_SECONDS). Without it, a token works until it
   * expires.
   */
  followRevocations?: boolean;
  /** The maximum age of that list in seconds, if it cannot be updated. 60 by default; Infinity: no limit. */
  maxAge?: number;
}

/**
 * Verifies access tokens. `url` is the PUBLIC_BASE_URL of the service, and `algorithm` its ALGORITHM.
 *
 *     const verifier = new Verifier("https://id.example.com");
 *     const claims = await verifier.claims(request.headers.get("Authorization"));
 */
export class Verifier {
  #keys = new Map<string, CryptoKey>();
  #loadedAt = 0;
  #loading: Promise<void> | undefined;

  /** The list of revoked sessions, with its age. Undefined if the verifier does not follow it. */
  readonly revocations: Revocations | undefined;

  constructor(
    readonly url: string,
    readonly algorithm: keyof typeof ALGORITHMS = "ES256",
    { followRevocations = true, maxAge = 60 }: VerifierOptions = {},
  ) {
    if (followRevocations) this.revocations = new Revocations(url, (...parts) => this.#verified(...parts), maxAge);
  }

  /**
   * Returns the claims of a valid access token, with or without the `Bearer ` prefix. Throws InvalidToken. On any other
   * error, the keys or the list of revoked sessions could not be downloaded: respond with 503.
   */
  async claims(authorization: string | null | undefined): Promise<Claims> {
    const token = (authorization ?? "").replace(/^Bearer +/i, "");
    if (!token) throw new InvalidToken("The access token is missing.", "Bearer");
    const [header = "", payload = "", signature = "", ...more] = token.split(".");
    const signed = more.length === 0 ? await this.#verified(header, payload, signature) : null;
    if (signed?.["typ"] !== "at+jwt") throw new InvalidToken("This is not an access token.");
    const claims = this.#checked(parsed(payload));
    if (await this.revocations?.revokes(claims)) throw new InvalidToken("The session has ended.");
    return claims;
  }

  /** Returns the header of a JWS that a key of the service has signed, or null. */
  async #verified(header: string, payload: string, signature: string): Promise<Record<string, unknown> | null> {
    const read = parsed(header);
    if (read?.["alg"] !== this.algorithm) return null;
    const [key, made] = [await this.#key(String(read["kid"])), bytes(signature)];
    const content = new TextEncoder().encode(`${header}.${payload}`);
    return key && made && (await crypto.subtle.verify(ALGORITHMS[this.algorithm], key, made, content)) ? read : null;
  }

  #checked(claims: Record<string, unknown> | null): Claims {
    const isOurs = claims?.["iss"] === this.url && claims["aud"] === "credential-service" && typeof claims["sub"] === "string";
    if (!isOurs) throw new InvalidToken("The access token is for another service.");
    const { exp, iat, enrolment } = claims;
    if (typeof exp !== "number" || typeof iat !== "number" || exp * 1000 <= Date.now()) throw new InvalidToken("The access token has expired.");
    if (enrolment) throw new InvalidToken("The user must set up a second factor first.");
    return claims as Claims;
  }

  async #key(kid: string): Promise<CryptoKey | undefined> {
    const age = Date.now() - this.#loadedAt;
    if (age > MS_KEYS_ARE_FRESH || (!this.#keys.has(kid) && age > MS_BETWEEN_DOWNLOADS)) {
      this.#loading ??= this.#load().finally(() => (this.#loading = undefined));
      await this.#loading;
    }
    return this.#keys.get(kid);
  }

  async #load(): Promise<void> {
    const response = await fetch(`${this.url}/.well-known/jwks.json`, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    if (!response.ok) throw new Error(`The keys could not be downloaded: ${response.status}`);
    const { keys } = (await response.json()) as { keys: (JsonWebKey & { kid: string })[] };
    const ours = keys.filter(({ alg }) => alg === this.algorithm);
    const load = async (jwk: JsonWebKey & { kid: string }) =>
      [jwk.kid, await crypto.subtle.importKey("jwk", { ...jwk, alg: undefined } as JsonWebKey, ALGORITHMS[this.algorithm], false, ["verify"])] as const;
    this.#keys = new Map(await Promise.all(ours.map(load)));
    this.#loadedAt = Date.now();
  }
}

/**
 * Require a recent or strong login (RFC 9470). Returns a function that takes the claims of a token, and throws InvalidToken
 * with a challenge for the client if they are not enough. `maxAge` is in seconds.
 *
 *     const forPayments = requires({ acr: "aal2", maxAge: 300 });
 *     const claims = forPayments(await verifier.claims(authorization));
 */
export function requires({ acr, maxAge }: { acr?: "aal1" | "aal2"; maxAge?: number }): (claims: Claims) => Claims {
  const wanted = [acr && `acr_values="${acr}"`, maxAge !== undefined && `max_age=${maxAge}`].filter(Boolean);
  const challenge = ['Bearer error="insufficient_user_authentication"', ...wanted].join(", ");
  return (claims) => {
    const at = acr === "aal2" ? claims.acr_time ?? claims.auth_time : claims.auth_time;
    const isStrong = acr !== "aal2" || claims.acr === "aal2";
    const isRecent = maxAge === undefined || (at !== undefined && Date.now() / 1000 - at <= maxAge);
    if (!(isStrong && isRecent)) throw new InvalidToken("Authenticate again to continue.", challenge);
    return claims;
  };
}

function bytes(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[\w-]*$/.test(text)) return null;
  try {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes(text) ?? undefined));
    return typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}
