"""Queue text messages in the transaction that causes them, and deliver them afterwards."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Row
from sqlalchemy.orm import Session

import database
import errors
import models
from core import signing
from delivery import budgets
from delivery.leases import LeasedQueue, Undeliverable
from delivery.polling import Signal
from delivery.worker import NoConnection, Options, Worker
from languages import reader, translation
from settings.loading import settings
from sms import providers
from sms.models import TextMessage, TextMessageDay
from telemetry import logs, metrics

log = logs.logger()
MINUTES_A_CODE_IS_VALID = 5
LEASE = timedelta(seconds=30)  # longer than a request to the provider
CODE_LABEL = "code:sms"

_queued = Signal()


def queue(db: Session, user: models.User, number: str, code_id: str, *, confirmed: bool) -> None:
    """Queue a message with a code, to be sent after the commit. The account's row is locked.

    number: the phone number in E.164.
    confirmed: whether the user has confirmed the number.

    Raises RateLimited. The limits are one message a minute and five an hour to a number, ten a day for an account, and
    SMS_DAILY_LIMIT for the service. Messages to confirm a number are counted separately: otherwise anyone could set up
    the number of another user again and again, whose logins would then get no codes. A quarter of the limit of the
    service is reserved for logins for the same reason.
    """
    by_number = (1, timedelta(minutes=1)), (5, timedelta(hours=1))
    name = "text_messages_to" if confirmed else "text_messages_to_confirm"
    _require(budgets.take_or_wait(db, name, number, *by_number), "number")
    by_account = (10, timedelta(days=1))
    _require(budgets.take_or_wait(db, "text_messages_of", user.user_id, by_account), "account")
    _count_for_service(db, settings.sms_daily_limit - (0 if confirmed else settings.sms_daily_limit // 4))
    db.add(TextMessage(account_id=user.id, recipient=number, code_id=code_id, locale=reader.language()))
    _queued.send_after_commit(db)


def _require(seconds: float, limit: str) -> None:
    if seconds > 0:
        metrics.TEXT_MESSAGES_LIMITED.labels(limit).inc()
        raise errors.RateLimited(seconds)


def _count_for_service(db: Session, limit: int) -> None:
    now = models.now()
    row = database.upsert(TextMessageDay.__table__).values(day=now.date(), queued=1)
    counted = row.on_conflict_do_update(
        index_elements=["day"],
        set_={"queued": TextMessageDay.queued + 1},
        where=TextMessageDay.queued < limit,
    )
    if db.execute(counted.returning(TextMessageDay.queued)).first() is None:
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        log.error("the daily limit of text messages is reached", limit=limit)
        _require((midnight - now).total_seconds(), "service")


def code_of(code_id: str) -> str:
    """Return the six digits of a code."""
    return signing.digits(CODE_LABEL, code_id)


def text_of(code: str) -> str:
    """Return the text of a message, in the language of the reader.

    Its last line lets browsers fill in the code on this host only (the "origin-bound one-time codes" format of the
    WICG).
    """
    sentence = translation.mark(
        "%(code)s is your code for %(app)s. Do not share it with anyone.", code=code, app=settings.app_name
    )
    return f"{translation.translate(sentence)}\n\n@{urlsplit(settings.frontend_base_url).hostname} #{code}"


OUTBOX = LeasedQueue(
    "sms",
    TextMessage,
    (
        TextMessage.id,
        TextMessage.recipient,
        TextMessage.code_id,
        TextMessage.locale,
        TextMessage.created_at,
        TextMessage.queued_at,
        TextMessage.attempts,
    ),
    LEASE,
)
OUTBOX.label = "text message"


class Transport:
    """Deliver the outbox through the provider."""

    def open(self) -> NoConnection:
        """Return nothing that has to be closed."""
        return NoConnection()

    def deliver(self, _connection: NoConnection, row: Row[Any], renew: Callable[[], Any]) -> None:
        """Send one message. Raises Undeliverable if its code has expired, and what `providers.send` raises."""
        if models.now() - row.created_at > timedelta(minutes=MINUTES_A_CODE_IS_VALID):
            raise Undeliverable("the code has expired")
        with reader.use(row.locale):
            text = text_of(code_of(row.code_id))
        providers.send(row.code_id, row.recipient, text)
        log.info("text message sent", text_message_id=row.id)

    def count(self, outcome: str) -> None:
        """Count a delivery in the metrics."""
        metrics.TEXT_MESSAGES.labels(outcome).inc()


def worker() -> Worker:
    """Return the thread that delivers the outbox."""
    return Worker(OUTBOX, Transport(), _queued, Options())
