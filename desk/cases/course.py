"""The steps of a case's course: each is handed the case as it stands and tells what it did (see desk/execute.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from desk.cases import judging
from desk.cases.deadlines import calendar_of, clockwork_of, known_rules, rules_of
from desk.work import CaseHandler, Effect, Work
from domain.concern import ClockBasis, Concern, ConcernState, Judgement
from domain.errors import InputError, StepError
from domain.response import Applies, Coordination, Deadline, DeadlineState
from domain.steps import cases as steps
from domain.steps.cases import CaseStep
from domain.times import exact, whole_minute
from response.deadlines import UNJUDGED, deadlines_for
from response.deadlines import warnings_of as warnings_of
from response.dispositions import suggested_disposition as suggested_disposition
from store import cases

AUTHORITATIVE = "authoritative-5h"  # the clock of a grave emergency that its unjudged one stands for


@dataclass(frozen=True, slots=True)
class Judged:
    """What a judgement came to: the clocks that bind, and what whoever judged must know of the start that was chosen."""

    clocks: Sequence[Deadline]
    warnings: Sequence[str]


def judge(step: steps.JudgeConcern, concern: Concern, work: Work) -> Effect:
    """判定; a concern that was reopened keeps its old clocks and starts new ones.

    The 5 hours of an emergency that nobody judged in time stay, and are not started again.
    """
    concern = replace(
        concern,
        happened_at=step.happened_at or concern.happened_at,
        assigned_at=step.assigned_at or concern.assigned_at,
    )
    _check_happened(concern)
    over = judging.end(work, concern.id, judging.said_why(step.grade))
    judgement = Judgement(
        step.grade,
        step.attention or concern.suggested_attention,
        step.category,
        step.basis,
        _start_of(concern, step.basis, work.now),
        step.unit,
        step.disposition or suggested_disposition(concern.reasons),
        work.who,
        work.now,
        concern.suggested_grade,
    )
    why = f"判定为{step.grade.label}，按{step.basis.label}时间起算"
    started = _start(judgement, concern.id, why, work, but=frozenset({AUTHORITATIVE} if over else ()))
    clocks = [{"code": d.code, "start": d.start_at.isoformat(), "due": d.due_at.isoformat()} for d in started]
    judged = cases.judgement_json(judgement)
    known = [d for d in cases.deadlines(work.connection, concern.id) if not d.of_judging and not d.withdrawn]
    warned = warnings_of(step.grade, step.basis, times_of(concern), clockwork_of(work.connection), work.now)
    times = {"happened_at": concern.happened_at, "assigned_at": concern.assigned_at}
    after = {"judgement": judged, "deadlines": clocks, **({"warned": warned} if warned else {})}
    return Effect(after, columns={"judgement": judged, **times}, result=Judged(known, warned))


def regrade(step: steps.RegradeConcern, concern: Concern, work: Work) -> Effect:
    """调整等级: clocks that run go on, those that only the new grade brings start, unless another unit has accepted the
    case. Gives its deadlines.
    """
    before = concern.judgement
    if before is None:
        raise StepError("这件关切还没有判定，请先判定。")
    start = step.basis_at or work.now
    judgement = replace(before, grade=step.grade, by=work.who, at=work.now, suggested=concern.suggested_grade)
    clocks = [d for d in cases.deadlines(work.connection, concern.id) if not d.withdrawn]
    running = {AUTHORITATIVE if d.code == UNJUDGED and d.waits else d.code for d in clocks}
    started: Sequence[Deadline] = ()
    if step.grade is not before.grade and concern.accepted_at is None:
        why = f"由{before.grade.label}调整为{step.grade.label}：{step.why}"
        started = _start(replace(judgement, basis_at=start), concern.id, why, work, but=frozenset(running))
    return Effect(
        {"deadlines": [{"code": d.code, "due": d.due_at.isoformat()} for d in started]},
        {"grade": before.grade.code},
        columns={"judgement": cases.judgement_json(judgement)},
        result=cases.deadlines(work.connection, concern.id),
    )


def dismiss(step: steps.DismissConcern, concern: Concern, work: Work) -> Effect:
    """不予回应; not of a case that took over the clocks of one that was judged."""
    not_judged = (Applies.BY_HAND, Applies.FLAGGED, Applies.UNJUDGED)
    free = {rule.code for rule in known_rules(work.connection) if rule.applies in not_judged}
    judging.end(work, concern.id, f"不予回应：{step.reason}")
    for deadline in cases.deadlines(work.connection, concern.id):
        if deadline.code not in free and not deadline.withdrawn:
            raise StepError(f"并入这一件的关切已经判定过，“{deadline.name}”的时限还在，不能不予回应。请判定后办理。")
    return Effect(columns={"outcome": step.reason})


def merge(step: steps.MergeConcern, concern: Concern, work: Work) -> Effect:
    """并入; the other case's record tells of it too."""
    target = cases.get(work.connection, step.into)
    if target.id == concern.id or not target.state.running:
        raise StepError(f"只能并入另一件还在办理的关切；第 {step.into} 件现在是“{target.state.label}”。")
    if concern.state is ConcernState.FLAGGED:
        judging.go_with(work, concern, target)
    cases.carry_over(work.connection, concern.id, target.id)
    came = {"from": concern.id, "title": concern.title}
    work.enter("并入本件", f"concern:{target.id}", None, came)
    return Effect(columns={"merged_into": target.id})


def refer(step: steps.ReferConcern, concern: Concern, work: Work) -> Effect:
    """转办."""
    return Effect(columns={"referred_to": step.unit, "referred_at": work.now, "accepted_at": None})


def accept(step: steps.RecordAcceptance, concern: Concern, work: Work) -> Effect:
    """对方受理: from then on the clocks are the other unit's; what is overdue when it is entered stays so here."""
    at = step.at or work.now
    if concern.referred_at is not None and at < whole_minute(concern.referred_at):
        raise StepError(f"受理时间早于转办时间（{exact(concern.referred_at)}），请改一下。", "at")
    if concern.accepted_at is not None:
        raise StepError(f"{concern.referred_to}已于 {exact(concern.accepted_at)} 受理，不用再登记。")
    for deadline in cases.deadlines(work.connection, concern.id):
        if deadline.state(work.latest) in (DeadlineState.RUNNING, DeadlineState.PAUSED):
            why = f"{concern.referred_to}已于 {exact(at)} 受理"
            cases.withdraw_deadline(work.connection, deadline, work.who, work.now, why)
    return Effect({"unit": concern.referred_to, "at": at.isoformat()}, columns={"accepted_at": at})


def take_back(step: steps.TakeBackReferral, concern: Concern, work: Work) -> Effect:
    """收回."""
    if concern.accepted_at is not None:
        raise StepError(f"{concern.referred_to}已经受理，不能收回。")
    return Effect(columns={"referred_to": ""})


def ask_unit(step: steps.AskUnit, concern: Concern, work: Work) -> Effect:
    """协同."""
    cases.add_coordination(work.connection, Coordination(0, concern.id, step.unit, step.asked, work.now, work.who))
    return Effect()


def unit_answered(step: steps.RecordUnitAnswer, concern: Concern, work: Work) -> Effect:
    """协同答复."""
    at = step.at or work.now
    cases.answer_coordination(work.connection, concern.id, step.coordination, step.answer, at)
    return Effect({"at": at.isoformat()})


def close(step: steps.CloseConcern, concern: Concern, work: Work) -> Effect:
    """办结: the repeating clock ends; one that is overdue stays so."""
    for deadline in cases.deadlines(work.connection, concern.id):
        if deadline.repeats and deadline.state(work.latest) in (DeadlineState.RUNNING, DeadlineState.PAUSED):
            cases.withdraw_deadline(work.connection, deadline, work.who, work.now, "已办结")
    return Effect(columns={"outcome": step.outcome, "effect": step.effect or concern.effect, "closed_at": work.now})


def reopen(step: steps.ReopenConcern, concern: Concern, work: Work) -> Effect:
    """重新打开: new clocks start from now; what nobody judged waits to be judged first."""
    if concern.judgement is None:
        judging.start(work.connection, concern, work.who, work.now, work.now)
        return Effect(columns={"state": ConcernState.FLAGGED}, action=steps.FlagConcernAgain.label)
    again = replace(concern.judgement, basis=ClockBasis.FOUND, basis_at=work.now)
    _start(again, concern.id, f"重新打开：{step.reason}", work)
    return Effect()


def _nothing_more(step: CaseStep, concern: Concern, work: Work) -> Effect:
    """A step that only moves the case on."""
    return Effect()


CASE_HANDLERS: dict[type[CaseStep], CaseHandler] = {
    steps.JudgeConcern: judge,
    steps.RegradeConcern: regrade,
    steps.DismissConcern: dismiss,
    steps.MergeConcern: merge,
    steps.ReferConcern: refer,
    steps.RecordAcceptance: accept,
    steps.TakeBackReferral: take_back,
    steps.AskUnit: ask_unit,
    steps.RecordUnitAnswer: unit_answered,
    steps.FollowConcern: _nothing_more,
    steps.CloseConcern: close,
    steps.ArchiveConcern: _nothing_more,
    steps.ReopenConcern: reopen,
}


def _start(
    judgement: Judgement, concern_id: int, why: str, work: Work, but: frozenset[str] = frozenset()
) -> list[Deadline]:
    """Start the clocks that a judgement brings, but those with some codes."""
    connection = work.connection
    deadlines = deadlines_for(concern_id, judgement, rules_of(connection), calendar_of(connection))
    started = [deadline for deadline in deadlines if deadline.code not in but]
    for deadline in started:
        cases.add_deadline(connection, deadline, work.who, work.now, why)
    return started


def times_of(concern: Concern) -> dict[ClockBasis, datetime | None]:
    """The times of a concern that a clock may start from; None where it is not known."""
    return {
        ClockBasis.FOUND: concern.found_at,
        ClockBasis.FIRST_REPORT: concern.first_report_at,
        ClockBasis.HAPPENED: concern.happened_at,
        ClockBasis.ASSIGNED: concern.assigned_at,
    }


def _start_of(concern: Concern, basis: ClockBasis, now: datetime) -> datetime:
    """The time that a basis names. Raises InputError where it is not known."""
    if (at := times_of(concern)[basis]) is None:
        field = "happened_at" if basis is ClockBasis.HAPPENED else "assigned_at"
        raise InputError(f"选择“{basis.label}”作计时起点，请填写{basis.label}时间；写着的时间就对的，勾“已知”。", field)
    return min(at, now)


def _check_happened(concern: Concern) -> None:
    """Nothing is found or assigned before it happened. Raises InputError."""
    happened = concern.happened_at
    if happened is not None and happened > concern.found_at:
        raise InputError(f"事发时间晚于发现时间（{exact(concern.found_at)}），请改一下。", "happened_at")
    if happened is not None and concern.assigned_at is not None and concern.assigned_at < happened:
        raise InputError("交办时间早于事发时间，请改一下。", "assigned_at")
