"""Clients whose id is the URL of a document that describes them (client ID metadata documents)."""

import threading

import pytest

from core import http_client, rate_limit_counters
from databases import SQLITE_ONLY
from document_host import DocumentHost
from oauth_application import CALLBACK, Application, new_key, public_jwk, refused
from oauth_provider import client_documents, client_keys
from people import Client, at_once


@pytest.fixture
def host(tmp_path, configure, monkeypatch):
    configure(client_id_metadata=True, webhook_allowed_networks=("127.0.0.0/8", "::1/128"))
    running = DocumentHost(tmp_path)
    monkeypatch.setattr(http_client, "_certificates", lambda: running.trust)
    client_documents._fetched.clear()
    client_documents._failed.clear()
    rate_limit_counters._local.reset()
    yield running
    running.close()


def document(url, **changes):
    return {"client_id": url, "client_name": "Editor", "redirect_uris": [CALLBACK], **changes}


def application(oidc, host, path="/client.json", **changes):
    host.put(path, document(host.url + path, **changes))
    method = changes.get("token_endpoint_auth_method", "none")
    made = {"client_id": host.url + path, "token_endpoint_auth_method": method}
    return Application(oidc, made, key=changes.get("key"))


def test_user_logs_in_to_a_client_with_a_document(oidc, host, alice):
    editor = application(oidc, host)
    tokens = editor.redeem(editor.code(alice)).json()
    assert editor.claims(tokens["id_token"])["email"] == alice.email
    assert host.requests == 1, "the document is fetched once, while the user authorizes the client"
    assert "consent" not in editor.authorize(alice) and "code" in editor.authorize(alice), "consent is remembered"
    client_documents._fetched.clear()
    requests = host.requests
    assert editor.refresh(tokens["refresh_token"]).status_code == 200 and host.requests == requests
    assert Client(oidc.url).get("/.well-known/openid-configuration").json()["client_id_metadata_document_supported"]


@SQLITE_ONLY
def test_no_user_is_asked_once_the_setting_is_off(oidc, host, alice, configure):
    editor = application(oidc, host, require_pushed_authorization_requests=True)
    assert editor.code(alice), "its first request cannot be pushed"
    configure(client_id_metadata=False)
    assert editor.begin(alice).status_code == 400


@SQLITE_ONLY
def test_consent_page_names_the_host_first(oidc, host, alice):
    editor = application(oidc, host, redirect_uris=["http://127.0.0.1/cb"], client_name="Your Bank")
    editor.redirect_uri = "http://127.0.0.1:4711/cb"
    editor.begin(alice)
    page = alice.send_form(email=alice.email, password=alice.password).text
    assert page.index("<strong>localhost:") < page.index("Your Bank") and "on your own device" in page


@SQLITE_ONLY
def test_consent_to_a_client_on_the_device_of_the_user_is_not_remembered(oidc, host, alice):
    editor = application(oidc, host, redirect_uris=["http://localhost/callback"])
    assert editor.code(alice)
    assert 'name="decision"' in editor.begin(alice).text, "any program could claim to be this one"


@SQLITE_ONLY
def test_changed_document_counts_after_its_time(oidc, host, alice, clock):
    editor = application(oidc, host)
    editor.code(alice)
    other = "http://localhost:3000/other"
    host.put("/client.json", document(host.url + "/client.json", redirect_uris=[other]), Cache_Control="max-age=60")
    assert "code" in editor.authorize(alice)
    clock.shift(301)
    assert editor.begin(alice).status_code == 400, "it may no longer use its previous redirect URI"
    editor.redirect_uri = other
    assert "code" in editor.authorize(alice)
    host.status = 404
    clock.shift(61)
    assert editor.begin(alice).status_code == 400, "the document was withdrawn"


@pytest.mark.parametrize(
    "control, seconds", [("max-age=999999", 86_400), ("no-store", 0), ("no-cache", 0), ("max-age=0", 0), ("", 300)]
)
def test_document_is_cached_by_its_headers_for_a_day_at_most(control, seconds):
    assert client_documents._seconds_fresh({"cache-control": control}) == seconds
    for expires in (
        "0",
        "Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
        "Mon, 01 Jan 2027 00:00:00 +99999999999999999",
    ):
        assert client_documents._seconds_fresh({"expires": expires}) == 0
    assert client_documents._seconds_fresh({"cache-control": "max-age=60", "age": "9" * 5000}) <= 0


@SQLITE_ONLY
@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "https://localhost/client.json"}, {"token_endpoint_auth_method": "client_secret_basic"},
        {"client_secret": "x"}, {"redirect_uris": ["http://mallory.example/"]}, {"padding": "x" * 6000},
        {"token_endpoint_auth_method": "private_key_jwt"},
    ],
)  # fmt: skip
def test_invalid_document_is_rejected(oidc, host, alice, changes):
    assert application(oidc, host, **changes).begin(alice).status_code == 400


@SQLITE_ONLY
def test_document_behind_a_redirect_or_in_another_form_is_rejected(oidc, host, alice):
    editor = application(oidc, host)
    host.status = 302
    assert editor.begin(alice).status_code == 400
    host.status = 200
    for body in (b"x", b"[]", b"null", b"[" * 5000):
        host.put("/client.json", body)
        assert editor.begin(alice).status_code == 400
    requests = host.requests
    for path in ("", "/", "/a/../client.json", "/client.json#x", "/./client.json"):
        editor.client_id = host.url + path
        assert editor.begin(alice).status_code == 400
    editor.client_id = host.url.replace("https:", "http:") + "/client.json"
    assert editor.begin(alice).status_code == 400 and host.requests == requests


@SQLITE_ONLY
def test_private_address_is_never_requested(oidc, host, alice, configure):
    editor = application(oidc, host)
    configure(webhook_allowed_networks=())
    assert editor.begin(alice).status_code == 400
    configure(client_id_metadata=False)
    assert editor.begin(alice).status_code == 400 and host.requests == 0


@SQLITE_ONLY
def test_document_is_fetched_only_at_authorization(oidc, host):
    editor = application(oidc, host)
    assert refused(editor.token(grant_type="authorization_code", code="x")) == (401, "invalid_client")
    assert refused(editor.post("/oauth2/par", editor.parameters())) == (401, "invalid_client")
    assert host.requests == 0


@SQLITE_ONLY
def test_client_with_a_key_signs_its_requests(oidc, host, alice):
    key = new_key()
    jwks = {"keys": [public_jwk(key)]}
    editor = application(oidc, host, token_endpoint_auth_method="private_key_jwt", jwks=jwks)
    editor.key = key
    assert editor.log_in(alice)["id_token"]


@SQLITE_ONLY
def test_fetches_are_limited_by_address(oidc, host, alice, configure, monkeypatch):
    monkeypatch.setattr(client_documents, "FETCHES", "2/hour")
    editor = application(oidc, host)
    host.status = 404
    configure(rate_limit_enabled=True)

    def status():
        client_documents._failed.clear()
        return editor.begin(alice).status_code

    assert [status() for _ in range(3)] == [400, 400, 429]


@SQLITE_ONLY
def test_fetches_for_stored_requests_are_limited_too(oidc, host, alice, configure, monkeypatch):
    editor = application(oidc, host)
    editor.begin(alice)
    page = alice.send_form(email=alice.email, password=alice.password)
    monkeypatch.setattr(client_documents, "FETCHES", "2/hour")
    configure(rate_limit_enabled=True)
    host.put("/client.json", document(host.url + "/client.json"), Cache_Control="no-store")
    client_documents._fetched.clear()
    assert [alice.open(str(page.url)).status_code for _ in range(3)] == [200, 200, 429]


@SQLITE_ONLY
def test_slow_documents_leave_threads_for_all_other_requests(oidc, host, alice, monkeypatch):
    editor = application(oidc, host)
    editor.code(alice)
    slots = threading.BoundedSemaphore(1)
    monkeypatch.setattr(client_keys, "SLOTS", slots)
    with slots:  # of a request that waits for a document
        assert editor.code(alice), "the document is known"
        client_documents._fetched.clear()
        page = editor.begin(alice)
        assert (page.status_code, "Retry-After" in page.headers) == (503, True)
    assert editor.code(alice)


@SQLITE_ONLY
def test_document_that_fails_is_requested_once_in_a_while(oidc, host, alice, clock):
    editor = application(oidc, host)
    host.status = 404
    answers = at_once(*[lambda: editor._http.get(editor.url()).status_code] * 5)
    assert (set(answers), host.requests) == ({400}, 1)
    host.status = 200
    assert editor.begin(alice).status_code == 400
    clock.shift(client_documents.SECONDS_FAILED + 1)
    assert editor.begin(alice).status_code == 200
