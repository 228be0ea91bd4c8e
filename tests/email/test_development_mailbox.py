"""The development mailbox: without a mail server, it shows emails. In production it never exists."""

from datetime import datetime

import httpx
import pytest

import database
import email_utils
import tables
from databases import SQLITE_ONLY
from models import User
from people import Person, new_email, refusal
from servers import production
from settings.loading import read, settings

VERIFY = f"Verify your email address for {settings.app_name}"


@pytest.fixture
def bob(service, configure):
    """A user who signed up without a mail server."""
    configure(smtp_host="", email_verification="optional")
    person = Person(service, "bob")
    assert person.sign_up().status_code == 201
    return person


def mails_to(person: Person) -> list[dict]:
    return [m for m in person.client.get("/dev/mailbox?format=json").json() if m["to"] == person.email]


def link_in(text: str, page: str) -> str:
    return next(word for word in text.split() if page in word)


@SQLITE_ONLY
def test_email_is_complete(bob):
    (mail,) = mails_to(bob)
    assert mail.keys() == {"id", "to", "subject", "text", "html", "created_at"}
    assert mail["subject"] == VERIFY
    assert mail["html"].startswith("<!doctype html>")
    assert datetime.fromisoformat(mail["created_at"]).utcoffset().total_seconds() == 0


@SQLITE_ONLY
def test_newest_is_first(bob):
    bob.client.post("/auth/reset-password/request", {"email": bob.email})
    assert [m["subject"] for m in mails_to(bob)] == ["Reset your password", VERIFY]
    ids = [m["id"] for m in bob.client.get("/dev/mailbox?format=json").json()]
    assert ids == sorted(ids, reverse=True)


@SQLITE_ONLY
def test_its_link_works(bob):
    token = link_in(mails_to(bob)[0]["text"], "/verify-email").partition("token=")[2]
    assert bob.verify_email(token).json()["is_verified"] is True


@SQLITE_ONLY
def test_page_shows_the_same_with_links_to_click(bob):
    page = bob.client.get("/dev/mailbox")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-store"
    (article,) = [part for part in page.text.split("<article>") if bob.email in part]
    assert VERIFY in article
    link = link_in(mails_to(bob)[0]["text"], "/verify-email")
    assert f'<a href="{link}"' in article


@SQLITE_ONLY
@pytest.mark.parametrize("markup", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&lt;b&gt;", '"><i>'])
def test_markup_in_an_email_stays_text(bob, markup):
    tables.mark_email_verified(bob)
    with database.transaction() as db:
        account = db.get(User, bob.me()["id"])
        email_utils.queue(db, "email_changed", account, old=markup, new=new_email())
    page, (mail, _) = bob.client.get("/dev/mailbox").text, mails_to(bob)
    assert markup in mail["text"]
    assert markup not in page
    assert markup not in mail["html"]


@SQLITE_ONLY
def test_page_can_run_no_script(bob):
    policy = bob.client.get("/dev/mailbox").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0]


@SQLITE_ONLY
def test_with_a_mail_server_it_does_not_exist(service, alice, configure):
    for path in ("/dev/mailbox", "/dev/mailbox?format=json", "/api/v1/dev/mailbox"):
        assert refusal(alice.client.get(path)) == (404, "not_found")


@pytest.mark.parametrize(
    "server", [{}, {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": "9"}], ids=["no mail server", "a mail server"]
)
def test_production_never_has_one(server):
    """The page is not found: tests/operations/test_system.py."""
    assert read({"JWT_SECRET": settings.jwt_secret}).development_mailbox
    assert not read(production(**server)).development_mailbox


@SQLITE_ONLY
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example"]
)
def test_host_name_that_resolves_to_loopback_reads_no_email(service, configure, host):
    configure(smtp_host="")
    for path in ("/dev/mailbox", "/dev/mailbox?format=json"):
        assert httpx.get(f"{service.url}{path}", headers={"Host": host}).status_code == 404
    assert httpx.get(f"{service.url}/dev/mailbox", headers={"Host": "localhost:1"}).status_code == 200
