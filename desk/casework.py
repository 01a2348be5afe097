"""Working a case: every step of a concern, each one transaction with its entry in the record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection

from analysis.segment import carries_meaning
from desk.clocks import calendar, rules
from desk.people import check_step
from domain.concern import (
    AttentionGrade,
    ClockBasis,
    Concern,
    ConcernState,
    Disposition,
    EventGrade,
    Judgement,
)
from domain.errors import ConflictError, InputError, StepError
from domain.record import Entry
from domain.response import Coordination, Deadline, DeadlineEntry, Draft, Response
from domain.times import exact
from response.deadlines import ANSWERED, deadlines_for
from response.dispositions import Done, Point, checklist, suggested_disposition
from response.followup import Look, Report, looks
from response.lifecycle import Step, after
from store import articles, cases, record, sources, topics
from store.database import Database

Result = TypeVar("Result")
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

    @property
    def checklist(self) -> list[Point]:
        """What its way of 处置 asks for; empty before it is judged."""
        judged = self.concern.judgement
        done = Done(self.responses, self.coordination, self.concern.outcome)
        return checklist(judged.disposition, done) if judged else []


def unless_changed(database: Database, concern_id: int, seen: int, by: str, step: Callable[[], Result]) -> Result:
    """Do a step of a case unless somebody else did something since the entry `seen` of its record.

    Raises ConflictError that tells what, an entry a line. Two at the very same moment are told apart by the version
    of the concern, which each step checks.
    """
    with database.read() as connection:
        since = [e for e in record.entries(connection, f"concern:{concern_id}") if e.sequence > seen and e.who != by]
    if since:
        told = "\n".join(f"{exact(e.at)[5:]} {e.who} {e.action}　{said_of(e)}".rstrip() for e in since)
        raise ConflictError(f"您看的时候，{since[-1].who}已经{since[-1].action}，您的操作没有保存。\n{told}")
    return step()


def said_of(entry: Entry) -> str:
    """What an entry of the record is about, in short."""
    after = entry.after if isinstance(entry.after, dict) else {}
    keys = ("title", "words", "why", "unit", "asked", "answer", "version", "link")
    found = [str(after[key]) for key in keys if after.get(key)]
    if isinstance(judged := after.get("judgement"), dict):
        found.append(f"{EventGrade.of(judged['grade']).label}，{judged['unit'] or '责任单位未定'}")
    return "；".join(found)[:200]


def concerns(
    database: Database, state: ConcernState | None = None, running_only: bool = False
) -> list[tuple[Concern, list[Deadline]]]:
    """Concerns with their deadlines, newest first; of one state, or those somebody still works on, where asked."""
    with database.read() as connection:
        known = cases.listing(connection, state, running_only)
        by_concern: dict[int, list[Deadline]] = {}
        for deadline in cases.deadlines(connection, of=[c.id for c in known] if running_only else None):
            by_concern.setdefault(deadline.concern_id, []).append(deadline)
        return [(concern, by_concern.get(concern.id, [])) for concern in known]


def case(database: Database, concern_id: int) -> Case:
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
        )


def followups(database: Database, concern_id: int, now: datetime) -> list[Look]:
    """成效回看 of each published response of a concern, 24 and 48 hours after."""
    with database.read() as connection:
        concern = cases.get(connection, concern_id)
        published = cases.responses(connection, concern_id)
        topic_id = topics.forwarded(connection, concern.topic_id)
        members = articles.of_topics(connection, [topic_id])[topic_id] if published else []
        own = {source.id for source in sources.all_sources(connection) if OWN_ACCOUNT in source.tags}
    reports = [
        Report(
            a.title,
            frozenset(w for w in a.title_words.split() if carries_meaning(w) and w not in concern.title),
            a.source,
            a.published_at,
            a.source_id in own,
        )
        for a in members
    ]
    return [look for response in published for look in looks(response, reports, now)]


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
    disposition: Disposition | None = None,
) -> list[Deadline]:
    """判定: the officer's judgement; the clocks start. Raises StepError, InputError.

    Without a `disposition`, it is the one that the reasons suggest.
    """
    bound, counted_by = rules(database), calendar(database)
    with database.write() as connection:
        concern = cases.get(connection, concern_id)
        check_step(connection, by, Step.JUDGE)
        state = after(Step.JUDGE, concern.state)
        judgement = Judgement(
            grade,
            attention or concern.suggested_attention,
            category,
            basis,
            basis_at or _default_basis(concern, basis, now),
            unit,
            disposition or suggested_disposition(concern.reasons),
            _who(by),
            now,
            concern.suggested_grade,
        )
        if judgement.basis_at > now:
            raise InputError("计时起点晚于现在。请填已经发生的时间。")
        cases.update(connection, concern, state=state.code, judgement=cases.judgement_json(judgement))
        # A concern that was reopened keeps its old clocks and starts new ones.
        started = deadlines_for(concern_id, judgement, bound, counted_by)
        for deadline in started:
            cases.add_deadline(connection, deadline, by, now, f"判定为{grade.label}，按{basis.label}时间起算")
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


def regrade(
    database: Database,
    concern_id: int,
    *,
    grade: EventGrade,
    why: str,
    by: str,
    now: datetime,
    basis_at: datetime | None = None,
) -> list[Deadline]:
    """调整等级 of a case that is being worked on: its clocks go on, those that the new grade brings start.

    They start from `basis_at`, when the new situation was known; `now` where it is not given. The same grade as
    before says that the rules' suggestion was looked at and not taken. Raises StepError, InputError.
    """
    bound, counted_by = rules(database), calendar(database)
    with database.write() as connection:
        concern = cases.get(connection, concern_id)
        check_step(connection, by, Step.REGRADE)
        after(Step.REGRADE, concern.state)
        before = concern.judgement
        if before is None:
            raise StepError("这件关切还没有判定，请先判定。")
        start, reason = basis_at or now, _needed(why, "调整等级的理由")
        if start > now:
            raise InputError("计时起点晚于现在。请填已经发生的时间。")
        judgement = replace(before, grade=grade, by=_who(by), at=now, suggested=concern.suggested_grade)
        cases.update(connection, concern, judgement=cases.judgement_json(judgement))
        running = {d.code for d in cases.deadlines(connection, concern_id) if not d.withdrawn}
        started = [
            deadline
            for deadline in deadlines_for(concern_id, replace(judgement, basis_at=start), bound, counted_by)
            if grade is not before.grade and deadline.code not in running
        ]
        for deadline in started:
            cases.add_deadline(connection, deadline, by, now, f"由{before.grade.label}调整为{grade.label}：{reason}")
        change = {
            "grade": grade.code,
            "why": reason,
            "deadlines": [{"code": d.code, "due": d.due_at.isoformat()} for d in started],
        }
        record.append(
            connection,
            now,
            by,
            Step.REGRADE.label,
            f"concern:{concern_id}",
            {"grade": before.grade.code},
            change,
        )
        return cases.deadlines(connection, concern_id)


def dismiss(database: Database, concern_id: int, *, reason: str, by: str, now: datetime) -> None:
    """不予回应, with a reason."""
    _move(database, concern_id, Step.DISMISS, _needed(reason, "不予回应的理由"), by, now)


def merge(database: Database, concern_id: int, into: int, *, by: str, now: datetime) -> None:
    """并入 another concern, with clocks, drafts, responses and coordination. Raises StepError."""
    with database.write() as connection:
        concern, target = cases.get(connection, concern_id), cases.get(connection, into)
        check_step(connection, by, Step.MERGE)
        state = after(Step.MERGE, concern.state)
        if into == concern_id or not target.state.running:
            raise StepError(f"只能并入另一件还在办理的关切；第 {into} 件现在是“{target.state.label}”。")
        cases.carry_over(connection, concern_id, into)
        cases.update(connection, concern, state=state.code, merged_into=into)
        _note(connection, now, by, Step.MERGE, concern, {"state": state.code, "into": into})
        record.append(
            connection, now, by, "并入本件", f"concern:{into}", None, {"from": concern_id, "title": concern.title}
        )


def refer(database: Database, concern_id: int, *, unit: str, why: str, by: str, now: datetime) -> None:
    """转办 to another unit; the clocks go on until it accepts."""
    unit = _needed(unit, "转办给哪个单位")
    _move(database, concern_id, Step.REFER, _needed(why, "转办的理由"), by, now, referred_to=unit, accepted_at=None)


def accepted(database: Database, concern_id: int, *, at: datetime, by: str, now: datetime) -> None:
    """The other unit has accepted: from then on the clocks are its own, here they end."""
    if at > now:
        raise InputError("受理时间晚于现在。请填实际受理的时间。")
    with database.write() as connection:
        concern = cases.get(connection, concern_id)
        check_step(connection, by, Step.ACCEPT)
        after(Step.ACCEPT, concern.state)
        cases.update(connection, concern, accepted_at=at)
        for deadline in cases.deadlines(connection, concern_id):
            if deadline.met_at is None and not deadline.withdrawn:
                why = f"{concern.referred_to}已于 {exact(at)} 受理"
                cases.withdraw_deadline(connection, deadline, by, now, why)
        _note(connection, now, by, Step.ACCEPT, concern, {"unit": concern.referred_to, "at": at.isoformat()})


def take_back(database: Database, concern_id: int, *, reason: str, by: str, now: datetime) -> None:
    """收回 a referral that was not accepted; the clocks have gone on."""
    with database.read() as connection:
        concern = cases.get(connection, concern_id)
        if concern.accepted_at is not None:
            raise StepError(f"{concern.referred_to}已经受理，不能收回。")
    _move(database, concern_id, Step.TAKE_BACK, _needed(reason, "收回的理由"), by, now, referred_to="")


def ask_unit(database: Database, concern_id: int, *, unit: str, what: str, by: str, now: datetime) -> None:
    """协同: ask 宣传、网信、公安、主管部门 for something."""
    with database.write() as connection:
        concern = cases.get(connection, concern_id)
        check_step(connection, by, Step.COORDINATE)
        after(Step.COORDINATE, concern.state)
        new = Coordination(0, concern_id, _needed(unit, "协同单位"), _needed(what, "请求事项"), now, _who(by))
        cases.add_coordination(connection, new)
        cases.update(connection, concern)
        _note(connection, now, by, Step.COORDINATE, concern, {"unit": new.unit, "asked": new.asked})


def unit_answered(
    database: Database, concern_id: int, coordination_id: int, *, answer: str, at: datetime, by: str, now: datetime
) -> None:
    """What the unit answered, and when."""
    if at > now:
        raise InputError("答复时间晚于现在。请填实际答复的时间。")
    with database.write() as connection:
        concern = cases.get(connection, concern_id)
        cases.answer_coordination(connection, coordination_id, _needed(answer, "答复内容"), at)
        cases.update(connection, concern)
        record.append(
            connection,
            now,
            _who(by),
            "协同答复",
            f"concern:{concern_id}",
            None,
            {"coordination": coordination_id, "answer": answer, "at": at.isoformat()},
        )


def follow(database: Database, concern_id: int, *, by: str, now: datetime) -> None:
    """转入跟踪: answered, more to come."""
    _move(database, concern_id, Step.FOLLOW, "", by, now)


def close(database: Database, concern_id: int, *, outcome: str, by: str, now: datetime) -> None:
    """办结, with what was done about it (处置结果); the repeating clock ends."""
    _move(database, concern_id, Step.CLOSE, _needed(outcome, "处置结果"), by, now)
    bound = {rule.code for rule in rules(database) if rule.applies == ANSWERED}
    with database.write() as connection:
        for deadline in cases.deadlines(connection, concern_id):
            if deadline.code in bound and deadline.met_at is None and not deadline.withdrawn:
                cases.withdraw_deadline(connection, deadline, by, now, "已办结")


def archive(database: Database, concern_id: int, *, by: str, now: datetime) -> None:
    """归档."""
    _move(database, concern_id, Step.ARCHIVE, "", by, now)


def reopen(database: Database, concern_id: int, *, reason: str, by: str, now: datetime) -> None:
    """重新打开, with a reason; the old clocks stay as they are, new ones start from now.

    What was put aside without a judgement waits for one again.
    """
    bound, counted_by = rules(database), calendar(database)
    reason = _needed(reason, "重新打开的理由")
    with database.read() as connection:
        unjudged = cases.get(connection, concern_id).judgement is None
    _move(database, concern_id, Step.FLAG_AGAIN if unjudged else Step.REOPEN, reason, by, now)
    if unjudged:
        return
    with database.write() as connection:
        concern = cases.get(connection, concern_id)
        assert concern.judgement is not None
        again = replace(concern.judgement, basis=ClockBasis.FOUND, basis_at=now)
        for deadline in deadlines_for(concern_id, again, bound, counted_by):
            cases.add_deadline(connection, deadline, by, now, f"重新打开：{reason.strip()}")


def _move(
    database: Database, concern_id: int, step: Step, words: str, by: str, now: datetime, **values: object
) -> None:
    with database.write() as connection:
        concern = cases.get(connection, concern_id)
        check_step(connection, by, step)
        state = after(step, concern.state)
        if words and step in (Step.CLOSE, Step.DISMISS):
            values["outcome"] = words
        cases.update(connection, concern, state=state.code, **values)
        said = {key: value for key, value in values.items() if isinstance(value, str) and key != "outcome"}
        _note(connection, now, _who(by), step, concern, {"state": state.code, "words": words, **said})


def _note(connection: Connection, now: datetime, by: str, step: Step, concern: Concern, change: dict[str, Any]) -> None:
    record.append(connection, now, by, step.label, f"concern:{concern.id}", {"state": concern.state.code}, change)


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
