"""OAuth login, successful flows: each provider, each kind of response, a certified server and a real browser."""

import jwt
import pytest

import tables
from browser import FRONTEND, Visitor, query_of
from databases import POSTGRESQL_ONLY, SQLITE_ONLY
from people import Client, new_email, refusal, token_in
from providers import STAND_INS
from settings.oauth_login import OpenIdServer

RETURN = f"{FRONTEND}/signed-in"
# Whether the provider's claim that an email address is verified is trusted.
VOUCHES = {"google": True, "facebook": False, "github": True, "microsoft": False, "linkedin": True, "apple": True}


def exchanged(visitor, landed):
    return Client(visitor.service.url).post("/oauth/exchange", {"code": query_of(landed)["code"]})


# ------------------------------------------------------------------------------------------------------- each provider


@POSTGRESQL_ONLY
@pytest.mark.parametrize("name", STAND_INS)
def test_second_login_uses_the_account_of_the_first(name, sign_in_with, visitor, configure):
    configure(email_verification="optional")
    provider = sign_in_with(name)
    provider.new_person(name="Alice Adams")
    came = visitor.log_in_with(name)
    assert came.status_code == 200
    assert came.json()["email"] == provider.person["email"]
    assert came.json()["username"] == "Alice Adams"
    assert came.json()["is_verified"] == VOUCHES[name]
    me = Client(visitor.service.url, came.json()["access_token"])
    assert me.get("/users/me").json()["user_id"] == came.json()["user_id"]
    assert [i["provider"] for i in me.get("/users/me/identities").json()] == [name]
    again = Visitor(visitor.service).log_in_with(name)
    assert again.json()["user_id"] == came.json()["user_id"]
    event = tables.events(user_id=came.json()["user_id"])[-1]
    assert (event.action, event.detail) == ("user.logged_in", {"provider": name})


@SQLITE_ONLY
@pytest.mark.parametrize("name", STAND_INS)
def test_authorization_requests_have_state_nonce_and_pkce(name, sign_in_with, visitor):
    provider = sign_in_with(name)
    visitor.log_in_with(name)
    asked = visitor.hops[2].url.params
    assert asked["redirect_uri"] == f"{visitor.service.url}/oauth/{name}/callback"
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert len(asked["state"]) > 100
    assert ("nonce" in asked) == (name not in ("facebook", "github"))
    assert asked["client_id"] == provider.client_id
    assert provider.client_secret not in str(visitor.hops[2].url)


@SQLITE_ONLY
def test_list_contains_the_enabled_providers(service, sign_in_with, anonymous, configure):
    configure(public_base_url=service.url)
    assert anonymous.get("/oauth/providers").json() == []
    for name in ("google", "github"):
        sign_in_with(name)
    assert anonymous.get("/oauth/providers").json() == [
        {"name": "google", "title": "Google", "login_url": f"{service.url}/oauth/google"},
        {"name": "github", "title": "GitHub", "login_url": f"{service.url}/oauth/github"},
    ]


@SQLITE_ONLY
@pytest.mark.parametrize(
    "path", ["/oauth/facebook", "/oauth/facebook/callback", "/oauth/nobody", "/oauth/nobody/callback"]
)
def test_disabled_provider_is_not_found(google, anonymous, path):
    assert refusal(anonymous.get(path)) == (404, "not_found")


@SQLITE_ONLY
def test_incomplete_credentials_enable_nothing(google, configure, anonymous):
    configure(google_client_secret="")
    assert anonymous.get("/oauth/providers").json() == []
    assert refusal(anonymous.get("/oauth/google")) == (404, "not_found")


@SQLITE_ONLY
def test_github_returns_the_primary_email_address(sign_in_with, visitor):
    github = sign_in_with("github")
    first = {"email": new_email("work"), "primary": False, "verified": True}
    primary = {"email": new_email("home"), "primary": True, "verified": True}
    github.new_person(emails=[first, primary])
    assert visitor.log_in_with("github").json()["email"] == primary["email"]


@SQLITE_ONLY
@pytest.mark.parametrize("status", [403, 404])
def test_github_without_the_list_of_email_addresses_verifies_none(sign_in_with, visitor, configure, status):
    configure(email_verification="optional")
    github = sign_in_with("github")
    github.new_person(public_email=new_email("public"))
    github.breaks = {"/user/emails": (status, b'{"message": "Not for you"}')}
    came = visitor.log_in_with("github").json()
    assert (came["email"], came["is_verified"]) == (github.person["public_email"], False)


@SQLITE_ONLY
def test_microsoft_verifies_only_if_it_verified_the_domain(sign_in_with, visitor):
    microsoft = sign_in_with("microsoft")
    microsoft.new_person(xms_edov=True)
    assert visitor.log_in_with("microsoft").json()["is_verified"]


@SQLITE_ONLY
def test_single_microsoft_tenant_is_its_own_issuer(sign_in_with, visitor, configure):
    microsoft = sign_in_with("microsoft")
    microsoft.new_person()
    microsoft.belongs_to(microsoft.person["tid"])
    configure(microsoft_issuer=microsoft.issuer)
    assert visitor.log_in_with("microsoft").status_code == 200


@SQLITE_ONLY
def test_apple_sends_the_name_once_in_a_cross_site_post(sign_in_with, visitor):
    apple = sign_in_with("apple")
    apple.new_person(name="Alice Adams")
    came = visitor.log_in_with("apple", redirect_to=RETURN)
    assert exchanged(visitor, came).json()["username"] == "Alice Adams"
    cookie = visitor.cookie("oauth_state_apple")
    assert (cookie.same_site, cookie.secure, cookie.path) == ("none", True, "/")
    assert exchanged(visitor, visitor.log_in_with("apple", redirect_to=RETURN)).json()["username"] == "Alice Adams"


@SQLITE_ONLY
@pytest.mark.parametrize("name", ["", " ", "x" * 500, "https://example.com", "\0", 7, None, ["a"], "\u202e"])
def test_invalid_name_is_replaced(google, visitor, name):
    google.new_person(name=name)
    came = visitor.log_in_with("google")
    assert came.status_code == 200
    assert came.json()["username"] in (google.person["email"].partition("@")[0], "x" * 64)


@SQLITE_ONLY
def test_custom_openid_server_needs_settings_only(sign_in_with, visitor, configure, anonymous):
    company = sign_in_with("google")
    server = OpenIdServer(
        name="my-company", issuer=company.issuer, client_id=company.client_id, client_secret=company.client_secret
    )
    configure(oidc_providers=(server,), google_client_id="")
    assert [p["title"] for p in anonymous.get("/oauth/providers").json()] == ["My Company"]
    assert visitor.log_in_with("my-company").json()["email"] == company.person["email"]


@SQLITE_ONLY
def test_secret_with_special_characters_is_sent_in_a_basic_header(google, visitor, configure):
    google.client_secret = "a:b c+d%e&f=g/ö"
    google.changes_at = {
        "/.well-known/openid-configuration": {"token_endpoint_auth_methods_supported": ["client_secret_basic"]}
    }
    configure(google_client_secret=google.client_secret)
    assert visitor.log_in_with("google").status_code == 200


# ----------------------------------------------------------------------------------------------------------- callbacks


@SQLITE_ONLY
def test_frontend_gets_a_one_time_code(google, visitor):
    landed = visitor.log_in_with("google", redirect_to=f"{RETURN}?next=/home#top")
    assert landed.headers["location"].startswith(f"{RETURN}?next=/home&code=")
    assert landed.headers["location"].endswith("#top")
    assert landed.headers["cache-control"] == "no-store"
    assert "access_token" not in str([(hop.url, hop.headers) for hop in visitor.hops])
    tokens = exchanged(visitor, landed)
    assert tokens.json()["email"] == google.person["email"]
    assert Client(visitor.service.url, tokens.json()["access_token"]).get("/users/me").status_code == 200
    assert refusal(exchanged(visitor, landed)) == (400, "invalid_token")


@SQLITE_ONLY
def test_session_starts_with_the_exchange_and_can_be_refreshed(google, visitor):
    landed = visitor.log_in_with("google", redirect_to=RETURN)
    tokens = exchanged(visitor, landed).json()
    client = Client(visitor.service.url, tokens["access_token"])
    assert len(client.get("/users/me/sessions").json()) == 1
    assert client.post("/auth/refresh", {"refresh_token": tokens["refresh_token"]}).status_code == 200
    claims = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    assert (claims["email"], claims["email_verified"]) == (google.person["email"], True)


@SQLITE_ONLY
@pytest.mark.parametrize("prefix", ["", "/api/v1"])
def test_callback_sets_cookies_under_the_called_prefix(google, visitor, prefix):
    landed = visitor.go_to(f"{prefix}/oauth/google", redirect_to=RETURN, use_cookies="true")
    assert landed.headers["location"] == RETURN, "there is no code beside cookies"
    access, refresh = visitor.cookie("access_token"), visitor.cookie("refresh_token")
    assert (access.http_only, access.same_site, access.path) == (True, "lax", "/")
    assert (refresh.http_only, refresh.same_site, refresh.path) == (True, "lax", f"{prefix}/auth")
    me = visitor.fetch("GET", f"{visitor.service.url}/users/me", frontend=visitor.frontend)
    assert me.json()["email"] == google.person["email"]


@SQLITE_ONLY
def test_without_a_redirect_uri_the_response_sets_cookies(google, visitor):
    came = visitor.log_in_with("google", use_cookies="true")
    assert "access_token" not in came.json()
    assert "refresh_token" not in came.json()
    assert came.json()["email"] == google.person["email"]
    assert visitor.cookie("refresh_token")


@SQLITE_ONLY
def test_exchange_can_set_cookies(google, visitor):
    landed = visitor.log_in_with("google", redirect_to=RETURN)
    url = f"{visitor.service.url}/oauth/exchange?use_cookies=true"
    code = {"code": query_of(landed)["code"]}
    assert refusal(visitor.fetch("POST", url, json=code, frontend="http://mallory.example")) == (
        403,
        "cross_site_request",
    )
    answer = visitor.fetch("POST", url, json=code, frontend=FRONTEND)
    assert answer.status_code == 200
    assert "access_token" not in answer.json()


@pytest.mark.parametrize("prefix", ["", "/api/v1"])
def test_two_tabs_can_log_in_concurrently(google, visitor, prefix):
    url = f"{visitor.service.url}{prefix}/oauth/google"
    starts = [visitor.fetch("GET", url, frontend=visitor.frontend) for _ in range(2)]
    answers = [visitor.follow(start.headers["location"]) for start in starts]
    assert [answer.status_code for answer in answers] == [200, 200]


@SQLITE_ONLY
def test_callback_and_links_ignore_the_host_header(google, anonymous):
    started = anonymous.get("/oauth/google", headers={"Host": "mallory.example", "X-Forwarded-Host": "mallory.example"})
    assert "mallory" not in started.headers["location"]


@SQLITE_ONLY
def test_login_from_a_new_network_notifies_the_owner(google, visitor, mailbox):
    google.new_person()
    assert visitor.log_in_with("google").status_code == 200
    elsewhere = Visitor(visitor.service)
    elsewhere._http.headers["X-Forwarded-For"] = "203.0.113.9"
    assert elsewhere.log_in_with("google").status_code == 200
    assert mailbox.wait_for(google.person["email"], containing="203.0.113.9")


# ---------------------------------------------------------------------------------------------- users who cannot log in


@SQLITE_ONLY
def test_with_required_verification_an_unverified_email_address_waits_for_its_email(
    google, visitor, configure, mailbox
):
    configure(email_verification="required")
    google.new_person(email_verified=False)
    landed = visitor.log_in_with("google", redirect_to=RETURN)
    assert query_of(landed) == {"error": "email_not_verified"}
    mail = mailbox.wait_for(google.person["email"], containing="/verify-email")
    body = {"token": token_in(mail)}
    assert Client(visitor.service.url).post("/auth/verify-email", body).json()["is_verified"]
    # Linked before the owner of the email address verified it, by a provider that does not verify it.
    assert query_of(visitor.log_in_with("google", redirect_to=RETURN)) == {"error": "email_not_verified"}
    assert "already" in mailbox.wait_for(google.person["email"], containing="already").as_string()


def test_with_required_verification_a_verified_email_address_logs_in_at_once(google, visitor, configure):
    configure(email_verification="required")
    google.new_person()
    assert visitor.log_in_with("google").json()["is_verified"]


@SQLITE_ONLY
def test_disabled_account_cannot_log_in(google, visitor):
    google.new_person()
    came = visitor.log_in_with("google").json()
    tables.set_active(came["user_id"], False)
    assert refusal(visitor.log_in_with("google")) == (403, "account_disabled")
    assert query_of(visitor.log_in_with("google", redirect_to=RETURN)) == {"error": "account_disabled"}
    event = tables.events(user_id=came["user_id"])[-1]
    assert (event.action, event.detail) == ("user.login_failed", {"reason": "account_disabled", "provider": "google"})


# ----------------------------------------------------------------------------------------------------- a certified server


@pytest.fixture(params=["google", "company"])
def certified_as(request, service, certified, configure):
    """The certified server as Google, and as one of OIDC_PROVIDERS, each with its own client authentication method."""
    client = certified.client("basic" if request.param == "google" else "post")
    given = {"client_id": client.client_id, "client_secret": client.client_secret}
    if request.param == "google":
        configure(
            public_base_url=service.url, google_issuer=client.issuer, **{f"google_{k}": v for k, v in given.items()}
        )
    else:
        configure(
            public_base_url=service.url, oidc_providers=(OpenIdServer(name="company", issuer=client.issuer, **given),)
        )
    return request.param


@SQLITE_ONLY
def test_login_with_a_certified_server(certified, certified_as, visitor):
    email = new_email("alice")
    login_page = visitor.log_in_with(certified_as, redirect_to=RETURN)
    consent_page = visitor.submit(login_page, login=certified.new_person(email=email))
    landed = visitor.submit(consent_page)
    assert exchanged(visitor, landed).json()["email"] == email


@SQLITE_ONLY
def test_login_in_a_real_browser(certified, certified_as, service, chromium):
    email = new_email("alice")
    chromium.visit(f"{service.url}/oauth/{certified_as}?redirect_to={RETURN}&use_cookies=true")
    chromium.submit(login=certified.new_person(email=email))
    assert chromium.submit() == RETURN
    assert chromium.cookies["access_token"]["httpOnly"]
    assert chromium.cookies["refresh_token"]["path"] == "/auth"
    chromium.visit(f"{service.url}/users/me")
    assert email in chromium.text


@SQLITE_ONLY
def test_user_declines_in_a_real_browser(google, service, chromium):
    google.says_no = "access_denied"
    assert chromium.landing_url(f"{service.url}/oauth/google?redirect_to={RETURN}") == f"{RETURN}?error=oauth_error"


@SQLITE_ONLY
def test_apple_posts_across_sites_in_a_real_browser(sign_in_with, service, chromium):
    apple = sign_in_with("apple")
    apple.new_person(name="Alice Adams")
    assert chromium.landing_url(f"{service.url}/oauth/apple?redirect_to={RETURN}&use_cookies=true") == RETURN
    assert "access_token" in chromium.cookies
