"""The facts of a briefing: everything it may say, computed once from one snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from briefing.issue import Cited, Ground
from domain.concern import Concern
from domain.response import Coordination, Deadline, Response
from domain.topic import Topic


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """A sentence of an article as a briefing cites it; without its time, so that a summary and a reason cite it alike."""

    text: str
    source: str
    article_id: int


@dataclass(frozen=True, slots=True)
class TopicFact:
    """A topic with the sentences that tell it, and its articles per hour; the concern
    whose matter it tells of, where there is one; its sources.
    """

    topic: Topic
    sentences: tuple[CitedSentence, ...]
    hours: tuple[int, ...]
    articles: tuple[int, ...] = ()
    matter: int | None = None
    sources: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CaseFact:
    """A concern with its clocks and responses."""

    concern: Concern
    deadlines: tuple[Deadline, ...]
    responses: tuple[Response, ...]
    area: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """What every kind shares: which issue, of which moment, whose; the articles cited; what figures rest on."""

    day: date
    number: int
    total_number: int
    made_at: datetime
    office: str
    signer: str
    head_hash: str
    cited: dict[int, Cited]
    grounds: tuple[Ground, ...]
    corrects: int | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """What came in over a period. `by_tier` counts by the tier of the source, `by_day` by China's day."""

    start: datetime
    end: datetime
    articles: int
    near_duplicates: int
    sources: int
    by_tier: tuple[tuple[str, int], ...] = ()
    by_day: tuple[tuple[date, int], ...] = ()


@dataclass(frozen=True, slots=True)
class RegisterNote:
    """What a briefing tells of one register (政务公开台账), a sentence for each figure."""

    lead: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DailyFacts:
    """FactSet of a daily briefing (每日舆情简报); `topics` has one of each matter, the gravest and most local first.

    `notes` are of the registers, `channels` sentences on the office's own sites and accounts.
    """

    basis: Basis
    intake: Intake
    topics: tuple[TopicFact, ...]
    cases: tuple[CaseFact, ...]
    events: tuple[tuple[str, tuple[TopicFact, ...]], ...]
    by_area: tuple[tuple[str, int], ...]
    silent: tuple[str, ...]
    failing: tuple[str, ...]
    notes: tuple[RegisterNote, ...] = ()
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MatterFacts:
    """FactSet of a 舆情快报 or 专报 about one concern. `looks` are (name, figure) of what was seen afterwards."""

    basis: Basis
    topic: TopicFact
    case: CaseFact
    coordination: tuple[Coordination, ...]
    by_tier: tuple[tuple[str, int], ...]
    by_source: tuple[tuple[str, int], ...]
    looks: tuple[str, ...]
    open_questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleTimeliness:
    """How a rule was kept: concerns in time, late, overdue and unanswered, in time as entered afterwards (补录); what was
    left out in words.
    """

    name: str
    in_time: int
    late: int
    overdue: int
    entered: int = 0
    left_out: str = ""

    @property
    def due(self) -> int:
        """All whose time is over or that are done."""
        return self.in_time + self.late + self.overdue + self.entered

    @property
    def share(self) -> float | None:
        """及时率, 0–1; None where nothing was due."""
        return self.in_time / self.due if self.due else None


@dataclass(frozen=True, slots=True)
class PeriodFacts:
    """FactSet of a 周报, 月报 or 年度统计. `counts` are (group, name, now, in the period before).

    `registers` are (register, what, number, of how many, share, what is left out) of the 政务公开台账.
    """

    basis: Basis
    intake: Intake
    before: Intake
    topics: tuple[TopicFact, ...]
    cases: tuple[CaseFact, ...]
    counts: tuple[tuple[str, str, int, int], ...]
    timeliness: tuple[RuleTimeliness, ...]
    timeliness_of: tuple[tuple[str, RuleTimeliness], ...]
    median_hours: float | None
    ninetieth_hours: float | None
    events: tuple[str, ...]
    registers: tuple[tuple[str, ...], ...] = ()
