"""The lifecycle of a case: where each step leads, in words where it may not be taken; who may work on a draft."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.concern import ConcernState
from domain.errors import StepError
from domain.response import Draft, DraftState, ResponseKind
from domain.steps.cases import ArchiveConcern, CloseConcern, FollowConcern, JudgeConcern, RegradeConcern
from domain.times import parse_moment
from response.lifecycle import TRANSITIONS, check_approver, check_publishable, check_reviewer, state_after

AT = parse_moment("2026-11-20T12:00")
DRAFT = Draft(1, 1, 3, ResponseKind.ANSWER, "通报", "正文", "钱进", AT, DraftState.WRITTEN)


def refused(check, *given) -> StepError:
    with pytest.raises(StepError) as error:
        check(*given)
    return error.value


def test_step_leads_on_or_leaves_the_case_where_it_is():
    assert state_after(JudgeConcern, ConcernState.FLAGGED) is ConcernState.OPEN
    assert state_after(CloseConcern, ConcernState.ANSWERED) is ConcernState.CLOSED
    assert state_after(RegradeConcern, ConcernState.REFERRED) is ConcernState.REFERRED


def test_step_that_may_not_be_taken_says_where_the_case_is_and_from_where_it_may():
    assert str(refused(state_after, FollowConcern, ConcernState.OPEN)) == (
        "现在是“处置中”，不能转入跟踪；“转入跟踪”只能在已回应时进行。"
    )
    assert "只能在办结、不予回应时进行" in str(refused(state_after, ArchiveConcern, ConcernState.OPEN))


@pytest.mark.parametrize("step", TRANSITIONS, ids=lambda step: step.code)
def test_every_step_may_be_taken_from_somewhere_and_goes_where_the_table_says(step):
    transition = TRANSITIONS[step]
    assert transition.states
    for state in transition.states:
        assert state_after(step, state) is (transition.to or state)


def test_nobody_reviews_their_own_draft_whatever_spaces_stand_round_the_name():
    check_reviewer(DRAFT, "王强")
    for name in ("钱进", " 钱进 "):
        assert str(refused(check_reviewer, DRAFT, name)) == f"{name} 是拟稿人，不能核自己的稿子。请换一个人核稿。"
    assert refused(check_reviewer, replace(DRAFT, author=" 钱进"), "钱进")


@pytest.mark.parametrize("state", [s for s in DraftState if s is not DraftState.WRITTEN])
def test_draft_that_does_not_wait_is_not_reviewed(state):
    assert str(refused(check_reviewer, replace(DRAFT, state=state), "王强")) == (
        f"第 3 稿已是“{state.label}”，不用再核稿。"
    )


@pytest.mark.parametrize("state", DraftState)
def test_draft_is_signed_when_written_or_reviewed(state):
    draft = replace(DRAFT, state=state)
    if state in (DraftState.WRITTEN, DraftState.REVIEWED):
        check_approver(draft, "王强")
    else:
        assert str(refused(check_approver, draft, "王强")) == f"第 3 稿已是“{state.label}”，不能签发。"


def test_author_signs_alone_only_with_a_reason_and_is_told_at_the_field():
    check_approver(DRAFT, "钱进", "深夜只有一人值班")
    for given in (("钱进",), (" 钱进 ",), ("钱进", "  ")):
        error = refused(check_approver, DRAFT, *given)
        assert error.field == "by" and str(error) == (
            f"{given[0]} 是拟稿人，不能签发自己的稿子。请换一个人签发；"
            "紧急情况下只有一人值班时，可写明理由后签发，理由会留痕。"
        )
    assert refused(check_approver, replace(DRAFT, author="钱进 "), "钱进")


@pytest.mark.parametrize("state", DraftState)
def test_only_a_signed_draft_is_published_once(state):
    draft = replace(DRAFT, state=state)
    if state is DraftState.APPROVED:
        check_publishable(draft)
    elif state is DraftState.PUBLISHED:
        assert str(refused(check_publishable, draft)) == "第 3 稿已经发布过。要补充内容请另拟新稿。"
    else:
        assert str(refused(check_publishable, draft)) == "第 3 稿还没有签发，不能发布。请先由另一人签发。"


def test_author_without_an_emergency_is_not_told_of_a_reason_that_nobody_can_give():
    error = refused(check_approver, DRAFT, "钱进", "只有一人", False)
    assert str(error) == "钱进 是拟稿人，不能签发自己的稿子。请换一个人签发。"


@pytest.mark.parametrize("spelled", ["钱 进", "钱\u3000进", "钱\u200b进", "钱进。", "钱\u00ad进", "钱进\ufe00"])
def test_author_under_another_spelling_is_the_author(spelled):
    assert "拟稿人" in str(refused(check_reviewer, DRAFT, spelled))
    assert "拟稿人" in str(refused(check_approver, DRAFT, spelled))
    check_reviewer(DRAFT, "钱进（办公室）")
