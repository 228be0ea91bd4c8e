"""Backups: the commands of docs/operations.md back up a running service and restore everything."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy

from people import Person
from servers import PROJECT

SCRIPTS = re.findall(r"^```bash\n(.*?)```", (PROJECT / "docs/operations.md").read_text(encoding="utf-8"), re.S | re.M)


def follow(script: str, folder: Path, tools: Path, **environment: str) -> None:
    path = f"{tools}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], cwd=folder, env={"PATH": path, **environment}, check=True
    )


@pytest.mark.parametrize("kind", ["postgres", "sqlite"])
def test_restore_contains_everything(start, postgres, tmp_path, kind):
    dump, restore, copy = SCRIPTS
    url, new = (postgres.new_database(), postgres.new_database()) if kind == "postgres" else (f"sqlite:///{tmp_path}/credentials.db", f"sqlite:///{tmp_path}/backup.db")  # fmt: skip
    running = start(DATABASE_URL=url, JWT_SECRET="kJ8sH2lQ0zPw7vXc4bNm1aSd5fGh6jKlqWeRtY")
    alice = Person(running, "alice")
    alice.sign_up()
    follow(dump if kind == "postgres" else copy, tmp_path, postgres.bin, DATABASE_URL=url)
    bob = Person(running, "bob")
    bob.sign_up()
    running.stop()
    if kind == "postgres":
        follow(restore, tmp_path, postgres.bin, NEW_DATABASE_URL=new)
    running.environment["DATABASE_URL"] = new
    running.start()
    assert alice.is_logged_in()
    assert alice.can_log_in_with(alice.password)
    assert not bob.can_log_in_with(bob.password), "he came after the backup"
    engine = sqlalchemy.create_engine(new.replace("postgresql://", "postgresql+psycopg2://"))
    with engine.connect() as connection, pytest.raises(sqlalchemy.exc.DBAPIError):
        connection.execute(sqlalchemy.text("UPDATE audit_events SET action = 'nothing'"))
    engine.dispose()
