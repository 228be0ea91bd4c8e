"""Hash passwords in dedicated threads with a bounded queue.

No database connection is held while a password is hashed, which takes a quarter of a second.
"""

import base64
import contextlib
import functools
import os
import re
import threading
import time
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, TypeVar

from passlib.context import CryptContext

import errors
from core import thread_pools, thread_priority
from core.machine_slots import MachineSlots
from core.thread_pools import ThreadPool
from credentials import foreign_hashes, hash_limits
from settings.loading import settings
from telemetry import metrics

R = TypeVar("R")

BCRYPT_BYTES = 72  # bcrypt ignores all further bytes; longer passwords are hashed with bcrypt-sha256
NICENESS = 15  # with 10, requests wait longer beside hashes; 19 is no better, and slows down logins on a busy machine
LONGEST_DECOMPOSED = 512  # characters
DJANGO_SCRYPT = re.compile(
    r"scrypt\$(?P<work>\d{1,7})\$(?P<salt>\w+)\$(?P<r>\d{1,2})\$(?P<p>\d{1,2})\$(?P<digest>[A-Za-z0-9+/]{86}==)", re.A
)
PHPASS_LENGTH = 34
ARGON2_SALT_BYTES, ARGON2_DIGEST_BYTES = 8, 16  # at least; RFC 9106 recommends 16 and 32
LEAST_ROUNDS = 4  # of bcrypt
OWN_ROUNDS = re.compile(r"\$(?:2\w?\$|bcrypt-sha256\$(?:v=2,t=)?2\w,(?:r=)?)(\d{1,2})\b")
OWN_SCHEMES = ["bcrypt", "bcrypt_sha256"]
# Hashes of other systems can be verified, and are rehashed at the first login.
IMPORTED_SCHEMES = [
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
MAX_ROUNDS = {
    "bcrypt": hash_limits.BCRYPT_ROUNDS,
    "scrypt": hash_limits.SCRYPT_ROUNDS,
    "argon2": hash_limits.ARGON2_ROUNDS,
    "pbkdf2": hash_limits.PBKDF2_ROUNDS,
    "phpass": hash_limits.PHPASS_ROUNDS,
}
MAX_MEMORY = {"scrypt": hash_limits.SCRYPT_MEMORY, "argon2": hash_limits.ARGON2_MEMORY}


class Verdict(NamedTuple):
    """Whether a password is correct, and its new hash if the stored one should be replaced."""

    right: bool
    renewed: str | None = None


def hash(password: str) -> str:
    """Return the hash to store. Raises Overloaded if the queue is full."""
    return _in_queue(_hash, password)


def verify(password: str, stored: str | None) -> Verdict:
    """Compare a password with a stored hash. Raises Overloaded if the queue is full.

    stored: None if there is no such account, or no password. The result is then negative, after the same work.
    """
    return _in_queue(_verify, password, stored)


def _hash(password: str) -> str:
    scheme = "bcrypt" if len(password.encode()) <= BCRYPT_BYTES else "bcrypt_sha256"
    return str(_context().handler(scheme).hash(password))


def _verify(password: str, stored: str | None) -> Verdict:
    """Compare the password as it is normalized here (NFC) and, if that differs, as other systems hash it (NFD).

    Both are tried for every account, so that the time does not reveal which accounts were imported.
    """
    verdict = _verify_one(password, stored)
    decomposed = unicodedata.normalize("NFD", password)
    if verdict.right or decomposed == password or len(decomposed) > LONGEST_DECOMPOSED:
        return verdict
    return Verdict(True, _hash(password)) if _verify_one(decomposed, stored).right else verdict


def _verify_one(password: str, stored: str | None) -> Verdict:
    if stored is not None and foreign_hashes.find(stored):
        return _verify_foreign(password, stored)
    context = _context(stored)
    if stored is None or (stored.startswith("$2") and len(password.encode()) > BCRYPT_BYTES):
        return _verify_dummy()
    begun = time.thread_time()
    try:
        right = context.verify(password, stored)
    except (ValueError, NotImplementedError):  # an unknown hash, or a password that its scheme does not accept
        return _verify_dummy()
    if not right:
        _do_remaining_work(stored, time.thread_time() - begun)
    return Verdict(right, _hash(password) if right and context.needs_update(stored) else None)


def _verify_foreign(password: str, stored: str) -> Verdict:
    begun = time.thread_time()
    try:
        if foreign_hashes.verify(password, stored):
            return Verdict(True, _hash(password))
    except ValueError:  # parameters that the library does not accept
        return _verify_dummy()
    _do_remaining_work(stored, time.thread_time() - begun)
    return Verdict(False)


def is_usable(stored: str) -> bool:
    """Return whether an imported hash is complete, supported, and within the cost limits. It is not computed."""
    if not stored.isascii() or not stored.isprintable() or stored.startswith("$2x$"):
        return False
    if foreign_hashes.find(stored):
        return foreign_hashes.is_usable(stored)
    handler: Any = _context(stored).identify(stored, resolve=True)
    if handler is None:
        return False
    try:
        wrapped = getattr(handler, "wrapped", None)
        parsed = wrapped.from_string(handler._unwrap_hash(stored)) if wrapped else handler.from_string(stored)
    except Exception:  # the parsers of the library raise many classes for malformed hashes
        return False
    if getattr(parsed, "data", None):  # associated data of argon2, which the library cannot verify
        return False
    kind = next(kind for kind in MAX_ROUNDS if kind in handler.name)
    return _is_complete(kind, stored, parsed) and _is_within_limits(kind, parsed)


def _is_complete(kind: str, stored: str, parsed: Any) -> bool:
    """Return whether nothing was cut off from a hash. The library accepts some of any length, and without a digest."""
    if not parsed.checksum:
        return False
    if kind == "argon2":
        return len(parsed.salt) >= ARGON2_SALT_BYTES and len(parsed.checksum) >= ARGON2_DIGEST_BYTES
    return kind != "phpass" or len(stored) == PHPASS_LENGTH


def _is_within_limits(kind: str, parsed: Any) -> bool:
    if parsed.rounds > MAX_ROUNDS[kind]:
        return False
    if kind not in MAX_MEMORY:
        return True
    if kind == "argon2":
        memory, work, blocks = 1024 * parsed.memory_cost, parsed.memory_cost * parsed.rounds, 0
    else:
        memory, blocks = 128 * parsed.block_size << parsed.rounds, parsed.block_size
        work = (parsed.block_size << parsed.rounds) * parsed.parallelism
    within_limits = memory <= MAX_MEMORY[kind] and work <= hash_limits.WORK
    return within_limits and parsed.parallelism <= hash_limits.PARALLELISM and blocks <= hash_limits.BLOCK_SIZE


def from_django_scrypt(stored: str) -> str:
    """Convert a scrypt hash in Django's format to the usual format. Other hashes are returned unchanged.

    The usual format has 32 of the 64 bytes: the last step of scrypt (RFC 7914, section 6) computes each 32 bytes
    independently.
    """
    found = DJANGO_SCRYPT.fullmatch(stored)
    if not found:
        return stored
    salt = base64.b64encode(found["salt"].encode()).decode().rstrip("=")
    digest = base64.b64encode(base64.b64decode(found["digest"])[:32]).decode().rstrip("=")
    return f"$scrypt$ln={int(found['work']).bit_length() - 1},r={found['r']},p={found['p']}${salt}${digest}"


def _verify_dummy() -> Verdict:
    """Do the work of a verification with a hash that matches no password."""
    _work(settings.bcrypt_rounds)
    return Verdict(False)


def _work(rounds: int) -> None:
    _context().verify("", f"$2b${rounds:02}${'.' * 53}")


def _do_remaining_work(stored: str, seconds: float) -> None:
    """Do the work that a cheaper hash saves, so that the response time does not reveal that the account exists.

    stored: the hash that was compared. Only its cost is read.
    seconds: the CPU time of the comparison, from which the cost of hashes of other systems is estimated.
    """
    rounds = settings.bcrypt_rounds
    if found := OWN_ROUNDS.match(stored):
        done = 1 << int(found[1])
    else:
        done = round(seconds / _seconds_of_hash(rounds) * (1 << rounds))
    left = (1 << rounds) - done
    for fewer in range(rounds - 1, LEAST_ROUNDS - 1, -1):  # each step costs half of the previous one
        if left >= 1 << fewer:
            _work(fewer)
            left -= 1 << fewer


@functools.cache
def _seconds_of_hash(rounds: int) -> float:
    begun = time.thread_time()
    _work(rounds)
    return time.thread_time() - begun


_context_lock = threading.Lock()


def _context(stored: str | None = None) -> CryptContext:
    """Return the context that verifies a stored hash, or the context that hashes new passwords.

    The schemes of imported hashes are loaded only when needed: they take time and memory.
    """
    is_own = stored is None or stored.startswith(("$2", "$bcrypt-sha256$"))
    with _context_lock:
        return _build_context(settings.bcrypt_rounds, *([] if is_own else IMPORTED_SCHEMES))


@functools.cache
def _build_context(rounds: int, *imported: str) -> CryptContext:
    from credentials import bcrypt_backend  # imported here because it is not needed at startup

    cost: Any = {f"{scheme}__{bound}_rounds": rounds for scheme in OWN_SCHEMES for bound in ("min", "default", "max")}
    context = CryptContext([*OWN_SCHEMES, *imported], deprecated=list(imported), **cost)
    # Passlib loads each backend at its first use, which is not thread-safe.
    bcrypt_backend.load()
    for scheme in {"argon2", "scrypt"} & {*imported}:
        context.handler(scheme).set_backend()
    return context


def warm_up() -> None:
    """Load the hashing libraries in the background, so that the first login need not wait for them."""
    _hashers.submit(_context)


_hashing_thread = threading.local()


def _prepare_hashing_thread() -> None:
    """Let the current thread give way to other requests: many logins at once must not slow them down."""
    thread_priority.lower(NICENESS)
    _hashing_thread.pauses, _hashing_thread.tasks = thread_priority.Pauses(), 0


def _pauses() -> AbstractContextManager[None]:
    """Return the pauses of a hash, or none if no request without a hash came since the last one of this thread began.

    They take a hundredth of the thread's time.
    """
    before, _hashing_thread.tasks = _hashing_thread.tasks, thread_pools.tasks_of_requests()
    pauses: AbstractContextManager[None] = _hashing_thread.pauses
    return contextlib.nullcontext() if _hashing_thread.tasks == before else pauses


_hashers = ThreadPoolExecutor(settings.hash_workers, "hashing", _prepare_hashing_thread)

# The workers of a machine get unequal shares of its connections: the cores belong to whichever worker has work. There
# is one slot more than cores: otherwise a core is idle after each hash until the next one begins.
_CORES = os.cpu_count() or 1
_cores = MachineSlots("hashing", _CORES + 1)

# For the same reason, a worker that may use all cores has one hash ready for the thread that finishes first. A worker
# with fewer threads has not: slots that several workers hold in reserve would leave cores idle.
_ready = threading.BoundedSemaphore(settings.hash_workers + (settings.hash_workers >= _CORES))
_slots = threading.BoundedSemaphore(settings.hash_workers + settings.hash_queue)


def _in_queue(work: Callable[..., R], *arguments: Any) -> R:
    """Run work in the hashing threads and return its result. Raises Overloaded if the queue is full."""
    if not _slots.acquire(blocking=False):
        raise errors.Overloaded()
    metrics.HASHING_QUEUE.inc()
    queued_at = time.perf_counter()

    def begin() -> R:
        metrics.HASHING_WAIT.observe(time.perf_counter() - queued_at)
        with _pauses():
            return work(*arguments)

    try:
        # This thread waits for the core: in a hashing thread, which has a low priority, the GIL would wait with it for
        # those that hash now. The hashing threads come first, so that no worker takes a core that it cannot use.
        with _ready, _cores.slot():
            return _hashers.submit(begin).result()
    finally:
        metrics.HASHING_QUEUE.dec()
        _slots.release()


# Routes that hash have their own threads: in the request pool, eighty logins would block all other requests.
_pool = ThreadPool("hashing requests", settings.hash_workers + settings.hash_queue, rejects=True)
hashes = _pool.runs
