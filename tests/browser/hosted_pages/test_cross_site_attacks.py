"""Cross-site attacks from Mallory's page, in a browser that enforces its own rules."""

import pytest
from playwright.sync_api import expect

EVIL = "http://evil.localhost:8666"


@pytest.fixture
def victim(person):
    """Alice, logged in, about to open Mallory's page."""
    alice = person("alice", watched=False)
    alice.sign_up()
    alice.expect_heading("Your account")
    return alice


def mallory_shows(reader, page, at=EVIL):
    reader.page.route(f"{at}/**", lambda route: route.fulfill(body=page, content_type="text/html"))
    reader.open(f"{at}/")


def form(url, path, **fields):
    inputs = "".join(f'<input name="{name}" value="{value}">' for name, value in fields.items())
    return f'<form method="post" action="{url}{path}">{inputs}</form><script>document.forms[0].submit()</script>'


@pytest.mark.parametrize("path", ["/account/delete", "/auth/continue?next=/account/delete"])
def test_cross_site_form_is_rejected(victim, path):
    mallory_shows(victim, form(victim.url, path))
    expect(victim.page.locator("body")).to_contain_text("The form was not sent from this site")
    victim.open("/account")
    victim.expect_heading("Your account")
    expect(victim.page.locator("dl").first).to_contain_text(victim.name)


def test_login_csrf_is_rejected(person, pages):
    mallory, alice = person("mallory"), person("alice", watched=False)
    mallory.sign_up()
    mallory_shows(alice, form(pages.url, "/login", email=mallory.email, password=mallory.password))
    expect(alice.page.locator("body")).to_contain_text("The form was not sent from this site")
    alice.open("/account")
    alice.expect_heading("Log in")


def test_form_from_an_opaque_origin_is_rejected(victim):
    evil = form(victim.url, "/account/profile", username="Mallory").replace('"', "&quot;")
    mallory_shows(victim, f'<iframe sandbox="allow-forms allow-scripts allow-top-navigation" srcdoc="{evil.replace("<form", "<form target=_top")}"></iframe>')  # fmt: skip
    victim.page.wait_for_timeout(500)
    victim.open("/account")
    expect(victim.page.locator("dl").first).to_contain_text(victim.name)


def test_pages_cannot_be_framed(victim):
    mallory_shows(victim, f'<iframe src="{victim.url}/account"></iframe><iframe src="{victim.url}/login"></iframe>')
    victim.page.wait_for_timeout(500)
    for frame in victim.page.frames[1:]:
        assert "Your account" not in frame.content()
        assert "Password" not in frame.content()


def test_referer_contains_no_token(alice):
    alice.sign_up()
    alice.follows_the_mail("Verify", "/verify-email")
    said = []
    alice.page.route(f"{EVIL}/**", lambda route: (said.append(route.request.headers), route.fulfill(body="")))
    alice.page.evaluate(f"location.href = '{EVIL}/'")
    alice.page.wait_for_url(f"{EVIL}/")
    assert "token" not in str(said[0].get("referer", ""))
    alice.watched = False  # Mallory's page is not on this machine


def test_injected_script_does_not_run(alice):
    alice.open("/login")
    alice.page.evaluate("""() => {
      const script = document.createElement("script");
      script.textContent = "document.title = 'Mallory'";
      document.body.append(script);
      const image = document.createElement("img");
      image.setAttribute("onerror", "document.title = 'Mallory'");
      image.src = "/nothing";
      document.body.append(image);
    }""")
    alice.page.wait_for_timeout(300)
    assert alice.page.title().startswith("Log in")
    alice.watched = False  # the browser reports that it blocked the request
