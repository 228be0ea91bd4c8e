"""Import users from another system, and export them."""

import contextlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, TextIO, cast

import typer

from commands.app import app

# The same names as in user_import.presets, which is too slow to import just for a help text.
SYSTEMS = (
    "auth0", "better-auth", "clerk", "cognito", "devise", "django", "fastapi-users", "firebase", "keycloak", "laravel",
    "supabase", "wordpress",
)  # fmt: skip


@app.command()
def import_users(  # noqa: PLR0913, PLR0917 - an option of the command line each
    file: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, help="JSON Lines, JSON, or CSV if its name ends in .csv or .tsv."),
    ],
    system: Annotated[
        str | None, typer.Option("--from", help=f"The system that wrote the file: {', '.join(SYSTEMS)}.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check every record and write nothing.")] = False,
    update: Annotated[
        bool,
        typer.Option(
            "--update", help="Add missing data to existing accounts: a password hash, a verification, a disabled state."
        ),
    ] = False,
    allow_loss: Annotated[
        bool, typer.Option("--allow-loss", help="Import users even if a credential or a disabled state is lost.")
    ] = False,
    hash_option: Annotated[
        list[str] | None,
        typer.Option(help="A parameter of the hashes, such as signer_key=… for Firebase. Repeat it for several."),
    ] = None,
) -> None:
    """Import accounts from another system.

    Keeps their ids and password hashes. Reads JSON Lines, JSON and CSV. Invalid records are reported and skipped;
    values that cannot be imported are listed at the end. You can run it again: existing accounts are not changed.
    """
    from operations import migrations
    from user_import import files, runs

    if system is not None and system not in SYSTEMS:
        raise SystemExit(f"--from must be one of {', '.join(SYSTEMS)}.")
    options = runs.Options(system, dry_run, update, allow_loss, _parameters(hash_option or []))
    migrations.migrate()
    with typer.progressbar(length=file.stat().st_size, label="Importing", file=sys.stderr) as bar:
        run = runs.Import(lambda line, text: print(f"line {line}: {text}", file=sys.stderr), bar.update, options)
        try:
            totals = run.run(file)
        except (runs.Refused, files.Unreadable) as error:
            raise SystemExit(f"{error}\n{_summary(run.totals, dry_run)}") from None
    for what, number in sorted(totals.lost.items()):
        print(f"not imported: {what} ({number} {'record' if number == 1 else 'records'})", file=sys.stderr)
    print(_summary(totals, dry_run))
    if totals.bad:
        raise SystemExit(1)


def _parameters(written: list[str]) -> dict[str, str]:
    pairs = [each.partition("=") for each in written]
    if not all(mark and value for _, mark, value in pairs):
        raise SystemExit("--hash-option must be a name and a value, such as rounds=8.")
    return {name.strip(): value.strip() for name, _, value in pairs}


def _summary(totals: Any, dry_run: bool) -> str:
    would = "would be " if dry_run else ""
    updated = f", {totals.updated} {would}updated" if totals.updated else ""
    return f"{totals.imported} {would}imported{updated}, {totals.there} already there, {totals.bad} invalid."


@app.command()
def export_users(
    file: Annotated[Path, typer.Argument(help="The new file. Only you can read it.")],
    with_hashes: Annotated[
        bool, typer.Option("--with-hashes", help="Include password hashes. Protect this file.")
    ] = False,
) -> None:
    """Export every account to a new file.

    Writes JSON Lines that import-users reads.
    """
    from operations import migrations
    from user_import import export

    migrations.migrate()
    with _new_file(file) as out:
        written = export.export(out, hashes=with_hashes)
    accounts = "1 account" if written == 1 else f"{written} accounts"
    print(f"{accounts} written to {file}{'' if with_hashes else ', without password hashes'}.")


@contextlib.contextmanager
def _new_file(path: Path) -> Iterator[TextIO]:
    """Open a file that only you can read. It gets its name when it is complete; an interrupted one is removed."""
    if path.exists():
        raise SystemExit(f"{path} already exists, and was not changed.")
    if not path.parent.is_dir():
        raise SystemExit(f"{path.parent} is not a directory.")
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
