"""Define /users/me, the account of the current user, and /users."""

from typing import Annotated, Any

from fastapi import Path, Query, Response
from fastapi.responses import StreamingResponse

import audit
import auth
import errors
import routes
import schemas
import schemas_admin
from accounts import deletion, email_change, privacy, profile, user_queries
from audit import Caller
from credentials import passwords
from database import Db
from schemas import Message
from sessions import sessions
from sessions.current_user import CurrentUser, EnrollingUser, requires
from web import rate_limits
from web.openapi import documented, message_response
from web.rate_limits import limit

CHANGE_REQUESTED = "We have sent a link to the new email address. Nothing changes until you confirm it."
router = routes.router(prefix="/users/me", tags=["users"], responses=documented(errors.NotAuthenticated))


@router.get("")
async def me(who: EnrollingUser) -> schemas.Me:
    """Get your account."""
    return who.user  # async: all the work is in the dependency, and one thread hop a request is enough


@router.patch("", responses=documented(errors.ValidationFailed))
def update_me(body: schemas.Profile, db: Db, caller: Caller, who: CurrentUser) -> schemas.User:
    """Update your display name."""
    return profile.update(db, caller, who, body)


@router.post(
    "/email",
    dependencies=[limit("email")],
    status_code=202,
    responses={
        **message_response(202, CHANGE_REQUESTED),
        **documented(errors.ReauthenticationRequired, errors.EmailTaken, errors.ValidationFailed, errors.Overloaded),
    },
)
@rate_limits.limit_emails("new_email", scope="move", tells_caller=True)
@passwords.hashes
def change_email(body: schemas.ChangeEmail, db: Db, caller: Caller, who: CurrentUser) -> Message:
    """Request a change of your email address.

    The new address gets a link. Nothing changes until its token is confirmed with `POST /auth/verify-email`.
    """
    email_change.request(db, caller, who, body)
    return Message(message=CHANGE_REQUESTED)


@router.delete(
    "",
    dependencies=[limit("login")],
    status_code=204,
    responses=documented(errors.ReauthenticationRequired, errors.LastSuperuser, errors.Overloaded),
)
@passwords.hashes
def delete_me(db: Db, caller: Caller, who: CurrentUser, body: schemas.Presence | None = None) -> None:
    """Delete your account and all data about you. Takes effect immediately."""
    deletion.delete_own(db, caller, who, body)


@router.get("/sessions")
def list_sessions(who: CurrentUser) -> list[schemas.Device]:
    """List your sessions, newest first."""
    return [_device(row, current=row.id == who.session_id) for row in sessions.list_of(who.user.id)]


def _device(row: Any, *, current: bool) -> schemas.Device:
    how = sessions.authentication_of(row)
    shown = {"auth_time": int(how.at.timestamp()), "acr": how.acr, "amr": list(how.amr)}
    return schemas.Device(**{**row._mapping, **shown}, device=sessions.device_name(row.user_agent), current=current)


@router.delete(
    "/sessions/{session_id}", status_code=204, responses=documented(errors.NotFound, errors.ValidationFailed)
)
def end_session(session_id: Annotated[schemas.PublicId, Path()], db: Db, caller: Caller, who: CurrentUser) -> None:
    """End one of your sessions."""
    auth.end_session(db, caller, who, session_id)


@router.get("/activity", responses=documented(errors.ValidationFailed))
def list_activity(page: Annotated[schemas_admin.Page, Query()], who: CurrentUser) -> schemas_admin.EventPage:
    """List the events of your account, newest first."""
    return audit.activity(who.user.user_id, page)


@router.get("/export", response_model=privacy.response_schema, responses=documented(errors.RateLimited))
@rate_limits.limit_by_user("export")
def export_me(who: CurrentUser, caller: Caller) -> Response:
    """Export all data about you, by section. The export contains no secrets."""
    return StreamingResponse(privacy.export(who.user), media_type="application/json")


others = routes.router(prefix="/users", tags=["users"], responses=documented(errors.NotAuthenticated, errors.Forbidden))
routes.register_ids("user", "get-current-user", "get-all-users")


@others.get("", dependencies=[requires("users:read")], response_model=list[schemas.User])
def list_all() -> StreamingResponse:
    """List all accounts, oldest first. Requires `users:read`. `GET /admin/users` supports search and pages."""
    return StreamingResponse(user_queries.stream_all(), media_type="application/json")


@others.get("/{user_id:user}", responses=documented(errors.NotFound, errors.ValidationFailed))
def read(user_id: Annotated[schemas.PublicId, Path()], who: CurrentUser) -> schemas.User:
    """Get an account by `id` or `user_id`. Requires `users:read`, except for your own account."""
    return user_queries.visible_to(who, user_id)
