"""What needs a person now (总览): concerns to judge, running clocks, hot topics, today's duties."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from desk.cases.deadlines import Clockwork, clockwork_of
from desk.cases.reading import gravest_first, list_concerns
from desk.collecting import sourcework
from desk.office import habits
from desk.topics.folding import LATELY, Matter, count_new, hottest, matters_in, topics_of
from domain.article import SourceState
from domain.briefing import IssueKind
from domain.concern import Concern
from domain.event import MajorEvent
from domain.response import Deadline, urgency
from domain.times import china_day, floor_hour
from domain.topic import Heat
from store import articles, briefings, topics
from store.database import Database

CURVE_HOURS, CURVE_STEP = 72, 3
MOST_HOT = 10


@dataclass(frozen=True, slots=True)
class Waiting:
    """A concern that nobody has judged yet, that grew graver than it was judged, or that has turned, with its heat; until
    it is judged, with the clock of 研判.
    """

    concern: Concern
    heat: Heat
    clock: Deadline | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """A deadline that runs or pauses, with its concern; that of 研判 stands with what waits to be judged."""

    concern: Concern
    deadline: Deadline

    def used(self, now: datetime) -> float:
        """Share of the time that is used, 0–1; 1 when overdue."""
        whole = (self.deadline.due_at - self.deadline.start_at).total_seconds()
        return min(1.0, max(0.0, (now - self.deadline.start_at).total_seconds() / whole)) if whole else 1.0


@dataclass(frozen=True, slots=True)
class Hot:
    """A hot matter with its curve: articles of all its topics per CURVE_STEP hours over CURVE_HOURS."""

    rank: int
    matter: Matter
    curve: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the page shows, read in one go."""

    waiting: list[Waiting]
    running: list[Running]
    hot: list[Hot]
    events: list[MajorEvent]
    briefing_day: date
    briefing_made: bool
    articles: int
    new_articles: int
    new_matters: int
    silent: tuple[str, ...]
    failing: tuple[str, ...]
    habits_wait: bool
    clockwork: Clockwork


def overview(database: Database, now: datetime, looked_at: datetime | None, briefing_day: date) -> Overview:
    """What needs a person now; `looked_at` is when somebody last looked, for what is new since."""
    known = list_concerns(database, running_only=True)
    seen = sourcework.list_sources(database, now)
    since = floor_hour(now) + timedelta(hours=1 - CURVE_HOURS)
    clocks_of = {c.id: clocks for c, clocks in known}
    with database.read() as connection:
        unjudged = [c for c, _ in known if c.waits]
        topics_by_concern = topics_of(connection, unjudged)
        waiting = [
            Waiting(
                c,
                hottest(topics_by_concern[c.id] or [topics.get(connection, c.topic_id)]),
                next((d for d in clocks_of[c.id] if d.of_judging and d.waits), None),
            )
            for c in unjudged
        ]
        matters = matters_in(connection, now - LATELY, MOST_HOT, now=now)
        at = articles.times_of_topics(connection, [topic.id for matter in matters for topic in matter.topics], since)
        return Overview(
            sorted(waiting, key=lambda w: gravest_first(w.concern)),
            sorted(
                (
                    Running(c, d)
                    for c, clocks in known
                    for d in clocks
                    if d.waits and not d.of_judging and c.state.running and c.accepted_at is None
                ),
                key=lambda item: urgency(item.concern, item.deadline),
            ),
            [
                Hot(i + 1, matter, _curve([time for topic in matter.topics for time in at[topic.id]], since))
                for i, matter in enumerate(matters)
            ],
            [event for event in topics.events(connection) if event.active(china_day(now))],
            briefing_day,
            briefings.made(connection, IssueKind.DAILY, briefing_day),
            articles.count(connection),
            articles.count_fetched(connection, looked_at) if looked_at else 0,
            count_new(connection, looked_at) if looked_at else 0,
            tuple(view.source.name for view in seen if view.state is SourceState.SILENT),
            tuple(view.source.name for view in seen if view.state is SourceState.FAILING),
            habits.waits(connection),
            clockwork_of(connection),
        )


def _curve(times: list[datetime], since: datetime) -> tuple[float, ...]:
    counts = [0.0] * (CURVE_HOURS // CURVE_STEP)
    for at in times:
        step = int((at - since) / timedelta(hours=CURVE_STEP))
        if 0 <= step < len(counts):
            counts[step] += 1
    return tuple(counts)
