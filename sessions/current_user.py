"""Resolve the current user of a request, and require permissions and a second factor."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase
from fastapi.security.utils import get_authorization_scheme_param

import errors
import models
import schemas
from authorization import mfa_policy, roles
from core import thread_pools
from languages import reader
from sessions import access_tokens, impersonation, sessions
from telemetry import logs
from web import cookies

REAUTHENTICATION_MINUTES = 5


@dataclass(frozen=True, slots=True)
class Current:
    """The current user of a request, and the session."""

    user: schemas.Me
    session_id: str
    authenticated_at: datetime | None  # when the user last authenticated; None after a silent provider login
    authentication: sessions.Authentication
    email_verified: bool  # by its owner, or by a provider
    has_factors: bool
    has_only_sms: bool
    impersonator_id: str | None = None  # the `user_id` of the administrator who impersonates the user

    @property
    def must_enroll(self) -> bool:
        """Return whether MFA_REQUIRED requires a factor that the account does not have."""
        return not self.impersonator_id and mfa_policy.must_enroll(
            self.has_factors, self.user.roles, only_sms=self.has_only_sms
        )

    @property
    def authenticated_recently(self) -> bool:
        """Return whether the user authenticated in the last five minutes, with any factor."""
        return _is_recent(self.authenticated_at)

    @property
    def is_present(self) -> bool:
        """Return whether the session alone is sufficient for re-authentication.

        An account with a factor must have used two in the last five minutes. A refresh does not count as a login.
        """
        return _is_recent(self.authentication.aal2_at if self.has_factors else self.authenticated_at)


def _is_recent(at: datetime | None) -> bool:
    return at is not None and at >= models.now() - timedelta(minutes=REAUTHENTICATION_MINUTES)


def authenticate(raw: str | None) -> Current | None:
    """Return the user and session of an access token, or None.

    A forged or expired token costs no query, a valid one costs one.
    """
    claims = access_tokens.read(raw) if raw else None
    return authenticate_claims(claims) if claims else None


def authenticate_claims(claims: dict[str, Any]) -> Current | None:
    """Return the user and session of verified claims, or None if the session or the account has ended."""
    row = sessions.user_of(claims["sid"], claims["sub"])
    if row is None:
        return None
    return Current(
        schemas.Me.model_validate(row),
        row.session_id,
        row.authenticated_at,
        sessions.authentication_of(row),
        row.email_proven_at is not None,
        row.has_factors,
        row.has_only_sms,
        row.impersonator_id,
    )


def _current(request: Request) -> Current | None:
    scheme, credentials = get_authorization_scheme_param(request.headers.get("authorization"))
    bearer = credentials if scheme.lower() == "bearer" else ""
    found = authenticate(bearer or cookies.access_token(request))
    if found:
        logs.know_user(found.user.user_id)
        reader.know_user(found.user.locale, found.user.time_zone)
    if found and not bearer:
        cookies.require_same_site(request)
    if found and found.impersonator_id:
        impersonation.enter(request, found.user.user_id, found.impersonator_id)
    return found


def _current_and_enrolled(request: Request) -> Current | None:
    found = _current(request)
    if found and found.must_enroll:
        raise errors.MfaEnrolmentRequired()
    return found


class _Authentication(SecurityBase):
    """Resolve the current user of a request.

    One dependency in one thread: a second one would add a tenth to the time of a cheap request.
    """

    scheme_name = "Bearer"
    model = HTTPBearer(description="The access token of a login.")

    def __init__(self, find: Callable[[Request], Current | None], *, required: bool) -> None:
        self._find, self._required = find, required

    async def __call__(self, request: Request) -> Current | None:
        found = await thread_pools.run_in_request_pool(self._find, request)
        if self._required and not found:
            raise errors.NotAuthenticated()
        return found


MaybeCurrentUser = Annotated[Current | None, Security(_Authentication(_current, required=False))]
CurrentUser = Annotated[Current, Security(_Authentication(_current_and_enrolled, required=True))]
# For the few routes that accept a user who must set up a factor first. All other routes reject them.
EnrollingUser = Annotated[Current, Security(_Authentication(_current, required=True))]


def requires(permission: str) -> Any:
    """Return a route dependency that requires a permission: see `require_permission`.

    Raises NotAuthenticated, MfaEnrolmentRequired, and what `require_permission` raises.
    """

    async def check(who: CurrentUser) -> None:
        await thread_pools.run_in_request_pool(require_permission, who, permission)

    return Depends(check)


def require_permission(who: Current, permission: str) -> None:
    """Require a permission, which the user's roles must grant at this moment.

    If MFA_REQUIRED is set, the session must also have used two factors. Raises Forbidden, ReauthenticationRequired.
    """
    if permission not in roles.current_rights(who.user.roles).permissions:
        raise errors.Forbidden()
    require_second_factor(who)


def require_second_factor(who: Current) -> None:
    """Require that the session has used two factors, if MFA_REQUIRED is set. Raises ReauthenticationRequired."""
    if mfa_policy.requires_aal2() and who.authentication.acr != "aal2":
        raise errors.ReauthenticationRequired(acr_values="aal2")
