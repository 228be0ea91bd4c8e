/** What comes instead of an answer. Look at `code`, which is stable (docs/errors.md lists them); show `message`. */
export class Problem extends Error {
  override readonly name: string = "Problem";
  readonly status: number;
  readonly code: string;
  /** What is wrong with which field, of a 422. */
  readonly fields: Record<string, string[]>;
  /** Seconds to wait, of a 429 or 503. */
  readonly retryAfter: number | undefined;
  /** Stands in the service's log too. */
  readonly requestId: string | undefined;

  constructor(told: Told) {
    super(told.detail);
    this.status = told.status;
    this.code = told.code;
    this.fields = told.fields ?? {};
    this.retryAfter = told.retryAfter;
    this.requestId = told.requestId;
  }

  static async of(response: Response): Promise<Problem> {
    const body: Body = await response.json().catch(() => ({})); // a proxy in between may say anything
    const errors = Array.isArray(body?.errors) ? body.errors : [];
    const fields = new Map<string, string[]>();
    for (const error of errors) if (error) fields.set(String(error.field), [...(fields.get(String(error.field)) ?? []), String(error.message)]);
    const seconds = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
    const told = {
      status: response.status,
      code: body?.code ?? body?.error ?? (response.status >= 500 ? "unavailable" : "unexpected"),
      detail: body?.detail ?? body?.error_description ?? `The service answered ${response.status}.`,
      fields: Object.fromEntries(fields),
      ...(Number.isNaN(seconds) ? {} : { retryAfter: seconds }),
      requestId: body?.request_id ?? response.headers.get("X-Request-ID") ?? undefined,
    } as Told;
    const factors = Array.isArray(body?.factors) ? body.factors : [];
    if (told.code === "mfa_required" && body?.mfa_token) return new MfaRequired(told, body.mfa_token, factors, body.expires_in ?? 300);
    if (told.code === "reauthentication_required") return new ReauthenticationRequired(told, factors, body?.acr_values);
    if (told.code === "captcha_required" && body?.provider) return new CaptchaRequired(told, body.provider, body.site_key ?? null);
    return new Problem(told);
  }

  /** There was no answer at all: `unreachable`. */
  static unreachable(): Problem {
    return new Problem({ status: 0, code: "unreachable", detail: "The service did not answer. Try again in a moment." });
  }
}

/** What `factors` of an error can contain: the types of factors that the account has. */
export type FactorKind = "totp" | "passkey" | "sms" | "recovery_code" | (string & {});

/** A login needs a second factor: show a form for one of `factors`, and call `auth.completeLogin` with `mfaToken`. */
export class MfaRequired extends Problem {
  /** `expiresIn`: seconds until the login has to start again. */
  constructor(told: Told, readonly mfaToken: string, readonly factors: FactorKind[], readonly expiresIn: number) {
    super(told);
  }
}

/**
 * The login is too old for this action. `factors` is empty for an account without a second factor: then the password is
 * enough. `withReauthentication` handles this error.
 */
export class ReauthenticationRequired extends Problem {
  constructor(told: Told, readonly factors: FactorKind[], readonly acrValues: string | undefined) {
    super(told);
  }
}

/** The request needs a CAPTCHA. `withCaptcha` handles this error. */
export class CaptchaRequired extends Problem {
  /** `siteKey` is null for the provider `altcha`. */
  constructor(told: Told, readonly provider: string, readonly siteKey: string | null) {
    super(told);
  }
}

interface Told {
  status: number;
  code: string;
  detail: string;
  fields?: Record<string, string[]>;
  retryAfter?: number;
  requestId?: string;
}

/** RFC 9457, or RFC 6749 at the OAuth 2 endpoints. */
type Body = Partial<{
  code: string;
  detail: string;
  request_id: string;
  errors: ({ field: string; message: string } | null)[];
  error: string;
  error_description: string;
  mfa_token: string;
  factors: FactorKind[];
  expires_in: number;
  acr_values: string;
  provider: string;
  site_key: string | null;
}> | null;
