// Uses the client like an application, against the service at SERVICE_URL.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";

import { Problem, Service } from "../src/index";

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

test("Alice signs up, is known, logs out, and logs in again", async () => {
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

test("an access token that is no longer good is renewed once, however many calls come at once", async () => {
  const keeper = new Memory();
  const service = new Service({ url, keeper });
  await service.auth.signup({ body: alice() });
  keeper.changes({ accessToken: "no.longer.good" });
  const renewals = counted(keeper);
  const everybody = await Promise.all(Array.from({ length: 10 }, () => service.users.me()));
  assert.equal(new Set(everybody.map((user) => user.user_id)).size, 1);
  assert.equal(renewals(), 1);
  assert.equal((await service.users.listSessions()).length, 1);
});

test("one that is about to expire is renewed before it is shown", async () => {
  const keeper = new Memory();
  const service = new Service({ url, keeper });
  await service.auth.signup({ body: alice() });
  keeper.changes({ expiresAt: Date.now() });
  const renewals = counted(keeper);
  await service.users.me();
  assert.equal(renewals(), 1);
});

test("a session that has ended elsewhere is forgotten, and signing out of it is no failure", async () => {
  const [here, there, elsewhere] = [new Memory(), new Memory(), new Memory()];
  const body = alice();
  const service = new Service({ url, keeper: here });
  const another = new Service({ url, keeper: there });
  await service.auth.signup({ body });
  await another.auth.login({ body });
  for (const [name, value] of there) elsewhere.set(name, value);
  await service.auth.logoutAll();
  await assert.rejects(another.users.me(), problem("invalid_refresh_token"));
  assert.equal(another.session.userId, null);
  await new Service({ url, keeper: elsewhere }).auth.logout();
});

test("where it has ended, and the access token has expired, what needs no login is sent all the same", async () => {
  for (const call of ["requestPasswordReset", "logout", "logoutAll"] as const) {
    const keeper = new Memory();
    const service = new Service({ url, keeper });
    const body = alice();
    await service.auth.signup({ body });
    keeper.changes({ expiresAt: 0, refreshToken: "has-ended" });
    await (call === "requestPasswordReset" ? service.auth[call]({ body }) : service.auth[call]());
    assert.equal(service.session.userId, null);
  }
});

test("what Alice asks is never asked for Bob, who signs in meanwhile in another tab", async () => {
  for (const kept of [{ accessToken: "no.longer.good" }, { expiresAt: 0 }, { expiresAt: 0, refreshToken: "has-ended" }]) {
    const keeper = new Memory();
    const [service, tab] = [new Service({ url, keeper }), new Service({ url, keeper })];
    await service.auth.signup({ body: alice() });
    keeper.changes(kept);
    meanwhile(() => tab.auth.signup({ body: { ...alice(), username: "Bob" } }));
    await assert.rejects(service.users.updateMe({ body: { username: "Alice Liddell" } }), problem("not_authenticated"));
    assert.equal((await service.users.me()).username, "Bob");
  }
});

test("no value makes another call of it", async () => {
  const service = new Service({ url });
  await service.auth.signup({ body: alice() });
  for (const session_id of ["", ".", ".."]) await assert.rejects(service.users.endSession({ path: { session_id } }), /session_id: ".*" cannot be part of an address/);
  await assert.rejects(service.users.endSession({ path: { session_id: "%2e%2e" } }), Problem);
  assert.equal((await service.users.me()).username, "Alice");
});

test("a service that is away ends no session", async () => {
  const keeper = new Memory();
  await new Service({ url, keeper }).auth.signup({ body: alice() });
  keeper.changes({ expiresAt: 0 });
  const away = new Service({ url: "http://127.0.0.1:9", keeper });
  await assert.rejects(away.users.me(), problem("unreachable"));
  assert.ok(away.session.userId);
});

test("a problem says its code, and what is wrong with which field", async () => {
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

test("an answer may say anything", async () => {
  for (const errors of [{}, [null], "all", [{ field: "constructor", message: "is odd" }]]) {
    const told = await Problem.of(Response.json({ code: "odd", errors }, { status: 422 }));
    assert.equal(told.code, "odd");
  }
  const proxy = createServer((_, answer) => void answer.end("<h1>Accept our terms</h1>")).listen(0);
  const away = new Service({ url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` });
  await assert.rejects(away.auth.login({ body: alice() }), problem("unexpected"));
  proxy.close();
});

test("a call that its caller ends is no fault of the service", async () => {
  await assert.rejects(new Service({ url }).users.me({ signal: AbortSignal.abort() }), { name: "AbortError" });
});

/** Does something when the next answer has come, before the client has seen it. */
function meanwhile(work: () => Promise<unknown>): void {
  const { fetch } = globalThis;
  globalThis.fetch = async (...request) => {
    globalThis.fetch = fetch;
    const answer = await fetch(...request);
    await work();
    return answer;
  };
}

function counted(keeper: Memory): () => number {
  let times = 0;
  const keep = keeper.setItem;
  keeper.setItem = (name, value) => {
    times += 1;
    keep(name, value);
  };
  return () => times;
}
