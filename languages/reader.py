"""Hold the language and time zone of the reader: of the response to the current request, or of an email."""

import contextlib
import re
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from urllib.parse import parse_qs

from languages import negotiation, zones

LANGUAGE_COOKIE, ZONE_COOKIE = "language", "time_zone"
UNKNOWN = ""


@dataclass(slots=True)
class Reader:
    """A reader: what the request asks for, and what the account says once its user is known.

    headers, query: of the request; read only when a text is rendered.
    """

    headers: tuple[tuple[bytes, bytes], ...] | list[tuple[bytes, bytes]] = ()
    query: bytes = b""
    locale: str | None = None
    time_zone: str | None = None
    language: str | None = None  # what `language()` chose


_reader: ContextVar[Reader | None] = ContextVar("reader", default=None)


def begin(scope: Mapping[str, object]) -> None:
    """Begin a request, given its ASGI scope. Costs one small object: nothing is parsed."""
    _reader.set(Reader(scope["headers"], scope["query_string"]))  # type: ignore[arg-type]


def know_user(locale: str | None, time_zone: str | None) -> None:
    """Note the language and time zone of the current user, which take precedence over what the browser asks for."""
    if (known := _reader.get()) is not None:
        known.locale, known.time_zone, known.language = locale, time_zone, None


@contextlib.contextmanager
def use(locale: str | None, time_zone: str | None = None) -> Iterator[None]:
    """Render texts for a reader who is not the sender of the request, such as the recipient of an email."""
    token = _reader.set(Reader(locale=locale, time_zone=time_zone))
    try:
        yield
    finally:
        _reader.reset(token)


def language() -> str:
    """Return the language to write in: of the account, of the request, or `DEFAULT_LOCALE`."""
    known = _reader.get()
    if known is None:
        return negotiation.default()
    if known.language is None:
        own = negotiation.match(known.locale) if known.locale else None
        known.language = own or requested() or negotiation.default()
    return known.language


def requested() -> str | None:
    """Return the language that the request asks for: by `ui_locales`, the choice on a page, or its browser's list."""
    known = _reader.get()
    if known is None or not (known.headers or known.query):
        return None
    if b"ui_locales" in known.query:
        values = parse_qs(known.query.decode("latin-1")).get("ui_locales", [""])
        if found := negotiation.first_of(values[0]):
            return found
    if (chosen := _cookie(known, LANGUAGE_COOKIE)) and (found := negotiation.match(chosen)):
        return found
    for name, value in known.headers:
        if name == b"accept-language":
            return negotiation.accepted(value.decode("latin-1"))
    return None


def zone() -> str | None:
    """Return the time zone of the reader: of the account, or that which the browser told a page. None if unknown."""
    known = _reader.get()
    if known is None:
        return None
    if known.time_zone is None:
        known.time_zone = requested_zone() or UNKNOWN  # parsed once for all times of a page
    return known.time_zone or None


def requested_zone() -> str | None:
    """Return the time zone that the browser told a page, if it is one."""
    known = _reader.get()
    told = _cookie(known, ZONE_COOKIE) if known else None
    return told if told and zones.is_zone(told) else None


def _cookie(known: Reader, name: str) -> str | None:
    """Return the value of a cookie that is short enough for a language or a time zone."""
    for header, value in known.headers:
        if header == b"cookie" and (
            found := re.search(rb"(?:^|;)[ ]?%s=([\w/+-]{1,64})(?:;|$)" % name.encode(), value)
        ):
            return found[1].decode()
    return None


def preferences() -> dict[str, str | None]:
    """Return the language and time zone that the request asks for, as the columns of a new account."""
    return {"locale": requested(), "time_zone": requested_zone()}
