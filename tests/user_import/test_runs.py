"""Accounts from other systems: hashes and ids kept, bad lines reported, and safe to run again."""

import base64
import csv
import hashlib
import json

import pytest
from passlib import hash as schemes
from sqlalchemy import func, select

import database
import tables
from credentials import passwords
from databases import POSTGRESQL_ONLY, SQLITE_ONLY
from models import User
from people import Person, at_once, new_email
from user_import import runs, writing

passwords.is_usable("none")  # loads what argon2 needs, before two threads do at once
PASSWORD = "pässword of long ago"


def django_scrypt(password):
    made = hashlib.scrypt(password.encode(), salt=b"seasalt", n=1 << 14, r=8, p=1, maxmem=1 << 26, dklen=64)
    return f"scrypt$16384$seasalt$8$1${base64.b64encode(made).decode()}"


def bcrypt(ident):
    return schemes.bcrypt.using(rounds=5, ident=ident).hash


HASHES = {
    "bcrypt 2a": bcrypt("2a"),
    "bcrypt 2b": bcrypt("2b"),
    "bcrypt 2y": bcrypt("2y"),
    "argon2id": schemes.argon2.using(type="ID", rounds=1, memory_cost=1024).hash,
    "argon2i": schemes.argon2.using(type="I", rounds=1, memory_cost=1024).hash,
    "scrypt": schemes.scrypt.using(rounds=4).hash,
    "PBKDF2 SHA-1": schemes.pbkdf2_sha1.using(rounds=10).hash,
    "PBKDF2 SHA-256": schemes.pbkdf2_sha256.using(rounds=10).hash,
    "PBKDF2 SHA-512": schemes.pbkdf2_sha512.using(rounds=10).hash,
    "Django PBKDF2": schemes.django_pbkdf2_sha256.using(rounds=10).hash,
    "Django PBKDF2 SHA-1": schemes.django_pbkdf2_sha1.using(rounds=10).hash,
    "Django bcrypt": schemes.django_bcrypt.using(rounds=4).hash,
    "Django bcrypt SHA-256": schemes.django_bcrypt_sha256.using(rounds=4).hash,
    "Django argon2": schemes.django_argon2.using(rounds=1, memory_cost=1024).hash,
    "Django scrypt": django_scrypt,
    "phpass": schemes.phpass.using(rounds=7).hash,
}


class Run:
    """An import of these lines, and what it reported."""

    def __init__(self, path, lines, dry_run=False):
        self.path, self.bad, self.read = path, {}, 0
        if path.suffix == ".csv":
            with path.open("w", newline="", encoding="utf-8") as file:
                out = csv.DictWriter(file, sorted({name for line in lines for name in line}))
                out.writeheader()
                out.writerows(lines)
        else:
            path.write_text("".join((json.dumps(x) if isinstance(x, dict) else x) + "\n" for x in lines), "utf-8")
        self.again(dry_run)

    def again(self, dry_run=False):
        self.bad = {}
        run = runs.Import(self.bad.__setitem__, self._advance, runs.Options(dry_run=dry_run))
        self.totals = run.run(self.path)
        return self.totals

    def _advance(self, size):
        self.read += size

    @property
    def counts(self):
        return self.totals.imported, self.totals.there, self.totals.bad


def stored(email):
    return database.read(select(User.hashed_password, User.user_id, User.id).where(User.canonical_email == email))


def count():
    return database.read(select(func.count()).select_from(User))[0]


@SQLITE_ONLY
@pytest.mark.parametrize("ending", ["jsonl", "csv"])
def test_whoever_comes_with_a_hash_logs_in_and_gets_a_hash_of_ours(service, tmp_path, ending):
    people = {name: new_email("imported") for name in HASHES}
    lines = [
        {"email": people[name], "username": name, "hashed_password": made(PASSWORD)} for name, made in HASHES.items()
    ]
    assert Run(tmp_path / f"users.{ending}", lines).counts == (len(HASHES), 0, 0)
    for name, email in people.items():
        person = Person(service, "imported")
        assert person.logs_in(email=email, password=PASSWORD).status_code == 200, name
        assert person.me()["username"] == name
        assert stored(email).hashed_password.startswith(("$2b$04$", "$bcrypt-sha256$")), name
        assert not person.can_log_in_with("another password", email=email)
        assert person.can_log_in_with(PASSWORD, email=email), name


def test_an_account_keeps_all_that_it_had(service, tmp_path, root):
    email, user_id = new_email("old"), f"legacy:{new_email()}"
    line = {
        "email": email, "id": user_id, "username": "Old Friend", "password": bcrypt("2y")(PASSWORD), "is_active": False,
        "email_proven_at": "2020-05-01T10:00:00Z", "created_at": "2019-02-03T04:05:06+02:00", "roles": ["user", "admin"],
    }  # fmt: skip
    assert Run(tmp_path / "users.jsonl", [line]).counts == (1, 0, 0)
    account = root.client.get("/admin/users", params={"query": email}).json()["items"][0]
    assert (account["user_id"], account["username"], account["roles"]) == (user_id, "Old Friend", ["admin", "user"])
    assert (account["is_active"], account["is_verified"]) == (False, True)
    assert account["created_at"] == "2019-02-03T02:05:06Z"
    (event,) = tables.events(user_id=user_id)
    assert (event.action, event.actor_id, event.detail) == ("user.imported", None, {})


def test_whoever_comes_with_no_hash_gets_in_through_a_reset(service, tmp_path):
    for none in ({}, {"hashed_password": None}, {"password": "!unusable"}):
        person = Person(service, "hashless")
        assert Run(tmp_path / "users.jsonl", [{"email": person.email, **none}]).counts == (1, 0, 0)
        assert not person.can_log_in_with(person.password)
        assert person.sets_a_new_password(person.asks_for_a_reset(), person.password).status_code == 200
        assert person.can_log_in_with(person.password)


@POSTGRESQL_ONLY
def test_a_file_can_be_imported_again(service, tmp_path):
    lines = [
        {"email": new_email(), "user_id": new_email(), "hashed_password": bcrypt("2b")(PASSWORD)} for _ in range(5)
    ]
    run = Run(tmp_path / "users.jsonl", lines)
    person = Person(service, "imported")
    assert person.logs_in(email=lines[0]["email"], password=PASSWORD).status_code == 200
    renewed, before = stored(lines[0]["email"]), tables.everything()
    run.again()
    assert run.counts == (0, 5, 0)
    assert tables.everything() == before
    assert stored(lines[0]["email"]) == renewed


def test_an_import_that_was_broken_off_goes_on_where_it_was(service, tmp_path, monkeypatch):
    monkeypatch.setattr(runs, "BATCH", 10)
    lines = [{"email": new_email()} for _ in range(35)]
    run = Run.__new__(Run)
    taken, real = [], writing.add
    monkeypatch.setattr(writing, "add", lambda *a: real(*a) if len(taken) < 2 and not taken.append(1) else 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run.__init__(tmp_path / "users.jsonl", lines)
    monkeypatch.setattr(writing, "add", real)
    run.again()
    assert run.counts == (15, 20, 0)


@POSTGRESQL_ONLY
def test_a_dry_run_writes_nothing_and_finds_the_same(service, tmp_path):
    lines = [{"email": new_email()}, {"email": "x"}, {"email": new_email(), "roles": ["no-such-role"]}]
    before = tables.everything()
    run = Run(tmp_path / "users.jsonl", lines, dry_run=True)
    assert (run.counts, tables.everything()) == ((1, 0, 2), before)
    found = run.bad
    run.again()
    assert (run.counts, run.bad) == ((1, 0, 2), found)


GOOD = bcrypt("2b")(PASSWORD)
BAD = {
    "no address": {"username": "X"},
    "no valid address": {"email": "x"},
    "an address that is none of text": {"email": ["a@example.com"]},
    "a plain password": {"hashed_password": "correct horse"},
    "an unknown kind": {"hashed_password": "md5$salt$5f4dcc3b5aa765d61d8327deb882cf99"},
    "half a hash": {"hashed_password": GOOD[:-4]},
    "a hash and a half": {"hashed_password": f"{GOOD}abc"},
    "bcrypt 2x": {"hashed_password": GOOD.replace("$2b$", "$2x$")},
    "a hash with NUL": {"hashed_password": f"{GOOD[:-1]}\0"},
    "a hash with an emoji": {"hashed_password": f"{GOOD[:-1]}🦊"},
    "a hash that takes an hour": {"hashed_password": GOOD.replace("$05$", "$24$")},
    "half a phpass": {"hashed_password": schemes.phpass.using(rounds=7).hash("x")[:-4]},
    "an id with a space": {"user_id": "a b"},
    "an id with a slash": {"user_id": "x/"},
    "an id that is a way up": {"user_id": ".."},
    "an id that means oneself": {"user_id": "me"},
    "a date of the far future": {"created_at": "9999-12-31T23:59:59Z"},
    "argon2 with data": {"hashed_password": "$argon2id$v=19$m=8,t=1,p=1,data=abcd$c2FsdHNhbHQ$" + "a" * 43},
    "argon2 with a key's name": {"hashed_password": "$argon2id$v=19$m=8,t=1,p=1,keyid=abcd$c2FsdHNhbHQ$" + "a" * 43},
    "an id that is too long": {"user_id": "x" * 65},
    "a date that is none": {"created_at": "yesterday"},
    "an unknown role": {"roles": ["no-such-role"]},
    "a role that is none": {"roles": ["No Such Role"]},
    "maybe": {"is_active": "maybe"},
}  # fmt: skip


ARGON2, SCRYPT, SALT, DIGEST = (
    "$argon2id$v=19$m={},t={},p={}${}${}",
    "$scrypt$ln={},r={},p={}${}${}",
    "c2FsdHNhbHQ",
    "a" * 43,
)
DJANGO = f"scrypt${{}}$salt${{}}${{}}${'a' * 85}A=="
MOST = {
    "bcrypt": (GOOD.replace("$05$", "$15$"), [GOOD.replace("$05$", "$16$")]),
    "argon2": ((262_144, 4, 16), [(262_145, 2, 1), (1024, 21, 1), (262_144, 2, 17), (262_144, 5, 1)]),
    "Django argon2": ((52_428, 20, 16), [(262_145, 2, 1), (1024, 21, 1), (262_144, 2, 17), (52_429, 20, 1)]),
    "scrypt": ((17, 8, 1), [(18, 8, 1), (17, 9, 1), (17, 8, 2), (4, 33, 1), (4, 8, 17), (31, 1, 1)]),
    "Django scrypt": ((1 << 14, 8, 8), [(1 << 18, 8, 1), (1 << 17, 9, 1), (1 << 14, 8, 9), (16, 33, 1), (16, 8, 17)]),
    "PBKDF2": (2_000_000, [2_000_001, 4_000_000_000]),
    "Django PBKDF2": (2_000_000, [2_000_001, 4_000_000_000]),
    "phpass": ("I", ["J", "S"]),
}
WRITTEN = {
    "bcrypt": str,
    "argon2": lambda cost: ARGON2.format(*cost, SALT, DIGEST),
    "Django argon2": lambda cost: "argon2" + ARGON2.format(*cost, SALT, DIGEST),
    "scrypt": lambda cost: SCRYPT.format(*cost, SALT, DIGEST),
    "Django scrypt": lambda cost: DJANGO.format(*cost),
    "PBKDF2": lambda cost: f"$pbkdf2-sha256${cost}${SALT}${DIGEST}",
    "Django PBKDF2": lambda cost: f"pbkdf2_sha256${cost}$salt${'a' * 43}=",
    "phpass": lambda cost: f"$P${cost}{'a' * 30}",
}


@SQLITE_ONLY
@pytest.mark.parametrize("kind", MOST)
def test_a_hash_that_would_stall_a_login_is_a_bad_line(service, tmp_path, kind):
    most, beyond = MOST[kind]
    lines = [{"email": new_email(), "hashed_password": WRITTEN[kind](cost)} for cost in (most, *beyond)]
    run = Run(tmp_path / "users.jsonl", lines, dry_run=True)
    assert (run.counts, list(run.bad)) == ((1, 0, len(beyond)), list(range(2, len(lines) + 1)))
    assert all("hashed_password" in reason and "within the cost limit" in reason for reason in run.bad.values())


def test_each_bad_line_is_reported_by_number_and_reason_and_the_others_come_in(service, tmp_path):
    lines = [{"email": new_email(), "hashed_password": GOOD, **bad} for bad in BAD.values()]
    del lines[0]["email"]
    rubbish = [
        "[1]",
        "not JSON",
        '{"email": "half@exam',
        '"a text"',
        "[" * 50_000,
        json.dumps({"email": "a@example.com" + " " * 70_000}),
    ]
    good = {"email": new_email()}
    run = Run(tmp_path / "users.jsonl", [*lines, *rubbish, good])
    assert sorted(run.bad) == list(range(1, len(lines) + len(rubbish) + 1))
    assert run.counts == (1, 0, len(run.bad))
    assert run.read == run.path.stat().st_size
    said = "\n".join(run.bad.values())
    assert not [line for line in lines if str(line.get("hashed_password"))[8:] in said]
    assert "email is missing" in run.bad[1]
    assert stored(good["email"])


def test_what_is_no_utf_8_is_a_bad_line(service, tmp_path):
    for ending, line in (
        ("jsonl", b'{"email": "%s", "username": "M\xfcller"}\n'),
        ("csv", b"email,username\n%s,M\xfcller\n"),
    ):
        path = tmp_path / f"users.{ending}"
        path.write_bytes(line % new_email().encode())
        bad = {}
        assert runs.Import(bad.__setitem__, lambda _: None).run(path).bad == len(bad) == 1


def test_an_address_or_id_of_somebody_else_is_a_bad_line(service, tmp_path, alice, bob):
    theirs = {"email": alice.email, "user_id": alice.user_id}
    again = {"email": new_email()}
    bad = [{"email": new_email(), "user_id": alice.user_id}, {"email": bob.email, "user_id": "another-id"}]
    before = alice.me(), bob.me()
    for line in bad:
        run = Run(tmp_path / "users.jsonl", [line])
        assert (run.counts, "belongs to an account" in run.bad[1]) == ((0, 0, 1), True)
    assert Run(tmp_path / "users.jsonl", [theirs, {"email": bob.email.upper()}]).counts == (0, 2, 0)
    assert Run(tmp_path / "users.jsonl", [again, again, again | {"email": again["email"].upper()}]).counts == (1, 0, 2)
    twice = [{"email": new_email(), "user_id": again["email"]} for _ in range(2)]
    assert Run(tmp_path / "users.jsonl", twice).bad == {2: "its email address or user_id is in a record before"}
    assert (alice.me(), bob.me()) == before


def test_nobody_is_made_twice_by_two_imports_at_once(service, tmp_path):
    lines = [{"email": new_email()} for _ in range(50)]
    before = count()
    done = at_once(*(lambda i=i: Run(tmp_path / f"{i}.jsonl", lines) for i in range(4)))
    assert count() == before + 50
    assert sum(run.totals.imported for run in done) == 50


def test_a_quote_that_never_closes_costs_its_own_line_alone(service, tmp_path):
    file = tmp_path / "users.csv"
    rows = [f"{new_email()},Ann", f'{new_email()},"oops', f'{new_email()},"Ann, Smith"', new_email()]
    file.write_text("\n".join(["email,username", *rows]) + "\n", "utf-8")
    bad = {}
    run = runs.Import(lambda number, reason: bad.update({number: reason}), lambda _: None)
    totals = run.run(file)
    assert list(bad) == [3]
    assert totals.imported == 3


@POSTGRESQL_ONLY
def test_an_id_sequence_that_is_behind_is_not_reported_as_a_taken_email_address(service, tmp_path, alice):
    with database.engine.begin() as connection:
        connection.exec_driver_sql("SELECT setval('users_id_seq', (SELECT max(id) FROM users) - 1, true)")
    run = Run(tmp_path / "a.jsonl", [{"email": new_email("zoe")}])
    (said,) = run.bad.values()
    assert "SELECT setval(pg_get_serial_sequence('users', 'id')" in said
    run.again()
    assert (run.totals.imported, run.bad) == (1, {})
