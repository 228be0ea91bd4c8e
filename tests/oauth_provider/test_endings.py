"""What ends the tokens of clients: the user, the client, and changes of the account. Logout, and who hears of it."""

import http.server
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlencode

import httpx2
import jwt
import pytest
import sqlalchemy

import database
import http_stubs
from databases import SQLITE_ONLY
from oauth_application import AFTER_LOGOUT, answer_of, refused
from oauth_provider.models import AuthorizationRequest, ClientSession, LogoutNotice, OAuthGrant
from operations import cleanup
from people import Client, link_in, new_password, refusal
from reader import person_of
from revocations.service import window
from waiting import until

ALIVE = {"code", "state", "iss"}


def granted(person):
    return [each["client_id"] for each in person.client.get("/users/me/grants").json()["items"]]


def test_owner_sees_and_ends_what_was_granted(printer, alice, owner):
    person = person_of(alice)
    assert granted(person) == []
    tokens = printer.log_in(alice)
    (grant,) = person.client.get("/users/me/grants").json()["items"]
    assert (grant["name"], grant["scopes"], grant["first_party"]) == ("Photo Printer", printer.scope.split(), False)
    assert person.client.delete(f"/users/me/grants/{printer.client_id}").status_code == 204
    assert granted(person) == [] and not printer.is_alive(tokens)
    assert refusal(person.client.delete(f"/users/me/grants/{printer.client_id}")) == (404, "not_found")
    printer.begin(alice)
    assert 'name="decision"' in alice.page.text, "nobody asked again"
    events = owner.client.get(f"/admin/audit?user_id={person.user_id}").json()["items"]
    told = {event["action"] for event in events if event["detail"].get("client_id") == printer.client_id}
    assert told == {"grant.consented", "grant.used", "grant.ended"}


@SQLITE_ONLY
def test_hint_of_a_request_is_not_stored(connects, alice):
    printer, stored = connects(), sqlalchemy.select(AuthorizationRequest.parameters)
    assert f'value="{alice.email}"' in printer.begin(alice, login_hint=alice.email).text
    pushed = printer.post("/oauth2/par", printer.parameters(login_hint=alice.email)).json()["request_uri"]
    query = urlencode({"client_id": printer.client_id, "request_uri": pushed})
    alice.page = alice.follow(f"{printer.service.url}/oauth2/authorize?{query}")
    assert f'value="{alice.email}"' in alice.page.text
    assert alice.email not in str(database.read_all(stored))


@SQLITE_ONLY
def test_owner_ends_a_grant_on_the_hosted_page(printer, alice):
    tokens = printer.log_in(alice)
    assert "/account/applications" in alice.open("/account").text
    page = alice.open("/account/applications")
    assert "Photo Printer" in page.text and "See your email address" in page.text
    path = page.text.partition('class="danger" href="')[2].partition('"')[0]
    assert "can no longer use your account" in alice.open(path).text
    assert "The access of the application has ended." in alice.send_form(to=path).text
    assert not printer.is_alive(tokens)


def test_password_reset_ends_all_tokens_but_no_consent(printer, connects, alice):
    person = person_of(alice)
    alice.password = new_password()
    assert person.set_new_password(person.request_reset(), alice.password).status_code == 200  # proves her address
    own, tokens = connects(first_party=True), printer.log_in(alice)
    own_tokens = own.log_in(alice)
    alice.password = new_password()
    assert person.set_new_password(person.request_reset(), alice.password).status_code == 200
    assert not printer.is_alive(tokens) and not own.is_alive(own_tokens)
    printer.begin(alice)
    assert answer_of(alice.send_form(email=alice.email, password=alice.password)).keys() == ALIVE


def test_password_change_ends_tokens_of_own_applications_in_other_sessions(printer, connects, alice):
    own, tokens = connects(first_party=True), printer.log_in(alice)
    own_tokens, person = own.log_in(alice), person_of(alice)
    assert person.change_password(new_password()).status_code == 200
    assert not own.is_alive(own_tokens)
    assert printer.is_alive(tokens), "a third party was logged out"


@SQLITE_ONLY
def test_password_change_keeps_own_applications_of_this_session(connects, alice):
    own = connects(first_party=True)
    tokens = own.log_in(alice)
    alice.open("/account/password")
    alice.send_form(old_password=alice.password, new_password=new_password())
    assert alice.page.url.path == "/account"
    assert own.is_alive(tokens)


@SQLITE_ONLY
@pytest.mark.parametrize("how", ["log out", "log out everywhere", "end the session", "disable", "delete the account"])
def test_tokens_end_with_the_session_or_account(printer, alice, owner, how):
    tokens, person = printer.log_in(alice), person_of(alice)
    if how == "log out":
        alice.press("/account/logout")
    elif how == "log out everywhere":
        assert person.client.post("/auth/logout-all").status_code == 204
    elif how == "end the session":
        for each in person.client.get("/users/me/sessions").json():
            assert each["current"] or person.client.delete(f"/users/me/sessions/{each['id']}").status_code == 204
    elif how == "disable":
        assert owner.client.patch(f"/admin/users/{person.user_id}", {"is_active": False}).status_code == 200
    else:
        assert person.client.delete("/users/me", {"password": alice.password}).status_code == 204
    assert not printer.is_alive(tokens)


def test_ended_login_is_among_the_revocations(printer, alice, oidc):
    sid = printer.claims(printer.log_in(alice)["id_token"])["sid"]
    revoked = Client(oidc.url).get("/.well-known/revocations")
    assert revoked.status_code == 200 and sid not in revoked.text
    alice.press("/account/logout")
    until(lambda: sid in Client(oidc.url).get("/.well-known/revocations").text)


@SQLITE_ONLY
@pytest.mark.parametrize("change", [{"access_token_lifetime": 60}, None])
def test_revocations_stay_listed_after_the_client_is_changed_or_deleted(connects, owner, clock, change):
    day, where = timedelta(days=1), f"/admin/clients/{connects(access_token_lifetime=86_400).client_id}"
    assert window() >= day
    answer = owner.client.patch(where, change) if change else owner.client.delete(where)
    assert answer.status_code in (200, 204)
    assert window() >= day, "a revoked token would be valid again"
    clock.shift(day + timedelta(minutes=2))
    assert window() < day


@SQLITE_ONLY
def test_tokens_follow_the_session_that_replaces_theirs(printer, alice, joins):
    tokens = printer.log_in(alice)
    assert answer_of(printer.authorize(alice, prompt="login") and printer.begin(alice)).keys() == ALIVE
    assert printer.is_alive(tokens), "a fresh login ended the tokens of the same user"
    alice.press("/account/logout")
    assert not printer.is_alive(tokens)
    tokens, bob = printer.log_in(alice), joins("bob")
    alice.email, alice.password = bob.email, bob.password
    alice.open("/login?other=1&ended=1")
    alice.send_form(email=bob.email, password=bob.password)
    assert not printer.is_alive(tokens), "Bob logged in, and Alice's application was still logged in"


@SQLITE_ONLY
def test_offline_access_outlives_the_session(printer, alice, clock, configure):
    configure(session_max_days=10)
    alice.log_in()
    clock.shift(timedelta(days=5))
    tokens, without = printer.log_in(alice), printer.log_in(alice, scope="openid")
    clock.shift(timedelta(days=4))
    tokens, without = (printer.refresh(each["refresh_token"]).json() for each in (tokens, without))
    clock.shift(timedelta(days=2))
    cleanup.run()
    assert printer.refresh(tokens["refresh_token"]).status_code == 200
    assert refused(printer.refresh(without["refresh_token"])) == (400, "invalid_grant")


@SQLITE_ONLY
def test_cleanup_deletes_what_has_expired(printer, alice, clock):
    printer.begin(alice)
    printer.log_in(alice)
    clock.shift(timedelta(days=100))
    cleanup.run()
    for table in (AuthorizationRequest, ClientSession):
        assert database.read(sqlalchemy.select(sqlalchemy.func.count()).select_from(table))[0] == 0
    assert database.read(sqlalchemy.select(sqlalchemy.func.count()).select_from(OAuthGrant))[0] > 0


@SQLITE_ONLY
def test_export_contains_grants_and_logins(printer, alice):
    printer.log_in(alice)
    exported = person_of(alice).client.get("/users/me/export").json()
    assert [each["client_id"] for each in exported["oauth_grants"]] == [printer.client_id]
    assert [each["scopes"] for each in exported["oauth_sessions"]] == [printer.scope]


# --------------------------------------------------------------------------------------------------------------- logout


def logout_url(application, **query):
    return f"{application.service.url}/oauth2/logout?{urlencode(query)}"


def test_application_logs_the_user_out(printer, alice):
    tokens = printer.log_in(alice)
    query = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": AFTER_LOGOUT, "state": "s1"}
    answer = alice.follow(logout_url(printer, **query))
    assert answer.headers["location"] == f"{AFTER_LOGOUT}?state=s1"
    assert not printer.is_alive(tokens)
    assert answer_of(printer.begin(alice, prompt="none"))["error"] == "login_required"


@SQLITE_ONLY
def test_without_a_hint_the_user_is_asked(printer, alice):
    tokens = printer.log_in(alice)
    alice.page = alice.follow(logout_url(printer, client_id=printer.client_id, post_logout_redirect_uri=AFTER_LOGOUT))
    assert "Log out?" in alice.page.text and printer.is_alive(tokens)
    policy = alice.page.headers["content-security-policy"]
    assert "form-action 'self' http://localhost:3000;" in policy
    evil = f"{printer.service.url}/auth/end-session"
    assert alice._goes("POST", evil, "https://evil.example", {}, None, "https://evil.example").status_code == 403
    assert printer.is_alive(tokens)
    answer = alice.send_form(to="/auth/end-session")
    assert answer.headers["location"] == AFTER_LOGOUT and not printer.is_alive(tokens)


@SQLITE_ONLY
def test_logout_by_an_application_deletes_the_destination_of_the_user(printer, alice, configure):
    hint = printer.log_in(alice)["id_token"]
    configure(mfa_required="all")
    printer.begin(alice)
    assert alice.page.url.path == "/account/factors"
    assert [each for each in alice.cookies if each.name == "going"]
    alice.follow(logout_url(printer, id_token_hint=hint))
    assert not [each for each in alice.cookies if each.name == "going"]


@SQLITE_ONLY
def test_authorization_request_continues_after_a_new_password(printer, alice):
    printer.begin(alice)
    alice.open(re.search(r'href="(/reset-password[^"]*)"', alice.page.text)[1].replace("&amp;", "&"))
    alice.send_form(email=alice.email)
    alice.open(link_in(alice.mail("/reset-password"), "/reset-password"))
    alice.send_form(new_password=(password := new_password()))
    page = alice.send_form(email=alice.email, password=password)
    assert 'name="decision"' in page.text


@SQLITE_ONLY
def test_hint_of_another_user_asks(printer, alice, joins):
    hint = printer.log_in(joins("bob"))["id_token"]
    tokens = printer.log_in(alice)
    alice.page = alice.follow(logout_url(printer, id_token_hint=hint))
    assert "Log out?" in alice.page.text and printer.is_alive(tokens)


@SQLITE_ONLY
def test_logout_leads_to_registered_urls_only(printer, alice):
    tokens = printer.log_in(alice)
    evil = {"post_logout_redirect_uri": "https://evil.example/"}
    page = httpx2.get(logout_url(printer, id_token_hint=tokens["id_token"], **evil), trust_env=False)
    assert page.status_code == 400 and printer.is_alive(tokens)
    page = httpx2.get(logout_url(printer, id_token_hint="x.y.z"), trust_env=False)
    assert page.status_code == 400


class Receiver(http.server.ThreadingHTTPServer):
    """An application that hears of logouts."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.tokens, self.statuses = [], []
        self.url = f"http://127.0.0.1:{self.server_port}/logout"
        http_stubs.serve(self)


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
        status = self.server.statuses.pop() if self.server.statuses else 200
        if status == 200:
            self.server.tokens += form["logout_token"]
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def receiver(configure):
    configure(webhook_allowed_networks=("127.0.0.0/8",))
    server = Receiver()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("how", ["log out", "application", "disable", "delete the account"])
def test_application_hears_of_a_logout(connects, receiver, alice, owner, how):
    printer = connects(backchannel_logout_uri=receiver.url, subject_type="pairwise")
    tokens, person = printer.log_in(alice), person_of(alice)
    receiver.statuses = [503]  # at first
    if how == "log out":
        alice.press("/account/logout")
    elif how == "application":
        connects(first_party=True).log_in(alice)
        alice.follow(logout_url(printer, id_token_hint=tokens["id_token"]))
    elif how == "disable":
        assert owner.client.patch(f"/admin/users/{person.user_id}", {"is_active": False}).status_code == 200
    else:
        assert person.client.delete("/users/me", {"password": alice.password}).status_code == 204
    until(lambda: receiver.tokens)
    claims, login = printer.claims(receiver.tokens[0]), printer.claims(tokens["id_token"])
    assert jwt.get_unverified_header(receiver.tokens[0])["typ"] == "logout+jwt"
    assert (claims["sub"], claims["sid"]) == (login["sub"], login["sid"]) and "nonce" not in claims
    assert claims["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}} and claims["jti"]


@SQLITE_ONLY
def test_logout_notice_is_not_sent_to_a_private_address(connects, receiver, alice, configure):
    printer = connects(backchannel_logout_uri=receiver.url)
    printer.log_in(alice)
    configure(webhook_allowed_networks=())
    alice.press("/account/logout")
    mine = sqlalchemy.select(LogoutNotice.gave_up_at).order_by(LogoutNotice.id.desc()).limit(1)
    until(lambda: database.read(mine)[0])
    assert receiver.tokens == []


# ------------------------------------------------------------------------------------------------------ the own API


@SQLITE_ONLY
def test_client_s_token_opens_only_what_was_granted(connects, owner, joins, oidc):
    scopes = ["openid", "profile", "users:read", "users:write"]
    tool, browser = connects(scopes=scopes), joins("amy")
    tool.scope = " ".join(scopes)
    person = person_of(browser)
    assert tool.log_in(browser)["scope"] == "openid profile", "a permission that Amy lacks was granted"
    assert owner.client.put(f"/admin/users/{person.user_id}/roles", {"roles": ["admin", "user"]}).status_code == 200
    tokens = tool.log_in(browser, scope="openid profile users:read")
    client = Client(oidc.url, tokens["access_token"])
    assert client.get("/admin/users").status_code == 200
    lacking = client.post("/admin/users", {"email": "x@example.com"})
    assert refusal(lacking) == (403, "insufficient_scope")
    assert lacking.headers["www-authenticate"] == 'Bearer error="insufficient_scope", scope="users:write"'
    closed = (
        ("GET", "/users/me"), ("PATCH", "/users/me"), ("DELETE", "/users/me"), ("POST", "/auth/change-password"),
        ("POST", "/users/me/email"), ("GET", "/users/me/factors"), ("POST", "/users/me/api-keys"),
        ("GET", "/users/me/grants"), ("DELETE", f"/users/me/grants/{tool.client_id}"), ("GET", "/users/me/sessions"),
        ("POST", "/admin/clients"),
    )  # fmt: skip
    for method, path in closed:
        answer = client._request(method, path, None if method == "GET" else {})
        assert refusal(answer) == (403, "insufficient_scope"), path
        if path == "/users/me":  # a scope of API keys, which the client cannot request
            assert answer.headers["www-authenticate"] == 'Bearer error="insufficient_scope"'
    assert refusal(client.get("/auth/verify")) == (403, "insufficient_scope"), "it opened an application behind a proxy"
    assert owner.client.put(f"/admin/users/{person.user_id}/roles", {"roles": ["user"]}).status_code == 200
    assert refusal(client.get("/admin/users")) == (403, "insufficient_scope")
    assert refused(tool.userinfo("x")) == (401, "invalid_token")


@SQLITE_ONLY
def test_client_s_token_is_rejected_after_its_end(connects, owner, oidc):
    job = connects(grant_types=["client_credentials"], redirect_uris=[], scopes=["users:read"])
    client = Client(oidc.url, job.token(grant_type="client_credentials").json()["access_token"])
    assert client.get("/admin/users").status_code == 200
    assert owner.client.delete(f"/admin/clients/{job.client_id}").status_code == 204
    assert refusal(client.get("/admin/users")) == (401, "not_authenticated")
