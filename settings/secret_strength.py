"""Estimate how hard a secret or password is to guess."""

import re
import sys

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
    import zxcvbn  # imported here, because its dictionaries are large and rarely needed

    return float(zxcvbn.zxcvbn(value[:72])["guesses_log10"])


def forget_dictionaries() -> None:
    """Free the twelve megabytes of zxcvbn's dictionaries, which every worker would otherwise keep."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "zxcvbn"]:
        # Clearing frees them at once, without a garbage collection. No reference to zxcvbn's functions may remain.
        vars(sys.modules.pop(name)).clear()
