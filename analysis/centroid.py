"""What a topic is about (its centroid): the sum of its own texts' vectors, and how like it something is."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain

import numpy as np

from analysis.terms import Ids, Values
from analysis.vectors import Vector

ACTIVE = timedelta(days=7)  # a topic silent longer wants a better match …
CONTINUED = timedelta(days=14)  # … and after this it has ended
FADE = 0.35  # share of similarity lost to a topic that has been silent from ACTIVE to CONTINUED
SMALL = 10  # own texts up to which a topic's similarity is the plain average; see `_scale`
CENTROID_TERMS = 300  # kept of a centroid when it grows past ROOM entries
ROOM = 1000
ELSEWHERE = 0.6  # what similarity is multiplied by where titles name different provinces or countries
SHORT_ELSEWHERE = -100.0  # … and of titles alone the similarity: bulletins of one form from many provinces share most
UNLIKE, SHORT_UNLIKE = 0.3, 0.2  # what similarity is multiplied by where titles name different sorts of sudden event
COMMON = 0.2  # share of a topic's titles that name a place of it


@dataclass(frozen=True, slots=True)
class Named:
    """What a title names by which events are told apart: regions (`places.regions_of`), and sorts of sudden event
    (`happenings.sorts_of`).
    """

    regions: frozenset[str] = frozenset()
    sorts: frozenset[int] = frozenset()


NOTHING = Named()


@dataclass(slots=True)
class Centroid:
    """The sum of the vectors of a topic's own texts (near-duplicates do not shift it).

    `ids` and `values` are that sum as entries that may repeat a term; they are drawn together when
    there are many. `square` is the squared length of the sum, `scale` what an inner
    product is divided by to give a similarity.
    """

    ids: Ids = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    values: Values = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    texts: int = 0
    square: float = 0.0
    scale: float = math.inf
    last_at: datetime | None = None
    regions: Counter[str] = field(default_factory=Counter)
    sorts: Counter[int] = field(default_factory=Counter)
    sorted: int = 0  # titles that name any sort

    def add(self, vector: Vector, product: float, named: Named) -> None:
        """Take a text in, with what its title names; `product` is its inner product with this centroid."""
        self.regions.update(named.regions)
        self.sorts.update(named.sorts)
        self.sorted += bool(named.sorts)
        self.ids = np.concatenate([self.ids, vector.ids])
        self.values = np.concatenate([self.values, vector.values])
        self.texts += 1
        self.square += 2 * product + 1
        self.scale = _scale(self.texts, self.square)
        if len(self.ids) > ROOM:
            self.draw_together(CENTROID_TERMS)

    def sum_up(self, vectors: Sequence[Vector], named: Sequence[Named]) -> None:
        """Be the sum of these texts and no others; there must be one at least."""
        self.regions = Counter(chain.from_iterable(one.regions for one in named))
        self.sorts = Counter(chain.from_iterable(one.sorts for one in named))
        self.sorted = sum(bool(one.sorts) for one in named)
        self.ids = np.concatenate([vector.ids for vector in vectors])
        self.values = np.concatenate([vector.values for vector in vectors])
        self.texts = len(vectors)
        full = len(self.ids) > ROOM
        self.draw_together()
        self.square = float(self.values @ self.values)
        self.scale = _scale(self.texts, self.square)
        if full:
            self.draw_together(CENTROID_TERMS)

    def touch(self, at: datetime) -> None:
        """Note the time of the newest article."""
        self.last_at = at if self.last_at is None else max(self.last_at, at)

    def draw_together(self, most: int | None = None) -> None:
        """Have each term once, the `most` heaviest only."""
        ids, values = self.together()
        if most is not None and len(ids) > most:
            heaviest = np.sort(np.argpartition(values, -most)[-most:])
            ids, values = ids[heaviest], values[heaviest]
        self.ids, self.values = ids, values

    def together(self) -> tuple[Ids, Values]:
        """Each term once, in order, with its value."""
        ids, place = np.unique(self.ids, return_inverse=True)
        return ids, np.bincount(place, weights=self.values).astype(np.float32)

    def elsewhere(self, regions: frozenset[str], short: bool = False) -> float:
        """ELSEWHERE (for a `short` text below 0) where a title names other places than most of this topic's do, else 1."""
        if short and regions and self.regions:
            return 1.0 if any(region in self.regions for region in regions) else SHORT_ELSEWHERE
        if not regions or 2 * self.regions.total() < self.texts:
            return 1.0
        bar = COMMON * self.texts
        return 1.0 if any(self.regions[region] >= bar for region in regions) else ELSEWHERE

    def unlike(self, sorts: frozenset[int], short: bool = False) -> float:
        """UNLIKE (SHORT_UNLIKE for a `short` text) where a title names other sorts of sudden event than this topic's titles do, else 1."""
        if not sorts or 2 * self.sorted < self.texts:
            return 1.0
        bar = COMMON * self.texts
        if any(self.sorts[sort] >= bar for sort in sorts):
            return 1.0
        return SHORT_UNLIKE if short else UNLIKE

    def freshness(self, at: datetime) -> float:
        """1 for a topic with recent news, less the longer it has been silent, 0 when it has ended."""
        if self.last_at is None:
            return 1.0
        silent = abs(at - self.last_at)
        if silent <= ACTIVE:
            return 1.0
        return 0.0 if silent > CONTINUED else 1.0 - FADE * ((silent - ACTIVE) / (CONTINUED - ACTIVE))


def _scale(texts: int, square: float) -> float:
    """What an inner product is divided by.

    With n texts and length |s| of the sum: n gives the average similarity to the texts, |s| the cosine.
    Up to SMALL texts the average alone decides, which keeps sister events apart; a larger topic has
    many sides, and its average would shrink until nothing joins, so the cosine comes in, up to half.
    """
    if square <= 0:
        return math.inf
    share = 0.5 + 0.5 * min(1.0, SMALL / texts)
    return float(texts**share * math.sqrt(square) ** (1 - share))
