"""Build the context of the account pages."""

from typing import Any

from sqlalchemy import select

import audit
import database
import schemas_admin
from authorization import roles
from hosted_pages import activity_texts
from models import User
from sessions import sessions
from sessions.current_user import Current
from settings.loading import settings


def administration(who: Current) -> dict[str, Any]:
    """Return whether the account page links to the administration console, and to the applications."""
    administers = bool(roles.current_rights(who.user.roles).permissions) and not who.impersonator_id
    return {"administers": administers, "has_applications": settings.oidc_provider}


def security(who: Current) -> dict[str, Any]:
    """Return whether the account has a password."""
    with_password = select(User.id).where(User.id == who.user.id, User.hashed_password.is_not(None))
    return {"has_password": database.read(with_password) is not None}


def activity(who: Current, page: schemas_admin.Page) -> dict[str, Any]:
    """Return the context of the page that lists the events of the account, newest first."""
    found = audit.activity(who.user.user_id, page)
    events = [
        {
            "meaning": activity_texts.MEANINGS.get(event.action, event.action),
            "at": event.at,
            "ip": event.ip,
            "device": sessions.device_name(event.user_agent) if event.user_agent else "",
        }
        for event in found.items
    ]
    return {"events": events, "older": found.next_cursor}
