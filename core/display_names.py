"""Validate display names: allow any script, but no characters that mislead readers."""

import re
import unicodedata

from languages import translation

MAX_LENGTH = 64
LETTERS_TO_SYMBOLS = "LMNPS"  # the Unicode categories of letters, marks, numbers, punctuation and symbols
# Used between letters of some scripts and in emoji sequences, and the direction marks that keyboards insert. Embeddings
# and overrides (U+202A to U+202E, U+2066 to U+2069) are excluded: they can make a name look like another.
JOINERS_AND_MARKS = {"\u200c", "\u200d", "\u200e", "\u200f", "\u061c"}
_EMOJI_TAGS = re.compile(r"\U0001F3F4[\U000E0020-\U000E007E]+\U000E007F")  # flags of regions, such as Scotland's
# Reserved for pictographs: accepts emoji that are newer than Python's tables.
_PICTOGRAPHS = range(0x1F000, 0x1FB00)
_URL = re.compile(r"://|www\.", re.I)


def check(value: str) -> str:
    """Return a valid display name without surrounding whitespace.

    Rejects an invalid length, a URL, and characters that are not used in names, such as control, unassigned and private
    characters, and direction overrides. Raises ValueError.
    """
    value = value.strip()
    if not 1 <= len(value) <= MAX_LENGTH:
        raise ValueError(translation.mark("must be 1 to %(number)d characters", number=MAX_LENGTH))
    if not all(map(_is_allowed, _EMOJI_TAGS.sub("\U0001f3f4", value))) or not any(map(_is_visible, value)):
        raise ValueError("must not contain control characters or other characters that are not used in names")
    if _URL.search(unicodedata.normalize("NFKC", value)):
        raise ValueError("must not contain a URL")
    return value


def repair(value: str) -> str | None:
    """Return the closest valid display name, or None if there is none."""
    try:
        return check(value)
    except ValueError:
        text = " ".join(value.split())
    kept = "".join(c for c in text if _is_allowed(c) or c == "\U000e007f")[:MAX_LENGTH]
    try:
        return check(kept)
    except ValueError:
        return None


def _is_allowed(character: str) -> bool:
    category = unicodedata.category(character)
    if category == "Cn":
        return ord(character) in _PICTOGRAPHS
    return category == "Zs" or category[0] in LETTERS_TO_SYMBOLS or character in JOINERS_AND_MARKS


def _is_visible(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNPS" or ord(character) in _PICTOGRAPHS
