"""The command line: python manage.py --help."""

import contextlib
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, TextIO, cast

import sqlalchemy.exc
import typer
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Looks after a Credential Management Service.",
)


@app.command()
def init(example: Path = Path(".env.example"), target: Path = Path(".env")) -> None:
    """Make a .env from .env.example, with a fresh secret. One that is there stays as it is."""
    if target.exists():
        print(f"{target} is there already and stays as it is.")
        return
    text = example.read_text(encoding="utf-8").replace("\nJWT_SECRET=\n", f"\nJWT_SECRET={secrets.token_urlsafe(48)}\n")
    target.touch(mode=0o600)
    target.write_text(text, encoding="utf-8")
    print(f"{target} made from {example}, with a fresh JWT_SECRET.")


@app.command()
def migrate() -> None:
    """Bring the database up to date and make the superuser, as each start does."""
    import main

    main.prepare()
    print("The database is up to date.")


@app.command()
def check() -> None:
    """Tell what would go wrong, before the start. Changes nothing; ends with 1 where something is wrong."""
    import checks

    findings = list(checks.run())
    for finding in findings:
        print(f"{finding.grade:5}  {finding.what:12} {finding.said}")
    wrong = sum(finding.grade == "wrong" for finding in findings)
    print("Nothing stands in the way." if not wrong else f"{wrong} to be mended.")
    raise SystemExit(min(wrong, 1))


@app.command()
def rotate_keys() -> None:
    """Sign access tokens with the next key from now on. Nobody is signed out, and nothing needs a restart."""
    import access_tokens
    import database
    import main
    from settings import settings

    if settings.algorithm == "HS256":
        raise SystemExit("HS256 signs with JWT_SECRET: set a new one, and the old one as JWT_SECRET_PREVIOUS")
    main.prepare()
    kid = None
    while kid is None:  # the next key has only just been published: not everybody knows it yet
        with database.transaction() as db:
            kid = access_tokens.rotate(db)
        time.sleep(0 if kid else 0.5)
    print(f"Access tokens are signed with the key {kid} from now on.")


@app.command()
def apple_client_secret(
    team_id: Annotated[str, typer.Option(help="The team's id, from the console's membership page.")],
    key_id: Annotated[str, typer.Option(help="The key's id.")],
    client_id: Annotated[str, typer.Option(help="The services id, which is APPLE_CLIENT_ID too.")],
    key_file: Annotated[
        Path, typer.Option(help="The .p8 file that the console gave out once.", exists=True, dir_okay=False)
    ],
) -> None:
    """Print an APPLE_CLIENT_SECRET. It lives for 180 days: Apple allows no more, so put a reminder into a calendar."""
    import id_tokens

    try:
        print(id_tokens.apple_client_secret(team_id, key_id, client_id, key_file.read_text(encoding="utf-8")))
    except (ValueError, TypeError):
        raise SystemExit(f"{key_file}: is not a private key as Apple gives them (an EC key in PEM)") from None


@app.command()
def deliver_mail(
    metrics_port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Answer Prometheus on this port, with no token.")
    ] = None,
) -> None:
    """Deliver mails until stopped, in a process of its own. Any number of them may run beside the service."""
    import email_utils
    import main
    import metrics
    import sentry
    from settings import settings

    if not settings.smtp_host:
        raise SystemExit("SMTP_HOST: is not set; there is no mail server to deliver to")
    if metrics_port:
        metrics.serve(metrics_port)
    sentry.begin(main.VERSION)
    startup, delivery = main.Startup(), email_utils.Delivery()

    def end(*_: object) -> None:
        startup.stopping.set()
        if delivery.is_alive():
            delivery.stop()

    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, end)
    startup.run()  # waits for the database
    if not startup.stopping.is_set():
        delivery.start()
        print(f"Delivering to {settings.smtp_host}:{settings.smtp_port}. Ctrl-C ends it after the mail at hand.")
        delivery.join()
    sentry.end()


@app.command()
def failed_mails() -> None:
    """List the mails that were given up, with the mail server's last word."""
    import database
    import email_utils

    database.migrate()
    mails = email_utils.failed()
    for mail in mails:
        print(
            f"{mail.id}  {mail.gave_up_at:%Y-%m-%d %H:%M}  {mail.template}  {mail.recipient}  {mail.attempts} tries  {mail.last_error}"
        )
    print(f"{len(mails)} given up." + (" Try again with: python manage.py requeue-mails" if mails else ""))


@app.command()
def requeue_mails(
    mail: Annotated[
        int | None, typer.Option(help="One mail by its number; without it, all that were given up.")
    ] = None,
) -> None:
    """Try mails that were given up again."""
    import database
    import email_utils

    database.migrate()
    print(f"{email_utils.requeue(mail)} mails wait for delivery again.")


Name = Annotated[str, typer.Argument(help="The address or the user_id of an account.")]


def _new_password(email: str, username: str) -> str:
    """Asked for twice at a terminal, else the first line of the standard input; its hash."""
    import passwords
    import schemas

    if sys.stdin.isatty():
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    password = TypeAdapter(schemas.Password).validate_python(password)
    passwords.check(password, email, username)
    return passwords.hash(password)


TAKEN_OVER = (
    "with the new password. Nobody had proven the address, so what the account had is gone: sessions, links, providers"
)


@app.command()
def create_superuser(email: str, username: Annotated[str | None, typer.Option()] = None) -> None:
    """Make a superuser, and ask for its password. An account whose owner has proven this address becomes one with the password it has."""
    import database
    import maintenance
    import schemas

    database.migrate()
    email = TypeAdapter(schemas.NewAddress).validate_python(email)
    username = TypeAdapter(schemas.Username | None).validate_python(username)
    known = maintenance.candidate(email)
    keeps = known is not None and known.is_proven
    hashed = None if keeps else _new_password(email, username or schemas.display_name_for(email))
    with database.transaction() as db:
        if known:
            how = TAKEN_OVER if maintenance.promote(db, known.id, hashed) else "with the password it has"
        else:
            maintenance.create_superuser(db, email, username, str(hashed))
            how = ""
    print(f"{email} is a superuser now{', ' if how else ''}{how}.")


@app.command()
def set_password(name: Name) -> None:
    """Set the password of an account, asked for or read from the standard input. Its sessions and links end, its owner gets a mail."""
    import database
    import maintenance

    database.migrate()
    known = maintenance.find(name)
    hashed = _new_password(known.email, known.username)
    with database.transaction() as db:
        maintenance.set_password(db, known.id, hashed)
    print(f"{known.email} has a new password.")


@app.command()
def disable_user(name: Name) -> None:
    """Disable an account: its sessions and links end, and nobody can log in to it. The last active superuser stays."""
    import database
    import maintenance

    database.migrate()
    known = maintenance.find(name)
    with database.transaction() as db:
        was_active = maintenance.disable(db, known.id)
    print(f"{known.email} {'is' if was_active else 'was already'} disabled.")


@app.command()
def enable_user(name: Name) -> None:
    """Enable an account that was disabled: its owner can log in again."""
    import database
    import maintenance

    database.migrate()
    known = maintenance.find(name)
    with database.transaction() as db:
        was_disabled = maintenance.enable(db, known.id)
    print(f"{known.email} {'is' if was_disabled else 'was already'} enabled.")


@app.command()
def list_users(
    query: Annotated[str | None, typer.Option(help="The beginning of an address, a name or a user_id.")] = None,
    role: Annotated[str | None, typer.Option()] = None,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 50,
) -> None:
    """List accounts, newest first."""
    import admin_schemas
    import database
    import directory

    database.migrate()
    found = directory.search(admin_schemas.UserFilters(query=query, role=role, limit=limit))
    for user in found.items:
        state = "active" if user.is_active else "disabled"
        proof = "verified" if user.is_verified else "not verified"
        print(f"{user.user_id}  {user.email}  {user.username}  {state}, {proof}  {', '.join(user.roles)}")
    print(f"{len(found.items)} of {found.total}.")


@app.command()
def import_users(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="JSON Lines, or CSV where it ends in .csv.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check every line, and write nothing.")] = False,
) -> None:
    """Take accounts over from another system, with their hashes and ids. Bad lines are reported and left out; can be run again."""
    import database
    import importing

    database.migrate()
    with typer.progressbar(length=file.stat().st_size, label="Importing", file=sys.stderr) as bar:
        run = importing.Import(
            lambda line, reason: print(f"line {line}: {reason}", file=sys.stderr), bar.update, dry_run
        )
        totals = run.run(file)
    print(
        f"{totals.imported} {'would be imported' if dry_run else 'imported'}, {totals.there} there already, {totals.bad} bad."
    )
    if totals.bad:
        raise SystemExit(1)


@app.command()
def export_users(
    file: Path,
    with_hashes: Annotated[
        bool, typer.Option("--with-hashes", help="The hashes of passwords too: keep such a file safe.")
    ] = False,
) -> None:
    """Write every account into a new file that only you can read, as JSON Lines that import-users takes."""
    import database
    import importing

    database.migrate()
    with _whole(file) as out:
        written = importing.export(out, hashes=with_hashes)
    print(f"{written} accounts written to {file}{'' if with_hashes else ', with no hashes'}.")


@contextlib.contextmanager
def _whole(path: Path) -> Iterator[TextIO]:
    """A new file that only you can read. It has its name once it is whole; of one that breaks off nothing is left."""
    if path.exists():
        raise SystemExit(f"{path} is there already and stays as it is.")
    if not path.parent.is_dir():
        raise SystemExit(f"{path.parent}: there is no such folder")
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as out:
        try:
            yield cast(TextIO, out)
            out.flush()
            Path(out.name).replace(path)
        except BaseException:
            Path(out.name).unlink()
            raise


def run(*arguments: str) -> None:
    """One command, by default that of the command line. Ends with what is wrong in one line where something is."""
    import errors

    try:
        app(arguments or None, standalone_mode=not arguments)
    except sqlalchemy.exc.OperationalError as error:
        raise SystemExit(f"DATABASE_URL: the database is out of reach: {error.orig}") from None
    except errors.Refusal as refusal:
        raise SystemExit("\n".join([refusal.detail, *(e["message"] for e in refusal.errors or [])])) from None
    except ValidationError as invalid:
        raise SystemExit("\n".join(f"{_option(e)} {errors.message(e)}." for e in invalid.errors())) from None
    except OSError as error:
        raise SystemExit(f"{error.filename or 'The system'}: {error.strerror or error}") from None


def _option(error: ErrorDetails) -> str:
    """What a value was given for. A value that stands alone is the only one that was."""
    return f"--{error['loc'][0]}" if error["loc"] else "It"


if __name__ == "__main__":
    run()
