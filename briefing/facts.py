"""The facts of a briefing: everything it may say, computed once from one snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from domain.concern import Concern
from domain.response import Deadline, Response
from domain.topic import Topic


@dataclass(frozen=True, slots=True)
class TopicFact:
    """A hot topic with the sentences that tell it; `sentences` are (text, source, article id)."""

    topic: Topic
    sentences: tuple[tuple[str, str, int], ...]
    hours: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CaseFact:
    """A concern with its clocks and responses."""

    concern: Concern
    deadlines: tuple[Deadline, ...]
    responses: tuple[Response, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """FactSet of a daily briefing. `articles_by_source` counts by source name, most first."""

    day: date
    number: int
    total_number: int
    made_at: datetime
    start: datetime
    end: datetime
    office: str
    signer: str
    topics: tuple[TopicFact, ...]
    cases: tuple[CaseFact, ...]
    events: tuple[tuple[str, tuple[TopicFact, ...]], ...]
    articles: int
    carriers: int
    sources: int
    silent: tuple[str, ...]
    failing: tuple[str, ...]
    head_hash: str


@dataclass(frozen=True, slots=True)
class FlashFacts:
    """What a 舆情快报 about one concern may say."""

    day: date
    number: int
    total_number: int
    made_at: datetime
    office: str
    signer: str
    topic: TopicFact
    case: CaseFact
    head_hash: str
