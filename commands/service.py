"""Create the settings file, migrate the database, and check everything before the service starts."""

import secrets
from pathlib import Path
from typing import Annotated

import typer

from commands.app import AsJson, app, print_json, print_table


@app.command()
def init(
    example: Annotated[Path, typer.Option(help="The template.")] = Path(".env.example"),
    target: Annotated[Path, typer.Option(help="The file to create.")] = Path(".env"),
) -> None:
    """Create .env from .env.example, with a new secret.

    Access tokens are signed with ES256, so that other services verify them without the secret. An existing file is not
    changed.
    """
    if target.exists():
        print(f"{target} already exists, and was not changed.")
        return
    text = example.read_text(encoding="utf-8")
    text = text.replace("\nJWT_SECRET=\n", f"\nJWT_SECRET={secrets.token_urlsafe(48)}\n")
    text = text.replace("\n# ALGORITHM=HS256\n", "\nALGORITHM=ES256\n")
    target.touch(mode=0o600)
    target.write_text(text, encoding="utf-8")
    print(f"Created {target} from {example}, with a new JWT_SECRET.")


@app.command()
def migrate() -> None:
    """Migrate the database to this release.

    Also creates the configured superuser. The service also does both at startup.
    """
    from operations import startup

    startup.prepare()
    print("The database is up to date.")


@app.command()
def cleanup() -> None:
    """Delete expired rows, once.

    Runs the other periodic jobs too. The servers do so every HOUSEKEEPING_INTERVAL_MINUTES.
    """
    from operations import cleanup as periodic
    from operations import startup

    startup.prepare()
    print_table(sorted((kind.replace("_", " "), number) for kind, number in periodic.run().items()))


@app.command()
def check(as_json: AsJson = False) -> None:
    """Report what would fail at startup.

    Changes nothing. Exits with 1 if something would fail, and with 3 if a setting is invalid.
    """
    from operations import checks

    findings = list(checks.run())
    wrong = sum(finding.grade == "wrong" for finding in findings)
    if as_json:
        print_json([finding._asdict() for finding in findings])
    else:
        print_table(findings)
        print(f"{wrong} {'problem' if wrong == 1 else 'problems'} found." if wrong else "No problems found.")
    raise SystemExit(min(wrong, 1))
