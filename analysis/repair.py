"""Looking again at topics that lie near each other: grouping their texts anew by average link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from analysis.core import ELSEWHERE
from analysis.vectors import Vector

TOGETHER, APART = 1e3, -1e6  # likeness of texts that a person placed; one APART outweighs all TOGETHER
FEW_WORDS = 12  # a text with fewer must share words with what it joins
FARTHEST = 1e7


@dataclass(frozen=True, slots=True)
class Pool:
    """Texts to be grouped: their vectors, the regions their titles name, the topic a person put each in or None."""

    vectors: Sequence[Vector]
    regions: Sequence[frozenset[str]]
    placed_in: Sequence[int | None]


def regroup(pool: Pool, join_from: float, shared_words: int) -> list[int]:
    """The group of each text: average link (UPGMA), joined while the best link is `join_from` or more.

    Texts that a person placed in one topic stay together, and apart from those placed in another.
    """
    like = _likeness(pool.vectors, shared_words) * _elsewhere(pool.regions)
    if any(topic is not None for topic in pool.placed_in):
        placed = np.array([-1 if topic is None else topic for topic in pool.placed_in])
        both = (placed[:, None] >= 0) & (placed[None, :] >= 0)
        same = placed[:, None] == placed[None, :]
        like[both & same] = TOGETHER
        like[both & ~same] = APART
    distance = FARTHEST - like
    np.fill_diagonal(distance, 0.0)
    tree = linkage(squareform(distance, checks=False), "average")
    groups: list[int] = fcluster(tree, FARTHEST - join_from, "distance").tolist()
    return groups


def _elsewhere(regions: Sequence[frozenset[str]]) -> npt.NDArray[np.float64]:
    """ELSEWHERE for two texts whose titles name different places, 1 where they share one or one names none."""
    known = {region: i for i, region in enumerate(sorted(frozenset().union(*regions)))}
    named = np.zeros((len(regions), len(known)))
    for i, some in enumerate(regions):
        for region in some:
            named[i, known[region]] = 1.0
    any_named = named.sum(axis=1) > 0
    apart = any_named[:, None] & any_named[None, :] & (named @ named.T == 0)
    return np.where(apart, ELSEWHERE, 1.0)


def _likeness(vectors: Sequence[Vector], shared_words: int) -> npt.NDArray[np.float64]:
    ids = np.concatenate([vector.ids for vector in vectors])
    terms, place = np.unique(ids, return_inverse=True)
    row = np.repeat(np.arange(len(vectors)), [len(vector.ids) for vector in vectors])
    matrix = np.zeros((len(vectors), len(terms)), dtype=np.float32)
    matrix[row, place] = np.concatenate([vector.values for vector in vectors])
    like = (matrix @ matrix.T).astype(np.float64)
    if any(vector.words < FEW_WORDS for vector in vectors):
        word = np.concatenate([np.arange(len(vector.ids)) < vector.words for vector in vectors])
        words = np.zeros_like(matrix)
        words[row[word], place[word]] = 1.0
        like[words @ words.T < shared_words] = 0.0
    return like
