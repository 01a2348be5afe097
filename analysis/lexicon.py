"""Finding the words of a list in many texts at once: what `word in text` says of each, in one pass over them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import numpy.typing as npt

_GAP = "\x00\x00"  # between two texts, so that no word goes over their border
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Hits:
    """Where words stand, in the order of the texts and within a text from left to right: one entry a place."""

    text: Numbers
    start: Numbers
    word: Numbers


class Finder:
    """The words of a list, each of at least one character; a hit names a word by its place in the list."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = tuple(words)
        if not all(self.words):
            raise ValueError("an empty word stands everywhere")
        self.lengths = np.array([len(word) for word in self.words], dtype=np.int64)
        self._letters = np.zeros((len(self.words), max(map(len, self.words), default=1)), dtype=np.uint32)
        for i, word in enumerate(self.words):
            self._letters[i, : len(word)] = _codes(word)
        # Words are looked up by their first two characters, those of one character by that.
        self._pairs = _Beginnings(_keys(self._letters[:, 0], self._letters[:, 1:2].ravel()), self.lengths > 1)
        self._singles = _Beginnings(self._letters[:, 0].astype(np.int64), self.lengths == 1)
        self._begins, self._goes_on = _table(self._letters[:, 0]), _table(self._letters[self.lengths > 1, 1:2].ravel())

    def find(self, texts: Sequence[str]) -> Hits:
        """Every place where a word stands in a text, overlapping ones and words inside others too; in linear time."""
        starts = np.fromiter(accumulate((len(t) + len(_GAP) for t in texts), initial=0), np.int64, len(texts) + 1)
        codes = _codes(_GAP.join([*texts, ""]))
        short = codes.astype(np.uint16)
        begins = self._begins[short]
        places = np.flatnonzero(begins[:-1] & self._goes_on[short[1:]])
        place, word = self._pairs.look_up(places, _keys(codes[places], codes[places + 1]))
        for letter in range(2, self._letters.shape[1]):
            asked = self.lengths[word] > letter
            if not asked.any():
                break
            at = np.minimum(place + letter, len(codes) - 1)
            right = ~asked | (codes[at] == self._letters[word, letter])
            place, word = place[right], word[right]
        if self._singles:
            alone = np.flatnonzero(begins)
            single_place, single = self._singles.look_up(alone, codes[alone].astype(np.int64))
            place, word = np.concatenate([place, single_place]), np.concatenate([word, single])
        text = np.searchsorted(starts, place, side="right") - 1
        inside = place + self.lengths[word] <= starts[text + 1] - len(_GAP)
        place, word, text = place[inside], word[inside], text[inside]
        order = np.lexsort((word, place))
        return Hits(text[order], (place - starts[text])[order], word[order])


class _Beginnings:
    """Words by a key made of how they begin."""

    def __init__(self, keys: Numbers, chosen: npt.NDArray[np.bool_]) -> None:
        numbers = np.flatnonzero(chosen)
        self._words = numbers[np.argsort(keys[numbers], kind="stable")]
        self._keys = keys[self._words]

    def __bool__(self) -> bool:
        return len(self._words) > 0

    def look_up(self, places: Numbers, keys: Numbers) -> tuple[Numbers, Numbers]:
        """Each place with each word that begins with its key."""
        low = np.searchsorted(self._keys, keys, side="left")
        many = np.searchsorted(self._keys, keys, side="right") - low
        met = np.flatnonzero(many)
        places, low, many = places[met], low[met], many[met]
        within = np.arange(int(many.sum())) - np.repeat(np.cumsum(many) - many, many)
        return np.repeat(places, many), self._words[np.repeat(low, many) + within]


def _codes(text: str) -> npt.NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _keys(first: npt.NDArray[np.uint32], second: npt.NDArray[np.uint32]) -> Numbers:
    if not len(second):
        return first.astype(np.int64)
    return (first.astype(np.int64) << 21) | second


def _table(letters: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    """Which characters may come, by their last sixteen bits."""
    is_beginning = np.zeros(1 << 16, dtype=bool)
    is_beginning[letters.astype(np.uint16)] = True
    return is_beginning
