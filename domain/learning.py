"""What an office's own decisions say of which topics it takes up (判断习惯): weights that a person accepts or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Self

from domain.concern import ReasonCode
from domain.errors import InputError

LEAST_DECISIONS = 30  # from which weights are proposed …
LEAST_OF_EACH = 5  # … with so many taken up and so many dismissed among them
AGAIN_AFTER = 20  # further decisions after which they are proposed anew
MOST = 2.0  # of a weight, in log odds: 2 turns a chance of 50 % into 88 %


class Trait(Enum):
    """What a topic has that an office may have a habit about."""

    REASON = ("reason", "理由")
    AREA = ("area", "领域")

    def __init__(self, code: str, label: str) -> None:
        self.code, self.label = code, label


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided of a topic: its reason and area, its present score (log odds), whether it was taken up."""

    concern_id: int
    title: str
    reason: ReasonCode
    area: str
    score: float
    taken: bool

    def name(self, trait: Trait) -> str:
        """What it has of a trait: the code of its reason, or its area."""
        return self.reason.code if trait is Trait.REASON else self.area


@dataclass(frozen=True, slots=True)
class Weight:
    """What one trait adds to the score (log odds), and on how many decisions that rests."""

    trait: Trait
    name: str
    weight: float
    taken: int = 0
    dismissed: int = 0

    @property
    def key(self) -> str:
        """Under which it is kept."""
        return f"{self.trait.code}:{self.name}"

    @property
    def called(self) -> str:
        """What people call it."""
        return ReasonCode.of(self.name).label if self.trait is Trait.REASON else self.name


@dataclass(frozen=True, slots=True)
class OfficeWeights:
    """The weights by what they are of."""

    weights: tuple[Weight, ...] = ()

    def of(self, reason: ReasonCode, area: str) -> float:
        """What is added to the score of a topic of that reason and area, MOST at the most; an emergency is never lowered,
        however often one was put aside.
        """
        wanted = {(Trait.REASON, reason.code), (Trait.AREA, area)}
        added = sum(one.weight for one in self.weights if (one.trait, one.name) in wanted)
        least = 0.0 if reason is ReasonCode.EMERGENCY else -MOST
        return max(least, min(MOST, added))

    def kept(self) -> dict[str, float]:
        """As they are kept and recorded: key → weight."""
        return {one.key: one.weight for one in self.weights}

    @classmethod
    def read(cls, kept: Mapping[str, float]) -> Self:
        """Of what was kept. Raises InputError for a weight that is none, or of nothing there is."""
        weights = []
        for key, weight in kept.items():
            code, _, name = key.partition(":")
            trait = next((trait for trait in Trait if trait.code == code), None)
            if trait is None or not name or isinstance(weight, bool) or not isinstance(weight, int | float):
                raise InputError("判断习惯的内容看不懂，没有采用。", "weights")
            if not -MOST <= weight <= MOST:
                raise InputError(f"判断习惯的权重应在 -{MOST:g} 到 {MOST:g} 之间，没有采用。", "weights")
            if trait is Trait.REASON:
                ReasonCode.of(name)
            weights.append(Weight(trait, name, float(weight)))
        return cls(tuple(weights))


NO_WEIGHTS = OfficeWeights()


@dataclass(frozen=True, slots=True)
class Change:
    """A topic that accepted weights would have decided otherwise; `taken` is what people did, None where nothing yet."""

    title: str
    flagged_before: bool
    flagged_after: bool
    taken: bool | None

    @property
    def right(self) -> bool | None:
        """Whether it would then agree with what people did; None where they did nothing."""
        return None if self.taken is None else self.flagged_after is self.taken


@dataclass(frozen=True, slots=True)
class Proposal:
    """Weights as they are proposed, on how many decisions, and what they would have changed.

    Without `weights` there are too few decisions, or none that say anything; `in_use` are those that are used now.
    """

    taken: int
    dismissed: int
    weights: OfficeWeights
    changes: tuple[Change, ...]
    in_use: OfficeWeights

    @property
    def decisions(self) -> int:
        """On how many decisions it rests."""
        return self.taken + self.dismissed
