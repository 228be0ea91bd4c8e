"""Estimate how hard a secret or password is to guess."""

import functools
import itertools
import re
import string
import threading
from collections.abc import Sequence
from typing import Any

from settings import ranked_words

PLACEHOLDER = re.compile(r"your[-_ ]|change[-_ ]?me|example|placeholder|replace|secret|password|^test", re.I)
SECRET_GUESSES, PASSWORD_GUESSES = 25, 10  # minimum of zxcvbn's guesses_log10
ESTIMATED_CHARACTERS = 72  # zxcvbn's limit
RANDOM_CHARACTERS = 64  # of 48 bytes in base64, or of 32 in hexadecimal
HEXADECIMAL = re.compile(r"[0-9a-f]+|[0-9A-F]+")
_KINDS = str.maketrans(
    string.ascii_lowercase + string.ascii_uppercase + string.digits + string.punctuation,
    "a" * 26 + "A" * 26 + "0" * 10 + "-" * 32,
)


def weakness(value: str, *, judged: bool = True) -> str | None:
    """Return what is wrong with a secret, or None.

    judged: whether to also estimate how hard it is to guess, for secrets that sign tokens or grant access.
    """
    if PLACEHOLDER.search(value):
        return "is an example"
    if len(value.encode()) < 32:
        return "is shorter than 32 bytes"
    return "is easy to guess" if judged and not _is_random(value) and guesses(value) < SECRET_GUESSES else None


def _is_random(value: str) -> bool:
    """Return whether a secret is mixed like 48 random bytes in base64, or 32 in hexadecimal, as usual commands print.

    It then needs no estimate, which would take a tenth of the CPU time of a start. One random secret in a hundred is
    not mixed like this. Words and patterns of this length that are would take more than 10^25 guesses all the same.
    """
    text = value[:ESTIMATED_CHARACTERS]
    return len(text) >= RANDOM_CHARACTERS and (
        _is_mixed_like_hexadecimal(text) if HEXADECIMAL.fullmatch(text) else _is_mixed_like_base64(text)
    )


def _is_mixed_like_hexadecimal(text: str) -> bool:
    kinds, changes = _kinds_and_changes(text)
    return (
        0.28 <= changes.count("+") / len(changes) <= 0.68
        and 0.45 <= kinds.count("0") / len(text) <= 0.8
        and len(set(itertools.pairwise(text))) >= len(text) - 16
    )


def _is_mixed_like_base64(text: str) -> bool:
    kinds, changes = _kinds_and_changes(text)
    return (
        text.isascii()
        and 0.45 <= changes.count("+") / len(changes) <= 0.88
        and "-" * 11 not in changes
        and "+" * 21 not in changes
        and min(kinds.count("a"), kinds.count("A")) >= len(text) / 5
        and kinds.count("0") <= len(text) * 0.3
        and len(set(itertools.pairwise(text.lower()))) >= len(text) - 8
    )


def _kinds_and_changes(text: str) -> tuple[str, str]:
    """Return the kind of each character, and `+` for each character whose kind differs from the one before."""
    kinds = text.translate(_KINDS)
    return kinds, "".join("-+"[one != next_one] for one, next_one in itertools.pairwise(kinds))


def guesses(value: str) -> float:
    """Return the decimal logarithm of the number of guesses that a password takes, estimated by zxcvbn."""
    return float(estimate(value[:ESTIMATED_CHARACTERS])["guesses_log10"])


def estimate(password: str, known: Sequence[str] = ()) -> dict[str, Any]:
    """Return the estimate of zxcvbn, which is imported at the first one.

    password: up to ESTIMATED_CHARACTERS.
    known: words about the user.
    """
    with _lock:
        # zxcvbn takes digits and a line feed for a date, and fails.
        found: dict[str, Any] = _library().zxcvbn(password.replace("\n", "\r"), user_inputs=known)
    return found


_lock = threading.Lock()  # zxcvbn stores the words about the user in a global dictionary
_library = functools.cache(ranked_words.zxcvbn)
