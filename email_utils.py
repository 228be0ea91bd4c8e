"""Mail: queued in the transaction that causes it, rendered and delivered afterwards, at least once. SMTP lives here alone.

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
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import email_validator
from sqlalchemy import ColumnElement, Row, event, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

import database
import errors
import logs
import metrics
import models
import tokens
from models import Mail
from settings import settings

log = logs.logger()

SECONDS_TO_WAIT_FOR_SMTP = 10  # for each answer of the server
LEASE = timedelta(seconds=150)  # longer than any delivery that still makes progress: a dozen answers at the most
FIRST_DELAY, LONGEST_DELAY = timedelta(seconds=1), timedelta(minutes=10)
GIVE_UP_AFTER = timedelta(days=2)
SECONDS_BETWEEN_LOOKS = 1.0
MAILS_IN_THE_MAILBOX = 200

# Which links a mail carries: the name in the template, the page of the frontend, the purpose of the token.
LINKS = {
    "verify_email": [("link", "/verify-email", "verify_email"), ("disown_link", "/not-me", "disown")],
    "reset_password": [("link", "/reset-password", "reset_password")],
    "claim_account": [("link", "/reset-password", "reset_password")],
    "invitation": [("link", "/accept-invitation", "invitation")],
    "change_email": [("link", "/confirm-email-change", "change_email")],
}

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
    """Write a mail into the outbox, to the account's own address unless another is given. It goes out after the commit."""
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
    for name, page, purpose in LINKS.get(template, []):
        values[name] = f"{settings.frontend_base_url}{page}?token={quote(tokens.text_of(purpose, str(token_id)))}"
    if template == "verify_email":
        values["code"] = tokens.code_of(str(token_id))
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


class Undeliverable(Exception):
    """The mail server refuses this recipient for good."""


def send(made: EmailMessage) -> None:
    """Hand one mail to the mail server. Raises OSError or SMTPException where that may work later, Undeliverable where not."""
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


def is_in_reach() -> bool:
    """Whether somebody listens where the mail server should be."""
    try:
        socket.create_connection((settings.smtp_host, settings.smtp_port), 1).close()
    except OSError:
        return False
    return True


def problem() -> str | None:
    """Why the mail server would take no mail of ours, as far as it says before one is sent; None where it would."""
    try:
        smtp = _connected()
        smtp.quit()
    except (OSError, smtplib.SMTPException) as error:
        return _short(error)
    return None


# ------------------------------------------------------------------------------------------------------- the outbox


def _waiting() -> tuple[ColumnElement[bool], ...]:
    return Mail.sent_at.is_(None), Mail.gave_up_at.is_(None), Mail.due_at <= models.now()


def _claim() -> Row[Any] | None:
    """Take the mail that has waited longest: for the length of a lease nobody else will."""
    one = select(Mail.id).where(*_waiting()).order_by(Mail.due_at).limit(1)
    if database.read(one) is None:
        return None
    with database.transaction() as db:
        return db.execute(
            update(Mail)
            .where(Mail.id == one.with_for_update(skip_locked=True).scalar_subquery(), *_waiting())
            .values(attempts=Mail.attempts + 1, due_at=models.now() + LEASE)
            .returning(
                Mail.id,
                Mail.template,
                Mail.recipient,
                Mail.token_id,
                Mail.context,
                Mail.created_at,
                Mail.queued_at,
                Mail.attempts,
            )
        ).first()


def deliver_one() -> bool:
    """Claim one mail that is due and send it; False when none is due, or the mail server is out of reach."""
    mail = _claim()
    if mail is None:
        return False
    try:
        if _link_has_expired(mail):
            raise Undeliverable("its link has expired")
        if not settings.development_mailbox:
            send(message(mail))
    except Undeliverable as error:
        _give_up(mail, error)
        return True
    except Exception as error:
        _put_off(mail, error)
        # Where the server did not even talk to us, there is no use in trying the next mail at once.
        return isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused | ValueError)
    _mark(mail, sent_at=models.now(), last_error=None)
    metrics.MAILS.labels("sent").inc()
    log.info(
        "mail kept for /dev/mailbox" if settings.development_mailbox else "mail sent",
        mail=mail.id,
        template=mail.template,
    )
    return True


def _link_has_expired(mail: Row[Any]) -> bool:
    lifetimes = [
        tokens.PURPOSES[purpose]() for _, _, purpose in LINKS.get(mail.template, []) if purpose in tokens.PURPOSES
    ]
    return bool(lifetimes) and models.now() - mail.created_at > min(lifetimes)


def _put_off(mail: Row[Any], error: Exception) -> None:
    now = models.now()
    if now - mail.queued_at > GIVE_UP_AFTER:
        _give_up(mail, error)
        return
    delay = min(FIRST_DELAY * 2 ** min(mail.attempts - 1, 20), LONGEST_DELAY)
    _mark(mail, due_at=now + delay, last_error=_short(error))
    metrics.MAILS.labels("put_off").inc()
    log.warning("mail put off", mail=mail.id, template=mail.template, seconds=delay.total_seconds(), error=_kind(error))


def _give_up(mail: Row[Any], error: Exception) -> None:
    _mark(mail, gave_up_at=models.now(), last_error=_short(error))
    metrics.MAILS.labels("given_up").inc()
    log.error("mail given up", mail=mail.id, template=mail.template, attempts=mail.attempts, error=_kind(error))


def _mark(mail: Row[Any], **values: datetime | str | None) -> None:
    database.write_only(update(Mail).where(Mail.id == mail.id).values(**values))


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:255]


def _kind(error: Exception) -> str:
    """For the log: a mail server's own words often name the recipient. The outbox has them, as last_error."""
    return f"{type(error).__name__} {getattr(error, 'smtp_code', '')}".strip()


def failed() -> list[Row[Any]]:
    """The mails that were given up, oldest first."""
    return database.read_all(
        select(Mail.id, Mail.template, Mail.recipient, Mail.attempts, Mail.last_error, Mail.created_at, Mail.gave_up_at)
        .where(Mail.gave_up_at.is_not(None))
        .order_by(Mail.id)
    )


def requeue(mail_id: int | None = None) -> int:
    """Try a mail that was given up again, or all of them; how many."""
    chosen = [Mail.id == mail_id] if mail_id is not None else []
    again = (
        update(Mail)
        .where(Mail.gave_up_at.is_not(None), *chosen)
        .values(gave_up_at=None, attempts=0, due_at=models.now(), queued_at=models.now())
        .returning(Mail.id)
    )
    return len(database.read_all(again))


def mailbox() -> Iterator[tuple[Row[Any], Rendered]]:
    """The newest mails as they would have gone out, for /dev/mailbox."""
    newest = (
        select(Mail.id, Mail.template, Mail.recipient, Mail.token_id, Mail.context, Mail.created_at)
        .order_by(Mail.id.desc())
        .limit(MAILS_IN_THE_MAILBOX)
    )
    for mail in database.read_all(newest):
        yield mail, render(mail.template, mail.token_id, mail.context)


class Delivery(threading.Thread):
    """Delivers what is due: woken by a commit of this process, and looking for the others' mails and for retries by itself."""

    def __init__(self) -> None:
        super().__init__(name="mail", daemon=True)
        self._stopping = False

    def run(self) -> None:
        while not self._stopping:
            _news.wait(SECONDS_BETWEEN_LOOKS)
            _news.clear()
            try:
                while not self._stopping and deliver_one():
                    pass
            except (SQLAlchemyError, errors.Unavailable):
                log.warning("the outbox is out of reach")
            except Exception:
                log.exception("delivery failed")

    def stop(self) -> None:
        """Finish the mail at hand, then end."""
        self._stopping = True
        _news.set()
        self.join(SECONDS_TO_WAIT_FOR_SMTP)
