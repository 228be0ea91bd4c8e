"""Find the creator of a client, whose current permissions limit the tokens of the client itself."""

from typing import Any

from sqlalchemy import Row, bindparam, select

from authorization import mfa_policy, roles
from models import User
from prepared import Prepared
from sessions import sessions

_CREATOR = Prepared(
    lambda: select(*sessions.USER_COLUMNS).where(
        User.user_id == bindparam("user_id"), User.is_active, sessions.may_have_session()
    )
)


def creator_of(client: Any) -> Row[Any] | None:
    """Return the administrator who created a client, or None if the account no longer exists or is not active."""
    if client.created_by is None:
        return None
    found: Row[Any] | None = _CREATOR.first({"user_id": client.created_by, "verified_only": sessions.verified_only()})
    return found


def of_creator(client: Any) -> frozenset[str]:
    """Return the permissions that the creator of a client holds now: none while a second factor must be set up."""
    creator = creator_of(client)
    if creator is None or mfa_policy.is_restricted(creator):
        return frozenset()
    return roles.current_rights(creator.roles).permissions
