"""The CAPTCHA in a real browser, and with the library of ALTCHA as an independent client."""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import expect

from captchas import Siteverify, challenge
from people import Client, new_email, new_password, refusal
from servers import PROJECT, Process, free_port

from .conftest import OnOurPages

# Solves the challenge in the first argument as the widget of ALTCHA does, and prints the payload.
SOLVE = """
import { solveChallenge } from "altcha-lib";
const asked = JSON.parse(process.argv[1]);
const { number, took } = await solveChallenge(asked.challenge, asked.salt, asked.algorithm, asked.maxnumber).promise;
const { algorithm, challenge, salt, signature } = asked;
console.log(btoa(JSON.stringify({ algorithm, challenge, number, salt, signature, took })));
"""
# The part of Turnstile's script that matters here: it puts the token into a field of its own.
API_JS = """
const [widget] = document.querySelectorAll(".cf-turnstile");
const frame = Object.assign(document.createElement("iframe"), { title: "Turnstile" });
const field = Object.assign(document.createElement("input"), { type: "hidden", name: "cf-turnstile-response" });
field.value = "TOKEN";
widget.append(frame, field);
"""


def started(folder: Any, **settings: str) -> Process:
    port = free_port()
    url = f"http://localhost:{port}"
    running = Process(
        folder, port=port, PUBLIC_BASE_URL=url, FRONTEND_BASE_URL="", EMAIL_VERIFICATION="optional", **settings
    )
    running.url = url
    return running


@pytest.fixture(scope="module")
def protected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """The service with its own proof of work on every form."""
    on = "signup,reset,magic-link,login"
    running = started(tmp_path_factory.mktemp("captcha"), CAPTCHA_PROVIDER="altcha", CAPTCHA_ON=on)
    yield running
    running.kill()


@pytest.fixture
def carol(comes: Callable[..., Any], protected: Process) -> OnOurPages:
    return comes(OnOurPages, protected.url, "carol")


def test_library_of_altcha_solves_our_challenge(protected):
    asked = challenge(protected.url)
    done = subprocess.run(
        ["node", "--input-type=module", "-e", SOLVE, json.dumps(asked)], cwd=PROJECT / "tests/browser",
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    body = {"email": new_email(), "password": new_password(), "captcha_token": done.stdout.strip()}
    client = Client(protected.url)
    assert client.post("/auth/signup", body).status_code == 201
    assert refusal(client.post("/auth/signup", body)) == (403, "captcha_required")


def test_sign_up_by_keyboard(carol):
    carol.open("/signup")
    status = carol.page.locator(".captcha [role=status]")
    expect(status).to_be_empty()  # nothing is computed before the form is used
    carol.page.get_by_label("Email address").focus()
    expect(status).to_have_text("The check is complete.")
    carol.check_accessibility()
    carol.page.keyboard.type(carol.email)
    for text in ("Carol", carol.password):
        carol.page.keyboard.press("Tab")
        carol.page.keyboard.type(text)
    carol.page.keyboard.press("Enter")
    carol.expect_heading("Your account")


def test_form_that_is_sent_at_once_waits_for_the_check(carol):
    carol.open("/reset-password")
    # As a password manager does it: no field gets the focus.
    carol.page.evaluate("document.querySelector('main [name=email]').value = 'carol@example.com'")
    carol.page.evaluate("document.querySelector('main form').requestSubmit()")
    carol.is_told("an email with a link is on its way")


def test_login_after_three_failures(carol):
    carol.sign_up()
    carol.expect_heading("Your account")
    carol.press("Log out")
    right = carol.password
    carol.password = "not this one"
    for _ in range(3):
        carol.log_in()
        carol.is_told("The email address or the password is wrong.")
    carol.password = right
    carol.log_in()
    carol.expect_heading("Your account")


def test_failed_check_is_announced_and_can_be_repeated(carol):
    carol.page.route("**/auth/captcha", lambda route: route.abort())
    carol.open("/reset-password")
    carol.fill(email=carol.email)
    status = carol.page.locator(".captcha [role=status]")
    expect(status).to_have_text("The check failed. Try again.")
    carol.page.unroute("**/auth/captcha")
    carol.press("Send link")
    carol.is_told("an email with a link is on its way")


def test_page_without_javascript_says_what_it_needs(comes, protected):
    carol = comes(OnOurPages, protected.url, "carol", java_script_enabled=False)
    carol.open("/signup")
    expect(carol.page.locator("noscript .refusal")).to_contain_text("This form needs JavaScript")
    carol.sign_up()
    carol.is_told("The CAPTCHA token is missing or invalid. Complete the CAPTCHA, then try again.")


def test_widget_of_a_provider(comes, tmp_path):
    with closing(Siteverify()) as verifier:
        given = {name.upper(): value for name, value in verifier.settings_of("turnstile").items()}
        running = started(tmp_path, **given)
        try:
            carol = comes(OnOurPages, running.url, "carol", watched=False)
            script = API_JS.replace("TOKEN", verifier.new_token())
            carol.page.route(
                "https://challenges.cloudflare.com/**",
                lambda route: route.fulfill(body=script, content_type="text/javascript"),
            )
            carol.sign_up()
            carol.expect_heading("Your account")
            assert carol.faults == []
        finally:
            running.kill()
