"""Decide how long sent logout notices are kept."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_

from oauth_provider.models import LogoutNotice

DAYS_NOTICES_ARE_KEPT = 7


def sent_before(now: datetime) -> Any:
    """Return the condition that a notice was sent or given up long ago."""
    end = now - timedelta(days=DAYS_NOTICES_ARE_KEPT)
    return or_(LogoutNotice.sent_at < end, LogoutNotice.gave_up_at < end)
