"""OAuth 2.0 endpoints: token, introspection, revocation, keys, and discovery."""

import base64
from urllib.parse import quote

import pytest

from core import rate_limit_counters
from databases import SQLITE_ONLY
from people import Client, Person, new_email, new_password

pytestmark = SQLITE_ONLY


class OAuth(Client):
    """A client that sends forms, as OAuth 2.0 libraries do."""

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


def test_library_logs_in_and_refreshes(library, alice):
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
def test_invalid_request_is_rejected(library, fields, wanted):
    assert error(library.form("/auth/token", **fields)) == (400, wanted)


def test_limited_or_too_large_request_is_rejected_in_the_same_format(library, configure):
    assert error(library.form("/auth/token", grant_type="x" * 70_000)) == (413, "invalid_request")
    configure(rate_limit_enabled=True, rate_limit_token="1/minute")
    rate_limit_counters._local.reset()
    answers = [library.form("/auth/token", grant_type="refresh_token", refresh_token="x") for _ in range(2)]
    assert [error(answer) for answer in answers] == [(400, "invalid_grant"), (429, "temporarily_unavailable")]
    assert 1 <= int(answers[1].headers["retry-after"]) <= 60


def test_wrong_password_and_unknown_email_address_get_the_same_response(library, alice):
    known, unknown = (
        library.password_grant(alice.email, new_password()),
        library.password_grant(new_email(), new_password()),
    )
    assert error(known) == (400, "invalid_grant")
    assert known.json() == unknown.json()


def test_reused_refresh_token_ends_the_session(library, alice):
    tokens = [library.password_grant(alice.email, alice.password).json()]
    for _ in range(2):
        tokens.append(
            library.form("/auth/token", grant_type="refresh_token", refresh_token=tokens[-1]["refresh_token"]).json()
        )
    for old in (tokens[0], tokens[-1]):
        answer = library.form("/auth/token", grant_type="refresh_token", refresh_token=old["refresh_token"])
        assert error(answer) == (400, "invalid_grant")


def test_access_token_is_active_until_its_session_ends(peer, alice):
    token = alice.tokens["access_token"]
    said = peer.form("/oauth2/introspect", token=token).json()
    assert (said["active"], said["sub"]) == (True, alice.user_id)
    assert alice.client.post("/auth/logout").status_code == 204
    assert peer.form("/oauth2/introspect", token=token).json() == {"active": False}


def test_refresh_token_is_never_accepted_as_an_access_token(peer, alice):
    assert peer.form("/oauth2/introspect", token=alice.tokens["refresh_token"]).json() == {"active": False}


@pytest.mark.parametrize("token", ["x", "a.b.c", "é", "x" * 4000])
def test_other_values_are_inactive(peer, token):
    assert peer.form("/oauth2/introspect", token=token).json() == {"active": False}
    assert peer.form("/oauth2/revoke", token=token).status_code == 200


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_revocation_ends_only_the_session_of_the_token(peer, alice, kind):
    other = alice.other_device()
    assert peer.form("/oauth2/revoke", token=alice.tokens[kind]).status_code == 200
    assert not alice.is_logged_in()
    assert other.is_logged_in()


def test_only_a_service_can_introspect_or_revoke(library, alice):
    for who in (library, OAuth(library.url, token=alice.tokens["access_token"]), OAuth(library.url, token="wrong")):
        for path in ("/oauth2/introspect", "/oauth2/revoke"):
            assert error(who.form(path, token=alice.tokens["refresh_token"])) == (401, "invalid_client")
    assert alice.is_logged_in()


def test_discovery_document_lists_the_endpoints(anonymous):
    said = anonymous.get("/.well-known/openid-configuration").json()
    assert said["issuer"] == "http://localhost:8000"
    assert said["jwks_uri"] == "http://localhost:8000/.well-known/jwks.json"
    assert said["token_endpoint"].endswith("/auth/token")


def test_password_grant_accepts_any_spelling_of_the_email_address(service):
    bob = Person(service, "bob")
    assert bob.sign_up().status_code == 201
    assert OAuth(service.url).password_grant(bob.email.upper(), bob.password).status_code == 200


# ---------------------------------------------------------------------------------- requests without a form are rejected

ENDPOINTS = ["/oauth2/introspect", "/oauth2/revoke"]
NOT_READ = {
    "JSON": {"json": {"token": "{token}"}},
    "JSON as text": {"content": '{"token": "{token}"}', "headers": {"Content-Type": "text/plain"}},
    "no body": {},
    "no parameter": {"data": {"token_type_hint": "access_token"}},
    "an empty parameter": {"data": {"token": ""}},
    "another name": {"data": {"access_token": "{token}"}},
    "another case": {"data": {"Token": "{token}"}},
    "the URL": {"params": {"token": "{token}"}},
    "the URL and the form": {"params": {"token": "{token}"}, "data": {"token": "{token}"}},
    "a form without its type": {"content": "token={token}"},
    "a form of another type": {"content": "token={token}", "headers": {"Content-Type": "application/xml"}},
    "twice": {"content": "token={token}&token=x", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
    "a list": {"data": {"token[]": "{token}"}},
}


def filled(value, token):
    if isinstance(value, dict):
        return {name: filled(each, token) for name, each in value.items()}
    return value.replace("{token}", token) if isinstance(value, str) else value


@pytest.mark.parametrize("path", ENDPOINTS)
@pytest.mark.parametrize("how", NOT_READ)
def test_token_outside_the_form_is_rejected_and_nothing_is_revoked(peer, alice, path, how):
    token = alice.tokens["access_token"]
    sent = filled(NOT_READ[how], token)
    answer = peer.post(path, **sent)
    assert error(answer) == (400, "invalid_request")
    assert alice.is_logged_in()


def basic(client_id: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()


WAYS = {
    "bearer": lambda t: ({"Authorization": f"Bearer {t}"}, {}),
    "bearer in lower case": lambda t: ({"Authorization": f"bearer {t}"}, {}),
    "a header of its own": lambda t: ({"X-Service-Token": t}, {}),
    "Basic": lambda t: ({"Authorization": basic("my-api", t)}, {}),
    "Basic in lower case": lambda t: ({"Authorization": basic("my-api", t).replace("Basic", "basic")}, {}),
    "Basic, encoded as a form": lambda t: ({"Authorization": basic("my%20api", quote(t, safe=""))}, {}),
    "Basic without a client": lambda t: ({"Authorization": basic("", t)}, {}),
    "the form": lambda t: ({}, {"client_id": "my-api", "client_secret": t}),
    "the form without a client": lambda t: ({}, {"client_secret": t}),
    "bearer and a client in the form": lambda t: ({"Authorization": f"Bearer {t}"}, {"client_id": "my-api"}),
}


@pytest.mark.parametrize("way", WAYS)
def test_service_authenticates_by_each_supported_method(service, another_service, alice, way):
    headers, fields = WAYS[way](another_service.token)
    client = OAuth(service.url)
    client.headers.update(headers)
    assert client.form("/oauth2/introspect", token=alice.tokens["access_token"], **fields).json()["active"] is True
    assert client.form("/oauth2/revoke", token=alice.tokens["access_token"], **fields).status_code == 200
    assert not alice.is_logged_in()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("path", ENDPOINTS)
def test_wrong_service_token_is_rejected_by_each_method(service, another_service, alice, path, way):
    headers, fields = WAYS[way](another_service.token[:-1] + "x")
    client = OAuth(service.url)
    client.headers.update(headers)
    refused = client.form(path, token=alice.tokens["access_token"], **fields)
    assert error(refused) == (401, "invalid_client")
    assert refused.json()["error_description"] == "The client is unknown, or its credentials are wrong."
    scheme = "Basic" if "basic" in headers.get("Authorization", "").lower() else "Bearer"
    assert refused.headers["www-authenticate"].startswith(scheme)
    assert alice.is_logged_in()


@pytest.mark.parametrize("garbage", ["Basic", "Basic !!!", "Basic " + "A" * 3, "Basic " + base64.b64encode(b"no colon").decode(), "Basic ÿ"])  # fmt: skip
def test_malformed_basic_authentication_is_rejected(service, another_service, garbage):
    client = OAuth(service.url)
    client.headers["Authorization"] = garbage.encode("latin-1")
    assert error(client.form("/oauth2/introspect", token="x")) == (401, "invalid_client")


def test_two_methods_at_once_are_rejected(service, another_service):
    client = OAuth(service.url)
    client.headers["Authorization"] = basic("my-api", another_service.token)
    refused = client.form("/oauth2/introspect", token="x", client_secret=another_service.token)
    assert error(refused) == (400, "invalid_request")


@pytest.mark.parametrize("way", ["bearer", "Basic", "the form"])
def test_service_has_no_client_rate_limit_by_any_method(service, another_service, configure, way):
    headers, fields = WAYS[way](another_service.token)
    client, anonymous = OAuth(service.url), OAuth(service.url)
    client.headers.update(headers)
    configure(rate_limit_enabled=True, rate_limit_default="3/minute", rate_limit_service="20/minute")
    rate_limit_counters._local.reset()
    assert [client.form("/oauth2/introspect", token="x", **fields).status_code for _ in range(10)] == [200] * 10
    assert [anonymous.form("/oauth2/introspect", token="x").status_code for _ in range(5)] == [401] * 3 + [429] * 2
    configure(rate_limit_service="5/minute")
    assert 429 in [client.form("/oauth2/introspect", token="x", **fields).status_code for _ in range(8)]


def test_form_with_too_many_parameters_is_not_called_another_kind_of_body(peer):
    many = "&".join(f"field{number}=1" for number in range(100))
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = peer.post("/oauth2/introspect", content=f"{many}&token=x", headers=form)
    assert error(answer) == (400, "invalid_request")
    assert "cannot be parsed" in answer.json()["error_description"]


def test_token_form_is_validated_strictly(library, alice):
    fields = {"grant_type": "password", "username": alice.email, "password": alice.password}
    assert error(library.post("/auth/token", fields)) == (400, "invalid_request")  # JSON
    assert error(library.post("/auth/token", params={"password": alice.password}, data=fields)) == (400, "invalid_request")  # fmt: skip


def test_both_discovery_documents_list_the_methods(library):
    documents = [library.get(f"/.well-known/{name}").json() for name in ("oauth-authorization-server", "openid-configuration")]  # fmt: skip
    assert documents[0] == documents[1]
    for endpoint in ("introspection", "revocation"):
        assert documents[0][f"{endpoint}_endpoint_auth_methods_supported"] == ["client_secret_basic", "client_secret_post"]  # fmt: skip
