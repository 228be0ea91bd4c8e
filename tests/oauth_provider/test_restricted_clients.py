"""Clients that an administrator restricts, or that users restrict to what they grant."""

from databases import SQLITE_ONLY
from oauth_application import API, CALLBACK, answer_of
from people import Client, refusal


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
