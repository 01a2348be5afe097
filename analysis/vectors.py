"""Turning an article into a weighted vector: words of title and text, and pairs of characters of the title."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from analysis.segment import content_words, cut, is_name

Vector = dict[str, float]

TITLE_COUNTS = 3  # a title word counts as three (design.md, How topics are found)
TITLE_SHARE = 0.55  # of the similarity that the title's character pairs decide
NAME_WEIGHT = 1.5
TEXT_LIMIT = 2000  # characters; news says what matters first
PRIOR_ARTICLES = 500  # how many articles the dictionary's own IDF table counts for
PRIOR_PAIRS = 300
WINDOW_ARTICLES = 60_000  # that the learned frequencies rest on at most
_PAIR = "\x02"  # marks a character pair, so that it never meets a word


@dataclass(frozen=True, slots=True)
class Terms:
    """The words of one article that carry meaning, with the title's apart."""

    title: tuple[str, ...]
    text: tuple[str, ...]
    pairs: tuple[str, ...]


def terms_of(title: str, text: str) -> Terms:
    """Segment one article."""
    return terms_of_words(title, content_words(cut(title)), content_words(cut(text[:TEXT_LIMIT])))


def terms_of_words(title: str, title_words: Iterable[str], text_words: Iterable[str]) -> Terms:
    """The terms of an article whose words are known already (from the store)."""
    runs = re.sub(r"[\W_]+", " ", title.lower()).split()
    pairs = tuple(_PAIR + run[i : i + 2] for run in runs for i in range(len(run) - 1))
    return Terms(tuple(title_words), tuple(text_words), pairs)


@lru_cache(maxsize=1)
def prior_idf() -> dict[str, float]:
    """Inverse document frequencies of general Chinese, from jieba's own table."""
    text = resources.files("jieba").joinpath("analyse/idf.txt").read_text("utf-8")
    return {word: float(value) for word, _, value in (line.partition(" ") for line in text.splitlines())}


def is_pair(term: str) -> bool:
    """Whether a term is a pair of characters of the title, not a word."""
    return term.startswith(_PAIR)


class Weights:
    """Inverse document frequencies learned over the running window, on top of a prior."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()
        self._articles = 0
        self._prior = prior_idf()
        ranked = sorted(self._prior.values())
        self._usual = ranked[len(ranked) // 2]

    def learn(self, terms: Terms) -> None:
        """Count one article; old ones fade: at a full window every count is halved."""
        self._articles += 1
        self._seen.update({*terms.title, *terms.text, *terms.pairs})
        if self._articles >= WINDOW_ARTICLES:
            self._articles //= 2
            self._seen = Counter({term: n // 2 for term, n in self._seen.items() if n > 1})

    def idf(self, term: str) -> float:
        """ln of how rare a term is, by the window and the prior together; never negative."""
        if is_pair(term):
            return max(0.0, math.log((PRIOR_PAIRS + self._articles + 1) / (self._seen[term] + 0.5)))
        expected = PRIOR_ARTICLES * math.exp(-self._prior.get(term, self._usual))
        return max(0.0, math.log((PRIOR_ARTICLES + self._articles + 1) / (expected + self._seen[term] + 0.5)))

    def vector(self, terms: Terms) -> Vector:
        """Unit vector: sublinear TF × IDF of words, and of the title's pairs, in fixed shares."""
        counts = Counter(terms.text)
        for word in terms.title:
            counts[word] += TITLE_COUNTS
        words = {
            word: (1 + math.log(count)) * self.idf(word) * (NAME_WEIGHT if is_name(word) else 1.0)
            for word, count in counts.items()
        }
        pairs = {pair: count * self.idf(pair) for pair, count in Counter(terms.pairs).items()}
        share = TITLE_SHARE if words else 1.0
        vector = _scaled(words, math.sqrt(1 - share))
        vector.update(_scaled(pairs, math.sqrt(share if pairs else 0.0)))
        return vector


def _scaled(part: Vector, length: float) -> Vector:
    norm = math.sqrt(sum(value * value for value in part.values()))
    if not norm or not length:
        return {}
    factor = length / norm
    return {term: value * factor for term, value in part.items() if value > 0}
