"""Decide what can be a display name: names as people write them in any script, but nothing that misleads a reader."""

import re
import unicodedata

LONGEST = 64
LETTERS_TO_SYMBOLS = "LMNPS"  # the Unicode categories of letters, marks, numbers, punctuation and symbols
# Between letters of some scripts and inside emoji sequences, and the marks of direction that keyboards insert. Not the
# embeddings and overrides (U+202A to U+202E, U+2066 to U+2069), which can make a name read as another.
JOINERS_AND_MARKS = {"\u200c", "\u200d", "\u200e", "\u200f", "\u061c"}
_EMOJI_TAGS = re.compile(r"\U0001F3F4[\U000E0020-\U000E007E]+\U000E007F")  # flags of regions, such as Scotland's
# Reserved for pictographs, so that emoji which are newer than Python's tables are names too.
_PICTOGRAPHS = range(0x1F000, 0x1FB00)
_URL = re.compile(r"://|www\.", re.I)


def check(value: str) -> str:
    """Return a display name without the spaces around it.

    Raises ValueError. Its text says what is wrong: the length, a character that no name is written with (such as a
    control, unassigned or private one, or a direction override), or a URL in it.
    """
    value = value.strip()
    if not 1 <= len(value) <= LONGEST:
        raise ValueError(f"must be 1 to {LONGEST} characters")
    if not all(map(_is_written, _EMOJI_TAGS.sub("\U0001f3f4", value))) or not any(map(_is_visible, value)):
        raise ValueError("must not contain control characters or other characters that no name is written with")
    if _URL.search(unicodedata.normalize("NFKC", value)):
        raise ValueError("must not contain a URL")
    return value


def repair(value: str) -> str | None:
    """Return the display name that is closest to this text, or None if nothing of it can be one."""
    text = " ".join(value.split())
    kept = "".join(c for c in text if _is_written(c) or c == "\U000e007f")[:LONGEST]
    try:
        return check(kept)
    except ValueError:
        return None


def _is_written(character: str) -> bool:
    category = unicodedata.category(character)
    if category == "Cn":
        return ord(character) in _PICTOGRAPHS
    return category == "Zs" or category[0] in LETTERS_TO_SYMBOLS or character in JOINERS_AND_MARKS


def _is_visible(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNPS" or ord(character) in _PICTOGRAPHS
