"""Statements that need something that Citus, YugabyteDB or CockroachDB lacks are listed in docs/scaling.md.

They are parsed, not run on any of the three.
"""

import re

import pgparse
import pytest

import database
import distributed
import statements
from databases import POSTGRESQL_ONLY
from events import sequencer
from operations import cleanup, migrations
from people import Person
from servers import PROJECT


def of_migrations(url: str) -> set[str]:
    """Return every statement that creates the tables."""
    before = database.engine.url
    database.connect(url)
    try:
        with statements.recorded() as seen:
            migrations.migrate()
        database.engine.dispose()
    finally:
        database.connect(before.render_as_string(hide_password=False))
        migrations.migrate()
    return set(seen)


def of_the_service(person: Person) -> set[str]:
    """Return every statement of the lifecycle of an account, and of the cleanup."""
    with statements.recorded() as seen:
        statements.life_of(person)
        sequencer.run()
        cleanup.run()
    return {prepare or statement for prepare, statement, _ in seen.values()}


@POSTGRESQL_ONLY
def test_the_page_lists_what_distributed_databases_lack(service, configure, postgres):
    configure(email_verification="optional")
    asked = of_the_service(Person(service, "alice"))
    asked |= of_migrations(postgres.new_database().replace("postgresql://", "postgresql+psycopg2://"))
    assert len(asked) > 200
    table = distributed.table(asked)
    page = (PROJECT / "docs" / "scaling.md").read_text("utf-8")
    (written,) = re.findall(r"^\| database \| what it lacks .*\n(?:\|.*\n)+", page, re.M)
    assert written == table, f"change the page, after you checked that the documented limits still say enough:\n{table}"


@pytest.mark.parametrize(
    ("statement", "lack"),
    [
        ("SELECT pg_advisory_lock(1)", "CockroachDB"),
        ("LISTEN changes", "YugabyteDB"),
        ("ALTER TABLE a ADD CONSTRAINT later UNIQUE (x) DEFERRABLE", "YugabyteDB"),
        ("UPDATE users SET username = gen_random_uuid()::text WHERE id = %(id)s", "Citus"),
        ("CREATE TRIGGER each AFTER INSERT ON a REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION f()", "YugabyteDB"),
    ],
)  # fmt: skip
def test_a_new_statement_is_found(statement, lack):
    changed = set(distributed.table([statement]).splitlines()) - set(distributed.table([]).splitlines())
    assert any(line.startswith(f"| {lack} |") for line in changed)


def test_what_postgresql_does_not_parse_is_an_error():
    with pytest.raises(pgparse.PGQueryError):
        distributed.table(["SELEKT 1"])
