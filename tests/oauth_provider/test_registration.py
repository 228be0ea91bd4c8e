"""Applications that register themselves (RFC 7591, RFC 7592)."""

import json

import httpx2
import pytest
import sqlalchemy

import database
from databases import SQLITE_ONLY
from models import AuditEvent
from oauth_application import CALLBACK, Application, new_key, public_jwk, refused
from oauth_provider import client_records
from oauth_provider.models import OAuthClient
from operations import cleanup
from people import Client, at_once

LOOPBACK = "http://localhost/callback"
EDITOR = {"client_name": "Editor", "redirect_uris": [LOOPBACK], "token_endpoint_auth_method": "none"}
INVALID = {(400, "invalid_redirect_uri"), (400, "invalid_client_metadata")}
REFUSED = (401, "invalid_token")


@pytest.fixture
def is_open(configure):
    configure(dynamic_registration="open")


@pytest.fixture
def needs_token(configure):
    configure(dynamic_registration="token", dynamic_registration_token="letmein-7f3a9c")


def register(oidc, metadata=EDITOR, token=None, status=201):
    answer = Client(oidc.url, token).post("/oauth2/register", metadata)
    assert answer.status_code == status, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return answer.json()


def managed(oidc, made, method="GET", json=None, token=None):
    path = made["registration_client_uri"].partition("/oauth2/")[2]
    return Client(oidc.url, token or made["registration_access_token"])._request(method, f"/oauth2/{path}", json)


def rows(client_id=None):
    """Return the number of events and of clients that registered themselves, or the rows of one."""
    if client_id:
        return len(database.read_all(sqlalchemy.select(OAuthClient.id).where(OAuthClient.client_id == client_id)))
    clients = sqlalchemy.select(OAuthClient.id).where(OAuthClient.origin != "admin")
    events = sqlalchemy.select(AuditEvent.id).where(AuditEvent.action.startswith("client."))
    return len(database.read_all(clients)), len(database.read_all(events))


def test_open_registration_leaves_no_trace_until_a_user_consents(oidc, is_open, alice):
    before = rows()
    made = register(oidc)
    editor = Application(oidc, made)  # at another port, as RFC 8252 allows
    assert len(made["client_id"]) < 600 and "client_secret" not in made
    assert refused(managed(oidc, made)) == REFUSED
    assert editor.authorize(alice, "deny")["error"] == "access_denied"
    assert rows() == before, "a registration that nobody has used leaves a trace"
    tokens = editor.redeem(editor.code(alice)).json()
    assert rows(made["client_id"]) == 1 and editor.refresh(tokens["refresh_token"]).status_code == 200
    assert managed(oidc, made).json()["client_name"] == "Editor"
    assert 'name="decision"' in editor.begin(alice).text, "any program could claim to be this one"


@SQLITE_ONLY
def test_logout_leads_to_a_client_that_registered_itself_only_with_an_id_token(oidc, is_open, alice):
    bye = "https://editor.example.com/bye"
    uris = {"redirect_uris": ["https://editor.example.com/cb", CALLBACK], "post_logout_redirect_uris": [bye]}
    editor = Application(oidc, register(oidc, EDITOR | uris))
    editor.redirect_uri = "https://editor.example.com/cb"
    editor.begin(alice)
    page = alice.send_form(email=alice.email, password=alice.password).text
    assert page.index("<strong>editor.example.com") < page.index("Editor"), "it has chosen its name itself"
    editor.redirect_uri = CALLBACK
    hint = editor.redeem(editor.code(alice)).json()["id_token"]
    for query, where in (("", "/login?message=logged_out"), (f"&id_token_hint={hint}", bye)):
        asked = f"client_id={editor.client_id}&post_logout_redirect_uri={bye}{query}"
        answer = httpx2.get(f"{oidc.url}/auth/end-session?{asked}", trust_env=False)
        assert answer.headers["location"] == where


def test_two_users_who_consent_at_once_share_a_row(oidc, is_open, joins):
    made = register(oidc)
    pairs = [(Application(oidc, made), joins(name)) for name in ("alice", "bob", "charlie")]
    answers = at_once(*[lambda app=app, browser=browser: app.authorize(browser) for app, browser in pairs])
    assert all("code" in answer for answer in answers) and rows(made["client_id"]) == 1
    assert all(app.redeem(answer["code"]).status_code == 200 for (app, _), answer in zip(pairs, answers, strict=True))


@SQLITE_ONLY
@pytest.mark.parametrize("uri", ["/login", ":443/oauth/google?use_cookies=true", "", "./x"])
def test_client_that_registers_itself_does_not_lead_to_this_service(oidc, is_open, configure, uri):
    configure(public_base_url="https://accounts.example.com")
    for host in ("https://accounts.example.com", "https://ACCOUNTS.example.com"):
        for names in ({"redirect_uris": [host + uri]}, {"post_logout_redirect_uris": [host + uri]}):
            assert register(oidc, EDITOR | names, status=400)["error"] == "invalid_redirect_uri"
    register(oidc, EDITOR | {"redirect_uris": ["https://accounts.example.com.evil.example/login"]})


@SQLITE_ONLY
def test_registration_is_off_by_default(oidc):
    assert Client(oidc.url).post("/oauth2/register", EDITOR).status_code == 404
    assert "registration_endpoint" not in Client(oidc.url).get("/.well-known/openid-configuration").json()


@SQLITE_ONLY
@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uris": ["http://mallory.example/cb"]}, {"redirect_uris": ["https://x.example/#f"]}, {"redirect_uris": "x"},
        {"redirect_uris": []}, {"redirect_uris": None}, {"redirect_uris": [1]}, {"redirect_uris": ["javascript:alert(1)//x.y"]},
        {"token_endpoint_auth_method": "client_secret_basic"}, {"token_endpoint_auth_method": "private_key_jwt"},
        {"grant_types": ["client_credentials"]}, {"grant_types": "authorization_code"}, {"response_types": ["token"]},
        {"scope": 1}, {"logo_uri": "javascript:x"}, {"redirect_uris": [f"https://x.example/{number}{'x' * 2000}" for number in range(10)]},
        {"redirect_uris": [f"https://x.example/{number}/{number ** 300}" for number in range(2, 18)]},
    ],
)  # fmt: skip
def test_invalid_metadata_is_rejected(oidc, is_open, changes):
    assert refused(Client(oidc.url).post("/oauth2/register", EDITOR | changes)) in INVALID


@SQLITE_ONLY
@pytest.mark.parametrize("member", ["NaN", r'"\ud800"'])
def test_key_that_is_no_json_is_rejected(oidc, is_open, member):
    keys = json.dumps({"keys": [public_jwk(new_key()) | {"x5t": 1}]}).replace('"x5t": 1', f'"x5t": {member}')
    body = json.dumps(EDITOR)[:-1] + f', "jwks": {keys}}}'
    headers = {"Content-Type": "application/json"}
    answer = httpx2.post(f"{oidc.url}/oauth2/register", content=body, headers=headers, trust_env=False)
    assert refused(answer) in INVALID


@SQLITE_ONLY
def test_open_registration_grants_no_rights(oidc, is_open, alice):
    asked = {
        "grant_types": ["authorization_code", "client_credentials", "urn:ietf:params:oauth:grant-type:device_code"]
    }
    asked |= {"scope": "openid users:write mcp", "first_party": True, "resources": ["https://api.example.com/"]}
    made = register(oidc, {**EDITOR, **asked})
    assert made["grant_types"] == ["authorization_code"] and made["scope"] == "openid"
    editor = Application(oidc, made)
    assert "consent" not in editor.begin(alice).text
    assert editor.authorize(alice, resource="https://api.example.com/")["error"] == "invalid_target"


@SQLITE_ONLY
def test_resources_of_the_installation_are_open_to_all_clients(oidc, is_open, alice, configure):
    configure(oauth_resources=("https://mcp.example.com/mcp",))
    editor = Application(oidc, register(oidc))
    tokens = editor.redeem(editor.code(alice, resource="https://mcp.example.com/mcp")).json()
    assert editor.claims(tokens["access_token"], "https://mcp.example.com/mcp")["client_id"] == editor.client_id


@SQLITE_ONLY
def test_token_registers_a_client_at_once(oidc, needs_token, alice):
    register(oidc, token="wrong", status=401)
    register(oidc, status=401)
    before = rows()
    made = register(oidc, {"redirect_uris": [CALLBACK]}, token="letmein-7f3a9c")
    assert rows() == (before[0] + 1, before[1] + 1) and made["client_secret_expires_at"] == 0
    assert made["token_endpoint_auth_method"] == "client_secret_basic" and made["client_name"] == "localhost:3000"
    app = Application(oidc, made)
    assert app.log_in(alice)["refresh_token"]


def test_client_manages_its_registration(oidc, needs_token, alice):
    made = register(oidc, {"redirect_uris": [CALLBACK], "client_name": "Editor"}, token="letmein-7f3a9c")
    assert refused(managed(oidc, made, token="rat_wrong")) == REFUSED
    assert "client_secret" not in managed(oidc, made).json()
    other = "https://editor.example.com/cb"
    changed = managed(oidc, made, "PUT", {"client_id": made["client_id"], "redirect_uris": [CALLBACK, other]})
    assert changed.json()["redirect_uris"] == [CALLBACK, other] and changed.json()["client_name"] == "localhost:3000"
    assert refused(managed(oidc, made, "PUT", {"redirect_uris": ["http://mallory.example/"]})) in INVALID
    assert refused(managed(oidc, made, "PUT", {**EDITOR, "client_id": "another"})) in INVALID
    app = Application(oidc, made)
    tokens = app.log_in(alice)
    assert managed(oidc, made, "DELETE").status_code == 204
    assert refused(managed(oidc, made)) == REFUSED
    assert refused(app.refresh(tokens["refresh_token"])) == (401, "invalid_client")


@SQLITE_ONLY
@pytest.mark.parametrize("by", ["the client", "an administrator"])
def test_deleted_client_does_not_come_back_with_its_record(oidc, is_open, alice, owner, by):
    made = register(oidc)
    editor = Application(oidc, made)
    editor.code(alice)
    if by == "the client":
        assert managed(oidc, made, "DELETE").status_code == 204
    else:
        assert owner.client.delete(f"/admin/clients/{made['client_id']}").status_code == 204
    assert editor.begin(alice).status_code == 400


@SQLITE_ONLY
def test_client_that_is_not_used_is_removed(oidc, is_open, alice, clock, configure):
    configure(dynamic_client_days=3)
    made, unused = register(oidc), register(oidc)
    editor = Application(oidc, made)
    tokens = editor.redeem(editor.code(alice)).json()
    clock.shift(2 * 86_400)
    tokens = editor.refresh(tokens["refresh_token"]).json()
    clock.shift(2 * 86_400)
    cleanup.run()
    assert rows(made["client_id"]) == 1, "it was used two days ago"
    assert Application(oidc, unused).begin(alice).status_code == 400, "the record has expired"
    clock.shift(2 * 86_400)
    cleanup.run()
    assert rows(made["client_id"]) == 0 and editor.begin(alice).status_code == 400


@SQLITE_ONLY
def test_changed_or_foreign_records_are_unknown_clients(oidc, is_open, alice, configure):
    made = register(oidc)
    for client_id in (made["client_id"] + "=", made["client_id"][:-2], "dyn_", "dyn_x", "dyn_" + "A" * 3000):
        page = Application(oidc, {**made, "client_id": client_id}).begin(alice)
        assert page.status_code == 400, client_id
    configure(dynamic_registration="off")
    assert Application(oidc, made).begin(alice).status_code == 400
    assert client_records.find(made["client_id"]) is None


@SQLITE_ONLY
def test_pushed_request_of_a_registered_client_is_its_own(oidc, is_open, alice):
    editor, other = (Application(oidc, register(oidc)) for _ in range(2))
    pushed = editor.post("/oauth2/par", editor.parameters()).json()["request_uri"]
    url = f"{oidc.url}/oauth2/authorize?client_id={{}}&request_uri={pushed}"
    assert alice.follow(url.format(other.client_id)).status_code == 400


@SQLITE_ONLY
def test_registration_is_limited_by_address(oidc, is_open, configure):
    configure(rate_limit_enabled=True, rate_limit_registration="2/hour")
    answers = [Client(oidc.url).post("/oauth2/register", EDITOR).status_code for _ in range(3)]
    assert answers == [201, 201, 429]
