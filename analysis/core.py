"""What a topic is about (its core): the sum of its own texts' vectors, and how like it something is."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain

import numpy as np

from analysis.terms import Ids, Values
from analysis.vectors import Vector

ACTIVE = timedelta(days=7)  # a topic silent longer wants a better match …
CONTINUED = timedelta(days=14)  # … and after this it has ended
FADE = 0.35  # share of likeness lost to a topic that has been silent from ACTIVE to CONTINUED
SMALL = 10  # own texts up to which a topic's likeness is the plain average; see `_scale`
CORE_TERMS = 300  # kept of a core when it grows past ROOM entries
ROOM = 1000
ELSEWHERE = 0.6  # what likeness is multiplied by where titles name different provinces or countries
COMMON = 0.2  # share of a topic's titles that name a place of it


@dataclass(slots=True)
class Core:
    """The sum of the vectors of a topic's own texts (carriers do not shift it).

    `ids` and `values` are that sum as entries that may repeat a term; they are drawn together when
    there are many. `square` is the squared length of the sum, `scale` what an inner
    product is divided by to give a likeness.
    """

    ids: Ids = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    values: Values = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    texts: int = 0
    square: float = 0.0
    scale: float = math.inf
    last_at: datetime | None = None
    regions: Counter[str] = field(default_factory=Counter)

    def add(self, vector: Vector, product: float, regions: frozenset[str]) -> None:
        """Take a text in, whose title names `regions`; `product` is its inner product with this core."""
        self.regions.update(regions)
        self.ids = np.concatenate([self.ids, vector.ids])
        self.values = np.concatenate([self.values, vector.values])
        self.texts += 1
        self.square += 2 * product + 1
        self.scale = _scale(self.texts, self.square)
        if len(self.ids) > ROOM:
            self.draw_together(CORE_TERMS)

    def sum_up(self, vectors: Sequence[Vector], regions: Iterable[frozenset[str]]) -> None:
        """Be the sum of these texts and no others; there must be one at least."""
        self.regions = Counter(chain.from_iterable(regions))
        self.ids = np.concatenate([vector.ids for vector in vectors])
        self.values = np.concatenate([vector.values for vector in vectors])
        self.texts = len(vectors)
        full = len(self.ids) > ROOM
        self.draw_together()
        self.square = float(self.values @ self.values)
        self.scale = _scale(self.texts, self.square)
        if full:
            self.draw_together(CORE_TERMS)

    def touch(self, at: datetime) -> None:
        """Note the time of the newest article."""
        self.last_at = at if self.last_at is None else max(self.last_at, at)

    def draw_together(self, most: int | None = None) -> None:
        """Have each term once, the `most` heaviest only."""
        ids, place = np.unique(self.ids, return_inverse=True)
        values = np.bincount(place, weights=self.values).astype(np.float32)
        if most is not None and len(ids) > most:
            heaviest = np.sort(np.argpartition(values, -most)[-most:])
            ids, values = ids[heaviest], values[heaviest]
        self.ids, self.values = ids, values

    def elsewhere(self, regions: frozenset[str]) -> float:
        """ELSEWHERE for a text whose title names other places than most of this topic's titles do, else 1."""
        if not regions or 2 * self.regions.total() < self.texts:
            return 1.0
        bar = COMMON * self.texts
        return 1.0 if any(self.regions[region] >= bar for region in regions) else ELSEWHERE

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

    With n texts and length |s| of the sum: n gives the average likeness to the texts, |s| the cosine.
    Up to SMALL texts the average alone decides, which keeps sister events apart; a larger topic has
    many sides, and its average would shrink until nothing joins, so the cosine comes in, up to half.
    """
    if square <= 0:
        return math.inf
    share = 0.5 + 0.5 * min(1.0, SMALL / texts)
    return float(texts**share * math.sqrt(square) ** (1 - share))
