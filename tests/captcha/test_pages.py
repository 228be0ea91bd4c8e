"""The CAPTCHA on the hosted pages: which show it, what they may load, and what they say without JavaScript."""

import re
from fnmatch import fnmatch

import pytest

from captcha import widgets
from captchas import new_token
from databases import SQLITE_ONLY
from reader import notice

pytestmark = SQLITE_ONLY
PAGES = ("/signup", "/reset-password", "/login/magic-link")
NOT_A_ROBOT = "The CAPTCHA token is missing or invalid. Complete the CAPTCHA, then try again."


def policy_of(page):
    directives = (part.strip().partition(" ") for part in page.headers["content-security-policy"].split(";"))
    return {name: sources.split() for name, _, sources in directives}


@pytest.mark.parametrize("provider", widgets.WIDGETS)
def test_page_shows_the_captcha_and_may_load_it(reader, configure, provider):
    plain = policy_of(reader.open("/signup"))
    configure(captcha_provider=provider, captcha_site_key="key-1")
    widget = widgets.current()
    for path in PAGES:
        page = reader.open(path)
        assert f'data-captcha="{provider}"' in page.text
        assert (f'class="{widget.css_class}" data-sitekey="key-1"' in page.text) == bool(widget.css_class)
        assert "<noscript>" in page.text
        assert "needs JavaScript" in page.text
        policy = policy_of(page)
        added = {name: set(sources) - set(plain.get(name, [])) for name, sources in policy.items()}
        assert {name: found for name, found in added.items() if found} == {
            name: set(sources) for name, sources in widget.sources.items()
        }
        for url in re.findall(r'<script[^>]* src="(https:[^"]+)"', page.text):
            assert any(fnmatch(url, f"{source}*") for source in policy["script-src"])
    for path in ("/login", "/verify-email"):
        page = reader.open(path)
        assert "data-captcha" not in page.text
        assert policy_of(page) == plain


def test_page_without_a_token_keeps_what_was_typed(reader, configure):
    configure(captcha_provider="altcha")
    page = reader.sign_up()
    assert (page.status_code, notice(page)) == (403, NOT_A_ROBOT)
    assert f'value="{reader.email}"' in page.text
    assert "data-captcha" in page.text
    reader.sign_up(captcha_token=new_token(reader.service.url))
    assert reader.is_logged_in


def test_login_page_shows_it_after_three_failures(member, configure):
    member.press("/account/logout")
    configure(captcha_provider="altcha", captcha_on=("login",))
    for failures in (1, 2, 3):
        member.open("/login?other=1")
        page = member.send_form(email=member.email, password="not this one")
        assert page.status_code == 401
        assert ("data-captcha" in page.text) == (failures == 3)
    assert "data-captcha" in member.open("/login").text
    page = member.send_form(email=member.email, password=member.password)
    assert (page.status_code, notice(page)) == (403, NOT_A_ROBOT)
    token = new_token(member.service.url)
    assert member.send_form(email=member.email, password=member.password, captcha_token=token).url.path == "/account"
