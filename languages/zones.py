"""Look up names of the IANA time zone database."""

import functools
import zoneinfo

NOT_PLACES = {"localtime", "posixrules", "Factory"}  # files beside the zones, different on each machine


@functools.cache
def _names() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones()) - NOT_PLACES


def is_zone(name: str) -> bool:
    """Return whether this is the name of a time zone, such as `Europe/Berlin`."""
    return name in _names()
