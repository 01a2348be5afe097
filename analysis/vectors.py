"""Turning articles into weighted vectors: words of title and text, and pairs of characters of the title."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.brief import Brief, TermFrequencies
from analysis.terms import Ids, Values, is_pair

TITLE_SHARE = 0.55  # of the similarity that the title's character pairs decide
# The general frequencies that a young window begins with count for so many articles. They make a window
# of a few hundred articles weigh words as a full one does, so that one threshold serves both.
PRIOR_ARTICLES = 2000
PRIOR_PAIRS = 3000
WINDOW_ARTICLES = 60_000  # that the learned frequencies rest on at most


@dataclass(frozen=True, slots=True)
class Vector:
    """A sparse vector: ids of terms, and the weight of each; the first `words` are words, the rest pairs."""

    ids: Ids
    values: Values
    words: int


@dataclass(frozen=True, slots=True)
class Counts:
    """The terms of one article with their sublinear frequencies, from which its vector is weighted anew.

    The first `words` terms are words, the rest pairs.
    """

    ids: Ids
    frequencies: Values
    words: int


@lru_cache(maxsize=1)
def prior_idf() -> dict[str, float]:
    """Inverse document frequencies of general Chinese, from jieba's own table."""
    # Found without importing jieba, which takes a second.
    jieba = find_spec("jieba")
    if jieba is None or jieba.origin is None:
        raise ModuleNotFoundError("jieba")
    text = (Path(jieba.origin).parent / "analyse" / "idf.txt").read_text("utf-8")
    return {word: float(value) for word, _, value in (line.partition(" ") for line in text.splitlines())}


@lru_cache(maxsize=1)
def usual_idf() -> float:
    """That of the word in the middle, which stands for those that the table does not have."""
    ranked = sorted(prior_idf().values())
    return ranked[len(ranked) // 2]


class _Vocabulary(dict[str, int]):
    """Term → its number. `expected` is how many of the prior's articles bear each term."""

    def __init__(self) -> None:
        self._prior = prior_idf()
        self._usual = usual_idf()
        self.terms: list[str] = []
        self.expected: list[float] = []

    def __missing__(self, term: str) -> int:
        number = self[term] = len(self.terms)
        self.terms.append(term)
        self.expected.append(self.expected_of(term))
        return number

    def expected_of(self, term: str) -> float:
        """How many of the prior's articles bear a term."""
        return 0.0 if is_pair(term) else PRIOR_ARTICLES * math.exp(-self._prior.get(term, self._usual))


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

    def counts(self, batch: Sequence[Brief]) -> list[Counts]:
        """The terms of articles by number; new ones get the next."""
        # Of articles that were read together, each term is looked up once.
        read = {id(brief.read): brief.read for brief in batch}
        numbers = {key: self._numbers(some) for key, some in read.items()}
        self._grow()
        frequencies = {key: self._frequencies(numbers[key], some) for key, some in read.items()}
        return [
            Counts(numbers[key][brief.start : brief.end], frequencies[key][brief.start : brief.end], brief.words)
            for brief in batch
            for key in (id(brief.read),)
        ]

    def _numbers(self, read: TermFrequencies) -> Ids:
        known = map(self._vocabulary.__getitem__, read.terms)
        return np.fromiter(known, dtype=np.int32, count=len(read.terms))[read.ids]

    def _frequencies(self, ids: Ids, read: TermFrequencies) -> Values:
        """1 + ln of how often each word occurs; a pair's as it is."""
        logs = 1 + np.log(np.arange(1, 256, dtype=np.float32))
        return np.where(self._pairs[ids], np.float32(1) * read.counts, logs[read.counts - 1])

    def learn(self, batch: Sequence[Counts]) -> None:
        """Count articles; old ones fade: at a full window every count is halved."""
        if not batch:
            return
        self._articles += len(batch)
        np.add.at(self._seen, np.concatenate([c.ids for c in batch]), np.float32(1))
        if self._articles >= WINDOW_ARTICLES:
            self._articles //= 2
            self._seen = np.floor(self._seen / 2).astype(np.float32)

    def idf(self, term: str) -> float:
        """Inverse document frequency, ln(N / (df + ½)), of the window and the prior together; never negative."""
        number = self._vocabulary.get(term)
        if number is None:
            # Asked about is not read: the vocabulary grows by what articles say alone.
            return float(
                self._rarity(
                    np.array([self._vocabulary.expected_of(term)], np.float32), np.zeros(1, np.float32), is_pair(term)
                )[0]
            )
        self._grow()
        return float(self.idfs(np.array([number]))[0])

    def idfs(self, numbers: npt.NDArray[np.integer]) -> npt.NDArray[np.float64]:
        """The same of terms by number."""
        return self._rarity(self._expected[numbers], self._seen[numbers], self._pairs[numbers])

    def numbers_of(self, words: Iterable[str]) -> Ids:
        """The numbers of those words, each once, that an article of the window has had."""
        known = self._vocabulary.get
        return np.array([n for word in dict.fromkeys(words) if (n := known(word)) is not None], dtype=np.int32)

    def term(self, number: int) -> str:
        """The term of a number."""
        return self._vocabulary.terms[number]

    def vectors(self, batch: Sequence[Counts]) -> list[Vector]:
        """Unit vectors, in order: TF × IDF of words, and of the title's pairs, in fixed shares (TITLE_SHARE).

        Sublinear term frequency 1 + ln tf (Manning, Raghavan and Schütze, "Introduction to Information Retrieval",
        2008, section 6.4.1); the cosine similarity of two texts is their inner product.
        """
        if not batch:
            return []
        ids = np.concatenate([c.ids for c in batch])
        sizes = np.array([len(c.ids) for c in batch])
        values = np.concatenate([c.frequencies for c in batch]) * self.idfs(ids)
        part = np.repeat(np.arange(len(batch)), sizes) * 2 + self._pairs[ids]
        norms = np.sqrt(np.bincount(part, weights=values * values, minlength=2 * len(batch))).reshape(-1, 2)
        words, pairs = norms[:, 0] > 0, norms[:, 1] > 0
        share = np.where(words & pairs, TITLE_SHARE, pairs)
        lengths = np.sqrt(np.stack([1 - share, share], axis=1))
        factors = np.divide(lengths, norms, out=np.zeros_like(norms), where=norms > 0)
        values = (values * factors.ravel()[part]).astype(np.float32)
        ends = np.concatenate([[0], np.cumsum(sizes)])
        return [Vector(ids[a:b], values[a:b], c.words) for a, b, c in zip(ends[:-1], ends[1:], batch)]

    def are_words(self, ids: Ids) -> npt.NDArray[np.bool_]:
        """Which terms are words, not pairs of characters."""
        return np.asarray(~self._pairs[ids])

    def _rarity(
        self, expected: Values | npt.NDArray[np.float64], seen: Values | npt.NDArray[np.float64], pairs: Any
    ) -> npt.NDArray[np.float64]:
        whole = np.where(pairs, PRIOR_PAIRS, PRIOR_ARTICLES) + self._articles + 1
        return np.asarray(np.maximum(0.0, np.log(whole / (expected + seen + 0.5))))

    def _grow(self) -> None:
        """Make room in the tables for the terms that came new."""
        new = len(self._vocabulary.terms) - self.size
        if new > 0:
            terms = self._vocabulary.terms[-new:]
            self._seen = np.concatenate([self._seen, np.zeros(new, dtype=np.float32)])
            self._expected = np.concatenate([self._expected, np.array(self._vocabulary.expected[-new:], np.float32)])
            self._pairs = np.concatenate([self._pairs, np.array([is_pair(t) for t in terms])])
