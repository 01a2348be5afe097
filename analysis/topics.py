"""Finding topics (话题) online: each new article joins the topic whose centroid it is like, or begins one."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import heappop, heappush
from itertools import chain, islice
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from analysis.brief import Brief
from analysis.centroid import CONTINUED, NOTHING, Centroid, Named
from analysis.near_duplicates import NearDuplicateIndex
from analysis.reclustering import FEW_WORDS, Pool, cluster
from analysis.segment import content_words, cut
from analysis.terms import Ids, Values
from analysis.vectors import Counts, Vector, Weights

JOIN_FROM = 0.145  # similarity to a topic from which an article belongs to it
NEAR_FROM = 0.11  # similarity from which two topics are looked at again together
SURE_FROM = 0.25  # similarity from which a text that joined is not looked at again
PROBES = 10  # heaviest words of an article, and pairs of its title, by which topics find it and it finds topics
LOOKED_UP = 150  # topics met under those terms at most, the rarest terms first, the newest topics first
MEETING = 0.2  # share of the heavy terms that the best candidate shares, which another must share
CANDIDATES = 4  # of which so many are compared in full
SHARED_WORDS = 2  # that must meet: short titles that share only the city's name are not about one event
LONG_CENTROID = 60  # terms; fewer are those of titles
SPOKEN_WORDS, SPOKEN_OF = 3, 80  # words that must meet, of a topic's heaviest
BATCH = 500  # as many as are read together (`parallel.Helpers`)
RECLUSTERED_UP_TO = 40  # own texts; a larger topic has many sides and is not taken apart
MOST_ARTICLES = 150_000  # in the window; of more, as when years are imported at once, the oldest are let go
POOL = 100  # own texts that are reclustered together at most

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Document:
    """An article as the topic window needs it. `named` is what its title names; `fixed`: a person put it where it is."""

    id: int
    brief: Brief
    at: datetime
    named: Named = NOTHING
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an article went. `repeats` is the article it is a near-duplicate of, None for a text of its own."""

    article_id: int
    topic_id: int
    similarity: float
    repeats: int | None


@dataclass(frozen=True, slots=True)
class Move:
    """An article that a reclustering, or a person, put into another topic."""

    article_id: int
    before: int
    after: int


@dataclass(slots=True)
class _Member:
    """An article in the window. `counts` is None for a near-duplicate, which follows the text it repeats."""

    topic: int
    counts: Counts | None
    named: Named
    fixed: bool
    repeats: int | None


class TopicWindow:
    """The active topics. Rebuilt from stored articles with `restore`, then grown with `place`."""

    def __init__(self, next_topic_id: int = 1) -> None:
        self.weights = Weights()
        self._near_duplicates = NearDuplicateIndex()
        self._centroids: dict[int, Centroid] = {}
        self._members: dict[int, _Member] = {}
        self._texts_of: dict[int, list[int]] = {}  # topic → its own texts
        self._duplicates_of: dict[int, list[int]] = {}  # text → the near-duplicates that follow it
        self._postings: dict[int, list[int]] = {}  # term → topics that it is heavy in
        self._heavy: dict[int, set[int]] = {}  # topic → the terms it is posted under
        self._arrived: list[tuple[datetime, int]] = []  # a heap, the oldest first, whatever order they came in
        self._near: dict[int, set[int]] = {}  # topics to be looked at again, and with which others
        self._kept: frozenset[int] = frozenset()
        self._next_topic_id = next_topic_id
        self._dense: Values = np.zeros(0, dtype=np.float32)

    def restore(self, documents: Iterable[tuple[Document, int, int | None]]) -> None:
        """Take back stored articles: (document, its topic, the article it repeats)."""
        for known in _batches(documents):
            counts = self._read([document for document, _, _ in known])
            for (document, topic, repeats), count, vector in zip(known, counts, self.weights.vectors(counts)):
                own = repeats is None
                self._join(document, topic, count if own else None, repeats)
                if own:
                    self._take_in(topic, vector, _heaviest(vector), self._product(vector, topic), document.named)
                    self._near_duplicates.add(document.id, document.brief.sketch)

    def place(self, documents: Iterable[Document]) -> list[Placement]:
        """Find the topic of each new article, in order of arrival; one placement for each.

        Single-pass clustering (Allan, Papka and Lavrenko, "On-line new event detection and tracking", SIGIR 1998): a
        near-duplicate goes with the text it repeats, any other text to the most similar topic from JOIN_FROM, or it
        begins one.
        """
        return [placed for batch in _batches(documents) for placed in self._place_batch(batch)]

    def expire(self, now: datetime, most: int = MOST_ARTICLES) -> None:
        """Let go of articles and topics that can no longer be continued, and of the oldest beyond `most` articles."""
        while self._arrived and self._arrived[0][0] < now - CONTINUED:
            self._drop(heappop(self._arrived)[1])
        while len(self._arrived) > most:
            topic = self._drop(heappop(self._arrived)[1])
            if topic is not None and not self._texts_of.get(topic):
                self._end(topic)
        for topic, centroid in list(self._centroids.items()):
            if centroid.last_at and centroid.last_at < now - CONTINUED:
                self._end(topic)

    def _drop(self, article: int) -> int | None:
        """Forget an article; the topic it was in."""
        self._near_duplicates.remove(article)
        self._duplicates_of.pop(article, None)
        member = self._members.pop(article, None)
        if member is None:
            return None
        if member.counts is not None and (texts := self._texts_of.get(member.topic)):
            texts.remove(article)
        if member.repeats is not None and (duplicates := self._duplicates_of.get(member.repeats)):
            duplicates.remove(article)  # it may be older than the text it repeats
        return member.topic

    def keep(self, topics: Iterable[int]) -> None:
        """Topics that a reclustering neither dissolves nor merges with each other: the office works on them."""
        self._kept = frozenset(topics)

    @property
    def next_topic_id(self) -> int:
        """What the next new topic will be called by."""
        return self._next_topic_id

    def __len__(self) -> int:
        """How many articles are in the window."""
        return len(self._members)

    def topic_of(self, article: int) -> int | None:
        """The topic an article of the window is in."""
        member = self._members.get(article)
        return member.topic if member else None

    def counts_of(self, article: int) -> Counts | None:
        """What an article of the window says of its own; None for a near-duplicate, and for one that left."""
        member = self._members.get(article)
        return member.counts if member else None

    def move(self, articles: Sequence[int], topic: int, fixed: bool = True) -> None:
        """Put articles where a person wants them (or, not `fixed`, no longer does); near-duplicates follow their text."""
        changed: set[int] = {topic}
        for article in articles:
            member = self._members.get(article)
            if member is None:
                continue
            member.fixed = fixed
            changed.add(member.topic)
            self._shift(article, topic)
            for duplicate in self._duplicates_of.get(article, ()):
                self._members[duplicate].topic = topic
        for id in changed:
            texts = self._texts_of.get(id, [])
            self._rebuild(id, dict(zip(texts, self._vectors(texts))))

    def recluster(self) -> list[Move]:
        """Look again at topics that met since the last reclustering: merge those that are one, split those that
        fall apart, move texts that fit elsewhere. Articles that a person placed stay.

        The parts of a topic that is split: the largest keeps the id. Of topics that merge, the largest too.
        """
        near, self._near = self._near, {}
        pools: list[list[int]] = []
        done: set[int] = set()
        for topic in sorted(near):
            if topic not in done and self._can_recluster(topic):
                together = self._together(topic, near, done)
                done.update(together)
                if sum(len(self._texts_of[id]) for id in together) > 1:
                    pools.append(together)
        texts = [article for pool in pools for topic in pool for article in self._texts_of[topic]]
        vectors = dict(zip(texts, self._vectors(texts)))
        moves = [move for pool in pools for move in self._recluster(pool, vectors)]
        for id in {topic for move in moves for topic in (move.before, move.after)}:
            self._rebuild(id, vectors)
        return moves

    def weigh(self, sentence: str) -> dict[str, float]:
        """The words of a sentence that carry meaning, with their weight, as `share_said` wants them."""
        return {word: self.weights.idf(word) for word in set(content_words(cut(sentence)))}

    def about(self, topic_id: int) -> frozenset[str]:
        """The words that a topic is about, its SPOKEN_OF heaviest; none where it is not in the window."""
        centroid = self._centroids.get(topic_id)
        if centroid is None:
            return frozenset()
        ids, values = centroid.together()
        heaviest = ids[np.argsort(-values, kind="stable")]
        heaviest = heaviest[self.weights.are_words(heaviest)][:SPOKEN_OF]
        return frozenset(map(self.weights.term, heaviest.tolist()))

    def words_of(self, topic: int) -> tuple[Ids, Values]:
        """The words of a topic by number, and what each weighs; none where it is not in the window."""
        centroid = self._centroids.get(topic)
        if centroid is None:
            return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32)
        ids, values = centroid.together()
        words = self.weights.are_words(ids)
        return ids[words], values[words]

    def _place_batch(self, batch: Sequence[Document]) -> Iterator[Placement]:
        counts = self._read(batch)
        for document, count, vector in zip(batch, counts, self.weights.vectors(counts)):
            first = self._near_duplicates.first_of(document.brief.sketch)
            if first is not None and (original := self._members.get(first)) and original.topic in self._centroids:
                self._join(document, original.topic, None, first)
                yield Placement(document.id, original.topic, 1.0, first)
                continue
            heavy = _heaviest(vector)
            topic, similarity, product, near = self._nearest(vector, heavy, document)
            new = similarity < JOIN_FROM
            if new:
                topic, product = self._next_topic_id, 0.0
                self._next_topic_id += 1
            near.discard(topic)
            if not new and (near or similarity < SURE_FROM):
                self._near.setdefault(topic, set()).update(near)
            self._join(document, topic, count, None)
            self._take_in(topic, vector, heavy, product, document.named)
            self._near_duplicates.add(document.id, document.brief.sketch)
            yield Placement(document.id, topic, 1.0 if new else similarity, None)

    def _read(self, batch: Sequence[Document]) -> list[Counts]:
        """What a batch says, learned by the weights."""
        counts = self.weights.counts([document.brief for document in batch])
        self.weights.learn(counts)
        return counts

    def _nearest(self, vector: Vector, heavy: Sequence[int], document: Document) -> tuple[int, float, float, set[int]]:
        """(topic most like a vector with those heavy terms, similarity, inner product, all topics that are near); (0, 0, 0, …) for none."""
        best, nearest, product = 0.0, 0, 0.0
        near: set[int] = set()
        candidates = self._candidates(heavy)
        if not candidates:
            return nearest, best, product, near
        dense, short = self._spread(vector), vector.words < FEW_WORDS
        for topic in candidates:
            centroid = self._centroids[topic]
            meets = float(dense.take(centroid.ids) @ centroid.values)
            if meets < NEAR_FROM * centroid.scale:
                continue
            like = (
                meets
                / centroid.scale
                * centroid.freshness(document.at)
                * centroid.elsewhere(document.named.regions, short)
                * centroid.unlike(document.named.sorts, short)
            )
            if like >= NEAR_FROM and self._share_words(vector, dense, centroid):
                near.add(topic)
                if like > best:
                    best, nearest, product = like, topic, meets
        dense[vector.ids] = 0.0
        return nearest, best, product, near

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
        centroid = self._centroids[topic]
        dense = self._spread(vector)
        inner = float(dense[centroid.ids] @ centroid.values)
        dense[vector.ids] = 0.0
        return inner

    def _share_words(self, vector: Vector, dense: Values, centroid: Centroid) -> bool:
        """Whether enough words meet; of long texts that are alike they always do."""
        if vector.words >= FEW_WORDS and len(centroid.ids) >= LONG_CENTROID:
            return True
        met = centroid.ids[dense.take(centroid.ids) > 0]
        return len(np.unique(met[self.weights.are_words(met)])) >= SHARED_WORDS

    def _join(self, document: Document, topic: int, counts: Counts | None, repeats: int | None) -> None:
        centroid = self._centroids.setdefault(topic, Centroid())
        centroid.touch(document.at)
        texts = self._texts_of.setdefault(topic, [])
        self._members[document.id] = _Member(topic, counts, document.named, document.fixed, repeats)
        heappush(self._arrived, (document.at, document.id))
        if counts is not None:
            texts.append(document.id)
        elif repeats is not None:
            self._duplicates_of.setdefault(repeats, []).append(document.id)

    def _take_in(self, topic: int, vector: Vector, heavy: Sequence[int], product: float, named: Named) -> None:
        self._centroids[topic].add(vector, product, named)
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
        self._centroids.pop(topic, None)
        self._texts_of.pop(topic, None)
        self._near.pop(topic, None)
        self._unpost(topic, self._heavy.pop(topic, ()))

    def _can_recluster(self, topic: int) -> bool:
        return 0 < len(self._texts_of.get(topic, ())) <= RECLUSTERED_UP_TO

    def _together(self, topic: int, near: dict[int, set[int]], done: set[int]) -> list[int]:
        """A topic with those it met, and those that they met, as far as the pool has room."""
        pool, room, queue = [topic], POOL - len(self._texts_of[topic]), deque(sorted(near.get(topic, ())))
        while queue:
            other = queue.popleft()
            if other in pool or other in done or not self._can_recluster(other) or len(self._texts_of[other]) > room:
                continue
            pool.append(other)
            room -= len(self._texts_of[other])
            queue.extend(sorted(near.get(other, set()) - set(pool)))
        return pool

    def _recluster(self, topics: Sequence[int], vectors: Mapping[int, Vector]) -> list[Move]:
        articles = [article for topic in topics for article in self._texts_of[topic]]
        members = [self._members[article] for article in articles]
        first = {self._texts_of[topic][0] for topic in topics if topic in self._kept}
        fixed = [article in first or member.fixed for article, member in zip(articles, members)]
        placed_in = [member.topic if still else None for member, still in zip(members, fixed)]
        groups = cluster(
            Pool([vectors[article] for article in articles], [m.named for m in members], placed_in),
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
            for duplicate in self._duplicates_of.get(move.article_id, ()):
                moves.append(Move(duplicate, move.before, move.after))
                self._members[duplicate].topic = move.after
        return moves

    def _shift(self, article: int, topic: int) -> None:
        """Take a text, or a near-duplicate, from its topic to another; the centroids are rebuilt by who calls."""
        member = self._members[article]
        if member.topic == topic:
            return
        self._centroids.setdefault(topic, Centroid())
        texts = self._texts_of.setdefault(topic, [])
        if member.counts is not None:
            self._texts_of[member.topic].remove(article)
            texts.append(article)
        member.topic = topic

    def _vectors(self, articles: Sequence[int]) -> list[Vector]:
        counts = [counts for article in articles if (counts := self._members[article].counts) is not None]
        return self.weights.vectors(counts)

    def _rebuild(self, topic: int, vectors: Mapping[int, Vector]) -> None:
        """Sum a topic's centroid anew from its texts, by today's weights; a topic without texts ends."""
        texts = self._texts_of.get(topic)
        centroid = self._centroids.get(topic)
        if not texts or centroid is None:
            self._end(topic)
            return
        own = [vectors[article] for article in texts]
        centroid.sum_up(own, [self._members[article].named for article in texts])
        heavy = {term for vector in own for term in _heaviest(vector)}
        held = self._heavy.setdefault(topic, set())
        gone = held - heavy
        held -= gone
        self._unpost(topic, gone)
        self._post(topic, sorted(heavy - held))


def share_said(about: frozenset[str], sentences: Sequence[Mapping[str, float]]) -> float:
    """The greatest share (0–1) of what a sentence says, by the weight of its words, that a topic is `about`.

    A sentence counts where SPOKEN_WORDS of them meet at least (two, in a sentence of three or less): a city's
    name and 爆炸 alone are not one event.
    """
    best = 0.0
    for weight in sentences:
        met = weight.keys() & about
        if len(met) >= min(SPOKEN_WORDS, max(2, len(weight) - 1)):
            best = max(best, sum(weight[word] for word in met) / sum(weight.values()))
    return best


def _heaviest(vector: Vector) -> list[int]:
    """The terms of a vector by which it is looked up: the PROBES heaviest words and as many pairs, by weight."""
    ids, values, words = vector.ids, vector.values, vector.words
    heavy = _top(values[:words]), words + _top(values[words:])
    order = np.concatenate(heavy)
    heaviest: list[int] = ids[order[np.argsort(-values[order], kind="stable")]].tolist()
    return heaviest


def _top(values: Values) -> npt.NDArray[np.intp]:
    return np.argpartition(values, -PROBES)[-PROBES:] if len(values) > PROBES else np.arange(len(values))


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    source = iter(items)
    while batch := list(islice(source, BATCH)):
        yield batch
