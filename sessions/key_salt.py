"""Load the salt of the derived keys from the database, once for each process."""

import secrets

from sqlalchemy import Connection, insert, select

from core import signing
from sessions.models import KeySalt
from telemetry import logs

log = logs.logger()
ROW_ID = 1  # the table has one row


def load(connection: Connection) -> None:
    """Load the salt of this database, and derive keys with it from now on.

    The migration creates it. If it was lost, a new one is created, which invalidates every session and link: without a
    salt the service could not work at all. The caller holds the migration lock, so that only one process creates it.
    """
    if not read(connection):
        log.error("key salt missing; a new one was created, and all users must log in again")
        connection.execute(insert(KeySalt).values(id=ROW_ID, salt=secrets.token_hex(32)))
        read(connection)


def read(connection: Connection) -> bool:
    """Load the salt if it exists, and return whether it does."""
    row = connection.execute(select(KeySalt.salt, KeySalt.unsalted_until).where(KeySalt.id == ROW_ID)).first()
    if row:
        signing.use_salt(signing.Salt(bytes.fromhex(row.salt), row.unsalted_until))
    return row is not None
