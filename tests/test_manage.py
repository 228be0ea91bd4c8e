"""The command line: superusers, passwords, disabling accounts, import and export, and one-line errors."""

import io
import json
import os
import stat
import subprocess
import sys

import pytest
import typer
import typer.main
from passlib import hash as schemes
from sqlalchemy import insert, select

import database
import manage as manage_py
import tables
from accounts import cli_operations
from authenticator import add_app
from commands.app import app
from credentials import passwords, throttling
from databases import SQLITE_ONLY
from oauth_login.models import OauthUser
from operations import migrations
from people import Person, new_email, new_password, refusal, text_of, token_in
from servers import PROJECT
from settings.loading import settings
from settings.version import VERSION
from telemetry import logs
from user_import import export

GOOD = schemes.bcrypt.using(rounds=5).hash("pässword of long ago")


@pytest.fixture
def process(tmp_path):
    """process("list-users"): run a command as a process on its own database, and return its output."""
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
    """manage("list-users", input="…"): run a command in this process, which saves two seconds each."""

    # Or the log of the service would go where the commands print.
    monkeypatch.setattr(logs, "set_up", lambda: None)

    def run(*arguments, expected=0, input=""):
        monkeypatch.setattr(sys, "stdin", io.StringIO(input))
        ended = None
        try:
            manage_py.run(*map(str, arguments))
        except SystemExit as wrong:
            ended = wrong.code
        assert expected is None or bool(ended) == bool(expected), ended
        printed = capsys.readouterr()
        return printed.out + printed.err + str(ended or "")

    return run


@pytest.fixture
def own_database(service, tmp_path):
    """own_database("a.db"): use another, empty database for a while."""
    served = database.engine.url.render_as_string(hide_password=False)
    yield lambda name: database.connect(f"sqlite:///{tmp_path}/{name}")
    database.connect(served)
    migrations.migrate()


@pytest.fixture
def manage_here(manage, own_database):
    """Run commands on a database of this test."""
    own_database("own.db")
    return manage


def test_import_and_export(manage_here, own_database, tmp_path):
    old, bare, everybody = (tmp_path / f"{name}.jsonl" for name in ("old", "bare", "all"))
    lines = [{"email": new_email(), "user_id": f"id-{i}", "username": "Zoë", "hashed_password": GOOD} for i in range(3)]
    old.write_text("\n".join(json.dumps(line) for line in lines) + '\n{"email": "x"}\n', "utf-8")
    assert "3 would be imported, 0 already there, 1 invalid." in manage_here(
        "import-users", old, "--dry-run", expected=1
    )
    said = manage_here("import-users", old, expected=1)
    assert "line 4: email is not a valid email address" in said
    assert "3 imported, 0 already there, 1 invalid." in said
    assert "3 of 3 accounts." in manage_here("list-users", "--query", "zoë")
    assert "without password hashes" in manage_here("export-users", bare)
    assert "$2b$" not in bare.read_text()
    manage_here("export-users", everybody, "--with-hashes")
    assert stat.S_IMODE(everybody.stat().st_mode) == 0o600
    written = [json.loads(line) for line in everybody.read_text("utf-8").splitlines()]
    assert [{name: line[name] for name in lines[0]} for line in written[-3:]] == lines
    assert "already exists" in manage_here("export-users", everybody, expected=1)
    own_database("another.db")
    assert "0 already there, 0 invalid." in manage_here("import-users", everybody)


def test_command_prints_one_line(process, tmp_path):
    (tmp_path / "old.jsonl").write_text('{"email": "x"}\n')
    said = process("import-users", "old.jsonl", expected=1)
    assert "line 1: email is not a valid email address\n" in said
    assert "0 imported, 0 already there, 1 invalid.\n" in said


@SQLITE_ONLY
def test_error_names_its_option_or_its_file(manage_here, tmp_path):
    missing = tmp_path / "missing"
    assert manage_here("export-users", missing / "all.jsonl", expected=1) == f"{missing} is not a directory."
    assert manage_here("list-users", "--role", "A B", expected=1).startswith("--role ")
    said = manage_here("init", "--example", tmp_path / "missing", "--target", tmp_path / "x", expected=1)
    assert said == f"{tmp_path}/missing: No such file or directory"


@SQLITE_ONLY
def test_new_env_file_signs_with_a_new_secret_and_a_published_key(manage_here, tmp_path):
    file = tmp_path / ".env"
    assert "with a new JWT_SECRET" in manage_here("init", "--example", PROJECT / ".env.example", "--target", file)
    lines = [line for line in file.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert [line.partition("=")[0] for line in lines] == ["JWT_SECRET", "ALGORITHM"]
    assert lines[1] == "ALGORITHM=ES256"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_text("utf-8")
    assert "was not changed" in manage_here("init", "--target", file)
    assert file.read_text("utf-8") == before


def test_interrupted_export_leaves_nothing_and_can_be_repeated(manage_here, tmp_path, monkeypatch):
    folder, real = tmp_path / "exports", export.export
    folder.mkdir()

    def breaks_off(file, **how):
        real(file, **how)
        raise OSError(28, "No space left on device")

    manage_here("migrate")
    monkeypatch.setattr(export, "export", breaks_off)
    assert "No space left" in manage_here("export-users", folder / "all.jsonl", expected=1)
    assert list(folder.iterdir()) == []
    monkeypatch.setattr(export, "export", real)
    assert "1 account written" in manage_here("export-users", folder / "all.jsonl")
    assert [path.name for path in folder.iterdir()] == ["all.jsonl"]


@SQLITE_ONLY
def test_superusers_passwords_and_disabling(manage_here):
    email, password = new_email("boss"), new_password()
    assert "one of the most common passwords" in manage_here("create-superuser", email, input="princess\n", expected=1)
    printed = manage_here("create-superuser", email, input=password + "\n")
    assert f"{email} is now a superuser." in printed
    assert "/login?next=/admin/console" in printed
    assert "has the new password" in manage_here("create-superuser", email.upper(), input=password + "\n")
    assert "cannot be removed" in manage_here("disable-user", email, expected=1)
    other = new_email("other")
    manage_here("create-superuser", other, "--username", "Other", input=password + "\n")
    assert f"{email} is disabled." in manage_here("disable-user", email)
    assert f"{email} is enabled." in manage_here("enable-user", email)
    assert "was already enabled" in manage_here("enable-user", email)
    assert f"{email} is disabled." in manage_here("disable-user", email)
    assert "is disabled. Enable it first." in manage_here("create-superuser", email, expected=1)
    assert f"{other} has a new password." in manage_here("set-password", other, input=new_password() + "\n")
    assert "No account has this" in manage_here("set-password", "nobody", input=password + "\n", expected=1)
    assert "No failed email has the number 0." in manage_here("requeue-emails", "--email", "0", expected=1)
    for invalid in ("a@..de", "@"):
        assert "No account has this" in manage_here("disable-user", invalid, expected=1)
    assert "valid email" in manage_here("create-superuser", "nobody", input=password + "\n", expected=1)
    assert manage_here("create-superuser", new_email(), "--username", "x" * 65, expected=1).startswith("--username ")
    listed = manage_here("list-users", "--role", "superuser")
    assert [line.split()[-4:] for line in listed.splitlines() if other in line] == [
        ["active", "verified", "superuser,", "user"]
    ]
    assert "disabled  verified" in listed


@SQLITE_ONLY
def test_setting_a_password_revokes_sessions(service, alice, mailbox):
    mark, new = mailbox.mark(), new_password()
    hashed = passwords.hash(new)
    with database.transaction() as db:
        cli_operations.set_password(db, cli_operations.find(alice.user_id).id, hashed)
    assert not alice.is_logged_in()
    assert alice.can_log_in_with(new)
    assert mailbox.wait_for(alice.email, since=mark)["subject"] == "Your password has changed"
    assert tables.events(user_id=alice.user_id)[-2].action == "password.set"


@SQLITE_ONLY
def test_unverified_account_with_the_email_address_does_not_become_a_superuser(manage, bob):
    account, new = bob.me()["id"], new_password()
    database.write_only(insert(OauthUser).values(provider="google", subject=new, account_id=account))
    link = bob.request_reset()
    bob.log_in(password="not the password")
    tables.set_failures(bob.email, throttling.CAP)
    assert "is one of the most common" in manage("create-superuser", bob.email, input="password123\n", expected=1)
    assert "has the new password. The email address was not verified" in manage(
        "create-superuser", bob.email, input=new + "\n"
    )
    assert not bob.is_logged_in()
    assert not bob.can_log_in_with(bob.password)
    assert bob.set_new_password(link, bob.password).status_code == 400
    assert database.read(select(OauthUser.subject).where(OauthUser.account_id == account)) is None
    assert bob.log_in(password=new).status_code == 200
    assert bob.me()["roles"] == ["superuser", "user"]
    assert bob.me()["is_verified"]


@SQLITE_ONLY
def test_verified_account_becomes_a_superuser_and_keeps_its_password(manage, alice):
    assert "keeps its password" in manage("create-superuser", alice.email)
    assert alice.me()["roles"] == ["superuser", "user"]
    assert alice.can_log_in_with(alice.password)


def test_disabled_account_does_not_become_a_superuser(manage, bob, root):
    tables.disable(bob)
    assert "is disabled" in manage("create-superuser", bob.email, input=new_password() + "\n", expected=1)
    assert root.client.get(f"/admin/users/{bob.user_id}").json()["roles"] == ["user"]


class TestAccounts:
    def test_create_change_log_out_and_delete(self, manage, service, mailbox):
        alice = Person(service, "alice")
        said = manage("create-user", alice.email, "--username", "Alice", "--verified", input=alice.password + "\n")
        assert said.startswith("Created ")
        assert alice.log_in().status_code == 200
        assert (alice.me()["username"], alice.me()["is_verified"], alice.me()["roles"]) == ("Alice", True, ["user"])
        assert "has the roles admin, user." in manage("set-role", alice.email, "user", "admin")
        assert alice.me()["roles"] == ["admin", "user"]
        assert "is logged out everywhere" in manage("logout-user", alice.user_id)
        assert not alice.is_logged_in()
        assert manage("delete-user", alice.email, "--yes") == f"Deleted {alice.email}.\n"
        assert not alice.can_log_in_with(alice.password)

    @SQLITE_ONLY
    def test_invited_user_sets_the_password(self, manage, service, mailbox):
        bob, mark = Person(service, "bob"), mailbox.mark()
        assert "invitation" in manage("create-user", bob.email, "--invite", "--role", "admin")
        link = token_in(mailbox.wait_for(bob.email, "/accept-invitation", since=mark))
        assert bob.set_new_password(link, bob.password).status_code == 200
        assert bob.log_in().status_code == 200
        assert bob.me()["roles"] == ["admin", "user"]

    @SQLITE_ONLY
    def test_unverified_user_is_sent_a_verification_email(self, manage, service, mailbox, configure):
        configure(email_verification="required")
        carol, mark = Person(service, "carol"), mailbox.mark()
        manage("create-user", carol.email, input=carol.password + "\n")
        assert refusal(carol.log_in()) == (403, "email_not_verified")
        assert (
            carol.verify_email(token_in(mailbox.wait_for(carol.email, "/verify-email", since=mark))).status_code == 200
        )
        assert carol.log_in().status_code == 200

    @SQLITE_ONLY
    def test_creating_a_superuser_is_announced(self, manage, root, mailbox, alice):
        tables.mark_email_verified(root)
        tables.forget_outbox()
        mark = mailbox.mark()
        manage("set-role", alice.email, "user", "superuser")
        assert alice.email in text_of(mailbox.wait_for(root.email, since=mark, containing="superuser"))
        manage("set-role", alice.email, "user")

    @SQLITE_ONLY
    def test_unverified_account_gets_no_permissions(self, manage, bob, mailbox):
        for role in ("admin", "superuser"):
            assert "email address of this account is not verified" in manage(
                "set-role", bob.email, "user", role, expected=1
            )
            assert bob.me()["roles"] == ["user"]
        assert "has the roles user." in manage("set-role", bob.email, "user")
        assert "has the roles admin, user." in manage("set-role", bob.email, "user", "admin", "--force")

    def test_setting_a_password_unlinks_identities_of_an_unverified_account(self, manage, bob, alice):
        for person, kept in ((bob, False), (alice, True)):
            account, new = person.me()["id"], new_password()
            database.write_only(insert(OauthUser).values(provider="google", subject=new, account_id=account))
            assert "has a new password" in manage("set-password", person.email, input=new + "\n")
            found = database.read(select(OauthUser.subject).where(OauthUser.account_id == account))
            assert (found is not None) == kept

    def test_imported_superuser_is_announced(self, manage, root, mailbox, tmp_path):
        tables.mark_email_verified(root)
        tables.forget_outbox()
        imported, mark, file = new_email("imported"), mailbox.mark(), tmp_path / "users.jsonl"
        file.write_text(json.dumps({"email": imported, "roles": ["user", "superuser"], "is_verified": True}))
        assert "1 would be imported" in manage("import-users", file, "--dry-run")
        assert tables.no_email_follows(mailbox, root.email, since=mark)
        assert "1 imported" in manage("import-users", file)
        assert imported in text_of(mailbox.wait_for(root.email, since=mark, containing="superuser"))
        manage("set-role", imported, "user")

    @SQLITE_ONLY
    def test_error_gives_the_reason_and_changes_nothing(self, manage, alice, root):
        before = alice.me()
        said = manage("set-role", alice.email, "boss", expected=1)
        assert "There is no role boss. The roles are: admin, " in said
        assert "There is no role boss." in manage("create-user", new_email(), "--role", "boss", expected=1)
        assert "No account has this" in manage("delete-user", "nobody@example.com", "--yes", expected=1)
        assert "already" in manage("create-user", alice.email, input=new_password() + "\n", expected=1)
        assert "EMAIL is not a valid e" in manage("create-user", "nobody", input=new_password() + "\n", expected=1)
        assert "--username must" in manage("create-user", new_email(), "--username", "", expected=1)
        assert "The password must" in manage("create-user", new_email(), input="x" * 2000 + "\n", expected=1)
        assert "cannot be combined" in manage("create-user", new_email(), "--invite", "--verified", expected=1)
        with pytest.raises(typer.Abort):
            manage("delete-user", alice.email, input="n\n")
        assert alice.me() == before
        with tables.superusers(root.user_id, alice):
            for command in (("set-role", alice.email, "user"), ("delete-user", alice.email, "--yes")):
                assert "superuser" in manage(*command, expected=1)


@SQLITE_ONLY
def test_lists_are_printed_as_json(manage, alice):
    listed = json.loads(manage("list-users", "--query", alice.email, "--json"))
    assert [(user["email"], user["is_active"]) for user in listed["items"]] == [(alice.email, True)]
    assert listed["items"][0]["created_at"].count("T") == 1
    assert isinstance(json.loads(manage("failed-emails", "--json")), list)
    printed = manage("check", "--json", expected=None)  # other tests may have left keys of another secret
    findings = json.loads(printed[: printed.rindex("]") + 1])
    assert {"grade", "what", "said"} == set(findings[0])


@SQLITE_ONLY
def test_test_email_is_delivered_or_the_error_is_printed(manage, mailbox, configure):
    recipient, mark = new_email(), mailbox.mark()
    assert "accepted the email" in manage("send-test-email", recipient)
    assert mailbox.wait_for(recipient, since=mark)["subject"] == f"Test email from {settings.app_name}"
    configure(smtp_port=1)
    assert "did not accept the email" in manage("send-test-email", recipient, expected=1)
    configure(smtp_host="")
    assert "SMTP_HOST is not set" in manage("send-test-email", recipient, expected=1)


def test_every_command_and_option_has_a_help_text(manage):
    application = typer.main.get_command(app)
    for name, command in application.commands.items():
        assert command.help and command.help.strip()[-1] in ".", name
        for parameter in command.params:
            assert getattr(parameter, "help", None), (name, parameter.name)
    shown = manage("--help")
    assert "..." not in shown.partition("Commands:")[2], "a summary is cut off: shorten its first sentence"
    assert manage("--version").strip() == VERSION
    assert "Usage: " in manage("deliver-mail", "--help")  # its name in 0.1


def test_invalid_setting_ends_a_command_with_one_line_and_the_documented_status(tmp_path):
    environment = os.environ | {"SMTP_PORT": "many", "ENV_FILE": "/dev/null"}
    command = [sys.executable, str(PROJECT / "manage.py"), "list-users"]
    done = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("SMTP_PORT: ") and done.stderr.count("\n") == 1


def test_cleanup_runs_once_and_prints_what_it_did(manage_here):
    assert [line.split() for line in manage_here("cleanup").splitlines() if line.startswith("sessions")] == [
        ["sessions", "0"]
    ]


@SQLITE_ONLY
def test_factors_are_reset_for_a_user_who_has_lost_them(manage, alice):
    add_app(alice)
    assert manage("reset-factors", alice.email) == f"Removed all second factors of {alice.email}.\n"
    assert manage("reset-factors", alice.user_id) == f"{alice.email} has no second factors.\n"
    assert alice.log_in().status_code == 200
