"""Concerns (关切) as the collector flags, follows and raises them; what people decided stays as it is."""

from __future__ import annotations

from datetime import datetime

from analysis.places import place_spans
from desk.cases import judging
from desk.work import Work
from domain.concern import Concern, ConcernState, EventGrade, Evidence, Reason, Suggestion
from domain.person import Actor, Proof
from domain.steps.cases import FlagConcernAgain, ResumeConcern
from domain.topic import ChangeKind, Topic
from response.lifecycle import state_after
from store import cases, looks, record
from store.database import Connection

COLLECTOR = "采集程序"
COMES_BACK = {ConcernState.DISMISSED: FlagConcernAgain, ConcernState.CLOSED: ResumeConcern}  # when reports grow graver


def flag(connection: Connection, topic: Topic, suggestion: Suggestion, now: datetime) -> int:
    """Flag a topic as a concern; the concern's id."""
    new = Concern(
        0,
        topic.id,
        topic.name,
        ConcernState.FLAGGED,
        suggestion.reasons,
        suggestion.grade,
        suggestion.grade_ground,
        suggestion.attention,
        now,
        topic.first_at,
        1,
    )
    id = judging.flagged(connection, new, COLLECTOR, now)
    after = {"topic": topic.id, "title": topic.name, "reasons": [reason.words for reason in suggestion.reasons]}
    record.append(connection, now, COLLECTOR, "标记关切", f"concern:{id}", None, after)
    return id


def follow_up(connection: Connection, known: Concern, suggestion: Suggestion, now: datetime) -> Concern:
    """A concern follows its topics: reports that grow graver, reasons that they bring; the concern as it is by then."""
    if suggestion.flagged and (known.state.running or known.state in COMES_BACK):
        before = known
        known = _more_reasons(connection, known, suggestion, now)
        if _raise_grade(connection, known, suggestion, now):
            known = cases.get(connection, known.id)
        if known.version != before.version and known.state is ConcernState.FLAGGED:  # perhaps an emergency only now
            judging.start(connection, known, COLLECTOR, now, now)
    return known


def gone_to(connection: Connection, known: Concern | None) -> Concern | None:
    """The concern that one was merged into, and that one into; itself where it was not."""
    while known is not None and known.merged_into is not None:
        known = cases.get(connection, known.merged_into)
    return known


def flagged_for(connection: Connection, topic: int) -> int | None:
    """The article that a topic's concern was first flagged for, while nobody has judged it; None where there is none.

    Of its evidence the first that names a place, for the matter is one of that place.
    """
    concern = cases.of_topic(connection, topic)
    if concern is None or concern.state is not ConcernState.FLAGGED:
        return None
    evidence = [item for reason in concern.reasons for item in reason.evidence]
    return next((item.article_id for item in [*filter(_placed, evidence), *evidence]), None)


def _placed(item: Evidence) -> bool:
    return bool(place_spans(item.sentence, ()))


def follow_topic(connection: Connection, before: int, after: int, kind: ChangeKind, now: datetime) -> None:
    """The concern of a topic that was merged away, or parted from it, goes with it, or into the concern that the other
    topic belongs to.
    """
    concern = cases.of_topic(connection, before)
    if concern is None or concern.state is ConcernState.MERGED:
        return
    other, matter = cases.of_topic(connection, after), looks.matters(connection, [after]).get(after)
    if other is None and matter is not None and concern.state is ConcernState.FLAGGED:
        other = gone_to(connection, cases.get(connection, matter))
    if other is None or other.id == concern.id:
        cases.update(connection, concern, topic_id=after)
        record.append(
            connection,
            now,
            COLLECTOR,
            f"话题{kind.label}",
            f"concern:{concern.id}",
            {"topic": before},
            {"topic": after},
        )
    elif concern.state is ConcernState.FLAGGED:
        cases.update(connection, concern, state=ConcernState.MERGED.code, merged_into=other.id)
        judging.go_with(Work(connection, Actor(COLLECTOR, Proof.PROGRAM), now), concern, other)
        merged = {"state": ConcernState.MERGED.code, "into": other.id, "why": "两个话题是同一件事，已自动合并"}
        record.append(
            connection, now, COLLECTOR, "并入", f"concern:{concern.id}", {"state": concern.state.code}, merged
        )


def _more_reasons(connection: Connection, known: Concern, suggestion: Suggestion, now: datetime) -> Concern:
    """A matter that runs gains the reasons that its newer topics bring, with their sentences."""
    codes = {reason.code for reason in known.reasons}
    more = tuple(reason for reason in suggestion.reasons if reason.code not in codes)
    if not more or not known.state.running:
        return known
    cases.update(connection, known, reasons=cases.reasons_json((*known.reasons, *more)))
    before, after = [r.code.label for r in known.reasons], [r.code.label for r in more]
    record.append(connection, now, COLLECTOR, "补充关切理由", f"concern:{known.id}", before, after)
    return cases.get(connection, known.id)


def _raise_grade(connection: Connection, known: Concern, suggestion: Suggestion, now: datetime) -> bool:
    """Later reports speak of a graver emergency: the suggestion follows; one judged before is `escalated` by it, and
    one that was put aside or closed comes back. Whether they do.
    """
    order = list(EventGrade)
    if order.index(suggestion.grade) >= order.index(known.suggested_grade):
        return False
    cases.update(
        connection,
        known,
        suggested_grade=suggestion.grade.code,
        grade_ground=suggestion.grade_ground,
        suggested_attention=suggestion.attention.code,
        reasons=cases.reasons_json(_joined(suggestion.reasons, known.reasons)),
    )
    before = {"grade": known.suggested_grade.code}
    after = {"grade": suggestion.grade.code, "ground": suggestion.grade_ground}
    record.append(connection, now, COLLECTOR, "调高建议等级", f"concern:{known.id}", before, after)
    if known.state in COMES_BACK:
        come_back(connection, cases.get(connection, known.id), f"后来的报道更严重：{suggestion.grade_ground}", now)
    return True


def come_back(connection: Connection, known: Concern, words: str, now: datetime) -> None:
    """A concern that people put aside or closed waits for them again, for what later reports say."""
    step = COMES_BACK[known.state]
    state = state_after(step, known.state)
    cases.update(connection, known, state=state.code)
    if state is ConcernState.FLAGGED:
        judging.start(connection, known, COLLECTOR, now, now)
    change = {"state": state.code, "words": words}
    record.append(connection, now, COLLECTOR, step.label, f"concern:{known.id}", {"state": known.state.code}, change)


def _joined(newer: tuple[Reason, ...], older: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """The newer reasons, and the older ones of other kinds."""
    codes = {reason.code for reason in newer}
    return (*newer, *(reason for reason in older if reason.code not in codes))
