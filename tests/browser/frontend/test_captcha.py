"""The examples with the service's own proof of work on sign-up, password reset and login."""

from contextlib import closing

import pytest
from playwright.sync_api import expect

from .conftest import NextStack, Stack

ON = {"CAPTCHA_PROVIDER": "altcha", "CAPTCHA_ON": "signup,reset,login"}
WRONG = "The email address or the password is wrong."


@pytest.mark.parametrize(("kind", "fixture"), [(Stack, "visitor"), (NextStack, "user")])
def test_forms_solve_the_captcha(tmp_path, request, kind, fixture):
    with closing(kind(tmp_path, **ON)) as stack:
        alice = request.getfixturevalue(fixture)(stack, "alice")
        alice.sign_up()
        alice.is_home()
        alice.press("Log out")
        alice.expect_heading("Log in")
        right = alice.password
        alice.password = "not this one"
        for _ in range(4):  # the last one with a proof of work
            with alice.page.expect_response(lambda response: response.request.method == "POST"):
                alice.log_in()
            alice.is_told(WRONG)
        alice.open("/login")
        alice.follow("Forgot your password?")
        alice.expect_heading("Forgot your password?")
        alice.fill(email=alice.email)
        alice.press("Send the link")
        expect(alice.page.get_by_text(f"If {alice.email} has an account")).to_be_visible()
        alice.password = right
        alice.log_in()
        alice.is_home()
