"""Finding near-duplicates (转载): the same text published by another source, figures included; MinHash and Jaccard."""

from __future__ import annotations

from dataclasses import dataclass, field
from zlib import crc32

import numpy as np
import numpy.typing as npt

from analysis.terms import Numbered


@dataclass(frozen=True, slots=True)
class Sketch:
    """A text in brief: the hashes of its neighbouring words (4 bytes each), and keys that near-identical texts share."""

    hashes: bytes
    keys: tuple[int, ...]


SAME_FROM = 0.8  # Jaccard of neighbouring words: a new lead or tail passes, another day's figures do not
SHORTEST_TEXT = 20  # words; a shorter text is told apart by its title as well
_BINS, _BAND = 32, 4
_EMPTY = np.uint64(2**64 - 1)
_SPREAD = np.uint64(0xD6E8FEB86659FD93)
_MIX = np.uint64(0x9E3779B97F4A7C15)


class _Hashes(dict[str, int]):
    """Term → its hash, the same in every process, unlike Python's own; a cache."""

    def __missing__(self, term: str) -> int:
        if len(self) > 400_000:
            self.clear()
        digest = self[term] = crc32(term.encode())
        return digest


_hash_of = _Hashes()


def sketches_of(batch: Numbered) -> list[Sketch]:
    """The sketch of each text, in order; empty for one too short to tell.

    Shingles of two words; MinHash with one permutation (Broder, "On the resemblance and containment of documents",
    1997; Li, Owen and Zhang, "One permutation hashing", 2012), eight bands of four minima.
    """
    texts = len(batch.sizes)
    used = batch.sizes.copy()
    used[used[:, 0] >= SHORTEST_TEXT, 1] = 0
    used[:, 2] = 0
    compared = np.repeat((used > 0).ravel(), batch.sizes.ravel())
    of_term = np.fromiter(map(_hash_of.__getitem__, batch.terms), dtype=np.uint64, count=len(batch.terms)) * _SPREAD
    hashes = of_term[batch.ids[compared]]
    sizes = used.sum(axis=1)
    text = np.repeat(np.arange(texts), sizes)
    # Neighbouring words, two by two, so that the same words in another order are another text.
    within = text[:-1] == text[1:]
    pairs = (hashes[:-1] * np.uint64(3) + (hashes[1:] << np.uint64(31)))[within] * _MIX
    pairs ^= pairs >> np.uint64(29)
    pairs *= _MIX
    owner = text[:-1][within]
    keys = _band_keys(pairs, owner, texts)
    ends = np.searchsorted(owner, np.arange(texts + 1))
    short = (pairs >> np.uint64(32)).astype(np.uint32)
    return [
        Sketch(short[a:b].tobytes(), tuple(row) if b > a else ())
        for a, b, row in zip(ends[:-1].tolist(), ends[1:].tolist(), keys.tolist())
    ]


def _band_keys(pairs: npt.NDArray[np.uint64], owner: npt.NDArray[np.int64], texts: int) -> npt.NDArray[np.uint64]:
    """One key per band of four minima: MinHash in one pass, a minimum per bin of the hash space.

    Four minima together are shared by near-identical texts, not by texts with a common phrase.
    """
    bins = (pairs >> np.uint64(64 - _BINS.bit_length() + 1)).astype(np.int64)
    minima = np.full(texts * _BINS, _EMPTY)
    np.minimum.at(minima, owner * _BINS + bins, pairs)
    bands = minima.reshape(texts, _BINS // _BAND, _BAND)
    weights = np.array([3, 5, 7, 11], dtype=np.uint64)
    # A band of a short text with nothing in it says nothing, but is one of its keys like any other:
    # made with the size of what is there it would meet every short text, so it takes the whole text's sum.
    sums = np.bincount(owner, weights=(pairs >> np.uint64(40)).astype(np.float64), minlength=texts).astype(np.uint64)
    empty = (bands == _EMPTY).all(axis=2)
    keyed = (bands * weights).sum(axis=2)
    keyed = np.where(empty, sums[:, None] * _MIX, keyed)
    return np.asarray(keyed * np.uint64(8) + np.arange(bands.shape[1], dtype=np.uint64))


def _hashes(sketch: Sketch) -> list[int]:
    hashes: list[int] = np.frombuffer(sketch.hashes, dtype=np.uint32).tolist()
    return hashes


@dataclass(slots=True)
class NearDuplicateIndex:
    """The texts of the window, to find the first article that a new one repeats."""

    _sketches: dict[int, Sketch] = field(default_factory=dict)
    _first: dict[int, int] = field(default_factory=dict)  # key → the first text that has it

    def first_of(self, sketch: Sketch) -> int | None:
        """The id of the article that this text repeats, None for a text of its own.

        Of those that share a band, the one of the greatest Jaccard similarity (0–1) from SAME_FROM; of equals the oldest.
        """
        candidates = {first for key in sketch.keys if (first := self._first.get(key)) is not None}
        if not candidates or not len(sketch.hashes):
            return None
        said, best, first = set(_hashes(sketch)), 0.0, None
        for id in sorted(candidates):
            other = _hashes(self._sketches[id])
            shared = len(said.intersection(other))
            if shared < SAME_FROM * len(said):
                continue
            like = shared / (len(said) + len(set(other)) - shared)  # Jaccard
            if like > best:
                best, first = like, id
        return first if best >= SAME_FROM else None

    def add(self, id: int, sketch: Sketch) -> None:
        """Keep a text that is no near-duplicate of another."""
        if not sketch.keys:
            return
        self._sketches[id] = sketch
        for key in sketch.keys:
            self._first.setdefault(key, id)

    def remove(self, id: int) -> None:
        """Drop a text that left the window; nothing happens where it was not kept."""
        sketch = self._sketches.pop(id, None)
        for key in sketch.keys if sketch else ():
            if self._first.get(key) == id:
                del self._first[key]
