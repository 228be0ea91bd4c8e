"""Estimate the strength of a password with zxcvbn, and suggest how to make it stronger."""

import re
from collections.abc import Sequence
from typing import Any

from languages import translation
from settings import secret_strength
from settings.loading import settings

# The suggestion for the user, by the zxcvbn pattern that covers most of the password.
ADVICE = {
    "user_inputs": translation.mark("is easy to guess: it contains your name, your email address or our name"),
    "dictionary": translation.mark("is easy to guess: it is a common password or word. Use several unrelated words"),
    "spatial": translation.mark("is easy to guess: it is a keyboard pattern. Use several unrelated words"),
    "repeat": translation.mark("is easy to guess: it repeats itself. Use several unrelated words"),
    "sequence": translation.mark("is easy to guess: it is a sequence such as abc or 6543. Use several unrelated words"),
    "date": translation.mark("is easy to guess: it is a date. Use several unrelated words"),
    "regex": translation.mark("is easy to guess: it is a year. Use several unrelated words"),
    "bruteforce": translation.mark("is easy to guess: make it longer"),
}  # fmt: skip


def weakness(password: str, *known: str) -> str | None:
    """Return a suggestion if a password scores below PASSWORD_MIN_STRENGTH, or None.

    known: the email address and name of the account, which an attacker tries first.
    """
    if settings.password_min_strength == 0:
        return None
    words = _words((*known, settings.app_name, *settings.password_forbidden_words))
    # Longer passwords are strong if their beginning or their end is strong.
    limit = secret_strength.ESTIMATED_CHARACTERS
    parts = {password[:limit], password[-limit:]}
    best = max((secret_strength.estimate(part, words) for part in parts), key=lambda found: int(found["score"]))
    return None if best["score"] >= settings.password_min_strength else _advice(best["sequence"])


def _words(known: Sequence[str]) -> list[str]:
    """Return texts about the user, the words in them, and the words joined."""
    split = [(text, re.split(r"[\W_]+", text)) for text in known]
    return [word for text, words in split for word in (text, "".join(words), *words) if len(word) > 2]


def _advice(sequence: Sequence[dict[str, Any]]) -> str:
    longest = max(sequence, key=lambda match: len(match["token"]), default={"pattern": "bruteforce"})
    kind = str(longest["pattern"])
    return ADVICE["user_inputs" if longest.get("dictionary_name") == "user_inputs" else kind]
