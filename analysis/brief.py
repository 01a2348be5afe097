"""What an article says, in brief: its different terms and how often each occurs, and the sketch that near-duplicates share.

A pure function of the text, so that thousands are read at once in helper processes (`parallel.Helpers`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.near_duplicates import Sketch, sketches_of
from analysis.segment import FIGURES_BEGIN, is_figure
from analysis.terms import Ids, Numbered, Terms, numbered

TITLE_COUNTS = 3  # a title word counts as three (docs/domain.md section 12)
_MOST_COUNTED = 255


@dataclass(frozen=True, slots=True)
class TermFrequencies:
    """The terms of articles that were read together, and one entry per article and different term.

    `ids` says which term, `counts` how often. A figure tells near-duplicates apart, but not events: it is in the
    sketches, not here.
    """

    terms: tuple[str, ...]
    ids: Ids
    counts: npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Brief:
    """One article: its entries of `read`, from `start` to `end`, of which the first `words` are words, the rest pairs."""

    read: TermFrequencies
    start: int
    end: int
    words: int
    sketch: Sketch


def briefs_of(batch: Sequence[Terms]) -> list[Brief]:
    """Each article in brief; they are read together."""
    if not batch:
        return []
    by_number = numbered(batch)
    read, starts, pairs_from, ends = _counted(by_number)
    return [
        Brief(read, start, end, pairs - start, sketch)
        for start, pairs, end, sketch in zip(starts, pairs_from, ends, sketches_of(by_number))
    ]


def _counted(batch: Numbered) -> tuple[TermFrequencies, list[int], list[int], list[int]]:
    """The entries, and of each article where they start, where its pairs do, and where they end."""
    articles = len(batch.sizes)
    # What was kept of a text is what carries meaning, and figures.
    means = np.array([term[0] not in FIGURES_BEGIN or not is_figure(term) for term in batch.terms], dtype=bool)
    carries_meaning = means[batch.ids] if len(batch.ids) else np.zeros(0, dtype=bool)
    article = np.repeat(np.arange(articles), batch.sizes.sum(axis=1))[carries_meaning]
    counts_for = np.repeat(np.tile([1, TITLE_COUNTS, 1], articles), batch.sizes.ravel())[carries_meaning]
    ids = batch.ids[carries_meaning]
    by_term = _order(ids, len(batch.terms))
    order = by_term[_order(article[by_term], articles)]
    keys = (article[order] << 32) | ids[order]
    first = np.flatnonzero(np.diff(keys, prepend=-1))
    counts = np.add.reduceat(counts_for[order], first) if len(first) else np.zeros(0, dtype=np.int64)
    keys = keys[first]
    ends = np.searchsorted(keys, np.arange(articles + 1) << 32).tolist()
    pairs_from = np.searchsorted(keys, (np.arange(articles) << 32) + batch.words).tolist()
    term_ids = (keys & 0xFFFFFFFF).astype(np.int32)
    read = TermFrequencies(batch.terms, term_ids, np.minimum(counts, _MOST_COUNTED).astype(np.uint8))
    return read, ends[:-1], pairs_from, ends[1:]


def _order(numbers: npt.NDArray[np.integer], below: int) -> npt.NDArray[np.intp]:
    """The places of numbers in order, equal ones as they stand; in linear time where all are below 65,536."""
    return np.argsort(numbers.astype(np.uint16) if below <= 1 << 16 else numbers, kind="stable")
