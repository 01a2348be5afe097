"""Turns of another kind inside running cases (新动向): finding them as reports come in, and what people make of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from analysis.developments import turns_of
from desk.cases.reading import OWN_ACCOUNT
from desk.collecting.turns import Turns
from desk.topics.flagging import COLLECTOR
from desk.topics.regrouping import split
from desk.work import CaseHandler, Effect, Work
from domain.article import StoredArticle
from domain.concern import Concern, ConcernState, DevelopmentKind, Evidence, Reason, ReasonCode
from domain.development import Development, DevelopmentState
from domain.errors import NotFoundError, StepError
from domain.steps import developments as steps
from domain.steps.cases import CaseStep
from domain.steps.topics import SplitTopic
from store import articles, cases, developments, looks, record, sources, topics
from store.database import Connection, Database

MOST_SHOWN = 5  # sentences that are kept of one
KEPT = 20_000  # articles of which it is kept what they tell
REASONS = {DevelopmentKind.VICTIM: ReasonCode.EMERGENCY, DevelopmentKind.OFFICIAL: ReasonCode.MORAL_LINE}
Told = tuple[tuple[DevelopmentKind, Evidence], ...]


class Developments:
    """Looks at the reports of cases that were judged; what each tells is read once."""

    def __init__(self, database: Database, turns: Turns) -> None:
        self._database, self._turns = database, turns
        self._told: dict[int, Told] = {}

    def look(self, now: datetime) -> int:
        """Raise each kind of turn that came after the judgement and was not told before it; how many are new."""
        found, raised = [], 0
        with self._database.read() as connection:
            own = {source.id for source in sources.all_sources(connection) if OWN_ACCOUNT in source.tags}
            running = [c for c in cases.listing(connection, running_only=True) if c.judgement is not None]
            if len(self._told) > KEPT:
                self._told.clear()
            for concern in running:
                items = self._items(connection, concern, own)
                known = {one.kind: one for one in developments.of_concern(connection, concern.id)}
                found.append((concern, known, _new(concern, items, self._told)))
        for concern, known, kinds in found:
            for kind, evidence in kinds.items():
                raised += self._raise(concern, known.get(kind), kind, evidence, now)
        return raised

    def _items(self, connection: Connection, concern: Concern, own: set[int]) -> list[tuple[int, datetime]]:
        """(id, fetched) of the articles of all topics of a case, but our own; what they tell is known then."""
        ids = [topics.forwarded(connection, concern.topic_id), *looks.topics_of(connection, [concern.id])[concern.id]]
        came = articles.fetched(connection, ids)
        for item in articles.by_ids(connection, [id for id, _ in came if id not in self._told]):
            self._told[item.id] = () if item.source_id in own else _told_by(item)
        return came

    def _raise(
        self,
        concern: Concern,
        known: Development | None,
        kind: DevelopmentKind,
        some: Sequence[Evidence],
        now: datetime,
    ) -> bool:
        """Keep a development, or what more is told of one that nobody has looked at; whether it is a new one."""
        if known is not None:
            more = [e for e in some if e.article_id not in {old.article_id for old in known.evidence}]
            if known.state is DevelopmentState.NEW and more and len(known.evidence) < MOST_SHOWN:
                with self._turns.write() as connection:
                    developments.add_evidence(connection, known.id, [*known.evidence, *more][:MOST_SHOWN])
            return False
        evidence = tuple(some[:MOST_SHOWN])
        with self._turns.write() as connection:
            if not cases.get(connection, concern.id).state.running:  # somebody closed it meanwhile
                return False
            developments.add(connection, Development(0, concern.id, kind, now, evidence))
            told = {"kind": kind.code, "words": f"{kind.label}：{evidence[0].sentence}"}
            record.append(connection, now, COLLECTOR, "新动向", f"concern:{concern.id}", None, told)
        return True


def _told_by(item: StoredArticle) -> Told:
    return tuple((kind, Evidence(item.id, words, item.source)) for kind, words in turns_of(item.title, item.text))


def _new(
    concern: Concern, items: Sequence[tuple[int, datetime]], told: Mapping[int, Told]
) -> dict[DevelopmentKind, list[Evidence]]:
    """The kinds told by articles that came after the judgement, of those that none before it told."""
    assert concern.judgement is not None
    at = concern.judgement.at
    before = {kind for id, came in items if came <= at for kind, _ in told.get(id, ())}
    found: dict[DevelopmentKind, list[Evidence]] = {}
    for id, came in items:
        for kind, evidence in told.get(id, ()) if came > at else ():
            if kind not in before:
                found.setdefault(kind, []).append(evidence)
    return found


def note(step: steps.NoteDevelopment, concern: Concern, work: Work) -> Effect:
    """知悉新动向."""
    known = _waiting(step.development, concern, work)
    developments.settle(work.connection, known.id, DevelopmentState.NOTED)
    return Effect({"words": known.kind.label})


def separate(step: steps.SeparateDevelopment, concern: Concern, work: Work) -> Effect:
    """新动向单列: its reports leave the case's topic, or their topic leaves the matter; gives the new concern's id.

    Raises StepError where nothing would be left of the case.
    """
    connection = work.connection
    known = _waiting(step.development, concern, work)
    items = articles.by_ids(connection, [evidence.article_id for evidence in known.evidence])
    placed = Counter(item.topic_id for item in items if item.topic_id is not None)
    if not placed:
        raise NotFoundError("说这条新动向的报道已经不在话题里。请点“知悉”。")
    topic_id = placed.most_common(1)[0][0]
    if topic_id == topics.forwarded(connection, concern.topic_id):
        chosen = _telling(connection, topic_id, known)
        if (
            len(articles.with_near_duplicates(connection, chosen))
            >= articles.marks(connection, [topic_id])[topic_id][0]
        ):
            raise StepError("这件关切的报道说的都是这条新动向，不用单列。请点“知悉”，在这一件里办理。")
        topic_id = split(SplitTopic(topic_id, chosen), work).result
    elif (other := cases.of_topic(connection, topic_id)) is not None and other.state is not ConcernState.MERGED:
        raise StepError(f"说这条新动向的话题已经是关切 {other.id}（{other.state.label}），请在那一件里办理。")
    looks.belongs(connection, topic_id, None)
    code = REASONS.get(known.kind, ReasonCode.PUBLIC_INTEREST)
    reason = Reason(code, f"{work.who}：由“{concern.title}”的新动向（{known.kind.label}）单列", known.evidence)
    first = min(items, key=lambda item: item.published_at)
    id = cases.flag(connection, Concern.by_hand(topic_id, first.title, reason, first.published_at, work.now))
    developments.settle(connection, known.id, DevelopmentState.SEPARATE, id)
    came = {"from": concern.id, "topic": topic_id, "title": first.title, "reasons": [reason.words]}
    work.enter("转为关切", f"concern:{id}", None, came)
    return Effect({"became": id, "words": known.kind.label}, result=id)


def _telling(connection: Connection, topic_id: int, known: Development) -> tuple[int, ...]:
    """All articles of a topic that tell of a development, more than are shown of it."""
    shown = {evidence.article_id for evidence in known.evidence}
    return tuple(
        item.id
        for item in articles.of_topics(connection, [topic_id])[topic_id]
        if item.id in shown or any(kind is known.kind for kind, _ in turns_of(item.title, item.text))
    )


HANDLERS: dict[type[CaseStep], CaseHandler] = {
    steps.NoteDevelopment: note,
    steps.SeparateDevelopment: separate,
}


def _waiting(id: int, concern: Concern, work: Work) -> Development:
    """A development that nobody has looked at yet. Raises NotFoundError."""
    for one in developments.of_concern(work.connection, concern.id):
        if one.id == id and one.state is DevelopmentState.NEW:
            return one
    raise NotFoundError("这条新动向不在这一件里，或者已经有人看过。")
