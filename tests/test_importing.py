"""Accounts from other systems: hashes and ids kept, bad lines reported, safe to run again; and accounts written out."""

import base64
import csv
import hashlib
import io
import json
import os
import stat
import subprocess
import sys

import pytest
import tables
from passlib import hash as schemes
from people import Person, at_once, new_email, new_password
from servers import PROJECT
from sqlalchemy import func, insert, select

import database
import guesses
import importing
import maintenance
import manage as manage_py
import passwords
from models import OauthUser, User

passwords.warm_up()  # loads what argon2 needs
PASSWORD = "pässword of long ago"


def django_scrypt(password):
    made = hashlib.scrypt(password.encode(), salt=b"seasalt", n=1 << 14, r=8, p=1, maxmem=1 << 26, dklen=64)
    return f"scrypt$seasalt$16384$8$1${base64.b64encode(made).decode()}"


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
        run = importing.Import(self.bad.__setitem__, self._advance, dry_run)
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
    monkeypatch.setattr(importing, "BATCH", 10)
    lines = [{"email": new_email()} for _ in range(35)]
    run = Run.__new__(Run)
    taken, real = [], importing._add
    monkeypatch.setattr(importing, "_add", lambda *a: real(*a) if len(taken) < 2 and not taken.append(1) else 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run.__init__(tmp_path / "users.jsonl", lines)
    monkeypatch.setattr(importing, "_add", real)
    run.again()
    assert run.counts == (15, 20, 0)


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
    "a name with a line break": {"username": "a\nb"},
    "a name that is an address": {"username": "www.evil.example"},
    "an id with a space": {"user_id": "a b"},
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
DJANGO = f"scrypt$salt${{}}${{}}${{}}${'a' * 85}A=="
MOST = {
    "bcrypt": (GOOD.replace("$05$", "$16$"), [GOOD.replace("$05$", "$17$")]),
    "argon2": ((262_144, 20, 16), [(262_145, 2, 1), (1024, 21, 1), (262_144, 2, 17)]),
    "Django argon2": ((262_144, 20, 16), [(262_145, 2, 1), (1024, 21, 1), (262_144, 2, 17)]),
    "scrypt": ((17, 8, 16), [(18, 8, 1), (17, 9, 1), (4, 33, 1), (4, 8, 17), (31, 1, 1)]),
    "Django scrypt": ((1 << 17, 8, 16), [(1 << 18, 8, 1), (1 << 17, 9, 1), (16, 33, 1), (16, 8, 17)]),
    "PBKDF2": (5_000_000, [5_000_001, 4_000_000_000]),
    "Django PBKDF2": (5_000_000, [5_000_001, 4_000_000_000]),
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


@pytest.mark.parametrize("kind", MOST)
def test_a_hash_that_would_stall_a_login_is_a_bad_line(service, tmp_path, kind):
    most, beyond = MOST[kind]
    lines = [{"email": new_email(), "hashed_password": WRITTEN[kind](cost)} for cost in (most, *beyond)]
    run = Run(tmp_path / "users.jsonl", lines, dry_run=True)
    assert (run.counts, list(run.bad)) == ((1, 0, len(beyond)), list(range(2, len(lines) + 1)))
    assert all("hashed_password" in reason and "endurable cost" in reason for reason in run.bad.values())


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
        assert importing.Import(bad.__setitem__, lambda _: None).run(path).bad == len(bad) == 1


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
    assert Run(tmp_path / "users.jsonl", twice).bad == {2: "its address or user_id stands on a line before"}
    assert (alice.me(), bob.me()) == before


def test_nobody_is_made_twice_by_two_imports_at_once(service, tmp_path):
    lines = [{"email": new_email()} for _ in range(50)]
    before = count()
    runs = at_once(*(lambda i=i: Run(tmp_path / f"{i}.jsonl", lines) for i in range(4)))
    assert count() == before + 50
    assert sum(run.totals.imported for run in runs) == 50


# ------------------------------------------------------------------------------------------------------ the command line


@pytest.fixture
def process(tmp_path):
    """process("list-users"): the command line as it is typed, on a database of its own; what it printed."""
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/own.db", "PYTHONPATH": str(PROJECT)}

    def run(*arguments, expected=0):
        done = subprocess.run(
            [sys.executable, str(PROJECT / "manage.py"), *arguments],
            cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        assert done.returncode == expected, done.stdout + done.stderr
        return done.stdout + done.stderr

    return run


@pytest.fixture
def manage(service, monkeypatch, capsys):
    """manage("list-users", input="…"): the same without a process for each command, which takes two seconds."""

    def run(*arguments, expected=0, input=""):
        monkeypatch.setattr(sys, "stdin", io.StringIO(input))
        ended = None
        try:
            manage_py.run(*map(str, arguments))
        except SystemExit as wrong:
            ended = wrong.code
        assert bool(ended) == bool(expected), ended
        printed = capsys.readouterr()
        return printed.out + printed.err + str(ended or "")

    return run


@pytest.fixture
def own_database(service, tmp_path):
    """own_database("a.db"): another database for a while, with nobody in it."""
    served = database.engine.url.render_as_string(hide_password=False)
    yield lambda name: database.connect(f"sqlite:///{tmp_path}/{name}")
    database.connect(served)
    database.migrate()


@pytest.fixture
def manage_here(manage, own_database):
    """The same on a database of its own."""
    own_database("own.db")
    return manage


def test_importing_and_exporting_at_the_command_line(manage_here, own_database, tmp_path):
    old, bare, everybody = (tmp_path / f"{name}.jsonl" for name in ("old", "bare", "all"))
    lines = [{"email": new_email(), "user_id": f"id-{i}", "username": "Zoë", "hashed_password": GOOD} for i in range(3)]
    old.write_text("\n".join(json.dumps(line) for line in lines) + '\n{"email": "x"}\n', "utf-8")
    assert "3 would be imported, 0 there already, 1 bad." in manage_here("import-users", old, "--dry-run", expected=1)
    said = manage_here("import-users", old, expected=1)
    assert "line 4: email is not a valid e-mail address" in said
    assert "3 imported, 0 there already, 1 bad." in said
    assert "3 of 3." in manage_here("list-users", "--query", "zoë")
    assert "with no hashes" in manage_here("export-users", bare)
    assert "$2b$" not in bare.read_text()
    manage_here("export-users", everybody, "--with-hashes")
    assert stat.S_IMODE(everybody.stat().st_mode) == 0o600
    written = [json.loads(line) for line in everybody.read_text("utf-8").splitlines()]
    assert [{name: line[name] for name in lines[0]} for line in written[-3:]] == lines
    assert "is there already" in manage_here("export-users", everybody, expected=1)
    own_database("another.db")
    assert "0 there already, 0 bad." in manage_here("import-users", everybody)


def test_what_is_typed_is_answered_in_one_line(process, tmp_path):
    (tmp_path / "old.jsonl").write_text('{"email": "x"}\n')
    said = process("import-users", "old.jsonl", expected=1)
    assert "line 1: email is not a valid e-mail address\n" in said
    assert "0 imported, 0 there already, 1 bad.\n" in said
    assert process("export-users", "missing/all.jsonl", expected=1) == "missing: there is no such folder\n"


def test_what_is_wrong_names_its_option_or_its_file(manage_here, tmp_path):
    assert manage_here("list-users", "--role", "A B", expected=1).startswith("--role ")
    said = manage_here("init", "--example", tmp_path / "missing", "--target", tmp_path / "x", expected=1)
    assert said == f"{tmp_path}/missing: No such file or directory"


def test_an_export_that_breaks_off_leaves_nothing_and_can_be_tried_again(manage_here, tmp_path, monkeypatch):
    folder, real = tmp_path / "exports", importing.export
    folder.mkdir()

    def breaks_off(file, **how):
        real(file, **how)
        raise OSError(28, "No space left on device")

    manage_here("migrate")
    monkeypatch.setattr(importing, "export", breaks_off)
    assert "No space left" in manage_here("export-users", folder / "all.jsonl", expected=1)
    assert list(folder.iterdir()) == []
    monkeypatch.setattr(importing, "export", real)
    assert "1 accounts written" in manage_here("export-users", folder / "all.jsonl")
    assert [path.name for path in folder.iterdir()] == ["all.jsonl"]


def test_superusers_passwords_and_disabling_at_the_command_line(manage_here):
    email, password = new_email("boss"), new_password()
    assert "easy to guess" in manage_here("create-superuser", email, input="princess\n", expected=1)
    assert f"{email} is a superuser now." in manage_here("create-superuser", email, input=password + "\n")
    assert "with the new password" in manage_here("create-superuser", email.upper(), input=password + "\n")
    assert "cannot leave" in manage_here("disable-user", email, expected=1)
    other = new_email("other")
    manage_here("create-superuser", other, "--username", "Other", input=password + "\n")
    assert f"{email} is disabled." in manage_here("disable-user", email)
    assert f"{email} is enabled." in manage_here("enable-user", email)
    assert "was already enabled" in manage_here("enable-user", email)
    assert f"{email} is disabled." in manage_here("disable-user", email)
    assert "is disabled. Enable it first." in manage_here("create-superuser", email, expected=1)
    assert f"{other} has a new password." in manage_here("set-password", other, input=new_password() + "\n")
    assert "There is nothing here." in manage_here("set-password", "nobody", input=password + "\n", expected=1)
    assert "valid e-mail" in manage_here("create-superuser", "nobody", input=password + "\n", expected=1)
    assert manage_here("create-superuser", new_email(), "--username", "x" * 65, expected=1).startswith("It ")
    listed = manage_here("list-users", "--role", "superuser")
    assert "Other  active, verified  superuser, user" in listed
    assert "disabled, verified" in listed


def test_a_password_set_at_the_command_line_ends_what_was_open(service, alice, mailbox):
    mark, new = mailbox.mark(), new_password()
    hashed = passwords.hash(new)
    with database.transaction() as db:
        maintenance.set_password(db, maintenance.find(alice.user_id).id, hashed)
    assert not alice.is_in()
    assert alice.can_log_in_with(new)
    assert mailbox.wait_for(alice.email, since=mark)["subject"] == "Your password has changed"
    assert tables.events(user_id=alice.user_id)[-2].action == "password.set"


def test_whoever_signed_up_with_the_address_beforehand_does_not_become_a_superuser(manage, bob, mailbox):
    account, new = bob.me()["id"], new_password()
    database.write_only(insert(OauthUser).values(provider="google", subject=new, account_id=account))
    link = bob.asks_for_a_reset()
    bob.logs_in(password="not the password")
    tables.set_failures(bob.email, guesses.CAP)
    assert "is one of the commonest" in manage("create-superuser", bob.email, input="password123\n", expected=1)
    assert "with the new password. Nobody had proven" in manage("create-superuser", bob.email, input=new + "\n")
    assert not bob.is_in()
    assert not bob.can_log_in_with(bob.password)
    assert bob.sets_a_new_password(link, bob.password).status_code == 400
    assert database.read(select(OauthUser.subject).where(OauthUser.account_id == account)) is None
    assert bob.logs_in(password=new).status_code == 200
    assert bob.me()["roles"] == ["superuser", "user"]
    assert bob.me()["is_verified"]


def test_whoever_has_proven_the_address_becomes_a_superuser_with_the_password_it_has(manage, alice):
    assert "with the password it has" in manage("create-superuser", alice.email)
    assert alice.me()["roles"] == ["superuser", "user"]
    assert alice.can_log_in_with(alice.password)


def test_a_disabled_account_does_not_become_a_superuser(manage, bob, root):
    tables.disable(bob)
    assert "is disabled" in manage("create-superuser", bob.email, input=new_password() + "\n", expected=1)
    assert root.client.get(f"/admin/users/{bob.user_id}").json()["roles"] == ["user"]
