"""Look passwords up in a list of passwords from data breaches: with the range API of Have I Been Pwned, or in a file.

If the list cannot be read, every password counts as not listed, so that users can still set passwords and log in.
"""

import hashlib
import os
import re
from pathlib import Path

from settings.loading import settings
from telemetry import logs, metrics

log = logs.logger()
SECONDS_FOR_THE_RANGE_API = 2
FILE_PREFIX = "file:"
PREFIX_LENGTH = 5  # of the SHA-1 hash that is sent; about a thousand listed passwords share such a prefix
RANGE_LINE = re.compile(r"([0-9A-F]{35}):(\d+)")
FILE_LINE = re.compile(rb"([0-9A-F]{40}):\d+\r?\n?")
LONGEST_LINE = 64
SAMPLES = 64


class UnusableList(Exception):
    """The list cannot be used. The message gives the reason."""


def sha1_of(password: str) -> str:
    """Return the SHA-1 hash of a password, in the format of the lists."""
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


def includes(sha1: str) -> bool:
    """Return whether the list includes a password, given its SHA-1. False if the list is off or cannot be read."""
    source = settings.breached_passwords
    if source == "off":
        return False
    try:
        found = find_in_file(source.removeprefix(FILE_PREFIX), sha1) if source != "hibp" else _find_in_range(sha1)
    except Exception as error:
        metrics.BREACHED_PASSWORD_CHECKS.labels("failed").inc()
        log.warning("breached passwords unavailable", error=type(error).__name__, reason=str(error)[:200])
        return False
    metrics.BREACHED_PASSWORD_CHECKS.labels("found" if found else "not_found").inc()
    return found


def _find_in_range(sha1: str) -> bool:
    """Query the range API with a prefix of the SHA-1 hash. The response is padded, so its size reveals nothing."""
    from core import http_client  # imported here because its library uses memory and only this source needs it

    response = http_client.request(
        "GET",
        f"{settings.breached_passwords_url}/range/{sha1[:PREFIX_LENGTH]}",
        seconds=SECONDS_FOR_THE_RANGE_API,
        headers={"Add-Padding": "true", "Accept": "text/plain"},
    )
    if response.status_code != 200:
        raise http_client.InvalidResponse(f"status {response.status_code}")
    entries = [RANGE_LINE.fullmatch(line.upper()) for line in response.text.split()]
    if not entries or None in entries:
        raise http_client.InvalidResponse("not a range of hashes")
    # Padding has the count 0.
    return any(entry and entry[1] == sha1[PREFIX_LENGTH:] and int(entry[2]) > 0 for entry in entries)


def find_in_file(path: str, sha1: str) -> bool:
    """Search a file of sorted lines `SHA1:COUNT`, whose size may be tens of gigabytes. Raises OSError, UnusableList."""
    wanted = sha1.encode()
    with Path(path).open("rb", buffering=0) as file:
        begin, end = 0, os.fstat(file.fileno()).st_size
        # The line that contains the byte `middle - 1` is skipped, unless it ends there.
        while begin < end:
            middle = (begin + end) // 2
            start, line = _line_at(file.fileno(), middle)
            if not line or line >= wanted:
                end = middle
            else:
                begin = start + 1
        return _line_at(file.fileno(), begin)[1] == wanted


def _line_at(file: int, position: int) -> tuple[int, bytes]:
    """Return where the first line at or after a position starts, and its hash, which is empty at the end of the file.

    Raises UnusableList.
    """
    read = os.pread(file, 2 * LONGEST_LINE, max(position - 1, 0))
    skipped = 0 if position == 0 else read.find(b"\n") + 1
    if position and not skipped and len(read) == 2 * LONGEST_LINE:
        raise UnusableList("a line is too long")
    line = read[skipped:] if skipped or position == 0 else b""
    if not line.strip():
        return position, b""
    found = FILE_LINE.match(line)
    if not found:
        raise UnusableList("a line is not a SHA-1 in capital letters, a colon and a number")
    return max(position - 1, 0) + skipped, found[1]


def problems() -> list[str]:
    """Return an error message if the file of BREACHED_PASSWORDS cannot be used. Reads a sample of its lines."""
    source = settings.breached_passwords
    reason = _problem(source.removeprefix(FILE_PREFIX)) if source.startswith(FILE_PREFIX) else None
    return [f"BREACHED_PASSWORDS: the file {reason}"] if reason else []


def _problem(path: str) -> str | None:
    try:
        with Path(path).open("rb", buffering=0) as file:
            size = os.fstat(file.fileno()).st_size
            sample = [_line_at(file.fileno(), size * part // SAMPLES)[1] for part in range(SAMPLES)]
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    except UnusableList as error:
        return f"cannot be used: {error}"
    hashes = [each for each in sample if each]
    if not hashes:
        return "is empty"
    return None if hashes == sorted(hashes) else "must be sorted by hash"
