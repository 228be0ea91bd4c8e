"""Remember the networks from which an account was used, and notify its owner of a login from a new one."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.orm import Session as Transaction

import database
import email_utils
import models
from core import client_address
from core.client_address import CallerInfo
from models import KnownNetwork, User
from prepared import Prepared

DAYS_UNUSED_NETWORKS_ARE_KEPT = 90
UPDATE_INTERVAL = timedelta(days=1)


def note(
    db: Transaction, user: User, caller: CallerInfo, *, known: str | None = None, used_at: datetime | None = None
) -> None:
    """Record the network of a login. The owner is notified if it is new.

    The first login to an account that was imported, or created by someone else, counts as new.

    known: the caller's network, if the caller of this function has found it among the known ones.
    used_at: when its last use was recorded, if the caller of this function has read it.
    """
    network = known or client_address.network_of(caller.ip)
    if known is None and _add(db, user, network):
        email_utils.queue(db, "new_network", user, ip=caller.ip, at=models.now().isoformat())
        return
    before = models.now() - UPDATE_INTERVAL
    if used_at is not None and used_at >= before:
        return
    used = update(KnownNetwork).where(
        KnownNetwork.account_id == user.id, KnownNetwork.network == network, KnownNetwork.last_used_at < before
    )
    db.execute(used.values(last_used_at=models.now()).execution_options(synchronize_session=False))


def note_owner(db: Transaction, user: User, caller: CallerInfo) -> None:
    """Record the network of a sign-up or a first verification by email, without a notice to the owner."""
    _add(db, user, client_address.network_of(caller.ip))


_ADD = Prepared(
    lambda: database.upsert(KnownNetwork.__table__).on_conflict_do_nothing().returning(KnownNetwork.network)
)


def _add(db: Transaction, user: User, network: str) -> bool:
    new = {"account_id": user.id, "network": network, "last_used_at": models.now()}
    return _ADD.run(db, new) is not None


def forget(db: Transaction, user: User) -> None:
    """Delete all known networks of an account."""
    db.execute(delete(KnownNetwork).where(KnownNetwork.account_id == user.id))


def delete_unused(batch: int) -> int:
    """Delete a batch of networks without a recent login, and return how many."""
    before = models.now() - timedelta(days=DAYS_UNUSED_NETWORKS_ARE_KEPT)
    batch_keys = (
        select(KnownNetwork.account_id, KnownNetwork.network).where(KnownNetwork.last_used_at < before).limit(batch)
    )
    chosen = tuple_(KnownNetwork.account_id, KnownNetwork.network).in_(batch_keys)
    deleted = delete(KnownNetwork).where(chosen, KnownNetwork.last_used_at < before)
    return len(database.read_all(deleted.returning(KnownNetwork.network)))
