"""Finding topics (话题) online: each new article joins the topic whose core it is like, or begins one."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import nlargest

from analysis.duplicates import CarrierIndex, Sketch
from analysis.segment import content_words, cut
from analysis.vectors import Terms, Vector, Weights, is_pair

JOIN_FROM = 0.18  # likeness to a topic from which an article belongs to it
ACTIVE = timedelta(days=7)  # a topic silent longer wants a better match …
CONTINUED = timedelta(days=14)  # … and after this it has ended
FADE = 0.35  # share of likeness lost to a topic that has been silent from ACTIVE to CONTINUED
PROBES = 48  # strongest terms of an article that look for candidate topics
CANDIDATES = 12  # of which so many are compared in full
SHARED_WORDS = 2
SPOKEN_WORDS, SPOKEN_OF = 3, 80  # words that must meet, of a topic's strongest
CORE_TERMS = 300  # kept of a topic's core when it grows past twice that


@dataclass(frozen=True, slots=True)
class Document:
    """An article as the topic window needs it."""

    id: int
    terms: Terms
    sketch: Sketch
    at: datetime


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an article went. `repeats` is the article whose text it carries, None for its own text."""

    article_id: int
    topic_id: int
    likeness: float
    repeats: int | None
    new_topic: bool


@dataclass(slots=True)
class _Core:
    """What a topic is about: the sum of its own texts' vectors; carriers do not shift it."""

    total: Vector = field(default_factory=dict)
    texts: int = 0
    norm: float = 0.0
    last_at: datetime | None = None

    def add(self, vector: Vector, at: datetime) -> None:
        for term, value in vector.items():
            self.total[term] = self.total.get(term, 0.0) + value
        self.texts += 1
        if len(self.total) > 2 * CORE_TERMS:
            self.total = dict(nlargest(CORE_TERMS, self.total.items(), key=lambda item: item[1]))
        self.norm = math.sqrt(sum(value * value for value in self.total.values()))
        self.touch(at)

    def touch(self, at: datetime) -> None:
        self.last_at = at if self.last_at is None else max(self.last_at, at)

    def shares_words(self, vector: Vector) -> bool:
        """Whether two words meet: short titles that share only the city's name are not about one event."""
        return sum(not is_pair(term) and term in self.total for term in vector) >= SHARED_WORDS

    def likeness(self, vector: Vector, at: datetime) -> float:
        """Geometric mean of the average and of the cosine likeness: big topics neither shrink nor swallow."""
        total = self.total
        product = sum(value * total[term] for term, value in vector.items() if term in total)
        if not self.texts or not self.norm:
            return 0.0
        return product / math.sqrt(self.texts * self.norm) * self._freshness(at)

    def _freshness(self, at: datetime) -> float:
        if self.last_at is None:
            return 1.0
        silent = abs(at - self.last_at)
        if silent <= ACTIVE:
            return 1.0
        return 0.0 if silent > CONTINUED else 1.0 - FADE * ((silent - ACTIVE) / (CONTINUED - ACTIVE))


class TopicWindow:
    """The active topics. Rebuilt from stored articles with `restore`, then grown with `place`."""

    def __init__(self, next_topic_id: int = 1) -> None:
        self.weights = Weights()
        self._carriers = CarrierIndex()
        self._cores: dict[int, _Core] = {}
        self._postings: defaultdict[str, set[int]] = defaultdict(set)
        self._topic_of: dict[int, int] = {}
        self._arrived: deque[tuple[datetime, int]] = deque()
        self._next_topic_id = next_topic_id

    def restore(self, documents: Iterable[tuple[Document, int, int | None]]) -> None:
        """Take back stored articles: (document, its topic, the article it repeats)."""
        known = list(documents)
        for document, _, _ in known:
            self.weights.learn(document.terms)
        for document, topic_id, repeats in known:
            self._join(document, topic_id, None if repeats else self.weights.vector(document.terms))

    def place(self, documents: Iterable[Document]) -> list[Placement]:
        """Find the topic of each new article, in order of arrival."""
        return [self._place(document) for document in documents]

    def forget(self, now: datetime) -> None:
        """Let go of articles and topics that can no longer be continued."""
        while self._arrived and self._arrived[0][0] < now - CONTINUED:
            _, article_id = self._arrived.popleft()
            self._carriers.remove(article_id)
            self._topic_of.pop(article_id, None)
        ended = [id for id, core in self._cores.items() if core.last_at and core.last_at < now - CONTINUED]
        for topic_id in ended:
            for term in self._cores.pop(topic_id).total:
                self._postings[term].discard(topic_id)
                if not self._postings[term]:
                    del self._postings[term]

    def speaks_of(self, topic_id: int, sentence: str) -> float:
        """Share (0–1) of what a sentence says, by the weight of its words, that a topic is about.

        0 where fewer than SPOKEN_WORDS of them meet (two, in a sentence of three or less): a city's name
        and 爆炸 alone are not one event.
        """
        core = self._cores.get(topic_id)
        weight = {word: self.weights.idf(word) for word in set(content_words(cut(sentence)))}
        if core is None or not weight:
            return 0.0
        strongest = nlargest(SPOKEN_OF, (term for term in core.total if not is_pair(term)), key=core.total.__getitem__)
        met = weight.keys() & set(strongest)
        least = min(SPOKEN_WORDS, max(2, len(weight) - 1))
        return sum(weight[word] for word in met) / sum(weight.values()) if len(met) >= least else 0.0

    def _place(self, document: Document) -> Placement:
        self.weights.learn(document.terms)
        first = self._carriers.first_of(document.sketch)
        if first is not None and self._topic_of.get(first) in self._cores:
            topic_id = self._topic_of[first]
            self._join(document, topic_id, None)
            return Placement(document.id, topic_id, 1.0, first, False)
        vector = self.weights.vector(document.terms)
        topic_id, likeness = self._nearest(vector, document.at)
        new = likeness < JOIN_FROM
        if new:
            topic_id = self._next_topic_id
            self._next_topic_id += 1
        self._join(document, topic_id, vector)
        return Placement(document.id, topic_id, 1.0 if new else likeness, None, new)

    def _nearest(self, vector: Vector, at: datetime) -> tuple[int, float]:
        """The topic most like a vector, (0, 0.0) if none shares a term."""
        rough: defaultdict[int, float] = defaultdict(float)
        for term, value in nlargest(PROBES, vector.items(), key=lambda item: item[1]):
            for topic_id in self._postings.get(term, ()):
                core = self._cores[topic_id]
                rough[topic_id] += value * core.total.get(term, 0.0) / core.texts
        best, found = 0.0, 0
        for topic_id in nlargest(CANDIDATES, rough, key=rough.__getitem__):
            core = self._cores[topic_id]
            like = core.likeness(vector, at)
            if like > best and core.shares_words(vector):
                best, found = like, topic_id
        return found, best

    def _join(self, document: Document, topic_id: int, vector: Vector | None) -> None:
        core = self._cores.setdefault(topic_id, _Core())
        self._topic_of[document.id] = topic_id
        self._arrived.append((document.at, document.id))
        if vector is None:
            core.touch(document.at)
            return
        core.add(vector, document.at)
        self._carriers.add(document.id, document.sketch)
        for term in vector:
            self._postings[term].add(topic_id)
