"""Looking again at topics that lie near each other: grouping their texts anew by average link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.vectors import Vector, Weights

STAY = 0.0  # added to the likeness of texts that are in one topic already, so that topics do not flicker


@dataclass(frozen=True, slots=True)
class Pool:
    """Texts to be grouped: their vectors, the topics they are in, and whether a person put them there."""

    vectors: Sequence[Vector]
    topics: Sequence[int]
    fixed: Sequence[bool]


def regroup(pool: Pool, weights: Weights, join_from: float, shared_words: int) -> list[int]:
    """The group (0 …) of each text: average link (UPGMA), joined while the best link is `join_from` or more.

    Texts that a person placed in one topic stay together, and apart from those placed in another.
    """
    like = _likeness(pool, weights, shared_words)
    topics = np.array(pool.topics)
    like += STAY * (topics[:, None] == topics[None, :])
    return _average_link(like, [t if f else None for t, f in zip(pool.topics, pool.fixed)], join_from)


def _likeness(pool: Pool, weights: Weights, shared_words: int) -> npt.NDArray[np.float64]:
    ids = np.concatenate([vector.ids for vector in pool.vectors])
    terms, place = np.unique(ids, return_inverse=True)
    row = np.repeat(np.arange(len(pool.vectors)), [len(vector.ids) for vector in pool.vectors])
    matrix = np.zeros((len(pool.vectors), len(terms)), dtype=np.float32)
    matrix[row, place] = np.concatenate([vector.values for vector in pool.vectors])
    words = (matrix[:, weights.are_words(terms)] > 0).astype(np.float32)
    like = (matrix @ matrix.T).astype(np.float64)
    like[words @ words.T < shared_words] = 0.0
    return like


def _average_link(like: npt.NDArray[np.float64], anchors: Sequence[int | None], join_from: float) -> list[int]:
    """Groups by average link. `anchors` are the topics that texts must stay in, None where they need not."""
    n = len(like)
    total, size = like.copy(), np.ones(n)
    group = list(range(n))
    link = like.copy()
    placed = np.array([-1 if topic is None else topic for topic in anchors])
    both = (placed[:, None] >= 0) & (placed[None, :] >= 0)
    same = placed[:, None] == placed[None, :]
    link[both & same] = np.inf
    link[both & ~same] = -np.inf
    np.fill_diagonal(link, -np.inf)
    for _ in range(n - 1):
        a, b = divmod(int(link.argmax()), n)
        if not link[a, b] >= join_from:
            break
        apart = np.isneginf(link[a]) | np.isneginf(link[b])
        bound = np.isposinf(link[a]) | np.isposinf(link[b])
        total[a] += total[b]
        total[:, a] = total[a]
        size[a] += size[b]
        joined = total[a] / (size[a] * size)
        joined[apart] = -np.inf
        joined[bound & ~apart] = np.inf
        joined[[a, b]] = -np.inf
        link[a] = link[:, a] = joined
        link[b] = link[:, b] = -np.inf
        group = [a if g == b else g for g in group]
    order = {g: i for i, g in enumerate(dict.fromkeys(group))}
    return [order[g] for g in group]
