"""Build the responses that contain tokens."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row

import models
import schemas
from authorization import mfa_policy
from models import Session, User
from sessions import access_tokens, refresh_tokens, sessions
from settings.loading import settings
from telemetry import logs


def response(user: User | Row[Any], session: sessions.Started, device_token: str | None = None) -> schemas.Tokens:
    """Return a new access token and the current refresh token of the session.

    device_token: the new token of the trusted device, if there is one.
    """
    logs.know_user(user.user_id)
    return schemas.Tokens(
        **access_token(user, session.id, session.authentication, session.expires_at).model_dump(),
        refresh_token=refresh_tokens.encode(session),
        refresh_expires_in=max(0, round((session.expires_at - models.now()).total_seconds())),
        user_id=user.user_id,
        email=user.email,
        username=user.username,
        is_active=user.is_active,
        is_verified=user.is_verified,
        device_token=device_token,
    )


def access_token(
    user: User | Row[Any], session_id: str, authentication: sessions.Authentication, expires_at: datetime
) -> schemas.BearerToken:
    """Return a new access token of a session, which is not valid for longer than the session without a refresh."""
    now = int(models.now().timestamp())
    lifetime = min(settings.access_token_expire_minutes * 60, max(0, int(expires_at.timestamp()) - now))
    must_enroll = mfa_policy.is_restricted(user)
    claims: dict[str, Any] = {
        "sub": user.user_id,
        "sid": session_id,
        "jti": models.new_id(),
        "iat": now,
        "exp": now + lifetime,
        **authentication_claims(authentication),
        "email": user.email,
        # Whether the owner or a provider verified the address. `is_verified` can be true without that.
        "email_verified": user.email_proven_at is not None,
        "roles": [] if must_enroll else user.roles,
    }
    if must_enroll:
        claims["enrolment"] = True
    return schemas.BearerToken(access_token=access_tokens.issue(claims), expires_in=lifetime)


def impersonation_token(user: User, session: Session) -> schemas.BearerToken:
    """Return the access token of a session in which an administrator impersonates a user (RFC 8693, section 4.1)."""
    now = int(models.now().timestamp())
    claims: dict[str, Any] = {
        "sub": user.user_id,
        "sid": session.id,
        "jti": models.new_id(),
        "iat": now,
        "exp": int(session.ends_at.timestamp()),
        "acr": "aal1",
        "act": {"sub": session.impersonator_id},
        "email": user.email,
        "email_verified": user.email_proven_at is not None,
        "roles": user.roles,
    }
    return schemas.BearerToken(access_token=access_tokens.issue(claims), expires_in=claims["exp"] - now)


def authentication_claims(authentication: sessions.Authentication) -> dict[str, Any]:
    """Return the claims about how the user authenticated (OpenID Connect Core 1.0, section 2; RFC 8176).

    If the user has since authenticated with a single factor, `acr_time` is when `aal2` was last reached, because
    `auth_time` is then later than the time that a resource server with a maximum age for `aal2` must check.
    """
    claims: dict[str, Any] = {"auth_time": int(authentication.at.timestamp()), "acr": authentication.acr}
    if authentication.amr:
        claims["amr"] = list(authentication.amr)
    if authentication.aal2_at and authentication.aal2_at < authentication.at:
        claims["acr_time"] = int(authentication.aal2_at.timestamp())
    return claims
