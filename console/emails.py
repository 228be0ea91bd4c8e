"""List the emails of the outbox, and send failed ones again."""

from typing import Any, Literal

from sqlalchemy import Row, exists, func, select
from sqlalchemy.orm import Session

import audit
import database
import email_utils
import errors
import models
from core.client_address import CallerInfo
from languages import translation
from models import Mail, OneTimeToken
from schemas_admin import Page
from sessions.current_user import Current

MOST_COUNTED = 1000
# Whether the link of an email was used, replaced or revoked. Such an email is not sent, even if it is requeued.
LINK_IS_GONE = Mail.token_id.is_not(None) & ~exists().where(OneTimeToken.id == Mail.token_id)
COLUMNS = (
    LINK_IS_GONE.label("link_is_gone"),
    Mail.created_at,
    Mail.id,
    Mail.template,
    Mail.recipient,
    Mail.attempts,
    Mail.last_error,
    Mail.queued_at,
    Mail.due_at,
    Mail.sent_at,
    Mail.gave_up_at,
)
State = Literal["waiting", "failed", "sent"]
CONDITIONS: dict[str, tuple[Any, ...]] = {
    "waiting": (Mail.sent_at.is_(None), Mail.gave_up_at.is_(None)),
    "failed": (Mail.gave_up_at.is_not(None),),
    "sent": (Mail.sent_at.is_not(None),),
}


class EmailFilters(Page):
    state: State = "failed"


def search(filters: EmailFilters) -> tuple[list[Row[Any]], str | None]:
    """Return a page of emails in this state, newest first, and the cursor of the next page."""
    chosen = select(*COLUMNS).where(*CONDITIONS[filters.state])
    if filters.cursor:
        chosen = chosen.where(Mail.id < int(filters.cursor))
    rows, cursor = filters.split(database.read_all(chosen.order_by(Mail.id.desc()).limit(filters.limit + 1)))
    return list(rows), cursor


def of_account(account: int, limit: int) -> list[Row[Any]]:
    """Return the newest emails to an account."""
    return database.read_all(select(*COLUMNS).where(Mail.account_id == account).order_by(Mail.id.desc()).limit(limit))


def counts() -> dict[str, int]:
    """Return how many emails wait and how many failed, up to MOST_COUNTED."""
    now = models.now()

    def number(*conditions: Any) -> Any:
        some = select(Mail.id).where(*conditions).limit(MOST_COUNTED).subquery()
        return select(func.count()).select_from(some).scalar_subquery()

    # Merged notices are queued for a later time, and do not count as waiting before it.
    waiting = number(*CONDITIONS["waiting"], Mail.queued_at <= now)
    (row,) = database.read_all(select(waiting.label("waiting"), number(*CONDITIONS["failed"]).label("failed")))
    return {"waiting": row.waiting, "failed": row.failed}


def is_obsolete(email: Row[Any]) -> bool:
    """Return whether the link of an email no longer works, so that the email would not be sent again."""
    return email.link_is_gone or email_utils.link_has_expired(email)


def requeue(db: Session, caller: CallerInfo, who: Current, email_id: int | None) -> None:
    """Send a failed email again, or all of them.

    Raises NotFound if there is none, and Conflict for an email whose link no longer works.
    """
    email: Any = db.execute(select(*COLUMNS).where(Mail.id == email_id)).first() if email_id else None
    if email and is_obsolete(email):
        raise errors.Conflict(translation.mark("The link in this email no longer works. The user can request another."))
    number = email_utils.OUTBOX.requeue(email_id, db)
    if not number:
        raise errors.NotFound()
    audit.record(db, caller, "email.requeued", None, actor_id=who.user.user_id, emails=number)
