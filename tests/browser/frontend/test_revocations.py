"""The verifier of the TypeScript client learns of a logout without a request for each token."""

import json
import subprocess
import time

import pytest

from people import Person
from servers import PROJECT, Process, free_port

TYPESCRIPT = PROJECT / "clients" / "typescript"
INTERVAL = 1
# Reads a token from each line, and prints what the verifier says about it and how many requests it has sent.
SCRIPT = """
import { createInterface } from "node:readline";
import { Verifier } from "./src/index.ts";

let requests = 0;
const send = globalThis.fetch;
let tamper = false;
let part = false;
globalThis.fetch = async (...args) => {
  requests += 1;
  if (part && String(args[0]).includes("revocations")) {
    const { version } = await (await send(`${process.env.ACCOUNTS}/.well-known/revocations`)).json();
    return send(`${process.env.ACCOUNTS}/.well-known/revocations?since=${version}`);
  }
  const response = await send(...args);
  if (!tamper || response.status !== 200 || !String(args[0]).includes("revocations")) return response;
  return Response.json({ ...(await response.json()), sessions: [], users: [] });
};
let verifier = new Verifier(process.env.ACCOUNTS, "ES256", { maxAge: 2 });
for await (const line of createInterface({ input: process.stdin })) {
  const { token, forged, replaced } = JSON.parse(line);
  if (part !== Boolean(replaced)) {
    [part, tamper] = [Boolean(replaced), false];
    verifier = new Verifier(process.env.ACCOUNTS, "ES256", { maxAge: 2 });
  }
  if (forged && !tamper) { tamper = true; verifier = new Verifier(process.env.ACCOUNTS, "ES256", { maxAge: 2 }); }
  let said = "valid";
  try { await verifier.claims(token); } catch (error) { said = error.name; }
  console.log(JSON.stringify({ said, requests, age: verifier.revocations.age }));
}
"""


@pytest.fixture(scope="module")
def accounts(tmp_path_factory):
    port = free_port()
    service = Process(
        tmp_path_factory.mktemp("accounts"),
        port=port,
        PUBLIC_BASE_URL=f"http://127.0.0.1:{port}",
        ALGORITHM="ES256",
        REVOCATION_FEED_SECONDS=str(INTERVAL),
    )
    yield service
    service.kill()


@pytest.fixture(scope="module")
def verify(accounts):
    command = ["node_modules/.bin/tsx", "--input-type=module", "--eval", SCRIPT]
    process = subprocess.Popen(
        command,
        cwd=TYPESCRIPT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
        env={"PATH": "/usr/bin:/bin", "ACCOUNTS": accounts.url},
    )

    def ask(person, **more):
        process.stdin.write(json.dumps({"token": person.tokens["access_token"], **more}) + "\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    yield ask
    process.stdin.close()
    process.wait(10)


def seconds_until(condition, limit=20.0):
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < limit
        time.sleep(0.02)
    return time.monotonic() - started


def test_verifier_follows_the_list_and_says_how_old_it_is(accounts, verify):
    alice = Person(accounts, "alice")
    alice.sign_up()
    phone = alice.other_device()
    first = verify(phone)
    assert first["said"] == "valid" and first["age"] < INTERVAL
    requests = [verify(phone)["requests"] for _ in range(100)][-1]
    assert requests <= 5  # the keys, the list, and perhaps an update
    assert phone.client.post("/auth/logout").status_code == 204
    assert seconds_until(lambda: verify(phone)["said"] == "InvalidToken") < INTERVAL + 0.5
    assert verify(alice)["said"] == "valid"
    accounts.stop()
    assert seconds_until(lambda: verify(alice)["said"] == "RevocationsUnavailable") > 0.5
    assert verify(alice)["age"] > 2
    accounts.start()
    seconds_until(lambda: verify(alice)["said"] == "valid")
    assert verify(phone)["said"] == "InvalidToken"
    assert verify(alice, forged=True)["said"] == "RevocationsUnavailable"


def test_a_part_of_the_list_is_not_used_in_place_of_the_whole(accounts, verify):
    """Mallory, between the two, answers the request for the whole list with a part that the service has signed."""
    bob = Person(accounts, "bob")
    bob.sign_up()
    phone = bob.other_device()
    assert phone.client.post("/auth/logout").status_code == 204
    assert verify(phone, replaced=True)["said"] == "RevocationsUnavailable"
    seconds_until(lambda: verify(phone)["said"] == "InvalidToken")
