"""Determine the language and time zone for the reader of a response or an email."""

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
    """The language and time zone preferences of a request and, once the user is known, of the account.

    headers, query: those of the request. They are parsed only when a text is rendered.
    """

    headers: tuple[tuple[bytes, bytes], ...] | list[tuple[bytes, bytes]] = ()
    query: bytes = b""
    locale: str | None = None
    time_zone: str | None = None
    language: str | None = None  # what `language()` chose


_reader: ContextVar[Reader | None] = ContextVar("reader", default=None)


def begin(scope: Mapping[str, object]) -> None:
    """Set the reader of a request from its ASGI scope. Cheap, because nothing is parsed yet."""
    _reader.set(Reader(scope["headers"], scope["query_string"]))  # type: ignore[arg-type]


def know_user(locale: str | None, time_zone: str | None) -> None:
    """Set the language and time zone of the current user, which take precedence over those of the browser."""
    if (known := _reader.get()) is not None:
        known.locale, known.time_zone, known.language = locale, time_zone, None


@contextlib.contextmanager
def use(locale: str | None, time_zone: str | None = None) -> Iterator[None]:
    """Render texts for a reader other than the current user, such as the recipient of an email."""
    token = _reader.set(Reader(locale=locale, time_zone=time_zone))
    try:
        yield
    finally:
        _reader.reset(token)


def language() -> str:
    """Return the language to render texts in: that of the account or the request, or `DEFAULT_LOCALE`."""
    known = _reader.get()
    if known is None:
        return negotiation.default()
    if known.language is None:
        own = negotiation.match(known.locale) if known.locale else None
        known.language = own or requested() or negotiation.default()
    return known.language


def requested() -> str | None:
    """Return the language that the request prefers, by `ui_locales`, the language cookie, or `Accept-Language`."""
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
    """Return the time zone of the account, or else of the browser, or None if it is unknown."""
    known = _reader.get()
    if known is None:
        return None
    if known.time_zone is None:
        known.time_zone = requested_zone() or UNKNOWN  # parsed once for all times of a page
    return known.time_zone or None


def requested_zone() -> str | None:
    """Return the time zone from the browser's cookie, or None if it is missing or invalid."""
    known = _reader.get()
    told = _cookie(known, ZONE_COOKIE) if known else None
    return told if told and zones.is_zone(told) else None


def _cookie(known: Reader, name: str) -> str | None:
    """Return the value of a cookie, or None if it is missing or too long for a language or a time zone."""
    for header, value in known.headers:
        if header == b"cookie" and (
            found := re.search(rb"(?:^|;)[ ]?%s=([\w/+-]{1,64})(?:;|$)" % name.encode(), value)
        ):
            return found[1].decode()
    return None


def preferences() -> dict[str, str | None]:
    """Return the preferred language and time zone of the request, as column values for a new account."""
    return {"locale": requested(), "time_zone": requested_zone()}
