"""Remember the networks that an account was used from, and tell its owner about a new one."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Transaction

import email_utils
import models
from core import client_address
from core.client_address import CallerInfo
from models import KnownNetwork, User


def note(db: Transaction, user: User, caller: CallerInfo) -> None:
    """Know a network from which the account was used from now on; the owner hears of it unless it is the first."""
    known = set(db.scalars(select(KnownNetwork.network).where(KnownNetwork.account_id == user.id)))
    here = client_address.network_of(caller.ip)
    if here not in known:
        db.add(KnownNetwork(account_id=user.id, network=here))
        if known:  # the very first login of an account surprises nobody
            email_utils.queue(db, "new_network", user, ip=caller.ip, at=models.now().strftime("%Y-%m-%d %H:%M UTC"))


def forget(db: Transaction, user: User) -> None:
    """Know none any more: they were somebody else's."""
    db.execute(delete(KnownNetwork).where(KnownNetwork.account_id == user.id))
