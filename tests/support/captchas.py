"""Solve a proof of work, and stand in for `siteverify` of Turnstile, hCaptcha and reCAPTCHA, as they document it."""

import base64
import hashlib
import json
import secrets
from typing import Any, ClassVar

from oauth_server import Answer, OAuthServer, Request
from people import Client


def challenge(url: str) -> dict[str, Any]:
    """Get a proof of work from the service."""
    answer = Client(url).get("/auth/captcha")
    assert answer.status_code == 200, answer.text
    return answer.json()


def solved(asked: dict[str, Any]) -> dict[str, Any]:
    """Return the proof for a challenge."""
    for number in range(asked["maxnumber"] + 1):
        if hashlib.sha256(f"{asked['salt']}{number}".encode()).hexdigest() == asked["challenge"]:
            return {name: value for name, value in asked.items() if name != "maxnumber"} | {"number": number}
    raise AssertionError("the challenge has no solution")


def token_of(proof: Any) -> str:
    return base64.b64encode(json.dumps(proof).encode()).decode()


def new_token(url: str) -> str:
    """Return a valid `captcha_token` of the service's own proof of work."""
    return token_of(solved(challenge(url)))


class Siteverify(OAuthServer):
    """A server with the `siteverify` of all three providers. It accepts each token of `new_token` once, as they do."""

    endpoints: ClassVar[dict[str, str]] = {
        "turnstile": "/turnstile/v0/siteverify",
        "hcaptcha": "/siteverify",
        "recaptcha": "/recaptcha/api/siteverify",
    }

    def __init__(self) -> None:
        super().__init__()
        self.secret, self.site_key = f"secret-{secrets.token_hex(8)}", f"key-{secrets.token_hex(8)}"
        self.tokens: set[str] = set()
        self.says: dict[str, Any] = {}  # other members of the response to a valid token

    def settings_of(self, provider: str) -> dict[str, Any]:
        return {
            "captcha_provider": provider,
            "captcha_base_url": self.url,
            "captcha_site_key": self.site_key,
            "captcha_secret": self.secret,
        }

    def new_token(self) -> str:
        token = f"token-{secrets.token_hex(300)}"
        self.tokens.add(token)
        return token

    def _name_of(self, path: str) -> str:
        return next((name for name, own in self.endpoints.items() if own == path), path)

    def _answer(self, name: str, request: Request) -> Answer:
        if name in self.breaks:
            return Answer(*self.breaks[name])
        if name not in self.endpoints or request.method != "POST":
            return Answer(404)
        if request.form.get("secret") != self.secret:
            return self._refuses("invalid-input-secret")
        if request.form.get("response") not in self.tokens:
            return self._refuses("timeout-or-duplicate" if request.form.get("response") else "missing-input-response")
        if not self.says.get("twice"):
            self.tokens.discard(request.form["response"])
        body = {"success": True, "challenge_ts": "2026-03-14T09:26:53Z", "hostname": "localhost", "error-codes": []}
        return Answer(200, json.dumps(body | self.says).encode())

    def _refuses(self, code: str) -> Answer:
        return Answer(200, json.dumps({"success": False, "error-codes": [code]}).encode())
