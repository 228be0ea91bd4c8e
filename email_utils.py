"""Queue emails in the transaction that causes them, and deliver them afterwards, at least once.

A worker leases a row of the outbox by moving its `due_at` ahead, sends the email, and marks the row. If the worker
dies, the lease expires. Links and codes are created when an email is rendered, so the outbox contains none.

An email without a link is a notice. Notices are sent after emails with a link, only to verified email addresses, and
within a budget for each recipient (`delivery/budgets.py`).
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Any
from urllib.parse import quote

from sqlalchemy import Row, func, select
from sqlalchemy.exc import DBAPIError, TimeoutError
from sqlalchemy.orm import Session

import database
import errors
import models
from core import capability
from credentials import one_time_tokens
from delivery import budgets, examples, holds, rendering, smtp
from delivery.leases import LeasedQueue, Undeliverable, Withdrawn
from delivery.polling import Signal
from delivery.worker import Options, Worker
from languages import reader, translation
from models import Mail, OneTimeToken
from settings.loading import settings
from telemetry import logs, metrics

log = logs.logger()
VERIFYING_LINKS = ("verify_email", "reset_password", "invitation")

LEASE = timedelta(seconds=30)  # longer than each step of a delivery; renewed before each step
MAILBOX_SIZE = 200
SENDERS, SENDERS_FOR_LINKS = 4, 1
EMAILS_PER_CONNECTION = 100
SECONDS_TO_STOP = 10
SECONDS_UNTIL_LINK_IS_LATE = 120
URGENT, NOTICE = 0, 1  # priorities of the outbox
MERGED = "more_notices"

_queued = Signal()


def queue(  # noqa: PLR0913
    db: Session,
    template: str,
    user: models.User,
    *,
    to: str | None = None,
    token: models.OneTimeToken | None = None,
    verified: bool | None = None,
    **context: Any,
) -> None:
    """Queue an email, which is sent after the commit.

    to: the email address, if it is not the email address of the account.
    verified: whether the owner has ever verified that email address. The default is read from the account, and does
        not change if an administrator marks the address as not verified.

    A notice to an address that was never verified is not sent: it could inform another person about the account. Beyond
    the budget of its recipient, it is merged with others into one email.
    """
    if one_time_tokens.was_kept(db, token):
        return  # the email limit is reached, and the previous link still works
    urgent = bool(capability.emails()[template])
    locale = user.locale
    email = Mail(
        template=template,
        account_id=user.id,
        recipient=to or user.email,
        token_id=token.id if token else None,
        context=_in_language(locale, context),
        locale=locale,
        time_zone=user.time_zone,
        priority=URGENT if urgent else NOTICE,
    )
    if not urgent:
        if not (user.email_was_verified if verified is None else verified):
            return
        if (slot := budgets.take(db, email.recipient)).free_at:
            _merge(db, email, slot)
            return
    db.add(email)
    _queued.send_after_commit(db)


def queue_without_account(db: Session, template: str, to: str, token: models.OneTimeToken | None = None) -> None:
    """Queue an email to an address that has no account, which is sent after the commit. The caller limits them."""
    if one_time_tokens.was_kept(db, token):
        return
    locale, zone = reader.requested(), reader.requested_zone()
    token_id, priority = token.id if token else None, URGENT if capability.emails()[template] else NOTICE
    db.add(Mail(template=template, recipient=to, token_id=token_id, locale=locale, time_zone=zone, priority=priority))
    _queued.send_after_commit(db)


def _in_language(locale: str | None, context: dict[str, Any]) -> dict[str, Any]:
    """Return the context of an email, with its `Text`s in the language of the recipient."""

    def translated(value: Any) -> Any:
        if isinstance(value, list):
            return [translated(each) for each in value]
        return translation.translate(value) if isinstance(value, translation.Text) else value

    with reader.use(locale):
        return {name: translated(value) for name, value in context.items()}


def _merge(db: Session, email: Mail, slot: budgets.Slot) -> None:
    """Add a notice above the budget to the email that merges notices, which is sent once the budget allows it."""
    waiting = (
        select(Mail)
        .where(Mail.id == slot.merged_mail_id, Mail.attempts == 0, Mail.sent_at.is_(None), Mail.gave_up_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    merged = db.scalar(waiting) if slot.merged_mail_id else None
    if merged is not None and merged.account_id == email.account_id:
        counts = dict(merged.context["counts"])
        counts[email.template] = counts.get(email.template, 0) + 1
        merged.context = {"counts": counts}
        return
    email.context, email.template = {"counts": {email.template: 1}}, MERGED
    assert slot.free_at
    email.due_at = email.queued_at = slot.free_at
    db.add(email)
    db.flush()
    budgets.reserve(db, slot, email.id)


def queue_verification(db: Session, user: models.User) -> None:
    """Queue an email with a link that verifies the address, unless the owner already has such a link."""
    if not any(one_time_tokens.is_open(db, user, purpose) for purpose in VERIFYING_LINKS):
        queue(db, "verify_email", user, token=one_time_tokens.issue(db, user, "verify_email", user.email))


def render(template: str, token_id: str | None, context: dict[str, Any]) -> rendering.Rendered:
    """Render an email in the language of the reader, with its links and its code."""
    purposes = [link.purpose for link in capability.emails()[template]]
    codes = [one_time_tokens.code_of(each, str(token_id)) for each in purposes if each in one_time_tokens.CODES]
    code = codes[0] if codes else ""
    return _render(template, context, lambda purpose: one_time_tokens.encode(purpose, str(token_id)), code)


def render_example(template: str, context: dict[str, Any]) -> rendering.Rendered:
    """Render an email with links and a code that do not work. Needs no database."""
    return _render(template, context, lambda purpose: f"{examples.TOKEN_ID}.{purpose}", examples.CODE)


def _render(template: str, context: dict[str, Any], token: Callable[[str], str], code: str) -> rendering.Rendered:
    values: dict[str, Any] = {
        "verification_hours": settings.email_verification_ttl_hours,
        "code_minutes": settings.email_verification_code_expiry_minutes,
        "reset_minutes": settings.password_reset_ttl_minutes,
        "invitation_hours": settings.invitation_ttl_hours,
        **context,
    }
    for name, page, purpose in capability.emails()[template]:
        values[name] = f"{settings.frontend_base_url}{page}?token={quote(token(purpose))}"
        values[f"{name}_lifetime"] = capability.token_purposes().get(purpose, timedelta)()
    if template == MERGED:
        texts, counts = capability.notices(), context["counts"]
        values["number"] = sum(counts.values())
        values["notices"] = [
            f"{number} × {translation.translate(texts.get(name, name.replace('_', ' ')))}"
            for name, number in counts.items()
        ]
    if code:
        values["code"] = code
    return rendering.render(template, values)


def message(email: Row[Any]) -> EmailMessage:
    """Return an email of the outbox as a message."""
    with reader.use(email.locale, email.time_zone):
        rendered = render(email.template, email.token_id, email.context)
        return _compose(email.recipient, rendered, email.created_at)


def send_test(recipient: str) -> None:
    """Send a test email through the configured mail server, without the outbox.

    Raises ServerProblem, Refused or Undeliverable with the reply of the mail server.
    """
    connection = smtp.Connection()
    try:
        connection.send(_compose(recipient, render("test_email", None, {}), models.now()), lambda: True)
    finally:
        connection.close()


def _compose(recipient: str, rendered: rendering.Rendered, created_at: datetime) -> EmailMessage:
    message = EmailMessage()
    message["From"] = Address(settings.mail_from_name or settings.app_name, addr_spec=settings.mail_from)
    message["To"] = Address(addr_spec=_deliverable(recipient))  # an Address is always a single recipient
    message["Subject"] = rendered.subject
    message["Date"] = format_datetime(created_at)
    message["Message-ID"] = make_msgid(domain=settings.mail_from.partition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: suppresses automatic replies
    message.set_content(rendered.text)
    message.add_alternative(rendered.html, subtype="html")  # moves earlier `Content-` headers to the first part
    message["Content-Language"] = reader.language()
    return message


def _deliverable(address: str) -> str:
    """Return an email address with its domain in ASCII, in the given spelling."""
    if address.isascii():
        return address
    import email_validator  # imported here, as in schemas.py

    parts = email_validator.validate_email(address, check_deliverability=False)
    return f"{parts.local_part}@{parts.ascii_domain}"


# ------------------------------------------------------------------------------------------------------- the outbox


OUTBOX = LeasedQueue(
    "mail",
    Mail,
    (
        Mail.id,
        Mail.template,
        Mail.recipient,
        Mail.token_id,
        Mail.context,
        Mail.locale,
        Mail.time_zone,
        Mail.created_at,
        Mail.queued_at,
        Mail.attempts,
    ),
    LEASE,
    priorities=2,
)
OUTBOX.label = "email"  # its name is stored in `delivery_holds`


class MailboxConnection:
    """The connection in development: emails stay in the outbox, to be read at /dev/mailbox."""

    usable = True

    def close(self) -> None:
        """Do nothing."""


class Transport:
    """Deliver the outbox over SMTP or, in development without a mail server, to the development mailbox."""

    def open(self) -> smtp.Connection | MailboxConnection:
        """Return a connection. Raises ServerProblem."""
        return MailboxConnection() if settings.development_mailbox else smtp.Connection()

    def deliver(self, connection: smtp.Connection | MailboxConnection, row: Row[Any], renew: Callable[[], Any]) -> None:
        """Send one email. Raises what `smtp.Connection.send` raises."""
        if isinstance(connection, MailboxConnection):
            log.info("email kept for /dev/mailbox", email_id=row.id, template=row.template)
            return
        if link_has_expired(row):
            raise Undeliverable("the link has expired")
        if row.token_id and database.read(select(OneTimeToken.id).where(OneTimeToken.id == row.token_id)) is None:
            raise Withdrawn()  # the link was used, replaced or revoked
        connection.send(message(row), renew)
        log.info("email sent", email_id=row.id, template=row.template)

    def count(self, outcome: str) -> None:
        """Count a delivery in the metrics."""
        metrics.MAILS.labels(outcome).inc()


def worker() -> Worker:
    """Return the threads that deliver the outbox."""
    return Worker(
        OUTBOX, Transport(), _queued, Options(SENDERS, SENDERS_FOR_LINKS, EMAILS_PER_CONNECTION, SECONDS_TO_STOP)
    )


def state() -> bool | str:
    """Return True if emails are delivered, False if the mail server does not accept them.

    Returns a text if the oldest email with a link has waited for too long.
    """
    links = select(func.min(Mail.due_at)).where(
        Mail.sent_at.is_(None), Mail.gave_up_at.is_(None), Mail.priority == URGENT
    )
    try:
        if holds.reason(OUTBOX.name) is not None:
            return False
        oldest: datetime | None = database.read_separately(links)[0][0]
    except (errors.Unavailable, DBAPIError, TimeoutError):
        oldest = None  # another check reports the database
    if not smtp.is_reachable():
        return False
    waited = (models.now() - oldest).total_seconds() if oldest else 0.0
    return True if waited < SECONDS_UNTIL_LINK_IS_LATE else f"an email with a link has waited for {waited:.0f} seconds"


def failed() -> list[Row[Any]]:
    """Return the emails that could not be delivered, oldest first."""
    return OUTBOX.failed(
        Mail.id, Mail.template, Mail.recipient, Mail.attempts, Mail.last_error, Mail.created_at, Mail.gave_up_at
    )


def link_has_expired(email: Row[Any]) -> bool:
    """Return whether the link of an email of the outbox has expired. Needs its `template` and `created_at`."""
    lifetimes = [
        capability.token_purposes()[purpose]()
        for _, _, purpose in capability.emails().get(email.template, ())
        if purpose in capability.token_purposes()
    ]
    return bool(lifetimes) and models.now() - email.created_at > min(lifetimes)


_OF_THE_MAILBOX = (
    Mail.id,
    Mail.template,
    Mail.recipient,
    Mail.token_id,
    Mail.context,
    Mail.locale,
    Mail.time_zone,
    Mail.created_at,
)


def mailbox() -> Iterator[tuple[Row[Any], rendering.Rendered]]:
    """Yield the newest emails as they would be sent, for /dev/mailbox."""
    for email in database.read_all(select(*_OF_THE_MAILBOX).order_by(Mail.id.desc()).limit(MAILBOX_SIZE)):
        with reader.use(email.locale, email.time_zone):
            rendered = render(email.template, email.token_id, email.context)
        yield email, rendered


def in_mailbox(email_id: int) -> tuple[Row[Any], EmailMessage]:
    """Return one email as it would be sent, for /dev/mailbox. Raises NotFound."""
    email = database.read(select(*_OF_THE_MAILBOX).where(Mail.id == email_id))
    if email is None:
        raise errors.NotFound()
    return email, message(email)
