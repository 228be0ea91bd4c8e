"""Build the response to a login or refresh."""

from typing import Any

from sqlalchemy import Row

import models
import schemas
from models import User
from sessions import access_tokens, refresh_tokens, sessions
from settings.loading import settings
from telemetry import logs


def response(user: User | Row[Any], session: sessions.Started) -> schemas.Tokens:
    """Return a new access token and the current refresh token of the session."""
    logs.know_user(user.user_id)
    now = models.now()
    lifetime = settings.access_token_expire_minutes * 60
    access_token = access_tokens.issue(
        {
            "sub": user.user_id,
            "sid": session.id,
            "jti": models.new_id(),
            "iat": int(now.timestamp()),
            "exp": int(now.timestamp()) + lifetime,
            "auth_time": int(session.logged_in_at.timestamp()),
            "email": user.email,
            # Whether the owner or a provider verified the address. `is_verified` can be true without that.
            "email_verified": user.email_proven_at is not None,
            "roles": user.roles,
        }
    )
    return schemas.Tokens(
        access_token=access_token,
        expires_in=lifetime,
        refresh_token=refresh_tokens.encode(session),
        refresh_expires_in=max(0, round((session.expires_at - now).total_seconds())),
        user_id=user.user_id,
        email=user.email,
        username=user.username,
        is_active=user.is_active,
        is_verified=user.is_verified,
    )
