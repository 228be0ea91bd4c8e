"""Set the service up, check it, and bring its database up to date."""

import secrets
from pathlib import Path

from commands.app import app


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
    from operations import startup

    startup.prepare()
    print("The database is up to date.")


@app.command()
def check() -> None:
    """Tell what would go wrong, before the start. Changes nothing; ends with 1 where something is wrong."""
    from operations import checks

    findings = list(checks.run())
    for finding in findings:
        print(f"{finding.grade:5}  {finding.what:12} {finding.said}")
    wrong = sum(finding.grade == "wrong" for finding in findings)
    print("Nothing stands in the way." if not wrong else f"{wrong} to be mended.")
    raise SystemExit(min(wrong, 1))
