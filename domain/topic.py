"""Topics (话题): articles about one event, and their heat (热度)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.concern import Labelled
from domain.tone import UNREAD, ToneShares


class HeatPart(Labelled):
    """The parts of heat, each 0–100, with the weight it has in the sum."""

    VOLUME = ("volume", "声量", 0.20)
    GROWTH = ("growth", "增速", 0.20)
    COVERAGE = ("coverage", "覆盖", 0.20)
    TIER = ("tier", "层级", 0.10)
    PERSISTENCE = ("persistence", "持续", 0.10)
    NOTICE = ("notice", "关注", 0.15)
    EVENT = ("event", "事件", 0.05)

    def __init__(self, code: str, label: str, weight: float) -> None:  # pragma: no mutate block
        super().__init__(code, label)
        self.weight = weight


@dataclass(frozen=True, slots=True)
class Heat:
    """热度 at one moment: the weighted sum of its parts.

    `enough` is False when there is too little to judge (样本不足).
    """

    parts: dict[HeatPart, float]
    enough: bool
    rising: int = 0

    @property
    def value(self) -> float:
        """0–100."""
        return sum(part.weight * self.parts.get(part, 0.0) for part in HeatPart)

    @property
    def trend(self) -> str:
        """↑ rising, ↓ falling, → level."""
        return "↑" if self.rising > 0 else "↓" if self.rising < 0 else "→"


@dataclass(frozen=True, slots=True)
class Topic:
    """Articles about one event. `id` is kept for life; `articles` counts near-duplicates too.

    `sources` counts distinct sources; `near_duplicates` the near-identical texts (转载) among the articles.
    """

    id: int
    name: str
    keywords: tuple[str, ...]
    heat: Heat
    articles: int
    sources: int
    near_duplicates: int
    first_at: datetime
    last_at: datetime
    first_source: str
    area: str
    places: tuple[str, ...]
    local: bool
    events: tuple[str, ...] = ()
    renamed: bool = False
    pinned: bool = False
    area_ground: str = ""
    tone: ToneShares = UNREAD
    nearness: float = 0.0  # how near it came to being flagged, 0–1
    matter: int | None = None  # the concern that it belongs to without being flagged itself


@dataclass(frozen=True, slots=True)
class SummarySentence:
    """A sentence of a topic's summary, with the article that tells it and when that came."""

    article_id: int
    text: str
    source: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HourlyReports:
    """A topic's reports per hour from `start`: its own and carried ones; bursts as (first, last) hour."""

    start: datetime
    own: tuple[int, ...]
    carried: tuple[int, ...]
    bursts: tuple[tuple[int, int], ...] = ()


class ChangeKind(Labelled):
    """How articles came into another topic; the first two are the machine's, the others people's."""

    JOINED = ("joined", "自动合并")
    PARTED = ("parted", "自动拆分")
    MERGE = ("merge", "合并")
    SPLIT = ("split", "拆分")
    MOVE = ("move", "移动")


@dataclass(frozen=True, slots=True)
class TopicChange:
    """A trace of articles that moved from one topic to another; `moved` are (article, was placed by a person).

    `stayed` are those that a merge found there, or a split left, and that are held there since; in the same form.
    """

    id: int
    at: datetime
    who: str
    kind: ChangeKind
    before: int
    after: int
    moved: tuple[tuple[int, bool], ...]
    undone: bool = False
    stayed: tuple[tuple[int, bool], ...] = ()

    @property
    def home(self) -> int:
        """The topic in which those are that stayed."""
        return self.after if self.kind is ChangeKind.MERGE else self.before
