"""Second factors and passkeys on the hosted pages, in a browser without scripts; a passkey's answer is a form field."""

import itertools
import json
import re
from contextlib import closing
from html import unescape
from urllib.parse import unquote

import pytest

from authenticator import App, Passkey, add_app, b64, set_up_app
from databases import SQLITE_ONLY
from people import Client, Person, new_email, new_password, refusal
from reader import Reader, codes_on, heading, hidden, notice
from routes import hosted_factors
from settings.loading import settings

POSTS = sorted(r.path for r in hosted_factors.router.routes if r.methods == {"POST"})
GETS = sorted(r.path for r in hosted_factors.router.routes if r.methods == {"GET"})
SECONDS_UNTIL_REAUTHENTICATION = 5 * 60 + 1


@pytest.fixture
def passkeys(configure, here):
    """The pages may use passkeys."""
    configure(webauthn_origins=(here.url,))


@pytest.fixture
def other(here):
    """A second browser of Alice, or that of Mallory."""
    with closing(Reader(here)) as reader:
        yield reader


def offer_on(page):
    return json.loads(unescape(re.search(r'data-offer="([^"]+)"', page.text)[1]))


def set_up_passkey(reader, passkey=None):
    passkey = passkey or Passkey()
    reader.open("/account/factors/passkey")
    offer = offer_on(reader.send_form())
    reader.send_form(ceremony=offer["ceremony"], credential=json.dumps(passkey.create(offer["options"])))
    return passkey


def log_in_by_passkey(reader, passkey, **lies):
    offer = offer_on(reader.open("/login"))
    credential = json.dumps(passkey.get(offer["options"], **lies))
    return reader.send_form(to="/login/passkey", ceremony=offer["ceremony"], credential=credential)


def first_step(reader, **more):
    """Log in with the password: the page of the second step."""
    reader.cookies = []
    page = reader.log_in(**more)
    assert page.url.path == "/login/second-step", page.text
    return page


def is_asked_for(page, *names):
    return [f'name="{name}"' in page.text for name in names]


# ------------------------------------------------------------------------------------------------------------- enrolment


@SQLITE_ONLY
def test_authenticator_app_is_set_up(member):
    member.open("/account")
    assert "Second factor</dt><dd>off" in member.page.text
    member.open("/account/factors/totp")
    page = member.send_form(name="Alice's phone")
    app = App(hidden(page, "secret"))
    picture = unescape(re.search(r'<img src="(data:image/svg\+xml[^"]+)"', page.text)[1])
    assert "<svg" in unquote(picture)
    assert "".join(re.findall(r"<span>([A-Z2-7]{4})</span>", page.text)) == app.secret
    page = member.send_form(code=app.wrong())
    assert (page.status_code, heading(page)) == (400, "Connect your authenticator app")
    assert (hidden(page, "secret"), picture in unescape(page.text)) == (app.secret, True)
    page = member.send_form(code=app.code())
    codes = codes_on(page)
    assert (page.status_code, heading(page), len(codes)) == (200, "Save your recovery codes", 10)
    download = unescape(re.search(r'href="data:text/plain;charset=utf-8,([^"]+)"', page.text)[1])
    assert [code for code in codes if code in unquote(download)] == codes
    assert not [hop for hop in member.hops if "factors/totp" not in str(hop.url)], "it is no redirect"
    page = member.send_form()
    assert page.url.path == "/account/factors"
    assert "Alice&#39;s phone" in page.text
    assert "You have 10 recovery codes left" in page.text
    assert codes[0] not in page.text
    assert "Second factor</dt><dd>on" in member.open("/account").text
    assert first_step(member)


@SQLITE_ONLY
def test_setup_that_took_too_long_starts_again(member, clock):
    member.open("/account/factors/totp")
    app = App(hidden(member.send_form(), "secret"))
    page = member.page
    clock.shift(15 * 60 + 1)
    member.is_logged_in  # noqa: B018, renews the session
    member.page = page
    page = member.send_form(code=app.code())
    assert (page.status_code, heading(page)) == (404, "Add an authenticator app")
    assert "not finished within 15 minutes" in notice(page)


@SQLITE_ONLY
def test_second_factor_brings_no_recovery_codes(member, passkeys):
    set_up_app(member)
    set_up_passkey(member)
    assert (member.page.url.path, notice(member.page)[:27]) == ("/account/factors", "The factor has been added. ")


def test_passkey_is_set_up_and_logs_in(member, passkeys):
    passkey = set_up_passkey(member)
    assert len(codes_on(member.page)) == 10
    member.cookies = []
    page = log_in_by_passkey(member, passkey)
    assert (page.url.path, member.email in page.text) == ("/account", True)


@SQLITE_ONLY
def test_wrong_passkey_is_not_added(member, passkeys):
    member.open("/account/factors/passkey")
    offer = offer_on(member.send_form())
    credential = Passkey().create(offer["options"], origin="https://evil.example")
    page = member.send_form(ceremony=offer["ceremony"], credential=json.dumps(credential))
    assert (page.status_code, heading(page)) == (400, "Add a passkey")
    assert notice(page) == "The passkey could not be verified. Try again."
    assert "Your factors" in member.open("/account/factors").text
    assert "You have" not in member.page.text


@SQLITE_ONLY
def test_without_passkeys_the_pages_offer_none(member):
    set_up_app(member)
    for path in ("/account/factors", "/account/factors/passkey", "/account/delete", "/account"):
        page = member.open(path)
        assert "data-passkey" not in page.text
    assert 'autocomplete="username"' in first_step(member).text or "passkey" not in member.page.text
    member.cookies = []
    assert "webauthn" not in member.open("/login").text


# ----------------------------------------------------------------------------------------------------------- second step


@SQLITE_ONLY
def test_login_asks_for_the_second_factor(member):
    app = set_up_app(member)
    member.cookies = []
    member.open("/account/profile")
    page = member.send_form(email=member.email, password=member.password)
    assert (page.url.path, page.url.params["next"]) == ("/login/second-step", "/account/profile")
    assert heading(page) == "Confirm that it's you"
    cookie = member.cookie("pending_login")
    assert (cookie.path, cookie.http_only, cookie.same_site) == ("/login", True, "lax")
    assert [each.name for each in member.cookies] == ["pending_login"]
    assert cookie.value.partition(":")[2] not in page.text
    assert 'inputmode="numeric"' in page.text
    assert 'autocomplete="one-time-code"' in page.text
    page = member.send_form(code=app.wrong())
    assert (page.status_code, notice(page)) == (401, "The code or passkey is wrong, or was already used.")
    assert is_asked_for(page, "code", "recovery_code", "remember_device", "credential") == [True, True, True, False]
    page = member.send_form(code=app.code())
    assert page.url.path == "/account/profile"
    assert member.cookie("pending_login") is None


@SQLITE_ONLY
def test_recovery_code_replaces_the_app_once(member):
    app = set_up_app(member)
    first_step(member)
    form = {"code": "", "recovery_code": app.recovery_codes[0].upper()}
    assert member.send_form(**form).url.path == "/account"
    assert "9 recovery codes left" in member.open("/account/factors").text
    first_step(member)
    assert member.send_form(**form).status_code == 401


@SQLITE_ONLY
def test_remembered_device_skips_the_second_step_until_it_is_removed(member):
    app = set_up_app(member)
    first_step(member)
    member.send_form(code=app.code(), remember_device="true")
    assert member.cookie("trusted_device").http_only
    member.press("/account/logout")
    assert member.log_in().url.path == "/account"
    page = member.open("/account/factors")
    there = re.search(r'action="(/account/trusted-devices/[\w-]+)"', page.text)[1]
    assert "no longer trusted" in notice(member.send_form(to=there))
    member.press("/account/logout")
    assert member.log_in().url.path == "/login/second-step"


@SQLITE_ONLY
def test_without_trusted_devices_there_is_nothing_to_remember(member, configure):
    set_up_app(member)
    configure(trusted_device_days=0)
    assert is_asked_for(first_step(member), "code", "remember_device") == [True, False]


@SQLITE_ONLY
def test_login_that_took_too_long_starts_again(member, clock):
    app = set_up_app(member)
    page = first_step(member)
    value = member.cookie("pending_login").value
    clock.shift(5 * 60 + 1)
    for cookies in (
        [],
        [
            member.cookie("pending_login").__class__(
                "pending_login", value, "127.0.0.1", "/login", False, True, "lax", None
            )
        ],
    ):
        member.page, member.cookies = page, cookies
        assert member.send_form(code=app.at()).url.path == "/login"
        assert notice(member.page) == "This login has expired. Log in again."
    assert member.open("/login/second-step").url.path == "/login"


@SQLITE_ONLY
def test_five_wrong_codes_end_the_login(member):
    app = set_up_app(member)
    first_step(member)
    for _ in range(4):
        assert member.send_form(code=app.wrong()).status_code == 401
    member.send_form(code=app.wrong())
    page = member.page if member.page.url.path == "/login" else member.send_form(code=app.wrong())
    assert (page.url.path, notice(page)) == ("/login", "This login has expired. Log in again.")


@SQLITE_ONLY
def test_two_tabs_can_continue_in_the_same_browser(member):
    app = set_up_app(member)
    one = first_step(member)
    member.page = one
    assert member.send_form(code=app.code()).url.path == "/account"


@SQLITE_ONLY
def test_cookie_of_a_pending_login_is_secure_behind_https(member, configure):
    set_up_app(member)
    configure(public_base_url="https://id.example/auth")
    form = {"email": member.email, "password": member.password}
    answer = member._http.post(f"{member.service.url}/login", data=form, headers={"Origin": "https://id.example"})
    assert answer.headers["location"] == "/auth/login/second-step"
    sent = [line for line in answer.headers.get_list("set-cookie") if "pending_login" in line]
    assert sent[0].startswith("__Secure-pending_login=")
    assert {"HttpOnly", "Max-Age=300", "Path=/auth/login", "SameSite=lax", "Secure"} <= set(sent[0].split("; "))


@SQLITE_ONLY
def test_changed_cookie_adds_no_factor(member):
    """The types in the cookie decide only which fields are shown."""
    set_up_app(member)
    first_step(member)
    cookie = member.cookie("pending_login")
    for value in ('passkey+"><script>:' + cookie.value.partition(":")[2], ":", "totp", "totp:x", "x" * 3000):
        member.cookies = [cookie.__class__("pending_login", value, "127.0.0.1", "/login", False, True, "lax", None)]
        assert "<script>" not in member.open("/login/second-step").text
        assert "access_token" not in [each.name for each in member.cookies]


# ------------------------------------------------------------------------------------------------------ passkeys at login


@SQLITE_ONLY
def test_key_that_verifies_no_one_needs_a_second_factor(member, passkeys):
    app = set_up_app(member)
    key = set_up_passkey(member, Passkey(verifies=False))
    member.cookies = []
    page = log_in_by_passkey(member, key)
    assert page.url.path == "/login/second-step"
    assert is_asked_for(page, "code", "credential") == [True, False], "the same key is not the second factor"
    assert member.send_form(code=app.code()).url.path == "/account"


@SQLITE_ONLY
def test_passkey_is_the_second_factor(member, passkeys):
    key = set_up_passkey(member, Passkey(verifies=False))
    page = first_step(member)
    assert is_asked_for(page, "code", "credential") == [False, True]
    offer = offer_on(page)
    assert len(offer["options"]["allowCredentials"]) == 1
    answer = {
        "ceremony": offer["ceremony"],
        "credential": json.dumps(key.get(offer["options"], origin="https://evil.example")),
    }
    page = member.send_form(**answer)
    assert (page.status_code, is_asked_for(page, "code", "credential")) == (401, [False, True])
    again = offer_on(page)
    assert again["ceremony"] != offer["ceremony"], "a challenge gets one answer"
    answer = {"ceremony": again["ceremony"], "credential": json.dumps(key.get(again["options"]))}
    assert member.send_form(**answer).url.path == "/account"


@SQLITE_ONLY
def test_only_an_unknown_passkey_is_reported_to_the_authenticator(member, passkeys):
    """The authenticator hides it: a good passkey, whose login failed for another reason, must not be reported."""
    passkey, unknown = set_up_passkey(member), Passkey()
    member.cookies = []
    page = log_in_by_passkey(member, passkey, origin="https://evil.example")
    assert (page.status_code, "data-unknown" in page.text) == (401, False)
    page = log_in_by_passkey(member, unknown)
    assert page.status_code == 401
    assert f'data-rp-id="{settings.webauthn_rp_id}" data-unknown="{b64(unknown.id)}"' in page.text
    for credential in ("x", "[]", '{"id": 1}', '{"id": "<script>"}', '{"id": "' + "a" * 2000 + '"}', "[" * 3000):
        member.open("/login")
        page = member.send_form(to="/login/passkey", ceremony="x", credential=credential)
        assert "data-unknown" not in page.text
        assert page.status_code in (401, 422)


@SQLITE_ONLY
def test_authenticator_is_told_which_passkeys_there_are(member, passkeys):
    def told(path):
        found = re.search(r'data-account="([^"]+)"', member.open(path).text)
        return json.loads(unescape(found[1])) if found else None

    assert told("/account") is None
    assert told("/account/factors")["userId"] is None
    passkey = set_up_passkey(member)
    for path in ("/account", "/account/factors"):
        assert told(path) == {
            "rpId": settings.webauthn_rp_id,
            "userId": passkey.handle,
            "name": member.email,
            "displayName": "Alice",
            "allAcceptedCredentialIds": [b64(passkey.id)],
        }


# ------------------------------------------------------------------------------------------------------ provider's login


@SQLITE_ONLY
@pytest.mark.parametrize("going", ["/account", "/account/profile"])
def test_login_with_a_provider_asks_for_the_second_factor(member, google, going):
    app = set_up_app(member)
    google.person = {"sub": member.email, "email": member.email, "email_verified": True, "name": "Alice"}
    member.open("/account/link/google")
    page = member.send_form()
    member.follow(unescape(re.search(r'url=([^"]+)"', page.text)[1]), clicked_on=str(page.url))
    member.cookies = []
    page = member.open(f"/login?next={going}")
    button = unescape(re.search(r'href="(/oauth/google[^"]+)"', page.text)[1])
    page = member.follow(member.service.url + button, clicked_on=str(page.url))
    assert page.url.path == "/login/second-step"
    assert "access_token" not in [each.name for each in member.cookies]
    member.page = page
    assert member.send_form(code=app.code()).url.path == going


@SQLITE_ONLY
def test_link_with_a_code_logs_no_one_in(member, other, google):
    """Mallory sends Alice a link with the code of a login to Mallory's account."""
    google.person = {"sub": "mallory", "email": new_email("mallory"), "email_verified": True, "name": "Mallory"}
    back = f"{member.service.url}/login"

    def stolen():
        other.cookies = []
        url = f"{member.service.url}/oauth/google?redirect_to={back}"
        hop = other.follow(
            url,
            until=lambda answer: (
                "code=" in answer.headers.get("location", "") and "/login?" in answer.headers["location"]
            ),
        )
        return hop.headers["location"].partition("code=")[2]

    for path in ("/login", "/account", "/login/continue"):
        member.cookies = []
        page = member.open(f"{path}?code={stolen()}")
        assert (page.status_code, heading(page)) == (400, "Log in"), path
        assert notice(page) == "This link cannot be used to log in. Log in here."
        assert member.cookies == []
    assert member.open("/login/continue?code=rubbish").status_code == 400
    assert member.open("/login/continue").status_code == 400
    assert member.open(f"/login/continue?code={'x' * 5000}").status_code == 422
    assert member.log_in().url.path == "/account"
    assert member.open("/account?code=rubbish").url.path == "/account"


# ---------------------------------------------------------------------------------------------------------------- policy


@SQLITE_ONLY
def test_account_that_must_enroll_is_led_to_its_factors(member, configure):
    configure(mfa_required="all")
    for path in ("/account", "/account/profile", "/account/recovery-codes"):
        page = member.open(path)
        assert (page.url.path, "Your account must have a second factor" in page.text) == ("/account/factors", True)
    set_up_app(member)
    assert len(codes_on(member.page)) == 10
    page = member.send_form()
    assert "must have a second factor" not in page.text
    assert member.open("/account/profile").url.path == "/account/profile"


@SQLITE_ONLY
def test_account_that_must_enroll_can_log_out(member, configure):
    configure(mfa_required="all")
    member.open("/account/factors")
    assert notice(member.send_form(to="/account/logout")) == "You have been logged out."


@SQLITE_ONLY
def test_last_factor_stays_where_the_policy_requires_one(member, configure):
    configure(mfa_required="all")
    set_up_app(member)
    member.open(factor_paths(member)["remove"])
    page = member.send_form()
    assert (page.status_code, notice(page)[:38]) == (403, "Your account must have a second factor")
    assert heading(page) == "Remove the factor"


# --------------------------------------------------------------------------------------------------------------- factors


def factor_paths(reader):
    page = reader.open("/account/factors")
    return {word: path for path, word in re.findall(r'href="(/account/factors/[\w-]+/(name|remove))"', page.text)}


def test_factor_is_renamed_and_removed(member):
    set_up_app(member)
    paths = factor_paths(member)
    member.open(paths["name"])
    assert member.send_form(name="").status_code == 422
    assert "<b>Phone</b>" not in member.send_form(name="<b>Phone</b>").text
    assert "&lt;b&gt;Phone&lt;/b&gt;" in member.page.text
    assert "&lt;b&gt;Phone&lt;/b&gt;" in member.open(paths["remove"]).text
    page = member.send_form()
    assert (page.url.path, notice(page)[:28]) == ("/account/factors", "The factor has been removed.")
    assert factor_paths(member) == {}
    member.cookies = []
    assert member.log_in().url.path == "/account"


@SQLITE_ONLY
def test_factors_of_others_are_not_found(member, other):
    set_up_app(member)
    paths = factor_paths(member)
    other.name = "Mallory"
    other.sign_up()
    set_up_app(other)
    other.open("/account/factors/totp")
    for path in paths.values():
        assert other.open(path).status_code == 404
        answer = other._http.post(
            other.service.url + path,
            data={"name": "Mallory's"},
            headers={"Origin": other.service.url, "Cookie": f"access_token={other.cookie('access_token').value}"},
        )
        assert answer.status_code == 404
    assert "Mallory" not in member.open("/account/factors").text
    assert factor_paths(member) == paths


@SQLITE_ONLY
def test_new_recovery_codes_replace_the_old_ones(member, clock):
    app = set_up_app(member)
    clock.shift(SECONDS_UNTIL_REAUTHENTICATION)
    member.open("/account/recovery-codes")
    assert member.send_form(password=member.password).status_code == 403
    codes = codes_on(member.send_form(password=member.password, code=app.code()))
    assert len(codes) == 10
    assert not set(codes) & set(app.recovery_codes)


# ---------------------------------------------------------------------------------------------------- re-authentication


# Each page that asks for the current password: what else its form needs, and whether the last login can be sufficient.
ASKS = {
    "/account/password": ({"new_password": "a cart, a stable"}, "old_password"),
    "/account/email": ({"new_email": "new-{}"}, "password"),
    "/account/factors/totp": ({}, "password"),
    "/account/factors/passkey": ({}, "password"),
    "/account/recovery-codes": ({}, "password"),
    "remove": ({}, "password"),
    "/account/unlink/google": ({}, "password"),
    "/account/link/google": ({}, "password"),
    "/account/delete": ({"confirmation": "{}"}, "password"),
}


@pytest.mark.parametrize("path", ASKS)
@SQLITE_ONLY
def test_account_with_a_factor_authenticates_again_with_both(member, passkeys, google, clock, path):
    app = set_up_app(member)
    fields, password = ASKS[path]
    fields = {name: text.format(member.email) for name, text in fields.items()}
    clock.shift(SECONDS_UNTIL_REAUTHENTICATION)
    path = factor_paths(member)["remove"] if path == "remove" else path
    assert is_asked_for(member.open(path), password, "code", "recovery_code") == [True] * 3
    fields[password] = member.password
    for more in ({}, {"code": app.wrong()}, {"recovery_code": "0000-0000-0000"}):
        page = member.send_form(**fields, **more)
        assert (page.status_code, page.url.path) == (403, path), more
        assert notice(page)
        assert is_asked_for(page, password, "code", "recovery_code") == [True] * 3
        assert not re.search(rf'name="(code|recovery_code|{password})"[^>]* value="[^"]', page.text)
    page = member.send_form(**fields, recovery_code=app.recovery_codes[0])
    # Nothing is linked: that is the only reason left to reject it.
    assert page.status_code in ((404, 409) if "unlink" in path else (200,)), page.text


@SQLITE_ONLY
def test_account_with_only_a_passkey_authenticates_again_with_it(member, passkeys, clock):
    passkey = set_up_passkey(member)
    clock.shift(SECONDS_UNTIL_REAUTHENTICATION)
    page = member.open("/account/email")
    assert 'data-options="/auth/reauthenticate/options"' in page.text
    assert is_asked_for(page, "password", "code", "credential") == [True, False, True]
    client = Client(member.service.url, member.cookie("access_token").value)
    begun = client.post("/auth/reauthenticate/options").json()
    credential = json.dumps(passkey.get(begun["options"]))
    page = member.send_form(new_email=new_email(), ceremony=begun["ceremony"], credential=credential)
    assert (page.url.path, "We have sent a link" in notice(page)) == ("/account", True)
    page = member.open("/account/delete")
    page = member.send_form(confirmation=member.email, ceremony=begun["ceremony"], credential=credential)
    assert page.status_code == 403, "a challenge gets one answer"
    assert 'data-options="/auth/reauthenticate/options"' in page.text


# -------------------------------------------------------------------------------------------------------- every page


FOREIGN = [{}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "same-site"}]


@SQLITE_ONLY
def test_cross_site_form_is_rejected(member):
    set_up_app(member)
    form = {"password": member.password, "name": "Mallory", "code": "123456", "ceremony": "x", "credential": "{}"}
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in member.cookies)
    for path, headers, shown in itertools.product(POSTS, FOREIGN, ({}, {"Cookie": cookies})):
        url = member.service.url + path.format(factor_id="x", device_id="x")
        answer = member._http.post(url, data=form, headers={**headers, **shown})
        assert answer.status_code == 403, (path, headers)
        assert "set-cookie" not in answer.headers
        assert "The form was not sent from this site" in answer.text


# Each form, the API operation that does the same, and the limit of both.
ALIKE = {
    "/login/passkey": ("POST /auth/passkeys", "login"),
    "/login/second-step": ("POST /auth/mfa", "login"),
    "/account/factors/totp": ("POST /users/me/factors/totp", "login"),
    "/account/factors/totp/{factor_id}": ("POST /users/me/factors/totp/x/confirm", "login"),
    "/account/factors/passkey": ("POST /users/me/factors/passkeys/options", "login"),
    "/account/factors/passkey/new": ("POST /users/me/factors/passkeys", "login"),
    "/account/factors/{factor_id}/name": ("PATCH /users/me/factors/x", ""),
    "/account/factors/{factor_id}/remove": ("DELETE /users/me/factors/x", "login"),
    "/account/recovery-codes": ("POST /users/me/recovery-codes", "login"),
    "/account/trusted-devices/{device_id}": ("DELETE /users/me/trusted-devices/x", ""),
}


def policies_of(answer):
    return set(re.findall(r'"(\w+)"', answer.headers["ratelimit-policy"])) - {"default"}


@SQLITE_ONLY
def test_each_form_shares_the_limit_of_the_api(here, reader, configure):
    assert ALIKE.keys() == set(POSTS)
    configure(rate_limit_enabled=True, rate_limit_login="1/hour")
    for number, (path, (call, limit)) in enumerate(ALIKE.items()):
        headers = {"Origin": here.url, "X-Forwarded-For": f"203.0.113.{number}"}
        page = reader._http.post(here.url + path.format(factor_id="x", device_id="x"), headers=headers)
        method, there = call.split()
        answer = reader._http.request(method, here.url + there, headers=headers)
        assert page.status_code != 429, path
        assert (answer.status_code == 429) == bool(limit), path
        assert policies_of(page) == policies_of(answer) == ({limit} if limit else set()), path


@SQLITE_ONLY
def test_account_pages_require_a_login(reader):
    for path in filter(lambda path: path.startswith("/account"), [*GETS, *POSTS]):
        method = "GET" if path in GETS else "POST"
        url = reader.service.url + path.format(factor_id="x", device_id="x")
        answer = reader._http.request(method, url, headers={"Origin": reader.service.url})
        assert (answer.status_code, answer.headers["location"][:28]) == (307, "/auth/continue?next=/account"), path


@SQLITE_ONLY
@pytest.mark.parametrize("path", ["/account/factors", "/account/factors/totp", "/account/factors/passkey", "/account/recovery-codes"])  # fmt: skip
def test_login_leads_back_to_the_page(member, path):
    member.cookies = []
    member.open(path)
    assert member.send_form(email=member.email, password=member.password).url.path == path


EVIL = "\"'><script>alert(1)</script>{{7*7}}<img src=x onerror=alert(2)>"
FIELDS = ["password", "code", "recovery_code", "ceremony", "credential", "name", "secret", "email", "factors",
          "factor_name", "credential_id", "remember_device", "next"]  # fmt: skip


@SQLITE_ONLY
@pytest.mark.parametrize("value", [EVIL, "\0", "\ud800", "x" * 5000, "9" * 400, "[" * 900], ids=range(6))
def test_any_form_content_gets_a_page(member, passkeys, clock, value):
    set_up_app(member)
    clock.shift(SECONDS_UNTIL_REAUTHENTICATION)
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in member.cookies)
    cookies += "; pending_login=totp+passkey:x"
    form = {field: value.encode("utf-8", "surrogatepass") for field in FIELDS}
    for path in POSTS:
        url = member.service.url + path.format(factor_id="x", device_id="x")
        headers = {"Origin": member.service.url, "Cookie": cookies}
        answer = member._http.post(url, data=form, headers=headers)
        assert answer.status_code in (303, 400, 401, 403, 404, 413, 422), (path, answer.status_code)
        assert "access_token" not in str(answer.headers.get_list("set-cookie"))
        assert not re.search(r"<script>|<img src=x|>49<", answer.text), path
        if answer.status_code == 303:
            assert answer.headers["location"].startswith("/login?error=invalid_mfa_token"), path


@SQLITE_ONLY
def test_every_page_has_security_headers_and_only_our_script(member, passkeys):
    set_up_passkey(member)
    pages = {"recovery codes": member.page}
    for path in ("/account", "/account/factors", "/account/factors/totp", "/account/factors/passkey", "/account/delete", "/account/password"):  # fmt: skip
        pages[path] = member.open(path)
    member.open("/account/factors/totp")
    pages["secret"] = member.send_form()
    member.open("/account/factors/passkey")
    pages["new passkey"] = member.send_form()
    pages["second step"] = first_step(member)
    member.cookies = []
    pages["login"] = member.open("/login")
    for name, page in pages.items():
        policy = page.headers["content-security-policy"]
        assert policy.startswith(
            "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        )
        assert not re.search(r"unsafe|http|\*", policy)
        scripts = re.findall(r"<script[^>]*>[^<]*</script>", page.text)
        (script,) = scripts
        assert re.fullmatch(r'<script type="module" src="/docs/assets/pages\.js\?v=[0-9a-f]{12}"></script>', script), (
            name
        )
        assert not re.search(r"\son\w+=|\sstyle=|<style", page.text), name
        assert page.headers["cache-control"] == "no-store"
        for kind in re.findall(r'<input id="(\w+)" name="\w+"', page.text):
            assert f'<label for="{kind}">' in page.text, (name, kind)
        ids = re.findall(r' id="([\w-]+)"', page.text)
        assert len(ids) == len(set(ids)), name
        assert "unseen" not in heading(page)
    for name in ("pages", "passkeys"):
        script = member._http.get(f"{member.service.url}/docs/assets/{name}.js")
        assert (script.status_code, "javascript" in script.headers["content-type"]) == (200, True)
        assert len(script.text.splitlines()) < 120


@SQLITE_ONLY
def test_well_known_url_leads_to_the_page(member):
    found = Client(member.service.url).get("/.well-known/passkey-endpoints").json()
    assert member.open(found["enroll"]).url.path == "/account/factors"
    assert member.page.status_code == 200


@SQLITE_ONLY
def test_links_have_the_path_prefix_of_the_proxy(member, configure, passkeys):
    set_up_app(member)
    paths = ["/account/factors", "/account/factors/totp", "/account/recovery-codes", *factor_paths(member).values()]
    configure(public_base_url=f"{member.service.url}/id", frontend_base_url=f"{member.service.url}/id")
    for path in paths:
        page = member.open(path)
        found = re.findall(r'(?:href|src|action|data-options)="(/[^"]*)"', page.text)
        assert found
        assert not [place for place in found if not place.startswith("/id/")], path


@SQLITE_ONLY
def test_api_and_pages_agree(member):
    """A factor that was added with the API is asked for on the pages."""
    person = Person.__new__(Person)
    person.__dict__.update(client=Client(member.service.url, member.cookie("access_token").value))
    app = add_app(person)
    first_step(member)
    assert member.send_form(code=app.code()).url.path == "/account"
    answer = Client(member.service.url).post("/auth/login", {"email": member.email, "password": new_password()})
    assert refusal(answer) == (401, "invalid_credentials")
