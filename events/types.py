"""Name the types of events, and match them with patterns such as `user.*`."""

from collections.abc import Iterable

from core import capability

TYPES = tuple(capability.account_events())
EVERYTHING = "*"
FAMILIES = tuple(sorted({name.partition(".")[0] + ".*" for name in TYPES}))
PATTERNS = frozenset((EVERYTHING, *FAMILIES, *TYPES))


def matching(patterns: Iterable[str]) -> list[str]:
    """Return the types that match any of these patterns: a type, a family such as `user.*`, or `*`."""
    chosen = set(patterns)
    return [name for name in TYPES if EVERYTHING in chosen or name in chosen or f"{name.partition('.')[0]}.*" in chosen]
