"""What other services may ask: whether a token is good, and to end its session. And whoever reads the numbers."""

import hmac
from typing import Annotated

from fastapi import Security
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.orm import Session

import access_tokens
import audit
import auth
import errors
import service_schemas
import sessions
from audit import CallerInfo
from settings import settings

_service_bearer = HTTPBearer(
    auto_error=False, scheme_name="ServiceBearer", description="One of INTERNAL_SERVICE_TOKEN."
)
_service_header = APIKeyHeader(
    name="X-Service-Token",
    auto_error=False,
    scheme_name="ServiceToken",
    description="The same, as a header of its own.",
)


async def from_a_service(
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_service_bearer)],
    header: Annotated[str | None, Security(_service_header)],
) -> None:
    """Let only another service of ours in. Raises NotAuthenticated."""
    shown = [token.encode() for token in (bearer.credentials if bearer else None, header) if token]
    if True not in [
        hmac.compare_digest(token, known.encode()) for token in shown for known in settings.internal_service_token
    ]:
        raise errors.NotAuthenticated()


def demand_metrics_token(authorization: str) -> None:
    """In production, numbers are for whoever has METRICS_TOKEN; for anybody else there is nothing here. Raises NotFound."""
    scheme, _, shown = authorization.partition(" ")
    known = bool(settings.metrics_token) and scheme.lower() == "bearer"
    if settings.production and not (known and hmac.compare_digest(shown.encode(), settings.metrics_token.encode())):
        raise errors.NotFound()


def introspect(raw: str) -> service_schemas.Introspection:
    """What an access token says, where it and its session and account are good now (RFC 7662).

    No other token is ever active: a service that looks at nothing else would take it for an access token.
    """
    claims = access_tokens.read(raw)
    who = auth.person_behind(claims) if claims else None
    if who is None or claims is None:
        return service_schemas.Introspection(active=False)
    return service_schemas.Introspection(
        active=True,
        sub=who.user.user_id,
        username=who.user.username,
        email=who.user.email,
        email_verified=who.user.is_verified,
        roles=who.user.roles,
        sid=who.session_id,
        token_type="Bearer",
        **{name: claims[name] for name in ("jti", "iss", "aud", "iat", "exp")},
    )


def revoke(db: Session, caller: CallerInfo, raw: str) -> None:
    """End the session of an access or refresh token (RFC 7009). An unknown token is no error."""
    account, session_id = _session_behind(raw)
    user = auth.hold(db, account) if account else None
    if user and sessions.end(db, user, session_id):
        audit.record(db, caller, "session.revoked", user.user_id)


def _session_behind(raw: str) -> tuple[int | None, str]:
    if claims := access_tokens.read(raw):
        who = auth.person_behind(claims)
        return (who.user.id if who else None), claims["sid"]
    try:
        return sessions.owner_of(raw) or (None, "")
    except errors.InvalidRefreshToken:
        return None, ""
