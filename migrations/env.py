"""Run by database.migrate() with an open connection, or by the alembic command for developers."""

from alembic import context

import database
import models  # noqa: F401 - fills the metadata


def run(connection) -> None:  # type: ignore[no-untyped-def]
    context.configure(
        connection=connection, target_metadata=database.Base.metadata, render_as_batch=True, compare_type=True
    )
    with context.begin_transaction():
        context.run_migrations()


if connection := context.config.attributes.get("connection"):
    run(connection)
else:
    with database.engine.begin() as connection:
        run(connection)
