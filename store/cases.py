"""Keeping concerns (关切) with their deadlines, drafts and responses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from domain.concern import (
    AttentionGrade,
    ClockBasis,
    Concern,
    ConcernState,
    Disposition,
    EventGrade,
    Evidence,
    Judgement,
    Reason,
    ReasonCode,
    Turn,
)
from domain.errors import ConflictError, NotFoundError
from domain.response import (
    Channel,
    Coordination,
    Deadline,
    DeadlineEntry,
    Draft,
    DraftState,
    EntryKind,
    Response,
    ResponseKind,
)
from domain.times import kept_moment
from store import developments
from store.schema import concern, coordination, deadline, deadline_entry, draft, new_id, response, topic

_CHUNK = 400  # ids in one query


def reasons_json(reasons: tuple[Reason, ...]) -> list[dict[str, Any]]:
    """Reasons as they are stored and recorded."""
    return [
        {
            "code": reason.code.code,
            "words": reason.words,
            "evidence": [
                {"article": e.article_id, "sentence": e.sentence, "source": e.source} for e in reason.evidence
            ],
        }
        for reason in reasons
    ]


def judgement_json(judgement: Judgement) -> dict[str, Any]:
    """A judgement as it is stored and recorded."""
    return {
        "grade": judgement.grade.code,
        "attention": judgement.attention.code,
        "category": judgement.category,
        "basis": judgement.basis.code,
        "basis_at": judgement.basis_at.isoformat(),
        "unit": judgement.unit,
        "disposition": judgement.disposition.code,
        "by": judgement.by,
        "at": judgement.at.isoformat(),
        "suggested": judgement.suggested.code,
    }


def _judgement(kept: dict[str, Any] | None) -> Judgement | None:
    if not kept:
        return None
    return Judgement(
        EventGrade.of(kept["grade"]),
        AttentionGrade.of(kept["attention"]),
        kept["category"],
        ClockBasis.of(kept["basis"]),
        kept_moment(kept["basis_at"]),
        kept["unit"],
        Disposition.of(kept["disposition"]),
        kept["by"],
        kept_moment(kept["at"]),
        EventGrade.of(kept.get("suggested", EventGrade.I.code)),
    )


def _concern(row: Row[Any], turned: tuple[Turn, ...] = ()) -> Concern:
    reasons = tuple(
        Reason(
            ReasonCode.of(reason["code"]),
            reason["words"],
            tuple(Evidence(e["article"], e["sentence"], e["source"]) for e in reason["evidence"]),
        )
        for reason in row.reasons
    )
    return Concern(
        row.id,
        row.topic_id,
        row.title,
        ConcernState.of(row.state),
        reasons,
        EventGrade.of(row.suggested_grade),
        row.grade_ground,
        AttentionGrade.of(row.suggested_attention),
        row.found_at,
        row.first_report_at,
        row.version,
        _judgement(row.judgement),
        row.outcome,
        row.merged_into,
        row.referred_to,
        row.accepted_at,
        turned if ConcernState.of(row.state).running else (),
        row.happened_at,
        row.assigned_at,
        row.referred_at,
        row.closed_at,
        row.effect,
    )


def flag(connection: Connection, new: Concern) -> int:
    """Keep a newly flagged concern; its id."""
    added = connection.execute(
        concern.insert().values(
            topic_id=new.topic_id,
            title=new.title,
            state=new.state.code,
            reasons=reasons_json(new.reasons),
            suggested_grade=new.suggested_grade.code,
            grade_ground=new.grade_ground,
            suggested_attention=new.suggested_attention.code,
            found_at=new.found_at,
            first_report_at=new.first_report_at,
            outcome="",
            version=1,
        )
    )
    return new_id(added)


def update(connection: Connection, known: Concern, **values: Any) -> None:
    """Change a concern that is still as `known` says. Raises ConflictError if somebody was faster."""
    done = connection.execute(
        concern.update()
        .where(concern.c.id == known.id, concern.c.version == known.version)
        .values(version=known.version + 1, **values)
    )
    if done.rowcount != 1:
        raise ConflictError("这件关切刚被别人改过，您的操作没有保存。请看过最新内容后再做一次。")


def get(connection: Connection, id: int) -> Concern:
    """One concern. Raises NotFoundError."""
    row = connection.execute(select(concern).where(concern.c.id == id)).first()
    if row is None:
        raise NotFoundError(f"没有编号为 {id} 的关切。用 concerns 看有哪些。")
    return _concern(row, developments.waiting(connection, id).get(id, ()))


def of_topic(connection: Connection, topic_id: int) -> Concern | None:
    """The concern that a topic was flagged as."""
    row = connection.execute(select(concern).where(concern.c.topic_id == topic_id)).first()
    return _concern(row) if row else None


def of_topics(connection: Connection, topic_ids: Sequence[int]) -> dict[int, Concern]:
    """The concerns that topics were flagged as, by topic; those that were not are left out."""
    by_topic: dict[int, Concern] = {}
    for i in range(0, len(topic_ids), _CHUNK):
        rows = connection.execute(select(concern).where(concern.c.topic_id.in_(topic_ids[i : i + _CHUNK])))
        by_topic.update((row.topic_id, _concern(row)) for row in rows)
    return by_topic


def worked_on(connection: Connection) -> list[int]:
    """The topics of concerns that somebody has judged; the machine does not merge them away."""
    waiting = (ConcernState.FLAGGED.code, ConcernState.MERGED.code)
    return list(connection.execute(select(concern.c.topic_id).where(concern.c.state.not_in(waiting))).scalars())


def listing(
    connection: Connection, state: ConcernState | None = None, running_only: bool = False, since: datetime | None = None
) -> list[Concern]:
    """Concerns, newest first: of one state, still running, or found since a moment, where asked."""
    query = select(concern).order_by(concern.c.found_at.desc(), concern.c.id.desc())
    if state is not None:
        query = query.where(concern.c.state == state.code)
    if running_only:
        query = query.where(concern.c.state.in_([s.code for s in ConcernState if s.running]))
    if since is not None:
        query = query.where(concern.c.found_at >= since)
    turned = developments.waiting(connection)
    return [_concern(row, turned.get(row.id, ())) for row in connection.execute(query)]


def put_aside(connection: Connection, since: datetime) -> list[Concern]:
    """Concerns that were dismissed or closed, of whose topics one has news since a moment."""
    lately = select(topic.c.id).where(topic.c.last_at >= since)
    beside = select(topic.c.matter).where(topic.c.last_at >= since, topic.c.matter.is_not(None))
    aside = [ConcernState.DISMISSED.code, ConcernState.CLOSED.code]
    query = select(concern).where(concern.c.state.in_(aside))
    query = query.where(or_(concern.c.topic_id.in_(lately), concern.c.id.in_(beside))).order_by(concern.c.id)
    return [_concern(row) for row in connection.execute(query)]


def alive(connection: Connection, since: datetime) -> list[Concern]:
    """Concerns that are still running or were found since a moment, newest first; merged ones are left out."""
    query = (
        select(concern)
        .where(or_(concern.c.found_at >= since, concern.c.state.in_([s.code for s in ConcernState if s.running])))
        .where(concern.c.state != ConcernState.MERGED.code)
        .order_by(concern.c.found_at.desc(), concern.c.id.desc())
    )
    return [_concern(row) for row in connection.execute(query)]


def add_deadline(connection: Connection, new: Deadline, who: str, at: datetime, reason: str) -> int:
    """Keep a deadline with the first entry of its ledger; its id."""
    added = connection.execute(
        deadline.insert().values(
            concern_id=new.concern_id,
            code=new.code,
            name=new.name,
            source=new.source,
            start_at=new.start_at,
            due_at=new.due_at,
            how=new.how,
            withdrawn="",
            repeats=new.repeats,
        )
    )
    id = new_id(added)
    _enter(connection, id, at, who, EntryKind.STARTED, None, new.due_at, reason)
    return id


def move_deadline(
    connection: Connection,
    known: Deadline,
    due_at: datetime,
    how: str,
    kind: EntryKind,
    who: str,
    at: datetime,
    why: str,
) -> None:
    """A due time by a new entry: the old one stays in the ledger."""
    connection.execute(deadline.update().where(deadline.c.id == known.id).values(due_at=due_at, how=how))
    _enter(connection, known.id, at, who, kind, known.due_at, due_at, why)


def withdraw_deadline(connection: Connection, known: Deadline, who: str, at: datetime, why: str) -> None:
    """A deadline that no longer binds, and why."""
    connection.execute(deadline.update().where(deadline.c.id == known.id).values(withdrawn=why))
    _enter(connection, known.id, at, who, EntryKind.WITHDRAWN, known.due_at, known.due_at, why)


def _enter(
    connection: Connection,
    id: int,
    at: datetime,
    who: str,
    kind: EntryKind,
    before: datetime | None,
    due_at: datetime,
    reason: str,
) -> None:
    connection.execute(
        deadline_entry.insert().values(
            deadline_id=id, at=at, who=who, kind=kind.code, before=before, due_at=due_at, reason=reason
        )
    )


def deadline_entries(connection: Connection, concern_id: int) -> list[DeadlineEntry]:
    """The ledger of a concern's deadlines, in order."""
    query = (
        select(deadline_entry).join(deadline).where(deadline.c.concern_id == concern_id).order_by(deadline_entry.c.id)
    )
    return [
        DeadlineEntry(
            row.id, row.deadline_id, row.at, row.who, EntryKind.of(row.kind), row.before, row.due_at, row.reason
        )
        for row in connection.execute(query)
    ]


def meet_deadline(connection: Connection, id: int, at: datetime, entered_at: datetime) -> None:
    """Note the evidence that met a deadline, and when it was entered; the due time itself never changes."""
    connection.execute(deadline.update().where(deadline.c.id == id).values(met_at=at, entered_at=entered_at))


def pause_deadline(connection: Connection, known: Deadline, who: str, at: datetime, why: str) -> None:
    """A deadline pauses from a moment, and why."""
    connection.execute(deadline.update().where(deadline.c.id == known.id).values(paused_at=at))
    _enter(connection, known.id, at, who, EntryKind.PAUSED, known.due_at, known.due_at, why)


def paused_by(connection: Connection, code: str) -> list[int]:
    """The concerns still running of which a clock of a rule pauses."""
    pauses = deadline.c.paused_at.is_not(None) & deadline.c.met_at.is_(None) & (deadline.c.withdrawn == "")
    running = concern.c.state.in_([s.code for s in ConcernState if s.running])
    query = select(concern.c.id).join(deadline).where((deadline.c.code == code) & pauses & running).distinct()
    return list(connection.scalars(query.order_by(concern.c.id)))


def resume_deadline(
    connection: Connection, known: Deadline, due_at: datetime, how: str, who: str, at: datetime, why: str
) -> None:
    """A deadline that paused runs again, until another due time."""
    connection.execute(deadline.update().where(deadline.c.id == known.id).values(paused_at=None))
    move_deadline(connection, known, due_at, how, EntryKind.RESUMED, who, at, why)


def explain_deadline(connection: Connection, known: Deadline, who: str, at: datetime, why: str) -> None:
    """Why a deadline was not kept, as an entry of its ledger."""
    _enter(connection, known.id, at, who, EntryKind.EXPLAINED, known.due_at, known.due_at, why)


def explanations(connection: Connection) -> dict[int, str]:
    """Why deadlines were not kept, by deadline, as was last said."""
    told = (deadline_entry.c.deadline_id, deadline_entry.c.reason)
    explained = deadline_entry.c.kind == EntryKind.EXPLAINED.code
    query = select(*told).where(explained).order_by(deadline_entry.c.id)
    return {row.deadline_id: row.reason for row in connection.execute(query)}


def deadlines(connection: Connection, concern_id: int | None = None, of: Sequence[int] | None = None) -> list[Deadline]:
    """Deadlines of one concern, of some or of all, the nearest first."""
    query = select(deadline).order_by(deadline.c.due_at, deadline.c.id)
    if concern_id is not None:
        query = query.where(deadline.c.concern_id == concern_id)
    if of is not None:
        query = query.where(deadline.c.concern_id.in_(of))
    return [
        Deadline(
            row.id,
            row.concern_id,
            row.code,
            row.name,
            row.source,
            row.start_at,
            row.due_at,
            row.how,
            row.met_at,
            row.withdrawn,
            row.repeats,
            row.entered_at,
            row.paused_at,
        )
        for row in connection.execute(query)
    ]


def add_draft(connection: Connection, new: Draft) -> int:
    """Keep a draft version; its id."""
    added = connection.execute(
        draft.insert().values(
            concern_id=new.concern_id,
            version=new.version,
            kind=new.kind.code,
            title=new.title,
            body=new.body,
            author=new.author,
            written_at=new.written_at,
            state=new.state.code,
            approver="",
        )
    )
    return new_id(added)


def change_draft(connection: Connection, id: int, **values: Any) -> None:
    """Move a draft on; its text never changes."""
    connection.execute(draft.update().where(draft.c.id == id).values(**values))


def drafts(connection: Connection, concern_id: int) -> list[Draft]:
    """The versions of a concern's drafts, newest first."""
    query = select(draft).where(draft.c.concern_id == concern_id).order_by(draft.c.version.desc())
    return [
        Draft(
            row.id,
            row.concern_id,
            row.version,
            ResponseKind.of(row.kind),
            row.title,
            row.body,
            row.author,
            row.written_at,
            DraftState.of(row.state),
            row.approver,
            row.approved_at,
            row.reviewer,
            row.reviewed_at,
            row.returned,
            row.alone,
            tuple(row.allowed),
        )
        for row in connection.execute(query)
    ]


def add_response(connection: Connection, new: Response) -> int:
    """Keep a published response; its id."""
    added = connection.execute(
        response.insert().values(
            concern_id=new.concern_id,
            draft_id=new.draft_id,
            kind=new.kind.code,
            channel=new.channel.code,
            title=new.title,
            text=new.text,
            link=new.link,
            published_at=new.published_at,
            by=new.by,
            file=new.file,
            file_hash=new.file_hash,
            entered_at=new.entered_at,
            late_why=new.late_why,
        )
    )
    return new_id(added)


def responses(connection: Connection, concern_id: int | None = None) -> list[Response]:
    """Published responses of one concern or all, by time."""
    query = select(response).order_by(response.c.published_at, response.c.id)
    if concern_id is not None:
        query = query.where(response.c.concern_id == concern_id)
    return [
        Response(
            row.id,
            row.concern_id,
            row.draft_id,
            ResponseKind.of(row.kind),
            Channel.of(row.channel),
            row.title,
            row.text,
            row.link,
            row.published_at,
            row.by,
            row.file,
            row.file_hash,
            row.entered_at,
            row.late_why,
        )
        for row in connection.execute(query)
    ]


def add_coordination(connection: Connection, new: Coordination) -> int:
    """Keep a request to another unit; its id."""
    added = connection.execute(
        coordination.insert().values(
            concern_id=new.concern_id, unit=new.unit, asked=new.asked, asked_at=new.asked_at, by=new.by, answer=""
        )
    )
    return new_id(added)


def answer_coordination(connection: Connection, concern_id: int, id: int, answer: str, at: datetime) -> None:
    """Note what the unit answered to a request of a concern. Raises NotFoundError."""
    change = coordination.update().where(
        coordination.c.id == id, coordination.c.concern_id == concern_id, coordination.c.answered_at.is_(None)
    )
    if connection.execute(change.values(answer=answer, answered_at=at)).rowcount != 1:
        raise NotFoundError("这条协同请求不存在，或已经登记过答复。")


def coordinations(connection: Connection, concern_id: int | None = None) -> list[Coordination]:
    """Requests to other units, of one concern or all, by time."""
    query = select(coordination).order_by(coordination.c.asked_at, coordination.c.id)
    if concern_id is not None:
        query = query.where(coordination.c.concern_id == concern_id)
    return [
        Coordination(r.id, r.concern_id, r.unit, r.asked, r.asked_at, r.by, r.answer, r.answered_at)
        for r in connection.execute(query)
    ]


def carry_clocks(connection: Connection, from_id: int, to_id: int) -> None:
    """The clocks of a concern go to the one it went into."""
    connection.execute(deadline.update().where(deadline.c.concern_id == from_id).values(concern_id=to_id))


def carry_over(connection: Connection, from_id: int, to_id: int) -> None:
    """Clocks, drafts, responses and coordination of a merged concern go to the one it went into."""
    developments.carry_over(connection, from_id, to_id)
    last = max((d.version for d in drafts(connection, to_id)), default=0)
    for i, item in enumerate(sorted(drafts(connection, from_id), key=lambda d: d.version)):
        connection.execute(draft.update().where(draft.c.id == item.id).values(concern_id=to_id, version=last + i + 1))
    carry_clocks(connection, from_id, to_id)
    for table in (response, coordination):
        connection.execute(table.update().where(table.c.concern_id == from_id).values(concern_id=to_id))
