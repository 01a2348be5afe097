"""A turn of another kind inside a running case (新动向), and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.concern import DevelopmentKind, Evidence, Labelled


class DevelopmentState(Labelled):
    """Whether somebody has looked at it."""

    NEW = ("new", "新动向")
    NOTED = ("noted", "已知悉")
    SEPARATE = ("separate", "已单列")


@dataclass(frozen=True, slots=True)
class Development:
    """One kind of turn in one case, with the sentences that tell of it; `became` is the concern it was taken up as."""

    id: int
    concern_id: int
    kind: DevelopmentKind
    found_at: datetime
    evidence: tuple[Evidence, ...]
    state: DevelopmentState = DevelopmentState.NEW
    became: int | None = None
