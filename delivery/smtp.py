"""Send emails over SMTP, and interpret the replies of the server.

A reply is interpreted by its enhanced status code (RFC 3463), or by the command if there is no such code or it is
ambiguous.
"""

import contextlib
import io
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from email.generator import BytesGenerator
from email.message import EmailMessage
from email.policy import EmailPolicy
from typing import Any

from delivery import leases
from delivery.holds import ServerProblem
from delivery.leases import Undeliverable, Withdrawn
from delivery.worker import ConnectionEnded
from settings.loading import settings

SECONDS_TO_WAIT_FOR_SMTP = 10  # for each reply of the server
SECONDS_TO_CONNECT = 25  # for the whole connection setup, before the first email
SECONDS_FOR_DATA_REPLY = 20  # a server may scan the email before it replies
ENHANCED = re.compile(rb"([245])\.(\d{1,3})\.(\d{1,3})(?!\d|\.)")
LAST_MESSAGE_DETAIL = 7  # of the details of X.7: those after it are about logins, encryption and SPF (RFC 5248)
LOGIN_REQUIRED = {530, 534, 535, 538, 454}
NOT_UNDERSTOOD = {500, 501, 502, 503, 504}
ACCEPTS_NO_EMAIL = 521  # RFC 7504


class _Utf8(str):
    """Text that smtplib sends as UTF-8 instead of ASCII: a user name or password (RFC 4616, section 2)."""

    def encode(self, *_: Any) -> bytes:
        return super().encode("utf-8")


class _Smtp(smtplib.SMTP):
    """The connection of smtplib, with user names and passwords in UTF-8."""

    def auth(self, mechanism: str, authobject: Any, *, initial_response_ok: bool = True) -> tuple[int, bytes]:
        def in_utf8(challenge: bytes | None = None) -> Any:
            response = authobject(challenge)
            return None if response is None else _Utf8(response)

        return super().auth(mechanism, in_utf8, initial_response_ok=initial_response_ok)


class _SmtpOverTls(_Smtp, smtplib.SMTP_SSL):
    """The same connection with implicit TLS."""


class Refused(Exception):
    """The server rejected an email temporarily."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.smtp_code = code


def requires_tls() -> bool:
    """Return whether `SMTP_SECURITY=auto` requires TLS: for a password and, in production, for links."""
    return settings.smtp_port == 587 or bool(settings.smtp_user) or settings.production


class Connection:
    """A connection to the mail server, logged in if there is a user. Raises ServerProblem."""

    def __init__(self) -> None:
        self.usable, self._used = True, False
        self._until = time.monotonic() + SECONDS_TO_CONNECT
        try:
            self._smtp = self._connected()
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise ServerProblem(leases.describe(error)) from error

    def _connected(self) -> smtplib.SMTP:
        security, address = settings.smtp_security, (settings.smtp_host, settings.smtp_port)
        implicit_tls = security == "tls" or (security == "auto" and settings.smtp_port == 465)
        smtp: smtplib.SMTP = (
            _SmtpOverTls(*address, timeout=SECONDS_TO_WAIT_FOR_SMTP, context=ssl.create_default_context())
            if implicit_tls
            else _Smtp(*address, timeout=SECONDS_TO_WAIT_FOR_SMTP)
        )
        try:
            self._greet(smtp)
            if not implicit_tls and security != "none":
                required = security == "starttls" or requires_tls()
                if required or smtp.has_extn("starttls"):
                    self._limit_wait(smtp)
                    smtp.starttls(context=ssl.create_default_context())  # raises if the server does not offer it
                    self._greet(smtp)
            if settings.smtp_user:
                self._limit_wait(smtp)
                smtp.login(_Utf8(settings.smtp_user), _Utf8(settings.smtp_password))
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _greet(self, smtp: smtplib.SMTP) -> None:
        self._limit_wait(smtp)
        smtp.ehlo_or_helo_if_needed()

    def _limit_wait(self, smtp: smtplib.SMTP) -> None:
        """Limit the wait for the next reply to the time left for connecting. Raises TimeoutError."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"the mail server took more than {SECONDS_TO_CONNECT} seconds to accept the connection")
        if smtp.sock:
            smtp.sock.settimeout(min(SECONDS_TO_WAIT_FOR_SMTP, left))

    def send(self, message: EmailMessage, renew: Callable[[], Any]) -> None:
        """Send an email.

        renew: called before a command that may take long; returns None if the email must not be sent any more.

        Raises Undeliverable, Withdrawn, Refused, ServerProblem, ConnectionEnded.
        """
        recipient = message["To"].addresses[0].addr_spec
        content, options = self._encoded(message, recipient)
        if self._smtp.does_esmtp and self._smtp.has_extn("size"):
            options = [f"size={len(content)}", *options]
        steps: list[tuple[str, float, Callable[[], tuple[int, bytes]]]] = [
            ("MAIL", SECONDS_TO_WAIT_FOR_SMTP, lambda: self._smtp.mail(settings.mail_from, options)),
            ("RCPT", SECONDS_TO_WAIT_FOR_SMTP, lambda: self._smtp.rcpt(recipient)),
            ("DATA", SECONDS_FOR_DATA_REPLY, lambda: self._data(content)),
        ]
        for command, seconds, step in steps:
            self._run(command, seconds, step)
            if command == "RCPT" and renew() is None:
                self._reset()
                raise Withdrawn()
        self._used = True

    def _run(self, command: str, seconds: float, step: Callable[[], tuple[int, bytes]]) -> None:
        if self._smtp.sock:
            self._smtp.sock.settimeout(seconds)
        try:
            code, reply = step()
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            self.usable = False
            if command == "MAIL" and self._used:
                raise ConnectionEnded() from error
            raise ServerProblem(f"{type(error).__name__} at {command}", leases.describe(error)) from error
        if 200 <= code < 300:
            return
        if code in (421, -1):  # the server closes the connection, or does not speak SMTP
            self.usable = False
            if command == "MAIL" and self._used:
                raise ConnectionEnded()
        else:
            self._reset()
        raise error_of(command, code, reply)

    def _data(self, content: bytes) -> tuple[int, bytes]:
        try:
            return self._smtp.data(content)
        except smtplib.SMTPDataError as error:
            return error.smtp_code, _bytes(error.smtp_error)

    def _encoded(self, message: EmailMessage, recipient: str) -> tuple[bytes, list[str]]:
        policy, options = EmailPolicy(), list[str]()
        if not recipient.isascii():
            if not self._smtp.has_extn("smtputf8"):
                raise Undeliverable("the mail server does not support international addresses (RFC 6531)")
            policy, options = policy.clone(utf8=True), ["SMTPUTF8", "BODY=8BITMIME"]
        content = io.BytesIO()
        BytesGenerator(content, policy=policy).flatten(message, linesep="\r\n")
        return content.getvalue(), options

    def _reset(self) -> None:
        try:
            self._smtp.rset()
        except (OSError, smtplib.SMTPException):
            self.usable = False

    def close(self) -> None:
        """Close the connection. Errors are ignored: each email was accepted or not before."""
        with contextlib.suppress(OSError, smtplib.SMTPException):
            if self.usable:
                self._smtp.quit()
        self._smtp.close()


def error_of(command: str, code: int, reply: bytes) -> Exception:
    """Return the error for a reply that is not a success.

    ServerProblem if the server or the login failed, Undeliverable if the email can never be delivered, or Refused if it
    can be retried.
    """
    text = f"{code} {reply.decode(errors='replace')}"
    found = ENHANCED.match(reply.lstrip())
    if found and found[1] == str(code)[:1].encode():
        status = (int(found[1]), int(found[2]), int(found[3]))
        error_class = _of_enhanced_code(command, code, *status)
        reason = f"{code} {'.'.join(map(str, status))} at {command}"
    else:
        error_class, reason = None, f"{code} at {command}"
    error_class = error_class or _of_basic_code(command, code)
    if error_class is ServerProblem:
        return ServerProblem(reason, text)
    return Undeliverable(text) if error_class is Undeliverable else Refused(code, text)


def _of_enhanced_code(command: str, code: int, kind: int, subject: int, detail: int) -> type[Exception] | None:
    """Interpret an enhanced status code (RFC 3463, section 3). Returns None if it adds nothing to the basic code."""
    permanent = kind == 5
    if subject == 1 and detail in (7, 8):  # the address of the sender
        return ServerProblem
    if subject in (1, 2, 4, 6):  # the recipient's address, mailbox or host, or the content of this email
        return Undeliverable if permanent else Refused
    if subject == 3:  # the mail system
        return ServerProblem
    if subject == 7 and permanent and command == "DATA" and detail <= LAST_MESSAGE_DETAIL:
        return Undeliverable  # sender and recipient were accepted: the content was rejected, for example as spam
    if subject == 7:  # security and policy: if temporary, usually greylisting
        return ServerProblem if permanent or code in (421, *LOGIN_REQUIRED) else Refused
    return None


def _of_basic_code(command: str, code: int) -> type[Exception]:
    if code in (421, -1):  # if the server is unavailable, the next connection fails
        return Refused
    if command == "MAIL" or code in (*LOGIN_REQUIRED, *NOT_UNDERSTOOD, ACCEPTS_NO_EMAIL):
        return ServerProblem
    if command == "DATA" and code == 452:  # no storage left
        return ServerProblem
    return Undeliverable if 500 <= code < 600 else Refused


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode(errors="replace")


def is_reachable() -> bool:
    """Return whether the mail server accepts TCP connections."""
    try:
        socket.create_connection((settings.smtp_host, settings.smtp_port), 1).close()
    except OSError:
        return False
    return True


def connection_problem() -> str | None:
    """Return why the mail server rejects a connection or the login, or None."""
    try:
        Connection().close()
    except ServerProblem as problem:
        return str(problem)
    return None
