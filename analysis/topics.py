"""Finding topics (话题) online: each new article joins the topic whose core it is like, or begins one."""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from analysis.brief import Brief
from analysis.core import CONTINUED, Core
from analysis.duplicates import CarrierIndex
from analysis.repair import FEW_WORDS, Pool, regroup
from analysis.segment import content_words, cut
from analysis.terms import Values
from analysis.vectors import Counts, Vector, Weights

JOIN_FROM = 0.145  # likeness to a topic from which an article belongs to it
NEAR_FROM = 0.11  # likeness from which two topics are looked at again together
SURE_FROM = 0.25  # likeness from which a text that joined is not looked at again
PROBES = 10  # heaviest words of an article, and pairs of its title, by which topics find it and it finds topics
LOOKED_UP = 150  # topics met under those terms at most, the rarest terms first, the newest topics first
MEETING = 0.2  # share of the heavy terms that the best candidate shares, which another must share
CANDIDATES = 4  # of which so many are compared in full
SHARED_WORDS = 2  # that must meet: short titles that share only the city's name are not about one event
LONG_CORE = 60  # terms; fewer are those of titles
SPOKEN_WORDS, SPOKEN_OF = 3, 80  # words that must meet, of a topic's heaviest
BATCH = 500  # as many as are read together (`segment.in_helpers`)
REPAIRED_UP_TO = 40  # own texts; a larger topic has many sides and is not taken apart
POOL = 100  # own texts that are regrouped together at most

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Document:
    """An article as the topic window needs it. `regions` are those its title names (`places.regions_of`);
    `fixed`: a person put it where it is.
    """

    id: int
    brief: Brief
    at: datetime
    regions: frozenset[str] = frozenset()
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an article went. `repeats` is the article whose text it carries, None for its own text."""

    article_id: int
    topic_id: int
    likeness: float
    repeats: int | None
    new_topic: bool


@dataclass(frozen=True, slots=True)
class Move:
    """An article that a repair, or a person, put into another topic."""

    article_id: int
    before: int
    after: int


@dataclass(slots=True)
class _Member:
    """An article in the window. `counts` is None for a carrier, which follows the text it carries."""

    topic: int
    counts: Counts | None
    regions: frozenset[str]
    fixed: bool
    repeats: int | None


class TopicWindow:
    """The active topics. Rebuilt from stored articles with `restore`, then grown with `place`."""

    def __init__(self, next_topic_id: int = 1) -> None:
        self.weights = Weights()
        self._carriers = CarrierIndex()
        self._cores: dict[int, Core] = {}
        self._members: dict[int, _Member] = {}
        self._texts_of: dict[int, list[int]] = {}  # topic → its own texts
        self._carried_by: dict[int, list[int]] = {}  # text → the carriers that follow it
        self._postings: dict[int, list[int]] = {}  # term → topics that it is heavy in
        self._heavy: dict[int, set[int]] = {}  # topic → the terms it is posted under
        self._arrived: deque[tuple[datetime, int]] = deque()
        self._near: dict[int, set[int]] = {}  # topics to be looked at again, and with which others
        self._kept: frozenset[int] = frozenset()
        self._next_topic_id = next_topic_id
        self._dense: Values = np.zeros(0, dtype=np.float32)

    def restore(self, documents: Iterable[tuple[Document, int, int | None]]) -> None:
        """Take back stored articles: (document, its topic, the article it repeats)."""
        known = list(documents)
        counts = [count for some in _batches(known) for count in self._read([document for document, _, _ in some])]
        for (document, topic, repeats), count, vector in zip(known, counts, self.weights.vectors(counts)):
            own = repeats is None
            self._join(document, topic, count if own else None, repeats)
            if own:
                self._take_in(topic, vector, _heaviest(vector), self._product(vector, topic), document.regions)
                self._carriers.add(document.id, document.brief.sketch)

    def place(self, documents: Iterable[Document]) -> list[Placement]:
        """Find the topic of each new article, in order of arrival."""
        return [placed for batch in _batches(list(documents)) for placed in self._place_batch(batch)]

    def forget(self, now: datetime) -> None:
        """Let go of articles and topics that can no longer be continued."""
        while self._arrived and self._arrived[0][0] < now - CONTINUED:
            _, article = self._arrived.popleft()
            self._carriers.remove(article)
            self._carried_by.pop(article, None)
            member = self._members.pop(article, None)
            if member and member.counts is not None and (texts := self._texts_of.get(member.topic)):
                texts.remove(article)
        for topic, core in list(self._cores.items()):
            if core.last_at and core.last_at < now - CONTINUED:
                self._end(topic)

    def keep(self, topics: Iterable[int]) -> None:
        """Topics that a repair neither dissolves nor merges with each other: the office works on them."""
        self._kept = frozenset(topics)

    def topic_of(self, article: int) -> int | None:
        """The topic an article of the window is in."""
        member = self._members.get(article)
        return member.topic if member else None

    def move(self, articles: Sequence[int], topic: int, fixed: bool = True) -> None:
        """Put articles where a person wants them (or, not `fixed`, no longer does); carriers follow their text."""
        changed: set[int] = {topic}
        for article in articles:
            member = self._members.get(article)
            if member is None:
                continue
            member.fixed = fixed
            changed.add(member.topic)
            self._shift(article, topic)
            for carrier in self._carried_by.get(article, ()):
                self._members[carrier].topic = topic
        for id in changed:
            texts = self._texts_of.get(id, [])
            self._rebuild(id, dict(zip(texts, self._vectors(texts))))

    def repair(self) -> list[Move]:
        """Look again at topics that met since the last repair: merge those that are one, split those that
        fall apart, move texts that fit elsewhere. Articles that a person placed stay.

        The parts of a topic that is split: the largest keeps the id. Of topics that merge, the largest too.
        """
        near, self._near = self._near, {}
        pools: list[list[int]] = []
        done: set[int] = set()
        for topic in sorted(near):
            if topic not in done and self._repairable(topic):
                together = self._together(topic, near, done)
                done.update(together)
                if sum(len(self._texts_of[id]) for id in together) > 1:
                    pools.append(together)
        texts = [article for pool in pools for topic in pool for article in self._texts_of[topic]]
        vectors = dict(zip(texts, self._vectors(texts)))
        moves = [move for pool in pools for move in self._regroup(pool, vectors)]
        for id in {topic for move in moves for topic in (move.before, move.after)}:
            self._rebuild(id, vectors)
        return moves

    def speaks_of(self, topic_id: int, sentence: str) -> float:
        """Share (0–1) of what a sentence says, by the weight of its words, that a topic is about.

        0 where fewer than SPOKEN_WORDS of them meet (two, in a sentence of three or less): a city's name
        and 爆炸 alone are not one event.
        """
        core = self._cores.get(topic_id)
        weight = {word: self.weights.idf(word) for word in set(content_words(cut(sentence)))}
        if core is None or not weight:
            return 0.0
        core.draw_together()
        heaviest = core.ids[np.argsort(-core.values, kind="stable")]
        heaviest = heaviest[self.weights.are_words(heaviest)][:SPOKEN_OF]
        met = weight.keys() & {self.weights.word(int(number)) for number in heaviest}
        least = min(SPOKEN_WORDS, max(2, len(weight) - 1))
        return sum(weight[word] for word in met) / sum(weight.values()) if len(met) >= least else 0.0

    def kinship(self, one: int, other: int) -> float:
        """Cosine (0–1) of the words of two topics, whatever their titles say; 0 where one is not in the window."""
        first, second = self._words(one), self._words(other)
        lengths = math.sqrt(float(first @ first) * float(second @ second))
        return float(first @ second) / lengths if lengths else 0.0

    def _words(self, topic: int) -> Values:
        found = np.zeros(self.weights.size, dtype=np.float32)
        if core := self._cores.get(topic):
            words = self.weights.are_words(core.ids)
            np.add.at(found, core.ids[words], core.values[words])
        return found

    def _place_batch(self, batch: Sequence[Document]) -> Iterator[Placement]:
        counts = self._read(batch)
        for document, count, vector in zip(batch, counts, self.weights.vectors(counts)):
            first = self._carriers.first_of(document.brief.sketch)
            if first is not None and (carried := self._members.get(first)) and carried.topic in self._cores:
                self._join(document, carried.topic, None, first)
                yield Placement(document.id, carried.topic, 1.0, first, False)
                continue
            heavy = _heaviest(vector)
            topic, likeness, product, near = self._nearest(vector, heavy, document)
            new = likeness < JOIN_FROM
            if new:
                topic, product = self._next_topic_id, 0.0
                self._next_topic_id += 1
            near.discard(topic)
            if not new and (near or likeness < SURE_FROM):
                self._near.setdefault(topic, set()).update(near)
            self._join(document, topic, count, None)
            self._take_in(topic, vector, heavy, product, document.regions)
            self._carriers.add(document.id, document.brief.sketch)
            yield Placement(document.id, topic, 1.0 if new else likeness, None, new)

    def _read(self, batch: Sequence[Document]) -> list[Counts]:
        """What a batch says, learned by the weights."""
        counts = self.weights.counts([document.brief for document in batch])
        self.weights.learn(counts)
        return counts

    def _nearest(self, vector: Vector, heavy: Sequence[int], document: Document) -> tuple[int, float, float, set[int]]:
        """(topic most like a vector with those heavy terms, likeness, inner product, all topics that are near); (0, 0, 0, …) for none."""
        best, found, product = 0.0, 0, 0.0
        near: set[int] = set()
        candidates = self._candidates(heavy)
        if not candidates:
            return found, best, product, near
        dense = self._spread(vector)
        for topic in candidates:
            core = self._cores[topic]
            meets = float(dense.take(core.ids) @ core.values)
            if meets < NEAR_FROM * core.scale:
                continue
            like = meets / core.scale * core.freshness(document.at) * core.elsewhere(document.regions)
            if like >= NEAR_FROM and self._share_words(vector, dense, core):
                near.add(topic)
                if like > best:
                    best, found, product = like, topic, meets
        dense[vector.ids] = 0.0
        return found, best, product, near

    def _candidates(self, heavy: Sequence[int]) -> list[int]:
        """The topics that share most of a vector's heaviest terms."""
        left, met = LOOKED_UP, []
        for term in heavy:
            if posted := self._postings.get(term):
                met.append(posted if len(posted) <= left else posted[-left:])
                left -= len(posted)
                if left <= 0:
                    break
        shared = Counter(chain.from_iterable(met))
        if not shared:
            return []
        best = sorted(shared, key=shared.__getitem__, reverse=True)[:CANDIDATES]
        least = MEETING * shared[best[0]]
        return [topic for topic in best if shared[topic] >= least]

    def _spread(self, vector: Vector) -> Values:
        if len(self._dense) < self.weights.size:
            self._dense = np.zeros(self.weights.size * 5 // 4 + 1024, dtype=np.float32)
        self._dense[vector.ids] = vector.values
        return self._dense

    def _product(self, vector: Vector, topic: int) -> float:
        core = self._cores[topic]
        dense = self._spread(vector)
        inner = float(dense[core.ids] @ core.values)
        dense[vector.ids] = 0.0
        return inner

    def _share_words(self, vector: Vector, dense: Values, core: Core) -> bool:
        """Whether enough words meet; of long texts that are alike they always do."""
        if vector.words >= FEW_WORDS and len(core.ids) >= LONG_CORE:
            return True
        met = core.ids[dense.take(core.ids) > 0]
        return len(np.unique(met[self.weights.are_words(met)])) >= SHARED_WORDS

    def _join(self, document: Document, topic: int, counts: Counts | None, repeats: int | None) -> None:
        core = self._cores.setdefault(topic, Core())
        core.touch(document.at)
        texts = self._texts_of.setdefault(topic, [])
        self._members[document.id] = _Member(topic, counts, document.regions, document.fixed, repeats)
        self._arrived.append((document.at, document.id))
        if counts is not None:
            texts.append(document.id)
        elif repeats is not None:
            self._carried_by.setdefault(repeats, []).append(document.id)

    def _take_in(
        self, topic: int, vector: Vector, heavy: Sequence[int], product: float, regions: frozenset[str]
    ) -> None:
        self._cores[topic].add(vector, product, regions)
        self._post(topic, heavy)

    def _post(self, topic: int, terms: Iterable[int]) -> None:
        heavy = self._heavy.setdefault(topic, set())
        for term in terms:
            if term not in heavy:
                heavy.add(term)
                self._postings.setdefault(term, []).append(topic)

    def _unpost(self, topic: int, terms: Iterable[int]) -> None:
        for term in terms:
            posted = self._postings[term]
            posted.remove(topic)
            if not posted:
                del self._postings[term]

    def _end(self, topic: int) -> None:
        self._cores.pop(topic, None)
        self._texts_of.pop(topic, None)
        self._near.pop(topic, None)
        self._unpost(topic, self._heavy.pop(topic, ()))

    def _repairable(self, topic: int) -> bool:
        return 0 < len(self._texts_of.get(topic, ())) <= REPAIRED_UP_TO

    def _together(self, topic: int, near: dict[int, set[int]], done: set[int]) -> list[int]:
        """A topic with those it met, and those that they met, as far as the pool has room."""
        found, room, queue = [topic], POOL - len(self._texts_of[topic]), deque(sorted(near.get(topic, ())))
        while queue:
            other = queue.popleft()
            if other in found or other in done or not self._repairable(other) or len(self._texts_of[other]) > room:
                continue
            found.append(other)
            room -= len(self._texts_of[other])
            queue.extend(sorted(near.get(other, set()) - set(found)))
        return found

    def _regroup(self, topics: Sequence[int], vectors: Mapping[int, Vector]) -> list[Move]:
        articles = [article for topic in topics for article in self._texts_of[topic]]
        members = [self._members[article] for article in articles]
        first = {self._texts_of[topic][0] for topic in topics if topic in self._kept}
        fixed = [article in first or member.fixed for article, member in zip(articles, members)]
        placed_in = [member.topic if still else None for member, still in zip(members, fixed)]
        groups = regroup(
            Pool([vectors[article] for article in articles], [m.regions for m in members], placed_in),
            JOIN_FROM,
            SHARED_WORDS,
        )
        names: dict[int, int] = {}
        held = Counter(zip(groups, [m.topic for m in members]))
        bound = {(group, topic) for group, topic in zip(groups, placed_in) if topic is not None}
        taken: set[int] = set()
        for (group, topic), _ in sorted(held.items(), key=lambda item: (item[0] not in bound, -item[1], item[0][1])):
            if group not in names and topic not in taken:
                names[group] = topic
                taken.add(topic)
        moves = []
        for article, member, group in zip(articles, members, groups):
            if group not in names:
                names[group] = self._next_topic_id
                self._next_topic_id += 1
            if names[group] != member.topic:
                moves.append(Move(article, member.topic, names[group]))
        for move in list(moves):
            self._shift(move.article_id, move.after)
            for carrier in self._carried_by.get(move.article_id, ()):
                moves.append(Move(carrier, move.before, move.after))
                self._members[carrier].topic = move.after
        return moves

    def _shift(self, article: int, topic: int) -> None:
        """Take a text, or a carrier, from its topic to another; the cores are rebuilt by who calls."""
        member = self._members[article]
        if member.topic == topic:
            return
        self._cores.setdefault(topic, Core())
        texts = self._texts_of.setdefault(topic, [])
        if member.counts is not None:
            self._texts_of[member.topic].remove(article)
            texts.append(article)
        member.topic = topic

    def _vectors(self, articles: Sequence[int]) -> list[Vector]:
        counts = [counts for article in articles if (counts := self._members[article].counts) is not None]
        return self.weights.vectors(counts)

    def _rebuild(self, topic: int, vectors: Mapping[int, Vector]) -> None:
        """Sum a topic's core anew from its texts, by today's weights; a topic without texts ends."""
        texts = self._texts_of.get(topic)
        core = self._cores.get(topic)
        if not texts or core is None:
            self._end(topic)
            return
        own = [vectors[article] for article in texts]
        core.sum_up(own, [self._members[article].regions for article in texts])
        heavy = {term for vector in own for term in _heaviest(vector)}
        held = self._heavy.setdefault(topic, set())
        gone = held - heavy
        held -= gone
        self._unpost(topic, gone)
        self._post(topic, sorted(heavy - held))


def _heaviest(vector: Vector) -> list[int]:
    """The terms of a vector by which it is looked up: the PROBES heaviest words and as many pairs, by weight."""
    ids, values, words = vector.ids, vector.values, vector.words
    heavy = _top(values[:words]), words + _top(values[words:])
    order = np.concatenate(heavy)
    found: list[int] = ids[order[np.argsort(-values[order], kind="stable")]].tolist()
    return found


def _top(values: Values) -> npt.NDArray[np.intp]:
    return np.argpartition(values, -PROBES)[-PROBES:] if len(values) > PROBES else np.arange(len(values))


def _batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
