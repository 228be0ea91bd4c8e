"""Read the records of a file: JSON Lines, a JSON document with an array, or CSV, in the encodings that systems write.

A file is read as a stream: ten million users take no more memory than a thousand.
"""

import codecs
import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, Literal, Protocol, TextIO

from user_import.records import may_matter

LONGEST_RECORD = 65_536  # characters
CHUNK = 65_536
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DELIMITERS = ",;\t|"
LARGEST_HEAD = 16 * 1024 * 1024  # characters before the array, such as the rest of a Keycloak realm
LONGEST_ITEM = 1024 * 1024
ARRAYS = ("users", "Users")  # members of a document that hold the users
ARRAY = re.compile(rf'"(?:{"|".join(ARRAYS)})"\s*:\s*\[')
NULLS = {"null", "NULL", "\\N"}  # how databases write NULL to CSV

Record = tuple[int, Any]  # the line or item number, and its value, or None if it cannot be parsed


class Unreadable(Exception):
    """The file cannot be read. The message gives the reason."""


class File(Protocol):
    """A file that can be read, such as a path."""

    @property
    def suffix(self) -> str:
        """Return the ending of its name, which says what it contains."""

    def open(self, mode: Literal["rb"], /) -> BinaryIO:
        """Open the file."""


def records(file: File, progress: Callable[[int], None]) -> Iterator[Record]:
    """Yield each record with its number. Raises Unreadable.

    progress: called with the number of bytes that were read since the last call.
    """
    with file.open("rb") as raw:
        start = raw.read(4)
        raw.seek(0)
        encoding = next((name for mark, name in BYTE_ORDER_MARKS if start.startswith(mark)), "utf-8")
        # Invalid bytes become characters that are not allowed in email addresses and names.
        counted: Any = _Counted(raw, progress)
        reader = io.TextIOWrapper(counted, encoding, errors="surrogateescape", newline=None)
        try:
            yield from (_csv if file.suffix.lower() in (".csv", ".tsv", ".txt") else _json)(reader)
        except UnicodeDecodeError:
            raise Unreadable(f"The file is not {encoding.upper()} text: it is damaged.") from None


def is_text(value: Any) -> bool:
    """Return whether a value contains no bytes that are invalid in the file's encoding."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


class _Counted(io.BufferedIOBase):
    """A text file that counts the characters read."""

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
    """Yield each line with its number, or None for a line that is longer than a record may be."""
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
    """Yield each record as an object with the names in the header. NULL as databases write it is absent.

    A quoted cell may contain line breaks. Raises Unreadable for a quotation mark that is never closed: the lines after
    it would belong to its cell, and text that a user entered into a cell must never become a record. Also raises it for
    a header with two columns of one name, because the cell of the first one would be lost.
    """
    names: list[str] = []
    delimiter = ","
    for number, text in _csv_records(file):
        if text is None:
            yield number, None
            continue
        if not names:
            delimiter = max(DELIMITERS, key=text.count)
        try:
            values = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), [])
        except csv.Error:
            yield number, ValueError("is not CSV: a quotation mark inside a cell must be doubled")
            continue
        if not names:
            names = [name.strip() for name in values]
            folded = [name.casefold() for name in names]  # records find their fields in any case
            if twice := next((name for name in names if name and folded.count(name.casefold()) > 1), None):
                raise Unreadable(f"The header names the column {twice[:64]} twice.")
        elif values:
            yield number, _cells(names, values)


def _csv_records(file: TextIO) -> Iterator[tuple[int, str | None]]:
    """Yield each record with the number of its first line: lines are joined while a quotation mark is open."""
    begun, first = "", 0
    for number, text in _lines(file):
        if text is None and not begun:
            yield number, None
            continue
        begun, first = begun + (text or ""), first or number
        if text is None or len(begun) > LONGEST_RECORD:
            raise Unreadable(f"Line {first} opens a quotation mark that does not close.")
        if begun.count('"') % 2 == 0:
            yield first, begun
            begun, first = "", 0
    if begun:
        raise Unreadable(f"Line {first} opens a quotation mark that does not close.")


def _cells(names: list[str], values: list[str]) -> Any:
    if any(value.strip() for value in values[len(names) :]):
        return ValueError(f"has {len(values)} cells, and the header {len(names)}")
    if len(values) < len(names) and any(map(may_matter, names[len(values) :])):
        return ValueError(f"has {len(values)} cells, and the header {len(names)}")
    # An empty cell is kept: it may be false, as PHP writes it.
    cells = ((name, value if value.strip() else "") for name, value in zip(names, values, strict=False))
    return {name: value for name, value in cells if name and value.strip() not in NULLS}


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
        second = "" if begun.lstrip()[0] == "[" or not begun.endswith("\n") else file.readline(LONGEST_RECORD)
        if not isinstance(_parsed(second), dict):
            yield from _ArrayReader(file, begun + second)
            return
        yield number, None  # JSON Lines, of which the first one does not parse
        number, first = number + 1, _parsed(second)
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
    """Iterate over a JSON array that is the document or one of its members in ARRAYS, in constant memory."""

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
            if end == len(self._text) and self._more():  # a number may continue in the next chunk
                continue
            self._text = self._text[end:]
            return value
