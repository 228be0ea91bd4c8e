"""The key salt: who has JWT_SECRET can only verify access tokens. The upgrade logs no user out."""

import contextlib
import hashlib
import hmac
import secrets

import jwt
import pytest
import sqlalchemy
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

import database
import models
from core import signing
from operations import migrations
from people import Client, Person, at_once, code_in, new_password, refusal
from sessions import signing_keys
from sessions.models import SigningKey
from settings.loading import settings
from tests.operations.test_migrations import upgrade

MINUTE, DAY = 60, 24 * 3600
BAD_REFRESH = (401, "invalid_refresh_token")


def forged(label: str, value: str) -> str:
    """The tokens that Mallory forges with JWT_SECRET and without the database."""
    key = HKDF(SHA256(), 32, None, f"credential-service:{label}".encode()).derive(settings.jwt_secret.encode())
    return f"{value}.{hmac.new(key, value.encode(), hashlib.sha256).hexdigest()}"


def session_of(person: Person) -> str:
    """The claims of an access token that Mallory has seen."""
    return jwt.decode(person.tokens["access_token"], options={"verify_signature": False})["sid"]


def refresh(person: Person, token: str):
    return Client(person.service.url).post("/auth/refresh", {"refresh_token": token})


def newest_link(person: Person) -> str:
    chosen = sqlalchemy.select(models.OneTimeToken.id).where(models.OneTimeToken.account_id == person.me()["id"])
    return database.read(chosen)[0]


@pytest.fixture
def upgraded(service, clock):
    """An installation from before the salt, just upgraded: keys without the salt are valid for an hour."""
    now = signing._current_salt()
    signing.use_salt(now._replace(unsalted_until=models.now() + signing.timedelta(hours=1)))
    yield clock
    signing.use_salt(now)


def test_the_secret_alone_makes_no_refresh_token(alice):
    alice.log_in()
    assert refusal(refresh(alice, forged("refresh_token", f"{session_of(alice)}.0"))) == BAD_REFRESH
    alice.refresh()
    assert refusal(refresh(alice, forged("refresh_token", f"{session_of(alice)}.0"))) == BAD_REFRESH
    assert alice.client.get("/users/me").status_code == 200  # nor is it detected as reuse


def test_the_secret_alone_ends_no_session(service, alice, another_service):
    alice.log_in()
    made_up = forged("refresh_token", f"{session_of(alice)}.0")
    assert refusal(Client(service.url).post("/auth/logout", {"refresh_token": made_up})) == BAD_REFRESH
    assert another_service.post("/oauth2/revoke", data={"token": made_up}).status_code == 200
    assert alice.is_logged_in()


def test_the_secret_alone_makes_no_link_code_or_state(alice, google):
    alice.request_reset()
    link = forged("token:reset_password", newest_link(alice))
    assert refusal(alice.set_new_password(link, new_password())) == (400, "invalid_token")
    assert signing.unsign("token:reset_password", link) is None
    with pytest.raises(signing.InvalidToken):
        signing.unseal(
            "oauth_state", signing._cipher(signing._keys("oauth_state", salted=False)).encrypt(b"{}").decode()
        )


def test_the_secret_alone_verifies_access_tokens(alice):
    alice.log_in()
    claims = jwt.decode(alice.tokens["access_token"], settings.jwt_secret, ["HS256"], audience=settings.jwt_audience)
    assert claims["sub"] == alice.user_id


def test_sessions_from_before_the_upgrade_continue(alice, upgraded):

    alice.log_in()
    assert alice.tokens["refresh_token"] == forged("refresh_token", f"{session_of(alice)}.0")
    phone = alice.other_device()
    upgraded.shift(61 * MINUTE)
    renewed = alice.refresh()
    assert renewed.status_code == 200
    assert alice.refresh().json()["refresh_token"] == renewed.json()["refresh_token"]  # two tabs
    upgraded.shift(5 * DAY)
    assert phone.refresh().status_code == 200
    assert alice.refresh(renewed.json()["refresh_token"]).status_code == 200


def test_links_from_before_the_upgrade_keep_their_lifetime(alice, upgraded, configure):
    configure(password_reset_ttl_minutes=120)
    reset = alice.request_reset()
    upgraded.shift(90 * MINUTE)
    assert alice.set_new_password(reset, new_password()).status_code == 200


def test_codes_from_before_the_upgrade_keep_their_lifetime(service, configure, upgraded):
    configure(email_verification="optional", email_verification_code_expiry_minutes=120)
    bob = Person(service, "bob")
    bob.sign_up()
    code = code_in(bob.verification_mail())
    upgraded.shift(90 * MINUTE)
    assert bob.enter_code(code).status_code == 200


def test_session_with_a_salted_token_accepts_no_other(alice, upgraded):
    """A session from before the upgrade can be forged until its first refresh, and never afterwards."""
    alice.log_in()
    upgraded.shift(61 * MINUTE)
    tokens = [alice.refresh().json()["refresh_token"]]
    tokens.append(alice.refresh(tokens[-1]).json()["refresh_token"])
    for counter in (1, 2, 3):
        assert refusal(refresh(alice, forged("refresh_token", f"{session_of(alice)}.{counter}"))) == BAD_REFRESH
    assert alice.refresh(tokens[-1]).status_code == 200


def test_reuse_of_a_token_from_before_the_upgrade_is_detected(alice, upgraded):
    alice.log_in()
    upgraded.shift(61 * MINUTE)
    newest = alice.refresh().json()["refresh_token"]
    upgraded.shift(MINUTE)
    assert refusal(alice.refresh()) == BAD_REFRESH
    assert refusal(alice.refresh(newest)) == BAD_REFRESH


def test_tokens_made_after_the_upgrade_are_salted(service, alice, upgraded):
    upgraded.shift(61 * MINUTE)
    alice.log_in()
    assert refusal(refresh(alice, forged("refresh_token", f"{session_of(alice)}.0"))) == BAD_REFRESH
    upgraded.shift(2 * MINUTE)
    alice.request_reset()
    link = forged("token:reset_password", newest_link(alice))
    assert refusal(alice.set_new_password(link, new_password())) == (400, "invalid_token")
    assert alice.is_logged_in()


def test_two_workers_with_different_clocks_agree_on_a_session(alice, upgraded):
    """The row of a session says whether its keys are salted."""
    alice.log_in()
    upgraded.shift(61 * MINUTE)
    first = alice.refresh().json()["refresh_token"]
    upgraded.shift(-2 * MINUTE)
    again = [refresh(alice, first) for _ in range(3)]
    assert [answer.status_code for answer in again] == [200] * 3
    assert len({answer.json()["refresh_token"] for answer in again}) == 1


def test_changing_the_secret_logs_no_user_out(alice, configure):
    alice.log_in()
    configure(jwt_secret=secrets.token_urlsafe(48), jwt_secret_previous=settings.jwt_secret)
    assert alice.is_logged_in()


def test_separate_refresh_token_secret_is_salted_too(alice, configure):
    configure(refresh_token_secret_key=secrets.token_urlsafe(48))
    alice.log_in()
    assert alice.is_logged_in()
    key = HKDF(SHA256(), 32, None, b"credential-service:refresh_token").derive(settings.refresh_token_secret_key.encode())  # fmt: skip
    value = f"{session_of(alice)}.1"
    made_up = f"{value}.{hmac.new(key, value.encode(), hashlib.sha256).hexdigest()}"
    assert refusal(refresh(alice, made_up)) == BAD_REFRESH


def test_signing_keys_from_before_the_upgrade_are_read_at_any_age(service, upgraded, configure):
    configure(algorithm="ES256")
    with database.transaction() as db:
        signing_keys.ensure_keys(db)
    upgraded.shift(400 * DAY)
    sealed = [row.private_key for row in database.read_all(SigningKey.__table__.select())]
    assert sealed
    assert all(signing.reseal("signing_keys", key) for key in sealed)


# ---------------------------------------------------------------------------------------------------------------- URLs


@pytest.fixture
def own_salt():
    """Restore the salt of this process after a test that reads other databases."""
    before = signing._salt
    yield
    signing._salt = before


def salts(engine):
    with engine.connect() as connection:
        return connection.execute(sqlalchemy.text("SELECT id, salt, unsalted_until FROM key_salts")).all()


def test_new_installation_never_accepts_unsalted_tokens(empty, own_salt):
    at_once(*[migrations.migrate] * 8)
    ((_, salt, until),) = salts(empty)
    assert (len(salt), until) == (64, None)
    assert signing._salt == (bytes.fromhex(salt), None)
    migrations.migrate()
    assert len(salts(empty)) == 1


def test_installation_with_accounts_accepts_unsalted_tokens_for_an_hour(empty, own_salt):
    upgrade(empty, "0006")
    with empty.begin() as connection:
        connection.execute(sqlalchemy.text("INSERT INTO users (user_id, email, canonical_email, username, is_active, is_verified, created_at, updated_at) VALUES ('a', 'a', 'a', 'a', true, true, '2026-01-01', '2026-01-01')"))  # fmt: skip
    migrations.migrate()
    assert len(salts(empty)) == 1
    assert not signing.is_salted()
    assert signing._salt.unsalted_until - models.now() < signing.timedelta(hours=1)


def test_lost_salt_is_created_again(empty, own_salt):
    migrations.migrate()
    before = salts(empty)
    with empty.begin() as connection:
        connection.execute(sqlalchemy.text("DELETE FROM key_salts"))
    migrations.migrate()
    assert len(salts(empty)) == 1
    assert salts(empty) != before


def test_requests_get_503_before_the_salt_is_known(service, alice, own_salt):
    signing._salt = None
    answer = Client(service.url, allowed=[503]).post("/auth/refresh", {"refresh_token": alice.tokens["refresh_token"]})
    assert refusal(answer) == (503, "unavailable")
    assert int(answer.headers["retry-after"]) > 0


def test_no_request_queries_the_salt(alice):
    seen = []

    def note(_connection, _cursor, statement, *_more):
        seen.append(statement)

    sqlalchemy.event.listen(database.engine, "before_cursor_execute", note)
    with contextlib.suppress(Exception):
        assert alice.is_logged_in()
        alice.request_reset()
    sqlalchemy.event.remove(database.engine, "before_cursor_execute", note)
    assert not [statement for statement in seen if "key_salts" in statement]
