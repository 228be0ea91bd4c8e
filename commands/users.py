"""Manage accounts: superusers, passwords, disabling, lists, import and export."""

import contextlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, TextIO, cast

import typer
from pydantic import TypeAdapter

from commands.app import app

Name = Annotated[str, typer.Argument(help="The address or the user_id of an account.")]


def _new_password(email: str, username: str) -> str:
    """Asked for twice at a terminal, else the first line of the standard input; its hash."""
    import schemas
    from credentials import passwords

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
    """Make a superuser, and ask for its password.

    An account whose owner has proven this address becomes one with the password it has.
    """
    import database
    import schemas
    from accounts import cli_operations
    from operations import migrations

    migrations.migrate()
    email = TypeAdapter(schemas.NewAddress).validate_python(email)
    username = TypeAdapter(schemas.Username | None).validate_python(username)
    known = cli_operations.candidate(email)
    keeps = known is not None and known.is_proven
    hashed = None if keeps else _new_password(email, username or schemas.display_name_for(email))
    with database.transaction() as db:
        if known:
            how = TAKEN_OVER if cli_operations.promote(db, known.id, hashed) else "with the password it has"
        else:
            cli_operations.create_superuser(db, email, username, str(hashed))
            how = ""
    print(f"{email} is a superuser now{', ' if how else ''}{how}.")


@app.command()
def set_password(name: Name) -> None:
    """Set the password of an account, asked for or read from the standard input.

    Its sessions and links end, its owner gets a mail.
    """
    import database
    from accounts import cli_operations
    from operations import migrations

    migrations.migrate()
    known = cli_operations.find(name)
    hashed = _new_password(known.email, known.username)
    with database.transaction() as db:
        cli_operations.set_password(db, known.id, hashed)
    print(f"{known.email} has a new password.")


@app.command()
def disable_user(name: Name) -> None:
    """Disable an account: its sessions and links end, and nobody can log in to it. The last active superuser stays."""
    import database
    from accounts import cli_operations
    from operations import migrations

    migrations.migrate()
    known = cli_operations.find(name)
    with database.transaction() as db:
        was_active = cli_operations.disable(db, known.id)
    print(f"{known.email} {'is' if was_active else 'was already'} disabled.")


@app.command()
def enable_user(name: Name) -> None:
    """Enable an account that was disabled: its owner can log in again."""
    import database
    from accounts import cli_operations
    from operations import migrations

    migrations.migrate()
    known = cli_operations.find(name)
    with database.transaction() as db:
        was_disabled = cli_operations.enable(db, known.id)
    print(f"{known.email} {'is' if was_disabled else 'was already'} enabled.")


@app.command()
def list_users(
    query: Annotated[str | None, typer.Option(help="The beginning of an address, a name or a user_id.")] = None,
    role: Annotated[str | None, typer.Option()] = None,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 50,
) -> None:
    """List accounts, newest first."""
    import schemas_admin
    from accounts import user_queries
    from operations import migrations

    migrations.migrate()
    found = user_queries.search(schemas_admin.UserFilters(query=query, role=role, limit=limit))
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
    """Take accounts over from another system, with their hashes and ids.

    Bad lines are reported and left out; can be run again.
    """
    from accounts import user_import
    from operations import migrations

    migrations.migrate()
    with typer.progressbar(length=file.stat().st_size, label="Importing", file=sys.stderr) as bar:
        run = user_import.Import(
            lambda line, reason: print(f"line {line}: {reason}", file=sys.stderr), bar.update, dry_run
        )
        totals = run.run(file)
    print(
        f"{totals.imported} {'would be imported' if dry_run else 'imported'}, {totals.there} there already, "
        f"{totals.bad} bad."
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
    from accounts import user_import
    from operations import migrations

    migrations.migrate()
    with _whole(file) as out:
        written = user_import.export(out, hashes=with_hashes)
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
