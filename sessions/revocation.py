"""Revoke sessions and tokens after a credential change.

Each capability declares its part in its record (`on_credentials_changed`), so a new kind of credential needs no change
to the callers.
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
    """A change of an account's credentials.

    caller: who made the change, for the audit log.
    keep_session: the id of the session that continues, if any.
    removes_unproven_credentials: whether to remove credentials that were added before the email address was verified.
    removes_other_logins: whether to remove all login methods except the password.
    ends_recovery_links: whether to end the links with which a previous owner could take the account back. Only if it
        was taken over: otherwise a thief could end them.
    removes_added_since: the time since which added credentials are removed.
    removal_notices: whether the owner gets an email about each removal, if no other email of this change mentions it.
    """

    caller: CallerInfo
    keep_session: str | None = None
    removes_unproven_credentials: bool = False
    removes_other_logins: bool = False
    ends_recovery_links: bool = False
    removes_added_since: datetime | None = None
    removal_notices: bool = True


def revoke(db: Session, caller: CallerInfo, user: User, keep: str | None = None, **how: Any) -> None:
    """Revoke the sessions and open links of an account whose row is locked.

    keep: the id of the session that continues, if any. `how`: further fields of `Change`.
    """
    change = Change(caller=caller, keep_session=keep, **how)
    for record in capability.installed():
        record.on_credentials_changed(db, user, change)


def end_all_sessions(db: Session, user: User, *, api_keys: bool = False) -> None:
    """End all sessions of an account whose row is locked, and what else keeps a device logged in.

    api_keys: whether the account's API keys end too.
    """
    for record in capability.installed():
        record.on_logged_out_everywhere(db, user, api_keys)
