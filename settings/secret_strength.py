"""Estimate how hard a secret or password is to guess."""

import re
from collections.abc import Callable
from typing import Any

from settings import ranked_words

PLACEHOLDER = re.compile(r"your[-_ ]|change[-_ ]?me|example|placeholder|replace|secret|password|^test", re.I)
SECRET_GUESSES, PASSWORD_GUESSES = 25, 10  # minimum of zxcvbn's guesses_log10


def weakness(value: str, *, judged: bool = True) -> str | None:
    """Return what is wrong with a secret, or None.

    judged: whether to also estimate how hard it is to guess, for secrets that sign tokens or grant access.
    """
    if PLACEHOLDER.search(value):
        return "is an example"
    if len(value.encode()) < 32:
        return "is shorter than 32 bytes"
    return "is easy to guess" if judged and guesses(value) < SECRET_GUESSES else None


def guesses(value: str) -> float:
    """Return the decimal logarithm of the number of guesses that a password takes, estimated by zxcvbn."""
    return float(zxcvbn()(value[:72])["guesses_log10"])


def zxcvbn() -> Callable[..., dict[str, Any]]:
    """Return the function of zxcvbn, with compact dictionaries.

    Imported here because only what estimates a password needs it. If a secret is set, that is the start, and everything
    that is imported afterwards takes the memory that its original dictionaries took.
    """
    import zxcvbn

    ranked_words.compact(zxcvbn.matching)
    function: Callable[..., dict[str, Any]] = zxcvbn.zxcvbn
    return function
