"""Stand-in OAuth providers, as real servers: OpenID Connect, Apple, Facebook and GitHub.

Each behaves as documented until a test makes it misbehave (see `oauth_server`); `behaves()` ends that. Each test has
its own provider, so that no keys are cached.
"""

import base64
import functools
import hashlib
import hmac
import html
import json
import secrets
import time
import uuid
from typing import Any, ClassVar
from urllib.parse import unquote_plus, urlencode

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from oauth_server import HTML, Answer, Grant, OAuthServer, Refused, Request, base64url, changed

DISCOVERY = "/.well-known/openid-configuration"


@functools.cache
def _rsa_key(number: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@functools.cache
def _ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


class OpenIdProvider(OAuthServer):
    """A server of OpenID Connect Core 1.0 and Discovery 1.0.

    `path` follows the host in its issuer. `templated_issuer` behaves as Microsoft's `common` tenant: the published
    issuer contains `{tenantid}`, and an ID token names the tenant of its user, `tid`.
    """

    endpoints: ClassVar[dict[str, str]] = {
        DISCOVERY: "discovery", "/authorize": "authorize", "/token": "token", "/jwks": "jwks", "/userinfo": "userinfo",
    }  # fmt: skip
    metadata: ClassVar[dict[str, Any]] = {
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
    }

    def __init__(self, *, path: str = "", templated_issuer: bool = False, **more: Any) -> None:
        self.templated_issuer, self._path = templated_issuer, "/common/v2.0" if templated_issuer else path
        self._keys: dict[str, rsa.RSAPrivateKey] = {}
        self._rotations = 0
        self.rotates_keys()
        super().__init__(**more)
        self.issuer = self.url + self._path  # the configured issuer, where discovery is

    def behaves(self) -> None:
        super().behaves()
        self.changes: dict[str, Any] = {}  # other values in the ID token; None removes one
        self.signs_with = "RS256"  # or ES256, another-key, none, HS256-with-secret, HS256-with-public-key
        self.kid: str | None = list(self._keys)[-1]  # the key id in the ID token; None removes it

    def rotates_keys(self, *, keeps_the_old: bool = False) -> None:
        """Sign with a new key from now on, and remove the old one or publish both."""
        self._rotations += 1
        self.kid = f"key-{secrets.token_hex(4)}"
        self._keys = {**(self._keys if keeps_the_old else {}), self.kid: _rsa_key(self._rotations)}

    def new_person(self, **claims: Any) -> dict[str, Any]:
        tenant = {"tid": str(uuid.uuid4())} if self.templated_issuer else {}
        return super().new_person(**{**tenant, **claims})

    def _name_of(self, path: str) -> str:
        return path.removeprefix(self._path)

    def discovery(self, _request: Request | None = None) -> dict[str, Any]:
        return {
            "issuer": f"{self.url}/{{tenantid}}/v2.0" if self.templated_issuer else self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query", "form_post"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            "scopes_supported": ["openid", "email", "profile"],
            **self.metadata,
        }

    def _announced(self, name: str) -> Any:
        return changed(self.discovery(), self.changes_at.get(DISCOVERY, {})).get(name)

    def _issuer_for(self, person: dict[str, Any]) -> str:
        return f"{self.url}/{person['tid']}/v2.0" if self.templated_issuer else self.issuer

    def _demands(self, asked: dict[str, str]) -> dict[str, bool]:
        openid = {"scope": "openid" in asked.get("scope", "").split(), "nonce": len(asked.get("nonce", "")) >= 16}
        return super()._demands(asked) | openid

    def _beside_the_code(self, _asked: dict[str, str]) -> dict[str, str]:
        announced = self._announced("authorization_response_iss_parameter_supported")
        return {"iss": self._issuer_for(self.person)} if announced else {}  # RFC 9207

    def _sent_back(self, asked: dict[str, str], fields: dict[str, str]) -> Answer:
        if asked.get("response_mode") != "form_post":
            return super()._sent_back(asked, fields)
        inputs = "".join(f'<input type="hidden" name="{n}" value="{html.escape(v)}">' for n, v in fields.items())
        form = f'<form method="post" action="{html.escape(asked["redirect_uri"])}">{inputs}</form>'
        page = f'<!DOCTYPE html><body onload="document.forms[0].submit()">{form}</body>'
        return Answer(200, page.encode(), {"Content-Type": HTML})

    def _is_the_client(self, request: Request) -> bool:
        kind, _, shown = request.headers.get("Authorization", "").partition(" ")
        methods = self._announced("token_endpoint_auth_methods_supported")
        if kind == "Basic":  # RFC 6749, 2.3.1: each part is form-encoded, and no second method may be used
            given = [unquote_plus(part) for part in base64.b64decode(shown).decode().split(":", 1)]
            return "client_secret_basic" in methods and "client_secret" not in request.form and self._is_right(*given)
        return "client_secret_post" in methods and super()._is_the_client(request)

    def _is_proven(self, grant: Grant, form: dict[str, str]) -> bool:
        knows_pkce = "S256" in (self._announced("code_challenge_methods_supported") or [])
        return not knows_pkce or super()._is_proven(grant, form)

    def _beside(self, grant: Grant) -> dict[str, Any]:
        return {**super()._beside(grant), "id_token": self.id_token(grant)}

    def id_token(self, grant: Grant) -> str:
        now, person = int(time.time()), self._told(grant.person)
        claims = {"iss": self._issuer_for(grant.person), "aud": self.client_id, "iat": now, "exp": now + 600}
        return self._signed(changed({**claims, "nonce": grant.asked.get("nonce"), **person}, self.changes))

    def _told(self, person: dict[str, Any]) -> dict[str, Any]:
        return person

    def _signed(self, claims: dict[str, Any]) -> str:
        key = list(self._keys.values())[-1]
        named = {"kid": self.kid} if self.kid else {}
        if self.signs_with == "ES256":
            return jwt.encode(claims, _ec_key(), "ES256", {"kid": "ec"} if self.kid else {})
        if self.signs_with in ("RS256", "another-key"):
            return jwt.encode(claims, _rsa_key(0) if self.signs_with == "another-key" else key, "RS256", named)
        secret = {
            "none": None,
            "HS256-with-secret": self.client_secret.encode(),
            "HS256-with-public-key": key.public_key().public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            ),
        }[self.signs_with]
        # Built by hand, because PyJWT rejects such keys and an attacker does not use it.
        header = {"alg": "none" if secret is None else "HS256", "typ": "JWT", **named}
        text = ".".join(base64url(json.dumps(part).encode()) for part in (header, claims))
        return f"{text}.{base64url(hmac.digest(secret, text.encode(), 'sha256')) if secret else ''}"

    def jwks(self, _request: Request) -> dict[str, Any]:
        def published(algorithm: Any, key: Any, **beside: str) -> dict[str, Any]:
            return {**algorithm.to_jwk(key.public_key(), as_dict=True), "use": "sig", **beside}

        keys = [published(jwt.algorithms.RSAAlgorithm, key, kid=kid, alg="RS256") for kid, key in self._keys.items()]
        return {"keys": [*keys, published(jwt.algorithms.ECAlgorithm, _ec_key(), kid="ec", alg="ES256")]}

    def userinfo(self, request: Request) -> dict[str, Any]:
        return self._owner(request.bearer)


class Apple(OpenIdProvider):
    """Send a form post, send the name only once and only in the form, and support neither PKCE nor RFC 9207.

    It is at `localhost`, so that its callback to 127.0.0.1 is cross-site.
    """

    endpoints: ClassVar[dict[str, str]] = {k: v for k, v in OpenIdProvider.endpoints.items() if k != "/userinfo"}
    metadata: ClassVar[dict[str, Any]] = {
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "scopes_supported": ["openid", "email", "name"],
        "id_token_signing_alg_values_supported": ["RS256"],
    }

    def __init__(self) -> None:
        self._introduced: set[str] = set()
        super().__init__(host="localhost")

    def discovery(self, _request: Request | None = None) -> dict[str, Any]:
        return changed(super().discovery(), {"userinfo_endpoint": None})

    def _demands(self, asked: dict[str, str]) -> dict[str, bool]:
        asks_for_more = {"email", "name"} & set(asked.get("scope", "").split())
        posted = {"response_mode": not asks_for_more or asked.get("response_mode") == "form_post"}
        return super()._demands(asked) | posted

    def _beside_the_code(self, asked: dict[str, str]) -> dict[str, str]:
        who = self.person
        if self.says_no or who["sub"] in self._introduced or "name" not in asked["scope"].split():
            return super()._beside_the_code(asked)
        self._introduced.add(who["sub"])
        first, _, last = who.get("name", "").partition(" ")
        user = {"name": {"firstName": first, "lastName": last}, "email": who.get("email")}
        return {**super()._beside_the_code(asked), "user": json.dumps(user)}

    def _told(self, person: dict[str, Any]) -> dict[str, Any]:
        verified = {"email_verified": "true" if person.get("email_verified") else "false"}
        return changed(person, {"name": None, **verified})


class Facebook(OAuthServer):
    """The login dialog and the Graph API, at one URL. Each request to the latter requires `appsecret_proof`."""

    endpoints: ClassVar[dict[str, str]] = {
        "/v26.0/dialog/oauth": "authorize", "/v26.0/oauth/access_token": "token", "/v26.0/me": "me",
    }  # fmt: skip

    def _beside(self, _grant: Grant) -> dict[str, Any]:
        return {"token_type": "bearer"}

    def _refusal(self, request: Request, error: str) -> Answer:
        told = {"message": error, "type": "OAuthException", "code": 190 if error == "invalid_token" else 100}
        return self._written(request, {"error": {**told, "fbtrace_id": "A1b2C3"}}, 400)

    def me(self, request: Request) -> dict[str, Any]:
        access_token = request.query.get("access_token") or request.bearer
        person = self._owner(access_token)
        proof = hmac.new(self.client_secret.encode(), access_token.encode(), hashlib.sha256).hexdigest()
        if request.query.get("appsecret_proof") != proof:
            raise Refused("Invalid appsecret_proof provided in the API argument")
        told = {"id": person["sub"], "name": person.get("name"), "email": person.get("email")}
        asked_for = request.query.get("fields", "id,name").split(",")
        return {field: value for field, value in told.items() if value and (field in asked_for or field == "id")}


class GitHub(OAuthServer):
    """The login page and the API, at one URL. `person["emails"]` can replace the list built from `email`."""

    endpoints: ClassVar[dict[str, str]] = {
        "/login/oauth/authorize": "authorize", "/login/oauth/access_token": "token",
        "/user": "user", "/user/emails": "emails",
    }  # fmt: skip
    _names: ClassVar[dict[str, str]] = {
        "invalid_client": "incorrect_client_credentials", "invalid_grant": "bad_verification_code",
    }  # fmt: skip

    def _written(self, request: Request, said: Any, status: int = 200) -> Answer:
        if request.path.startswith("/login/") and "json" not in request.headers.get("Accept", ""):
            return Answer(status, urlencode(said).encode(), {"Content-Type": "application/x-www-form-urlencoded"})
        return super()._written(request, said, status)

    def _refusal(self, request: Request, error: str) -> Answer:
        if error == "invalid_token":
            return self._written(request, {"message": "Bad credentials", "status": "401"}, 401)
        return self._written(request, {"error": self._names.get(error, error), "error_description": "No."})

    def user(self, request: Request) -> dict[str, Any]:
        """Most users hide their email address: `public_email` is the public one."""
        person = self._owner(request.bearer)
        told = {"id": int(person["sub"]), "login": f"person{person['sub']}", "name": person.get("name")}
        return {**told, "email": person.get("public_email")}

    def emails(self, request: Request) -> list[dict[str, Any]]:
        person = self._owner(request.bearer)
        hidden = {"email": f"{person['sub']}@users.noreply.github.com", "primary": False, "verified": True}
        own = {"email": person.get("email"), "primary": True, "verified": person.get("email_verified", False)}
        return person.get("emails", [hidden, own] if own["email"] else [hidden])


class Microsoft(OpenIdProvider):
    """The `common` tenant."""

    def __init__(self) -> None:
        super().__init__(templated_issuer=True)

    def belongs_to(self, tenant: str) -> None:
        """Use one tenant's own issuer from now on, instead of `common`."""
        self.templated_issuer, self._path = False, f"/{tenant}/v2.0"
        self.issuer = self.url + self._path


class LinkedIn(OpenIdProvider):
    """Support neither PKCE nor the nonce, and reject requests with a code verifier."""

    metadata: ClassVar[dict[str, Any]] = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}

    def behaves(self) -> None:
        super().behaves()
        self.changes = {"nonce": None}

    def _is_proven(self, grant: Grant, form: dict[str, str]) -> bool:
        return "code_verifier" not in form


STAND_INS: dict[str, type[OAuthServer]] = {
    "google": OpenIdProvider,
    "facebook": Facebook,
    "github": GitHub,
    "microsoft": Microsoft,
    "linkedin": LinkedIn,
    "apple": Apple,
}


def settings_of(name: str, provider: Any) -> dict[str, str]:
    """Return the settings that enable it and point to it."""
    places = {"facebook": ("base_url", "graph_url"), "github": ("base_url", "api_url")}.get(name, ("issuer",))
    doors = {f"{name}_{place}": getattr(provider, "issuer", provider.url) for place in places}
    return {f"{name}_client_id": provider.client_id, f"{name}_client_secret": provider.client_secret, **doors}
