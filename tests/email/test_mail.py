"""Email: content, links, and delivery whatever the mail server does."""

import ast
import re
import signal
import ssl
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
import trustme
from sqlalchemy import select, text

import database
import email_utils
import manage as manage_py
import tables
from core import capability
from databases import POSTGRESQL_ONLY, SQLITE_ONLY
from delivery.models import DeliveryHold
from people import Person, at_once, code_in, html_of, link_in, new_email, new_password, refusal, text_of, token_in
from servers import PROJECT, Mailbox, free_port, production
from settings.loading import settings
from telemetry import logs
from tests.project.test_layers import FILES

TEMPLATES = sorted(path.stem for path in (PROJECT / "templates" / "email").glob("*.jinja"))


@pytest.fixture
def manage(monkeypatch, capsys):
    """manage("failed-mails"): run a command on the database of the service, and return its output."""
    monkeypatch.setattr(logs, "set_up", lambda: None)

    def run(*arguments):
        manage_py.run(*arguments)
        return capsys.readouterr().out

    return run


@pytest.fixture
def zoe(service, configure):
    """A new user, about to sign up and get a verification email."""
    configure(email_verification="optional")
    return Person(service, "zoe")


def outbox_of(address: str) -> list:
    return database.read_all(text("SELECT * FROM outbox WHERE recipient = :address"), {"address": address})


def wait_for_error(address: str, containing: str = "") -> str:
    """Return the last error of an email to this email address or, if the mail server fails, of the outbox."""

    def errors() -> list[str]:
        held = database.read_all(select(DeliveryHold.reason))
        return [text for text in (*(row.last_error for row in outbox_of(address)), *(h.reason for h in held)) if text]

    deadline = time.monotonic() + 60
    while not any(containing in error for error in errors()):
        assert time.monotonic() < deadline, errors()
        time.sleep(0.02)
    return next(error for error in errors() if containing in error)


# ----------------------------------------------------------------------------------------------------------- appearance


@SQLITE_ONLY
def test_email_has_a_text_and_an_html_part_with_the_same_links(bob):
    mail = bob.verification_mail()
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    for url in re.findall(r"https?://\S+", text_of(mail)):
        assert f'href="{url}"' in html_of(mail)
    assert code_in(mail) in html_of(mail)


@SQLITE_ONLY
def test_headers_mark_an_automated_email(bob):
    mail = bob.verification_mail()
    assert mail["From"].addresses[0].addr_spec == settings.mail_from
    assert mail["To"].addresses[0].addr_spec == bob.email
    assert mail["Subject"] == f"Verify your email address for {settings.app_name}"
    assert abs(mail["Date"].datetime - datetime.now(UTC)) < timedelta(minutes=1)
    assert re.fullmatch(r"<\S+@service\.example\.com>", mail["Message-ID"])
    assert mail["Auto-Submitted"] == "auto-generated"


@SQLITE_ONLY
def test_each_email_has_its_own_id(bob, mailbox):
    bob.verification_mail()
    bob.client.post("/auth/resend-verification", {"email": bob.email})
    mailbox.wait_for(bob.email, count=2)
    assert len({mail["Message-ID"] for mail in mailbox.all_to(bob.email)}) == 2


@SQLITE_ONLY
def test_link_and_code_both_work(bob, zoe):
    assert bob.verify_email(token_in(bob.verification_mail())).status_code == 200
    zoe.sign_up()
    code = code_in(zoe.verification_mail())
    assert zoe.client.post("/auth/verify-email", {"email": zoe.email, "code": code}).status_code == 200


@SQLITE_ONLY
@pytest.mark.parametrize(
    ("template", "page"),
    [
        ("verify_email", "/verify-email"),
        ("verify_email", "/not-me"),
        ("reset_password", "/reset-password"),
        ("claim_account", "/reset-password"),
        ("change_email", "/confirm-email-change"),
    ],
)
def test_each_page_of_the_frontend_is_linked_as_documented(service, template, page):
    shown = email_utils.render(template, "0198c7f2-a1b3-7f5d-9e0f-7a1c2d3e4f50", {})
    assert f"{settings.frontend_base_url}{page}?token=" in shown.text
    assert f"{settings.frontend_base_url}{page}?token=" in shown.html


@SQLITE_ONLY
@pytest.mark.parametrize("name", ["Host", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "Origin", "Referer"])
def test_links_lead_to_the_frontend_whatever_a_request_contains(service, configure, mailbox, name):
    configure(email_verification="optional")
    bob = Person(service, "bob", **{name: "evil.example"})
    assert bob.sign_up().status_code == 201
    bob.client.post("/auth/reset-password/request", {"email": bob.email})
    for mail in (bob.verification_mail(), mailbox.wait_for(bob.email, "/reset-password")):
        assert "evil.example" not in mail.as_string()
        for url in re.findall(r"https?://[^\s\"<]+", text_of(mail) + html_of(mail)):
            assert url.startswith(f"{settings.frontend_base_url}/")


@SQLITE_ONLY
def test_frontend_url_can_have_any_path(service, configure, zoe):
    configure(frontend_base_url="https://app.elsewhere.example/base")
    zoe.sign_up()
    assert link_in(zoe.verification_mail()).startswith("https://app.elsewhere.example/base/verify-email?token=")


@SQLITE_ONLY
@pytest.mark.parametrize(
    "address",
    [
        "o'neil+{}@example.com",
        "{}!#$%&*/=?^_`{{|}}~@example.com",
        "{}=40evil.example@example.com",
        "{}@exämple.com",
    ],
)
def test_any_email_address_is_one_recipient(zoe, mailbox, address):
    mark, zoe.email = mailbox.mark(), address.format(new_email().partition("@")[0])
    assert zoe.sign_up().status_code == 201
    reached = zoe.email.replace("exämple.com", "xn--exmple-cua.com")
    mail = mailbox.wait_for(reached, since=mark)
    assert mail.recipients == [reached]
    assert [a.addr_spec for a in mail["To"].addresses] == [reached]


@SQLITE_ONLY
@pytest.mark.parametrize(
    "address",
    ["{0}, mallory@evil.example", "{0}\r\nBcc: mallory@evil.example", "<{0}> mallory@evil.example", "{0};mallory@evil.example", '"{0}, x" <mallory@evil.example>'],
)  # fmt: skip
def test_email_address_with_two_recipients_is_rejected(zoe, mailbox, address):
    alone, zoe.email = zoe.email, address.format(zoe.email)
    assert refusal(zoe.sign_up()) == (422, "validation_error")
    assert tables.no_email_follows(mailbox, "mallory@evil.example")
    assert tables.no_email_follows(mailbox, alone)


@SQLITE_ONLY
def test_no_email_contains_a_password(service, alice, mailbox):
    passwords, moved = [alice.password], new_email("alice")
    for _ in range(2):
        passwords.append(new_password())
        body = {"old_password": alice.password, "new_password": passwords[-1]}
        assert alice.client.post("/auth/change-password", body).status_code == 200
        alice.password = passwords[-1]
    token = alice.request_reset()
    passwords.append(new_password())
    answer = alice.client.post("/auth/reset-password/confirm", {"token": token, "new_password": passwords[-1]})
    assert answer.status_code == 200
    assert alice.log_in(password=passwords[-1]).status_code == 200
    alice.password = passwords[-1]
    assert alice.verify_email(alice.request_email_change(moved)).status_code == 200
    mailbox.wait_for(moved, "changed from")
    tables.wait_for_outbox()
    mails = mailbox.all_to(alice.email) + mailbox.all_to(moved)
    assert len(mails) >= 7
    assert not [p for p in passwords for m in mails if p in m.as_string() + text_of(m) + html_of(m)]


# ------------------------------------------------------------------------------------------------------------ templates

CONTEXT = {
    "old": "a&b@example.com",
    "new": "<i>@example.com",
    "ip": "198.51.100.7",
    "network": "198.51.100.0/24",
    "elsewhere": True,
    "at": "2030-01-02T03:04:00+00:00",
    "provider": "Google",
    "methods": ["Google", "<GitHub>"],
    "email": "new<b>@example.com",
    "user_id": "0198c7f2-a1b3-7f5d-9e0f-7a1c2d3e4f51",
    "counts": {"password_changed": 3, "new_network": 1},
    "factor": "a passkey",
    "scopes": "profile, <users:read>",
    "name": "<Laptop>",
    "left": 3,
    "hours": 72,
    "minutes": 30,
    "reason": "Ticket <4711>",
    "device": "Firefox on Linux",
    "removes_password": True,
    "url": "https://crm.example.com/hooks",
    "description": "<CRM>",
}


@SQLITE_ONLY
@pytest.mark.parametrize("template", TEMPLATES)
def test_each_template_has_a_subject_and_both_parts(service, template):
    shown = email_utils.render(template, "0198c7f2-a1b3-7f5d-9e0f-7a1c2d3e4f50", CONTEXT)
    assert 5 < len(shown.subject) < 70
    heading = shown.text.partition("\n")[0]
    assert shown.subject.startswith(heading)
    assert f"<title>{shown.subject}</title>" in shown.html
    assert f">{heading}</h1>" in shown.html
    assert f"-- \n{settings.app_name}\n\nYou are receiving this email because" in shown.text
    assert "You are receiving this email because" in shown.html
    assert shown.html.rstrip().endswith("</html>")
    assert not re.search(r"\{\{|\}\}|\{%|None|Undefined", shown.text + shown.html)
    assert "<i>@" not in shown.html
    for url in re.findall(r"https?://\S+", shown.text):
        assert url in shown.html


def queues_emails(node: ast.AST) -> bool:
    calls = [each for each in ast.walk(node) if isinstance(each, ast.Call)]
    functions = ("email_utils.queue", "email_utils.queue_without_account", "queue")
    return any(ast.unparse(call.func) in functions for call in calls)


def test_each_template_is_used_and_each_used_one_exists():
    declared = capability.emails().keys()
    functions = [
        node
        for path in FILES.values()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and queues_emails(node)
    ]
    words = {each.value for node in functions for each in ast.walk(node) if isinstance(each, ast.Constant)}
    not_queued = {email_utils.MERGED, "test_email"}
    assert (words & declared) | not_queued == set(TEMPLATES) == declared


# ----------------------------------------------------------------------------------------------------------- the outbox


@SQLITE_ONLY
def test_outbox_contains_neither_link_nor_code(zoe, mailbox):
    mailbox.close()
    zoe.sign_up()
    zoe.client.post("/auth/reset-password/request", {"email": zoe.email})
    dump = repr(outbox_of(zoe.email))
    mailbox.open()
    assert dump.count(zoe.email) == 2
    verify, reset = zoe.verification_mail(), mailbox.wait_for(zoe.email, "/reset-password")
    for secret in (code_in(verify), token_in(verify), token_in(verify, "/not-me"), token_in(reset)):
        assert secret not in dump
        assert len(secret) == 6 or secret.rpartition(".")[2] not in dump
    assert "http" not in dump


@SQLITE_ONLY
def test_closed_mail_server_is_not_noticed_by_users(service, zoe, mailbox):
    mailbox.close()
    people = [zoe, Person(service, "bob"), Person(service, "carol")]
    begun = time.monotonic()
    assert [p.sign_up().status_code for p in people] == [201] * 3
    assert zoe.client.post("/auth/reset-password/request", {"email": zoe.email}).status_code == 202
    assert time.monotonic() - begun < 15
    mailbox.open()
    assert mailbox.wait_for(zoe.email, "/reset-password")
    for person in people:
        assert person.verify_email(token_in(person.verification_mail())).status_code == 200


@SQLITE_ONLY
def test_slow_mail_server_delays_no_request(service, zoe, mailbox):
    mailbox.seconds_to_answer = 3
    people = [zoe, Person(service, "bob")]
    begun = time.monotonic()
    assert [p.sign_up().status_code for p in people] == [201] * 2
    assert time.monotonic() - begun < 5  # two waits would be 6
    assert [mailbox.wait_for(p.email).recipients for p in people] == [[p.email] for p in people]


@SQLITE_ONLY
def test_temporary_rejection_is_retried(zoe, mailbox):
    mailbox.answers[zoe.email] = "451 try again later"
    zoe.sign_up()
    mailbox.wait_until_heard(zoe.email, count=3)
    assert mailbox.all_to(zoe.email) == []
    assert zoe.email not in [row.recipient for row in email_utils.failed()]
    del mailbox.answers[zoe.email]
    assert zoe.verify_email(token_in(zoe.verification_mail())).status_code == 200
    assert len(mailbox.all_to(zoe.email)) == 1


@POSTGRESQL_ONLY
def test_permanent_rejection_is_listed_and_sent_on_request(zoe, mailbox, manage, caplog):
    mailbox.answers[zoe.email] = f"550 no such mailbox: {zoe.email}"
    zoe.sign_up()
    wait_for_error(zoe.email, "550 no such mailbox")
    assert tables.no_email_follows(mailbox, zoe.email)
    assert mailbox.heard.count(zoe.email) == 1
    (given_up,) = [row for row in email_utils.failed() if row.recipient == zoe.email]
    (line,) = [line for line in manage("failed-mails").splitlines() if line.startswith(f"{given_up.id}  ")]
    assert "550 no such mailbox" in line
    assert "email given up" in caplog.text
    assert zoe.email not in caplog.text
    del mailbox.answers[zoe.email]
    assert manage("requeue-mails", "--mail", str(given_up.id)).startswith("1 ")
    assert zoe.verify_email(token_in(zoe.verification_mail())).status_code == 200
    assert zoe.email not in [row.recipient for row in email_utils.failed()]


@SQLITE_ONLY
def test_all_failed_emails_are_sent_when_requested_without_an_id(service, zoe, mailbox):
    people = [zoe, Person(service, "bob")]
    for person in people:
        mailbox.answers[person.email] = "550 no"
        person.sign_up()
        wait_for_error(person.email)
    mailbox.answers.clear()
    assert email_utils.OUTBOX.requeue() >= 2
    assert [mailbox.wait_for(p.email).recipients for p in people] == [[p.email] for p in people]
    assert email_utils.failed() == []


@SQLITE_ONLY
@pytest.mark.parametrize("answer", ["450 busy", "421 go away", "550 no such mailbox", "rubbish"])
def test_unreachable_recipient_delays_no_other(service, zoe, mailbox, answer):
    mailbox.answers[zoe.email] = answer
    zoe.sign_up()
    mailbox.wait_until_heard(zoe.email)
    others = [Person(service, "bob"), Person(service, "carol")]
    for other in others:
        other.sign_up()
        assert mailbox.wait_for(other.email)
    assert mailbox.all_to(zoe.email) == []


def waits_until_given_up(address, seconds=60):
    deadline = time.monotonic() + seconds
    while address not in [row.recipient for row in email_utils.failed()]:
        assert time.monotonic() < deadline
        time.sleep(0.02)


@SQLITE_ONLY
def test_email_fails_after_two_days_and_not_before(zoe, mailbox, clock, configure):
    configure(email_verification="off")
    zoe.sign_up()
    tables.mark_email_verified(zoe)
    mailbox.answers[zoe.email] = "451 try again later"
    assert zoe.change_password(new_password()).status_code == 200
    clock.shift(timedelta(days=2) - timedelta(minutes=5))
    mailbox.wait_until_heard(zoe.email, mailbox.heard.count(zoe.email) + 2)
    assert zoe.email not in [row.recipient for row in email_utils.failed()]
    clock.shift(timedelta(minutes=10))
    waits_until_given_up(zoe.email)
    mailbox.answers.clear()
    assert tables.no_email_follows(mailbox, zoe.email)


def test_expired_link_is_not_sent(alice, mailbox, clock):
    mailbox.answers[alice.email] = "451 try again later"
    alice.client.post("/auth/reset-password/request", {"email": alice.email})
    mailbox.wait_until_heard(alice.email, mailbox.heard.count(alice.email) + 1)
    mark = mailbox.mark()
    clock.shift(timedelta(minutes=settings.password_reset_ttl_minutes + 1))
    waits_until_given_up(alice.email)
    mailbox.answers.clear()
    assert tables.no_email_follows(mailbox, alice.email, since=mark)


@SQLITE_ONLY
def test_broken_connection_at_quit_sends_nothing_twice(alice, mailbox):
    mailbox.goodbye = "421 too busy"
    mark = mailbox.mark()
    alice.client.post("/auth/reset-password/request", {"email": alice.email})
    mailbox.wait_for(alice.email, since=mark)
    assert tables.no_email_follows(mailbox, alice.email, since=mark + 1)


def test_three_concurrent_workers_send_each_email_once(service, zoe, mailbox):
    mailbox.seconds_to_answer = 0.02
    helpers = [email_utils.worker() for _ in range(2)]
    for helper in helpers:
        helper.start()
    people = [Person(service, f"p{n}") for n in range(24)]
    assert [a.status_code for a in at_once(*(p.sign_up for p in people))] == [201] * 24
    for person in people:
        person.verification_mail()
    for helper in helpers:
        helper.stop()
    assert [mailbox.heard.count(p.email) for p in people] == [1] * 24


def test_separate_process_can_deliver(start, mailbox, tmp_path):
    running = start(**production(EMAIL_VERIFICATION="optional", DELIVER_MAIL="false"), mailbox=mailbox)
    zoe, port = Person(running, "zoe"), free_port()
    zoe.sign_up()
    time.sleep(0.3)  # nothing shows from outside that the service has polled and sent nothing
    assert mailbox.all_to(zoe.email) == []
    command = [sys.executable, PROJECT / "manage.py", "deliver-mail", "--metrics-port", str(port)]
    process = subprocess.Popen(command, cwd=tmp_path, env=running.environment, stdout=subprocess.DEVNULL)
    try:
        assert zoe.verify_email(token_in(zoe.verification_mail())).status_code == 200
        counted = httpx2.get(f"http://127.0.0.1:{port}/metrics", trust_env=False).text
        assert 'credential_mails_total{outcome="sent"} 1.0' in counted
        process.send_signal(signal.SIGINT)
        assert process.wait(15) == 0
    finally:
        process.kill()


def test_killed_worker_only_delays_delivery(start, postgres):
    box = Mailbox()
    box.seconds_to_answer = 60
    running = start(mailbox=box, DATABASE_URL=postgres.new_database(), EMAIL_VERIFICATION="optional")
    zoe = Person(running, "zoe")
    zoe.sign_up()
    box.wait_until_heard(zoe.email)
    running.kill()
    box.seconds_to_answer = 0.0
    assert box.all_to(zoe.email) == []
    running.start(ahead=email_utils.LEASE.total_seconds() + 1)  # after the lease
    assert zoe.verify_email(token_in(zoe.verification_mail())).status_code == 200
    box.close()


# ---------------------------------------------------------------------------------------------------------- trust


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


def context_of(authority: trustme.CA, name: str = "localhost") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


@pytest.fixture
def trusts(monkeypatch, tmp_path):
    """trusts(authority): let the service trust this certificate authority only."""

    def trust(authority):
        authority.cert_pem.write_to_path(tmp_path / "ca.pem")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))

    return trust


WAYS = {
    "tls": lambda context: Mailbox(tls=context),
    "starttls": lambda context: Mailbox(starttls=context),
    "auto": lambda context: Mailbox(starttls=context),
}


@SQLITE_ONLY
@pytest.mark.parametrize("security", WAYS)
def test_mail_server_is_trusted_by_its_certificate(zoe, configure, authority, trusts, security):
    box = WAYS[security](context_of(authority))
    configure(smtp_host="localhost", smtp_port=box.port, smtp_security=security)
    trusts(trustme.CA())
    zoe.sign_up()
    assert "certificate verify failed" in wait_for_error(zoe.email, "CERTIFICATE_VERIFY_FAILED").lower()
    assert zoe.email not in box.heard
    trusts(authority)
    assert code_in(box.wait_for(zoe.email))
    configure(smtp_port=zoe.service.mailbox.port)
    box.close()


@SQLITE_ONLY
@pytest.mark.parametrize("security", WAYS)
def test_certificate_of_another_host_gets_no_email(zoe, configure, authority, trusts, security):
    box = WAYS[security](context_of(authority, "elsewhere.example"))
    trusts(authority)
    configure(smtp_host="localhost", smtp_port=box.port, smtp_security=security)
    zoe.sign_up()
    assert "mismatch" in wait_for_error(zoe.email, "CERTIFICATE_VERIFY_FAILED")
    assert box.heard == []
    box.close()


@SQLITE_ONLY
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_server_without_tls_gets_nothing_if_tls_is_required(zoe, mailbox, configure, security):
    configure(smtp_security=security)
    zoe.sign_up()
    wait_for_error(zoe.email)
    assert zoe.email not in mailbox.heard
    configure(smtp_security="none")
    assert zoe.verification_mail()


@SQLITE_ONLY
def test_port_587_requires_starttls(zoe, configure):
    try:
        box = Mailbox(port=587)
    except OSError as error:
        pytest.skip(f"port 587 cannot be had here: {error}")
    configure(smtp_port=587, smtp_security="auto")
    zoe.sign_up()
    wait_for_error(zoe.email, "STARTTLS")
    assert box.heard == []
    configure(smtp_security="none")
    assert box.wait_for(zoe.email)
    box.close()


@SQLITE_ONLY
@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_mail_server_can_require_a_login(zoe, configure):
    box = Mailbox(login=("service", "smtp-secret-value"))
    configure(smtp_port=box.port, smtp_user="service", smtp_password="not it")
    zoe.sign_up()
    assert "smtp-secret-value" not in wait_for_error(zoe.email, "535")
    assert box.heard == []
    configure(smtp_password="smtp-secret-value")
    assert box.wait_for(zoe.email)
    box.close()


@SQLITE_ONLY
@pytest.mark.parametrize(
    ("user", "password"),
    [("service", "pässwörd"), ("dienst-ü", "x"), ("service", "пароль"), ("service", "密码"), ("service", "a b%20c"), ("service", "🔑")],
)  # fmt: skip
def test_login_at_the_mail_server_is_in_utf8(zoe, configure, user, password):
    box = Mailbox(login=(user, password))
    configure(smtp_port=box.port, smtp_user=user, smtp_password=password)
    zoe.sign_up()
    assert box.wait_for(zoe.email)
    box.close()
