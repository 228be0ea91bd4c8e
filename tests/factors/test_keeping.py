"""How factors are kept: sealed secrets and a new root secret, import, the command line, and erasure."""

import base64
import json
import secrets
from pathlib import Path

import pytest
from sqlalchemy import select

import database
import tables
from authenticator import App, add_app, add_passkey, b64, second_step
from databases import SQLITE_ONLY
from factors import management, sealing
from factors.models import Factor, FactorProfile, PendingLogin, RecoveryCode, TrustedDevice, UsedCeremony
from operations import cleanup
from people import Client, new_email, refusal
from settings.loading import settings
from user_import import runs, values

TABLES = (Factor, FactorProfile, RecoveryCode, TrustedDevice, PendingLogin)


def test_factors_survive_a_new_root_secret_and_the_removal_of_the_old_one(alice, configure, clock):
    app = add_app(alice)
    configure(jwt_secret=secrets.token_urlsafe(48), jwt_secret_previous=settings.jwt_secret)
    assert sealing.renew(1) >= 2
    assert sealing.renew(500) == 0, "they are encrypted again once"
    configure(jwt_secret_previous="")
    clock.shift(60)
    assert second_step(alice, code=app.code()).status_code == 200
    assert second_step(alice, recovery_code=app.recovery_codes[0]).status_code == 200


def test_secret_of_an_unknown_root_secret_is_kept(alice, configure):
    app = add_app(alice)
    stored = select(Factor.__table__.c.sealed_secret).where(Factor.__table__.c.id == app.id)
    before = database.read(stored).sealed_secret
    configure(jwt_secret=secrets.token_urlsafe(48), jwt_secret_previous=secrets.token_urlsafe(48))
    assert sealing.renew(500) == 0
    assert refusal(second_step(alice, code=app.at(1))) == (401, "invalid_code")
    assert refusal(second_step(alice, recovery_code=app.recovery_codes[0])) == (401, "invalid_code")
    assert database.read(stored).sealed_secret == before


def test_deleted_account_leaves_nothing(alice):
    app = add_app(alice)
    passkey = add_passkey(alice)
    assert second_step(alice, code=app.at(1), remember_device=True).status_code == 200
    account = alice.me()["id"]
    assert alice.client.delete("/users/me").status_code == 204
    for table in TABLES:
        assert database.read(select(table.account_id).where(table.account_id == account)) is None
    assert not [trace for trace in (b64(passkey.id), passkey.handle, app.secret) if trace in tables.everything()]


def test_cleanup_deletes_what_has_expired(alice, clock):
    app = add_app(alice)
    add_passkey(alice)
    alice.client.post("/users/me/factors/totp", {})
    second_step(alice, code=app.at(1), remember_device=True)
    Client(alice.service.url).post("/auth/login", {"email": alice.email, "password": alice.password})
    clock.shift(31 * 86400)
    cleanup.run()
    for table in (TrustedDevice, PendingLogin, UsedCeremony):
        assert database.read_all(select(table.__table__)) == []
    assert database.read_all(select(Factor.id).where(Factor.unconfirmed_until.is_not(None))) == []


# ---------------------------------------------------------------------------------------------------------------- import


def imported(tmp_path: Path, secret: str, **more: object) -> tuple[str, str]:
    """Import a user with this secret, and return the email address and the output."""
    file = tmp_path / "users.jsonl"
    email = new_email("imported")
    file.write_text(json.dumps({"email": email, "totp_secret": secret, **more}) + "\n")
    said: list[str] = []

    def report(*texts: object) -> None:
        said.extend(map(str, texts))

    runs.Import(report, report).run(file)
    return email, "\n".join(said)


@pytest.fixture
def hashed(alice):
    return tables.hash_of(alice)


@SQLITE_ONLY
@pytest.mark.parametrize(
    "form", [str.upper, str.lower, lambda s: f"{s[:4]} {s[4:]}", lambda s: f"otpauth://totp/x?secret={s}"]
)
def test_import_takes_the_secret_of_an_authenticator_app(service, alice, hashed, tmp_path, form):
    secret = base64.b32encode(secrets.token_bytes(20)).decode()
    email, _ = imported(tmp_path, form(secret), password_hash=hashed, email_proven_at="2025-01-01T00:00:00Z")
    alice.email = email
    assert second_step(alice, code=App(secret).at()).json()["email"] == email
    assert secret not in tables.everything()


WRONG = [
    "no base32!",
    "AAAA",
    "A" * 500,
    "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&digits=8",
    "otpauth://totp/x",
    "otpauth://hotp/x?secret=JBSWY3DPEHPK3PXP&counter=1",
    "JBSWY3DPEHPK3PXP\u017f",
    "é" * 32,
]


@SQLITE_ONLY
@pytest.mark.parametrize("secret", WRONG)
def test_unusable_secret_is_an_error_of_its_line(service, tmp_path, secret):
    email, said = imported(tmp_path, secret)
    assert "totp_secret" in said
    assert secret not in said
    assert database.read(select(tables.User.id).where(tables.User.email == email)) is None


def test_secret_has_one_form():
    assert values.totp_secret("jbsw y3dp-ehpk3pxp====") == "JBSWY3DPEHPK3PXP"


@SQLITE_ONLY
def test_administrator_at_the_command_line_resets_factors(alice):
    add_app(alice)
    with database.transaction() as db:
        assert management.reset_by_operator(db, alice.me()["id"])
    assert refusal(alice.client.get("/users/me")) == (401, "not_authenticated")
    assert alice.log_in().status_code == 200
