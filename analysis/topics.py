"""Finding topics (话题) online: each new article joins the topic whose core it is like, or begins one."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import numpy as np

from analysis.core import CONTINUED, Core
from analysis.duplicates import CarrierIndex, sketches_of
from analysis.repair import Pool, regroup
from analysis.segment import content_words, cut
from analysis.vectors import Counts, Terms, Values, Vector, Weights

JOIN_FROM = 0.145  # likeness to a topic from which an article belongs to it
NEAR_FROM = 0.09  # likeness from which two topics are looked at again together
SURE_FROM = 0.25  # likeness from which a text that joined is not looked at again
PROBES = 24  # heaviest terms of an article by which topics find it and it finds topics
LOOKED_UP = 600  # topics met under those terms at most, the rarest terms first, the newest topics first
CANDIDATES = 8  # of which so many are compared in full
SHARED_WORDS = 2  # that must meet: short titles that share only the city's name are not about one event
SPOKEN_WORDS, SPOKEN_OF = 3, 80  # words that must meet, of a topic's heaviest
BATCH = 512
REPAIRED_UP_TO = 40  # own texts; a larger topic has many sides and is not taken apart
POOL = 100  # own texts that are regrouped together at most

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Document:
    """An article as the topic window needs it. `fixed`: a person put it where it is."""

    id: int
    terms: Terms
    at: datetime
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
        self._postings: dict[int, list[int]] = {}  # term → topics that it is heavy in
        self._heavy: dict[int, set[int]] = {}  # topic → the terms it is posted under
        self._arrived: deque[tuple[datetime, int]] = deque()
        self._near: dict[int, set[int]] = {}  # topics to be looked at again, and with which others
        self._next_topic_id = next_topic_id
        self._dense: Values = np.zeros(0, dtype=np.float32)

    def restore(self, documents: Iterable[tuple[Document, int, int | None]]) -> None:
        """Take back stored articles: (document, its topic, the article it repeats)."""
        known = list(documents)
        counts: list[Counts] = []
        for batch in _batches([document.terms for document, _, _ in known]):
            counts += self.weights.count(batch)
            self.weights.learn(counts[-len(batch) :])
        vectors, sketches = self.weights.vectors(counts), sketches_of([d.terms for d, _, _ in known])
        for (document, topic, repeats), count, vector, sketch in zip(known, counts, vectors, sketches):
            own = repeats is None
            self._join(document, topic, count if own else None, repeats)
            if own:
                self._take_in(topic, vector, self._product(vector, topic))
                self._carriers.add(document.id, sketch)

    def place(self, documents: Iterable[Document]) -> list[Placement]:
        """Find the topic of each new article, in order of arrival."""
        return [placed for batch in _batches(list(documents)) for placed in self._place_batch(batch)]

    def forget(self, now: datetime) -> None:
        """Let go of articles and topics that can no longer be continued."""
        while self._arrived and self._arrived[0][0] < now - CONTINUED:
            _, article = self._arrived.popleft()
            self._carriers.remove(article)
            member = self._members.pop(article, None)
            if member and member.counts is not None:
                self._texts_of[member.topic].remove(article)
        for topic, core in list(self._cores.items()):
            if core.last_at and core.last_at < now - CONTINUED:
                self._end(topic)

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
        for id in changed:
            self._rebuild(id)

    def repair(self) -> list[Move]:
        """Look again at topics that met since the last repair: merge those that are one, split those that
        fall apart, move texts that fit elsewhere. Articles that a person placed stay.

        The parts of a topic that is split: the largest keeps the id. Of topics that merge, the largest too.
        """
        near, self._near = self._near, {}
        moves: list[Move] = []
        done: set[int] = set()
        for topic in sorted(near):
            if topic in done or not self._repairable(topic):
                continue
            together = self._together(topic, near)
            done.update(together)
            moves += self._regroup(together)
        for id in {topic for move in moves for topic in (move.before, move.after)}:
            self._rebuild(id)
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

    def _place_batch(self, batch: Sequence[Document]) -> Iterator[Placement]:
        counts = self.weights.count([document.terms for document in batch])
        self.weights.learn(counts)
        vectors, sketches = self.weights.vectors(counts), sketches_of([d.terms for d in batch])
        for document, count, vector, sketch in zip(batch, counts, vectors, sketches):
            first = self._carriers.first_of(sketch)
            if first is not None and (carried := self._members.get(first)) and carried.topic in self._cores:
                self._join(document, carried.topic, None, first)
                yield Placement(document.id, carried.topic, 1.0, first, False)
                continue
            topic, likeness, product, near = self._nearest(vector, document.at)
            new = likeness < JOIN_FROM
            if new:
                topic, product = self._next_topic_id, 0.0
                self._next_topic_id += 1
            near.discard(topic)
            if near or likeness < SURE_FROM:
                self._near.setdefault(topic, set()).update(near)
            self._join(document, topic, count, None)
            self._take_in(topic, vector, product)
            self._carriers.add(document.id, sketch)
            yield Placement(document.id, topic, 1.0 if new else likeness, None, new)

    def _nearest(self, vector: Vector, at: datetime) -> tuple[int, float, float, set[int]]:
        """(topic most like a vector, likeness, inner product, all topics that are near); (0, 0, 0, …) for none."""
        best, found, product = 0.0, 0, 0.0
        near: set[int] = set()
        candidates = self._candidates(vector)
        if not candidates:
            return found, best, product, near
        dense = self._spread(vector)
        for topic in candidates:
            core = self._cores[topic]
            inner = float(dense[core.ids] @ core.values)
            like = inner / core.scale * core.freshness(at)
            if like >= NEAR_FROM and self._share_words(dense, core):
                near.add(topic)
                if like > best:
                    best, found, product = like, topic, inner
        dense[vector.ids] = 0.0
        return found, best, product, near

    def _candidates(self, vector: Vector) -> list[int]:
        """The topics that meet most of a vector's weight among its heaviest terms."""
        rough: dict[int, float] = {}
        left = LOOKED_UP
        ids, values = _heaviest(vector)
        for term, value in zip(ids, values):
            posted = self._postings.get(term)
            if posted is None:
                continue
            for topic in posted if len(posted) <= left else posted[-left:]:
                rough[topic] = rough.get(topic, 0.0) + value
            left -= len(posted)
            if left <= 0:
                break
        if len(rough) <= CANDIDATES:
            return list(rough)
        return sorted(rough, key=rough.__getitem__, reverse=True)[:CANDIDATES]

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

    def _share_words(self, dense: Values, core: Core) -> bool:
        met = core.ids[dense[core.ids] > 0]
        words = met[self.weights.are_words(met)]
        return len(words) >= SHARED_WORDS and len(set(words.tolist())) >= SHARED_WORDS

    def _join(self, document: Document, topic: int, counts: Counts | None, repeats: int | None) -> None:
        core = self._cores.setdefault(topic, Core())
        core.touch(document.at)
        texts = self._texts_of.setdefault(topic, [])
        self._members[document.id] = _Member(topic, counts, document.fixed, repeats)
        self._arrived.append((document.at, document.id))
        if counts is not None:
            texts.append(document.id)

    def _take_in(self, topic: int, vector: Vector, product: float) -> None:
        self._cores[topic].add(vector, product)
        self._post(topic, _heaviest(vector)[0])

    def _post(self, topic: int, terms: Iterable[int]) -> None:
        heavy = self._heavy.setdefault(topic, set())
        for term in terms:
            if term not in heavy:
                heavy.add(term)
                self._postings.setdefault(term, []).append(topic)

    def _end(self, topic: int) -> None:
        self._cores.pop(topic, None)
        self._texts_of.pop(topic, None)
        self._near.pop(topic, None)
        for term in self._heavy.pop(topic, ()):
            posted = self._postings[term]
            posted.remove(topic)
            if not posted:
                del self._postings[term]

    def _repairable(self, topic: int) -> bool:
        return 0 < len(self._texts_of.get(topic, ())) <= REPAIRED_UP_TO

    def _together(self, topic: int, near: dict[int, set[int]]) -> list[int]:
        """A topic with those it met, and those that they met, as far as the pool has room."""
        found, room, queue = [topic], POOL - len(self._texts_of[topic]), deque(sorted(near.get(topic, ())))
        while queue:
            other = queue.popleft()
            if other in found or not self._repairable(other) or len(self._texts_of[other]) > room:
                continue
            found.append(other)
            room -= len(self._texts_of[other])
            queue.extend(sorted(near.get(other, set()) - set(found)))
        return found

    def _regroup(self, topics: Sequence[int]) -> list[Move]:
        articles = [article for topic in topics for article in self._texts_of[topic]]
        members = [self._members[article] for article in articles]
        vectors = self.weights.vectors([m.counts for m in members if m.counts is not None])
        pool = Pool(vectors, [m.topic for m in members], [m.fixed for m in members])
        groups = regroup(pool, self.weights, JOIN_FROM, SHARED_WORDS)
        names: dict[int, int] = {}
        held = Counter(zip(groups, pool.topics))
        fixed = {(group, m.topic) for group, m in zip(groups, members) if m.fixed}
        taken: set[int] = set()
        for (group, topic), _ in sorted(held.items(), key=lambda item: (item[0] not in fixed, -item[1], item[0][1])):
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
        followers: dict[int, list[int]] = {}
        if moves:
            moved = {move.article_id for move in moves}
            for id, member in self._members.items():
                if member.repeats in moved:
                    followers.setdefault(member.repeats or 0, []).append(id)
        for move in list(moves):
            self._shift(move.article_id, move.after)
            for carrier in followers.get(move.article_id, ()):
                moves.append(Move(carrier, self._members[carrier].topic, move.after))
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

    def _rebuild(self, topic: int) -> None:
        """Sum a topic's core anew from its texts, by today's weights; a topic without texts ends."""
        texts = self._texts_of.get(topic)
        old = self._cores.get(topic)
        if not texts or old is None:
            self._end(topic)
            return
        last = old.last_at
        self._end(topic)
        self._cores[topic] = Core(last_at=last)
        self._texts_of[topic] = texts
        counts = [counts for article in texts if (counts := self._members[article].counts) is not None]
        for vector in self.weights.vectors(counts):
            self._take_in(topic, vector, self._product(vector, topic))


def _heaviest(vector: Vector) -> tuple[list[int], list[float]]:
    """The ids and values of the PROBES heaviest terms of a vector, the heaviest first."""
    values = vector.values
    if len(values) > PROBES:
        order = np.argpartition(values, -PROBES)[-PROBES:]
        order = order[np.argsort(-values[order], kind="stable")]
    else:
        order = np.argsort(-values, kind="stable")
    return vector.ids[order].tolist(), values[order].tolist()


def _batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
