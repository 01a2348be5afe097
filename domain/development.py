"""A turn of another kind inside a running case (新动向), what it says and who said so, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.concern import DevelopmentKind, EventGrade, Evidence, Labelled

Fact = tuple[str, int]  # what is said (记者被打, 死亡) and how many, 0 where nothing is counted


class DevelopmentState(Labelled):
    """Whether somebody has looked at it."""

    NEW = ("new", "新动向")
    NOTED = ("noted", "已知悉")
    SEPARATE = ("separate", "已单列")


@dataclass(frozen=True, slots=True)
class Claim:
    """What one source said; `credible` where it answers for what it says (市县媒体、部门 and above)."""

    about: str
    amount: int
    source: str
    credible: bool


@dataclass(frozen=True, slots=True)
class Development:
    """One turn in one case, with the sentences that tell of it and what they say; `became` is the concern it was taken
    up as. `grade` is how grave another happening is.
    """

    id: int
    concern_id: int
    kind: DevelopmentKind
    found_at: datetime
    evidence: tuple[Evidence, ...]
    state: DevelopmentState = DevelopmentState.NEW
    became: int | None = None
    says: tuple[Claim, ...] = ()
    grade: EventGrade = EventGrade.NONE


def is_news(new: Claim, known: Iterable[Claim], confirmed: bool = True) -> bool:
    """Whether a claim says what nobody said before: something else, more, or the same on better authority.

    What a source that answers for nothing says does not silence one that does; and where `confirmed` counts, it does
    not silence a second such source either. So nobody can use up what is to be told by telling it first.
    """
    same = [claim for claim in known if claim.about == new.about and claim.amount >= new.amount]
    sources = {claim.source for claim in same}
    if new.source in sources or any(claim.credible for claim in same):
        return False
    return new.credible or len(sources) < (2 if confirmed else 1)
