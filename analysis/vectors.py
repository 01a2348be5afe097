"""Turning articles into weighted vectors: words of title and text, and pairs of characters of the title."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import chain

import numpy as np
import numpy.typing as npt

from analysis.segment import carries_meaning, kept_words

Ids = npt.NDArray[np.int32]
Values = npt.NDArray[np.float32]

TITLE_COUNTS = 3  # a title word counts as three (design.md, How topics are found)
TITLE_SHARE = 0.55  # of the similarity that the title's character pairs decide
TEXT_LIMIT = 2000  # characters; news says what matters first
# The general frequencies that a young window begins with count for so many articles. They make a window
# of a few hundred articles weigh words as a full one does, so that one threshold serves both.
PRIOR_ARTICLES = 2000
PRIOR_PAIRS = 3000
WINDOW_ARTICLES = 60_000  # that the learned frequencies rest on at most
_PAIR = "\x02"  # marks a character pair, so that it never meets a word


@dataclass(frozen=True, slots=True)
class Terms:
    """The words and figures of one article that tell it apart, with the title's apart, and its title's pairs."""

    title: tuple[str, ...]
    text: tuple[str, ...]
    pairs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vector:
    """A sparse vector: ids of terms, and the weight of each; the first `words` are words, the rest pairs."""

    ids: Ids
    values: Values
    words: int


@dataclass(frozen=True, slots=True)
class Numbered:
    """A batch of articles as numbers of terms in order: of each the text's, the title's and the title's pairs.

    `sizes` (articles × 3) says how many of each.
    """

    ids: Ids
    sizes: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Counts:
    """The terms of one article with their sublinear frequencies, from which its vector is weighted anew.

    The first `words` terms are words, the rest pairs.
    """

    ids: Ids
    frequencies: Values
    words: int


def terms_of(title: str, text: str) -> Terms:
    """Segment one article."""
    return terms_of_words(title, kept_words(title), kept_words(text[:TEXT_LIMIT]))


def terms_of_words(title: str, title_words: Iterable[str], text_words: Iterable[str]) -> Terms:
    """The terms of an article whose words are known already (from the store)."""
    runs = re.sub(r"[\W_]+", " ", title.lower()).split()
    pairs = tuple([_PAIR + run[i : i + 2] for run in runs for i in range(len(run) - 1)])
    return Terms(tuple(title_words), tuple(text_words), pairs)


@lru_cache(maxsize=1)
def prior_idf() -> dict[str, float]:
    """Inverse document frequencies of general Chinese, from jieba's own table."""
    text = resources.files("jieba").joinpath("analyse/idf.txt").read_text("utf-8")
    return {word: float(value) for word, _, value in (line.partition(" ") for line in text.splitlines())}


class _Vocabulary(dict[str, int]):
    """Term → its number. `expected` is how many of the prior's articles bear each term.

    A figure tells carriers apart, but not events: all articles are taken to bear it, so that it weighs nothing.
    """

    def __init__(self) -> None:
        self._prior = prior_idf()
        ranked = sorted(self._prior.values())
        self._usual = ranked[len(ranked) // 2]
        self.terms: list[str] = []
        self.expected: list[float] = []

    def __missing__(self, term: str) -> int:
        if is_pair(term):
            expected = 0.0
        elif carries_meaning(term):
            expected = PRIOR_ARTICLES * math.exp(-self._prior.get(term, self._usual))
        else:
            expected = math.inf
        number = self[term] = len(self.terms)
        self.terms.append(term)
        self.expected.append(expected)
        return number


def is_pair(term: str) -> bool:
    """Whether a term is a pair of characters of the title, not a word."""
    return term.startswith(_PAIR)


class Weights:
    """Inverse document frequencies learned over the running window, on top of a prior."""

    def __init__(self) -> None:
        self._vocabulary = _Vocabulary()
        self._articles = 0
        self._seen = np.zeros(0, dtype=np.float32)
        self._expected = np.zeros(0, dtype=np.float32)
        self._pairs = np.zeros(0, dtype=bool)

    @property
    def size(self) -> int:
        """How many terms are known."""
        return len(self._seen)

    def numbered(self, batch: Sequence[Terms]) -> Numbered:
        """The terms of articles by number; new ones get the next."""
        sizes = np.array([(len(a.text), len(a.title), len(a.pairs)) for a in batch], dtype=np.int64).reshape(-1, 3)
        terms = chain.from_iterable([part for a in batch for part in (a.text, a.title, a.pairs)])
        ids = np.fromiter(map(self._vocabulary.__getitem__, terms), dtype=np.int32, count=int(sizes.sum()))
        self._grow()
        return Numbered(ids, sizes)

    def count(self, batch: Numbered) -> list[Counts]:
        """The terms of each article, words first, with 1 + ln of how often each occurs; figures left out."""
        articles = len(batch.sizes)
        article = np.repeat(np.arange(articles), batch.sizes.sum(axis=1))
        counts_for = np.repeat(np.tile([1.0, TITLE_COUNTS, 1.0], articles), batch.sizes.ravel())
        tells = self._expected[batch.ids] < np.inf
        ids, article = batch.ids[tells], article[tells]
        keys = (article << 33) | (self._pairs[ids].astype(np.int64) << 32) | ids
        keys, place = np.unique(keys, return_inverse=True)
        counts = np.bincount(place, weights=counts_for[tells], minlength=len(keys))
        found = (keys & 0xFFFFFFFF).astype(np.int32)
        tf = np.where(self._pairs[found], counts, 1 + np.log(np.maximum(counts, 1))).astype(np.float32)
        ends = np.searchsorted(keys, np.arange(2 * articles + 1) << 32)
        return [Counts(found[a:b], tf[a:b], int(m - a)) for a, m, b in zip(ends[:-1:2], ends[1::2], ends[2::2])]

    def learn(self, batch: Sequence[Counts]) -> None:
        """Count articles; old ones fade: at a full window every count is halved."""
        if not batch:
            return
        self._articles += len(batch)
        self._seen += np.bincount(np.concatenate([c.ids for c in batch]), minlength=self.size)
        if self._articles >= WINDOW_ARTICLES:
            self._articles //= 2
            self._seen = np.floor(self._seen / 2).astype(np.float32)

    def idf(self, term: str) -> float:
        """ln of how rare a term is, by the window and the prior together; never negative."""
        number = self._vocabulary[term]
        self._grow()
        return float(self._idf(np.array([number]))[0])

    def vectors(self, batch: Sequence[Counts]) -> list[Vector]:
        """Unit vectors: TF × IDF of words, and of the title's pairs, in fixed shares."""
        if not batch:
            return []
        ids = np.concatenate([c.ids for c in batch])
        sizes = np.array([len(c.ids) for c in batch])
        values = np.concatenate([c.frequencies for c in batch]) * self._idf(ids)
        part = np.repeat(np.arange(len(batch)), sizes) * 2 + self._pairs[ids]
        norms = np.sqrt(np.bincount(part, weights=values * values, minlength=2 * len(batch))).reshape(-1, 2)
        words, pairs = norms[:, 0] > 0, norms[:, 1] > 0
        share = np.where(words & pairs, TITLE_SHARE, pairs)
        lengths = np.sqrt(np.stack([1 - share, share], axis=1))
        factors = np.divide(lengths, norms, out=np.zeros_like(norms), where=norms > 0)
        values = (values * factors.ravel()[part]).astype(np.float32)
        ends = np.concatenate([[0], np.cumsum(sizes)])
        return [Vector(ids[a:b], values[a:b], c.words) for a, b, c in zip(ends[:-1], ends[1:], batch)]

    def vector(self, terms: Terms) -> Vector:
        """The vector of one article by what is known now."""
        return self.vectors(self.count(self.numbered([terms])))[0]

    def word(self, number: int) -> str | None:
        """The word of a term's number; None for a pair of characters."""
        return None if self._pairs[number] else self._vocabulary.terms[number]

    def are_words(self, ids: Ids) -> npt.NDArray[np.bool_]:
        """Which terms are words, not pairs of characters."""
        return np.asarray(~self._pairs[ids])

    def _idf(self, ids: npt.NDArray[np.integer]) -> npt.NDArray[np.float64]:
        pairs = self._pairs[ids]
        whole = np.where(pairs, PRIOR_PAIRS, PRIOR_ARTICLES) + self._articles + 1
        return np.asarray(np.maximum(0.0, np.log(whole / (self._expected[ids] + self._seen[ids] + 0.5))))

    def _grow(self) -> None:
        """Make room in the tables for the terms that came new."""
        new = len(self._vocabulary.terms) - self.size
        if new > 0:
            terms = self._vocabulary.terms[-new:]
            self._seen = np.concatenate([self._seen, np.zeros(new, dtype=np.float32)])
            self._expected = np.concatenate([self._expected, np.array(self._vocabulary.expected[-new:], np.float32)])
            self._pairs = np.concatenate([self._pairs, np.array([is_pair(t) for t in terms])])
