"""API keys on the hosted pages, in a browser without scripts."""

import re

from databases import SQLITE_ONLY
from people import Client
from reader import heading, notice

pytestmark = SQLITE_ONLY


def test_key_is_created_shown_once_and_deleted(member, here):
    assert "/account/api-keys" in member.open("/account").text
    member.open("/account/api-keys")
    member.open("/account/api-keys/new")
    page = member.send_form(name="Nightly report", scopes="profile", expires_on="2098-12-31", allowed_ips="127.0.0.1")
    assert heading(page) == "Save your API key"
    key = re.search(r"csk_\w{36}", page.text)[0]
    assert Client(here.url, key).get("/users/me").status_code == 200
    listed = member.open("/account/api-keys")
    assert key not in listed.text
    assert key[:12] in listed.text
    member.open(re.search(r"/account/api-keys/[\w-]{36}/delete", listed.text)[0])
    assert notice(member.send_form()) == "The API key has been deleted."
    assert Client(here.url, key).get("/users/me").status_code == 401


def test_wrong_input_keeps_the_form(member):
    member.open("/account/api-keys/new")
    page = member.send_form(name="Nightly report", allowed_ips="everywhere")
    assert page.status_code == 422
    assert "must include at least one" in page.text
    page = member.send_form(name="Nightly report", scopes="sessions", allowed_ips="everywhere")
    assert page.status_code == 422
    assert 'value="Nightly report"' in page.text
    assert 'value="sessions" checked' in page.text
    assert "must be an IP address or a network" in page.text


def test_key_is_renamed_and_replaced(member, here):
    member.open("/account/api-keys/new")
    old = re.search(r"csk_\w{36}", member.send_form(name="Nightly report", scopes="profile").text)[0]
    path = re.search(r"/account/api-keys/[\w-]{36}/", member.open("/account/api-keys").text)[0]
    member.open(f"{path}rename")
    page = member.send_form(name="\u202e")
    assert (page.status_code, heading(page)) == (422, "Rename the API key")
    assert notice(member.send_form(name="Weekly report")) == "The API key has been renamed."
    assert "Weekly report" in member.page.text
    member.open(f"{path}rotate")
    page = member.send_form(overlap_seconds="100000")
    assert (page.status_code, "“Weekly report”" in page.text) == (422, True)
    page = member.send_form(overlap_seconds="3600")
    new = re.search(r"csk_\w{36}", page.text)[0]
    assert [Client(here.url, key).get("/users/me").status_code for key in (old, new)] == [200, 200]
    member.open(f"{path}rotate")
    newest = re.search(r"csk_\w{36}", member.send_form(overlap_seconds="0").text)[0]
    assert [Client(here.url, key).get("/users/me").status_code for key in (old, new, newest)] == [401, 401, 200]
    assert member.open("/account/api-keys/x/rotate").status_code == 404
