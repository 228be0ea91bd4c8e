"""Clients that an administrator restricts, or that users restrict to what they grant."""

import dataclasses
from datetime import timedelta
from urllib.parse import quote

import pytest

from authenticator import set_up_app
from databases import SQLITE_ONLY
from oauth_application import API, CALLBACK, answer_of, refused
from oauth_provider.schemas import DEVICE
from people import Client, refusal
from settings.loading import settings


@SQLITE_ONLY
def test_access_token_loses_a_scope_with_its_client(connects, owner, joins, oidc):
    tool, browser = connects(scopes=["openid", "email", "users:read"], access_token_lifetime=86_400), joins("amy")
    tool.scope = "openid email users:read"
    (amy,) = owner.client.get(f"/admin/users?query={browser.email}").json()["items"]
    owner.client.put(f"/admin/users/{amy['user_id']}/roles", {"roles": ["admin", "user"]})
    job = connects(grant_types=["client_credentials"], redirect_uris=[], scopes=["users:read"])
    by_user, by_job = tool.log_in(browser), job.token(grant_type="client_credentials").json()
    for app, tokens, left in ((tool, by_user, ["openid"]), (job, by_job, [])):
        client = Client(oidc.url, tokens["access_token"])
        assert client.get("/admin/users").status_code == 200
        assert owner.client.patch(f"/admin/clients/{app.client_id}", {"scopes": left}).status_code == 200
        assert refusal(client.get("/admin/users")) == (403, "insufficient_scope")
        assert app.introspect(tokens["access_token"]).get("scope", "").split() == left
    assert tool.userinfo(by_user["access_token"]).json().keys() == {"sub"}


@SQLITE_ONLY
def test_own_tokens_of_a_client_end_with_its_secret(connects, owner, oidc):
    job = connects(grant_types=["client_credentials"], redirect_uris=[], scopes=["users:read"])
    token = job.token(grant_type="client_credentials").json()["access_token"]
    where = f"/admin/clients/{job.client_id}/rotate-secret"
    job.secret = owner.client.post(where, {"overlap_seconds": 60}).json()["client_secret"]
    assert Client(oidc.url, token).get("/admin/users").status_code == 200
    job.secret = owner.client.post(where).json()["client_secret"]
    assert refusal(Client(oidc.url, token).get("/admin/users")) == (401, "not_authenticated")
    assert job.introspect(token) == {"active": False}
    token = job.token(grant_type="client_credentials").json()["access_token"]
    assert Client(oidc.url, token).get("/admin/users").status_code == 200


@SQLITE_ONLY
def test_own_tokens_of_a_client_stay_ended_when_it_may_request_some_again(connects, owner, oidc):
    job = connects(grant_types=["client_credentials"], redirect_uris=[], scopes=["users:read"])
    path, own = f"/admin/clients/{job.client_id}", {"grant_types": ["client_credentials"]}
    token = job.token(grant_type="client_credentials").json()["access_token"]
    without = {"grant_types": ["authorization_code"], "redirect_uris": [CALLBACK]}
    for change in (without, own | {"redirect_uris": []}):
        assert owner.client.patch(path, change).status_code == 200
        assert refusal(Client(oidc.url, token).get("/admin/users")) == (401, "not_authenticated")
    assert job.introspect(token) == {"active": False}


@SQLITE_ONLY
def test_introspection_shows_the_current_roles(connects, owner, joins, another_service):
    tool, browser = connects(scopes=["openid", "roles"]), joins("amy")
    (amy,) = owner.client.get(f"/admin/users?query={browser.email}").json()["items"]
    roles = f"/admin/users/{amy['user_id']}/roles"
    owner.client.put(roles, {"roles": ["admin", "user"]})
    token = tool.log_in(browser, scope="openid roles")["access_token"]

    def shown():
        return another_service.post("/internal/introspect", {"token": token}).json()

    assert sorted(shown()["roles"]) == ["admin", "user"]
    owner.client.put(roles, {"roles": ["user"]})
    assert shown()["roles"] == ["user"]
    owner.client.patch(f"/admin/clients/{tool.client_id}", {"scopes": ["openid"]})
    assert "roles" not in shown()


@SQLITE_ONLY
def test_application_cannot_do_what_requires_two_factors_after_a_login_with_one(
    connects, owner, joins, configure, oidc
):
    tool, browser = connects(scopes=["openid", "users:read"]), joins("amy")
    (amy,) = owner.client.get(f"/admin/users?query={browser.email}").json()["items"]
    owner.client.put(f"/admin/users/{amy['user_id']}/roles", {"roles": ["admin", "user"]})
    weak = Client(oidc.url, tool.log_in(browser, scope="openid users:read")["access_token"])
    assert weak.get("/admin/users").status_code == 200
    browser.open("/account/factors")
    set_up_app(browser)
    configure(mfa_required="admins")
    assert refusal(weak.get("/admin/users")) == (403, "reauthentication_required")


@SQLITE_ONLY
def test_scope_and_resource_are_granted_together(connects, owner, joins):
    tool, browser = connects(scopes=["openid", "users:read"], resources=[API]), joins("amy")
    (amy,) = owner.client.get(f"/admin/users?query={browser.email}").json()["items"]
    owner.client.put(f"/admin/users/{amy['user_id']}/roles", {"roles": ["admin", "user"]})
    tool.log_in(browser, scope="openid users:read")
    tool.log_in(browser, scope="openid", resource=API)
    tool.begin(browser, scope="openid users:read", resource=API)
    assert 'name="decision"' in browser.page.text, "nobody asked for the combination"
    browser.send_form(to="/auth/authorize", decision="allow")
    for granted in (
        {"scope": "openid users:read", "resource": API},
        {"scope": "openid users:read"},
        {"scope": "openid"},
    ):
        assert answer_of(tool.begin(browser, **granted))["code"], granted


@SQLITE_ONLY
def test_application_on_another_host_gets_other_subjects(connects, owner, alice):
    uris = [CALLBACK, "https://victim.example/cb"]
    victim, mallory = (connects(subject_type="pairwise", redirect_uris=uris) for _ in range(2))
    change = {"redirect_uris": [CALLBACK, "https://mallory.example/cb"]}
    assert owner.client.patch(f"/admin/clients/{mallory.client_id}", change).status_code == 200
    subjects = [app.claims(app.log_in(alice)["id_token"])["sub"] for app in (victim, mallory)]
    assert subjects[0] != subjects[1]


@SQLITE_ONLY
def test_tokens_of_a_user_who_must_set_up_a_factor_are_inactive(connects, owner, joins, configure, clock, oidc):
    tool, browser = connects(scopes=["openid", "users:read"]), joins("amy")
    (amy,) = owner.client.get(f"/admin/users?query={browser.email}").json()["items"]
    owner.client.put(f"/admin/users/{amy['user_id']}/roles", {"roles": ["admin", "user"]})
    job = connects(grant_types=["client_credentials"], redirect_uris=[], scopes=["users:read"])
    tool.scope = "openid users:read"
    tokens, code = tool.log_in(browser), tool.code(browser)
    program = job.token(grant_type="client_credentials").json()["access_token"]
    configure(mfa_required="admins")
    access = Client(oidc.url, tokens["access_token"])
    assert refused(tool.userinfo(tokens["access_token"])) == (401, "invalid_token")
    assert tool.introspect(tokens["access_token"]) == tool.introspect(tokens["refresh_token"]) == {"active": False}
    assert refusal(access.get("/admin/users")) == (401, "not_authenticated")
    assert refused(tool.redeem(code)) == (400, "invalid_grant")
    assert refused(tool.refresh(tokens["refresh_token"])) == (400, "invalid_grant")
    assert refusal(Client(oidc.url, program).get("/admin/users"))[0] == 403
    assert refused(job.token(grant_type="client_credentials", scope="users:read")) == (400, "invalid_scope")
    configure(mfa_required="off")
    clock.shift(timedelta(minutes=1))
    tokens = tool.refresh(tokens["refresh_token"]).json()
    assert "access_token" in tokens, "the same refresh token ended the session"
    configure(mfa_required="admins")
    assert tool.post("/oauth2/revoke", {"token": tokens["access_token"]}).status_code == 200
    configure(mfa_required="off")
    assert refused(tool.userinfo(tokens["access_token"])) == (401, "invalid_token"), "it was not revoked"


@SQLITE_ONLY
def test_user_who_must_set_up_a_factor_does_so_before_the_consent(printer, alice, configure):
    configure(mfa_required="all")
    printer.begin(alice)
    assert alice.send_form(email=alice.email, password=alice.password).url.path == "/account/factors"
    set_up_app(alice)
    assert 'name="decision"' in alice.send_form().text
    page = alice.send_form(to="/auth/authorize", decision="allow")
    assert printer.redeem(answer_of(page)["code"]).status_code == 200
    assert alice.open("/account/factors").url.path == "/account/factors", "the request continues only once"


@SQLITE_ONLY
def test_user_who_must_set_up_a_factor_does_so_before_a_device_is_allowed(connects, alice, configure):
    display = connects(type="public", grant_types=[DEVICE], redirect_uris=[])
    code = display.post("/oauth2/device_authorization", {"scope": "openid"}).json()["user_code"]
    configure(mfa_required="all")
    alice.log_in()
    assert alice.open(f"/auth/device?user_code={code}").url.path == "/account/factors"
    set_up_app(alice)
    assert code in alice.send_form().text


@SQLITE_ONLY
@pytest.mark.parametrize("path", ["//mallory.example", "https://mallory.example/", "/auth/continue?next=/account"])
def test_no_cookie_leads_elsewhere_after_the_enrolment(alice, configure, path):
    configure(mfa_required="all")
    alice.log_in()
    set_up_app(alice)
    forged = dataclasses.replace(alice.cookie("going"), value=quote(path, safe=""))
    alice.cookies = [forged if each.name == forged.name else each for each in alice.cookies]
    assert alice.send_form().url.path == "/account/factors"


@SQLITE_ONLY
def test_access_token_ends_with_its_session(connects, alice, clock, configure):
    configure(session_max_days=2, refresh_token_expire_days=1)
    app = connects(access_token_lifetime=86_400)
    first = app.log_in(alice, scope="openid")
    clock.shift(timedelta(hours=20))
    tokens = app.refresh(first["refresh_token"]).json()
    clock.shift(timedelta(hours=20))
    last = app.refresh(tokens["refresh_token"]).json()
    claims = app.claims(last["access_token"], settings.jwt_issuer)
    assert 7 * 3600 < last["expires_in"] <= 8 * 3600
    assert claims["exp"] - claims["iat"] == last["expires_in"]


@SQLITE_ONLY
def test_answer_grants_what_the_page_showed(connects, owner, joins):
    rights, everything = ["openid", "users:read"], ["openid", "email", "users:read"]
    tool, display = connects(scopes=rights), connects(scopes=everything, grant_types=[DEVICE], redirect_uris=[])
    browser, where = joins("amy"), f"/admin/clients/{tool.client_id}"
    (amy,) = owner.client.get(f"/admin/users?query={browser.email}").json()["items"]
    roles = f"/admin/users/{amy['user_id']}/roles"

    def asked():
        tool.begin(browser, scope=None, prompt="consent")
        if "/login" in browser.page.url.path:
            browser.send_form(email=browser.email, password=browser.password)

    def granted():
        return tool.redeem(answer_of(browser.send_form(to="/auth/authorize", decision="allow"))["code"]).json()["scope"]

    asked()
    owner.client.put(roles, {"roles": ["admin", "user"]})
    owner.client.patch(where, {"scopes": everything})
    assert granted() == "openid", "more than the page showed"
    asked()
    owner.client.patch(where, {"scopes": rights})
    assert granted() == "openid users:read", "more than the client may have"
    given = display.post("/oauth2/device_authorization", {"scope": " ".join(everything)}).json()
    owner.client.put(roles, {"roles": ["user"]})
    browser.open(f"/device?user_code={given['user_code']}")
    owner.client.put(roles, {"roles": ["admin", "user"]})
    browser.send_form(to="/auth/device/answer", decision="allow")
    assert display.token(grant_type=DEVICE, device_code=given["device_code"]).json()["scope"] == "openid email"


@SQLITE_ONLY
def test_scope_without_claims_is_not_granted(connects, alice):
    tool = connects(scopes=["openid", "organizations"])
    announced = Client(tool.service.url).get("/.well-known/openid-configuration").json()["scopes_supported"]
    assert "organizations" not in announced and "roles" in announced
    assert tool.log_in(alice, scope="openid organizations")["scope"] == "openid"
