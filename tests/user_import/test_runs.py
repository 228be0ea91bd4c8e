"""Imports from other systems: hashes and ids are kept, bad lines are reported, and a run can be repeated."""

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
from user_import import export, files, runs, writing

passwords.is_usable("none")  # loads argon2 before two threads do so concurrently
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
    """Import these lines, and return the report."""

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
def test_login_with_an_imported_hash_replaces_the_hash(service, tmp_path, ending):
    people = {name: new_email("imported") for name in HASHES}
    lines = [
        {"email": people[name], "username": name, "hashed_password": made(PASSWORD)} for name, made in HASHES.items()
    ]
    assert Run(tmp_path / f"users.{ending}", lines).counts == (len(HASHES), 0, 0)
    for name, email in people.items():
        person = Person(service, "imported")
        assert person.log_in(email=email, password=PASSWORD).status_code == 200, name
        assert person.me()["username"] == name
        assert stored(email).hashed_password.startswith(("$2b$04$", "$bcrypt-sha256$")), name
        assert not person.can_log_in_with("another password", email=email)
        assert person.can_log_in_with(PASSWORD, email=email), name


def test_account_keeps_all_its_values(service, tmp_path, root):
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


def test_user_without_a_hash_resets_the_password(service, tmp_path):
    for none in ({}, {"hashed_password": None}, {"password": "!unusable"}):
        person = Person(service, "hashless")
        assert Run(tmp_path / "users.jsonl", [{"email": person.email, **none}]).counts == (1, 0, 0)
        assert not person.can_log_in_with(person.password)
        assert person.set_new_password(person.request_reset(), person.password).status_code == 200
        assert person.can_log_in_with(person.password)


@POSTGRESQL_ONLY
def test_file_can_be_imported_again(service, tmp_path):
    lines = [
        {"email": new_email(), "user_id": new_email(), "hashed_password": bcrypt("2b")(PASSWORD)} for _ in range(5)
    ]
    run = Run(tmp_path / "users.jsonl", lines)
    person = Person(service, "imported")
    assert person.log_in(email=lines[0]["email"], password=PASSWORD).status_code == 200
    renewed, before = stored(lines[0]["email"]), tables.rows()
    run.again()
    assert run.counts == (0, 5, 0)
    assert tables.rows() == before
    assert stored(lines[0]["email"]) == renewed


def test_interrupted_import_continues_in_the_next_run(service, tmp_path, monkeypatch):
    monkeypatch.setattr(runs, "BATCH", 10)
    lines = [{"email": new_email()} for _ in range(35)]
    run = Run.__new__(Run)
    taken, real = [], writing.add
    monkeypatch.setattr(
        writing, "add", lambda *a, **named: real(*a, **named) if len(taken) < 2 and not taken.append(1) else 1 / 0
    )
    with pytest.raises(ZeroDivisionError):
        run.__init__(tmp_path / "users.jsonl", lines)
    monkeypatch.setattr(writing, "add", real)
    run.again()
    assert run.counts == (15, 20, 0)


@POSTGRESQL_ONLY
def test_dry_run_writes_nothing_and_reports_the_same(service, tmp_path):
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
def test_too_expensive_hash_is_a_bad_line(service, tmp_path, kind):
    most, beyond = MOST[kind]
    lines = [{"email": new_email(), "hashed_password": WRITTEN[kind](cost)} for cost in (most, *beyond)]
    run = Run(tmp_path / "users.jsonl", lines, dry_run=True)
    assert (run.counts, list(run.bad)) == ((1, 0, len(beyond)), list(range(2, len(lines) + 1)))
    assert all("hashed_password" in reason and "within the cost limit" in reason for reason in run.bad.values())


def test_bad_lines_are_reported_by_number_and_reason_and_others_imported(service, tmp_path):
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


def test_invalid_utf_8_is_a_bad_line(service, tmp_path):
    for ending, line in (
        ("jsonl", b'{"email": "%s", "username": "M\xfcller"}\n'),
        ("csv", b"email,username\n%s,M\xfcller\n"),
    ):
        path = tmp_path / f"users.{ending}"
        path.write_bytes(line % new_email().encode())
        bad = {}
        assert runs.Import(bad.__setitem__, lambda _: None).run(path).bad == len(bad) == 1


def test_email_address_or_id_of_another_user_is_a_bad_line(service, tmp_path, alice, bob):
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


def test_concurrent_imports_create_no_duplicates(service, tmp_path):
    lines = [{"email": new_email()} for _ in range(50)]
    before = count()
    done = at_once(*(lambda i=i: Run(tmp_path / f"{i}.jsonl", lines) for i in range(4)))
    assert count() == before + 50
    assert sum(run.totals.imported for run in done) == 50


def read_csv(path, text):
    path.write_text(text, "utf-8", newline="")
    told = {}
    return told, runs.Import(told.__setitem__, lambda _: None).run(path)


def test_a_quotation_mark_that_never_closes_stops_the_import(service, tmp_path):
    rows = [f"{new_email()},Ann", f'{new_email()},"oops', f"{new_email()},Bob"]
    before = count()
    with pytest.raises(files.Unreadable, match="Line 3"):
        read_csv(tmp_path / "users.csv", "\n".join(["email,username", *rows]) + "\n")
    assert count() == before


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_what_a_user_wrote_into_a_cell_never_becomes_a_record(service, tmp_path, newline):
    mallory, bob = new_email("mallory"), new_email("bob")
    name = f"Bob{newline}77,{mallory},M,,superuser,x"
    text = newline.join(["user_id,email,username,hashed_password,roles", f'{new_email()},{bob},"{name}",,user', ""])
    told, totals = read_csv(tmp_path / "users.csv", text)
    assert (totals.imported, totals.bad) == (1, 0)
    assert stored(mallory) is None
    assert "username" in told[2]


@pytest.mark.parametrize(
    ("row", "is_taken"),
    [("{},Ann,true", True), ("{},Ann", False), ("{},Ann,true,", True), ("{},Ann,true,x", False), ("{}", False)],
)
def test_a_row_that_lacks_a_state_or_has_too_many_cells_is_invalid(service, tmp_path, row, is_taken):
    text = "email,username,is_active\n" + row.format(new_email()) + "\n"
    _, totals = read_csv(tmp_path / "users.csv", text)
    assert (totals.imported, totals.bad) == ((1, 0) if is_taken else (0, 1))


STATES = [
    ({"disabled": False, "banned": True}, False), ({"is_active": False, "locked": False}, False),
    ({"is_active": True, "enabled": False}, False), ({"is_active": True, "locked": True}, False),
    ({"is_active": "1", "disabled": "0"}, True), ({"disabled": False}, True), ({"enabled": "f"}, False), ({}, True),
    ({"blocked": "0", "suspended": "yes"}, False), ({"is_active": None, "locked": None}, True),
]  # fmt: skip


@pytest.mark.parametrize(("states", "is_active"), STATES, ids=str)
def test_an_account_that_any_state_keeps_out_comes_in_disabled(service, tmp_path, states, is_active):
    email = new_email()
    assert Run(tmp_path / "users.jsonl", [{"email": email, **states}]).counts == (1, 0, 0)
    assert database.read(select(User.is_active).where(User.canonical_email == email))[0] is is_active


@pytest.mark.parametrize("never", [0, 0.0, "0", -1, "0000-00-00"])
def test_time_that_means_never_verifies_no_account(service, tmp_path, never):
    email = new_email()
    assert Run(tmp_path / "users.jsonl", [{"email": email, "email_verified_at": never}]).counts == (1, 0, 0)
    assert database.read(select(User.email_proven_at).where(User.canonical_email == email))[0] is None


@pytest.mark.parametrize("time", [1e400, 1e18, "9" * 14, 1_700_000_000_000_000_000])
def test_a_time_out_of_range_costs_its_record_alone(service, tmp_path, time):
    records = [{"email": new_email(), "created_at": time}, {"email": new_email()}]
    assert Run(tmp_path / "users.jsonl", records).counts == (1, 0, 1)


def test_a_first_line_that_does_not_parse_costs_itself_alone(service, tmp_path):
    lines = ['{"email": "a@example.com",}', {"email": new_email()}, {"email": new_email()}]
    assert Run(tmp_path / "users.jsonl", lines).counts == (2, 0, 1)


def test_an_update_that_disables_ends_the_sessions(alice, tmp_path):
    path = tmp_path / "users.jsonl"
    path.write_text(json.dumps({"email": alice.email, "is_active": False}), "utf-8")
    runs.Import(print, lambda _: None, runs.Options(update=True)).run(path)
    database.write_only(User.__table__.update().where(User.canonical_email == alice.email).values(is_active=True))
    assert not alice.is_logged_in()


@pytest.mark.parametrize(
    "stored_hash",
    [
        "scrypt:65536:1:1$NaCl$" + "0" * 128,
        "$fbscrypt$v=1,n=17,r=1,p=1,ss=Bw==,sk=Bw==$Bw==$Bw==",
        "$wp$2y$10$" + "z" * 53,
        SCRYPT.format(14, 8, 1, SALT, DIGEST).replace("p=", "z="),
        SCRYPT.format(14, 8, 1, SALT, "a" * 42 + "-"),
        "$7$C6..../....SodiumChloride$",
        f"$pbkdf2-sha256$1000${SALT}-${DIGEST}",
        ARGON2.format(65_536, 3, 4, SALT + "-", DIGEST),
        ARGON2.format(65_536, 3, 4, SALT, "AAAA"),
        ARGON2.format(65_536, 3, 4, "c2Fs", DIGEST),
        "argon2" + ARGON2.format(65_536, 3, 4, SALT, "AAAA"),
    ],
)
def test_a_hash_that_no_library_can_compute_is_invalid(service, tmp_path, stored_hash):
    path = tmp_path / "users.jsonl"
    assert Run(path, [{"email": new_email(), "hashed_password": stored_hash}]).counts == (0, 0, 1)
    lossy = runs.Import(print, lambda _: None, runs.Options(allow_loss=True)).run(path)
    assert (lossy.imported, lossy.bad) == (1, 0), "the user sets a new password"


@POSTGRESQL_ONLY
def test_id_sequence_behind_is_not_reported_as_a_taken_email_address(service, tmp_path, alice):
    with database.engine.begin() as connection:
        connection.exec_driver_sql("SELECT setval('users_id_seq', (SELECT max(id) FROM users) - 1, true)")
    run = Run(tmp_path / "a.jsonl", [{"email": new_email("zoe")}])
    (said,) = run.bad.values()
    assert "SELECT setval(pg_get_serial_sequence('users', 'id')" in said
    run.again()
    assert (run.totals.imported, run.bad) == (1, {})


def test_an_update_disables_no_superuser(root, tmp_path):
    path, told = tmp_path / "users.jsonl", {}
    path.write_text(json.dumps({"email": root.email, "is_active": False}), "utf-8")
    totals = runs.Import(told.__setitem__, lambda _: None, runs.Options(update=True)).run(path)
    assert (totals.updated, totals.bad, list(told)) == (0, 1, [1])
    assert root.is_logged_in()


def test_export_does_not_vouch_for_who_signed_up_without_verification(service, configure, tmp_path):
    """An import would take `is_verified` for the mark of an administrator."""
    configure(email_verification="off")
    mallory = Person(service, "mallory")
    assert mallory.sign_up().json()["is_verified"] is True
    path = tmp_path / "users.jsonl"
    with path.open("w", encoding="utf-8") as file:
        export.export(file, hashes=False)
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    (line,) = [line for line in lines if line["email"] == mallory.email]
    assert line["is_verified"] is False
