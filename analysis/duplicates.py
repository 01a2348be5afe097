"""Finding the same text carried by another source (转载): near-identical, figures included."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Sketch:
    """A text in brief: its smallest shingle hashes, sorted, and keys that near-identical texts share."""

    hashes: npt.NDArray[np.uint64]
    keys: tuple[int, ...]


SHINGLE = 3  # characters
TEXT_LIMIT = 3000
SKETCH_SIZE = 128  # smallest hashes kept; the estimate of likeness errs by about 0.04
SAME_FROM = 0.8  # Jaccard of shingles: a new lead or tail passes, another day's figures do not
SHORTEST_TEXT = 40  # a shorter text is told apart by its title as well
_BINS, _BAND = 32, 4
_MIX = np.uint64(0x9E3779B97F4A7C15)
# 【…】 and (记者 …) lead-ins differ between carriers of one text.
_LEAD = re.compile(r"【[^】]{0,12}】|[（(](?:记者|来源|编辑|通讯员)[^）)]{0,30}[）)]")


def normalised(text: str) -> str:
    """A text without lead-ins, punctuation, space and case."""
    return re.sub(r"[\W_]+", "", _LEAD.sub("", text)).lower()


def sketch_of(title: str, text: str) -> Sketch:
    """The sketch of one text; empty for a text too short to tell."""
    plain = normalised(text[:TEXT_LIMIT])
    if len(plain) < SHORTEST_TEXT:
        plain = normalised(title) + plain
    codes = np.frombuffer(plain.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    if len(codes) < SHINGLE:
        return Sketch(np.zeros(0, dtype=np.uint64), ())
    parts = (codes[:-2] << np.uint64(42)) ^ (codes[1:-1] << np.uint64(21)) ^ codes[2:]
    mixed = parts * _MIX
    mixed ^= mixed >> np.uint64(29)
    hashes = np.unique(mixed * _MIX)
    return Sketch(hashes[:SKETCH_SIZE], _keys(hashes))


def _keys(hashes: npt.NDArray[np.uint64]) -> tuple[int, ...]:
    """One key per band of four minima: MinHash in one pass, a minimum per bin of the hash space.

    Four minima together are shared by near-identical texts, not by texts with a common phrase.
    """
    mixed = hashes * _MIX
    mixed ^= mixed >> np.uint64(31)
    bins = mixed >> np.uint64(64 - _BINS.bit_length() + 1)
    minima = np.zeros(_BINS, dtype=np.uint64)
    order = np.lexsort((mixed, bins))
    filled, first = np.unique(bins[order], return_index=True)
    minima[filled.astype(np.int64)] = mixed[order][first]
    bands = minima.reshape(-1, _BAND)
    weights = np.array([3, 5, 7, 11], dtype=np.uint64)
    return tuple(int(key) * 8 + band for band, key in enumerate((bands * weights).sum(axis=1)))


def likeness(one: Sketch, other: Sketch) -> float:
    """Jaccard likeness of two texts, 0–1, estimated from their sketches."""
    if not len(one.hashes) or not len(other.hashes):
        return 0.0
    size = max(len(one.hashes), len(other.hashes))
    both = np.union1d(one.hashes, other.hashes)[:size]
    shared = np.intersect1d(one.hashes, other.hashes, assume_unique=True)
    return float(np.isin(shared, both, assume_unique=True).sum() / len(both))


@dataclass(slots=True)
class CarrierIndex:
    """The texts of the window, to find the first article that a new one repeats."""

    _sketches: dict[int, Sketch] = field(default_factory=dict)
    _buckets: dict[int, list[int]] = field(default_factory=dict)

    def first_of(self, sketch: Sketch) -> int | None:
        """The id of the article that this text repeats, None for a text of its own."""
        candidates = {id for key in sketch.keys for id in self._buckets.get(key, ())}
        best, first = 0.0, None
        for id in sorted(candidates):
            like = likeness(sketch, self._sketches[id])
            if like > best:
                best, first = like, id
        return first if best >= SAME_FROM else None

    def add(self, id: int, sketch: Sketch) -> None:
        """Remember a text that is nobody's carrier."""
        if not sketch.keys:
            return
        self._sketches[id] = sketch
        for key in sketch.keys:
            self._buckets.setdefault(key, []).append(id)

    def remove(self, id: int) -> None:
        """Forget a text that left the window."""
        sketch = self._sketches.pop(id, None)
        for key in sketch.keys if sketch else ():
            bucket = self._buckets[key]
            bucket.remove(id)
            if not bucket:
                del self._buckets[key]
