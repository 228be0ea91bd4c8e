"""After EMAIL_VERIFICATION is switched to `required`, unverified users cannot log in until they verify."""

import pytest
import sqlalchemy

import database
import models
from credentials import passwords
from databases import POSTGRESQL_ONLY, SQLITE_ONLY
from operations import migrations
from people import Person, code_in, new_email, refusal, token_in, with_roles
from settings.loading import settings
from tests.operations.test_migrations import upgrade
from user_import import runs

OUT, BAD_REFRESH, NOT_VERIFIED = (401, "not_authenticated"), (401, "invalid_refresh_token"), (403, "email_not_verified")


@pytest.fixture(params=["off", "optional"])
def early(request, service, configure):
    """Bob signed up while verification was not required, and is logged in; now it is required."""
    configure(email_verification=request.param)
    bob = Person(service, "bob")
    assert bob.sign_up().status_code == 201
    configure(email_verification="required")
    return bob


@SQLITE_ONLY
def test_sessions_of_unverified_users_end(early, another_service):
    assert refusal(early.client.get("/users/me")) == OUT
    assert refusal(early.refresh()) == BAD_REFRESH
    told = another_service.post("/internal/introspect", {"token": early.client.token}).json()
    assert told == {"active": False}


@SQLITE_ONLY
def test_next_login_emails_a_link_that_verifies_the_account(early, mailbox):
    assert refusal(early.log_in()) == NOT_VERIFIED
    mail = mailbox.wait_for(early.email, containing="/verify-email")
    answer = early.verify_email(token_in(mail))
    assert (answer.status_code, answer.json()["is_verified"]) == (200, True)
    assert early.log_in().status_code == 200
    assert early.is_logged_in()


@SQLITE_ONLY
def test_code_in_the_email_of_the_next_login_verifies_the_account(early, mailbox):
    early.log_in()
    assert early.enter_code(code_in(mailbox.wait_for(early.email, containing="/verify-email"))).status_code == 200
    assert early.log_in().status_code == 200


@POSTGRESQL_ONLY
def test_many_logins_send_one_email_while_its_link_is_valid(early, mailbox, clock):
    def mails():
        chosen = (models.Mail.recipient == early.email) & (models.Mail.template == "verify_email")
        return len(database.read_all(sqlalchemy.select(models.Mail.id).where(chosen)))

    for _ in range(3):
        assert refusal(early.log_in()) == NOT_VERIFIED
    assert mails() == 1
    clock.shift(settings.email_verification_ttl_hours * 3600 + 60)
    for _ in range(3):
        assert refusal(early.log_in()) == NOT_VERIFIED
    assert mails() == 2


@SQLITE_ONLY
def test_wrong_password_sends_no_email(early):
    before = database.read_all(sqlalchemy.select(models.Mail.id).where(models.Mail.recipient == early.email))
    assert refusal(early.log_in(password="not the password")) == (401, "invalid_credentials")
    after = database.read_all(sqlalchemy.select(models.Mail.id).where(models.Mail.recipient == early.email))
    assert len(before) == len(after)


@SQLITE_ONLY
def test_verified_users_stay_logged_in(alice, configure):
    configure(email_verification="required")
    assert alice.is_logged_in()
    assert alice.log_in().status_code == 200


@SQLITE_ONLY
def test_sessions_are_valid_again_if_verification_becomes_optional(early, configure):
    configure(email_verification="optional")
    assert early.is_logged_in()


@SQLITE_ONLY
def test_configured_superuser_stays_logged_in(root, configure):
    configure(email_verification="required")
    assert root.is_logged_in()


@SQLITE_ONLY
def test_account_marked_verified_by_an_administrator_can_log_in_without_verification(service, root, configure):
    configure(email_verification="off")
    bob = with_roles(service, root, "bob", "user")
    configure(email_verification="required")
    answer = root.client.patch(f"/admin/users/{bob.user_id}", {"is_verified": True})
    assert (answer.status_code, answer.json()["is_verified"]) == (200, True)
    assert bob.is_logged_in()
    assert root.client.patch(f"/admin/users/{bob.user_id}", {"is_verified": False}).status_code == 200
    assert refusal(bob.client.get("/users/me")) == OUT


def test_email_address_set_by_an_administrator_must_be_verified(service, root, configure):
    configure(email_verification="off")
    bob = with_roles(service, root, "bob", "user")
    root.client.patch(f"/admin/users/{bob.user_id}", {"is_verified": True})
    bob.email = new_email("moved")
    assert root.client.patch(f"/admin/users/{bob.user_id}", {"email": bob.email}).status_code == 200
    configure(email_verification="required")
    assert refusal(bob.log_in()) == NOT_VERIFIED


def test_imported_email_address_must_be_verified(service, configure, tmp_path):
    configure(email_verification="required")
    for verified, status in ((True, 200), (False, 403)):
        bob = Person(service, "bob")
        stored = passwords.hash(bob.password)
        line = f'{{"email": "{bob.email}", "is_verified": {str(verified).lower()}, "hashed_password": "{stored}"}}\n'
        (tmp_path / "people.jsonl").write_text(line)
        runs.Import(print, lambda _: None).run(tmp_path / "people.jsonl")
        assert bob.log_in().status_code == status


@pytest.mark.parametrize("sign", ["email.marked_verified", "user.imported", "superuser", None])
def test_migration_keeps_accounts_marked_as_verified(empty, sign):
    upgrade(empty, "0006")
    with empty.begin() as connection:
        connection.execute(sqlalchemy.text("INSERT INTO users (id, user_id, email, canonical_email, username, is_active, is_verified, created_at, updated_at) VALUES (1, 'a', 'a', 'a', 'a', true, true, '2026-01-01', '2026-01-01')"))  # fmt: skip
        if sign == "superuser":
            connection.execute(sqlalchemy.text("INSERT INTO user_roles (account_id, role) VALUES (1, 'superuser')"))
        elif sign:
            connection.execute(sqlalchemy.text("INSERT INTO audit_events (at, action, user_id, detail) VALUES ('2026-01-01', :sign, 'a', '{}')"), {"sign": sign})  # fmt: skip
    migrations.migrate()
    marked = database.read(sqlalchemy.select(models.User.marked_verified_at))[0]
    assert (marked is not None) == (sign is not None)
