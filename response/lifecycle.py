"""The course of a concern (办理流程): which step is allowed from which state; domain.md section 4."""

from __future__ import annotations

from domain.concern import ConcernState, Labelled
from domain.errors import StepError
from domain.response import Draft, DraftState

S = ConcernState


class Step(Labelled):
    """What an officer can do with a concern."""

    JUDGE = ("judge", "判定")
    DISMISS = ("dismiss", "不予回应")
    DRAFT = ("draft", "拟稿")
    APPROVE = ("approve", "签发")
    PUBLISH = ("publish", "发布回应")
    FOLLOW = ("follow", "转入跟踪")
    CLOSE = ("close", "办结")
    REOPEN = ("reopen", "重新打开")


# step: (states it may start from, state it leads to; None leaves the state as it is)
COURSE: dict[Step, tuple[frozenset[ConcernState], ConcernState | None]] = {
    Step.JUDGE: (frozenset({S.FLAGGED}), S.OPEN),
    Step.DISMISS: (frozenset({S.FLAGGED}), S.DISMISSED),
    Step.DRAFT: (frozenset({S.OPEN, S.ANSWERED, S.FOLLOWING}), None),
    Step.APPROVE: (frozenset({S.OPEN, S.ANSWERED, S.FOLLOWING}), None),
    Step.PUBLISH: (frozenset({S.OPEN, S.ANSWERED, S.FOLLOWING}), S.ANSWERED),
    Step.FOLLOW: (frozenset({S.ANSWERED}), S.FOLLOWING),
    Step.CLOSE: (frozenset({S.ANSWERED, S.FOLLOWING}), S.CLOSED),
    Step.REOPEN: (frozenset({S.ANSWERED, S.FOLLOWING, S.CLOSED}), S.OPEN),
}


def after(step: Step, state: ConcernState) -> ConcernState:
    """The state a step leads to. Raises StepError, saying why, when it is not allowed."""
    allowed, target = COURSE[step]
    if state not in allowed:
        names = "、".join(member.label for member in ConcernState if member in allowed)
        raise StepError(f"现在是“{state.label}”，不能{step.label}；“{step.label}”只能在{names}时进行。")
    return target or state


def check_approver(draft: Draft, approver: str) -> None:
    """One who wrote a draft cannot sign it off. Raises StepError."""
    if draft.state is not DraftState.WRITTEN:
        raise StepError(f"第 {draft.version} 稿已是“{draft.state.label}”，不用再签发。")
    if draft.author.strip() == approver.strip():
        raise StepError(f"{approver} 是拟稿人，不能签发自己的稿子。请换一个人签发。")


def check_publishable(draft: Draft) -> None:
    """Only a signed draft can be published, once. Raises StepError."""
    if draft.state is DraftState.WRITTEN:
        raise StepError(f"第 {draft.version} 稿还没有签发，不能发布。请先由另一人签发。")
    if draft.state is DraftState.PUBLISHED:
        raise StepError(f"第 {draft.version} 稿已经发布过。要补充内容请另拟新稿。")
