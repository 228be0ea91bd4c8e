"""`make demo`: the service, and the React example in front of it. Ctrl-C ends both."""

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
  Mails it sends   {SERVICE}/dev/mailbox
  The service      {SERVICE}/docs

  Ctrl-C ends it.
"""
# Whatever .env says: people see how an address is proven, and the two find each other.
SETTINGS = {
    "EMAIL_VERIFICATION": "optional",
    "PUBLIC_BASE_URL": SERVICE,
    "FRONTEND_BASE_URL": EXAMPLE,
    "LOG_LEVEL": "WARNING",
}
SECONDS_TO_START = 60


def main() -> str | None:
    """Returns why it ended, or None after Ctrl-C."""
    for port in (8000, 3000):
        if _is_taken(port):
            return f"Port {port} is taken: stop what runs there first."
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    children: list[subprocess.Popen[bytes]] = []
    try:
        children += [_start_service(), _start_example()]
        _wait_for(children, SERVICE + "/health/ready", EXAMPLE)
        print(WELCOME, flush=True)
        while all(child.poll() is None for child in children):
            time.sleep(0.2)
        return "One of the two ended; so did the other."
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


def _wait_for(children: list[subprocess.Popen[bytes]], *urls: str) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    for url in urls:
        while not _answers(url) and all(child.poll() is None for child in children) and time.monotonic() < deadline:
            time.sleep(0.1)


def _answers(url: str) -> bool:
    with suppress(OSError), urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=2) as answer:
        return bool(answer.status == 200)
    return False


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()


if __name__ == "__main__":
    sys.exit(main())
