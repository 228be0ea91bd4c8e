/** What comes instead of an answer. Look at `code`, which is stable (docs/errors.md lists them); show `message`. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  readonly code: string;
  /** What is wrong with which field, of a 422. */
  readonly fields: Record<string, string[]>;
  /** Seconds to wait, of a 429 or 503. */
  readonly retryAfter: number | undefined;
  /** Stands in the service's log too. */
  readonly requestId: string | undefined;

  constructor(told: { status: number; code: string; detail: string; fields?: Record<string, string[]>; retryAfter?: number; requestId?: string }) {
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
    return new Problem({
      status: response.status,
      code: body?.code ?? body?.error ?? (response.status >= 500 ? "unavailable" : "unexpected"),
      detail: body?.detail ?? body?.error_description ?? `The service answered ${response.status}.`,
      fields: Object.fromEntries(fields),
      ...(Number.isNaN(seconds) ? {} : { retryAfter: seconds }),
      requestId: body?.request_id ?? response.headers.get("X-Request-ID") ?? undefined,
    } as ConstructorParameters<typeof Problem>[0]);
  }

  /** There was no answer at all: `unreachable`. */
  static unreachable(): Problem {
    return new Problem({ status: 0, code: "unreachable", detail: "The service did not answer. Try again in a moment." });
  }
}

/** RFC 9457, or RFC 6749 at the OAuth 2 endpoints. */
type Body = Partial<{
  code: string;
  detail: string;
  request_id: string;
  errors: ({ field: string; message: string } | null)[];
  error: string;
  error_description: string;
}> | null;
