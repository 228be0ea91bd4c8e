import type { BearerToken, Tokens } from "./generated/types.gen";
import { Problem } from "./problem";

const SESSION_KEY = "credential-session";
const DEVICE_KEY = "credential-device";
const LOGIN_FLOW_KEY = "credential-login-flow";
const REQUEST_TIMEOUT_MS = 30_000;
const REFRESH_MS_BEFORE_EXPIRY = 5_000;
const STARTS_SESSION = /\/(auth\/(signup|login|mfa|passkeys|passkeys\/signup|magic-link\/confirm|refresh)|oauth\/exchange)$/;
const ACCEPTS_DEVICE_TOKEN = /\/(auth\/(login|passkeys|magic-link\/confirm)|oauth\/exchange)$/;
const REAUTHENTICATES = /\/auth\/reauthenticate$/;
const LOGS_OUT = /\/auth\/logout(-all)?$/;
const ENDS_SESSION = /^(POST .*\/auth\/logout(-all)?|DELETE .*\/users\/me)$/;

/** The session as it is stored for all tabs. In cookie mode it contains no tokens. */
interface StoredSession {
  userId: string;
  /** Changes with each refresh, so that a tab can tell whether another tab has already refreshed. */
  stamp: string;
  /** When the access token expires, in milliseconds since 1970. */
  expiresAt: number;
  accessToken?: string | null;
  refreshToken?: string | null;
}

export type SessionStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/**
 * A session that all tabs of a browser share.
 *
 * Each request goes through `fetch`, which adds the access token, stores the tokens of a response, and refreshes them when
 * they have expired. Only one tab refreshes at a time (Web Locks); the others use the tokens that it has stored.
 */
export class Session {
  /** Whether tokens are stored in HttpOnly cookies. Change this only while no user is logged in. */
  cookies: boolean;
  readonly url: string;
  readonly #storage: SessionStorage;
  readonly #listeners = new Set<() => void>();
  #queue: Promise<unknown> = Promise.resolve();

  constructor(url: string, cookies: boolean, storage: SessionStorage = browserStorage()) {
    this.url = url;
    this.#storage = storage;
    this.cookies = cookies;
  }

  /** The id of the logged-in user, or null. */
  get userId(): string | null {
    return this.#stored?.userId ?? null;
  }

  /** Ties a login by email to this browser. The tab that opens the link reads it too. */
  get loginFlow(): string | null {
    return this.#storage.getItem(LOGIN_FLOW_KEY);
  }

  set loginFlow(flow: string | null) {
    if (flow) this.#storage.setItem(LOGIN_FLOW_KEY, flow);
    else this.#storage.removeItem(LOGIN_FLOW_KEY);
  }

  /** Calls the listener when a user logs in or out, in this tab or another. Returns a function that unsubscribes. */
  subscribe = (listener: () => void): (() => void) => {
    const onStorage = (event: StorageEvent) => (event.key === SESSION_KEY || event.key === null) && listener();
    this.#listeners.add(listener);
    globalThis.addEventListener?.("storage", onStorage);
    return () => {
      this.#listeners.delete(listener);
      globalThis.removeEventListener?.("storage", onStorage);
    };
  };

  /**
   * Refreshes the session immediately: to adopt the cookies that a login with a provider has set, or after a change to
   * data that the tokens contain. Throws a Problem if there is no session.
   */
  async resume(): Promise<void> {
    await this.#exclusively(() => this.#refresh());
  }

  /** `fetch` for the generated operations. Throws a Problem if the request fails. */
  fetch = async (request: Request): Promise<Response> => {
    const path = new URL(request.url).pathname;
    if (STARTS_SESSION.test(path)) return this.#start(request);
    const before = this.#stored;
    try {
      const response = await this.#sendInSession(request, before);
      if (before && REAUTHENTICATES.test(path)) await this.#storeReauthentication(response, before);
      if (before && this.#sameUser(before) && ENDS_SESSION.test(`${request.method} ${path}`)) this.#clear();
      return response;
    } catch (problem) {
      const hasEnded = problem instanceof Problem && problem.status === 401 && before && !this.#sameUser(before);
      if (hasEnded && LOGS_OUT.test(path)) return new Response(null, { status: 204 });
      throw problem;
    }
  };

  get #stored(): StoredSession | null {
    try {
      return JSON.parse(this.#storage.getItem(SESSION_KEY) ?? "null");
    } catch {
      return null;
    }
  }

  /** The stored session, if it still belongs to the same user. Another user may have logged in since the request began. */
  #sameUser(before: StoredSession): StoredSession | null {
    return this.#stored?.userId === before.userId ? this.#stored : null;
  }

  async #start(request: Request): Promise<Response> {
    const [response, tokens] = await this.#requestTokens(await this.#withDeviceToken(request));
    if (tokens) this.#store(tokens);
    return response;
  }

  /** Adds the token of a trusted device, which skips the second factor. In cookie mode, it is in a cookie. */
  async #withDeviceToken(request: Request): Promise<Request> {
    const device = this.cookies || !ACCEPTS_DEVICE_TOKEN.test(request.url) ? null : this.#storage.getItem(DEVICE_KEY);
    if (!device) return request;
    const { method, headers, signal } = request;
    const body: object = await request.json();
    return new Request(request.url, { method, headers, signal, body: JSON.stringify({ device_token: device, ...body }) });
  }

  /** Stores the access token of a re-authentication. The refresh token does not change. */
  async #storeReauthentication(response: Response, before: StoredSession): Promise<void> {
    const token: BearerToken = await response.clone().json();
    const current = this.#sameUser(before);
    if (current) this.#write({ ...current, ...accessTokenFields(token) });
  }

  /** Returns the response and its tokens, or null if it contains none, as when a sign-up must be verified first. */
  async #requestTokens(request: Request): Promise<[Response, Tokens | null]> {
    const response = await send(this.cookies ? await withCookies(request) : request);
    const body: Partial<Tokens> | null = await response.clone().json().catch(() => null);
    if (!body) throw await Problem.of(response);
    return [response, body.user_id && body.expires_in ? (body as Tokens) : null];
  }

  async #sendInSession(request: Request, before: StoredSession | null): Promise<Response> {
    const session = before && (await this.#fresh(before));
    try {
      return await send(this.#authenticate(request.clone(), session));
    } catch (problem) {
      if (!(session && hasCode(problem, "not_authenticated"))) throw problem;
      await this.#refreshOnce(session.stamp);
      const refreshed = this.#sameUser(session);
      if (!refreshed) throw problem;
      return send(this.#authenticate(request, refreshed));
    }
  }

  #authenticate(request: Request, session: StoredSession | null): Request {
    if (session?.accessToken) request.headers.set("Authorization", `Bearer ${session.accessToken}`);
    if (!this.cookies) return request;
    // If another user has logged in since the request began, the cookies are theirs.
    return new Request(request, { credentials: session || !this.#stored ? "include" : "omit" });
  }

  /** Returns the session, refreshed if it is about to expire, or null if it has ended: some requests need no session. */
  async #fresh(session: StoredSession): Promise<StoredSession | null> {
    if (session.expiresAt - Date.now() >= REFRESH_MS_BEFORE_EXPIRY) return session;
    await this.#refreshOnce(session.stamp).catch((problem: unknown) => {
      if (!hasCode(problem, "invalid_refresh_token")) throw problem;
    });
    return this.#sameUser(session);
  }

  async #refreshOnce(stamp: string): Promise<void> {
    await this.#exclusively(async (waited) => {
      if (waited) await this.#waitForChange(stamp);
      if (this.#stored?.stamp === stamp) await this.#refresh();
    });
  }

  /** A value that another tab has written can arrive shortly after that tab has released the lock. */
  async #waitForChange(stamp: string): Promise<void> {
    for (let tries = 0; tries < 20 && this.#stored?.stamp === stamp; tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  async #refresh(): Promise<void> {
    const before = this.#stored;
    // Another user may log in while this request is in progress. In cookie mode, the last response decides.
    const isUnchanged = () => this.#stored?.stamp === before?.stamp;
    const body = JSON.stringify({ refresh_token: before?.refreshToken ?? null });
    const headers = { "Content-Type": "application/json" };
    try {
      const [, tokens] = await this.#requestTokens(new Request(`${this.url}/auth/refresh`, { method: "POST", headers, body }));
      if (tokens && (this.cookies || isUnchanged())) this.#store(tokens);
    } catch (problem) {
      // Only this error means that the session has ended. During an outage or overload, the session remains.
      if (hasCode(problem, "invalid_refresh_token") && isUnchanged()) this.#clear();
      throw problem;
    }
  }

  /**
   * Runs `work` in one tab at a time or, without Web Locks, once at a time in this process. `waited` is true if another
   * tab held the lock before.
   */
  async #exclusively(work: (waited: boolean) => Promise<void>): Promise<void> {
    const locks = globalThis.navigator?.locks;
    if (!locks) {
      const result = this.#queue.then(() => work(false));
      this.#queue = result.catch(() => {});
      return result;
    }
    const isDone = await locks.request(SESSION_KEY, { ifAvailable: true }, async (lock) => lock && (await work(false), true));
    if (!isDone) await locks.request(SESSION_KEY, () => work(true));
  }

  #store(tokens: Tokens): void {
    if (tokens.device_token) this.#storage.setItem(DEVICE_KEY, tokens.device_token);
    this.#write({ userId: tokens.user_id, ...accessTokenFields(tokens), refreshToken: tokens.refresh_token });
  }

  #write(session: StoredSession): void {
    this.#storage.setItem(SESSION_KEY, JSON.stringify(session));
    this.#notify();
  }

  #clear(): void {
    this.#storage.removeItem(SESSION_KEY);
    this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** The fields of a stored session that a new access token changes. */
function accessTokenFields(token: BearerToken) {
  return { stamp: String(Date.now() + Math.random()), expiresAt: Date.now() + token.expires_in * 1000, accessToken: token.access_token };
}

/** The same request in cookie mode. Its body is read first, because browsers send streams as bodies over HTTP/2 only. */
async function withCookies(request: Request): Promise<Request> {
  const url = new URL(request.url);
  url.searchParams.set("use_cookies", "true");
  const { method, headers, signal } = request;
  return new Request(url, { method, headers, signal, body: await request.text(), credentials: "include" });
}

async function send(request: Request): Promise<Response> {
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]);
  const response = await fetch(request, { signal }).catch((error: unknown) => {
    throw request.signal.aborted ? error : Problem.unreachable();
  });
  if (!response.ok) throw await Problem.of(response);
  return response;
}

function hasCode(problem: unknown, code: string): boolean {
  return problem instanceof Problem && problem.code === code;
}

function browserStorage(): SessionStorage {
  try {
    if (globalThis.localStorage) return globalThis.localStorage;
  } catch {
    // The browser blocks localStorage, so the session lasts as long as the page.
  }
  const values = new Map<string, string>();
  return {
    getItem: (name) => values.get(name) ?? null,
    setItem: (name, value) => void values.set(name, value),
    removeItem: (name) => void values.delete(name),
  };
}
