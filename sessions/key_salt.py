"""Read the salt of the derived keys from the database, once for each process."""

import secrets

from sqlalchemy import Connection, insert, select

from core import signing
from models import KeySalt
from telemetry import logs

log = logs.logger()
ONLY = 1  # the id of the one row


def load(connection: Connection) -> None:
    """Derive keys with the salt of this database from now on.

    The migration made it. Where it was lost since, a new one is made, which ends every session and link: without one
    the service could not serve at all. The caller holds the lock of migrations, so that one process makes it.
    """
    if not read(connection):
        log.error("the salt of the derived keys is gone: a new one is made, and everybody must log in again")
        connection.execute(insert(KeySalt).values(id=ONLY, salt=secrets.token_hex(32)))
        read(connection)


def read(connection: Connection) -> bool:
    """The same without making one; whether there was one."""
    row = connection.execute(select(KeySalt.salt, KeySalt.unsalted_until).where(KeySalt.id == ONLY)).first()
    if row:
        signing.use_salt(signing.Salt(bytes.fromhex(row.salt), row.unsalted_until))
    return row is not None
