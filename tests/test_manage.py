"""The command line: superusers, passwords, disabling; importing and exporting; what is wrong in one line."""

import io
import json
import os
import stat
import subprocess
import sys

import pytest
from passlib import hash as schemes
from sqlalchemy import insert, select

import database
import manage as manage_py
import tables
from accounts import cli_operations, user_import
from credentials import passwords, throttling
from oauth_login.models import OauthUser
from operations import migrations
from people import new_email, new_password
from servers import PROJECT

GOOD = schemes.bcrypt.using(rounds=5).hash("pässword of long ago")


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
    migrations.migrate()


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
    folder, real = tmp_path / "exports", user_import.export
    folder.mkdir()

    def breaks_off(file, **how):
        real(file, **how)
        raise OSError(28, "No space left on device")

    manage_here("migrate")
    monkeypatch.setattr(user_import, "export", breaks_off)
    assert "No space left" in manage_here("export-users", folder / "all.jsonl", expected=1)
    assert list(folder.iterdir()) == []
    monkeypatch.setattr(user_import, "export", real)
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
        cli_operations.set_password(db, cli_operations.find(alice.user_id).id, hashed)
    assert not alice.is_in()
    assert alice.can_log_in_with(new)
    assert mailbox.wait_for(alice.email, since=mark)["subject"] == "Your password has changed"
    assert tables.events(user_id=alice.user_id)[-2].action == "password.set"


def test_whoever_signed_up_with_the_address_beforehand_does_not_become_a_superuser(manage, bob):
    account, new = bob.me()["id"], new_password()
    database.write_only(insert(OauthUser).values(provider="google", subject=new, account_id=account))
    link = bob.asks_for_a_reset()
    bob.logs_in(password="not the password")
    tables.set_failures(bob.email, throttling.CAP)
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
