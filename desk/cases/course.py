"""The steps of a case's course: each is handed the case as it stands and tells what it did (see desk/execute.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from desk.cases.deadlines import calendar_of, known_rules, rules_of
from desk.work import CaseHandler, Effect, Work
from domain.concern import ClockBasis, Concern, ConcernState, Judgement
from domain.errors import InputError, StepError
from domain.response import Applies, Coordination, Deadline, DeadlineState
from domain.steps import cases as steps
from domain.steps.cases import CaseStep
from domain.times import exact
from response.deadlines import deadlines_for
from response.dispositions import suggested_disposition as suggested_disposition
from store import cases


def judge(step: steps.JudgeConcern, concern: Concern, work: Work) -> Effect:
    """判定; a concern that was reopened keeps its old clocks and starts new ones. Gives its deadlines."""
    judgement = Judgement(
        step.grade,
        step.attention or concern.suggested_attention,
        step.category,
        step.basis,
        step.basis_at or _default_basis(concern, step.basis, work.now),
        step.unit,
        step.disposition or suggested_disposition(concern.reasons),
        work.who,
        work.now,
        concern.suggested_grade,
    )
    why = f"判定为{step.grade.label}，按{step.basis.label}时间起算"
    started = _start(judgement, concern.id, why, work)
    clocks = [{"code": d.code, "start": d.start_at.isoformat(), "due": d.due_at.isoformat()} for d in started]
    judged = cases.judgement_json(judgement)
    known = cases.deadlines(work.connection, concern.id)
    return Effect({"judgement": judged, "deadlines": clocks}, columns={"judgement": judged}, result=known)


def regrade(step: steps.RegradeConcern, concern: Concern, work: Work) -> Effect:
    """调整等级: clocks that run go on, those that only the new grade brings start. Gives its deadlines."""
    before = concern.judgement
    if before is None:
        raise StepError("这件关切还没有判定，请先判定。")
    start = step.basis_at or work.now
    judgement = replace(before, grade=step.grade, by=work.who, at=work.now, suggested=concern.suggested_grade)
    running = {d.code for d in cases.deadlines(work.connection, concern.id) if not d.withdrawn}
    started: Sequence[Deadline] = ()
    if step.grade is not before.grade:
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
    by_hand = {rule.code for rule in known_rules(work.connection) if rule.applies is Applies.BY_HAND}
    for deadline in cases.deadlines(work.connection, concern.id):
        if deadline.code not in by_hand and not deadline.withdrawn:
            raise StepError(f"并入这一件的关切已经判定过，“{deadline.name}”的时限还在，不能不予回应。请判定后办理。")
    return Effect(columns={"outcome": step.reason})


def merge(step: steps.MergeConcern, concern: Concern, work: Work) -> Effect:
    """并入; the other case's record tells of it too."""
    target = cases.get(work.connection, step.into)
    if target.id == concern.id or not target.state.running:
        raise StepError(f"只能并入另一件还在办理的关切；第 {step.into} 件现在是“{target.state.label}”。")
    cases.carry_over(work.connection, concern.id, target.id)
    came = {"from": concern.id, "title": concern.title}
    work.enter("并入本件", f"concern:{target.id}", None, came)
    return Effect(columns={"merged_into": target.id})


def refer(step: steps.ReferConcern, concern: Concern, work: Work) -> Effect:
    """转办."""
    return Effect(columns={"referred_to": step.unit, "accepted_at": None})


def accept(step: steps.RecordAcceptance, concern: Concern, work: Work) -> Effect:
    """对方受理: from then on the clocks are the other unit's; what was overdue by then stays so here."""
    at = step.at or work.now
    if concern.accepted_at is not None:
        raise StepError(f"{concern.referred_to}已于 {exact(concern.accepted_at)} 受理，不用再登记。")
    for deadline in cases.deadlines(work.connection, concern.id):
        if deadline.state(at) is DeadlineState.RUNNING:
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
        if deadline.repeats and deadline.state(work.now) is DeadlineState.RUNNING:
            cases.withdraw_deadline(work.connection, deadline, work.who, work.now, "已办结")
    return Effect(columns={"outcome": step.outcome})


def reopen(step: steps.ReopenConcern, concern: Concern, work: Work) -> Effect:
    """重新打开: new clocks start from now; what nobody judged waits to be judged first."""
    if concern.judgement is None:
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


def _default_basis(concern: Concern, basis: ClockBasis, now: datetime) -> datetime:
    if basis is ClockBasis.FOUND:
        return min(concern.found_at, now)
    if basis is ClockBasis.FIRST_REPORT:
        return min(concern.first_report_at, now)
    raise InputError(f"选择“{basis.label}”作计时起点时，请填写时间。", "basis_at")
