"""A client with a key, which makes DPoP proofs (RFC 9449) and keeps the nonce of the service."""

import hashlib
import json
import secrets
import time
from typing import Any

import jwt

from oauth_application import base64url, new_key, public_jwk, s256
from settings.loading import settings


class Prover:
    def __init__(self) -> None:
        self.key = new_key()
        self.jwk = {name: public_jwk(self.key)[name] for name in ("crv", "kty", "x", "y")}
        self.nonce: str | None = None

    @property
    def thumbprint(self) -> str:
        text = json.dumps(self.jwk, separators=(",", ":"), sort_keys=True)
        return base64url(hashlib.sha256(text.encode()).digest())

    def proof(
        self, method: str, path: str, access_token: str | None = None, *, header: Any = None, **claims: Any
    ) -> str:
        """Return a proof; a claim that is None is omitted."""
        body = {
            "jti": secrets.token_hex(12), "htm": method, "htu": settings.public_base_url + path,
            "iat": int(time.time()), "nonce": self.nonce, "ath": s256(access_token) if access_token else None, **claims,
        }  # fmt: skip
        given = {name: value for name, value in body.items() if value is not None}
        return jwt.encode(given, self.key, "ES256", {"typ": "dpop+jwt", "jwk": self.jwk, **(header or {})})

    def token(self, application: Any, **form: Any) -> Any:
        """Request tokens, once more if the service demands its nonce."""
        for _ in range(2):
            answer = application.post("/oauth2/token", form, DPoP=self.proof("POST", "/oauth2/token"))
            self.nonce = answer.headers.get("dpop-nonce") or self.nonce
            if answer.status_code != 400 or answer.json()["error"] != "use_dpop_nonce":
                break
        return answer

    def redeem(self, application: Any, code: str) -> Any:
        form = {"code": code, "redirect_uri": application.redirect_uri, "code_verifier": application.verifier}
        return self.token(application, grant_type="authorization_code", **form)

    def userinfo(self, application: Any, access_token: str, proof: str | None = None) -> Any:
        proof = proof or self.proof("GET", "/oauth2/userinfo", access_token)
        headers = {"Authorization": f"DPoP {access_token}", "DPoP": proof}
        return application._http.get("/oauth2/userinfo", headers=headers)
