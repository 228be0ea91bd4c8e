"""The password policy, and hashing: in its own bounded queue, apart from the threads that serve everybody else.

No database connection is held while a hash is computed: it takes a quarter of a second.
"""

import base64
import functools
import os
import re
import threading
import time
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from passlib.context import CryptContext

import errors
from core.thread_pools import ThreadPool
from settings.loading import settings
from telemetry import metrics

R = TypeVar("R")

# zxcvbn's ranking; by itself it takes twelve megabytes of every worker.
COMMON = frozenset((Path(__file__).parent / "commonest_passwords.txt").read_text("utf-8").splitlines())
BCRYPT_BYTES = (
    72  # bcrypt itself reads no further; longer passwords are hashed as bcrypt-sha256, which counts every byte
)
LOWER_PRIORITY = 10
DJANGO_SCRYPT = re.compile(
    r"scrypt\$(?P<work>\d{1,7})\$(?P<salt>\w+)\$(?P<r>\d{1,2})\$(?P<p>\d{1,2})\$(?P<digest>[A-Za-z0-9+/]{86}==)", re.A
)
PHPASS_LENGTH = 34
LEAST_ROUNDS = 4  # of bcrypt
OWN_ROUNDS = re.compile(r"\$(?:2\w?\$|bcrypt-sha256\$(?:v=2,t=)?2\w,(?:r=)?)(\d{1,2})\b")
OURS = ["bcrypt", "bcrypt_sha256"]
# Hashes of other systems verify too, and are renewed at the first login.
FOREIGN = [
    "argon2",
    "scrypt",
    "pbkdf2_sha1",
    "pbkdf2_sha256",
    "pbkdf2_sha512",
    "django_pbkdf2_sha1",
    "django_pbkdf2_sha256",
    "django_bcrypt_sha256",
    "django_bcrypt",
    "django_argon2",
    "phpass",
]
# Each login with such a hash costs that much: beyond these it would stall the others, or take all memory.
# docs/importing.md has them.
MOST_ROUNDS = {"bcrypt": 15, "scrypt": 20, "argon2": 20, "pbkdf2": 2_000_000, "phpass": 20}
MOST_MEMORY = {"scrypt": 128 << 20, "argon2": 256 << 20}  # bytes
MOST_WORK = 1 << 20  # N·r·p of scrypt, and KiB·t of argon2: with each of them a login takes some seconds at the most
MOST_BLOCKS, MOST_LANES = 32, 16  # r of scrypt; p of scrypt, and of argon2, which starts a thread for each
CLASSES: dict[str, tuple[Callable[[str], bool], str]] = {
    "upper": (str.isupper, "must contain an upper-case letter"),
    "lower": (str.islower, "must contain a lower-case letter"),
    "digit": (str.isdigit, "must contain a digit"),
    "symbol": (lambda c: not c.isalnum(), "must contain a symbol"),
}


def check(password: str, email: str, username: str, *, field: str = "password") -> None:
    """Refuse a password that misses a rule. Raises WeakPassword, which lists each rule missed."""
    missed = (
        []
        if len(password) >= settings.password_min_length
        else [f"must be at least {settings.password_min_length} characters"]
    )
    missed += [
        sentence
        for name, (is_one, sentence) in CLASSES.items()
        if name in settings.password_require and not any(map(is_one, password))
    ]
    if _folded(password) in COMMON:
        missed.append("is one of the commonest passwords")
    if _folded(password) in {_folded(email), _folded(email.partition("@")[0]), _folded(username)}:
        missed.append("must not be your email address or name")
    if missed:
        raise errors.WeakPassword(errors=[{"field": field, "message": sentence} for sentence in missed])


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


class Verdict(NamedTuple):
    """Whether a password is right, and its new hash where the stored one should be renewed."""

    right: bool
    renewed: str | None = None


def hash(password: str) -> str:
    """The hash to store. Raises Overloaded when too many wait."""
    return _in_queue(_hash, password)


def verify(password: str, stored: str | None) -> Verdict:
    """Compare with a stored hash.

    With none (no such account, or no password) the same work is done, and the verdict is no.
    """
    return _in_queue(_verify, password, stored)


def _hash(password: str) -> str:
    scheme = "bcrypt" if len(password.encode()) <= BCRYPT_BYTES else "bcrypt_sha256"
    return str(_context().handler(scheme).hash(password))


def _verify(password: str, stored: str | None) -> Verdict:
    context = _context(stored)
    if stored is None or (stored.startswith("$2") and len(password.encode()) > BCRYPT_BYTES):
        return _verify_in_vain()
    begun = time.thread_time()
    try:
        right = context.verify(password, stored)
    except (ValueError, NotImplementedError):  # a hash of no known kind, or a password that its scheme cannot take
        return _verify_in_vain()
    if not right:
        _do_remaining_work(stored, time.thread_time() - begun)
    return Verdict(right, _hash(password) if right and context.needs_update(stored) else None)


def is_usable(stored: str) -> bool:
    """Whether a hash from elsewhere is whole, of a kind that is verified here, and does not cost too much.

    It is not computed.
    """
    if not stored.isascii() or not stored.isprintable() or stored.startswith("$2x$"):
        return False
    handler: Any = _context(stored).identify(stored, resolve=True)
    if handler is None:
        return False
    try:
        wrapped = getattr(handler, "wrapped", None)
        parsed = wrapped.from_string(handler._unwrap_hash(stored)) if wrapped else handler.from_string(stored)
    except (ValueError, NotImplementedError):
        return False
    if getattr(parsed, "data", None):  # argon2's associated data: the library reads it, and cannot verify with it
        return False
    whole = handler.name != "phpass" or len(stored) == PHPASS_LENGTH  # the library takes any length
    return whole and _is_endurable(next(kind for kind in MOST_ROUNDS if kind in handler.name), parsed)


def _is_endurable(kind: str, parsed: Any) -> bool:
    if parsed.rounds > MOST_ROUNDS[kind]:
        return False
    if kind not in MOST_MEMORY:
        return True
    if kind == "argon2":
        memory, work, blocks = 1024 * parsed.memory_cost, parsed.memory_cost * parsed.rounds, 0
    else:
        memory, blocks = 128 * parsed.block_size << parsed.rounds, parsed.block_size
        work = (parsed.block_size << parsed.rounds) * parsed.parallelism
    within = memory <= MOST_MEMORY[kind] and work <= MOST_WORK
    return within and parsed.parallelism <= MOST_LANES and blocks <= MOST_BLOCKS


def from_django_scrypt(stored: str) -> str:
    """Django writes a scrypt hash in its own way; the same in the usual one. Any other hash stays as it is.

    The usual one has 32 of the 64 bytes: scrypt's last step (RFC 7914, 6) computes each 32 of them apart from the
    others.
    """
    found = DJANGO_SCRYPT.fullmatch(stored)
    if not found:
        return stored
    salt = base64.b64encode(found["salt"].encode()).decode().rstrip("=")
    digest = base64.b64encode(base64.b64decode(found["digest"])[:32]).decode().rstrip("=")
    return f"$scrypt$ln={int(found['work']).bit_length() - 1},r={found['r']},p={found['p']}${salt}${digest}"


def _verify_in_vain() -> Verdict:
    """The same work, at the same cost, with a hash that no password has."""
    _work(settings.bcrypt_rounds)
    return Verdict(False)


def _work(rounds: int) -> None:
    _context().verify("", f"$2b${rounds:02}${'.' * 53}")


def _do_remaining_work(stored: str, seconds: float) -> None:
    """Do what a hash that costs less than ours lacks, so that its time does not tell that the account exists.

    stored: the hash that was compared, with which nothing is done here.
    seconds: the CPU time of the comparison, by which hashes of other systems are judged.
    """
    rounds = settings.bcrypt_rounds
    if found := OWN_ROUNDS.match(stored):
        done = 1 << int(found[1])
    else:
        done = round(seconds / _seconds_of_hash(rounds) * (1 << rounds))
    left = (1 << rounds) - done
    for fewer in range(rounds - 1, LEAST_ROUNDS - 1, -1):  # each costs half of the one before
        if left >= 1 << fewer:
            _work(fewer)
            left -= 1 << fewer


@functools.cache
def _seconds_of_hash(rounds: int) -> float:
    begun = time.thread_time()
    _work(rounds)
    return time.thread_time() - begun


_making = threading.Lock()


def _context(stored: str | None = None) -> CryptContext:
    """What computes our hashes or, for one of another system, those as well, which take time and memory to load."""
    ours = stored is None or stored.startswith(("$2", "$bcrypt-sha256$"))
    with _making:
        return _made_context(settings.bcrypt_rounds, *([] if ours else FOREIGN))


@functools.cache
def _made_context(rounds: int, *foreign: str) -> CryptContext:
    cost: Any = {f"{scheme}__{bound}_rounds": rounds for scheme in OURS for bound in ("min", "default", "max")}
    context = CryptContext([*OURS, *foreign], deprecated=list(foreign), **cost)
    # By itself each is loaded at the first use, which two threads may be at once.
    for scheme in ("bcrypt", *({"argon2", "scrypt"} & {*foreign})):
        context.handler(scheme).set_backend()
    return context


def warm_up() -> None:
    """Load what hashing needs, while the service starts to answer."""
    _hashers.submit(_context)


def _yield_to_others() -> None:
    # On Linux niceness is a thread's own: a storm of logins leaves the requests of those who are signed in fast.
    if hasattr(os, "setpriority"):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOWER_PRIORITY)


_hashers = ThreadPoolExecutor(settings.hash_workers, "hashing", _yield_to_others)


_places = threading.BoundedSemaphore(settings.hash_workers + settings.hash_queue)


def _in_queue(work: Callable[..., R], *arguments: Any) -> R:
    """Raises Overloaded when too many wait, whatever threads they wait in."""
    if not _places.acquire(blocking=False):
        raise errors.Overloaded()
    metrics.HASHING_QUEUE.inc()
    try:
        return _hashers.submit(_at_last, time.perf_counter(), work, *arguments).result()
    finally:
        metrics.HASHING_QUEUE.dec()
        _places.release()


def _at_last(since: float, work: Callable[..., R], *arguments: Any) -> R:
    metrics.HASHING_WAIT.observe(time.perf_counter() - since)
    return work(*arguments)


# Routes that hash wait in threads of their own: in the common ones, eighty logins at once would stall everybody.
_room = ThreadPool("hashing", settings.hash_workers + settings.hash_queue, refuses=True)
hashes = _room.runs
