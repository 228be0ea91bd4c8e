"""Format dates and times in the language and time zone of the reader."""

import zoneinfo
from datetime import UTC, datetime, tzinfo

from languages import reader


def moment(at: datetime | str) -> str:
    """Return a date and time, such as “Mar 14, 2026, 10:26 AM”, in UTC if the zone of the reader is unknown.

    Also of an ISO 8601 text, as the context of an email has it. Another text is returned as it is.
    """
    try:
        return _format("format_datetime", at if isinstance(at, datetime) else datetime.fromisoformat(at))
    except ValueError:
        return str(at)  # formatted by an earlier release


def day(at: datetime) -> str:
    """Return a date, such as “March 14, 2026”."""
    return _format("format_date", at)


def _format(function: str, at: datetime) -> str:
    # Imported here: it is large, and API responses contain no formatted times.
    import babel
    from babel import dates

    name = reader.zone()
    zone: tzinfo = zoneinfo.ZoneInfo(name) if name else UTC
    locale = babel.Locale.parse(reader.language(), sep="-")
    local = at.astimezone(zone)
    if function == "format_date":
        return dates.format_date(local, "long", locale)
    written = dates.format_datetime(local.replace(tzinfo=None), "medium", locale=locale)
    return written if name else f"{written} UTC"
