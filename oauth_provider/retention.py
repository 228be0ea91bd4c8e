"""Decide how long sent logout notices, and unused clients that anyone could register, are kept."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_

from oauth_provider.models import LogoutNotice, OAuthClient
from settings.loading import settings

DAYS_NOTICES_ARE_KEPT = 7
RECORD_PREFIX = "dyn_"  # of the id of a client that registered itself without a token


def sent_before(now: datetime) -> Any:
    """Return the condition that a notice was sent or given up long ago."""
    end = now - timedelta(days=DAYS_NOTICES_ARE_KEPT)
    return or_(LogoutNotice.sent_at < end, LogoutNotice.gave_up_at < end)


def unused_before(now: datetime) -> Any:
    """Return the condition that a client which anyone could register was not used for a long time."""
    end = now - timedelta(days=settings.dynamic_client_days)
    anyone = or_(
        OAuthClient.origin == "metadata",
        and_(OAuthClient.origin == "dynamic", OAuthClient.client_id.startswith(RECORD_PREFIX, autoescape=True)),
    )
    return and_(anyone, func.coalesce(OAuthClient.last_used_at, OAuthClient.created_at) < end)
