"""Late stays late (docs/domain.md section 3): no step after the due time makes a clock better, whichever way it goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from desk.execute import execute
from domain.concern import AttentionGrade, Concern, ConcernState, EventGrade, Evidence, Reason, ReasonCode
from domain.errors import InputError, StepError
from domain.person import Actor
from domain.response import Applies, DeadlineRule, DeadlineState, ResponseKind, Unit
from domain.steps.cases import (
    CloseConcern,
    DismissConcern,
    JudgeConcern,
    MergeConcern,
    RecordAcceptance,
    ReferConcern,
)
from domain.steps.deadlines import AddOwnRule, ExtendDeadline, RemoveOwnRule, StartDeadline, WithdrawDeadline
from domain.steps.drafts import ApproveDraft, PublishDraft, ReviewDraft, WriteDraft
from domain.steps.office import SetOffice
from domain.times import DAY
from domain.topic import Heat, Topic
from store import cases, looks
from store.looks import Look

OFFICER, SIGNER = Actor("李敏"), Actor("王强")
OWN_RULE = DeadlineRule(
    "own-1", "本单位先回应", "本单位", 2, Unit.HOURS, Applies.OTHER, (ResponseKind.ANSWER,), "本单位文件"
)


@pytest.fixture
def two(database, now):
    """Two flagged concerns, of topics 1 and 2, found just now."""
    for id in (1, 2):
        seen = (now, now, "临江日报", "其他", ("临江",), True)
        reason = Reason(ReasonCode.PUBLIC_INTEREST, "停水", (Evidence(1, "小区停水。", "临江日报"),))
        grades = (EventGrade.NONE, "", AttentionGrade.BLUE)
        with database.write() as connection:
            looks.save(connection, [Look(Topic(id, f"停水{id}", (), Heat({}, True), 1, 1, 0, *seen))])
            cases.flag(connection, Concern(0, id, f"停水{id}", ConcernState.FLAGGED, (reason,), *grades, now, now, 1))
    return database


def clocks(database, now, concern_id=1):
    with database.read() as connection:
        return {d.code: (d.id, d.state(now)) for d in cases.deadlines(connection, concern_id)}


def publish(database, at):
    made = execute(database, WriteDraft(1, "通报", "情况、措施、结果。"), OFFICER, at)
    execute(database, ReviewDraft(1, made.version), SIGNER, at)
    execute(database, ApproveDraft(1, made.version), SIGNER, at)
    execute(database, PublishDraft(1, made.version, "https://x.gov.cn/1"), OFFICER, at)


def test_clock_that_is_overdue_is_not_extended(two, now):
    execute(two, JudgeConcern(1, EventGrade.NONE), OFFICER, now)
    late = execute(two, StartDeadline(1, "disclosure-20wd", now - 60 * DAY), OFFICER, now)
    with pytest.raises(StepError, match="已经超时，不能延长"):
        execute(two, ExtendDeadline(1, late.id, "忘了"), OFFICER, now)


def test_clock_that_was_met_late_is_neither_extended_nor_withdrawn(two, now):
    execute(two, JudgeConcern(1, EventGrade.NONE), OFFICER, now)
    late = execute(two, StartDeadline(1, "disclosure-20wd", now - 60 * DAY), OFFICER, now)
    publish(two, now + 3 * DAY)
    found = clocks(two, now + 3 * DAY)
    assert found["response-48h"][1] is found["disclosure-20wd"][1] is DeadlineState.LATE
    for step in (ExtendDeadline(1, late.id, "忘了"), WithdrawDeadline(1, late.id, "不适用")):
        with pytest.raises(StepError, match="已经超时"):
            execute(two, step, OFFICER, now + 3 * DAY)


def test_clock_is_withdrawn_once(two, now):
    clock = execute(two, StartDeadline(1, "disclosure-20wd", now), OFFICER, now)
    execute(two, WithdrawDeadline(1, clock.id, "申请人撤回"), OFFICER, now)
    with pytest.raises(StepError, match="已经不再适用"):
        execute(two, WithdrawDeadline(1, clock.id, "再撤一次"), OFFICER, now)


@pytest.mark.parametrize("code", ["response-48h", "updates"])
def test_statutory_clock_that_starts_by_itself_is_not_withdrawn_before_its_time_either(two, now, code):
    execute(two, JudgeConcern(1, EventGrade.NONE), OFFICER, now)
    publish(two, now)
    id, _ = clocks(two, now)[code]
    with pytest.raises(StepError, match="法定时限，不能撤销"):
        execute(two, WithdrawDeadline(1, id, "不适用"), OFFICER, now)


def test_statutory_clock_stays_though_the_office_leaves_its_pack(two, now):
    execute(two, JudgeConcern(1, EventGrade.I), OFFICER, now)
    execute(two, SetOffice(packs=("河南",)), OFFICER, now)
    with pytest.raises(StepError, match="法定时限，不能撤销"):
        execute(two, WithdrawDeadline(1, 1, "换了规则包"), OFFICER, now)
    publish(two, now)
    assert clocks(two, now)["press-conference-24h"][1] is not DeadlineState.WITHDRAWN


def test_running_clock_is_met_though_its_rule_was_dropped_or_its_pack_was_left(two, now):
    execute(two, AddOwnRule(OWN_RULE), OFFICER, now)
    execute(two, JudgeConcern(1, EventGrade.NONE), OFFICER, now)
    execute(two, RemoveOwnRule("own-1"), OFFICER, now)
    execute(two, SetOffice(packs=("河南",)), OFFICER, now)
    publish(two, now)
    found = clocks(two, now)
    assert found["own-1"][1] is found["response-48h"][1] is DeadlineState.MET


def test_acceptance_ends_the_clocks_that_run_and_no_others(two, now):
    execute(two, AddOwnRule(OWN_RULE), OFFICER, now)
    execute(two, JudgeConcern(1, EventGrade.NONE), OFFICER, now)
    execute(two, ReferConcern(1, "市住建局", "属其职责"), OFFICER, now)
    execute(two, RecordAcceptance(1), OFFICER, now + timedelta(hours=3))
    found = clocks(two, now + timedelta(hours=3))
    assert found["own-1"][1] is DeadlineState.OVERDUE and found["response-48h"][1] is DeadlineState.WITHDRAWN
    with pytest.raises(StepError, match="不用再登记"):
        execute(two, RecordAcceptance(1, now), OFFICER, now + timedelta(hours=3))


@pytest.mark.parametrize(("after", "state"), [(1, DeadlineState.WITHDRAWN), (2, DeadlineState.OVERDUE)])
def test_closing_ends_the_repeating_clock_where_it_still_runs(two, now, after, state):
    execute(two, JudgeConcern(1, EventGrade.NONE), OFFICER, now)
    publish(two, now)
    execute(two, CloseConcern(1, "已修复"), OFFICER, now + after * DAY)
    assert clocks(two, now + after * DAY)["updates"][1] is state


def test_clocks_of_a_judged_case_are_not_dismissed_with_the_case_it_went_into(two, now):
    execute(two, JudgeConcern(1, EventGrade.I), OFFICER, now)
    execute(two, MergeConcern(1, 2), OFFICER, now)
    with pytest.raises(StepError, match="不能不予回应"):
        execute(two, DismissConcern(2, "不属实"), OFFICER, now)
    execute(two, JudgeConcern(2, EventGrade.NONE), OFFICER, now)
    assert len(clocks(two, now, 2)) == 3


@pytest.mark.parametrize(
    ("amount", "unit"),
    [
        (float("nan"), Unit.HOURS),
        (float("inf"), Unit.DAYS),
        (1e9, Unit.HOURS),
        (1e300, Unit.DAYS),
        (1001, Unit.WORKING_DAYS),
        (0.4, Unit.WORKING_DAYS),
        (2.5, Unit.DAYS),
    ],
)
def test_rule_that_no_clock_can_be_counted_by_is_refused_before_it_stops_all_judging(two, now, amount, unit):
    with pytest.raises(InputError, match="时长要"):
        execute(two, AddOwnRule(replace(OWN_RULE, amount=amount, unit=unit)), OFFICER, now)
    execute(two, JudgeConcern(1, EventGrade.NONE), OFFICER, now)


@pytest.mark.parametrize("unit", list(Unit))
def test_longest_rule_is_counted_extended_too(two, now, unit):
    rule = replace(OWN_RULE, amount=1000, unit=unit, applies=Applies.BY_HAND, extends=True)
    execute(two, AddOwnRule(rule), OFFICER, now)
    execute(two, JudgeConcern(1, EventGrade.NONE), OFFICER, now)
    clock = execute(two, StartDeadline(1, rule.code), OFFICER, now)
    assert execute(two, ExtendDeadline(1, clock.id, "需要"), OFFICER, now).due_at > clock.due_at


@pytest.mark.parametrize("code", ["judge", "unjudged-5h"])
def test_clock_that_judging_ends_is_not_started_by_hand(two, now, code):
    with pytest.raises(StepError, match="不能手工加"):
        execute(two, StartDeadline(1, code), OFFICER, now)
