"""Store the dictionaries of zxcvbn compactly: in 2 megabytes of each worker instead of 12."""

import ast
import importlib.util
import re
import sys
import types
from array import array
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

SEPARATOR = ","
_WORD = re.compile(f"[^{SEPARATOR}]+")


class RankedWords(Mapping[str, int]):
    """The rank of each word, beginning at 1, without Python objects for the words.

    A hash table with linear probing. Each slot has the number of a word or 0, and at least half of them are free.
    """

    def __init__(self, *texts: str) -> None:
        """Read the words of each text, separated by commas and in the order of their ranks.

        A word of several texts has its lowest rank.
        """
        self._text = "".join(texts).replace(SEPARATOR, "")
        numbers = 1 + sum(text.count(SEPARATOR) + 1 for text in texts)
        self._ends, self._ranks = array("I", [0]) * numbers, array("I", [0]) * numbers  # of the word with each number
        self._slots = array("I", [0]) * 2 ** (2 * numbers).bit_length()
        self._mask, self._length = len(self._slots) - 1, 0
        ranked = (each for text in texts for each in enumerate(_WORD.finditer(text), 1))
        for number, (rank, found) in enumerate(ranked, 1):
            self._ends[number] = self._ends[number - 1] + len(found[0])
            slot = self._slot(found[0])
            if first := self._slots[slot]:
                self._ranks[first] = min(self._ranks[first], rank)
            else:
                self._slots[slot], self._ranks[number] = number, rank
                self._length += 1

    def _word(self, number: int) -> str:
        return self._text[self._ends[number - 1] : self._ends[number]]

    def _slot(self, word: str) -> int:
        """Return the slot of a word, or the free one where it would be."""
        slots, slot = self._slots, hash(word) & self._mask
        while number := slots[slot]:
            begin = self._ends[number - 1]
            if self._ends[number] - begin == len(word) and self._text.startswith(word, begin):
                break
            slot = (slot + 1) & self._mask
        return slot

    def __contains__(self, word: object) -> bool:
        # The first slot is enough for most words that are missing, and zxcvbn searches thousands for one password.
        first = self._slots[hash(word) & self._mask]
        return first > 0 and isinstance(word, str) and self._slots[self._slot(word)] > 0

    def __getitem__(self, word: str) -> int:
        if word not in self:
            raise KeyError(word)
        return int(self._ranks[self._slots[self._slot(word)]])

    def __iter__(self) -> Iterator[str]:
        return (self._word(number) for number in self._slots if number)

    def __len__(self) -> int:
        return self._length


def zxcvbn() -> Any:
    """Import zxcvbn with one compact dictionary, and return it.

    Its module of word lists is not imported, but read: each word would become an object, and a process does not return
    all the memory that they take for a moment. The lists become one dictionary, because every part of a password is
    searched in each, and only the lowest rank of a word counts.
    """
    place: Any = importlib.util.find_spec("zxcvbn")
    texts = _texts(Path(place.origin).with_name("frequency_lists.py").read_text("utf-8"))
    unread = types.ModuleType("zxcvbn.frequency_lists")
    unread.FREQUENCY_LISTS = {}  # type: ignore[attr-defined]
    sys.modules.setdefault(unread.__name__, unread)
    import zxcvbn

    words = RankedWords(*texts)
    zxcvbn.matching.RANKED_DICTIONARIES.clear()
    zxcvbn.matching.RANKED_DICTIONARIES["words"] = words
    return zxcvbn


def _texts(source: str) -> list[str]:
    """Return each list of words in a module that assigns `{"name": "a,b,c".split(","), …}`."""
    (assignment,) = ast.parse(source).body
    lists: Any = assignment.value  # type: ignore[attr-defined]
    return [call.func.value.value for call in lists.values]
