"""OAuth 2: the token form, introspection, revocation, and where the keys are."""

import pytest

from core import rate_limit_counters
from databases import SQLITE_ONLY
from people import Client, Person, new_email, new_password

pytestmark = SQLITE_ONLY


class OAuth(Client):
    """Sends forms, as OAuth 2 libraries do."""

    def form(self, path: str, **fields: str):
        return self.post(path, data=fields)

    def password_grant(self, email: str, password: str):
        return self.form("/auth/token", grant_type="password", username=email, password=password)


@pytest.fixture
def library(service):
    return OAuth(service.url)


@pytest.fixture
def peer(another_service):
    return OAuth(another_service.url, token=another_service.token)


def error(response) -> tuple[int, str]:
    assert response.json().keys() == {"error", "error_description"}
    return response.status_code, response.json()["error"]


def test_a_library_logs_in_and_refreshes(library, alice):
    tokens = library.password_grant(alice.email, alice.password).json()
    assert tokens["token_type"] == "bearer"
    assert Client(library.url, tokens["access_token"]).get("/users/me").json()["email"] == alice.email
    again = library.form("/auth/token", grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert again.status_code == 200
    assert again.json()["refresh_token"] != tokens["refresh_token"]


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "password", "username": "alice@example.com"}, "invalid_request"),
        ({"grant_type": "password", "username": "no address", "password": "x"}, "invalid_request"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "forged"}, "invalid_grant"),
        ({"grant_type": "implicit"}, "unsupported_grant_type"),
    ],
    ids=str,
)
def test_a_request_that_is_refused(library, fields, wanted):
    assert error(library.form("/auth/token", **fields)) == (400, wanted)


def test_a_request_that_is_limited_or_too_large_is_refused_in_the_same_form(library, configure):
    assert error(library.form("/auth/token", grant_type="x" * 70_000)) == (413, "invalid_request")
    configure(rate_limit_enabled=True, rate_limit_token="1/minute")
    rate_limit_counters._own.reset()
    answers = [library.form("/auth/token", grant_type="refresh_token", refresh_token="x") for _ in range(2)]
    assert [error(answer) for answer in answers] == [(400, "invalid_grant"), (429, "temporarily_unavailable")]
    assert 1 <= int(answers[1].headers["retry-after"]) <= 60


def test_a_wrong_password_and_an_unknown_address_answer_the_same(library, alice):
    known, unknown = (
        library.password_grant(alice.email, new_password()),
        library.password_grant(new_email(), new_password()),
    )
    assert error(known) == (400, "invalid_grant")
    assert known.json() == unknown.json()


def test_an_old_refresh_token_ends_the_session_here_too(library, alice):
    tokens = [library.password_grant(alice.email, alice.password).json()]
    for _ in range(2):
        tokens.append(
            library.form("/auth/token", grant_type="refresh_token", refresh_token=tokens[-1]["refresh_token"]).json()
        )
    for old in (tokens[0], tokens[-1]):
        answer = library.form("/auth/token", grant_type="refresh_token", refresh_token=old["refresh_token"])
        assert error(answer) == (400, "invalid_grant")


def test_an_access_token_is_good_until_its_session_ends(peer, alice):
    token = alice.tokens["access_token"]
    said = peer.form("/oauth2/introspect", token=token).json()
    assert (said["active"], said["sub"]) == (True, alice.user_id)
    assert alice.client.post("/auth/logout").status_code == 204
    assert peer.form("/oauth2/introspect", token=token).json() == {"active": False}


def test_a_refresh_token_is_never_taken_for_an_access_token(peer, alice):
    assert peer.form("/oauth2/introspect", token=alice.tokens["refresh_token"]).json() == {"active": False}


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é", "x" * 4000])
def test_what_is_no_token_is_not_active(peer, token):
    assert peer.form("/oauth2/introspect", token=token).json() == {"active": False}
    assert peer.form("/oauth2/revoke", token=token).status_code == 200


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_revoking_a_token_ends_its_session_only(peer, alice, kind):
    other = alice.other_device()
    assert peer.form("/oauth2/revoke", token=alice.tokens[kind]).status_code == 200
    assert not alice.is_in()
    assert other.is_in()


def test_only_a_service_may_ask_or_revoke(library, alice):
    for who in (library, OAuth(library.url, token=alice.tokens["access_token"]), OAuth(library.url, token="wrong")):
        for path in ("/oauth2/introspect", "/oauth2/revoke"):
            assert error(who.form(path, token=alice.tokens["refresh_token"])) == (401, "invalid_client")
    assert alice.is_in()


def test_where_everything_is(anonymous):
    said = anonymous.get("/.well-known/openid-configuration").json()
    assert said["issuer"] == "http://localhost:8000"
    assert said["jwks_uri"] == "http://localhost:8000/.well-known/jwks.json"
    assert said["token_endpoint"].endswith("/auth/token")


def test_a_person_with_a_name_only_is_not_asked_for_more(service):
    bob = Person(service, "bob")
    assert bob.signs_up().status_code == 201
    assert OAuth(service.url).password_grant(bob.email.upper(), bob.password).status_code == 200
