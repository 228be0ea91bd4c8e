"""Email: queued in the transaction that causes it, rendered and delivered afterwards, at least once.

A row of the outbox is claimed by moving its `due_at` ahead, sent, and then marked. A worker that dies in between only
lets that lease run out. Links and codes are made when an email is rendered, so the outbox holds none.

An email without a link is a notice: it goes after those with a link, only to a verified email address, and within a
budget for each recipient (`notice_budgets.py`).
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
from delivery.worker import Bell, Options, Worker
from models import Mail, OneTimeToken
from settings.loading import settings
from telemetry import logs, metrics

log = logs.logger()
VERIFYING_LINKS = ("verify_email", "reset_password", "invitation")

LEASE = timedelta(seconds=30)  # longer than each step of a delivery; renewed before each
MAILS_IN_THE_MAILBOX = 200
SENDERS, SENDERS_FOR_LINKS = 4, 1
MAILS_PER_CONNECTION = 100
SECONDS_TO_STOP = 10
SECONDS_A_LINK_MAY_WAIT = 120
URGENT, NOTICE = 0, 1  # priorities of the outbox
MERGED = "more_notices"

_news = Bell()


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
    """Write an email into the outbox. It goes out after the commit.

    to: the email address, where it is not the account's own.
    verified: whether the owner has ever verified that email address; where it is not given, what the account says. An
        administrator who marks it as not verified does not silence its notices.

    A notice to an email address that was never verified is not sent: it would tell somebody of an account that is not
    theirs. Beyond the budget of its recipient it is merged with others into one email.
    """
    if one_time_tokens.was_kept(db, token):
        return  # the link that was mailed before still works, and the limit for emails is reached
    urgent = bool(capability.emails()[template])
    mail = Mail(
        template=template,
        account_id=user.id,
        recipient=to or user.email,
        token_id=token.id if token else None,
        context=context,
        priority=URGENT if urgent else NOTICE,
    )
    if not urgent:
        if not (user.email_was_verified if verified is None else verified):
            return
        if (slot := budgets.take(db, mail.recipient)).free_at:
            _merge(db, mail, slot)
            return
    db.add(mail)
    event.listen(db, "after_commit", lambda _: _news.ring(), once=True)


def _merge(db: Session, mail: Mail, slot: budgets.Slot) -> None:
    """Add a notice beyond the budget to the email that tells of all of them, once the budget allows it."""
    waiting = (
        select(Mail)
        .where(Mail.id == slot.merged_mail_id, Mail.attempts == 0, Mail.sent_at.is_(None), Mail.gave_up_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    merged = db.scalar(waiting) if slot.merged_mail_id else None
    if merged is not None and merged.account_id == mail.account_id:
        counts = dict(merged.context["counts"])
        counts[mail.template] = counts.get(mail.template, 0) + 1
        merged.context = {"counts": counts}
        return
    mail.context, mail.template = {"counts": {mail.template: 1}}, MERGED
    assert slot.free_at
    mail.due_at = mail.queued_at = slot.free_at
    db.add(mail)
    db.flush()
    budgets.reserve(db, slot, mail.id)


def queue_verification(db: Session, user: models.User) -> None:
    """Queue the email with the link that verifies the address, unless a link that would do so is open already."""
    if not any(one_time_tokens.is_open(db, user, purpose) for purpose in VERIFYING_LINKS):
        queue(db, "verify_email", user, token=one_time_tokens.issue(db, user, "verify_email", user.email))


class Rendered(NamedTuple):
    subject: str
    text: str
    html: str


@functools.cache
def _templates() -> Any:
    import jinja2  # here: until there is a mail to write, a worker is faster and smaller

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates" / "email"),
        undefined=jinja2.StrictUndefined,
        autoescape=jinja2.select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, token_id: str | None, context: dict[str, Any]) -> Rendered:
    """Subject, text part and HTML part. The subject is the first line of the text template."""
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


def message(mail: Row[Any]) -> EmailMessage:
    """Return an email of the outbox as it is sent."""
    return _compose(mail.recipient, render(mail.template, mail.token_id, mail.context), mail.created_at)


def send_test(recipient: str) -> None:
    """Send one email through the mail server of the settings, past the outbox.

    Raises ServerProblem, Refused or Undeliverable, whose text is what the mail server responded.
    """
    connection = smtp.Connection()
    try:
        connection.send(_compose(recipient, render("test_email", None, {}), models.now()), lambda: True)
    finally:
        connection.close()


def _compose(recipient: str, rendered: Rendered, created_at: datetime) -> EmailMessage:
    made = EmailMessage()
    made["From"] = Address(settings.mail_from_name, addr_spec=settings.mail_from)
    made["To"] = Address(addr_spec=_deliverable(recipient))  # an Address is one recipient, whatever it contains
    made["Subject"] = rendered.subject
    made["Date"] = format_datetime(created_at)
    made["Message-ID"] = make_msgid(domain=settings.mail_from.partition("@")[2])
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    made.set_content(rendered.text)
    made.add_alternative(rendered.html, subtype="html")
    return made


def _deliverable(address: str) -> str:
    """The spelling given, with an international domain in its ASCII form."""
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
        Mail.created_at,
        Mail.queued_at,
        Mail.attempts,
    ),
    LEASE,
    priorities=2,
)


class Kept:
    """Stands in for a connection where emails stay in the outbox, to be read at /dev/mailbox."""

    usable = True

    def close(self) -> None:
        """Do nothing."""


class Transport:
    """Delivers the outbox over SMTP or, in development with no mail server, to nobody."""

    def open(self) -> smtp.Connection | Kept:
        """Return a connection. Raises ServerProblem."""
        return Kept() if settings.development_mailbox else smtp.Connection()

    def deliver(self, connection: smtp.Connection | Kept, row: Row[Any], renew: Callable[[], Any]) -> None:
        """Send one email. Raises what `smtp.Connection.send` raises."""
        if isinstance(connection, Kept):
            log.info("mail kept for /dev/mailbox", mail=row.id, template=row.template)
            return
        if _link_has_expired(row):
            raise Undeliverable("its link has expired")
        if row.token_id and database.read(select(OneTimeToken.id).where(OneTimeToken.id == row.token_id)) is None:
            raise Withdrawn()  # used, replaced by a newer one, or revoked
        connection.send(message(row), renew)
        log.info("mail sent", mail=row.id, template=row.template)

    def count(self, outcome: str) -> None:
        """Count a delivery for the metrics."""
        metrics.MAILS.labels(outcome).inc()


def worker() -> Worker:
    """Return the threads that deliver the outbox."""
    return Worker(
        OUTBOX, Transport(), _news, Options(SENDERS, SENDERS_FOR_LINKS, MAILS_PER_CONNECTION, SECONDS_TO_STOP)
    )


def state() -> bool | str:
    """Return True where emails go out as they should, False where the mail server does not take them.

    A text says for how long the oldest email with a link has waited, where that is too long.
    """
    links = select(func.min(Mail.due_at)).where(
        Mail.sent_at.is_(None), Mail.gave_up_at.is_(None), Mail.priority == URGENT
    )
    try:
        if holds.reason(OUTBOX.name) is not None:
            return False
        oldest: datetime | None = database.read_separately(links)[0][0]
    except (errors.Unavailable, DBAPIError, TimeoutError):
        oldest = None  # another check tells of the database
    if not smtp.is_reachable():
        return False
    waited = (models.now() - oldest).total_seconds() if oldest else 0.0
    return True if waited < SECONDS_A_LINK_MAY_WAIT else f"an email with a link has waited for {waited:.0f} seconds"


def failed() -> list[Row[Any]]:
    """Return the emails that were given up, oldest first."""
    return OUTBOX.failed(
        Mail.id, Mail.template, Mail.recipient, Mail.attempts, Mail.last_error, Mail.created_at, Mail.gave_up_at
    )


def _link_has_expired(mail: Row[Any]) -> bool:
    lifetimes = [
        capability.token_purposes()[purpose]()
        for _, _, purpose in capability.emails().get(mail.template, ())
        if purpose in capability.token_purposes()
    ]
    return bool(lifetimes) and models.now() - mail.created_at > min(lifetimes)


def mailbox() -> Iterator[tuple[Row[Any], Rendered]]:
    """The newest mails as they would have gone out, for /dev/mailbox."""
    newest = (
        select(Mail.id, Mail.template, Mail.recipient, Mail.token_id, Mail.context, Mail.created_at)
        .order_by(Mail.id.desc())
        .limit(MAILS_IN_THE_MAILBOX)
    )
    for mail in database.read_all(newest):
        yield mail, render(mail.template, mail.token_id, mail.context)
