"""The development mailbox: without a mail server, it shows emails. In production it never exists."""

import html
import re
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


def opened(person: Person, show: str = "", of: int = 0):
    """Open the newest email to a person, or an earlier one."""
    response = person.client.get(f"/dev/mailbox/{mails_to(person)[of]['id']}{show and f'?show={show}'}")
    assert response.status_code == 200
    return response


@SQLITE_ONLY
def test_page_lists_emails_with_links_to_click_and_the_code(bob):
    page = bob.client.get("/dev/mailbox")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-store"
    (article,) = [part for part in page.text.split("<article>") if bob.email in part]
    assert VERIFY in article
    (mail,) = mails_to(bob)
    assert f'<a href="{link_in(mail["text"], "/verify-email")}"' in article
    assert f'/dev/mailbox/{mail["id"]}"' in article
    assert re.search(r"^ +(\d{6})$", mail["text"], re.M)[1] in article


@SQLITE_ONLY
def test_email_is_shown_as_it_will_look_in_a_frame_without_rights(bob):
    page = opened(bob)
    sandbox, content = re.search(r'<iframe [^>]*sandbox="([^"]*)" srcdoc="([^"]*)"', page.text).groups()
    assert not {"allow-scripts", "allow-same-origin", "allow-forms", "allow-top-navigation"} & set(sandbox.split())
    (mail,) = mails_to(bob)
    assert html.unescape(content).replace('<base target="_blank">', "").strip() == mail["html"].strip()


@SQLITE_ONLY
def test_text_headers_and_source_are_other_pages(bob):
    (mail,) = mails_to(bob)
    link = link_in(mail["text"], "/verify-email")
    assert f'<a href="{link}"' in opened(bob, "text").text
    headers = opened(bob, "headers").text
    for name, value in {"To": bob.email, "Subject": VERIFY, "Content-Language": "en", "Auto-Submitted": "auto-generated"}.items():  # fmt: skip
        assert f'<th scope="row">{name}</th><td>{value}</td>' in headers
    source = html.unescape(opened(bob, "source").text)
    assert "Content-Type: multipart/alternative" in source
    assert f"To: {bob.email}" in source
    assert refusal(bob.client.get(f"/dev/mailbox/{mail['id']}?show=other"))[0] == 422


@SQLITE_ONLY
@pytest.mark.parametrize("email_id", ["999999999", "0", "-1", "x", "9" * 30])
def test_unknown_email_is_not_found_or_rejected(bob, email_id):
    assert bob.client.get(f"/dev/mailbox/{email_id}").status_code in (404, 422)


@SQLITE_ONLY
@pytest.mark.parametrize("markup", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&lt;b&gt;", '"><i>'])
def test_markup_in_an_email_stays_text(bob, markup):
    tables.mark_email_verified(bob)
    with database.transaction() as db:
        account = db.get(User, bob.me()["id"])
        email_utils.queue(db, "email_changed", account, old=markup, new=new_email())
    mail = mails_to(bob)[0]
    assert markup in mail["text"]
    assert markup not in mail["html"]
    for page in (bob.client.get("/dev/mailbox"), *(opened(bob, show) for show in ("html", "text", "headers"))):
        assert markup not in page.text
    assert markup not in opened(bob, "source").text


@SQLITE_ONLY
def test_pages_can_run_no_script_and_load_only_images_of_the_brand(bob, configure):
    configure(brand_logo_url="https://cdn.example.com/logo.png")
    for page in (bob.client.get("/dev/mailbox"), opened(bob)):
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert policy.endswith("img-src 'self' data: https://cdn.example.com")


@SQLITE_ONLY
def test_with_a_mail_server_it_does_not_exist(service, alice, configure):
    for path in ("/dev/mailbox", "/dev/mailbox?format=json", "/dev/mailbox/1", "/api/v1/dev/mailbox"):
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
    for path in ("/dev/mailbox", "/dev/mailbox?format=json", "/dev/mailbox/1"):
        assert httpx.get(f"{service.url}{path}", headers={"Host": host}).status_code == 404
    assert httpx.get(f"{service.url}/dev/mailbox", headers={"Host": "localhost:1"}).status_code == 200
