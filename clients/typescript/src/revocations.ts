// Follows the list of revoked sessions and users, so that a verified token stops working soon after a logout.

/** The list of revoked sessions is missing or too old. Respond with 503. */
export class RevocationsUnavailable extends Error {
  override readonly name: string = "RevocationsUnavailable";
}

interface List {
  version: number;
  expires_in: number;
  sessions: string[];
  users: { sub: string; not_before: number }[];
}

/** Verifies a JWS with the keys of the service. Returns its header, or null. */
export type VerifyJws = (header: string, payload: string, signature: string) => Promise<Record<string, unknown> | null>;

const TYPE = "revocations+jwt";
const SHARE_OF_INTERVAL = 0.7; // the service and the network take the rest of `expires_in`
const MS_BETWEEN_WHOLE_LISTS = 10 * 60 * 1000; // a whole list forgets the sessions whose tokens have expired
const MS_SIGNATURE_IS_FRESH = 3 * 60 * 1000; // the service signs again every minute; an older list was kept back
const SECONDS_OF_CLOCK_SKEW = 5;
const MAX_MS_BETWEEN_TRIES = 15_000;
const REQUEST_TIMEOUT_MS = 5_000;

/**
 * The revoked sessions and users. A token that is checked when the list is about to become out of date starts a download;
 * only a token that is checked later waits for it. So nothing runs while there are no requests.
 */
export class Revocations {
  #sessions = new Set<string>();
  #users = new Map<string, number>();
  #version: number | undefined;
  #etag: { since: number | undefined; value: string } | undefined;
  #signedAt = 0;
  #interval = 5_000;
  #wholeAt = -Infinity;
  #knownAt = -Infinity;
  #failures = 0;
  #retryAt = -Infinity;
  #updating: Promise<void> | undefined;

  constructor(readonly url: string, readonly verify: VerifyJws, readonly maxAge: number) {}

  /** The age of the list in seconds: what was revoked before that is on it. Infinity before the first download. */
  get age(): number {
    return (performance.now() - this.#knownAt) / 1000;
  }

  /** Returns whether the token with these claims is revoked. Throws RevocationsUnavailable. */
  async revokes(claims: { sid?: unknown; sub: string; iat: number }): Promise<boolean> {
    const ageMs = this.age * 1000;
    if (ageMs > SHARE_OF_INTERVAL * this.#interval && performance.now() >= this.#retryAt) {
      this.#updating ??= this.#update().finally(() => (this.#updating = undefined));
    }
    if (ageMs > this.#interval) await this.#updating;
    if (this.#version === undefined) throw new RevocationsUnavailable("The list of revoked sessions could not be downloaded.");
    if (this.age > this.maxAge) throw new RevocationsUnavailable(`The list of revoked sessions is ${Math.round(this.age)} seconds old.`);
    const revokedBefore = (this.#users.get(claims.sub) ?? 0) - SECONDS_OF_CLOCK_SKEW;
    return this.#sessions.has(String(claims.sid)) || claims.iat < revokedBefore;
  }

  async #update(): Promise<void> {
    try {
      await this.#download();
      this.#failures = 0;
    } catch {
      this.#failures += 1;
      this.#retryAt = performance.now() + (0.5 + Math.random() / 2) * Math.min(MAX_MS_BETWEEN_TRIES, 500 * 2 ** this.#failures);
    }
  }

  async #download(): Promise<void> {
    const askedAt = performance.now();
    const since = askedAt - this.#wholeAt > MS_BETWEEN_WHOLE_LISTS ? undefined : this.#version;
    const headers: Record<string, string> = this.#etag && this.#etag.since === since ? { "If-None-Match": this.#etag.value } : {};
    const query = since === undefined ? "" : `?since=${since}`;
    const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    const response = await fetch(`${this.url}/.well-known/revocations${query}`, { headers, signal, cache: "no-store" });
    if (response.status !== 304) {
      if (!response.ok) throw new Error(`The list could not be downloaded: ${response.status}`);
      await this.#take((await response.json()) as List & { jws: string }, since);
      const value = response.headers.get("ETag");
      this.#etag = value ? { since, value } : undefined;
    }
    if (Date.now() - this.#signedAt > MS_SIGNATURE_IS_FRESH) throw new Error("The list is old.");
    if (since === undefined) this.#wholeAt = askedAt;
    this.#knownAt = Math.max(this.#knownAt, askedAt - 1000 * Math.max(0, Number(response.headers.get("Age")) || 0));
  }

  /**
   * Uses a list that was downloaded. It must contain all that was added since the version that was asked for. A process
   * of the service that knows less than another sends an older list: nothing is forgotten because of it.
   */
  async #take({ jws, ...content }: List & { jws: string }, since: number | undefined): Promise<void> {
    const [header = "", , signature = ""] = jws.split(".");
    const signed = await this.verify(header, encoded(canonical(content)), signature);
    if (signed?.["typ"] !== TYPE || typeof signed["iat"] !== "number") throw new Error("The list is not signed by the service.");
    const begins = signed["since"]; // null: a whole list
    if (begins !== null && (typeof begins !== "number" || since === undefined || begins > since)) {
      throw new Error("The list is not what was asked for.");
    }
    const known = this.#version ?? 0;
    if (begins === null && content.version >= known) [this.#sessions, this.#users] = [new Set(), new Map()];
    for (const sid of content.sessions) this.#sessions.add(sid);
    for (const { sub, not_before } of content.users) this.#users.set(sub, Math.max(not_before, this.#users.get(sub) ?? 0));
    this.#version = Math.max(known, content.version);
    this.#interval = content.expires_in * 1000;
    this.#signedAt = signed["iat"] * 1000;
  }
}

/** Returns a JSON value in canonical form (RFC 8785). */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(",")}}`;
}

function encoded(text: string): string {
  let binary = "";
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
