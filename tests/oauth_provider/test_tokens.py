"""Tokens: codes, refresh tokens, client credentials, userinfo, and client authentication."""

import hashlib
import http.server
import json
import math

import jwt
import pytest

import database
import http_stubs
from databases import SQLITE_ONLY
from oauth_application import API, OTHER_API, base64url, new_key, public_jwk, refused
from oauth_provider import client_keys
from people import Client, at_once
from settings.loading import settings

GONE = (400, "invalid_grant")


def test_code_becomes_tokens(printer, alice):
    tokens = printer.log_in(alice)
    assert tokens["token_type"] == "Bearer" and set(tokens["scope"].split()) == set(printer.scope.split())
    claims = printer.claims(tokens["id_token"])
    assert jwt.get_unverified_header(tokens["id_token"])["alg"] == "RS256"
    assert claims["nonce"] == printer.nonce and claims["azp"] == printer.client_id and claims["acr"] == "aal1"
    assert claims["at_hash"] == base64url(hashlib.sha256(tokens["access_token"].encode()).digest()[:16])
    assert (claims["email"], claims["email_verified"], claims["name"]) == (alice.email, False, alice.name)
    access = printer.claims(tokens["access_token"], settings.jwt_issuer)
    assert jwt.get_unverified_header(tokens["access_token"])["typ"] == "at+jwt"
    assert (access["sub"], access["client_id"], access["sid"]) == (claims["sub"], printer.client_id, claims["sid"])
    assert "email" not in access
    info = printer.userinfo(tokens["access_token"]).json()
    assert (info["sub"], info["email"]) == (claims["sub"], alice.email)


@SQLITE_ONLY
def test_scopes_decide_what_is_told(printer, alice):
    tokens = printer.log_in(alice, scope="openid")
    assert printer.userinfo(tokens["access_token"]).json().keys() == {"sub"}
    assert not {"email", "name"} & printer.claims(tokens["id_token"]).keys()
    without = printer.log_in(alice, scope="email")
    assert "id_token" not in without
    assert refused(printer.userinfo(without["access_token"])) == (403, "insufficient_scope")
    default = printer.log_in(alice, scope=None)
    assert default["scope"].split() == printer.made["scopes"]


@SQLITE_ONLY
@pytest.mark.parametrize("algorithm, digest", [("RS256", "sha256"), ("ES256", "sha256"), ("EdDSA", "sha512")])
def test_client_chooses_the_algorithm_of_its_id_tokens(connects, alice, algorithm, digest):
    printer = connects(id_token_signed_response_alg=algorithm)
    tokens = printer.log_in(alice)
    assert jwt.get_unverified_header(tokens["id_token"])["alg"] == algorithm
    hashed = hashlib.new(digest, tokens["access_token"].encode()).digest()
    assert printer.claims(tokens["id_token"])["at_hash"] == base64url(hashed[: len(hashed) // 2])


def test_second_use_of_a_code_ends_the_tokens(printer, alice):
    code = printer.code(alice)
    tokens = printer.redeem(code).json()
    assert printer.is_alive(tokens)
    assert refused(printer.redeem(code)) == GONE
    assert not printer.is_alive(tokens)


def test_of_fifty_that_redeem_a_code_one_wins(printer, alice):
    code = printer.code(alice)
    answers = at_once(*[lambda: printer.redeem(code)] * 50)
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 49


@SQLITE_ONLY
@pytest.mark.parametrize(
    "changes", [{"code_verifier": "x" * 43}, {"code_verifier": None}, {"redirect_uri": "http://localhost:3000/other"}]
)
def test_code_needs_its_verifier_and_redirect_uri(printer, alice, changes):
    code = printer.code(alice)
    given = {name: value for name, value in changes.items() if value is not None}
    verifier = printer.verifier
    if "code_verifier" in changes and changes["code_verifier"] is None:
        printer.verifier = ""
    assert refused(printer.redeem(code, **given)) == GONE
    printer.verifier = verifier


@SQLITE_ONLY
def test_code_is_for_its_client_and_a_minute(printer, connects, alice, clock):
    code, other = printer.code(alice), connects()
    other.verifier = printer.verifier
    assert refused(other.redeem(code)) == GONE
    assert printer.redeem(code).status_code == 200
    late = printer.code(alice)
    clock.shift(61)
    assert refused(printer.redeem(late)) == GONE


def test_refresh_tokens_rotate(printer, alice, clock):
    first = printer.log_in(alice)
    second = printer.refresh(first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"] and "id_token" not in second
    again = printer.refresh(first["refresh_token"]).json()
    assert again["refresh_token"] == second["refresh_token"], "a second tab was logged out"
    assert printer.introspect(first["refresh_token"])["active"]
    clock.shift(settings.refresh_reuse_grace_seconds + 1)
    assert not printer.introspect(first["refresh_token"])["active"]
    assert refused(printer.refresh(first["refresh_token"])) == GONE
    assert not printer.is_alive(second), "a copied token did not end the session"


def test_of_fifty_that_refresh_all_get_the_same_successor(printer, alice):
    tokens = printer.log_in(alice)
    answers = at_once(*[lambda: printer.refresh(tokens["refresh_token"])] * 50)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1


@SQLITE_ONLY
def test_refresh_narrows_the_scopes(printer, alice, clock):
    tokens = printer.log_in(alice)
    narrower = printer.refresh(tokens["refresh_token"], scope="openid").json()
    assert narrower["scope"] == "openid" and printer.claims(narrower["id_token"])["sub"]
    for wider, error in (({"scope": "openid users:read"}, "invalid_scope"), ({"resource": API}, "invalid_target")):
        assert refused(printer.refresh(narrower["refresh_token"], **wider)) == (400, error)
    clock.shift(settings.refresh_reuse_grace_seconds + 1)
    assert printer.refresh(narrower["refresh_token"]).status_code == 200, "an error used up the token"


@SQLITE_ONLY
def test_refresh_follows_changes_of_the_client(printer, owner, connects, alice):
    tokens = printer.log_in(alice)
    tokens = printer.refresh(tokens["refresh_token"]).json()
    where = f"/admin/clients/{printer.client_id}"
    assert owner.client.patch(where, {"scopes": ["openid"]}).status_code == 200
    tokens = printer.refresh(tokens["refresh_token"]).json()
    assert tokens["scope"] == "openid"
    assert refused(connects().refresh(tokens["refresh_token"])) == GONE
    new = owner.client.post(f"{where}/rotate-secret", {"overlap_seconds": 60}).json()["client_secret"]
    tokens = printer.refresh(tokens["refresh_token"]).json()
    assert "access_token" in tokens, "the old secret is still valid"
    printer.secret, new = new, owner.client.post(f"{where}/rotate-secret").json()["client_secret"]
    assert refused(printer.refresh(tokens["refresh_token"])) == (401, "invalid_client")
    printer.secret = new
    assert printer.refresh(tokens["refresh_token"]).status_code == 200
    assert owner.client.patch(where, {"require_dpop": True}).status_code == 200
    assert refused(printer.refresh(tokens["refresh_token"])) == (400, "invalid_dpop_proof")
    assert owner.client.patch(where, {"grant_types": ["authorization_code"]}).status_code == 200
    assert refused(printer.refresh(tokens["refresh_token"])) == (400, "unauthorized_client")
    allowed = {"grant_types": ["authorization_code", "refresh_token"], "require_dpop": False}
    assert owner.client.patch(where, allowed).status_code == 200
    assert printer.refresh(tokens["refresh_token"]).status_code == 200, "the client as it was before"
    assert owner.client.delete(where).status_code == 204
    assert refused(printer.refresh(tokens["refresh_token"])) == (401, "invalid_client")


@SQLITE_ONLY
def test_use_of_a_client_is_recorded_once_a_minute(printer, alice, clock, monkeypatch):
    tokens, written, write = printer.log_in(alice), [], database.write_only
    monkeypatch.setattr(database, "write_only", lambda *given: written.append(str(given[0])) or write(*given))
    clock.shift(61)
    for _ in range(3):
        tokens = printer.refresh(tokens["refresh_token"]).json()
    assert len([each for each in written if each.startswith("UPDATE oauth_clients")]) == 1


@SQLITE_ONLY
@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"])
def test_clients_authenticate_in_their_way_only(connects, alice, method):
    key = new_key() if method == "private_key_jwt" else None
    printer = connects(
        key=key,
        type="public" if method == "none" else "confidential",
        token_endpoint_auth_method=method,
        jwks={"keys": [public_jwk(key)]} if key else None,
    )
    assert bool(printer.secret) == method.startswith("client_secret")
    tokens = printer.log_in(alice)
    for other in {"client_secret_basic", "client_secret_post", "none"} - {method}:
        printer.made["token_endpoint_auth_method"], printer.secret = other, printer.secret or "guess"
        assert refused(printer.refresh(tokens["refresh_token"])) == (401, "invalid_client"), other
    printer.made["token_endpoint_auth_method"] = method
    assert printer.refresh(tokens["refresh_token"]).status_code == 200


def test_assertion_is_accepted_once(connects, alice):
    key = new_key()
    printer = connects(
        key=key,
        token_endpoint_auth_method="private_key_jwt",
        jwks={"keys": [public_jwk(key)]},
        grant_types=["client_credentials"],
        redirect_uris=[],
        scopes=["users:read"],
    )
    assertion = printer.assertion()
    printer.assertion = lambda: assertion
    answers = at_once(*[lambda: printer.token(grant_type="client_credentials")] * 20)
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 19


@SQLITE_ONLY
@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://other.example"}, {"exp": 1}, {"exp": 4_000_000_000}, {"exp": math.inf}, {"exp": "4000000000"},
        {"jti": None}, {"jti": "\ud800"}, {"iss": "x"}, {"sub": "x"}, {"sub": "\ud800"},
    ],
)  # fmt: skip
def test_assertion_must_be_right(connects, changes):
    key = new_key()
    printer = connects(
        key=key, token_endpoint_auth_method="private_key_jwt", jwks={"keys": [public_jwk(key)]},
        grant_types=["client_credentials"], redirect_uris=[],
    )  # fmt: skip
    wrong = printer.assertion(**changes)
    printer.assertion = lambda: wrong
    assert refused(printer.token(grant_type="client_credentials")) == (401, "invalid_client")


@SQLITE_ONLY
def test_program_gets_a_token_of_its_own(connects, owner, oidc):
    job = connects(
        grant_types=["client_credentials"],
        redirect_uris=[],
        scopes=["users:read", "roles:read"],
        resources=[API, OTHER_API],
    )
    made = job.token(grant_type="client_credentials", scope="users:read", resource=API).json()
    claims = job.claims(made["access_token"], API)
    assert (claims["sub"], claims["client_id"], claims["scope"]) == (job.client_id, job.client_id, "users:read")
    assert not {"refresh_token", "id_token"} & made.keys()
    assert refused(job.token(grant_type="client_credentials", scope="users:write")) == (400, "invalid_scope")
    assert refused(job.token(grant_type="client_credentials", resource="https://x.example/")) == (400, "invalid_target")
    assert refused(job.token(grant_type="password", username="x", password="y")) == (400, "unsupported_grant_type")
    assert refused(connects().token(grant_type="client_credentials")) == (400, "unauthorized_client")
    own = job.token(grant_type="client_credentials").json()["access_token"]
    assert Client(oidc.url, own).get("/admin/users").status_code == 200
    assert Client(oidc.url, made["access_token"]).get("/admin/users").status_code == 401, "it is for another API"
    assert connects().post("/oauth2/revoke", {"token": own}).status_code == 200
    assert job.introspect(own)["active"], "another client ended it"
    assert job.post("/oauth2/revoke", {"token": own}).status_code == 200
    assert job.introspect(own) == {"active": False}
    assert Client(oidc.url, own).get("/admin/users").status_code == 401


@SQLITE_ONLY
def test_resource_narrows_the_audience(connects, owner, alice):
    printer = connects(resources=[API, OTHER_API])
    code = printer.code(alice, resource=[API, OTHER_API])
    tokens = printer.redeem(code, resource=API).json()
    assert printer.claims(tokens["access_token"], API)["aud"] == API
    both = printer.refresh(tokens["refresh_token"]).json()
    assert printer.claims(both["access_token"], API)["aud"] == [API, OTHER_API]
    assert refused(printer.userinfo(both["access_token"])) == (401, "invalid_token")
    where = f"/admin/clients/{printer.client_id}"
    assert owner.client.patch(where, {"resources": [OTHER_API]}).status_code == 200
    rest = printer.refresh(both["refresh_token"]).json()
    assert printer.claims(rest["access_token"], OTHER_API)["aud"] == OTHER_API, "an API that was removed"
    assert owner.client.patch(where, {"resources": []}).status_code == 200
    assert refused(printer.refresh(rest["refresh_token"])) == (400, "invalid_target")


@SQLITE_ONLY
def test_lifetime_of_access_tokens_is_the_client_s(connects, alice):
    tokens = connects(access_token_lifetime=120).log_in(alice)
    assert tokens["expires_in"] == 120


@SQLITE_ONLY
def test_userinfo_is_signed_on_request(printer, alice):
    tokens = printer.log_in(alice)
    headers = {"Authorization": f"Bearer {tokens['access_token']}", "Accept": "application/jwt"}
    answer = printer._http.get("/oauth2/userinfo", headers=headers)
    assert answer.headers["content-type"] == "application/jwt"
    claims = jwt.decode(answer.text, options={"verify_signature": False})
    assert (claims["aud"], claims["email"]) == (printer.client_id, alice.email)
    repeated = headers | {"Accept": "application/jwt, application/jwt;v=2;q=0.3, application/json;q=0.5"}
    assert printer._http.get("/oauth2/userinfo", headers=repeated).headers["content-type"] == "application/jwt"
    for accepted in ("application/jwt;q=0, application/json", "application/json, application/jwt;q=0.5", "*/*"):
        plain = printer._http.get("/oauth2/userinfo", headers=headers | {"Accept": accepted})
        assert plain.json()["email"] == alice.email, accepted
    posted = printer._http.post("/oauth2/userinfo", data={"access_token": tokens["access_token"]})
    assert posted.json()["email"] == alice.email
    twice = printer._http.post("/oauth2/userinfo", data={"access_token": "x"}, headers=headers)
    assert refused(twice) == (400, "invalid_request")
    without = printer._http.get("/oauth2/userinfo")
    assert (without.status_code, without.headers["www-authenticate"]) == (401, "Bearer")


def test_client_sees_and_ends_its_own_tokens_only(printer, connects, alice, another_service):
    tokens = printer.log_in(alice)
    seen = printer.introspect(tokens["access_token"])
    assert seen["active"] and seen["client_id"] == printer.client_id and seen["token_type"] == "Bearer"
    assert printer.introspect(tokens["refresh_token"])["token_type"] == "refresh_token"
    other = connects()
    assert other.introspect(tokens["access_token"]) == other.introspect(tokens["refresh_token"]) == {"active": False}
    assert other.post("/oauth2/revoke", {"token": tokens["refresh_token"]}).status_code == 200
    assert printer.is_alive(tokens)
    by_service = another_service.post("/oauth2/introspect", data={"token": tokens["access_token"]}).json()
    assert by_service["active"] is True
    assert printer.post("/oauth2/revoke", {"token": tokens["access_token"]}).status_code == 200
    assert not printer.is_alive(tokens)


@SQLITE_ONLY
def test_api_introspects_tokens_with_its_audience(connects, alice):
    api = connects(resource_identifier=API, grant_types=["client_credentials"], redirect_uris=[])
    printer = connects(resources=[API, OTHER_API])
    tokens = printer.log_in(alice, resource=API)
    assert api.introspect(tokens["access_token"])["aud"] == API
    assert api.introspect(tokens["refresh_token"]) == {"active": False}
    elsewhere = printer.log_in(alice, resource=OTHER_API)
    assert api.introspect(elsewhere["access_token"]) == {"active": False}


@SQLITE_ONLY
def test_pairwise_subjects_differ_between_sectors(connects, alice):
    clients = [
        connects(subject_type="pairwise", redirect_uris=uris)
        for uris in (
            ["http://localhost:3000/callback", "https://one.example/cb"],
            ["http://localhost:3000/callback", "https://two.example/cb"],
        )
    ]
    subjects = []
    for client in clients:
        tokens = client.log_in(alice)
        claims = client.claims(tokens["id_token"])
        assert client.userinfo(tokens["access_token"]).json()["sub"] == claims["sub"]
        assert client.introspect(tokens["access_token"])["sub"] == claims["sub"]
        assert client.claims(tokens["access_token"], settings.jwt_issuer)["sub"] == claims["sub"]
        subjects.append(claims["sub"])
    assert len(set(subjects)) == 2
    public = connects()
    assert public.claims(public.log_in(alice)["id_token"])["sub"] not in subjects


@SQLITE_ONLY
def test_access_token_expires(printer, alice, clock):
    tokens = printer.log_in(alice)
    clock.shift(tokens["expires_in"] + 60)
    assert refused(printer.userinfo(tokens["access_token"])) == (401, "invalid_token")
    assert printer.refresh(tokens["refresh_token"]).status_code == 200


@SQLITE_ONLY
def test_scripts_of_any_origin_may_get_tokens_but_send_no_cookies(connects, alice):
    printer = connects(type="public")
    preflight = {
        "Origin": "https://spa.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,dpop,traceparent",
    }
    answer = printer._http.options("/oauth2/token", headers=preflight)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")
    assert "access-control-allow-credentials" not in answer.headers
    assert printer._http.options("/auth/login", headers=preflight).status_code == 400
    answer = printer._http.get("/.well-known/openid-configuration", headers={"Origin": "https://spa.example"})
    assert answer.headers["access-control-allow-origin"] == "*"


class _Keys(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"keys": self.server.keys}).encode()
        self.server.requests += 1
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@SQLITE_ONLY
def test_keys_of_a_client_are_fetched_from_allowed_addresses_only(connects, configure):
    server, key = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Keys), new_key()
    server.keys, server.requests, server.status = [public_jwk(key)], 0, 500
    http_stubs.serve(server)
    configure(webhook_allowed_networks=("127.0.0.0/8",))
    job = connects(
        key=key,
        token_endpoint_auth_method="private_key_jwt",
        jwks_uri=f"http://localhost:{server.server_port}/keys",
        grant_types=["client_credentials"],
        redirect_uris=[],
    )
    configure(webhook_allowed_networks=())
    assert refused(job.token(grant_type="client_credentials")) == (401, "invalid_client")
    assert server.requests == 0, "a request to the internal network"
    configure(webhook_allowed_networks=("127.0.0.0/8", "::1/128"))
    client_keys._fetched.clear()
    for _ in range(3):
        assert refused(job.token(grant_type="client_credentials")) == (401, "invalid_client")
    assert server.requests == 1, "each request waits for a server that fails"
    client_keys._fetched.clear()
    server.status, server.requests = 200, 0
    for _ in range(3):
        assert job.token(grant_type="client_credentials").status_code == 200
    assert server.requests == 1, "the keys are fetched for each request"
    server.shutdown()
    server.server_close()
