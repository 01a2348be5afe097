"""Topics (话题): articles about one event, and their heat (热度)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class HeatPart(Enum):
    """The parts of heat, each 0–100, with the weight it has in the sum."""

    VOLUME = ("volume", "声量", 0.25)
    GROWTH = ("growth", "增速", 0.25)
    COVERAGE = ("coverage", "覆盖", 0.20)
    TIER = ("tier", "层级", 0.10)
    PERSISTENCE = ("persistence", "持续", 0.10)
    EVENT = ("event", "事件", 0.10)

    def __init__(self, code: str, label: str, weight: float) -> None:
        self.code, self.label, self.weight = code, label, weight


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
    """Articles about one event. `id` is kept for life; `articles` counts carriers too.

    `sources` counts distinct sources; `carriers` the near-identical texts (转载) among the articles.
    """

    id: int
    name: str
    keywords: tuple[str, ...]
    heat: Heat
    articles: int
    sources: int
    carriers: int
    first_at: datetime
    last_at: datetime
    first_source: str
    area: str
    places: tuple[str, ...]
    local: bool
    events: tuple[str, ...] = ()
    renamed: bool = False
    pinned: bool = False
