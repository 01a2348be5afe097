"""Looking again at topics that lie near each other: grouping their texts anew by average link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from analysis.vectors import Vector

TOGETHER, APART = 1e3, -1e6  # likeness of texts that a person placed; one APART outweighs all TOGETHER
FEW_WORDS = 12  # a text with fewer must share words with what it joins
FARTHEST = 1e7


@dataclass(frozen=True, slots=True)
class Pool:
    """Texts to be grouped: their vectors, and the topic that a person put each in, None where nobody did."""

    vectors: Sequence[Vector]
    placed_in: Sequence[int | None]


def regroup(pool: Pool, join_from: float, shared_words: int) -> list[int]:
    """The group of each text: average link (UPGMA), joined while the best link is `join_from` or more.

    Texts that a person placed in one topic stay together, and apart from those placed in another.
    """
    like = _likeness(pool.vectors, shared_words)
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
