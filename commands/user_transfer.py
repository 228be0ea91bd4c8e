"""Import users from another system, and export them."""

import contextlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, TextIO, cast

import typer

from commands.app import app


@app.command()
def import_users(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="JSON Lines, or CSV if its name ends in .csv.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check every line and write nothing.")] = False,
) -> None:
    """Import accounts from another system.

    Takes their password hashes and ids over. Invalid lines are reported and skipped. You can
    run it again: existing accounts stay as they are.
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
        f"{totals.imported} {'would be imported' if dry_run else 'imported'}, {totals.existing} already there, "
        f"{totals.invalid} invalid."
    )
    if totals.invalid:
        raise SystemExit(1)


@app.command()
def export_users(
    file: Annotated[Path, typer.Argument(help="The new file. Only you can read it.")],
    with_hashes: Annotated[
        bool, typer.Option("--with-hashes", help="Include password hashes. Keep such a file safe.")
    ] = False,
) -> None:
    """Export every account to a new file.

    Writes JSON Lines that import-users reads.
    """
    from accounts import user_import
    from operations import migrations

    migrations.migrate()
    with _new_file(file) as out:
        written = user_import.export(out, hashes=with_hashes)
    print(f"{written} accounts written to {file}{'' if with_hashes else ', without password hashes'}.")


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
