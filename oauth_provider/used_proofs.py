"""Accept each client assertion and DPoP proof only once, over all workers."""

import hashlib
from datetime import datetime

from sqlalchemy import select

import database
from oauth_provider.models import UsedProof


def use(kind: str, value: str, expires_at: datetime) -> bool:
    """Record the use of a proof, in one statement, and return whether it is the first one.

    kind: what `value` is unique among, such as the client.
    """
    added = database.upsert(UsedProof).values(id=_id_of(kind, value), expires_at=expires_at)
    return database.write(added.on_conflict_do_nothing().returning(UsedProof.id)) is not None


def is_used(kind: str, value: str) -> bool:
    """Return whether a value was recorded."""
    return database.read(select(UsedProof.id).where(UsedProof.id == _id_of(kind, value))) is not None


def _id_of(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}\n{value}".encode()).hexdigest()
