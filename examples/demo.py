"""Run the service and the React example until Ctrl-C: `make demo`."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

PROJECT = Path(__file__).parent.parent
REACT = PROJECT / "examples" / "react"
SERVICE, EXAMPLE = "http://localhost:8000", "http://localhost:3000"
WELCOME = f"""
  The example      {EXAMPLE}
  Its emails       {SERVICE}/dev/mailbox
  The service      {SERVICE}/docs

  Press Ctrl-C to stop both.
"""
# The settings of the mail server. If they are empty, emails go to the development mailbox.
MAIL = (
    "MAIL_PROVIDER",
    "SENDGRID_API_KEY",
    "SMTP_HOST",
    "SMTP_USER",
    "MAIL_USERNAME",
    "SMTP_PASSWORD",
    "MAIL_PASSWORD",
)
# These settings override .env, so that the demo shows email verification, and the two servers can reach each other.
SETTINGS = {
    "ENVIRONMENT": "development",
    "EMAIL_VERIFICATION": "optional",
    "PUBLIC_BASE_URL": SERVICE,
    "FRONTEND_BASE_URL": EXAMPLE,
    "CORS_ORIGINS": EXAMPLE,
    "OAUTH_REDIRECT_URIS": EXAMPLE,
    "LOG_LEVEL": "WARNING",
    **{name + where: "" for name in MAIL for where in ("", "_FILE")},
}
SECONDS_TO_START = 60

Children = dict[str, subprocess.Popen[bytes]]


def main() -> str | None:
    """Run both servers. Return an error message, or None after Ctrl-C."""
    for port in (8000, 3000):
        if _is_taken(port):
            return f"Port {port} is in use. Stop the program that uses it first."
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    children: Children = {}
    try:
        children["service"] = _start_service()
        children["example"] = _start_example()
        if why := why_not_ready(children, SERVICE + "/health/ready", EXAMPLE):
            return why
        print(WELCOME, flush=True)
        while not (why := _ended(children)):
            time.sleep(0.2)
        return why
    except KeyboardInterrupt:
        return None
    finally:
        _end(children)


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _start_service() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "uvicorn", "main:app", "--no-proxy-headers", "--no-server-header"]
    quiet = ["--host", "127.0.0.1", "--port", "8000", "--log-level", "warning"]
    return subprocess.Popen([*command, *quiet], cwd=PROJECT, env={**os.environ, **SETTINGS})


def _start_example() -> subprocess.Popen[bytes]:
    environment = {**os.environ, "VITE_SERVICE_URL": SERVICE}
    return subprocess.Popen(
        [REACT / "node_modules" / ".bin" / "vite", "--logLevel", "warn"], cwd=REACT, env=environment
    )


def why_not_ready(children: Children, *urls: str, seconds: float = SECONDS_TO_START) -> str | None:
    """Wait until all URLs respond with 200. Return an error message if one does not."""
    deadline = time.monotonic() + seconds
    for url in urls:
        while not _responds(url):
            if why := _ended(children):
                return why
            if time.monotonic() > deadline:
                return f"{url} did not respond within {seconds:g} seconds. Both servers were stopped."
            time.sleep(0.1)
    return _ended(children)


def _ended(children: Children) -> str | None:
    ended = [name for name, child in children.items() if child.poll() is not None]
    return f"The {ended[0]} exited unexpectedly. Both servers were stopped." if ended else None


def _responds(url: str) -> bool:
    with (
        suppress(OSError),
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=2) as response,
    ):
        return bool(response.status == 200)
    return False


def _end(children: Children) -> None:
    for child in children.values():
        child.terminate()
    for child in children.values():
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()


if __name__ == "__main__":
    sys.exit(main())
