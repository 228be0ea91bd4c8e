// Uses the client as an application would, with the service at SERVICE_URL.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";

import { type Claims, InvalidToken, MfaRequired, Problem, ReauthenticationRequired, Service, Verifier, requires, withReauthentication } from "../src/index";

const url = process.env["SERVICE_URL"] ?? "http://localhost:8000";
const password = "a horse, a battery";
const alice = () => ({ email: `alice-${crypto.randomUUID()}@example.com`, username: "Alice", password });
const problem = (code: string) => (error: unknown) => error instanceof Problem && error.code === code;

class Memory extends Map<string, string> {
  getItem = (name: string) => this.get(name) ?? null;
  setItem = (name: string, value: string) => void this.set(name, value);
  removeItem = (name: string) => void this.delete(name);
  changes(change: object): void {
    for (const [name, value] of this) this.set(name, JSON.stringify({ ...JSON.parse(value), ...change }));
  }
}

test("Alice signs up, retrieves her account, logs out, and logs in again", async () => {
  const service = new Service({ url });
  const body = alice();
  await service.auth.signup({ body });
  assert.equal((await service.users.me()).username, "Alice");
  await service.auth.logout();
  assert.equal(service.session.userId, null);
  await assert.rejects(service.users.me(), problem("not_authenticated"));
  await service.auth.login({ body });
  assert.equal(service.session.userId, (await service.users.me()).user_id);
});

test("concurrent requests refresh an invalid access token only once", async () => {
  const storage = new Memory();
  const service = new Service({ url, storage });
  await service.auth.signup({ body: alice() });
  storage.changes({ accessToken: "no.longer.good" });
  const refreshes = counted(storage);
  const users = await Promise.all(Array.from({ length: 10 }, () => service.users.me()));
  assert.equal(new Set(users.map((user) => user.user_id)).size, 1);
  assert.equal(refreshes(), 1);
  assert.equal((await service.users.listSessions()).length, 1);
});

test("an access token that is about to expire is refreshed before it is sent", async () => {
  const storage = new Memory();
  const service = new Service({ url, storage });
  await service.auth.signup({ body: alice() });
  storage.changes({ expiresAt: Date.now() });
  const refreshes = counted(storage);
  await service.users.me();
  assert.equal(refreshes(), 1);
});

test("a session that has ended elsewhere is deleted, and logging out of it succeeds", async () => {
  const [here, there, elsewhere] = [new Memory(), new Memory(), new Memory()];
  const body = alice();
  const service = new Service({ url, storage: here });
  const another = new Service({ url, storage: there });
  await service.auth.signup({ body });
  await another.auth.login({ body });
  for (const [name, value] of there) elsewhere.set(name, value);
  await service.auth.logoutAll();
  await assert.rejects(another.users.me(), problem("invalid_refresh_token"));
  assert.equal(another.session.userId, null);
  await new Service({ url, storage: elsewhere }).auth.logout();
});

test("requests that need no login are sent after the session has ended", async () => {
  for (const call of ["requestPasswordReset", "logout", "logoutAll"] as const) {
    const storage = new Memory();
    const service = new Service({ url, storage });
    const body = alice();
    await service.auth.signup({ body });
    storage.changes({ expiresAt: 0, refreshToken: "has-ended" });
    await (call === "requestPasswordReset" ? service.auth[call]({ body }) : service.auth[call]());
    assert.equal(service.session.userId, null);
  }
});

test("a request of Alice is not repeated as Bob, who logs in in another tab", async () => {
  for (const change of [{ accessToken: "no.longer.good" }, { expiresAt: 0 }, { expiresAt: 0, refreshToken: "has-ended" }]) {
    const storage = new Memory();
    const [service, tab] = [new Service({ url, storage }), new Service({ url, storage })];
    await service.auth.signup({ body: alice() });
    storage.changes(change);
    afterNextResponse(() => tab.auth.signup({ body: { ...alice(), username: "Bob" } }));
    await assert.rejects(service.users.updateMe({ body: { username: "Alice Liddell" } }), problem("not_authenticated"));
    assert.equal((await service.users.me()).username, "Bob");
  }
});

test("a path parameter cannot change the route", async () => {
  const service = new Service({ url });
  await service.auth.signup({ body: alice() });
  for (const session_id of ["", ".", ".."]) await assert.rejects(service.users.endSession({ path: { session_id } }), /session_id: ".*" cannot be part of a URL/);
  await assert.rejects(service.users.endSession({ path: { session_id: "%2e%2e" } }), Problem);
  assert.equal((await service.users.me()).username, "Alice");
});

test("an outage does not end the session", async () => {
  const storage = new Memory();
  await new Service({ url, storage }).auth.signup({ body: alice() });
  storage.changes({ expiresAt: 0 });
  const unreachable = new Service({ url: "http://127.0.0.1:9", storage });
  await assert.rejects(unreachable.users.me(), problem("unreachable"));
  assert.ok(unreachable.session.userId);
});

test("a problem contains its code and the invalid fields", async () => {
  const service = new Service({ url });
  await assert.rejects(service.auth.login({ body: alice() }), problem("invalid_credentials"));
  await assert.rejects(service.auth.signup({ body: { ...alice(), email: "alice" } }), (error: unknown) => {
    assert.ok(error instanceof Problem);
    assert.equal(error.code, "validation_error");
    assert.deepEqual(Object.keys(error.fields), ["email"]);
    assert.ok(error.requestId);
    return true;
  });
});

test("a malformed response becomes a problem", async () => {
  for (const errors of [{}, [null], "all", [{ field: "constructor", message: "is odd" }]]) {
    const malformed = await Problem.of(Response.json({ code: "odd", errors }, { status: 422 }));
    assert.equal(malformed.code, "odd");
  }
  const proxy = createServer((_, response) => void response.end("<h1>Accept our terms</h1>")).listen(0);
  const behindProxy = new Service({ url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` });
  await assert.rejects(behindProxy.auth.login({ body: alice() }), problem("unexpected"));
  proxy.close();
});

test("an aborted request throws AbortError, not a problem", async () => {
  await assert.rejects(new Service({ url }).users.me({ signal: AbortSignal.abort() }), { name: "AbortError" });
});

test("a login requires a second factor, which a trusted device skips", async () => {
  const storage = new Memory();
  const service = new Service({ url, storage });
  const body = alice();
  await service.auth.signup({ body });
  const { codes, factorId, recoveryCode } = await authenticatorApp(service);
  await service.auth.logout();
  const required = await service.auth.login({ body }).catch((problem: unknown) => problem);
  assert.ok(required instanceof MfaRequired);
  assert.deepEqual([...required.factors].sort(), ["recovery_code", "totp"]);
  assert.equal(service.session.userId, null);
  await assert.rejects(service.auth.completeLogin({ body: { mfa_token: required.mfaToken, code: "abc" } }), problem("invalid_code"));
  await service.auth.completeLogin({ body: { mfa_token: required.mfaToken, code: codes.next(), remember_device: true } });
  assert.equal((await service.users.listTrustedDevices()).items.length, 1);
  await service.auth.logout();
  await service.auth.login({ body });

  // On the trusted device, she has authenticated only with her password.
  const remove = () => service.users.removeFactor({ path: { factor_id: factorId } });
  await assert.rejects(remove(), (error: unknown) => error instanceof ReauthenticationRequired && error.acrValues === "aal2" && error.factors.includes("totp"));
  const before = [...storage.values()].join();
  await withReauthentication(service, remove, async () => ({ password, recovery_code: recoveryCode }));
  assert.notEqual([...storage.values()].join(), before);
  assert.equal((await service.users.listFactors()).items.length, 0);
});

test("a verifier accepts access tokens of the service only", async () => {
  const { issuer, sign, close } = await issuerOf();
  const verifier = new Verifier(issuer, "ES256", { followRevocations: false });
  assert.equal((await verifier.claims(`Bearer ${await sign()}`)).sub, "alice");
  const invalid = [
    sign({ enrolment: true }), sign({ aud: "another" }), sign({ iss: "https://mallory.example" }), sign({ exp: 1 }), sign({ exp: undefined }),
    sign({}, { typ: "JWT" }), sign({}, { kid: "unknown" }), sign({}, { alg: "none" }), "a.b.c", "", (await sign()).slice(0, -4) + "AAAA",
  ];
  for (const token of invalid) await assert.rejects(verifier.claims(await token), (error: unknown) => error instanceof InvalidToken && error.status === 401);
  close();
});

test("an action can require a recent login with two factors (RFC 9470)", () => {
  const now = Math.floor(Date.now() / 1000);
  const claims = (changes: Partial<Claims>) => ({ sub: "alice", acr: "aal2", auth_time: now, ...changes }) as Claims;
  const forPayments = requires({ acr: "aal2", maxAge: 300 });
  assert.equal(forPayments(claims({})).sub, "alice");
  assert.ok(requires({ maxAge: 300 })(claims({ acr: "aal1", acr_time: now - 900 })));
  for (const changes of [{ acr: "aal1" as const }, { auth_time: now - 301 }, { acr_time: now - 301 }, { auth_time: undefined }]) {
    assert.throws(() => forPayments(claims(changes)), (error: unknown) => {
      assert.ok(error instanceof InvalidToken);
      assert.equal(error.wwwAuthenticate, 'Bearer error="insufficient_user_authentication", acr_values="aal2", max_age=300');
      return true;
    });
  }
});

/** Sets up an authenticator app, and returns a generator of its single-use codes. */
async function authenticatorApp(service: Service) {
  const { id, secret } = await service.users.beginTotp();
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)));
  let step = Math.floor(Date.now() / 30_000);
  const next = () => {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(step++));
    const mac = createHmac("sha1", key).update(counter).digest();
    return String((mac.readUInt32BE(mac[19]! & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
  };
  const { recovery_codes } = await service.users.confirmTotp({ path: { factor_id: id }, body: { code: next() } });
  return { codes: { next }, factorId: id, recoveryCode: recovery_codes[0]! };
}

/** Starts a server that publishes a key, and returns a function that signs access tokens with it. */
async function issuerOf() {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const jwk = { ...(await crypto.subtle.exportKey("jwk", publicKey)), alg: "ES256", kid: "1" };
  const server = createServer((_, response) => void response.end(JSON.stringify({ keys: [jwk] }))).listen(0);
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const now = Math.floor(Date.now() / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const sign = async (claims: object = {}, header: object = {}) => {
    const payload = { iss: issuer, aud: "credential-service", sub: "alice", iat: now, exp: now + 900, ...claims };
    const signed = `${part({ alg: "ES256", typ: "at+jwt", kid: "1", ...header })}.${part(payload)}`;
    return `${signed}.${Buffer.from(await crypto.subtle.sign(algorithm, privateKey, Buffer.from(signed))).toString("base64url")}`;
  };
  return { issuer, sign, close: () => server.close() };
}

/** Runs `work` after the next response has arrived, before the client receives it. */
function afterNextResponse(work: () => Promise<unknown>): void {
  const { fetch } = globalThis;
  globalThis.fetch = async (...request) => {
    globalThis.fetch = fetch;
    const response = await fetch(...request);
    await work();
    return response;
  };
}

function counted(storage: Memory): () => number {
  let times = 0;
  const setItem = storage.setItem;
  storage.setItem = (name, value) => {
    times += 1;
    setItem(name, value);
  };
  return () => times;
}
