"""Store the dictionaries of zxcvbn compactly: in 2 megabytes of each worker instead of 12."""

import itertools
from array import array
from collections.abc import Iterator, Mapping
from typing import Any

SEPARATOR = "\n"


class RankedWords(Mapping[str, int]):
    """The rank of each word, beginning at 1, without Python objects for the words.

    A hash table with linear probing. Each slot has the rank of a word or 0, and at least half of them are free.
    """

    def __init__(self, lines: str) -> None:
        """Read the words, separated by line breaks and in the order of their ranks."""
        words = lines.split(SEPARATOR)
        self._text, self._longest = "".join(words), max(map(len, words))
        self._ends = array("I", itertools.accumulate(map(len, words), initial=0))  # of the word of each rank
        self._mask = mask = 2 ** (2 * len(words)).bit_length() - 1
        slots = array("I", bytes(array("I").itemsize * (mask + 1)))
        for rank, number in enumerate(map(hash, words), 1):
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


def compact(matching: Any) -> None:
    """Replace the dictionaries of the module `zxcvbn.matching` by compact ones, unless that was done already."""
    dictionaries: dict[str, Any] = matching.RANKED_DICTIONARIES
    lists: dict[str, list[str]] = matching.FREQUENCY_LISTS
    lines = {name: SEPARATOR.join(words) for name, words in lists.items()}
    # First free all words, so that the compact dictionaries take their place.
    for name in lines:
        del dictionaries[name]
    lists.clear()
    for name, words in lines.items():
        dictionaries[name] = RankedWords(words)
