"""Working a case: every step of a concern, each one transaction with its entry in the record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from desk.office import office
from domain.concern import (
    AttentionGrade,
    ClockBasis,
    Concern,
    ConcernState,
    Disposition,
    EventGrade,
    Judgement,
)
from domain.errors import InputError, NotFoundError
from domain.record import Entry
from domain.response import Channel, Deadline, Draft, DraftState, Response, ResponseKind, checked_link
from response.deadlines import deadlines_for, met_by
from response.lifecycle import Step, after, check_approver, check_publishable
from store import cases, record
from store.database import Database


@dataclass(frozen=True, slots=True)
class Case:
    """All there is of one concern."""

    concern: Concern
    deadlines: list[Deadline]
    drafts: list[Draft]
    responses: list[Response]
    history: list[Entry]


def concerns(database: Database, state: ConcernState | None = None) -> list[tuple[Concern, list[Deadline]]]:
    """Concerns with their deadlines, newest first."""
    with database.read() as connection:
        by_concern: dict[int, list[Deadline]] = {}
        for deadline in cases.deadlines(connection):
            by_concern.setdefault(deadline.concern_id, []).append(deadline)
        return [(concern, by_concern.get(concern.id, [])) for concern in cases.listing(connection, state)]


def case(database: Database, concern_id: int) -> Case:
    """One concern with everything. Raises NotFoundError."""
    with database.read() as connection:
        return Case(
            cases.get(connection, concern_id),
            cases.deadlines(connection, concern_id),
            cases.drafts(connection, concern_id),
            cases.responses(connection, concern_id),
            list(record.entries(connection, f"concern:{concern_id}")),
        )


def judge(
    database: Database,
    concern_id: int,
    *,
    grade: EventGrade,
    basis: ClockBasis,
    by: str,
    now: datetime,
    basis_at: datetime | None = None,
    attention: AttentionGrade | None = None,
    category: str = "",
    unit: str = "",
    disposition: Disposition = Disposition.HARDSHIP,
) -> list[Deadline]:
    """判定: the officer's judgement; the clocks start. Raises StepError, InputError."""
    packs = office(database).packs
    with database.write() as connection:
        concern = cases.get(connection, concern_id)
        state = after(Step.JUDGE, concern.state)
        judgement = Judgement(
            grade,
            attention or concern.suggested_attention,
            category,
            basis,
            basis_at or _default_basis(concern, basis, now),
            unit,
            disposition,
            _who(by),
            now,
        )
        if judgement.basis_at > now:
            raise InputError("计时起点晚于现在。请填已经发生的时间。")
        cases.update(connection, concern, state=state.code, judgement=cases.judgement_json(judgement))
        started = deadlines_for(concern_id, judgement, packs)
        for deadline in started:
            cases.add_deadline(connection, deadline)
        clocks = [{"code": d.code, "start": d.start_at.isoformat(), "due": d.due_at.isoformat()} for d in started]
        _note(
            connection,
            now,
            by,
            Step.JUDGE,
            concern,
            {
                "state": state.code,
                "judgement": cases.judgement_json(judgement),
                "deadlines": clocks,
            },
        )
        return cases.deadlines(connection, concern_id)


def dismiss(database: Database, concern_id: int, *, reason: str, by: str, now: datetime) -> None:
    """不予回应, with a reason."""
    _move(database, concern_id, Step.DISMISS, _needed(reason, "不予回应的理由"), by, now)


def write_draft(
    database: Database, concern_id: int, *, kind: ResponseKind, title: str, body: str, by: str, now: datetime
) -> Draft:
    """拟稿: a new version; earlier ones stay."""
    with database.write() as connection:
        concern = cases.get(connection, concern_id)
        after(Step.DRAFT, concern.state)
        version = max((draft.version for draft in cases.drafts(connection, concern_id)), default=0) + 1
        new = Draft(
            0,
            concern_id,
            version,
            kind,
            _needed(title, "标题"),
            _needed(body, "正文"),
            _who(by),
            now,
            DraftState.WRITTEN,
        )
        cases.add_draft(connection, new)
        cases.update(connection, concern)
        _note(
            connection,
            now,
            by,
            Step.DRAFT,
            concern,
            {"version": version, "kind": kind.code, "title": title, "body": body},
        )
        return cases.drafts(connection, concern_id)[0]


def approve(database: Database, concern_id: int, version: int, *, by: str, now: datetime) -> None:
    """签发 by a second person. Raises StepError if it is the author."""
    with database.write() as connection:
        concern = cases.get(connection, concern_id)
        after(Step.APPROVE, concern.state)
        draft = _draft(connection, concern_id, version)
        check_approver(draft, _who(by))
        cases.change_draft(connection, draft.id, state=DraftState.APPROVED.code, approver=by, approved_at=now)
        cases.update(connection, concern)
        _note(connection, now, by, Step.APPROVE, concern, {"version": version})


def publish(
    database: Database,
    concern_id: int,
    version: int,
    *,
    channel: Channel,
    link: str,
    by: str,
    now: datetime,
    at: datetime | None = None,
) -> Response:
    """发布回应 with its evidence: channel, time, address. The deadlines it meets are met."""
    with database.write() as connection:
        concern = cases.get(connection, concern_id)
        draft = _draft(connection, concern_id, version)
        published_at = at or now
        if published_at > now:
            raise InputError("发布时间晚于现在。请填实际发布的时间。")
        state = after(Step.PUBLISH, concern.state)
        check_publishable(draft)
        # A 动态 informs, it does not answer: before the first answer the case stays open.
        if draft.kind is ResponseKind.UPDATE:
            state = concern.state
        new = Response(
            0, concern_id, draft.id, draft.kind, channel, draft.title, draft.body, checked_link(link), published_at, by
        )
        cases.add_response(connection, new)
        met = met_by(cases.deadlines(connection, concern_id), new)
        for deadline in met:
            cases.meet_deadline(connection, deadline.id, published_at)
        cases.change_draft(connection, draft.id, state=DraftState.PUBLISHED.code)
        cases.update(connection, concern, state=state.code)
        _note(
            connection,
            now,
            by,
            Step.PUBLISH,
            concern,
            {
                "state": state.code,
                "version": version,
                "channel": channel.code,
                "link": link,
                "published_at": published_at.isoformat(),
                "met": [deadline.code for deadline in met],
            },
        )
        return cases.responses(connection, concern_id)[-1]


def follow(database: Database, concern_id: int, *, by: str, now: datetime) -> None:
    """转入跟踪: answered, more to come."""
    _move(database, concern_id, Step.FOLLOW, "", by, now)


def close(database: Database, concern_id: int, *, outcome: str, by: str, now: datetime) -> None:
    """办结, with what was done about it (处置结果)."""
    _move(database, concern_id, Step.CLOSE, _needed(outcome, "处置结果"), by, now)


def reopen(database: Database, concern_id: int, *, reason: str, by: str, now: datetime) -> None:
    """重新打开, with a reason; the old clocks stay as they are."""
    _move(database, concern_id, Step.REOPEN, _needed(reason, "重新打开的理由"), by, now)


def _move(database: Database, concern_id: int, step: Step, words: str, by: str, now: datetime) -> None:
    with database.write() as connection:
        concern = cases.get(connection, concern_id)
        state = after(step, concern.state)
        cases.update(connection, concern, state=state.code, **({"outcome": words} if words else {}))
        _note(connection, now, _who(by), step, concern, {"state": state.code, "words": words})


def _note(connection: Connection, now: datetime, by: str, step: Step, concern: Concern, change: dict[str, Any]) -> None:
    record.append(connection, now, by, step.label, f"concern:{concern.id}", {"state": concern.state.code}, change)


def _draft(connection: Connection, concern_id: int, version: int) -> Draft:
    for draft in cases.drafts(connection, concern_id):
        if draft.version == version:
            return draft
    raise NotFoundError(f"这件关切没有第 {version} 稿。")


def _default_basis(concern: Concern, basis: ClockBasis, now: datetime) -> datetime:
    if basis is ClockBasis.FOUND:
        return min(concern.found_at, now)
    if basis is ClockBasis.FIRST_REPORT:
        return min(concern.first_report_at, now)
    raise InputError(f"选择“{basis.label}”作计时起点时，请填写时间。")


def _who(by: str) -> str:
    return _needed(by, "姓名")


def _needed(text: str, what: str) -> str:
    if not text.strip():
        raise InputError(f"请填写{what}。")
    return text.strip()
