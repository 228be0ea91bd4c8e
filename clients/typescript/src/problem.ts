/** An error response. Branch on `code`, which is stable (docs/errors.md lists the codes), and show `message` to the user. */
export class Problem extends Error {
  override readonly name: string = "Problem";
  readonly status: number;
  readonly code: string;
  /** The messages for each invalid field, of a 422. */
  readonly fields: Record<string, string[]>;
  /** Seconds to wait before trying again, of a 429 or 503. */
  readonly retryAfter: number | undefined;
  /** Identifies the request in the log of the service. */
  readonly requestId: string | undefined;

  constructor(details: ProblemDetails) {
    super(details.detail);
    this.status = details.status;
    this.code = details.code;
    this.fields = details.fields ?? {};
    this.retryAfter = details.retryAfter;
    this.requestId = details.requestId;
  }

  static async of(response: Response): Promise<Problem> {
    const body: Body = await response.json().catch(() => ({})); // a proxy may have replaced the body
    const errors = Array.isArray(body?.errors) ? body.errors : [];
    const fields = new Map<string, string[]>();
    for (const error of errors) if (error) fields.set(String(error.field), [...(fields.get(String(error.field)) ?? []), String(error.message)]);
    const seconds = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
    const details = {
      status: response.status,
      code: body?.code ?? body?.error ?? (response.status >= 500 ? "unavailable" : "unexpected"),
      detail: body?.detail ?? body?.error_description ?? `The service responded with status ${response.status}.`,
      fields: Object.fromEntries(fields),
      ...(Number.isNaN(seconds) ? {} : { retryAfter: seconds }),
      requestId: body?.request_id ?? response.headers.get("X-Request-ID") ?? undefined,
    } as ProblemDetails;
    const factors = Array.isArray(body?.factors) ? body.factors : [];
    if (details.code === "mfa_required" && body?.mfa_token) return new MfaRequired(details, body.mfa_token, factors, body.expires_in ?? 300);
    if (details.code === "reauthentication_required") return new ReauthenticationRequired(details, factors, body?.acr_values);
    if (details.code === "captcha_required" && body?.provider) return new CaptchaRequired(details, body.provider, body.site_key ?? null);
    return new Problem(details);
  }

  /** The error for a request without a response, with the code `unreachable`. */
  static unreachable(): Problem {
    return new Problem({ status: 0, code: "unreachable", detail: "The service did not respond. Try again in a moment." });
  }
}

/** The type of a second factor, as in the `factors` of an error. */
export type FactorKind = "totp" | "passkey" | "sms" | "recovery_code" | (string & {});

/** The login requires a second factor: show a form for one of `factors`, and call `auth.completeLogin` with `mfaToken`. */
export class MfaRequired extends Problem {
  /** `expiresIn`: seconds until the user must start the login again. */
  constructor(details: ProblemDetails, readonly mfaToken: string, readonly factors: FactorKind[], readonly expiresIn: number) {
    super(details);
  }
}

/**
 * The action requires a more recent login. If `factors` is empty, the account has no second factor and the password is
 * enough. `withReauthentication` handles this error.
 */
export class ReauthenticationRequired extends Problem {
  constructor(details: ProblemDetails, readonly factors: FactorKind[], readonly acrValues: string | undefined) {
    super(details);
  }
}

/** The request requires a CAPTCHA. `withCaptcha` handles this error. */
export class CaptchaRequired extends Problem {
  /** `siteKey` is null for the provider `altcha`. */
  constructor(details: ProblemDetails, readonly provider: string, readonly siteKey: string | null) {
    super(details);
  }
}

interface ProblemDetails {
  status: number;
  code: string;
  detail: string;
  fields?: Record<string, string[]>;
  retryAfter?: number;
  requestId?: string;
}

/** The body of an error response: RFC 9457, or RFC 6749 at the OAuth 2 endpoints. */
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
