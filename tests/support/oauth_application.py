"""An application that logs users in with the service: what an OAuth library does, step by step, over plain HTTP."""

import base64
import hashlib
import json
import secrets
import time
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import httpx2
import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from people import Client
from settings.loading import settings

CALLBACK, AFTER_LOGOUT = "http://localhost:3000/callback", "http://localhost:3000/bye"
API, OTHER_API = "https://api.example.com/", "https://billing.example.com/"
SCOPES = ["openid", "profile", "email", "offline_access"]


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def s256(text: str) -> str:
    return base64url(hashlib.sha256(text.encode()).digest())


def register(root: Any, status: int = 201, **fields: Any) -> dict[str, Any]:
    """Create a client of a third party, confidential unless it says otherwise."""
    body = {
        "name": "Photo Printer",
        "redirect_uris": [CALLBACK],
        "post_logout_redirect_uris": [AFTER_LOGOUT],
        "scopes": SCOPES,
        **fields,
    }
    answer = root.client.post("/admin/clients", body)
    assert answer.status_code == status, answer.text
    return answer.json()


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def public_jwk(key: Any, kid: str = "k1") -> dict[str, Any]:
    made = jwt.algorithms.ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {**made, "kid": kid, "use": "sig", "alg": "ES256"}


class Application:
    """The application of a registered client. `key` signs its assertions, if it has one."""

    def __init__(self, service: Any, made: dict[str, Any], redirect_uri: str = CALLBACK, key: Any = None):
        self.service, self.made, self.redirect_uri, self.key = service, made, redirect_uri, key
        self.client_id, self.secret = made["client_id"], made.get("client_secret")
        self.scope = " ".join(SCOPES)
        self.verifier = self.state = self.nonce = ""
        self._http = httpx2.Client(base_url=service.url, trust_env=False, timeout=30)

    # ------------------------------------------------------------------------------------------- the browser's part

    def parameters(self, **changes: Any) -> dict[str, Any]:
        self.verifier, self.state, self.nonce = (secrets.token_urlsafe(40) for _ in range(3))
        found = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": self.scope,
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": s256(self.verifier),
            "code_challenge_method": "S256",
            **changes,
        }
        return {name: value for name, value in found.items() if value is not None}

    def url(self, **changes: Any) -> str:
        return f"{self.service.url}/oauth2/authorize?{urlencode(self.parameters(**changes), doseq=True)}"

    def begin(self, browser: Any, **changes: Any) -> httpx2.Response:
        """Open the authorization URL, and return the page or the redirect to the application."""
        browser.page = browser.follow(self.url(**changes))
        return browser.page

    def authorize(self, browser: Any, decision: str = "allow", **changes: Any) -> dict[str, str]:
        """Log in and answer as a user does, and return the query with which the browser returns."""
        self.begin(browser, **changes)
        for _ in range(3):
            if browser.page.has_redirect_location:
                return answer_of(browser.page)
            if "/login" in browser.page.url.path:
                browser.send_form(email=browser.email, password=browser.password)
            else:
                assert 'name="decision"' in browser.page.text, browser.page.text
                browser.send_form(to="/auth/authorize", decision=decision)
        return answer_of(browser.page)

    def code(self, browser: Any, **changes: Any) -> str:
        answer = self.authorize(browser, **changes)
        assert (answer.get("state"), answer.get("iss")) == (self.state, settings.jwt_issuer), answer
        return answer["code"]

    # -------------------------------------------------------------------------------------- the application's part

    def post(self, path: str, form: dict[str, Any], *, authenticated: bool = True, **headers: str) -> httpx2.Response:
        form, method = dict(form), self.made["token_endpoint_auth_method"]
        if authenticated and method == "client_secret_basic":
            pair = f"{quote(self.client_id, safe='')}:{quote(self.secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        elif authenticated:
            form["client_id"] = self.client_id
            if method == "client_secret_post":
                form["client_secret"] = self.secret
            if method == "private_key_jwt":
                form |= {"client_assertion": self.assertion(), "client_assertion_type": ASSERTION}
        return self._http.post(path, data=form, headers=headers)

    def assertion(self, **changes: Any) -> str:
        now = int(time.time())
        claims = {"iss": self.client_id, "sub": self.client_id, "aud": settings.jwt_issuer, "exp": now + 60}
        return jwt.encode({**claims, "jti": secrets.token_hex(8), **changes}, self.key, "ES256", {"kid": "k1"})

    def token(self, **form: Any) -> httpx2.Response:
        return self.post("/oauth2/token", form)

    def redeem(self, code: str, **changes: Any) -> httpx2.Response:
        form = {"code": code, "redirect_uri": self.redirect_uri, "code_verifier": self.verifier, **changes}
        return self.token(grant_type="authorization_code", **form)

    def log_in(self, browser: Any, **changes: Any) -> dict[str, Any]:
        answer = self.redeem(self.code(browser, **changes))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refresh(self, token: str, **more: Any) -> httpx2.Response:
        return self.token(grant_type="refresh_token", refresh_token=token, **more)

    def userinfo(self, access_token: str) -> httpx2.Response:
        return self._http.get("/oauth2/userinfo", headers={"Authorization": f"Bearer {access_token}"})

    def introspect(self, token: str) -> dict[str, Any]:
        answer = self.post("/oauth2/introspect", {"token": token})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def is_alive(self, tokens: dict[str, Any]) -> bool:
        """Return whether both tokens are valid, or neither."""
        by_access = self.userinfo(tokens["access_token"]).status_code == 200
        by_refresh = self.introspect(tokens["refresh_token"])["active"] if self.secret else by_access
        assert by_access == by_refresh, "the access token and the refresh token disagree"
        return by_access

    def claims(self, token: str, audience: str | None = None) -> dict[str, Any]:
        """Return the claims of a token, verified with the published key."""
        keys = {key["kid"]: key for key in Client(self.service.url).get("/.well-known/jwks.json").json()["keys"]}
        header = jwt.get_unverified_header(token)
        key = jwt.PyJWK(keys[header["kid"]])
        issuer = settings.jwt_issuer
        return jwt.decode(token, key, [header["alg"]], audience=audience or self.client_id, issuer=issuer, leeway=5)


ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def answer_of(response: httpx2.Response) -> dict[str, str]:
    """Return the query of the redirect to the application."""
    assert response.has_redirect_location, f"{response.url} {response.status_code} {response.text[:500]}"
    return dict(parse_qsl(urlsplit(response.headers["location"]).query))


def refused(response: httpx2.Response) -> tuple[int, str]:
    """Return the status and error code of an OAuth endpoint."""
    return response.status_code, json.loads(response.text)["error"]
