"""Store the dictionaries of zxcvbn compactly: in 2 megabytes of each worker instead of 12."""

import ast
import importlib.util
import itertools
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

    A hash table with linear probing. Each slot has the rank of a word or 0, and at least half of them are free.
    """

    def __init__(self, text: str) -> None:
        """Read the words, separated by commas and in the order of their ranks."""
        lengths = array("I", (len(found[0]) for found in _WORD.finditer(text)))
        self._text, self._longest = text.replace(SEPARATOR, ""), max(lengths)
        self._ends = array("I", itertools.accumulate(lengths, initial=0))  # of the word of each rank
        self._mask = mask = 2 ** (2 * len(lengths)).bit_length() - 1
        slots = array("I", bytes(array("I").itemsize * (mask + 1)))
        for rank, number in enumerate((hash(found[0]) for found in _WORD.finditer(text)), 1):
            slot = number & mask
            while slots[slot]:
                slot = (slot + 1) & mask
            slots[slot] = rank
        self._slots = slots

    def _rank(self, word: str) -> int:
        if len(word) > self._longest:
            return 0
        slots, slot = self._slots, hash(word) & self._mask
        while rank := slots[slot]:
            begin = self._ends[rank - 1]
            if self._ends[rank] - begin == len(word) and self._text.startswith(word, begin):
                return int(rank)
            slot = (slot + 1) & self._mask
        return 0

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self._rank(word) > 0

    def __getitem__(self, word: str) -> int:
        if rank := self._rank(word):
            return rank
        raise KeyError(word)

    def __iter__(self) -> Iterator[str]:
        return (self._text[begin:end] for begin, end in zip(self._ends, self._ends[1:], strict=False))

    def __len__(self) -> int:
        return len(self._ends) - 1


def zxcvbn() -> Any:
    """Import zxcvbn with compact dictionaries, and return it.

    Its module of word lists is not imported, but read: each word would become an object, and a process does not return
    all the memory that they take for a moment.
    """
    place: Any = importlib.util.find_spec("zxcvbn")
    texts = _texts(Path(place.origin).with_name("frequency_lists.py").read_text("utf-8"))
    unread = types.ModuleType("zxcvbn.frequency_lists")
    unread.FREQUENCY_LISTS = {}  # type: ignore[attr-defined]
    sys.modules.setdefault(unread.__name__, unread)
    import zxcvbn

    zxcvbn.matching.RANKED_DICTIONARIES.update({name: RankedWords(text) for name, text in texts.items()})
    return zxcvbn


def _texts(source: str) -> dict[str, str]:
    """Return the text of each list of words in a module that assigns `{"name": "a,b,c".split(","), …}`."""
    (assignment,) = ast.parse(source).body
    lists: Any = assignment.value  # type: ignore[attr-defined]
    return {name.value: call.func.value.value for name, call in zip(lists.keys, lists.values, strict=True)}
