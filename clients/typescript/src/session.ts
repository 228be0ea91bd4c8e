import type { BearerToken, Tokens } from "./generated/types.gen";
import { Problem } from "./problem";

const KEY = "credential-session";
const DEVICE = "credential-device";
const FLOW = "credential-login-flow";
const SECONDS_TO_ANSWER = 30;
const RENEW_MS_BEFORE = 5_000;
const BEGINS = /\/(auth\/(signup|login|mfa|passkeys|passkeys\/signup|magic-link\/confirm|refresh)|oauth\/exchange)$/;
const TAKES_DEVICE = /\/(auth\/(login|passkeys|magic-link\/confirm)|oauth\/exchange)$/;
const RENEWS = /\/auth\/reauthenticate$/;
const SIGNS_OUT = /\/auth\/logout(-all)?$/;
const ENDS = /^(POST .*\/auth\/logout(-all)?|DELETE .*\/users\/me)$/;

/** What all tabs know of the session. In cookie mode the tokens are in no script's reach. */
interface Kept {
  userId: string;
  /** Another one after each refresh: so a tab sees that another one was first. */
  stamp: string;
  /** Of the access token, in milliseconds since 1970. */
  expiresAt: number;
  accessToken?: string | null;
  refreshToken?: string | null;
}

export type Keeper = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/**
 * A session that the tabs of a browser share.
 *
 * Every call goes through `fetch`, which shows the token, keeps those that an answer brings, and refreshes them when they
 * have expired: one tab at a time (Web Locks), and the others take what it got.
 */
export class Session {
  /** Whether tokens live in HttpOnly cookies. Change it only while nobody is signed in. */
  cookies: boolean;
  readonly url: string;
  readonly #keeper: Keeper;
  readonly #listeners = new Set<() => void>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(url: string, cookies: boolean, keeper: Keeper = browserStorage()) {
    this.url = url;
    this.#keeper = keeper;
    this.cookies = cookies;
  }

  /** Who is signed in. */
  get userId(): string | null {
    return this.#kept?.userId ?? null;
  }

  /** Identifies this browser to a login by email that it has begun. The tab that the link opens reads it, too. */
  get loginFlow(): string | null {
    return this.#keeper.getItem(FLOW);
  }

  set loginFlow(flow: string | null) {
    if (flow) this.#keeper.setItem(FLOW, flow);
    else this.#keeper.removeItem(FLOW);
  }

  /** Calls the listener when a user logs in or out, in this tab or another. Returns a function that unsubscribes. */
  subscribe = (listener: () => void): (() => void) => {
    const fromAnotherTab = (event: StorageEvent) => (event.key === KEY || event.key === null) && listener();
    this.#listeners.add(listener);
    globalThis.addEventListener?.("storage", fromAnotherTab);
    return () => {
      this.#listeners.delete(listener);
      globalThis.removeEventListener?.("storage", fromAnotherTab);
    };
  };

  /**
   * Refreshes the session now: to take over the cookies that a login with a provider has just set, or after a change of
   * what its tokens contain. Throws a Problem where there is no session.
   */
  async resume(): Promise<void> {
    await this.#alone(() => this.#renew());
  }

  /** `fetch` for the generated operations. Throws a Problem for every answer that is not what was asked for. */
  fetch = async (request: Request): Promise<Response> => {
    const path = new URL(request.url).pathname;
    if (BEGINS.test(path)) return this.#begin(request);
    const before = this.#kept;
    try {
      const response = await this.#asked(request, before);
      if (before && RENEWS.test(path)) await this.#raise(response, before);
      if (before && this.#nowOf(before) && ENDS.test(`${request.method} ${path}`)) this.#forget();
      return response;
    } catch (problem) {
      const isOver = problem instanceof Problem && problem.status === 401 && before && !this.#nowOf(before);
      if (isOver && SIGNS_OUT.test(path)) return new Response(null, { status: 204 });
      throw problem;
    }
  };

  get #kept(): Kept | null {
    try {
      return JSON.parse(this.#keeper.getItem(KEY) ?? "null");
    } catch {
      return null;
    }
  }

  /** Never repeats a request of one user as another user, who may have logged in meanwhile. */
  #nowOf(before: Kept): Kept | null {
    return this.#kept?.userId === before.userId ? this.#kept : null;
  }

  async #begin(request: Request): Promise<Response> {
    const [response, tokens] = await this.#tokens(await this.#fromDevice(request));
    if (tokens) this.#keep(tokens);
    return response;
  }

  /** The same request, from a trusted device: with its token, which skips the second factor. Cookies contain it already. */
  async #fromDevice(request: Request): Promise<Request> {
    const device = this.cookies || !TAKES_DEVICE.test(request.url) ? null : this.#keeper.getItem(DEVICE);
    if (!device) return request;
    const { method, headers, signal } = request;
    const body: object = await request.json();
    return new Request(request.url, { method, headers, signal, body: JSON.stringify({ device_token: device, ...body }) });
  }

  /** Keep the access token of a re-authentication. The refresh token stays. */
  async #raise(response: Response, before: Kept): Promise<void> {
    const token: BearerToken = await response.clone().json();
    const now = this.#nowOf(before);
    if (now) this.#write({ ...now, ...lasting(token) });
  }

  /** The answer, and the tokens that it brings: none where a sign-up has to be confirmed first. */
  async #tokens(request: Request): Promise<[Response, Tokens | null]> {
    const response = await send(this.cookies ? await inCookies(request) : request);
    const body: Partial<Tokens> | null = await response.clone().json().catch(() => null);
    if (!body) throw await Problem.of(response);
    return [response, body.user_id && body.expires_in ? (body as Tokens) : null];
  }

  async #asked(request: Request, before: Kept | null): Promise<Response> {
    const kept = before && (await this.#inDate(before));
    try {
      return await send(this.#signed(request.clone(), kept));
    } catch (problem) {
      if (!(kept && is(problem, "not_authenticated"))) throw problem;
      await this.#renewOnce(kept.stamp);
      const anew = this.#nowOf(kept);
      if (!anew) throw problem;
      return send(this.#signed(request, anew));
    }
  }

  #signed(request: Request, kept: Kept | null): Request {
    if (kept?.accessToken) request.headers.set("Authorization", `Bearer ${kept.accessToken}`);
    if (!this.cookies) return request;
    return new Request(request, { credentials: kept || !this.#kept ? "include" : "omit" }); // not with another's cookies
  }

  /** The session, renewed where that is due; null where it is over: there are calls that need none. */
  async #inDate(kept: Kept): Promise<Kept | null> {
    if (kept.expiresAt - Date.now() >= RENEW_MS_BEFORE) return kept;
    await this.#renewOnce(kept.stamp).catch((problem: unknown) => {
      if (!is(problem, "invalid_refresh_token")) throw problem;
    });
    return this.#nowOf(kept);
  }

  async #renewOnce(stamp: string): Promise<void> {
    await this.#alone(async (waited) => {
      if (waited) await this.#newsOf(stamp);
      if (this.#kept?.stamp === stamp) await this.#renew();
    });
  }

  /** What another tab has just written may arrive a moment after its lock was let go. */
  async #newsOf(stamp: string): Promise<void> {
    for (let tries = 0; tries < 20 && this.#kept?.stamp === stamp; tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  async #renew(): Promise<void> {
    const before = this.#kept;
    // Another user may log in meanwhile. The browser keeps the cookies that were set last.
    const isStillOurs = () => this.#kept?.stamp === before?.stamp;
    const body = JSON.stringify({ refresh_token: before?.refreshToken ?? null });
    const headers = { "Content-Type": "application/json" };
    try {
      const [, tokens] = await this.#tokens(new Request(`${this.url}/auth/refresh`, { method: "POST", headers, body }));
      if (tokens && (this.cookies || isStillOurs())) this.#keep(tokens);
    } catch (problem) {
      // Only this says that the session is over. A service that is away, or busy, says nothing about it.
      if (is(problem, "invalid_refresh_token") && isStillOurs()) this.#forget();
      throw problem;
    }
  }

  /** One at a time in all tabs, or in this process where there are no Web Locks. `waited`: another tab was before. */
  async #alone(work: (waited: boolean) => Promise<void>): Promise<void> {
    const locks = globalThis.navigator?.locks;
    if (!locks) {
      const turn = this.#turn.then(() => work(false));
      this.#turn = turn.catch(() => {});
      return turn;
    }
    const isDone = await locks.request(KEY, { ifAvailable: true }, async (lock) => lock && (await work(false), true));
    if (!isDone) await locks.request(KEY, () => work(true));
  }

  #keep(tokens: Tokens): void {
    if (tokens.device_token) this.#keeper.setItem(DEVICE, tokens.device_token);
    this.#write({ userId: tokens.user_id, ...lasting(tokens), refreshToken: tokens.refresh_token });
  }

  #write(kept: Kept): void {
    this.#keeper.setItem(KEY, JSON.stringify(kept));
    this.#tell();
  }

  #forget(): void {
    this.#keeper.removeItem(KEY);
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** What is kept of an access token. */
function lasting(token: BearerToken) {
  return { stamp: String(Date.now() + Math.random()), expiresAt: Date.now() + token.expires_in * 1000, accessToken: token.access_token };
}

/** The same request, asking for cookies. Its body is read first: browsers send one that is a stream over HTTP/2 alone. */
async function inCookies(request: Request): Promise<Request> {
  const url = new URL(request.url);
  url.searchParams.set("use_cookies", "true");
  const { method, headers, signal } = request;
  return new Request(url, { method, headers, signal, body: await request.text(), credentials: "include" });
}

async function send(request: Request): Promise<Response> {
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(SECONDS_TO_ANSWER * 1000)]);
  const response = await fetch(request, { signal }).catch((failure: unknown) => {
    throw request.signal.aborted ? failure : Problem.unreachable();
  });
  if (!response.ok) throw await Problem.of(response);
  return response;
}

function is(problem: unknown, code: string): boolean {
  return problem instanceof Problem && problem.code === code;
}

function browserStorage(): Keeper {
  try {
    if (globalThis.localStorage) return globalThis.localStorage;
  } catch {
    // forbidden in this browser: then the session lasts as long as the page
  }
  const kept = new Map<string, string>();
  return {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
  };
}
