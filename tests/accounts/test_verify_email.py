"""Email verification by link or code, unauthorized sign-ups, and tokens used for another purpose."""

import uuid

import pytest

import tables
from databases import SQLITE_ONLY
from people import (
    Client,
    Person,
    another_code,
    at_once,
    code_in,
    new_email,
    new_password,
    refusal,
    statuses,
    token_in,
)
from settings.loading import settings

INVALID = (400, "invalid_token")


@pytest.fixture(params=["optional", "required"])
def newcomer(service, configure, request):
    """A user who has just signed up, in each mode with verification."""
    configure(email_verification=request.param)
    person = Person(service, "nora")
    assert person.sign_up().is_success
    return person


@SQLITE_ONLY
def test_link_verifies_the_email_address(newcomer):
    answer = newcomer.verify_email(token_in(newcomer.verification_mail()))
    assert (answer.status_code, answer.json()["is_verified"]) == (200, True)
    assert answer.json()["email"] == newcomer.email
    assert newcomer.log_in().json()["is_verified"] is True


@SQLITE_ONLY
def test_code_verifies_the_email_address(newcomer):
    answer = newcomer.enter_code(code_in(newcomer.verification_mail()))
    assert (answer.status_code, answer.json()["is_verified"]) == (200, True)
    assert newcomer.log_in().json()["is_verified"] is True


def test_code_works_with_any_spelling_of_the_email_address(bob):
    code, bob.email = code_in(bob.verification_mail()), f" {bob.email.upper()}"
    assert bob.enter_code(code).status_code == 200


@SQLITE_ONLY
@pytest.mark.parametrize("way", ["link", "code"])
def test_verification_invalidates_link_and_code(bob, way):
    mail = bob.verification_mail()
    proof = bob.verify_email(token_in(mail)) if way == "link" else bob.enter_code(code_in(mail))
    assert proof.status_code == 200
    assert refusal(bob.verify_email(token_in(mail))) == INVALID
    assert refusal(bob.enter_code(code_in(mail))) == INVALID


@SQLITE_ONLY
def test_opening_a_link_changes_nothing(bob, anonymous):
    mail = bob.verification_mail()
    for path, token in (("verify-email", token_in(mail)), ("disown", token_in(mail, "/not-me"))):
        assert anonymous.get(f"/auth/{path}", params={"token": token}).status_code == 405
    assert bob.me()["is_verified"] is False
    assert bob.verify_email(token_in(mail)).status_code == 200


@SQLITE_ONLY
@pytest.mark.parametrize(
    "body",
    [{}, {"email": "a@example.com"}, {"code": "123456"}, {"token": 1}, {"token": None}, {"email": "a", "code": "1"}],
)
def test_incomplete_verification_is_rejected(anonymous, body):
    answer = anonymous.post("/auth/verify-email", body)
    assert refusal(answer) == (422, "validation_error")
    assert all(error["field"] and error["message"] for error in answer.json()["errors"])


class TestResend:
    @SQLITE_ONLY
    def test_response_is_always_the_same_and_only_unverified_users_get_an_email(
        self, alice, bob, mallory, mailbox, service
    ):
        mallory.sign_up()
        mallory.verification_mail()
        tables.disable(mallory)
        bob.verification_mail()
        mark, asks = mailbox.mark(), Client(service.url).post
        emails = (alice.email, mallory.email, new_email(), bob.email)
        answers = [asks("/auth/resend-verification", {"email": email}) for email in emails]
        assert {(answer.status_code, answer.text, *answer.headers) for answer in answers} == {
            (202, answers[0].text, *answers[0].headers)
        }
        mailbox.wait_for(bob.email, since=mark)
        assert not any(mailbox.all_to(email, since=mark) for email in emails[:-1])

    @SQLITE_ONLY
    def test_new_email_invalidates_the_previous_one(self, bob, mailbox):
        old = bob.verification_mail()
        assert bob.client.post("/auth/resend-verification", {"email": bob.email.upper()}).status_code == 202
        new = mailbox.wait_for(bob.email, containing="/verify-email", count=2)
        assert refusal(bob.verify_email(token_in(old))) == INVALID
        assert refusal(bob.client.post("/auth/disown", {"token": token_in(old, "/not-me")})) == INVALID
        assert refusal(bob.enter_code(code_in(old))) == INVALID or code_in(old) == code_in(new)
        assert bob.verify_email(token_in(new)).status_code == 200

    def test_twenty_concurrent_requests_succeed(self, bob, service):
        clients = [Client(service.url) for _ in range(20)]
        calls = [lambda c=c: c.post("/auth/resend-verification", {"email": bob.email}) for c in clients]
        assert statuses(at_once(*calls)) == [202] * 20

    def test_only_the_last_link_of_ten_concurrent_requests_is_valid(self, bob, mailbox):
        calls = [Client(bob.service.url).post for _ in range(10)]
        answers = at_once(*(lambda c=c: c("/auth/resend-verification", {"email": bob.email}) for c in calls))
        assert statuses(answers) == [202] * 10
        tables.wait_for_outbox()
        mails = mailbox.all_to(bob.email, containing="/verify-email")  # one whose link was replaced may be left out
        assert 1 <= len(mails) <= 11
        assert statuses(bob.verify_email(token_in(mail)) for mail in mails) == [200] + [400] * (len(mails) - 1)


class TestGuessingTheCode:
    @SQLITE_ONLY
    def test_right_code_works_after_nine_wrong_codes(self, bob):
        code = code_in(bob.verification_mail())
        for step in range(1, 10):
            assert refusal(bob.enter_code(another_code(code, step))) == INVALID
        assert bob.me()["is_verified"] is False
        assert bob.enter_code(code).status_code == 200

    @SQLITE_ONLY
    def test_only_the_link_works_after_ten_wrong_codes(self, bob):
        mail = bob.verification_mail()
        for step in range(1, 11):
            assert refusal(bob.enter_code(another_code(code_in(mail), step))) == INVALID
        assert refusal(bob.enter_code(code_in(mail))) == INVALID
        assert bob.verify_email(token_in(mail)).status_code == 200

    def test_fifty_concurrent_wrong_codes_invalidate_the_code(self, bob, service):
        mail, clients = bob.verification_mail(), [Client(service.url).post for _ in range(50)]
        bodies = [{"email": bob.email, "code": another_code(code_in(mail), step)} for step in range(1, 51)]
        answers = at_once(*(lambda c=c, b=b: c("/auth/verify-email", b) for c, b in zip(clients, bodies, strict=True)))
        assert {refusal(answer) for answer in answers} == {INVALID}
        assert refusal(bob.enter_code(code_in(mail))) == INVALID
        assert bob.verify_email(token_in(mail)).status_code == 200

    def test_only_one_of_ten_concurrent_verifications_succeeds(self, bob, service):
        body = {"email": bob.email, "code": code_in(bob.verification_mail())}
        clients = [Client(service.url).post for _ in range(10)]
        assert statuses(at_once(*(lambda c=c: c("/auth/verify-email", body) for c in clients))) == [200] + [400] * 9

    @SQLITE_ONLY
    def test_new_email_contains_a_new_code_with_ten_attempts(self, bob, mailbox):
        code = code_in(bob.verification_mail())
        for step in range(1, 11):
            bob.enter_code(another_code(code, step))
        bob.client.post("/auth/resend-verification", {"email": bob.email})
        newer = code_in(mailbox.wait_for(bob.email, containing="/verify-email", count=2))
        assert bob.enter_code(newer).status_code == 200

    @SQLITE_ONLY
    @pytest.mark.parametrize("stranger", ["alice", "mallory"])
    def test_code_of_another_email_address_is_rejected(self, bob, stranger, request):
        code, other = code_in(bob.verification_mail()), request.getfixturevalue(stranger)
        assert refusal(other.enter_code(code)) == INVALID
        assert bob.me()["is_verified"] is False

    @SQLITE_ONLY
    @pytest.mark.parametrize(
        "odd", [" {}", "{}\n", "0{}", "+{}", "{}.0", "{}\0", "{}{}", "", "{}é", "١٢٣٤٥٦"], ids=ascii
    )
    def test_malformed_code_counts_as_wrong(self, bob, odd):
        code = code_in(bob.verification_mail())
        assert refusal(bob.enter_code(odd.format(code, code))) == INVALID
        assert bob.me()["is_verified"] is False
        assert bob.enter_code(code).status_code == 200


class TestTime:
    @pytest.mark.parametrize(("hours", "status"), [(23.9, 200), (24.1, 400)])
    def test_a_verification_link_expires_after_a_day(self, bob, anonymous, clock, hours, status):
        token = token_in(bob.verification_mail())
        clock.shift(hours * 3600)
        assert anonymous.post("/auth/verify-email", {"token": token}).status_code == status

    @pytest.mark.parametrize(("minutes", "status"), [(14, 200), (16, 400)])
    def test_a_code_expires_after_fifteen_minutes(self, bob, clock, minutes, status):
        mail = bob.verification_mail()
        clock.shift(minutes * 60)
        bob.client.token = None
        assert bob.enter_code(code_in(mail)).status_code == status
        assert bob.verify_email(token_in(mail)).status_code == (400 if status == 200 else 200)


class TestFirstVerification:
    """Sessions from before the verification may belong to an attacker."""

    @SQLITE_ONLY
    def test_first_verification_ends_earlier_sessions(self, bob, anonymous):
        phone = bob.other_device()
        assert anonymous.post("/auth/verify-email", {"token": token_in(bob.verification_mail())}).status_code == 200
        assert not bob.is_logged_in()
        assert not phone.is_logged_in()

    @SQLITE_ONLY
    def test_first_verification_keeps_the_session_of_the_request(self, bob):
        phone = bob.other_device()
        assert bob.enter_code(code_in(bob.verification_mail())).status_code == 200
        assert bob.is_logged_in()
        assert not phone.is_logged_in()

    @SQLITE_ONLY
    def test_verification_in_the_session_of_another_user_keeps_only_that_session(self, bob, mallory):
        mallory.sign_up()
        assert mallory.verify_email(token_in(bob.verification_mail())).json()["user_id"] == bob.user_id
        assert not bob.is_logged_in()
        assert mallory.is_logged_in()
        assert mallory.me()["is_verified"] is False

    @SQLITE_ONLY
    def test_link_and_code_of_a_disabled_account_are_rejected(self, bob):
        mail = bob.verification_mail()
        tables.disable(bob)
        assert refusal(bob.verify_email(token_in(mail))) == INVALID
        assert refusal(bob.enter_code(code_in(mail))) == INVALID
        assert refusal(bob.log_in()) == (403, "account_disabled")


class TestUnauthorizedSignUp:
    @SQLITE_ONLY
    def test_report_deletes_an_unverified_account(self, bob, anonymous):
        token, mallory = token_in(bob.verification_mail(), "/not-me"), bob
        assert anonymous.post("/auth/disown", {"token": token}).status_code == 200
        assert not mallory.is_logged_in()
        assert not mallory.can_log_in_with(mallory.password)
        assert refusal(anonymous.post("/auth/disown", {"token": token})) == INVALID
        assert bob.sign_up().status_code == 201

    @SQLITE_ONLY
    @pytest.mark.parametrize("way", ["verification", "reset"])
    def test_report_never_deletes_a_verified_account(self, bob, anonymous, way):
        mail, password = bob.verification_mail(), new_password()
        if way == "reset":
            assert bob.set_new_password(bob.request_reset(), password).status_code == 200
        else:
            assert bob.verify_email(token_in(mail)).status_code == 200
        assert refusal(anonymous.post("/auth/disown", {"token": token_in(mail, "/not-me")})) == INVALID
        assert bob.can_log_in_with(password if way == "reset" else bob.password)

    def test_concurrent_report_and_verification_have_one_winner(self, bob, service):
        mail, one, other = bob.verification_mail(), Client(service.url), Client(service.url)
        proof, disowned = at_once(
            lambda: one.post("/auth/verify-email", {"token": token_in(mail)}),
            lambda: other.post("/auth/disown", {"token": token_in(mail, "/not-me")}),
        )
        assert statuses([proof, disowned]) == [200, 400]
        assert bob.can_log_in_with(bob.password) == (proof.status_code == 200)

    def test_only_one_of_ten_concurrent_reports_succeeds(self, bob, service):
        body, clients = (
            {"token": token_in(bob.verification_mail(), "/not-me")},
            [Client(service.url) for _ in range(10)],
        )
        assert statuses(at_once(*(lambda c=c: c.post("/auth/disown", body) for c in clients))) == [200] + [400] * 9


# --------------------------------------------------------------------------------------------- what a token is worth

FORGERIES = {
    "nothing": lambda token: "",
    "in capitals": str.upper,
    "a space before": lambda token: f" {token}",
    "a line break after": lambda token: f"{token}\n",
    "a NUL after": lambda token: f"{token}\0",
    "a letter that is not ASCII": lambda token: f"{token}é",
    "one character less": lambda token: token[:-1],
    "one character more": lambda token: f"{token}0",
    "another last character": lambda token: token[:-1] + ("0" if token[-1] != "0" else "1"),
    "no signature": lambda token: token.rpartition(".")[0],
    "an empty signature": lambda token: token.rpartition(".")[0] + ".",
    "the signature alone": lambda token: token.rpartition(".")[2],
    "the id of another row": lambda token: f"{uuid.uuid4()}.{token.rpartition('.')[2]}",
    "twice": lambda token: f"{token}.{token}",
    "two dots": lambda token: token.replace(".", ".."),
    "of enormous length": lambda token: token * 100,
}


def tokens_of(bob: Person) -> dict[str, str]:
    """Return a valid token for each purpose."""
    mail = bob.verification_mail()
    return {
        "access": bob.tokens["access_token"],
        "refresh": bob.tokens["refresh_token"],
        "verify_email": token_in(mail),
        "disown": token_in(mail, "/not-me"),
        "reset_password": bob.request_reset(),
        "change_email": bob.request_email_change(new_email()),
        "service": settings.internal_service_token[0],
    }


def _bearer(token):
    return {"Authorization": f"Bearer {token}"}


# Each endpoint, the kinds of token that it accepts, and the response to all others.
ENDPOINTS = {
    "/users/me": (lambda c, t: c.get("/users/me", headers=_bearer(t)), {"access"}, 401),
    "/auth/refresh": (lambda c, t: c.post("/auth/refresh", {"refresh_token": t}), {"refresh"}, 401),
    "/auth/logout": (lambda c, t: c.post("/auth/logout", {"refresh_token": t}), {"refresh"}, 401),
    "/auth/logout-all": (lambda c, t: c.post("/auth/logout-all", {"refresh_token": t}), {"refresh"}, 401),
    "/auth/verify-email": (lambda c, t: c.post("/auth/verify-email", {"token": t}), {"verify_email", "change_email"}, 400),
    "/auth/disown": (lambda c, t: c.post("/auth/disown", {"token": t}), {"disown"}, 400),
    "/auth/reset-password/confirm": (
        lambda c, t: c.post("/auth/reset-password/confirm", {"token": t, "new_password": new_password()}),
        {"reset_password"},
        400,
    ),
    "/users/me, as a cookie": (lambda c, t: c.get("/users/me", headers={"Cookie": f"access_token={t}"}), {"access"}, 401),
    "/auth/refresh, as a cookie": (
        lambda c, t: c.post("/auth/refresh", headers={"Cookie": f"refresh_token={t}", "Sec-Fetch-Site": "same-origin"}),
        {"refresh"},
        401,
    ),
    "/auth/token": (
        lambda c, t: c.post("/auth/token", data={"grant_type": "refresh_token", "refresh_token": t}),
        {"refresh"},
        400,
    ),
    "/oauth2": (lambda c, t: c.post("/oauth2/introspect", data={"token": "x"}, headers=_bearer(t)), {"service"}, 401),
    "/internal": (lambda c, t: c.get(f"/internal/users/{settings.superuser_user_id}", headers=_bearer(t)), {"service"}, 401),
    "/internal, own header": (
        lambda c, t: c.get(f"/internal/users/{settings.superuser_user_id}", headers={"X-Service-Token": t}),
        {"service"},
        401,
    ),
}  # fmt: skip


@SQLITE_ONLY
@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_token_is_rejected_for_another_purpose(bob, anonymous, endpoint):
    enter, keys, status = ENDPOINTS[endpoint]
    tokens = tokens_of(bob)
    answers = {purpose: enter(anonymous, token).status_code for purpose, token in tokens.items() if purpose not in keys}
    assert answers == dict.fromkeys(tokens.keys() - keys, status)
    assert bob.me()["is_verified"] is False
    assert enter(anonymous, tokens[min(keys)]).is_success


@SQLITE_ONLY
@pytest.mark.parametrize("purpose", ["verify_email", "disown", "reset_password", "change_email"])
def test_forged_token_is_rejected_and_the_real_one_stays_valid(bob, anonymous, purpose):
    token, enter = (
        tokens_of(bob)[purpose],
        next(endpoint[0] for endpoint in ENDPOINTS.values() if purpose in endpoint[1]),
    )
    for name, forge in FORGERIES.items():
        assert refusal(enter(anonymous, forge(token))) in (INVALID, (422, "validation_error")), name
    assert bob.me()["is_verified"] is False
    assert enter(anonymous, token).status_code == 200
