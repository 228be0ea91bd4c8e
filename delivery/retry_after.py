"""Parse the header `Retry-After`, with which a receiver asks to wait."""

from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime

import models

MAX_RETRY_AFTER = timedelta(hours=1)


def parse(value: str | None) -> timedelta | None:
    """Return how long a receiver asks to wait, in seconds or as a date (RFC 9110, section 10.2.3): an hour at most."""
    if not value:
        return None
    if value.isascii() and value.isdigit():
        seconds = int(value) if len(value) < 10 else MAX_RETRY_AFTER.total_seconds()
        return timedelta(seconds=min(seconds, MAX_RETRY_AFTER.total_seconds())) or None
    try:
        at = parsedate_to_datetime(value)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        left = min(at - models.now(), MAX_RETRY_AFTER)
    except (ValueError, OverflowError):
        return None
    return left if left > timedelta() else None
