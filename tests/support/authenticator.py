"""A passkey authenticator and an authenticator app in software, which tests can make misbehave."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from people import Client, Person
from reader import codes_on, hidden
from settings.loading import settings

USER_PRESENT, USER_VERIFIED, ATTESTED = 1, 4, 64
NO_AAGUID = bytes(16)


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Passkey:
    """An authenticator with one passkey. `counter` 0 stays 0, as that of a synchronized passkey."""

    def __init__(self, *, verifies: bool = True, counter: int = 0, aaguid: bytes = NO_AAGUID) -> None:
        self.verifies, self.counter, self.aaguid = verifies, counter, aaguid
        self.id, self.key = secrets.token_bytes(32), ec.generate_private_key(ec.SECP256R1())
        self.handle = ""

    def create(self, options: dict[str, Any], **lies: Any) -> dict[str, Any]:
        """Return the JSON of `navigator.credentials.create()`."""
        self.handle = options["user"]["id"]
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = self.aaguid + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(cose)
        data = self._data(options["rp"]["id"], lies, attested)
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        response = {
            "clientDataJSON": b64(self._client_data("webauthn.create", options, lies)),
            "attestationObject": b64(attestation),
            "transports": ["internal"],
        }
        return self._credential(response)

    def get(self, options: dict[str, Any], **lies: Any) -> dict[str, Any]:
        """Return the JSON of `navigator.credentials.get()`."""
        self.counter += bool(self.counter)
        data, client = self._data(options["rpId"], lies), self._client_data("webauthn.get", options, lies)
        key = lies.get("key", self.key)
        signature = key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signature)}
        if (handle := lies.get("handle", self.handle)) is not None:
            response["userHandle"] = handle
        return self._credential(response | lies.get("response", {}))

    def _data(self, rp_id: str, lies: dict[str, Any], attested: bytes = b"") -> bytes:
        flags = USER_PRESENT * lies.get("present", True) | USER_VERIFIED * lies.get("verifies", self.verifies)
        counter = lies.get("counter", self.counter)
        rp_hash = hashlib.sha256(lies.get("rp_id", rp_id).encode()).digest()
        return rp_hash + bytes([flags | ATTESTED * bool(attested)]) + counter.to_bytes(4, "big") + attested

    def _client_data(self, kind: str, options: dict[str, Any], lies: dict[str, Any]) -> bytes:
        data = {
            "type": lies.get("type", kind),
            "challenge": lies.get("challenge", options["challenge"]),
            "origin": lies.get("origin", settings.webauthn_origins[0]),
            "crossOrigin": lies.get("cross_origin", False),
        }
        return json.dumps(data).encode()

    def _credential(self, response: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": b64(self.id),
            "rawId": b64(self.id),
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {"credProps": {"rk": True}},
        }

    def public_key(self) -> bytes:
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.key.public_key().public_bytes(serialization.Encoding.DER, form)


class App:
    """An authenticator app with one secret."""

    def __init__(self, secret: str) -> None:
        self.secret, self.id, self.recovery_codes, self._shown = secret, "", [], 0

    def at(self, steps: int = 0) -> str:
        """Return the code of this many steps from now."""
        step = (int(time.time()) // 30 + steps).to_bytes(8, "big")
        digest = hmac.digest(base64.b32decode(self.secret), step, "sha1")
        return f"{(int.from_bytes(digest[digest[-1] & 15 :][:4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"

    def code(self) -> str:
        """Return a code that was not shown yet: at most one step ahead of the clock."""
        now = int(time.time()) // 30
        self._shown = max(self._shown + 1, now)
        assert self._shown <= now + 1, "no unused code is valid yet: move the clock"
        return self.at(self._shown - now)

    def wrong(self) -> str:
        valid = {self.at(step) for step in range(-3, 4)}
        return next(code for code in (f"{number:06d}" for number in range(10)) if code not in valid)


def wait_for_mid_step(clock: Any, seconds: float = 120) -> None:
    """Move the clock by at least this many seconds, to the middle of a time step: no step ends during the test."""
    clock.shift(seconds)
    clock.shift(45 - time.time() % 30)


def add_app(person: Person, **proof: str) -> App:
    """Set up an authenticator app, and return it with the recovery codes that came with it."""
    begun = person.client.post("/users/me/factors/totp", proof)
    assert begun.status_code == 201, begun.text
    app = App(begun.json()["secret"])
    confirmed = person.client.post(f"/users/me/factors/totp/{begun.json()['id']}/confirm", {"code": app.code()})
    assert confirmed.status_code == 200, confirmed.text
    app.id, app.recovery_codes = confirmed.json()["factor"]["id"], confirmed.json()["recovery_codes"]
    return app


def add_passkey(person: Person, passkey: Passkey | None = None, **proof: str) -> Passkey:
    passkey = passkey or Passkey()
    begun = person.client.post("/users/me/factors/passkeys/options", proof)
    assert begun.status_code == 200, begun.text
    added = person.client.post(
        "/users/me/factors/passkeys",
        {"ceremony": begun.json()["ceremony"], "credential": passkey.create(begun.json()["options"])},
    )
    assert added.status_code == 201, added.text
    passkey.factor = added.json()["factor"]  # type: ignore[attr-defined]
    return passkey


def first_step(person: Person, **more: Any) -> dict[str, Any]:
    """Log in with the password, and return the 403 `mfa_required`."""
    answer = Client(person.service.url).post(
        "/auth/login", {"email": person.email, "password": person.password, **more}
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "mfa_required"), answer.text
    return answer.json()


def second_step(person: Person, begun: dict[str, Any] | None = None, **answer: Any) -> Any:
    body = {"mfa_token": (begun or first_step(person))["mfa_token"], **answer}
    return Client(person.service.url, headers={"User-Agent": f"{person.name}'s browser"}).post("/auth/mfa", body)


def log_in_with(person: Person, passkey: Passkey, **lies: Any) -> Any:
    client = Client(person.service.url)
    begun = client.post("/auth/passkeys/options").json()
    return client.post(
        "/auth/passkeys", {"ceremony": begun["ceremony"], "credential": passkey.get(begun["options"], **lies)}
    )


def set_up_app(reader: Any) -> App:
    """Set up an authenticator app on the hosted pages, and return it with its recovery codes."""
    reader.open("/account/factors/totp")
    app = App(hidden(reader.send_form(), "secret"))
    app.recovery_codes = codes_on(reader.send_form(code=app.code()))
    return app
