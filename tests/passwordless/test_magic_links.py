"""Log in with a link or code in an email, in the browser that requested it."""

import re

import pytest

import tables
from authenticator import add_app, second_step
from browser import FRONTEND
from core import rate_limit_counters
from credentials import throttling
from databases import SQLITE_ONLY
from emailed_login import EmailedLogin
from people import Client, Person, another_code, at_once, new_email, new_password, refusal, statuses, text_of, token_in

INVALID, ELSEWHERE = (400, "invalid_token"), (403, "other_device")
FOREIGN_FLOW = "made up by another browser"


@pytest.fixture
def asked(service, alice):
    """Alice's request for a link."""
    return EmailedLogin(service, alice.email)


@pytest.fixture(params=["link", "code"])
def log_in(asked, request):
    """Log in as Alice, by link and by code."""
    return asked.by_link if request.param == "link" else asked.by_code


def amr_of(tokens, service):
    (session,) = [
        each
        for each in Client(service.url, token=tokens["access_token"]).get("/users/me/sessions").json()
        if each["current"]
    ]
    return session["amr"]


@SQLITE_ONLY
def test_alice_logs_in_once(alice, service, log_in):
    answer = log_in()
    assert answer.status_code == 200, answer.text
    assert answer.json()["user_id"] == alice.user_id
    assert amr_of(answer.json(), service) == ["email"]
    assert refusal(log_in()) == INVALID
    assert [event.detail["method"] for event in tables.events(user_id=alice.user_id) if event.action == "user.logged_in"] == ["email"]  # fmt: skip


@SQLITE_ONLY
def test_request_describes_the_link(asked, alice):
    assert asked.answer.keys() == {"message", "flow", "expires_in"}
    assert asked.answer["expires_in"] == 600
    assert re.fullmatch(r"\d{6}", asked.code)
    assert "password stops working" not in text_of(asked.mail)


def test_any_spelling_of_the_address_works(asked):
    assert asked.by_code(email=f" {asked.email.upper()}").status_code == 200


@SQLITE_ONLY
def test_alice_keeps_her_password_and_sessions(alice, asked):
    assert asked.by_link().status_code == 200
    assert alice.is_logged_in()
    assert alice.can_log_in_with(alice.password)


# ----------------------------------------------------------------------------------------------------- another browser


@SQLITE_ONLY
@pytest.mark.parametrize("flow", [None, FOREIGN_FLOW])
def test_scanner_that_presses_everything_gets_and_uses_up_nothing(service, asked, flow):
    scanner = Client(service.url)
    for _ in range(7):
        assert scanner.get("/auth/magic-link/confirm", params={"token": asked.token}).status_code == 405
        for body in ({"token": asked.token}, {"email": asked.email, "code": asked.code}):
            assert refusal(scanner.post("/auth/magic-link/confirm", body | {"flow": flow})) == ELSEWHERE
    assert throttling_of_codes(asked.email) == 0
    assert asked.by_code().status_code == 200


def throttling_of_codes(email):
    return tables.failures(email, throttling.CODES)


@SQLITE_ONLY
@pytest.mark.parametrize("guess", ["right", "wrong"])
def test_code_without_a_flow_is_not_compared(asked, guess):
    code = asked.code if guess == "right" else another_code(asked.code)
    assert refusal(asked.by_code(code=code, flow=None)) == ELSEWHERE


@SQLITE_ONLY
def test_flow_of_another_address_or_request_is_another_browser(service, asked, bob):
    mallory = EmailedLogin(service, bob.email)
    assert refusal(asked.by_link(flow=mallory.flow)) == ELSEWHERE
    assert refusal(asked.by_code(flow=mallory.flow)) == ELSEWHERE
    assert asked.by_link().status_code == 200


@SQLITE_ONLY
def test_cookie_carries_the_flow(service, alice):
    browser, site = Client(service.url), {"Origin": "http://localhost:3000"}
    mark = service.mailbox.mark()
    answer = browser.post("/auth/magic-link", {"email": alice.email})
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("login_flow=")
    assert {"httponly", "samesite=lax", "max-age=600", "path=/"} <= {part.strip() for part in cookie.split(";")}
    body = {"token": token_in(service.mailbox.wait_for(alice.email, containing="/magic-link", since=mark))}
    assert refusal(browser.post("/auth/magic-link/confirm", body, headers={"Origin": "https://evil.example"})) == (403, "cross_site_request")  # fmt: skip
    answer = browser.post("/auth/magic-link/confirm?use_cookies=true", body, headers=site)
    assert answer.status_code == 200
    assert "access_token" not in answer.json()
    assert 'login_flow=""; HttpOnly; Max-Age=0' in answer.headers["set-cookie"]


# ------------------------------------------------------------------------------------------------- what ends a link


@SQLITE_ONLY
def test_new_link_ends_the_older(service, alice):
    first, second = EmailedLogin(service, alice.email), EmailedLogin(service, alice.email)
    assert refusal(first.by_link()) == refusal(first.by_code()) == INVALID
    assert second.by_link().status_code == 200


CHANGES = {
    "password": lambda alice: alice.change_password(new_password()),
    "reset": lambda alice: alice.set_new_password(alice.request_reset(), new_password()),
    "address": lambda alice: alice.verify_email(alice.request_email_change(new_email())),
}


@SQLITE_ONLY
@pytest.mark.parametrize("change", CHANGES)
def test_credential_change_ends_link_and_code(alice, asked, change):
    assert CHANGES[change](alice).status_code == 200
    assert refusal(asked.by_link()) == refusal(asked.by_code()) == INVALID


def test_link_expires(asked, log_in, clock):
    clock.shift(601)
    assert refusal(log_in()) == INVALID


@SQLITE_ONLY
def test_disabled_account_gets_no_link(service, alice, asked, mailbox):
    tables.disable(alice)
    assert refusal(asked.by_link()) == refusal(asked.by_code()) == INVALID
    mark = mailbox.mark()
    assert asked.client.post("/auth/magic-link", {"email": alice.email}).status_code == 202
    assert tables.no_email_follows(mailbox, alice.email, since=mark)


@SQLITE_ONLY
def test_address_that_an_administrator_set_must_be_verified_first(service, alice, amy, mailbox):
    new, mark = new_email(), mailbox.mark()
    change = {"email": new, "password": amy.password}
    assert amy.client.patch(f"/admin/users/{alice.user_id}", change).status_code == 200
    assert Client(service.url).post("/auth/magic-link", {"email": new}).status_code == 202
    assert "/magic-link" not in text_of(mailbox.wait_for(new, since=mark))


# ------------------------------------------------------------------------------------------------------------ guessing


@SQLITE_ONLY
def test_five_wrong_codes_end_the_code_and_not_the_link(asked):
    for step in range(1, 6):
        assert refusal(asked.by_code(code=another_code(asked.code, step))) == INVALID
    assert refusal(asked.by_code()) == INVALID
    assert asked.by_link().status_code == 200


@SQLITE_ONLY
def test_hundred_wrong_codes_leave_the_link(service, alice):
    for _ in range(20):
        asked = EmailedLogin(service, alice.email)
        for step in range(1, 6):
            assert refusal(asked.by_code(code=another_code(asked.code, step))) == INVALID
    asked = EmailedLogin(service, alice.email)
    assert refusal(asked.by_code()) == INVALID
    assert asked.by_link().status_code == 200
    assert EmailedLogin(service, alice.email).by_code().status_code == 200


@pytest.mark.parametrize("way", ["link", "code"])
def test_fifty_concurrent_uses_give_one_session(service, alice, asked, way):
    body = {"token": asked.token} if way == "link" else {"email": asked.email, "code": asked.code}
    before = tables.sessions_of(alice.user_id)
    use = lambda: Client(service.url).post("/auth/magic-link/confirm", body | {"flow": asked.flow})  # noqa: E731
    answers = sorted(statuses(at_once(*[use] * 50)))
    assert answers == [200] + [400] * 49
    assert tables.sessions_of(alice.user_id) == before + 1


def test_concurrent_wrong_codes_do_not_exceed_the_limit(service, asked):
    def guess(step):
        return lambda: Client(service.url).post(
            "/auth/magic-link/confirm",
            {"email": asked.email, "code": another_code(asked.code, step), "flow": asked.flow},
        )

    assert statuses(at_once(*[guess(step) for step in range(1, 21)])) == [400] * 20
    assert throttling_of_codes(asked.email) == 5
    assert refusal(asked.by_code()) == INVALID


@SQLITE_ONLY
def test_five_requests_an_hour_for_an_account_and_network(service, alice, configure, mailbox):
    configure(rate_limit_enabled=True)
    rate_limit_counters._local.reset()
    request = lambda: Client(service.url).post("/auth/magic-link", {"email": alice.email})  # noqa: E731
    assert [request().status_code for _ in range(6)] == [202] * 5 + [429]
    elsewhere = Client(service.url, headers={"X-Forwarded-For": "192.0.2.77"})
    assert elsewhere.post("/auth/magic-link", {"email": alice.email}).status_code == 202


def requests_of_strangers(service, email, networks):
    for network in range(networks):
        stranger = Client(service.url, headers={"X-Forwarded-For": f"198.51.{network}.7"})
        for _ in range(5):
            assert stranger.post("/auth/magic-link", {"email": email}).status_code == 202
    tables.wait_for_outbox()


@SQLITE_ONLY
def test_strangers_cannot_use_up_the_links_of_a_user(service, alice, configure):
    configure(rate_limit_enabled=True, rate_limit_magic_link="1000/hour")
    rate_limit_counters._local.reset()
    requests_of_strangers(service, alice.email, networks=11)
    assert EmailedLogin(service, alice.email).by_link().status_code == 200


@SQLITE_ONLY
def test_strangers_cannot_use_up_the_links_of_a_sign_up(service, configure):
    configure(rate_limit_enabled=True, rate_limit_magic_link="1000/hour", signup_by_magic_link=True)
    rate_limit_counters._local.reset()
    email = new_email()
    requests_of_strangers(service, email, networks=3)
    assert EmailedLogin(service, email).by_link().status_code == 200


# ---------------------------------------------------------------------------------------------------- unknown addresses


@SQLITE_ONLY
def test_unknown_address_gets_the_same_response_and_one_email_a_day(service, alice, mailbox, clock):
    email, client = new_email(), Client(service.url)
    unknown, known = (client.post("/auth/magic-link", {"email": each}) for each in (email, alice.email))
    assert unknown.status_code == known.status_code == 202
    assert unknown.json().keys() == known.json().keys()
    assert unknown.json()["message"] == known.json()["message"]
    assert len(unknown.json()["flow"]) == len(known.json()["flow"])
    assert "has no account" in text_of(mailbox.wait_for(email))
    mark = mailbox.mark()
    client.post("/auth/magic-link", {"email": email.upper()})
    assert tables.no_email_follows(mailbox, email.upper(), since=mark)
    clock.shift(86_500)
    client.post("/auth/magic-link", {"email": email})
    assert "/magic-link" not in text_of(mailbox.wait_for(email, since=mark))


@SQLITE_ONLY
def test_code_for_an_unknown_address_is_rejected_alike(service, alice, asked):
    email = new_email()
    flow = Client(service.url).post("/auth/magic-link", {"email": email}).json()["flow"]
    for known, unknown in (
        (asked.by_code(code=another_code(asked.code)), asked.by_code(email=email, flow=flow)),
        (asked.by_code(flow=FOREIGN_FLOW), asked.by_code(email=email, flow=FOREIGN_FLOW)),
    ):
        assert refusal(known) == refusal(unknown)


@SQLITE_ONLY
def test_link_signs_up_only_where_it_is_allowed_and_used(service, anonymous, configure):
    configure(signup_by_magic_link=True)
    email = new_email("Carol")
    asked = EmailedLogin(service, email)
    assert "Sign up" in text_of(asked.mail)
    assert refusal(anonymous.post("/auth/login", {"email": email, "password": "x"})) == (401, "invalid_credentials")
    assert refusal(asked.by_code(code=another_code(asked.code))) == INVALID
    assert refusal(asked.by_link(flow=None)) == ELSEWHERE
    done = asked.by_code()
    assert (done.status_code, done.json()["is_verified"]) == (200, True)
    assert done.json()["email"] == email
    assert refusal(asked.by_link()) == INVALID
    assert EmailedLogin(service, email).by_link().json()["user_id"] == done.json()["user_id"]


def test_fifty_concurrent_sign_ups_make_one_account(service, configure):
    configure(signup_by_magic_link=True)
    asked = EmailedLogin(service, new_email())
    body = {"token": asked.token, "flow": asked.flow}
    use = lambda: Client(service.url).post("/auth/magic-link/confirm", body)  # noqa: E731
    answers = at_once(*[use] * 50)
    assert sorted(statuses(answers)) == [200] + [400] * 49
    (user_id,) = {answer.json()["user_id"] for answer in answers if answer.status_code == 200}
    assert tables.sessions_of(user_id) == 1


def test_concurrent_requests_for_an_unknown_address_leave_one_link(service, configure):
    configure(signup_by_magic_link=True)
    email = new_email()
    request = lambda: Client(service.url).post("/auth/magic-link", {"email": email})  # noqa: E731
    assert statuses(at_once(*[request] * 8)) == [202] * 8


@SQLITE_ONLY
def test_link_of_a_sign_up_does_not_open_an_account_with_an_owner(service, alice, configure):
    configure(signup_by_magic_link=True)
    email = new_email()
    asked = EmailedLogin(service, email)
    assert alice.verify_email(alice.request_email_change(email)).status_code == 200
    assert refusal(asked.by_link()) == INVALID


@SQLITE_ONLY
def test_link_of_a_sign_up_takes_over_what_another_person_signed_up(service, mallory, configure):
    configure(signup_by_magic_link=True, email_verification="optional")
    asked = EmailedLogin(service, mallory.email)
    assert mallory.sign_up().status_code == 201
    assert asked.by_link().json()["user_id"] == mallory.user_id
    assert not mallory.can_log_in_with(mallory.password)


@SQLITE_ONLY
def test_deleted_account_leaves_nothing_for_its_address(service, configure, mailbox):
    configure(signup_by_magic_link=True)
    asked = EmailedLogin(service, new_email())
    tokens = asked.by_link().json()
    owner = Client(service.url, token=tokens["access_token"])
    assert owner.delete("/users/me", {}).status_code == 204
    assert asked.email not in tables.everything()


# -------------------------------------------------------------------------------------------- whose account it is


@SQLITE_ONLY
def test_first_link_takes_an_unverified_account_over(service, bob, mailbox):
    """Another person may have signed up with Bob's address, so the password and the sessions end."""
    asked = EmailedLogin(service, bob.email)
    assert "password stops working" in text_of(asked.mail)
    done = asked.by_link()
    assert (done.status_code, done.json()["is_verified"]) == (200, True)
    assert not bob.is_logged_in()
    assert not bob.can_log_in_with(bob.password)
    bob.password = new_password()
    mail = mailbox.wait_for(bob.email, containing="/reset-password")
    assert bob.set_new_password(token_in(mail, "/reset-password"), bob.password).status_code == 200
    assert bob.log_in().status_code == 200


@SQLITE_ONLY
def test_link_logs_in_where_verification_is_required(service, configure):
    configure(email_verification="required")
    nora = Person(service, "nora")
    assert nora.sign_up().status_code == 202
    assert EmailedLogin(service, nora.email).by_code().status_code == 200


@SQLITE_ONLY
def test_second_factor_is_asked_for(service, alice):
    app = add_app(alice)
    answer = EmailedLogin(service, alice.email).by_link()
    assert refusal(answer) == (403, "mfa_required")
    done = second_step(alice, answer.json(), code=app.at(1))
    assert done.status_code == 200
    assert amr_of(done.json(), service) == ["email", "otp", "mfa"]


# -------------------------------------------------------------------------------------------------------- applications


@SQLITE_ONLY
def test_login_ends_in_the_application(service, alice, anonymous):
    asked = EmailedLogin(service, alice.email, redirect_to=f"{FRONTEND}/welcome")
    url = asked.by_link().json()["redirect_to"]
    assert url.startswith(f"{FRONTEND}/welcome?code=")
    body = {"code": re.search("code=(.+)", url)[1]}
    exchanged = anonymous.post("/oauth/exchange", body)
    assert (exchanged.status_code, exchanged.json()["user_id"]) == (200, alice.user_id)
    assert amr_of(exchanged.json(), service) == ["email"]
    assert refusal(anonymous.post("/oauth/exchange", body)) == INVALID


@SQLITE_ONLY
def test_application_asks_for_the_second_factor(service, alice, anonymous):
    app = add_app(alice)
    refused = EmailedLogin(service, alice.email, redirect_to=f"{FRONTEND}/welcome").by_link()
    assert refusal(refused) == (403, "mfa_required")
    code = re.search("code=(.+)", refused.json()["redirect_to"])[1]
    answer = anonymous.post("/oauth/exchange", {"code": code})
    assert refusal(answer) == (403, "mfa_required")
    assert second_step(alice, answer.json(), code=app.at(1)).status_code == 200


@SQLITE_ONLY
def test_login_does_not_end_elsewhere(anonymous, alice):
    body = {"email": alice.email, "redirect_to": "https://evil.example/"}
    assert refusal(anonymous.post("/auth/magic-link", body)) == (400, "oauth_error")


# --------------------------------------------------------------------------------------------------------------- off


@SQLITE_ONLY
def test_off_while_passwords_are_optional(anonymous, configure):
    configure(magic_link="off")
    assert refusal(anonymous.post("/auth/magic-link", {})) == (404, "not_found")
    assert refusal(anonymous.post("/auth/magic-link/confirm", {})) == (404, "not_found")
