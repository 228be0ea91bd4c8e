"""Know for how long access tokens of clients can be valid, also after a client was changed or deleted.

The list of revocations depends on it: an entry that is removed earlier would make a revoked token valid again.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import database
import models
from oauth_provider.models import OAuthClient, PastLifetime

MARGIN = timedelta(minutes=1)  # clocks of different machines differ


def remember(db: Session, client: Any) -> None:
    """Remember the lifetime of the tokens of a client that will be changed or deleted."""
    if seconds := client.access_token_lifetime:
        db.add(PastLifetime(seconds=seconds, expires_at=models.now() + timedelta(seconds=seconds) + MARGIN))
        db.flush()


def longest() -> int:
    """Return the longest lifetime of the access tokens that have not expired, in seconds, or 0 for the default one."""
    now_set = select(func.max(OAuthClient.access_token_lifetime)).scalar_subquery()
    kept = select(func.max(PastLifetime.seconds)).where(PastLifetime.expires_at > models.now()).scalar_subquery()
    return max((seconds for seconds in database.read(select(now_set, kept)) or () if seconds), default=0)
