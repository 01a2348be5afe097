"""Looking again at topics that lie near each other: grouping their texts anew by average link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.centroid import ELSEWHERE, SHORT_ELSEWHERE, SHORT_UNLIKE, UNLIKE, Named
from analysis.vectors import Vector

TOGETHER, APART = 1e3, -1e6  # similarity of texts that a person placed; one APART outweighs all TOGETHER
FEW_WORDS = 12  # a text with fewer must share words with what it joins


@dataclass(frozen=True, slots=True)
class Pool:
    """Texts to be grouped: their vectors, what their titles name, the topic a person put each in or None."""

    vectors: Sequence[Vector]
    named: Sequence[Named]
    placed_in: Sequence[int | None]


def cluster(pool: Pool, join_from: float, shared_words: int) -> list[int]:
    """The number of each text's cluster, from 1, in the texts' order: average link, joined while the best is `join_from`.

    UPGMA (Sokal and Michener 1958, as SciPy's `linkage` has it) over cosine similarity, times ELSEWHERE
    for titles that name different places. Takes n² space for n texts, two at least.
    Texts that a person placed in one topic stay together, and apart from those placed in another.
    """
    like = _similarities(pool.vectors, shared_words)
    apart = _apart([one.regions for one in pool.named])
    unlike = _apart([one.sorts for one in pool.named])
    short = np.array([vector.words < FEW_WORDS for vector in pool.vectors])
    like[unlike] *= UNLIKE
    like[unlike & short[:, None] & short[None, :]] *= SHORT_UNLIKE / UNLIKE
    like[apart] *= ELSEWHERE
    like[apart & short[:, None] & short[None, :]] = SHORT_ELSEWHERE
    if any(topic is not None for topic in pool.placed_in):
        placed = np.array([-1 if topic is None else topic for topic in pool.placed_in])
        both = (placed[:, None] >= 0) & (placed[None, :] >= 0)
        same = placed[:, None] == placed[None, :]
        like[both & same] = TOGETHER
        like[both & ~same] = APART
    return _average_link(like, join_from)


def _average_link(like: npt.NDArray[np.float64], join_from: float) -> list[int]:
    """The group of each item, numbered as they first stand: the two groups of the greatest average similarity are
    joined while it is `join_from` or more.

    An average reaches `join_from` only where a pair does, so what no chain of such pairs links is grouped apart.
    A pool holds some hundred texts at most; SciPy's linkage gives the same, but takes a second to load.
    """
    groups = [group for linked in _linked(like >= join_from) for group in _joined(like, linked, join_from)]
    number = {item: i for i, group in enumerate(sorted(groups)) for item in group}
    return [number[item] for item in range(len(like))]


def _linked(alike: npt.NDArray[np.bool_]) -> list[list[int]]:
    """The items that a chain of like pairs holds together, each set in order."""
    left, sets = set(range(len(alike))), []
    while left:
        queue = [left.pop()]
        held = list(queue)
        while queue:
            new = left.intersection(np.flatnonzero(alike[queue.pop()]).tolist())
            left -= new
            queue += new
            held += new
        sets.append(sorted(held))
    return sets


def _joined(like: npt.NDArray[np.float64], items: list[int], join_from: float) -> list[list[int]]:
    """The groups of some items by average link, each in order."""
    groups = [[item] for item in items]
    sums = like[np.ix_(items, items)]
    np.fill_diagonal(sums, -np.inf)
    sizes = np.ones(len(items))
    means = sums.copy()
    for _ in items[1:]:
        first, second = sorted(divmod(int(means.argmax()), len(items)))
        if means[first, second] < join_from:
            break
        sums[first] += sums[second]
        sums[:, first] = sums[first]
        sums[first, first] = -np.inf
        sums[second] = sums[:, second] = -np.inf
        sizes[first] += sizes[second]
        means[second] = means[:, second] = -np.inf
        means[first] = means[:, first] = sums[first] / (sizes * sizes[first])
        groups[first] += groups[second]
        groups[second] = []
    return [sorted(group) for group in groups if group]


def _apart(named: Sequence[frozenset[Any]]) -> npt.NDArray[np.bool_]:
    """Which two texts name different things; not those that share one, or of which one names none."""
    known = {thing: i for i, thing in enumerate(sorted(frozenset().union(*named)))}
    names = np.zeros((len(named), len(known)))
    for i, some in enumerate(named):
        for thing in some:
            names[i, known[thing]] = 1.0
    any_named = names.sum(axis=1) > 0
    return np.asarray(any_named[:, None] & any_named[None, :] & (names @ names.T == 0))


def _similarities(vectors: Sequence[Vector], shared_words: int) -> npt.NDArray[np.float64]:
    ids = np.concatenate([vector.ids for vector in vectors])
    row = np.repeat(np.arange(len(vectors)), [len(vector.ids) for vector in vectors])
    _, place, texts = np.unique(ids, return_inverse=True, return_counts=True)
    shared = texts > 1  # what one text alone says makes it like no other
    column = (np.cumsum(shared) - 1)[place]
    meets = shared[place]
    matrix = np.zeros((len(vectors), int(shared.sum())), dtype=np.float32)
    matrix[row[meets], column[meets]] = np.concatenate([vector.values for vector in vectors])[meets]
    like = (matrix @ matrix.T).astype(np.float64)
    if any(vector.words < FEW_WORDS for vector in vectors):
        word = np.concatenate([np.arange(len(vector.ids)) < vector.words for vector in vectors]) & meets
        words = np.zeros_like(matrix)
        words[row[word], column[word]] = 1.0
        like[words @ words.T < shared_words] = 0.0
    return like
