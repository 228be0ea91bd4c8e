"""Build the response to a login or refresh: an access token, and the session's refresh token."""

from typing import Any

from sqlalchemy import Row

import models
import schemas
from models import User
from sessions import access_tokens, refresh_tokens, sessions
from settings.loading import settings
from telemetry import logs


def response(person: User | Row[Any], session: sessions.Started) -> schemas.Tokens:
    """The answer to a login: an access token made now, and the refresh token that the session is at."""
    logs.know_user(person.user_id)
    now = models.now()
    lifetime = settings.access_token_expire_minutes * 60
    access_token = access_tokens.issue(
        {
            "sub": person.user_id,
            "sid": session.id,
            "jti": models.new_id(),
            "iat": int(now.timestamp()),
            "exp": int(now.timestamp()) + lifetime,
            "auth_time": int(session.logged_in_at.timestamp()),
            "email": person.email,
            # Whether the address was verified by its owner or a provider, whatever `is_verified` says.
            "email_verified": person.email_proven_at is not None,
            "roles": person.roles,
        }
    )
    return schemas.Tokens(
        access_token=access_token,
        expires_in=lifetime,
        refresh_token=refresh_tokens.encode(session),
        refresh_expires_in=max(0, round((session.expires_at - now).total_seconds())),
        user_id=person.user_id,
        email=person.email,
        username=person.username,
        is_active=person.is_active,
        is_verified=person.is_verified,
    )
