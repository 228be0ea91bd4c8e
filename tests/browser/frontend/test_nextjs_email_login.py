"""Login by email in the Next.js example: by code, by link, and on another device."""

import re

import pytest


@pytest.fixture
def asked(user, next_stack):
    """Alice has a verified account, has logged out, and has requested an email."""
    alice = user(next_stack, "alice")
    alice.sign_up()
    alice.is_home()
    alice.open(alice.link("/verify-email"))
    alice.press("Verify email address")
    alice.is_home()
    alice.press("Log out")
    alice.expect_heading("Log in")
    alice.follow("Log in by email, without a password")
    alice.expect_heading("Log in by email")
    alice.fill(email=alice.email)
    alice.press("Send the email")
    alice.reads("Open its link in this browser, or enter its code here.")
    return alice


def test_code_logs_in(asked):
    code = re.search(r"\b(\d{6})\b", asked.mail("/magic-link?token="))[1]
    asked.fill(code=f"{(int(code) + 1) % 1_000_000:06d}")
    asked.press("Log in")
    asked.is_told("This link or code is wrong")
    asked.check_accessibility()
    asked.fill(code=code)
    asked.press("Log in")
    asked.is_home()


def test_link_logs_in_this_browser_and_no_other(asked, user, next_stack):
    link = asked.link("/magic-link")
    phone = user(next_stack, "phone", viewport={"width": 375, "height": 720})
    phone.open(link)
    phone.press("Log in")
    phone.is_told("This browser did not request the email")
    phone.check_layout()
    asked.open(link)
    asked.press("Log in")
    asked.is_home()
