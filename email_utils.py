"""Mail: queued in the transaction that causes it, rendered and delivered afterwards, at least once.

SMTP lives here alone.

A row of the outbox is claimed by moving its `due_at` ahead, sent, and then marked. A worker that dies in between only
lets that lease run out. Links and codes are made when a mail is rendered, so the outbox holds none.
"""

import contextlib
import functools
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import email_validator
from sqlalchemy import Row, event, select
from sqlalchemy.orm import Session

import database
import models
from core import capability
from credentials import one_time_tokens
from delivery import leases
from delivery.leases import LeasedQueue, Undeliverable
from delivery.worker import Worker
from models import Mail
from settings.loading import settings
from telemetry import logs, metrics

log = logs.logger()
VERIFYING_LINKS = ("verify_email", "reset_password", "invitation")

SECONDS_TO_WAIT_FOR_SMTP = 10  # for each answer of the server
LEASE = timedelta(seconds=150)  # longer than any delivery that still makes progress: a dozen answers at the most
MAILS_IN_THE_MAILBOX = 200


_news = threading.Event()


def queue(
    db: Session,
    template: str,
    user: models.User,
    *,
    to: str | None = None,
    token: models.OneTimeToken | None = None,
    **context: Any,
) -> None:
    """Write a mail into the outbox, to the account's own address unless another is given. It goes out after the
    commit.
    """
    db.add(
        Mail(
            template=template,
            account_id=user.id,
            recipient=to or user.email,
            token_id=token.id if token else None,
            context=context,
        )
    )
    event.listen(db, "after_commit", lambda _: _news.set(), once=True)


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
    if template == "verify_email":
        values["code"] = one_time_tokens.code_of(str(token_id))
    subject, _, text = _templates().get_template(f"{template}.txt").render(values).partition("\n")
    return Rendered(
        subject, text.strip() + "\n", _templates().get_template(f"{template}.html").render(values, subject=subject)
    )


def message(mail: Row[Any]) -> EmailMessage:
    """The mail as it travels."""
    rendered = render(mail.template, mail.token_id, mail.context)
    made = EmailMessage()
    made["From"] = Address(settings.mail_from_name, addr_spec=settings.mail_from)
    made["To"] = Address(addr_spec=_deliverable(mail.recipient))  # an Address is one recipient, whatever it contains
    made["Subject"] = rendered.subject
    made["Date"] = format_datetime(mail.created_at)
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


def send(made: EmailMessage) -> None:
    """Hand one mail to the mail server.

    Raises OSError or SMTPException where that may work later, Undeliverable where not.
    """
    smtp = _connected()
    try:
        smtp.send_message(made)
    except smtplib.SMTPRecipientsRefused as refused:
        code, reason = next(iter(refused.recipients.values()))
        if 500 <= code < 600:
            raise Undeliverable(f"{code} {reason.decode(errors='replace')}") from None
        raise
    finally:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            smtp.quit()  # the mail has been taken, or not; how the server says goodbye changes nothing
        smtp.close()


def _connected() -> smtplib.SMTP:
    """A connection as SMTP_SECURITY asks for, with the certificate checked, logged in where there is a user."""
    security, where = settings.smtp_security, (settings.smtp_host, settings.smtp_port)
    if security == "tls" or (security == "auto" and settings.smtp_port == 465):
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            *where, timeout=SECONDS_TO_WAIT_FOR_SMTP, context=ssl.create_default_context()
        )
    else:
        smtp = smtplib.SMTP(*where, timeout=SECONDS_TO_WAIT_FOR_SMTP)
    try:
        smtp.ehlo()
        demanded = security == "starttls" or (security == "auto" and settings.smtp_port == 587)
        if demanded or (security == "auto" and settings.smtp_port != 465 and smtp.has_extn("starttls")):
            smtp.starttls(context=ssl.create_default_context())  # raises where the server does not offer it
        if settings.smtp_user:
            smtp.login(settings.smtp_user, settings.smtp_password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def is_reachable() -> bool:
    """Whether somebody listens where the mail server should be."""
    try:
        socket.create_connection((settings.smtp_host, settings.smtp_port), 1).close()
    except OSError:
        return False
    return True


def connection_problem() -> str | None:
    """Why the mail server would take no mail of ours, as far as it says before one is sent; None where it would."""
    try:
        smtp = _connected()
        smtp.quit()
    except (OSError, smtplib.SMTPException) as error:
        return leases.describe(error)
    return None


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
)


def deliver_one() -> bool:
    """Claim one email that is due and send it; False when none is due, or the mail server is out of reach."""
    mail = OUTBOX.claim()
    if mail is None:
        return False
    try:
        if _link_has_expired(mail):
            raise Undeliverable("its link has expired")
        if not settings.development_mailbox:
            send(message(mail))
    except Undeliverable as error:
        OUTBOX.give_up(mail, error)
        metrics.MAILS.labels("given_up").inc()
        return True
    except Exception as error:
        metrics.MAILS.labels("given_up" if OUTBOX.retry_later(mail, error) else "put_off").inc()
        # Where the server did not even talk to us, there is no use in trying the next email at once.
        return isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused | ValueError)
    OUTBOX.mark_sent(mail)
    metrics.MAILS.labels("sent").inc()
    said = "mail kept for /dev/mailbox" if settings.development_mailbox else "mail sent"
    log.info(said, mail=mail.id, template=mail.template)
    return True


def worker() -> Worker:
    """Return the thread that delivers the outbox."""
    return Worker("mail", deliver_one, _news, SECONDS_TO_WAIT_FOR_SMTP)


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
