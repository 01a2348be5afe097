"""What a case offers next: every step that is offered may be taken, and no button is there twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from desk.cases.offering import offered
from desk.cases.reading import Case
from domain.concern import (
    AttentionGrade,
    ClockBasis,
    Concern,
    ConcernState,
    Disposition,
    EventGrade,
    Judgement,
    Reason,
    ReasonCode,
)
from domain.response import Draft, DraftState, ResponseKind
from domain.steps.cases import CloseConcern, DismissConcern, JudgeConcern, RegradeConcern
from domain.steps.drafts import ApproveDraft, PublishDraft, ReviewDraft, WriteDraft
from domain.times import parse_moment
from response.lifecycle import TRANSITIONS

NOW = parse_moment("2026-11-20T12:00")
JUDGED = Judgement(
    EventGrade.IV,
    AttentionGrade.BLUE,
    "安全生产",
    ClockBasis.FOUND,
    NOW,
    "应急局",
    Disposition.HARDSHIP,
    "李敏",
    NOW,
    EventGrade.IV,
)


def case(state: ConcernState, draft: DraftState | None = None, escalated: bool = False) -> Case:
    concern = Concern(
        1,
        1,
        "厂房爆炸",
        state,
        (Reason(ReasonCode.EMERGENCY, "突发事件", ()),),
        EventGrade.II if escalated else EventGrade.IV,
        "1人受伤",
        AttentionGrade.BLUE,
        NOW - timedelta(hours=1),
        NOW - timedelta(hours=2),
        1,
    )
    if state is not ConcernState.FLAGGED:
        concern = replace(concern, judgement=JUDGED)
    drafts = [Draft(1, 1, 1, ResponseKind.ANSWER, "题", "文", "李敏", NOW, draft)] if draft else []
    return Case(concern, [], drafts, [], [], [], [])


@pytest.mark.parametrize("state", ConcernState)
@pytest.mark.parametrize("draft", [None, *DraftState])
@pytest.mark.parametrize("escalated", [False, True])
def test_every_step_that_is_offered_may_be_taken_from_where_the_case_is(state, draft, escalated):
    now = offered(case(state, draft, escalated))
    for step in filter(None, (now.first, now.beside, *now.more)):
        assert state in TRANSITIONS[step].states, step


@pytest.mark.parametrize("draft", [None, *DraftState])
@pytest.mark.parametrize("state", [state for state in ConcernState if state.running])
def test_case_that_runs_is_always_offered_its_next_step(state, draft):
    assert offered(case(state, draft)).first is not None


@pytest.mark.parametrize("state", ConcernState)
def test_two_buttons_never_say_the_same(state):
    now = offered(case(state, DraftState.WRITTEN, escalated=True))
    assert now.first is None or now.first is not now.beside
    assert len(set(now.more)) == len(now.more)


def test_what_is_flagged_is_judged_or_dismissed():
    now = offered(case(ConcernState.FLAGGED))
    assert (now.first, now.beside) == (JudgeConcern, DismissConcern)


@pytest.mark.parametrize(
    ("draft", "step"),
    [
        (DraftState.WRITTEN, ReviewDraft),
        (DraftState.REVIEWED, ApproveDraft),
        (DraftState.APPROVED, PublishDraft),
        (DraftState.PUBLISHED, WriteDraft),
        (DraftState.RETURNED, WriteDraft),
    ],
)
def test_open_case_asks_for_what_its_newest_draft_waits_for(draft, step):
    assert offered(case(ConcernState.OPEN, draft)).first is step


def test_graver_reports_come_before_whatever_else_was_next():
    now = offered(case(ConcernState.FOLLOWING, escalated=True))
    assert (now.first, now.beside) == (RegradeConcern, CloseConcern)
