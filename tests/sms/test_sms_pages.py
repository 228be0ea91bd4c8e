"""A phone as a second factor on the hosted pages, in a browser without scripts."""

import itertools
import re

import pytest

from databases import SQLITE_ONLY
from reader import heading, notice
from sms_providers import Receiver

pytestmark = SQLITE_ONLY
_numbers = (f"+4366413{number:05d}" for number in itertools.count(10_001))


@pytest.fixture
def receiver(configure):
    server = Receiver()
    configure(**server.gateway)
    yield server
    server.close()


@pytest.fixture
def phone(member, receiver):
    """The number of Alice's phone, which is a factor of her account."""
    number = next(_numbers)
    member.open("/account/factors/sms")
    page = member.send_form(phone=number)
    assert heading(page) == "Enter the code from the text message"
    page = member.send_form(code=receiver.to(number).code)
    assert "recovery codes" in page.text.lower()
    return number


def test_phone_is_added_and_listed(member, phone):
    page = member.open("/account/factors")
    assert f"••• {phone[-2:]}" in page.text
    assert phone not in page.text


def test_wrong_number_is_explained_at_its_field(member, receiver):
    member.open("/account/factors/sms")
    page = member.send_form(phone="0664 1234567")
    assert page.status_code == 422
    assert "with its country code" in page.text
    assert 'value="0664 1234567"' in page.text


def test_wrong_code_keeps_the_page(member, receiver):
    number = next(_numbers)
    member.open("/account/factors/sms")
    member.send_form(phone=number)
    code = receiver.to(number).code
    page = member.send_form(code=f"{(int(code) + 1) % 1_000_000:06d}")
    assert (page.status_code, heading(page)) == (400, "Enter the code from the text message")
    assert "recovery codes" in member.send_form(code=code).text.lower()


def test_new_code_can_be_sent(member, receiver, clock):
    number = next(_numbers)
    member.open("/account/factors/sms")
    page = member.send_form(phone=number)
    resend = f"{page.url.path}/{re.search(r'/account/factors/sms/([-0-9a-f]+)/resend', page.text)[1]}/resend"
    assert member.send_form(to=resend).status_code == 429
    clock.shift(61)
    page = member.send_form(to=resend)
    assert "We have sent you a code" in notice(page)
    assert "recovery codes" in member.send_form(code=receiver.to(number, 2).code).text.lower()


def test_login_asks_for_a_code_and_returns_to_the_page(member, receiver, phone, clock):
    clock.shift(61)
    member.press("/account/logout")
    member.open("/login?next=/account/profile")
    page = member.send_form(email=member.email, password=member.password)
    assert page.url.path == "/login/second-step"
    assert "We can send a code to your phone" in page.text
    page = member.send_form(to="/login/second-step/sms")
    assert (page.url.path, page.url.params["next"]) == ("/login/second-step", "/account/profile")
    page = member.send_form(to="/login/second-step", code=receiver.to(phone, 2).code)
    assert page.url.path == "/account/profile"


def test_phone_confirms_a_change(member, receiver, phone, clock):
    clock.shift(301)
    page = member.open("/account/password")
    assert 'formaction="/account/reauthenticate/sms" formnovalidate' in page.text
    page = member.goes("POST", "/account/reauthenticate/sms", {"back": "/account/password", "old_password": ""})
    assert (page.url.path, notice(page)[:27]) == ("/account/password", "We have sent you a code by ")
    page = member.send_form(
        old_password=member.password, new_password="wagon-quilt-lantern", code=receiver.to(phone, 2).code
    )
    assert page.url.path == "/account", page.text


def test_button_returns_to_no_other_site(member, phone, clock):
    clock.shift(61)
    for back in ("https://evil.example/account", "//evil.example", "/login", "/account/../login"):
        page = member.goes("POST", "/account/reauthenticate/sms", {"back": back})
        assert page.status_code == 429 or page.url.path == "/account"
