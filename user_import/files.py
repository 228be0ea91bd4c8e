"""Read the records of a file: JSON Lines, a JSON document with an array, or CSV, in the encodings that systems write.

A file is read as a stream: ten million users take no more memory than a thousand.
"""

import codecs
import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

LONGEST_RECORD = 65_536  # characters
CHUNK = 65_536
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DELIMITERS = ",;\t|"
LARGEST_HEAD = 16 * 1024 * 1024  # what stands before the array, such as the rest of a Keycloak realm
LONGEST_ITEM = 1024 * 1024
ARRAYS = ("users", "Users")  # members of a document that hold the users
ARRAY = re.compile(rf'"(?:{"|".join(ARRAYS)})"\s*:\s*\[')
NULLS = {"", "null", "NULL", "\\N"}  # how databases write a missing value into CSV

Record = tuple[int, Any]  # the line or item number, and its value; None where it does not parse


class Unreadable(Exception):
    """The file as a whole cannot be read. Its text says why."""


def records(path: Path, progress: Callable[[int], None]) -> Iterator[Record]:
    """Yield each record with its number. Raises Unreadable.

    progress: called with the number of bytes that were read since the last call.
    """
    with path.open("rb") as raw:
        start = raw.read(4)
        raw.seek(0)
        encoding = next((name for mark, name in BYTE_ORDER_MARKS if start.startswith(mark)), "utf-8")
        # What is not in this encoding becomes characters that no email address and no name may have.
        counted: Any = _Counted(raw, progress)
        reader = io.TextIOWrapper(counted, encoding, errors="surrogateescape", newline=None)
        if path.suffix.lower() in (".csv", ".tsv", ".txt"):
            yield from _csv(reader)
        else:
            yield from _json(reader)


def is_text(value: Any) -> bool:
    """Return whether a value is of characters alone, and not of bytes that are no text in the file's encoding."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


class _Counted(io.BufferedIOBase):
    """A file that tells how far it has been read."""

    def __init__(self, raw: Any, progress: Callable[[int], None]) -> None:
        self._raw, self._progress = raw, progress

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        data: bytes = self._raw.read(size)
        self._progress(len(data))
        return data

    read1 = read


def _lines(file: TextIO) -> Iterator[tuple[int, str | None]]:
    """Yield each line with its number; None for one that is longer than a record may be."""
    number = 0
    while text := file.readline(LONGEST_RECORD):
        number += 1
        if len(text) < LONGEST_RECORD or text.endswith("\n"):
            yield number, text
            continue
        while text and not text.endswith("\n"):
            text = file.readline(LONGEST_RECORD)
        yield number, None


# ---------------------------------------------------------------------------------------------------------------- CSV


def _csv(file: TextIO) -> Iterator[Record]:
    """Yield each line as an object, by the names of the header. A cell that is empty is absent.

    Each line by itself: a quotation mark that never closes must not swallow the lines after it.
    """
    names: list[str] = []
    delimiter = ","
    for number, text in _lines(file):
        if text is None:
            yield number, None
            continue
        if not names:
            delimiter = max(DELIMITERS, key=text.count)
        try:
            values = next(csv.reader([text], delimiter=delimiter, strict=True), [])
        except csv.Error:
            yield number, None
            continue
        if not names:
            names = [name.strip() for name in values]
        elif values:
            cells = zip(names, values, strict=False)
            yield number, {name: value for name, value in cells if name and value.strip() not in NULLS}


# --------------------------------------------------------------------------------------------------------------- JSON


def _json(file: TextIO) -> Iterator[Record]:
    begun = ""
    number = 0
    while not begun.strip():
        begun, number = file.readline(LONGEST_RECORD), number + 1
        if not begun:
            return
    first = _parsed(begun)
    is_document = begun.lstrip()[0] == "[" or first is None or _holds_users(first)
    if is_document and begun.lstrip()[0] in "[{":
        yield from _ArrayReader(file, begun)
        return
    yield number, first
    for later, text in _lines(file):
        if text is None or text.strip():
            yield number + later, _parsed(text)


def _holds_users(value: Any) -> bool:
    return isinstance(value, dict) and any(isinstance(value.get(name), list) for name in ARRAYS)


def _parsed(text: str | None) -> Any:
    if text is None:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


class _ArrayReader:
    """The items of a JSON array that begins a document, or is one of its members in ARRAYS, one at a time."""

    def __init__(self, file: TextIO, begun: str) -> None:
        self._file, self._text, self._decoder = file, begun, json.JSONDecoder()
        self._enter()

    def _more(self) -> bool:
        chunk = self._file.read(CHUNK)
        self._text += chunk
        return bool(chunk)

    def _enter(self) -> None:
        """Move to the first item. Raises Unreadable."""
        if self._text.lstrip().startswith("["):
            self._text = self._text.lstrip()[1:]
            return
        while not (found := ARRAY.search(self._text)):
            if len(self._text) > LARGEST_HEAD or not self._more():
                raise Unreadable("The file is neither JSON Lines nor a JSON document with an array of users.")
        self._text = self._text[found.end() :]

    def __iter__(self) -> Iterator[Record]:
        number = 0
        while True:
            self._text = self._text.lstrip(" \t\r\n,")
            if not self._text:
                if not self._more():
                    raise Unreadable("The file ends inside its array of users: it is not complete.")
                continue
            if self._text[0] == "]":
                return
            number += 1
            yield number, self._item()

    def _item(self) -> Any:
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text)
            except (ValueError, RecursionError):
                if len(self._text) > LONGEST_ITEM or not self._more():
                    raise Unreadable("The array of users does not parse: it is cut off, or not JSON.") from None
                continue
            if end == len(self._text) and self._more():  # a number may go on
                continue
            self._text = self._text[end:]
            return value
