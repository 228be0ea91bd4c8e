"""Resolve the current user of a request, and require permissions and a second factor."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase
from fastapi.security.utils import get_authorization_scheme_param
from sqlalchemy.orm import Session

import errors
import models
import schemas
from authorization import mfa_policy, roles
from core import capability, client_address, thread_pools
from languages import reader
from sessions import access_tokens, impersonation, sessions
from telemetry import logs
from web import cookies, rate_limits

REAUTHENTICATION_MINUTES = 5


@dataclass(frozen=True, slots=True)
class Key:
    """The API key of a request, or the access token of an OAuth client, which is treated as a key.

    rate_limit: its own rate limit, if it is not RATE_LIMIT_API_KEY.
    allowed_ips: the networks from which it may be used; none if it may be used from anywhere.
    client_id: the client that the token belongs to, or None for an API key.
    has_login: whether a user has logged in to the client, so that `Current.authentication` says how.
    """

    id: str
    scopes: frozenset[str]
    rate_limit: str | None
    allowed_ips: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    client_id: str | None = None
    has_login: bool = False


@dataclass(frozen=True)
class Current:
    """The current user of a request, and the session or API key.

    A request with an API key has no session: `session_id` is empty. Routes are closed to keys unless the record of a
    capability opens them (`open_to_keys`).
    """

    user: schemas.Me
    session_id: str
    authenticated_at: datetime | None  # when the user last authenticated; None after a silent provider login
    authentication: sessions.Authentication
    email_verified: bool  # by its owner, or by a provider
    has_factors: bool
    has_only_sms: bool
    has_only_recovery_codes: bool
    impersonator_id: str | None = None  # the `user_id` of the administrator who impersonates the user
    key: Key | None = None

    @functools.cached_property  # read before the transaction of a route that requires one
    def permissions(self) -> frozenset[str]:
        """Return the current permissions of the user or, for an API key, those of them that its scopes include."""
        held = roles.current_rights(self.user.roles).permissions
        return held & self.key.scopes if self.key else held

    @property
    def must_enroll(self) -> bool:
        """Return whether MFA_REQUIRED requires a factor that the account does not have."""
        return not self.impersonator_id and mfa_policy.must_enroll(self, self.user.roles)

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


def authenticate(raw: str | None, ip: str | None = None) -> Current | None:
    """Return the user and session of an access token, or the user and key of an API key, or None.

    A forged, expired or mistyped credential costs no query, a valid one costs one.

    ip: the client's IP address. Without it, the networks of an API key are not checked.
    """
    if raw and (found := _of_other_credential(raw, ip)) is not None:
        return found
    claims = access_tokens.read(raw) if raw else None
    return authenticate_claims(claims) if claims else None


def _of_other_credential(raw: str, ip: str | None) -> Current | None:
    for prefix, resolve in capability.credentials().items():
        if raw.startswith(prefix):
            found: Current | None = resolve(raw, ip)
            return found
    return None


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
        row.has_only_recovery_codes,
        row.impersonator_id,
    )


def of_request(request: Request) -> tuple[Current | None, bool]:
    """Return the current user of a request, and whether a cookie authenticates them. Does not check the route.

    Without the schemes of capabilities: a DPoP proof is for one URL, which for forward auth is that of an application.
    """
    return _of_request(request, {})


def _of_request(request: Request, schemes: Mapping[str, Callable[[str, Request], Any]]) -> tuple[Current | None, bool]:
    scheme, credentials = get_authorization_scheme_param(request.headers.get("authorization"))
    sent = credentials if scheme.lower() == "bearer" else ""
    ip = client_address.of_request(request.scope)
    if credentials and (resolve := schemes.get(scheme.lower())):
        sent, found = credentials, resolve(credentials, request)
    elif sent:
        found = authenticate(sent, ip)
    elif sent := request.headers.get("x-api-key", ""):
        found = _of_other_credential(sent, ip)
    else:
        found = authenticate(cookies.access_token(request))
    if found:
        logs.know_user(found.user.user_id)
        reader.know_user(found.user.locale, found.user.time_zone)
        if found.key:
            # For the audit log.
            of, key_id = ("client_id", found.key.client_id) if found.key.client_id else ("api_key_id", found.key.id)
            request.scope["state"][of] = key_id
    return found, not sent


def _current(request: Request) -> Current | None:
    found, in_cookie = _of_request(request, capability.schemes())
    if found and in_cookie:
        cookies.require_same_site(request)
    if found and found.key:
        _require_open_to_keys(request, found, found.key)
    if found and found.impersonator_id:
        impersonation.enter(request, found.user.user_id, found.impersonator_id)
    return found


def _require_open_to_keys(request: Request, who: Current, key: Key) -> None:
    """Require that the route is open to this API key. Raises InsufficientScope."""
    scope = capability.open_to_keys().get(getattr(request.scope.get("route"), "unique_id", ""))
    is_permission = scope in capability.permissions()
    if scope is None or scope not in (who.permissions if is_permission else key.scopes):
        # A client cannot request the scopes of API keys.
        can_request = key.client_id is None or scope in capability.permissions()
        raise errors.InsufficientScope(scope if can_request else None)


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
        if found:
            await count_request(request, found)
        elif self._required:
            raise errors.NotAuthenticated()
        return found


async def again(request: Request) -> Current | None:
    """Return the current user of a request that has waited: the credential may have been revoked since."""
    return await thread_pools.run_in_request_pool(_current, request)


async def count_request(request: Request, who: Current) -> None:
    """Count a request for the limit of its user or API key. Raises RateLimited."""
    if who.key:
        await rate_limits.count_caller(request.scope, "api_key", who.key.id, who.key.rate_limit)
    else:
        await rate_limits.count_caller(request.scope, "user", str(who.user.id))


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

    If MFA_REQUIRED is set, the user must also have logged in with two factors. An API key must also have the permission
    as a scope. Raises Forbidden, InsufficientScope, ReauthenticationRequired.
    """
    if permission not in who.permissions:
        raise errors.InsufficientScope(permission) if who.key else errors.Forbidden()
    require_second_factor(who)


def require_second_factor(who: Current) -> None:
    """Require that the user has used two factors, if MFA_REQUIRED is set. Raises ReauthenticationRequired.

    Nobody logs in with an API key, whose owner authenticated to create it, or with a client's own token.
    """
    has_login = who.key is None or who.key.has_login
    if has_login and mfa_policy.requires_aal2() and who.authentication.acr != "aal2":
        raise errors.ReauthenticationRequired(acr_values="aal2")


def rights_of_actor(db: Session, who: Current, permission: str, known: roles.Catalogue) -> roles.Rights:
    """Return the current rights of the acting user, in this transaction. An API key has those of its scopes alone.

    Raises Forbidden, InsufficientScope, NotAuthenticated if the session has ended.
    """
    rights = roles.of_actor(db, who.user.user_id, permission, known)
    if who.key is None:
        if not sessions.stays_active(db, who.user.id, who.session_id):
            raise errors.NotAuthenticated()
        return rights
    if permission not in who.key.scopes:
        raise errors.InsufficientScope(permission)
    return roles.Rights(rights.permissions & who.key.scopes, superuser=False)


def reject_key(who: Current) -> None:
    """Reject what only a session may do. Raises InsufficientScope."""
    if who.key:
        raise errors.InsufficientScope()
