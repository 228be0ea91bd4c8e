"""SMTP: a connection as the settings ask for it, and what a reply of the server means.

A reply is judged by its enhanced status code (RFC 3463). The command that it answers decides where there is no such
code, or where the code says different things at different commands.
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
SECONDS_TO_CONNECT = 25  # for all that is said before the first email
SECONDS_TO_TAKE_A_MAIL = 20  # for the last reply: a server may scan the email before it takes it
ENHANCED = re.compile(rb"([245])\.(\d{1,3})\.(\d{1,3})(?!\d|\.)")
LAST_OF_A_MESSAGE = 7  # of the details of X.7: those after it are about logins, encryption and SPF (RFC 5248)
LOGIN_DEMANDED = {530, 534, 535, 538, 454}
NOT_UNDERSTOOD = {500, 501, 502, 503, 504}
TAKES_NO_MAIL = 521  # RFC 7504


class _Utf8(str):
    """Text that smtplib, which knows ASCII alone, sends as UTF-8: a user name or password (RFC 4616, 2)."""

    def encode(self, *_: Any) -> bytes:
        return super().encode("utf-8")


class _Smtp(smtplib.SMTP):
    """smtplib's connection, with user names and passwords in UTF-8."""

    def auth(self, mechanism: str, authobject: Any, *, initial_response_ok: bool = True) -> tuple[int, bytes]:
        def in_utf8(challenge: bytes | None = None) -> Any:
            response = authobject(challenge)
            return None if response is None else _Utf8(response)

        return super().auth(mechanism, in_utf8, initial_response_ok=initial_response_ok)


class _SmtpOverTls(_Smtp, smtplib.SMTP_SSL):
    """The same with TLS from the first byte."""


class Refused(Exception):
    """The server did not take this email now, and may later."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.smtp_code = code


def demands_tls() -> bool:
    """Whether nothing may be said in clear text with `SMTP_SECURITY=auto`: a password would be, or, in production,
    links that open accounts."""
    return settings.smtp_port == 587 or bool(settings.smtp_user) or settings.production


class Connection:
    """A connection to the mail server, logged in where there is a user. Raises ServerProblem."""

    def __init__(self) -> None:
        self.usable, self._used = True, False
        self._until = time.monotonic() + SECONDS_TO_CONNECT
        try:
            self._smtp = self._connected()
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise ServerProblem(leases.describe(error)) from error

    def _connected(self) -> smtplib.SMTP:
        security, where = settings.smtp_security, (settings.smtp_host, settings.smtp_port)
        at_once = security == "tls" or (security == "auto" and settings.smtp_port == 465)
        smtp: smtplib.SMTP = (
            _SmtpOverTls(*where, timeout=SECONDS_TO_WAIT_FOR_SMTP, context=ssl.create_default_context())
            if at_once
            else _Smtp(*where, timeout=SECONDS_TO_WAIT_FOR_SMTP)
        )
        try:
            self._greet(smtp)
            if not at_once and security != "none":
                demanded = security == "starttls" or demands_tls()
                if demanded or smtp.has_extn("starttls"):
                    self._be_patient(smtp)
                    smtp.starttls(context=ssl.create_default_context())  # raises where the server does not offer it
                    self._greet(smtp)
            if settings.smtp_user:
                self._be_patient(smtp)
                smtp.login(_Utf8(settings.smtp_user), _Utf8(settings.smtp_password))
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _greet(self, smtp: smtplib.SMTP) -> None:
        self._be_patient(smtp)
        smtp.ehlo_or_helo_if_needed()

    def _be_patient(self, smtp: smtplib.SMTP) -> None:
        """Wait for the next reply as long as is left for connecting. Raises TimeoutError."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"the mail server took more than {SECONDS_TO_CONNECT} seconds to greet")
        if smtp.sock:
            smtp.sock.settimeout(min(SECONDS_TO_WAIT_FOR_SMTP, left))

    def send(self, made: EmailMessage, renew: Callable[[], Any]) -> None:
        """Hand one email to the mail server.

        renew: called before each command; answers None where the email must not go out any more.

        Raises Undeliverable, Withdrawn, Refused, ServerProblem, ConnectionEnded.
        """
        recipient = made["To"].addresses[0].addr_spec
        content, options = self._encoded(made, recipient)
        if self._smtp.does_esmtp and self._smtp.has_extn("size"):
            options = [f"size={len(content)}", *options]
        steps: list[tuple[str, float, Callable[[], tuple[int, bytes]]]] = [
            ("MAIL", SECONDS_TO_WAIT_FOR_SMTP, lambda: self._smtp.mail(settings.mail_from, options)),
            ("RCPT", SECONDS_TO_WAIT_FOR_SMTP, lambda: self._smtp.rcpt(recipient)),
            ("DATA", SECONDS_TO_TAKE_A_MAIL, lambda: self._data(content)),
        ]
        for command, seconds, step in steps:
            self._say(command, seconds, step)
            if command == "RCPT" and renew() is None:
                self._reset()
                raise Withdrawn()
        self._used = True

    def _say(self, command: str, seconds: float, step: Callable[[], tuple[int, bytes]]) -> None:
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
        if code in (421, -1):  # the server ends the connection, or does not speak SMTP
            self.usable = False
            if command == "MAIL" and self._used:
                raise ConnectionEnded()
        else:
            self._reset()
        raise meaning_of(command, code, reply)

    def _data(self, content: bytes) -> tuple[int, bytes]:
        try:
            return self._smtp.data(content)
        except smtplib.SMTPDataError as refused:
            return refused.smtp_code, _bytes(refused.smtp_error)

    def _encoded(self, made: EmailMessage, recipient: str) -> tuple[bytes, list[str]]:
        policy, options = EmailPolicy(), list[str]()
        if not recipient.isascii():
            if not self._smtp.has_extn("smtputf8"):
                raise Undeliverable("the mail server does not take international addresses (RFC 6531)")
            policy, options = policy.clone(utf8=True), ["SMTPUTF8", "BODY=8BITMIME"]
        written = io.BytesIO()
        BytesGenerator(written, policy=policy).flatten(made, linesep="\r\n")
        return written.getvalue(), options

    def _reset(self) -> None:
        try:
            self._smtp.rset()
        except (OSError, smtplib.SMTPException):
            self.usable = False

    def close(self) -> None:
        """End the connection. How the server says goodbye changes nothing: each email was taken, or not."""
        with contextlib.suppress(OSError, smtplib.SMTPException):
            if self.usable:
                self._smtp.quit()
        self._smtp.close()


def meaning_of(command: str, code: int, reply: bytes) -> Exception:
    """Return what a reply that is no success means, as the error to raise.

    A problem of the server or of our login there (ServerProblem), an email that can never be delivered
    (Undeliverable), or one to try again later (Refused).
    """
    text = f"{code} {reply.decode(errors='replace')}"
    found = ENHANCED.match(reply.lstrip())
    if found and found[1] == str(code)[:1].encode():
        status = (int(found[1]), int(found[2]), int(found[3]))
        means = _of_enhanced_code(command, code, *status)
        said = f"{code} {'.'.join(map(str, status))} at {command}"
    else:
        means, said = None, f"{code} at {command}"
    means = means or _of_basic_code(command, code)
    if means is ServerProblem:
        return ServerProblem(said, text)
    return Undeliverable(text) if means is Undeliverable else Refused(code, text)


def _of_enhanced_code(command: str, code: int, kind: int, subject: int, detail: int) -> type[Exception] | None:
    """Judge by the enhanced status code (RFC 3463, 3); None where it says nothing beyond the basic code."""
    for_ever = kind == 5
    if subject == 1 and detail in (7, 8):  # the sender's address, which is ours
        return ServerProblem
    if subject in (1, 2, 4, 6):  # the recipient's address, mailbox or host, or the content of this email
        return Undeliverable if for_ever else Refused
    if subject == 3:  # the mail system
        return ServerProblem
    if subject == 7 and for_ever and command == "DATA" and detail <= LAST_OF_A_MESSAGE:
        return Undeliverable  # sender and recipient were accepted: it is about what this email says, such as spam
    if subject == 7:  # security and policy: for a time, it is most often greylisting of the recipient
        return ServerProblem if for_ever or code in (421, *LOGIN_DEMANDED) else Refused
    return None


def _of_basic_code(command: str, code: int) -> type[Exception]:
    if code in (421, -1):  # where the server is really going away, the next connection tells
        return Refused
    if command == "MAIL" or code in (*LOGIN_DEMANDED, *NOT_UNDERSTOOD, TAKES_NO_MAIL):
        return ServerProblem
    if command == "DATA" and code == 452:  # no storage left
        return ServerProblem
    return Undeliverable if 500 <= code < 600 else Refused


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode(errors="replace")


def is_reachable() -> bool:
    """Return whether a server listens where the mail server should be."""
    try:
        socket.create_connection((settings.smtp_host, settings.smtp_port), 1).close()
    except OSError:
        return False
    return True


def connection_problem() -> str | None:
    """Return why the mail server would take no email of ours, as far as it says before one is sent."""
    try:
        Connection().close()
    except ServerProblem as problem:
        return str(problem)
    return None
