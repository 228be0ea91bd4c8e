"""Devices without a browser (RFC 8628), from their code to their tokens."""

import re

import pytest
import sqlalchemy

import database
from core import signing
from databases import SQLITE_ONLY
from models import Guesses, User
from oauth_application import refused
from oauth_provider import device_answers
from oauth_provider.schemas import DEVICE, REFRESH
from people import at_once, new_email, new_password, token_in
from reader import heading, notice, person_of

PENDING, SLOW, GONE = (400, "authorization_pending"), (400, "slow_down"), (400, "invalid_grant")


@pytest.fixture
def display(connects):
    return connects(name="Kitchen Display", type="public", redirect_uris=[], grant_types=[DEVICE, REFRESH])


def codes(application, **form):
    answer = application.post("/oauth2/device_authorization", {"scope": "openid email", **form})
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store", answer.text
    return answer.json()


def poll(application, device_code):
    return application.token(grant_type=DEVICE, device_code=device_code)


def enter(browser, code):
    """Log in if necessary, and enter a code."""
    browser.open("/device")
    if "/login" in str(browser.page.url):
        browser.send_form(email=browser.email, password=browser.password)
    return browser.send_form(to="/auth/device", user_code=code)


def answer(browser, decision="allow"):
    return browser.send_form(to="/auth/device/answer", decision=decision)


def test_user_allows_a_device(display, alice):
    given = codes(display)
    assert re.fullmatch("[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}", given["user_code"])
    assert refused(poll(display, given["device_code"])) == PENDING
    page = enter(alice, given["user_code"].lower().replace("-", " "))
    assert "Kitchen Display" in page.text and given["user_code"] in page.text and "127.0.0.1" in page.text
    assert heading(answer(alice)) == "Device connected"
    unknown = display.token(grant_type=DEVICE, device_code=given["device_code"], resource="https://x.example/")
    assert refused(unknown) == (400, "invalid_target"), "an error used up the code"
    answers = at_once(*[lambda: poll(display, given["device_code"])] * 10)
    assert sorted(each.status_code for each in answers) == [200] + [400] * 9
    tokens = next(each.json() for each in answers if each.status_code == 200)
    assert display.claims(tokens["id_token"])["email"] == alice.email
    assert refused(poll(display, given["device_code"])) == GONE
    alice.press("/account/logout")
    assert display.refresh(tokens["refresh_token"]).status_code == 200, "the device logs out with the browser"


@SQLITE_ONLY
def test_user_declines(display, alice):
    given = codes(display)
    enter(alice, given["user_code"])
    assert heading(answer(alice, "deny")) == "Access declined"
    assert refused(poll(display, given["device_code"])) == (400, "access_denied")
    assert "wrong or has expired" in notice(enter(alice, given["user_code"])), "the code can be used again"


@SQLITE_ONLY
def test_link_with_the_code_asks_too(display, alice):
    given = codes(display)
    page = alice.open(given["verification_uri_complete"])
    assert "/login" in str(page.url)
    page = alice.send_form(email=alice.email, password=alice.password)
    assert heading(page) == "Allow this device?" and given["user_code"] in page.text
    assert refused(poll(display, given["device_code"])) == PENDING, "the link alone allowed it"


@SQLITE_ONLY
def test_device_that_polls_too_often_is_slowed_down(display, alice, clock):
    given = codes(display)
    assert refused(poll(display, given["device_code"])) == PENDING
    assert refused(poll(display, given["device_code"])) == SLOW
    clock.shift(6)
    assert refused(poll(display, given["device_code"])) == SLOW, "the interval is ten seconds now"
    clock.shift(16)
    assert refused(poll(display, given["device_code"])) == PENDING
    enter(alice, given["user_code"])
    answer(alice)
    assert poll(display, given["device_code"]).status_code == 200


@SQLITE_ONLY
def test_codes_expire(display, alice, clock):
    given = codes(display)
    clock.shift(601)
    assert refused(poll(display, given["device_code"])) == (400, "expired_token")
    assert "wrong or has expired" in notice(enter(alice, given["user_code"]))


@SQLITE_ONLY
def test_device_code_belongs_to_its_client(display, connects, alice):
    given, other = codes(display), connects(type="public", redirect_uris=[], grant_types=[DEVICE])
    enter(alice, given["user_code"])
    answer(alice)
    assert refused(poll(other, given["device_code"])) == GONE
    assert refused(connects().post("/oauth2/device_authorization", {"scope": "openid"})) == (400, "unauthorized_client")
    assert refused(poll(display, "x.y")) == GONE


@SQLITE_ONLY
def test_wrong_codes_wait_for_a_person_and_a_place(display, alice, joins, clock):
    database.write_only(sqlalchemy.delete(Guesses).where(Guesses.place == device_answers.PLACE))  # of other tests
    given = codes(display)
    for number in range(device_answers.FREE_ATTEMPTS):
        assert "wrong or has expired" in notice(enter(alice, "BCDFGHJ" + device_answers.LETTERS[number]))
    assert "Too many attempts" in notice(enter(alice, given["user_code"]))
    bob = joins("bob")
    assert "Too many attempts" in notice(enter(bob, given["user_code"])), "from the same place"
    person = database.read(sqlalchemy.select(User.user_id).where(User.email == bob.email)).user_id
    of_bob = Guesses.subject == signing.fingerprint("guesses", f"device {person}")
    counted = database.read(sqlalchemy.select(Guesses.failures).where(of_bob)).failures
    assert counted == 0, "a code that was not compared counts as wrong"
    clock.shift(2)
    assert heading(enter(alice, given["user_code"])) == "Allow this device?"


@SQLITE_ONLY
def test_answer_counts_only_for_the_session_that_saw_the_question(display, alice, joins):
    given, mallory = codes(display), joins("mallory")
    enter(mallory, given["user_code"])
    shown = re.search('name="shown" value="([^"]+)"', mallory.page.text)[1]
    enter(alice, given["user_code"])
    page = alice.goes("POST", "/auth/device/answer", {"shown": shown, "decision": "allow"})
    assert page.status_code == 400
    assert refused(poll(display, given["device_code"])) == PENDING


@SQLITE_ONLY
@pytest.mark.parametrize("way", ["/account/logout-all", "/account/logout"])
def test_device_that_was_allowed_in_a_session_that_ended_gets_nothing(display, alice, way):
    given = codes(display)
    enter(alice, given["user_code"])
    answer(alice)
    alice.press(way)
    assert refused(poll(display, given["device_code"])) == GONE


def allowed(display, browser):
    """Return a device code that a user has allowed and the device did not exchange yet."""
    given = codes(display)
    enter(browser, given["user_code"])
    assert heading(answer(browser)) == "Device connected"
    return given["device_code"]


@SQLITE_ONLY
def test_allowed_code_of_a_first_party_device_ends_with_a_password_change(display, connects, alice):
    own = connects(name="Wall Display", type="public", redirect_uris=[], grant_types=[DEVICE], first_party=True)
    waiting, foreign = allowed(own, alice), allowed(display, alice)
    assert person_of(alice).change_password(new_password()).status_code == 200
    assert refused(poll(own, waiting)) == GONE
    assert poll(display, foreign).status_code == 200, "a grant to a third party stays"


@SQLITE_ONLY
def test_code_that_a_thief_allowed_ends_when_the_owner_undoes_the_email_change(display, alice):
    owner, mailbox = person_of(alice), alice.service.mailbox
    proven, address = new_email("alice"), new_email("mallory")
    for email in (proven, address):
        assert owner.verify_email(owner.request_email_change(email)).status_code == 200
    undo = token_in(mailbox.wait_for(proven, "/undo-email-change"), "/undo-email-change")
    alice.email, alice.cookies = address, []
    stolen = allowed(display, alice)
    assert owner.client.post("/auth/undo-email-change", {"token": undo}).status_code == 200
    assert refused(poll(display, stolen)) == GONE
