"""The keys that sign access tokens: publication, rotation, and that no user is logged out."""

import base64
import contextlib
import hashlib
import hmac
import json
import socket

import jwt
import pytest
import sqlalchemy
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import database
import prepared
import tables
from browser import Visitor
from commands import keys
from databases import POSTGRESQL_ONLY, SQLITE_ONLY
from operations import cleanup
from people import Client, Person, token_in
from sessions import signing_keys
from sessions.models import SigningKey
from settings.loading import settings


@pytest.fixture(params=["RS256", "ES256", "EdDSA"])
def algorithm(request, service, configure, monkeypatch):
    monkeypatch.setattr(signing_keys, "SECONDS_PUBLISHED_BEFORE_USE", 0)
    configure(algorithm=request.param)
    with database.transaction() as db:
        signing_keys.ensure_keys(db)
    signing_keys._loaded = None
    yield request.param
    signing_keys._loaded = None


def rotates() -> str:
    with database.transaction() as db:
        kid = signing_keys.rotate(db)
    signing_keys._loaded = None
    return kid


def published(service) -> dict[str, dict]:
    return {key["kid"]: key for key in Client(service.url).get("/.well-known/jwks.json").json()["keys"]}


@SQLITE_ONLY
def test_another_service_verifies_a_token_with_the_published_key(service, alice, algorithm):
    alice.log_in()
    token = alice.tokens["access_token"]
    key = published(service)[jwt.get_unverified_header(token)["kid"]]
    assert not {"d", "p", "q", "k"} & key.keys()
    claims = jwt.decode(token, jwt.PyJWK(key), [algorithm], audience="credential-service", issuer=settings.jwt_issuer)
    assert claims["sub"] == alice.user_id


@POSTGRESQL_ONLY
def test_next_key_is_published_before_it_signs_and_previous_key_afterwards(service, alice, algorithm):
    alice.log_in()
    old, before = jwt.get_unverified_header(alice.tokens["access_token"])["kid"], published(service)
    phone = alice.other_device()
    new = rotates()
    assert tables.events()[-2].action == "keys.made" and tables.events()[-1].action == "keys.rotated"
    assert new in before
    assert {old, new} < published(service).keys()
    assert phone.me()["user_id"] == alice.user_id
    assert jwt.get_unverified_header(alice.log_in().json()["access_token"])["kid"] == new


@SQLITE_ONLY
def test_key_that_other_processes_have_not_read_does_not_sign(service, algorithm, monkeypatch):
    rotates()
    monkeypatch.setattr(signing_keys, "SECONDS_PUBLISHED_BEFORE_USE", 4)
    before = published(service)
    assert rotates() is None
    assert published(service) == before


@POSTGRESQL_ONLY
def test_previous_key_is_removed_when_its_tokens_have_expired(service, alice, algorithm, clock):
    old = jwt.get_unverified_header(alice.log_in().json()["access_token"])["kid"]
    rotates()
    clock.shift(settings.access_token_expire_minutes * 60 + 120)
    signing_keys._loaded = None
    assert old not in published(service)


@POSTGRESQL_ONLY
def test_keys_rotate_automatically(service, alice, algorithm, clock):
    old = jwt.get_unverified_header(alice.log_in().json()["access_token"])["kid"]
    cleanup.run()
    signing_keys._loaded = None
    assert jwt.get_unverified_header(alice.log_in().json()["access_token"])["kid"] == old
    clock.shift(settings.jwt_key_rotation_days * 86400 + 60)
    cleanup.run()
    signing_keys._loaded = None
    assert jwt.get_unverified_header(alice.log_in().json()["access_token"])["kid"] != old


@SQLITE_ONLY
def test_private_keys_are_encrypted_in_the_database(service, algorithm):
    for row in database.read_all(SigningKey.__table__.select()):
        assert "PRIVATE KEY" not in row.private_key
        assert signing_keys.signing.unseal("signing_keys", row.private_key, stored=True).startswith(
            b"-----BEGIN PRIVATE KEY"
        )


def part(value: dict) -> bytes:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")


@SQLITE_ONLY
def test_public_key_does_not_work_as_an_hmac_secret(service, alice, algorithm):
    alice.log_in()
    header, claims = (
        jwt.get_unverified_header(alice.tokens["access_token"]),
        jwt.decode(alice.tokens["access_token"], options={"verify_signature": False}),
    )
    pem = jwt.PyJWK(published(service)[header["kid"]]).key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for secret in (pem, settings.jwt_secret.encode(), b""):
        for forged in (
            {**header, "alg": "HS256"},
            {**header, "alg": "none"},
            {**header, "kid": "../../dev/null"},
            {**header, "kid": ["a"]},
        ):
            signed = part(forged) + b"." + part(claims)
            mac = base64.urlsafe_b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).rstrip(b"=")
            assert Client(service.url, (signed + b"." + mac).decode()).get("/users/me").status_code == 401


@pytest.fixture
def statements(monkeypatch):
    """Record every statement sent to the database, including those that PostgreSQL has prepared."""
    seen, ask = [], prepared._Compiled.first

    def note(_connection, _cursor, statement, *_more):
        seen.append(statement)

    def note_prepared(made, *more):
        seen.append(made._prepare)
        return ask(made, *more)

    monkeypatch.setattr(prepared._Compiled, "first", note_prepared)
    sqlalchemy.event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    sqlalchemy.event.remove(database.engine, "before_cursor_execute", note)


HEADERS = {
    "an address of keys": {"jku": "http://127.0.0.1:9/keys"},
    "a certificate's address": {"x5u": "http://127.0.0.1:9/cert"},
    "a key of its own": {"jwk": {"kty": "oct", "k": "c2VjcmV0"}},
    "a path": {"kid": "../../dev/null"},
    "a list": {"kid": ["a"]},
    "a number": {"kid": 1},
    "a critical extension": {"crit": ["exp"], "exp": 1},
    "another type": {"typ": "JWT"},
    "no algorithm": {"alg": "none"},
    "another algorithm": {"alg": "HS512"},
}


@SQLITE_ONLY
@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_forged_token_costs_no_query(service, alice, statements, header):
    claims = jwt.decode(alice.tokens["access_token"], options={"verify_signature": False})
    signed = part({"alg": "HS256", "typ": "at+jwt", **header}) + b"." + part(claims)
    mac = base64.urlsafe_b64encode(hmac.new(b"secret", signed, hashlib.sha256).digest()).rstrip(b"=")
    statements.clear()
    assert Client(service.url, (signed + b"." + mac).decode()).get("/users/me").status_code == 401
    assert [statement for statement in statements if "sessions" in statement or "signing_keys" in statement] == []


@SQLITE_ONLY
def test_valid_token_costs_one_query(alice, statements):
    statements.clear()
    alice.me()
    assert len([statement for statement in statements if "sessions" in statement]) == 1


@SQLITE_ONLY
def test_duplicate_claims_are_useless_without_the_key(service, alice):
    head, _, mac = alice.tokens["access_token"].split(".")
    claims = jwt.decode(alice.tokens["access_token"], options={"verify_signature": False})
    twice = json.dumps(claims)[:-1] + ', "sub": "suvodutta"}'
    forged = f"{head}.{base64.urlsafe_b64encode(twice.encode()).rstrip(b'=').decode()}.{mac}"
    assert Client(service.url, forged).get("/users/me").status_code == 401


@SQLITE_ONLY
def test_token_of_fifty_megabytes_is_rejected(service, alice):
    with socket.create_connection(("127.0.0.1", service.port), timeout=30) as connection:
        connection.sendall(b"GET /users/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ")
        with contextlib.suppress(ConnectionError):  # a server may close the connection on a request of this size
            connection.sendall(b"a" * 50_000_000 + b"\r\n\r\n")
            assert connection.recv(100).split()[1] in (b"400", b"401", b"431")
    assert alice.me()["email"] == alice.email


@SQLITE_ONLY
def test_hs256_publishes_nothing(anonymous):
    assert anonymous.get("/.well-known/jwks.json").json() == {"keys": []}


OLD_SECRET, NEW_SECRET = "old-" + "0123456789abcdef" * 3, "new-" + "fedcba9876543210" * 3


@SQLITE_ONLY
def test_changing_the_secret_logs_no_user_out(service, configure):
    configure(jwt_secret=OLD_SECRET)
    alice = Person(service, "alice")
    alice.sign_up()
    configure(jwt_secret=NEW_SECRET, jwt_secret_previous=OLD_SECRET)
    assert alice.me()["email"] == alice.email
    renewed = alice.refresh().json()
    configure(jwt_secret_previous="")
    assert Client(service.url, renewed["access_token"]).get("/users/me").status_code == 200
    assert alice.client.get("/users/me").status_code == 401


@pytest.fixture
def start_with(service, configure):
    """start_with(jwt_secret=…): apply to the signing keys what a start with these settings and ES256 does."""

    def ensure_keys(**changes):
        configure(algorithm="ES256", **changes)
        signing_keys._opened_keys.clear()
        signing_keys._loaded = None
        with database.transaction() as db:
            signing_keys.ensure_keys(db)

    yield ensure_keys
    database.write_only(sqlalchemy.delete(SigningKey))
    signing_keys._opened_keys.clear()
    signing_keys._loaded = None


@POSTGRESQL_ONLY
def test_keys_survive_a_change_of_the_secret_that_encrypts_them(service, start_with):
    start_with(jwt_secret=OLD_SECRET)
    before = published(service).keys()
    start_with(jwt_secret=NEW_SECRET, jwt_secret_previous=OLD_SECRET)
    assert published(service).keys() == before
    start_with(jwt_secret_previous="")
    assert published(service).keys() == before


@POSTGRESQL_ONLY
def test_keys_encrypted_with_an_unknown_secret_are_replaced(service, start_with):
    start_with(jwt_secret=OLD_SECRET)
    before = published(service).keys()
    start_with(jwt_secret=NEW_SECRET)
    assert Person(service, "alice").sign_up().status_code == 201
    assert len(published(service)) == 2
    assert not before & published(service).keys()


@POSTGRESQL_ONLY
def test_server_with_another_secret_ends_no_token_of_the_others(service, start_with, configure):
    start_with(jwt_secret=OLD_SECRET)
    alice = Person(service, "alice")
    alice.sign_up()
    start_with(jwt_secret=NEW_SECRET)
    assert alice.client.get("/users/me").status_code == 401
    configure(jwt_secret=OLD_SECRET)
    signing_keys._opened_keys.clear()
    signing_keys._loaded = None
    assert alice.me()["email"] == alice.email
    assert Person(service, "bob").sign_up().status_code == 201, "it has a new key"
    assert signing_keys.current().ended == set()
    assert alice.me()["email"] == alice.email


@POSTGRESQL_ONLY
def test_command_with_another_secret_rotates_nothing(service, start_with, configure):
    start_with(jwt_secret=OLD_SECRET)
    before = published(service).keys()
    configure(jwt_secret=NEW_SECRET)
    with pytest.raises(SystemExit, match="cannot decrypt"):
        keys.rotate_keys()
    configure(jwt_secret=OLD_SECRET)
    assert published(service).keys() == before


@POSTGRESQL_ONLY
def test_server_goes_on_after_one_with_another_algorithm_has_started(service, start_with, configure):
    start_with()
    configure(algorithm="RS256")
    with database.transaction() as db:
        signing_keys.ensure_keys(db)
    configure(algorithm="ES256")
    signing_keys._loaded = None  # of a worker that has not served a request yet
    alice = Person(service, "alice")
    assert alice.sign_up().status_code == 201
    assert signing_keys.current().ended == set(), "it has a new key"
    assert alice.me()["email"] == alice.email


@SQLITE_ONLY
def test_keys_are_read_while_every_connection_waits_for_one_account(service, configure, monkeypatch):
    configure(algorithm="ES256")
    with database.transaction() as db:
        signing_keys.ensure_keys(db)
    waiting = [database.engine.connect() for _ in range(settings.database_pool_size)]
    monkeypatch.setattr(signing_keys, "_loaded", None)
    try:
        assert signing_keys.published()
    finally:
        for connection in waiting:
            connection.close()
        monkeypatch.setattr(signing_keys, "_loaded", None)


@SQLITE_ONLY
def test_claim_contains_the_verified_state_in_every_mode(service, another_service, google, mailbox, configure):
    def claims(access_token):
        told = another_service.post("/oauth2/introspect", data={"token": access_token}).json()
        return jwt.decode(access_token, options={"verify_signature": False})["email_verified"], told["email_verified"]

    bob = Person(service, "bob")  # by default, accounts are verified at sign-up
    assert bob.sign_up().json()["is_verified"] is True
    assert claims(bob.client.token) == (False, False)
    google.new_person(email_verified=False)
    assert claims(Visitor(service).log_in_with("google").json()["access_token"]) == (False, False)
    google.new_person(email_verified=True)
    assert claims(Visitor(service).log_in_with("google").json()["access_token"]) == (True, True)
    configure(email_verification="optional")
    carol = Person(service, "carol")
    carol.sign_up()
    assert claims(carol.client.token) == (False, False)
    carol.verify_email(token_in(carol.verification_mail()))
    assert claims(carol.refresh().json()["access_token"]) == (True, True)
