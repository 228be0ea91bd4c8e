"""Revoke sessions and tokens after a credential change: one function, which every change of a credential calls.

Each capability declares its part in its record (`on_credentials_changed`), so a new kind of credential joins here
without a change to the callers.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core import capability
from core.client_address import CallerInfo
from models import User


@dataclass(frozen=True, kw_only=True)
class Change:
    """What happened to an account's credentials.

    caller: who made the change, for the audit log.
    keep_session: the id of the session that stays, where one does.
    removes_unproven_credentials: whether credentials go that were added before the owner verified the email address.
    removes_other_logins: whether everything but the password that opens the account goes.
    ends_recovery_links: whether links end, too, with which a previous owner could take the account back. Only where it
        was taken over: otherwise what a thief does would end them.
    removes_added_since: the time since which what was added to the account goes.
    removal_notices: whether the owner is told of each by an email, where no other email of this change tells.
    """

    caller: CallerInfo
    keep_session: str | None = None
    removes_unproven_credentials: bool = False
    removes_other_logins: bool = False
    ends_recovery_links: bool = False
    removes_added_since: datetime | None = None
    removal_notices: bool = True


def revoke(db: Session, caller: CallerInfo, user: User, keep: str | None = None, **how: Any) -> None:
    """End the sessions and open links of an account whose row is locked, except the session to keep.

    `how`: further fields of `Change`.
    """
    change = Change(caller=caller, keep_session=keep, **how)
    for record in capability.installed():
        record.on_credentials_changed(db, user, change)
