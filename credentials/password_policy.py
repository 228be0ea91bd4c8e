"""Check new passwords against the policy: length, characters, common and personal words, strength, data breaches."""

import unicodedata
from collections.abc import Callable
from pathlib import Path

import errors
from credentials import breached_passwords, password_strength
from errors import FieldError
from languages import translation
from settings.loading import settings

# From zxcvbn's ranking, one on each line. As a single text, because a set of 10,000 texts would use a megabyte.
COMMON = "\n" + (Path(__file__).parent / "commonest_passwords.txt").read_text("utf-8")
CLASSES: dict[str, tuple[Callable[[str], bool], str]] = {
    "upper": (str.isupper, translation.mark("must contain an uppercase letter")),
    "lower": (str.islower, translation.mark("must contain a lowercase letter")),
    "digit": (str.isdigit, translation.mark("must contain a digit")),
    "symbol": (lambda c: not c.isalnum(), translation.mark("must contain a symbol")),
}


def check(password: str, email: str, username: str, *, field: str = "password") -> None:
    """Require that a password meets the policy. Raises WeakPassword, which lists each violated rule.

    May wait two seconds for the list of breached passwords, which is queried only if the password meets all other
    rules.
    """
    violations = dict(_violations(password, email, username))
    if not violations and (advice := password_strength.weakness(password, email, username)):
        violations["easy_to_guess"] = advice
    if not violations and breached_passwords.includes(breached_passwords.sha1_of(password)):
        violations["breached_password"] = translation.mark(
            "has appeared in a data breach, so attackers will try it. Choose one that you use nowhere else"
        )
    if violations:
        raise errors.WeakPassword(errors=[FieldError(field, message, code) for code, message in violations.items()])


def _violations(password: str, email: str, username: str) -> list[tuple[str, str]]:
    """Return the code and the message of each rule that a password violates."""
    found: list[tuple[str, str]] = []
    if len(password) < settings.password_min_length:
        sentence = translation.plural(
            "must be at least %(number)d character",
            "must be at least %(number)d characters",
            settings.password_min_length,
        )
        found.append(("too_short", sentence))
    found += [
        (f"{name}_missing", sentence)
        for name, (matches, sentence) in CLASSES.items()
        if name in settings.password_require and not any(map(matches, password))
    ]
    if _is_common(_fold(password)):
        found.append(("common_password", translation.mark("is one of the most common passwords")))
    if _fold(password) in {_fold(email), _fold(email.partition("@")[0]), _fold(username)}:
        found.append(("personal_data", translation.mark("must not be your email address or name")))
    if _letters(password) in set(map(_letters, settings.password_forbidden_words)) - {""}:
        found.append(("forbidden_word", translation.mark("must not be a name that is reserved by this service")))
    return found


def _is_common(folded: str) -> bool:
    return "\n" not in folded and f"\n{folded}\n" in COMMON


def _fold(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _letters(text: str) -> str:
    return "".join(filter(str.isalpha, _fold(text)))
