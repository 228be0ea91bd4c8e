"""Secrets of an OAuth login do not appear in the log at any level, in the audit log, or in emails."""

from contextlib import closing

import pytest

import tables
from browser import FRONTEND, Visitor, query_of
from databases import POSTGRESQL_ONLY, SQLITE_ONLY
from people import Client, Person, text_of
from providers import STAND_INS, settings_of
from servers import Mailbox

NAMES = ["google", "facebook", "github", "apple"]
ON_THE_WAY = ("state", "code", "nonce", "code_verifier", "code_challenge", "access_token", "appsecret_proof", "user")


def secrets_of(provider, visitor, *answers):
    """Collect every secret and personal value of a flow, by kind."""
    asked = [request.form | request.query | {"access_token": request.bearer} for request in provider.seen.values()]
    told = [dict(hop.url.params) for hop in visitor.hops] + asked + list(answers)
    found = {f"{n} {i}": v for i, one in enumerate(told) for n, v in one.items() if n in ON_THE_WAY or "token" in n}
    found |= {cookie.name: cookie.value for cookie in visitor.cookies}
    found |= {"secret": provider.client_secret, "address": provider.person["email"], "subject": provider.person["sub"]}
    return {name: value for name, value in found.items() if len(str(value)) > 8 and value != "Bearer"}


def comes_and_fails(name, provider, visitor):
    """Log in, exchange a code, fail a login and link; return all secrets involved."""
    service = visitor.service
    came = visitor.log_in_with(name).json()
    hidden = [secrets_of(provider, visitor, came)]
    code = query_of(visitor.log_in_with(name, redirect_to=f"{FRONTEND}/x"))
    hidden.append(secrets_of(provider, visitor, code, Client(service.url).post("/oauth/exchange", code).json()))
    refused = (400, b'{"error": "invalid_grant"}', {"Set-Cookie": "kept=only-by-browsers"})
    provider.breaks = {path: refused for path in provider.seen if path.endswith("token")}
    assert visitor.log_in_with(name).status_code == 400
    hidden.append(secrets_of(provider, visitor))
    provider.behaves()
    bob = Person(service, "bob")
    bob.sign_up()
    known_as = provider.person
    provider.new_person()
    with closing(Visitor(service, bob.client.token)) as linking:
        assert linking.link_provider(name).json() == {"linked": name}
        hidden.append(secrets_of(provider, linking))
    provider.person = known_as
    assert all(len(some) > 8 for some in hidden)
    return {f"{what} of {name}, {step}": str(value) for step, some in enumerate(hidden) for what, value in some.items()}


@POSTGRESQL_ONLY
@pytest.mark.parametrize("name", NAMES)
def test_no_secret_is_stored_or_emailed(sign_in_with, visitor, mailbox, configure, name):
    configure(email_verification="optional")
    provider = sign_in_with(name)
    provider.new_person()
    hidden = comes_and_fails(name, provider, visitor)
    rows = tables.everything()
    mails = "".join(text_of(mail) for mail in mailbox.all_to(provider.person["email"]))
    trail = str(tables.events(tables.newest_event() - 8))
    assert "identity" in trail or "user.logged_in" in trail
    for what, secret in hidden.items():
        named = what.startswith(("address", "subject"))
        assert secret not in (trail if named else rows), what
        assert named or secret not in mails, what


def test_no_secret_is_logged(start):
    box = Mailbox()
    open_ones = {name: STAND_INS[name]() for name in NAMES}
    given = {k.upper(): v for name, provider in open_ones.items() for k, v in settings_of(name, provider).items()}
    running = start(mailbox=box, wait=False, LOG_LEVEL="DEBUG", EMAIL_VERIFICATION="optional", **given)
    running.kill()
    running.environment["PUBLIC_BASE_URL"] = running.url
    running.start()
    hidden = {}
    for name, provider in open_ones.items():
        with closing(Visitor(running)) as visitor:
            hidden |= comes_and_fails(name, provider, visitor)
        provider.close()
    running.stop()
    box.close()
    log = running.log.read_text()
    assert log.count("provider rejected the request") == len(NAMES)
    assert "/oauth/{provider}/callback" in log
    assert "only-by-browsers" not in log
    for what, secret in hidden.items():
        assert secret not in log, what


@SQLITE_ONLY
@pytest.mark.parametrize("text", ["zebra@example.com", "ya29.secret-zebra", "x\\r\\nforged-zebra=1"])
def test_error_texts_of_a_provider_are_not_repeated(google, visitor, caplog, text):
    caplog.set_level("DEBUG", "oauth_client")
    for answer in ((500, text.encode()), (200, f'{{"access_token": "{text}", "id_token": "{text}"}}'.encode())):
        google.breaks = {"/token": answer}
        assert visitor.log_in_with("google").status_code == 400
    google.behaves()
    google.changes = {"iss": text, "nonce": text}
    assert visitor.log_in_with("google").status_code == 400
    assert caplog.text.count("invalid response of provider") == 3
    assert "zebra" not in caplog.text
    assert "zebra" not in tables.everything()
