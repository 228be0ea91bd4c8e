"""Let an administrator see the service as another user, for a short time and within limits.

`sessions/impersonation.py` limits what such a session may do.
"""

from sqlalchemy.orm import Session

import audit
import auth
import email_utils
import errors
import models
import schemas
import schemas_admin
from administration import users
from authorization import roles
from core.client_address import CallerInfo
from languages import translation
from sessions import impersonation, reauthentication, sessions, tokens
from sessions.current_user import Current
from settings.loading import settings

PERMISSION = "users:impersonate"


def start(
    db: Session, caller: CallerInfo, who: Current, user_id: str, body: schemas_admin.Impersonate
) -> schemas.BearerToken:
    """Start a session as another user, and return its access token. The user is notified.

    Raises ReauthenticationRequired, NotFound, Forbidden (also for oneself and for a user with a permission that the
    actor lacks), and Conflict for an account that may not log in.
    """
    reauthentication.require(db, caller, who, body)
    with roles.serialized(db) as known:
        user = users.lock_manageable(db, who, user_id, known, permission=PERMISSION)
        if user_id == who.user.user_id:
            raise errors.Forbidden()
        if not user.is_active or auth.must_verify(user):
            raise errors.Conflict(translation.mark("The account is disabled or not verified, so it cannot log in."))
        session = sessions.start_impersonation(db, user, caller, who.user.user_id, impersonation.MINUTES)
    audit.record(db, caller, "user.impersonated", user_id, actor_id=who.user.user_id, reason=body.reason)
    if settings.impersonation_notice:
        at = models.now().isoformat()
        email_utils.queue(db, "impersonated", user, at=at, minutes=impersonation.MINUTES, reason=body.reason)
    return tokens.impersonation_token(user, session)
