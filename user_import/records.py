"""Read one record of another system. Fields that the preset does not read are reported."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from user_import import values

# Patterns of column names, for the likely content of a column.
_CREDENTIAL = re.compile(
    r"pass(word|wd|code)?(?!port)|hash|digest|secret|totp|otp|mfa|two_?factor|2fa|passkey|webauthn|credential"
)
_STATE = re.compile(
    r"disabled|blocked|banned|suspended|locked|deleted|inactive|deactivated|archived|removed|enabled|status|active"
)
_TIME = re.compile(r"(_at|_on|_date|_time|changed|updated|count|expires\w*|type|hint|reason|token|attempts)$")
STATES = ("deleted", "banned", "locked", "disabled", "blocked", "deactivated", "suspended", "archived", "removed")


USUAL = {
    "active",
    "enabled",
    "confirmed",
    "verified",
    "normal",
    "ok",
    "open",
}  # values of a status that do not prevent a login


def may_matter(name: str) -> bool:
    """Return whether a column with this name may contain a credential or a state that prevents a login."""
    return bool(_CREDENTIAL.search(name.casefold()) or _STATE.search(name.casefold()))


class Lost(NamedTuple):
    """A value that the import cannot keep. `is_critical`: a credential, or a state that prevents login."""

    what: str
    is_critical: bool


class Record:
    """A record, whose fields are found in any case and marked as read when a preset takes them."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._values = {_folded(name): value for name, value in raw.items()}
        self._names = {_folded(name): name for name in raw}
        self._read: set[str] = set()
        self.lost: list[Lost] = []

    def take(self, *names: str) -> Any:
        """Return the first of these fields that has a value, and mark them all as read."""
        found = None
        for name in map(_folded, names):
            self._read.add(name)
            value = self._values.get(name)
            if found is None and value not in (None, ""):
                found = value
        return found

    def take_state(self, *, off: tuple[str, ...] = (), on: tuple[str, ...] = ()) -> bool | None:
        """Return False if one of the states in `off` is set or one in `on` is not; None if none of them has a value.

        Every field counts: an account that one of them disables must not be enabled by another. Some systems write
        false as an empty text, others a value that is not known.

        Raises ValueError if one in `on` is empty, and no other has a value.
        """
        negative = [values.is_set(each) for each in map(self.take, off) if each is not None]
        positive = [values.boolean(each) for each in map(self.take, on) if each is not None]
        empty = next((name for name in on if self._values.get(_folded(name)) == ""), None)
        if empty and not positive:
            raise ValueError(f"has an empty {empty}: write true or false, or null if it is not known")
        return None if not (negative or positive) else not any(negative) and all(positive)

    def ignore(self, *names: str) -> None:
        """Mark fields as read that have no meaning for an account of this service."""
        self._read.update(map(_folded, names))

    def lose(self, what: str, *, credential: bool = False) -> None:
        """Record a value that this service cannot store."""
        self.lost.append(Lost(what, credential))

    def lose_fields(self, *names: str, credential: bool = False) -> None:
        """Record each of these fields that has a value as lost."""
        for name in names:
            if _means_something(self.take(name)):
                self.lose(name, credential=credential)

    def left_over(self) -> list[Lost]:
        """Return the fields with a value that the preset did not read."""
        return [
            Lost(self._names[name], _is_critical(name, value))
            for name, value in self._values.items()
            if name not in self._read and (value not in (None, "", [], {}) or (value == "" and _is_positive(name)))
        ]

    @property
    def names(self) -> Iterable[str]:
        """Return the names of the fields, in lower case."""
        return self._values.keys()


def _folded(name: str) -> str:
    return name.strip().casefold()


def _means_something(value: Any) -> bool:
    return value not in (None, "", [], {}, False) and str(value).strip().lower() not in values.FALSE


def _is_critical(name: str, value: Any) -> bool:
    if _TIME.search(name) and not name.startswith(STATES):
        return False
    if _CREDENTIAL.search(name):
        return _means_something(value)
    if str(value).strip().lower() in USUAL:
        return False
    return bool(_STATE.search(name)) and _means_something(value) != _is_positive(name)


def _is_positive(name: str) -> bool:
    """Return whether a user cannot log in without this state, such as `enabled` or `active`."""
    return bool(re.search(r"(^|_|is)(enabled|active)$", name))
