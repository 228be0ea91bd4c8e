"""Queue emails in the transaction that causes them, and deliver them afterwards, at least once.

A worker leases a row of the outbox by moving its `due_at` ahead, sends the email, and marks the row. If the worker
dies, the lease expires. Links and codes are created when an email is rendered, so the outbox contains none.

An email without a link is a notice. Notices are sent after emails with a link, only to verified email addresses, and
within a budget for each recipient (`delivery/budgets.py`).
"""

import functools
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import email_validator
from sqlalchemy import Row, event, func, select
from sqlalchemy.exc import DBAPIError, TimeoutError
from sqlalchemy.orm import Session

import database
import errors
import models
from core import capability
from credentials import one_time_tokens
from delivery import budgets, holds, smtp
from delivery.leases import LeasedQueue, Undeliverable, Withdrawn
from delivery.worker import Options, Signal, Worker
from languages import jinja, reader
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
    email = Mail(
        template=template,
        account_id=user.id,
        recipient=to or user.email,
        token_id=token.id if token else None,
        context=context,
        locale=user.locale or reader.requested(),
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
    event.listen(db, "after_commit", lambda _: _queued.send(), once=True)


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


class Rendered(NamedTuple):
    """The subject, text part and HTML part of an email."""

    subject: str
    text: str
    html: str


@functools.cache
def _templates() -> Any:
    import jinja2  # imported at the first email: a worker starts faster and uses less memory

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates" / "email"),
        undefined=jinja2.StrictUndefined,
        autoescape=jinja2.select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    jinja.install(environment)
    return environment


def render(template: str, token_id: str | None, context: dict[str, Any]) -> Rendered:
    """Render an email in the language of the reader. The subject is the first line of the text template."""
    values = {
        "verification_hours": settings.email_verification_ttl_hours,
        "code_minutes": settings.email_verification_code_expiry_minutes,
        "reset_minutes": settings.password_reset_ttl_minutes,
        "invitation_hours": settings.invitation_ttl_hours,
        **context,
    }
    for name, page, purpose in capability.emails()[template]:
        values[name] = (
            f"{settings.frontend_base_url}{page}?token={quote(one_time_tokens.encode(purpose, str(token_id)))}"
        )
    if template == MERGED:
        texts = capability.notices()
        values["notices"] = [
            (number, texts.get(name, name.replace("_", " "))) for name, number in context["counts"].items()
        ]
    if template == "verify_email":
        values["code"] = one_time_tokens.code_of(str(token_id))
    subject, _, text = _templates().get_template(f"{template}.txt").render(values).partition("\n")
    return Rendered(
        subject, text.strip() + "\n", _templates().get_template(f"{template}.html").render(values, subject=subject)
    )


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


def _compose(recipient: str, rendered: Rendered, created_at: datetime) -> EmailMessage:
    message = EmailMessage()
    message["From"] = Address(settings.mail_from_name, addr_spec=settings.mail_from)
    message["To"] = Address(addr_spec=_deliverable(recipient))  # an Address is always a single recipient
    message["Subject"] = rendered.subject
    message["Date"] = format_datetime(created_at)
    message["Message-ID"] = make_msgid(domain=settings.mail_from.partition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: suppresses automatic replies
    message.set_content(rendered.text)
    message.add_alternative(rendered.html, subtype="html")
    return message


def _deliverable(address: str) -> str:
    """Return an email address with its domain in ASCII, in the given spelling."""
    if address.isascii():
        return address
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
        if _link_has_expired(row):
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


def _link_has_expired(email: Row[Any]) -> bool:
    lifetimes = [
        capability.token_purposes()[purpose]()
        for _, _, purpose in capability.emails().get(email.template, ())
        if purpose in capability.token_purposes()
    ]
    return bool(lifetimes) and models.now() - email.created_at > min(lifetimes)


def mailbox() -> Iterator[tuple[Row[Any], Rendered]]:
    """Yield the newest emails as they would be sent, for /dev/mailbox."""
    newest = (
        select(
            Mail.id,
            Mail.template,
            Mail.recipient,
            Mail.token_id,
            Mail.context,
            Mail.locale,
            Mail.time_zone,
            Mail.created_at,
        )
        .order_by(Mail.id.desc())
        .limit(MAILBOX_SIZE)
    )
    for email in database.read_all(newest):
        with reader.use(email.locale, email.time_zone):
            rendered = render(email.template, email.token_id, email.context)
        yield email, rendered
