"""Remember deleted clients whose id is a sealed record, so that the record is not accepted again."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

import database
import models
from oauth_provider.models import RemovedClient
from settings.loading import settings


def remember(db: Session, client: Any) -> None:
    """Remember that a client was deleted, until its record expires."""
    if client.origin == "dynamic":
        expires_at = models.now() + timedelta(days=settings.dynamic_client_days)
        removed = database.upsert(RemovedClient).values(client_hash=client.client_hash, expires_at=expires_at)
        db.execute(removed.on_conflict_do_nothing())


def contain(client_hash: str) -> bool:
    """Return whether a client was deleted."""
    chosen = select(RemovedClient.client_hash).where(RemovedClient.client_hash == client_hash)
    return database.read(chosen) is not None
