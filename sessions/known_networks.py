"""Remember the networks that an account was used from, and tell its owner about a login from another one."""

from datetime import timedelta

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.orm import Session as Transaction

import database
import email_utils
import models
from core import client_address
from core.client_address import CallerInfo
from models import KnownNetwork, User

DAYS_AN_UNUSED_NETWORK_IS_KNOWN = 90
BETWEEN_USES_NOTED = timedelta(days=1)


def note(db: Transaction, user: User, caller: CallerInfo, *, known: str | None = None) -> None:
    """Note the network of a login. The owner is told of one that the account was not used from before.

    The first login into an account that was imported, or made by somebody else, counts as such: nobody has been here.

    known: the caller's network, where the caller of this function has found it among the known ones.
    """
    here = known or client_address.network_of(caller.ip)
    if known is None and _add(db, user, here):
        email_utils.queue(db, "new_network", user, ip=caller.ip, at=models.now().strftime("%Y-%m-%d %H:%M UTC"))
        return
    long_ago = models.now() - BETWEEN_USES_NOTED
    used = update(KnownNetwork).where(
        KnownNetwork.account_id == user.id, KnownNetwork.network == here, KnownNetwork.last_used_at < long_ago
    )
    db.execute(used.values(last_used_at=models.now()).execution_options(synchronize_session=False))


def note_owner(db: Transaction, user: User, caller: CallerInfo) -> None:
    """Note the network of a sign-up, or of a first verification by email: the owner is there, and needs no notice."""
    _add(db, user, client_address.network_of(caller.ip))


def _add(db: Transaction, user: User, network: str) -> bool:
    added = database.upsert(KnownNetwork.__table__).values(
        account_id=user.id, network=network, last_used_at=models.now()
    )
    return db.execute(added.on_conflict_do_nothing().returning(KnownNetwork.network)).first() is not None


def forget(db: Transaction, user: User) -> None:
    """Forget every network: the account was used by others there."""
    db.execute(delete(KnownNetwork).where(KnownNetwork.account_id == user.id))


def delete_unused(batch: int) -> int:
    """Forget networks from which their account was not logged in to for a long time; returns how many of this batch."""
    before = models.now() - timedelta(days=DAYS_AN_UNUSED_NETWORK_IS_KNOWN)
    some = select(KnownNetwork.account_id, KnownNetwork.network).where(KnownNetwork.last_used_at < before).limit(batch)
    chosen = tuple_(KnownNetwork.account_id, KnownNetwork.network).in_(some)
    gone = delete(KnownNetwork).where(chosen, KnownNetwork.last_used_at < before)
    return len(database.read_all(gone.returning(KnownNetwork.network)))
