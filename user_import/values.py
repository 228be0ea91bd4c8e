"""Parse values in the formats of databases and other systems: times, booleans, names, and TOTP secrets."""

import base64
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import models

FIRST = datetime(1970, 1, 1, tzinfo=UTC)
TRUE, FALSE = {"true", "t", "yes", "y", "1", "on"}, {"false", "f", "no", "n", "0", "off", ""}
_OFFSET = re.compile(r"([+-]\d{2})(?::?(\d{2}))?$")
_FRACTION = re.compile(r"\.(\d+)")
NEVER = re.compile(r"0000-00-00.*|0001-01-01.*|0+")  # how MySQL and .NET write NULL times
LEAST_BYTES_OF_SECRET, MOST_BYTES_OF_SECRET = 10, 64  # bytes of a TOTP secret; 10, 20 and 32 are usual
MILLIS_BEGIN = 100_000_000_000  # larger numbers are milliseconds: as seconds, they would be after the year 5138


def time(value: Any) -> datetime | None:
    """Return a time in UTC, or None if it is missing. Raises ValueError.

    Accepts ISO 8601, the output formats of PostgreSQL, MySQL and SQLite, seconds and milliseconds since 1970, and
    MongoDB's objects (`{"$date": …}`). A time without an offset is in UTC.
    """
    if isinstance(value, dict):
        value = value.get("$date", value.get("$numberLong"))
        if isinstance(value, dict):
            value = value.get("$numberLong")
    if value is None or isinstance(value, bool) or (isinstance(value, str) and NEVER.fullmatch(value.strip())):
        return None
    if isinstance(value, int | float) or re.fullmatch(r"\d{9,14}(\.\d+)?", str(value).strip()):
        found = _counted(float(value))
        if found is None:
            return None
    else:
        found = _written(str(value).strip())
    if not FIRST <= found <= models.now() + timedelta(days=1):
        raise ValueError("must be a time from 1970 until now")
    return found


def _counted(number: float) -> datetime | None:
    """Return the time after this many seconds, milliseconds or microseconds since 1970. 0 means "never"."""
    if number <= 0:
        return None
    for unit in (1_000_000, 1000):
        if number > MILLIS_BEGIN * unit / 1000:
            return _after(number / unit)
    return _after(number)


def _after(seconds: float) -> datetime:
    try:
        return FIRST + timedelta(seconds=seconds)
    except OverflowError:
        raise ValueError("must be a time from 1970 until now") from None


def _written(text: str) -> datetime:
    text = text.removesuffix(" UTC").removesuffix(" GMT").replace("Z", "+00:00").replace(" +", "+").replace(" -", "-")
    if offset := _OFFSET.search(text[10:]):
        text = text[: 10 + offset.start()] + f"{offset[1]}:{offset[2] or '00'}"
    text = _FRACTION.sub(lambda found: f".{found[1][:6]:0<6}", text, count=1)
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise ValueError("is not a time such as 2023-01-05T10:11:12Z") from None


def boolean(value: Any) -> bool | None:
    """Return a boolean, or None if it is missing. Raises ValueError."""
    if value is None or isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    if text in TRUE or text in FALSE:
        return text in TRUE
    raise ValueError("is not true or false")


def is_set(value: Any) -> bool:
    """Return whether a time or flag marks a state as set: `deleted_at`, `banned_until`, `locked`."""
    try:
        return bool(boolean(value))
    except ValueError:
        return not NEVER.fullmatch(str(value).strip())


def json_object(text: Any) -> dict[str, Any]:
    """Return an object, also parsed from JSON text; an empty one for any other value."""
    try:
        found = json.loads(text) if isinstance(text, str) else text
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {}


def items(value: Any) -> list[Any]:
    """Return a list, also parsed from text: JSON, or items separated by commas, bars or spaces."""
    if isinstance(value, str):
        if not value.lstrip().startswith("["):
            return re.split(r"[\s,;|]+", value.strip()) if value.strip() else []
        try:
            value = json.loads(value)
        except ValueError:
            return []
    return value if isinstance(value, list) else []


def joined(*names: Any) -> str | None:
    """Return the parts of a name, joined by spaces."""
    return " ".join(str(name).strip() for name in names if name) or None


def is_future(value: Any) -> bool:
    """Return whether a state that ends at this time is still active. `infinity` never ends."""
    try:
        found = time(value)
    except ValueError:
        return is_set(value)  # `infinity`, or a time out of range
    return found is not None and found > models.now()


def totp_secret(value: str) -> str:
    """Return the secret of an authenticator app in base32, without padding.

    value: base32 in any case, with or without spaces, or an `otpauth://` URI.

    Raises ValueError, also for an app whose codes this service cannot verify (another algorithm, length or period).
    """
    if not value.isascii():
        raise ValueError("is not base32")
    if value.startswith("otpauth://"):
        if not value.startswith("otpauth://totp/"):
            raise ValueError("must be a time-based app, not a counter-based one")
        query = dict(parse_qsl(urlsplit(value).query))
        usual = {"algorithm": "SHA1", "digits": "6", "period": "30"}
        if any(query.get(name, default).upper() != default for name, default in usual.items()):
            raise ValueError("must be an app with SHA1, six digits and 30 seconds")
        value = query.get("secret", "")
    plain = re.sub(r"[\s=-]", "", value).upper()
    try:
        secret = base64.b32decode(plain + "=" * (-len(plain) % 8))
    except ValueError:
        raise ValueError("is not base32") from None
    if not LEAST_BYTES_OF_SECRET <= len(secret) <= MOST_BYTES_OF_SECRET:
        raise ValueError(f"must have {LEAST_BYTES_OF_SECRET} to {MOST_BYTES_OF_SECRET} bytes")
    return plain
