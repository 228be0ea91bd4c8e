"""The capability record of text messages as a second factor."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from core.capability import ANYONE, USER, Capability, Expired, Section
from settings.loading import settings
from settings.sms import SmsSettings
from sms import models

DAYS_SENT_MESSAGES_ARE_KEPT = 1  # as long as the limits of an account count them
DAYS_FAILED_MESSAGES_ARE_KEPT = 7
DAYS_COUNTS_ARE_KEPT = 7


def _export() -> list[Section]:
    from sqlalchemy import select

    from sms import schemas

    message = models.TextMessage
    columns = (message.recipient, message.locale, message.created_at, message.sent_at, message.gave_up_at)
    return [
        Section(
            "text_messages",
            schemas.HeldTextMessage,
            lambda user: select(*columns).where(message.account_id == user.id),
            "text_messages",
        )
    ]


def _cleanup(now: datetime) -> Iterable[Expired]:
    message, day = models.TextMessage, models.TextMessageDay
    yield Expired("text_messages", message, message.sent_at < now - timedelta(days=DAYS_SENT_MESSAGES_ARE_KEPT))
    failed_before = now - timedelta(days=DAYS_FAILED_MESSAGES_ARE_KEPT)
    # Also those that nothing sends any more, because SMS_PROVIDER was turned off.
    yield Expired("failed_text_messages", message, message.created_at < failed_before)
    yield Expired("counts_of_text_messages", day, day.day < (now - timedelta(days=DAYS_COUNTS_ARE_KEPT)).date())


def _workers() -> Sequence[Any]:
    from sms import outbox

    return [outbox.worker()]


# The phones themselves are factors: `factors/sms.py`.
CAPABILITY = Capability(
    name="sms",
    enabled=lambda settings: bool(settings.sms_provider),
    settings=(SmsSettings,),
    tables=("text_messages", "text_message_days"),
    routers=(
        "routes.sms.login",
        "routes.sms.own",
        *(("routes.hosted_sms.router",) if settings.hosted_pages else ()),
    ),
    access={
        "auth.send_second_step_code": ANYONE,
        "auth.send_reauthentication_code": USER,
        "users.begin_sms": USER,
        "users.confirm_sms": USER,
        "users.resend_sms": USER,
        "pages.sms_page": USER,
        "pages.begin_sms": USER,
        "pages.confirm_sms": USER,
        "pages.resend_sms": USER,
        "pages.send_second_step_code": ANYONE,
        "pages.send_reauthentication_code": USER,
    },
    export=_export,
    cleanup=_cleanup,
    workers=_workers,
)
