"""Accept each client assertion and DPoP proof only once, over all workers."""

import hashlib
from datetime import datetime

import database
from oauth_provider.models import UsedProof


def use(kind: str, value: str, expires_at: datetime) -> bool:
    """Record the use of a proof, in one statement, and return whether it is the first one.

    kind: what `value` is unique among, such as the client.
    """
    proof_id = hashlib.sha256(f"{kind}\n{value}".encode()).hexdigest()
    added = database.upsert(UsedProof).values(id=proof_id, expires_at=expires_at)
    return database.write(added.on_conflict_do_nothing().returning(UsedProof.id)) is not None
