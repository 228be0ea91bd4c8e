"""Disable endpoints that are gone or fail for days, and notify the administrators of webhooks."""

from sqlalchemy import ColumnElement, bindparam, func, select, update
from sqlalchemy.orm import Session

import audit
import database
import email_utils
import models
from authorization import roles
from core.columns import UtcDateTime
from models import User
from telemetry import logs
from webhooks.models import WebhookEndpoint

log = logs.logger()
MAX_RECIPIENTS = 50


def disable(endpoint_id: int, reason: str, applies: ColumnElement[bool]) -> None:
    """Disable an active endpoint: `gone` after a response with 410, `failing` after days without a success.

    applies: the condition that the endpoint still is the one that responded so.
    """
    with database.transaction() as db:
        active = update(WebhookEndpoint).where(WebhookEndpoint.id == endpoint_id, WebhookEndpoint.is_active, applies)
        # Since then, events have to be replayed.
        since = func.coalesce(WebhookEndpoint.failing_since, bindparam("now", models.now(), UtcDateTime()))
        disabled = active.values(is_active=False, disabled_reason=reason, failing_since=since)
        found = db.execute(disabled.returning(WebhookEndpoint.url, WebhookEndpoint.description)).first()
        if found is None:
            return
        audit.record(db, audit.SYSTEM, "webhook.disabled", None, webhook_id=endpoint_id, reason=reason)
        for user in _administrators(db):
            known = bool(user.email_was_verified or user.marked_verified_at)
            about = {"url": found.url, "description": found.description, "reason": reason}
            email_utils.queue(db, "webhook_disabled", user, verified=known, **about)
    log.error("webhook disabled", webhook_id=endpoint_id, reason=reason)


def _administrators(db: Session) -> list[User]:
    """Return the users who may change webhooks."""
    known = roles.catalogue(db)
    able = [name for name in known if "webhooks:write" in roles.rights([name], known).permissions]
    chosen = select(User).where(roles.with_any_role(able), User.is_active).order_by(User.id).limit(MAX_RECIPIENTS)
    return list(db.scalars(chosen))
