"""Reading cases: one with everything, the list, and looking back at what a response did (成效回看)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from analysis.segment import carries_meaning
from desk.cases.deadlines import Clockwork, clockwork_of
from desk.office.particulars import office_of
from domain.concern import Concern, ConcernState
from domain.development import Development
from domain.record import Entry
from domain.response import Coordination, Deadline, DeadlineEntry, Draft, Response, strictest
from domain.tone import ToneShares, together
from response.dispositions import ChecklistItem, Done, checklist
from response.followup import Coverage, looks
from response.followup import LookBack as LookBack
from store import articles, cases, developments, record, sources, topics
from store import looks as looks_of
from store.database import Database

MOST_TONED = 10  # sentences of each tone that are shown of a case
OWN_ACCOUNT = "自有"  # tag of a source that is one of the office's own accounts (矩阵)


@dataclass(frozen=True, slots=True)
class Case:
    """All there is of one concern."""

    concern: Concern
    deadlines: list[Deadline]
    drafts: list[Draft]
    responses: list[Response]
    coordination: list[Coordination]
    ledger: list[DeadlineEntry]
    history: list[Entry]
    developments: Sequence[Development] = ()
    clockwork: Clockwork = field(default_factory=Clockwork)
    review_first: bool = True  # the office wants 核稿 before 签发

    @property
    def allowed(self) -> tuple[str, ...]:
        """The pieces of personal data that were let stand in its drafts."""
        return tuple(words for draft in self.drafts for words in draft.allowed)

    @property
    def checklist(self) -> list[ChecklistItem]:
        """What its way of 处置 asks for; empty before it is judged."""
        judged = self.concern.judgement
        done = Done(self.responses, self.coordination, self.concern.outcome)
        return checklist(judged.disposition, done) if judged else []


def list_concerns(
    database: Database, state: ConcernState | None = None, running_only: bool = False
) -> list[tuple[Concern, list[Deadline]]]:
    """Concerns with their deadlines, newest first; of one state, or those somebody still works on, where asked."""
    with database.read() as connection:
        known = cases.listing(connection, state, running_only)
        by_concern: dict[int, list[Deadline]] = {}
        for deadline in cases.deadlines(connection, of=[c.id for c in known] if running_only else None):
            by_concern.setdefault(deadline.concern_id, []).append(deadline)
        return [(concern, by_concern.get(concern.id, [])) for concern in known]


def gravest_first(concern: Concern) -> tuple[int, float]:
    """The order of what waits for a person: by the gravest of its grades, judged, suggested or of another happening that
    it tells of; then the newest.
    """
    ranks = (turn.grade.rank for turn in concern.turned)
    return min(concern.grade.rank, concern.suggested_grade.rank, *ranks), -concern.found_at.timestamp()


def in_working_order(known: Sequence[tuple[Concern, list[Deadline]]]) -> list[tuple[Concern, list[Deadline]]]:
    """What waits first, the gravest on top; then what runs, by its nearest deadline; then what waits but is long past;
    then what is done with.
    """

    def place(item: tuple[Concern, list[Deadline]]) -> tuple[int, float, tuple[int, float]]:
        concern, clocks = item
        if not concern.state.running:
            return 3, 0, (0, 0)  # in the order it came
        if concern.waits and concern.belated:
            return 2, 0, gravest_first(concern)  # what old tables brought stands before nobody's clock
        nearest = strictest(clocks)
        due = nearest.due_at.timestamp() if nearest and not concern.waits else float("inf")
        return int(not concern.waits), due, gravest_first(concern)

    return sorted(known, key=place)


def titles_of(database: Database, known: Sequence[Concern]) -> dict[int, list[str]]:
    """The titles of all articles of concerns, by time: those of merged and subordinate topics too."""
    with database.read() as connection:
        beside = looks_of.topics_of(connection, [c.id for c in known])
        merged: dict[int, list[Concern]] = {}
        for other in cases.listing(connection, ConcernState.MERGED):
            if other.merged_into is not None:
                merged.setdefault(other.merged_into, []).append(other)
        ids = {c.id: [c.topic_id, *beside[c.id], *(m.topic_id for m in merged.get(c.id, ()))] for c in known}
        titles = articles.titles(connection, sorted({id for some in ids.values() for id in some}))
    return {
        concern: [title for id in dict.fromkeys(some) for title in titles.get(id, ())] for concern, some in ids.items()
    }


def read_case(database: Database, concern_id: int) -> Case:
    """One concern with everything. Raises NotFoundError."""
    with database.read() as connection:
        return Case(
            cases.get(connection, concern_id),
            cases.deadlines(connection, concern_id),
            cases.drafts(connection, concern_id),
            cases.responses(connection, concern_id),
            cases.coordinations(connection, concern_id),
            cases.deadline_entries(connection, concern_id),
            list(record.entries(connection, f"concern:{concern_id}")),
            developments.of_concern(connection, concern_id),
            clockwork_of(connection),
            office_of(connection).review_first,
        )


def tone_of_case(database: Database, concern_id: int) -> ToneShares:
    """The tone (倾向) of the texts of all topics that belong to a concern."""
    with database.read() as connection:
        concern = cases.get(connection, concern_id)
        ids = [
            topics.forwarded(connection, concern.topic_id),
            *looks_of.topics_of(connection, [concern_id])[concern_id],
        ]
        return together([topic.tone for topic in topics.of_ids(connection, ids).values()], MOST_TONED)


def followups(database: Database, concern_id: int, now: datetime) -> list[LookBack]:
    """成效回看 of each published response of a concern, 24 and 48 hours after."""
    with database.read() as connection:
        concern = cases.get(connection, concern_id)
        published = cases.responses(connection, concern.id)
        topic_id = topics.forwarded(connection, concern.topic_id)
        members = articles.of_topics(connection, [topic_id])[topic_id] if published else []
        own = {source.id for source in sources.all_sources(connection) if OWN_ACCOUNT in source.tags}
        reports = [
            Coverage(
                a.title,
                frozenset(w for w in a.title_words.split() if carries_meaning(w) and w not in concern.title),
                a.source,
                a.published_at,
                a.source_id in own,
            )
            for a in members
        ]
    return [look for response in published for look in looks(response, reports, now)]
