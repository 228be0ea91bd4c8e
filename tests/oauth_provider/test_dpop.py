"""Tokens that are bound to a key (RFC 9449)."""

import math

import jwt
import pytest

from databases import SQLITE_ONLY
from dpop_prover import Prover
from oauth_application import base64url, new_key, refused
from oauth_provider import dpop
from people import at_once, refusal

WRONG = (400, "invalid_dpop_proof")


@pytest.fixture
def tool(connects):
    return connects(type="public", require_dpop=True)


@pytest.fixture
def prover():
    return Prover()


def test_tokens_work_only_with_the_key(tool, prover, alice):
    code = tool.code(alice)
    assert refused(tool.redeem(code)) == WRONG, "the client must send a proof"
    tokens = prover.redeem(tool, code).json()
    assert tokens["token_type"] == "DPoP"
    claims = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    assert claims["cnf"] == {"jkt": prover.thumbprint}
    assert prover.userinfo(tool, tokens["access_token"]).json()["email"] == alice.email
    assert tool.userinfo(tokens["access_token"]).status_code == 401, "a bound token was accepted as a bearer token"
    mallory = Prover()
    mallory.nonce = prover.nonce
    assert mallory.userinfo(tool, tokens["access_token"]).status_code == 401
    assert refused(mallory.token(tool, grant_type="refresh_token", refresh_token=tokens["refresh_token"])) == (
        400,
        "invalid_grant",
    )
    assert refused(tool.refresh(tokens["refresh_token"])) == WRONG
    renewed = prover.token(tool, grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert renewed.status_code == 200 and renewed.json()["token_type"] == "DPoP"


@SQLITE_ONLY
def test_token_with_a_key_opens_what_it_may_of_the_api(connects, joins, owner, prover, oidc):
    tool, browser = connects(scopes=["openid", "users:read"]), joins("amy")
    (amy,) = owner.client.get(f"/admin/users?query={browser.email}").json()["items"]
    owner.client.put(f"/admin/users/{amy['user_id']}/roles", {"roles": ["admin", "user"]})
    tool.scope = "openid users:read"
    access = prover.redeem(tool, tool.code(browser)).json()["access_token"]

    def call(method, path, scheme="DPoP", proof=None):
        proof = proof or prover.proof(method, path, access)
        return tool._http.request(method, path, headers={"Authorization": f"{scheme} {access}", "DPoP": proof})

    assert call("GET", "/admin/users").status_code == 200
    assert call("GET", "/api/v1/admin/users").status_code == 200
    assert refusal(call("GET", "/users/me/factors")) == (403, "insufficient_scope")
    bearer = call("GET", "/admin/users", "Bearer")
    assert refusal(bearer) == (401, "not_authenticated") and bearer.headers["www-authenticate"] == "Bearer"
    assert (
        "ES256" in tool._http.get("/.well-known/oauth-protected-resource").json()["dpop_signing_alg_values_supported"]
    )
    once = prover.proof("GET", "/admin/users", access)
    assert call("GET", "/admin/users", proof=once).status_code == 200
    mallory = Prover()
    mallory.nonce = prover.nonce
    for proof, code in (
        (once, "invalid_dpop_proof"),
        (prover.proof("GET", "/admin/clients", access), "invalid_dpop_proof"),
        (prover.proof("GET", "/admin/users"), "invalid_dpop_proof"),
        (prover.proof("GET", "/admin/users", access, nonce="old"), "use_dpop_nonce"),
    ):
        answer = call("GET", "/admin/users", proof=proof)
        assert refusal(answer) == (401, code)
        assert answer.headers["www-authenticate"].startswith(f'DPoP error="{code}"')
    assert answer.headers["dpop-nonce"] == prover.nonce
    stolen = call("GET", "/admin/users", proof=mallory.proof("GET", "/admin/users", access))
    assert refusal(stolen) == (401, "not_authenticated")
    assert stolen.headers["www-authenticate"].startswith('DPoP error="invalid_token"')
    assert refusal(tool._http.get("/admin/users", headers={"Authorization": f"DPoP {access}"})) == (
        401,
        "invalid_dpop_proof",
    )


def test_of_twenty_copies_of_a_proof_one_is_accepted(tool, prover, alice):
    tokens = prover.redeem(tool, tool.code(alice)).json()["access_token"]
    proof = prover.proof("GET", "/oauth2/userinfo", tokens)
    answers = at_once(*[lambda: prover.userinfo(tool, tokens, proof)] * 20)
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 19


@SQLITE_ONLY
def test_proof_needs_a_recent_nonce_of_the_service(tool, prover, alice, clock):
    access = prover.redeem(tool, tool.code(alice)).json()["access_token"]
    known, prover.nonce = prover.nonce, None
    answer = prover.userinfo(tool, access)
    assert answer.status_code == 401 and 'error="use_dpop_nonce"' in answer.headers["www-authenticate"]
    assert answer.headers["dpop-nonce"] == known
    assert prover.userinfo(tool, access, prover.proof("GET", "/oauth2/userinfo", access, nonce="x")).status_code == 401
    prover.nonce = known
    clock.shift(dpop.SECONDS_OF_NONCE)
    answer = prover.userinfo(tool, access)
    assert answer.status_code == 200 and answer.headers["dpop-nonce"] != known, "the client is told the next nonce"
    clock.shift(dpop.SECONDS_OF_NONCE)
    assert prover.userinfo(tool, access).status_code == 401


@SQLITE_ONLY
@pytest.mark.parametrize(
    "claims, header",
    [
        ({"htm": "POST"}, {}), ({"htu": "https://mallory.example/oauth2/userinfo"}, {}), ({"ath": "x"}, {}),
        ({"ath": None}, {}), ({"iat": 1}, {}), ({"iat": None}, {}), ({"iat": "now"}, {}), ({"iat": 10**400}, {}), ({"iat": -(10**400)}, {}), ({"jti": None}, {}), ({"jti": ""}, {}),
        ({"htu": "https://x:y/"}, {}), ({"htu": "https://["}, {}), ({"ath": "\ud800"}, {}), ({"iat": math.nan}, {}),
        ({"jti": "\ud800"}, {}), ({"nonce": "\ud800"}, {}), ({"jti": 1}, {}), ({}, {"typ": "jwt"}), ({}, {"jwk": None}), ({}, {"jwk": "x"}), ({}, {"jwk": {"kty": "oct", "k": "x"}}),
    ],
)  # fmt: skip
def test_proof_of_another_request_or_form_is_rejected(tool, prover, alice, claims, header):
    access = prover.redeem(tool, tool.code(alice)).json()["access_token"]
    proof = prover.proof("GET", "/oauth2/userinfo", access, header=header, **claims)
    assert refused(prover.userinfo(tool, access, proof)) == (401, "invalid_dpop_proof")


@SQLITE_ONLY
def test_proof_with_a_private_key_another_signature_or_twice_is_rejected(tool, prover, alice):
    access = prover.redeem(tool, tool.code(alice)).json()["access_token"]
    private = jwt.algorithms.ECAlgorithm.to_jwk(prover.key, as_dict=True)
    proof = prover.proof("GET", "/oauth2/userinfo", access, header={"jwk": private})
    assert prover.userinfo(tool, access, proof).status_code == 401
    other, prover.key = prover.key, new_key()
    assert prover.userinfo(tool, access).status_code == 401
    prover.key = other
    nested = base64url(b'{"typ":"dpop+jwt","x":' + b"[" * 2800)
    assert prover.userinfo(tool, access, f"{nested}.e30.x").status_code == 401
    proofs = [("DPoP", prover.proof("GET", "/oauth2/userinfo", access)) for _ in range(2)]
    twice = tool._http.get("/oauth2/userinfo", headers=[("Authorization", f"DPoP {access}"), *proofs])
    assert twice.status_code == 401


@SQLITE_ONLY
def test_code_can_be_bound_to_a_key_in_advance(tool, prover, alice):
    code = tool.code(alice, dpop_jkt=prover.thumbprint)
    assert refused(Prover().redeem(tool, code)) == (400, "invalid_grant")
    assert prover.redeem(tool, tool.code(alice, dpop_jkt=prover.thumbprint)).status_code == 200
    prover.nonce = dpop.nonce()
    parameters = {**tool.parameters(), "dpop_jkt": Prover().thumbprint}
    pushed = tool.post("/oauth2/par", parameters, DPoP=prover.proof("POST", "/oauth2/par"))
    assert refused(pushed) == WRONG


@SQLITE_ONLY
def test_client_that_need_not_send_a_proof_may(connects, prover, alice):
    app = connects()
    tokens = prover.redeem(app, app.code(alice)).json()
    assert tokens["token_type"] == "DPoP" and app.introspect(tokens["access_token"])["cnf"]["jkt"] == prover.thumbprint
    assert refused(app.refresh(tokens["refresh_token"])) == (400, "invalid_grant")
