"""Limit what an administrator may do in a session in which they impersonate a user.

`administration/impersonation.py` starts these sessions. They may read what the user may read, and change what cannot
affect who has access to the account.
"""

from fastapi import Request

import audit
import errors
from languages import translation

MINUTES = 30
# Of all requests that may change something, only these are accepted, by the name of their route.
ALLOWED = {
    "users.update_me",
    "auth.logout",
    "pages.log_out",
    "pages.change_profile",
    "pages.change_language",
    "pages.choose_language",
}
NOT_ALLOWED = translation.mark("An administrator who impersonates a user cannot do this.")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def enter(request: Request, user_id: str, actor_id: str) -> None:
    """Mark a request for the audit log, and reject it if impersonation does not allow it. Raises Forbidden."""
    audit.attribute(request.scope, user_id, actor_id)
    name = getattr(request.scope.get("route"), "unique_id", "")
    if request.method not in SAFE_METHODS and name not in ALLOWED:
        raise errors.Forbidden(NOT_ALLOWED)
