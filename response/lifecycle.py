"""The course of a concern (办理流程): who may do what from where, and with what evidence; domain.md section 4."""

from __future__ import annotations

from dataclasses import dataclass

from domain.concern import ConcernState, Labelled
from domain.errors import StepError
from domain.person import Role
from domain.response import Draft, DraftState

S = ConcernState


class Step(Labelled):
    """What can be done with a concern."""

    JUDGE = ("judge", "判定")
    REGRADE = ("regrade", "调整等级")
    DISMISS = ("dismiss", "不予回应")
    MERGE = ("merge", "并入")
    REFER = ("refer", "转办")
    ACCEPT = ("accept", "对方受理")
    TAKE_BACK = ("take-back", "收回")
    DRAFT = ("draft", "拟稿")
    REVIEW = ("review", "核稿")
    RETURN = ("return", "退回")
    APPROVE = ("approve", "签发")
    PUBLISH = ("publish", "发布回应")
    COORDINATE = ("coordinate", "协同")
    FOLLOW = ("follow", "转入跟踪")
    CLOSE = ("close", "办结")
    ARCHIVE = ("archive", "归档")
    REOPEN = ("reopen", "重新打开")
    FLAG_AGAIN = ("flag-again", "再次列为关切")
    RESUME = ("resume", "恢复跟踪")


@dataclass(frozen=True, slots=True)
class Rule:
    """From which states, to which (None: it stays), by whom, with what evidence."""

    states: frozenset[ConcernState]
    to: ConcernState | None
    role: Role
    evidence: str


_WORKED = frozenset({S.OPEN, S.ANSWERED, S.FOLLOWING})

COURSE: dict[Step, Rule] = {
    Step.JUDGE: Rule(frozenset({S.FLAGGED}), S.OPEN, Role.OFFICER, "等级、计时起点、责任单位、处置类型"),
    Step.REGRADE: Rule(_WORKED | {S.REFERRED}, None, Role.OFFICER, "新的等级、计时起点和理由"),
    Step.DISMISS: Rule(frozenset({S.FLAGGED}), S.DISMISSED, Role.OFFICER, "不予回应的理由"),
    Step.MERGE: Rule(_WORKED | {S.FLAGGED}, S.MERGED, Role.OFFICER, "并入哪一件"),
    Step.REFER: Rule(frozenset({S.OPEN}), S.REFERRED, Role.OFFICER, "转给哪个单位"),
    Step.ACCEPT: Rule(frozenset({S.REFERRED}), None, Role.OFFICER, "对方受理的时间"),
    Step.TAKE_BACK: Rule(frozenset({S.REFERRED}), S.OPEN, Role.OFFICER, "收回的理由"),
    Step.DRAFT: Rule(_WORKED, None, Role.OFFICER, "标题和正文"),
    Step.REVIEW: Rule(_WORKED, None, Role.REVIEWER, "核稿人不是拟稿人"),
    Step.RETURN: Rule(_WORKED, None, Role.REVIEWER, "退回的理由"),
    Step.APPROVE: Rule(_WORKED, None, Role.APPROVER, "签发人不是拟稿人"),
    Step.PUBLISH: Rule(_WORKED, S.ANSWERED, Role.OFFICER, "渠道、时间、网址或文件"),
    Step.COORDINATE: Rule(_WORKED | {S.REFERRED}, None, Role.OFFICER, "请求的单位和事项"),
    Step.FOLLOW: Rule(frozenset({S.ANSWERED}), S.FOLLOWING, Role.OFFICER, "已发布回应"),
    Step.CLOSE: Rule(frozenset({S.ANSWERED, S.FOLLOWING}), S.CLOSED, Role.OFFICER, "处置结果"),
    Step.ARCHIVE: Rule(frozenset({S.CLOSED, S.DISMISSED}), S.ARCHIVED, Role.OFFICER, "已办结"),
    Step.REOPEN: Rule(
        frozenset({S.ANSWERED, S.FOLLOWING, S.CLOSED, S.DISMISSED}), S.OPEN, Role.OFFICER, "重新打开的理由"
    ),
    # By the collector too: what was put aside comes back when later reports are graver, so that it is not missed.
    Step.FLAG_AGAIN: Rule(frozenset({S.DISMISSED}), S.FLAGGED, Role.OFFICER, "后来的报道更严重，或重新打开未判定的"),
    Step.RESUME: Rule(frozenset({S.CLOSED}), S.FOLLOWING, Role.OFFICER, "后来的报道更严重"),
}


def after(step: Step, state: ConcernState) -> ConcernState:
    """The state a step leads to. Raises StepError, saying why, when it is not allowed."""
    rule = COURSE[step]
    if state not in rule.states:
        names = "、".join(member.label for member in ConcernState if member in rule.states)
        raise StepError(f"现在是“{state.label}”，不能{step.label}；“{step.label}”只能在{names}时进行。")
    return rule.to or state


def check_reviewer(draft: Draft, reviewer: str) -> None:
    """核稿 is by a second person, of a draft that waits for it. Raises StepError."""
    if draft.state is not DraftState.WRITTEN:
        raise StepError(f"第 {draft.version} 稿已是“{draft.state.label}”，不用再核稿。")
    if draft.author.strip() == reviewer.strip():
        raise StepError(f"{reviewer} 是拟稿人，不能核自己的稿子。请换一个人核稿。")


def check_approver(draft: Draft, approver: str, alone: str = "") -> None:
    """One who wrote a draft cannot sign it off. Raises StepError.

    `alone`: why only one person is on duty in an emergency; the record and the briefing show it.
    """
    if draft.state not in (DraftState.WRITTEN, DraftState.REVIEWED):
        raise StepError(f"第 {draft.version} 稿已是“{draft.state.label}”，不能签发。")
    if draft.author.strip() == approver.strip() and not alone.strip():
        raise StepError(
            f"{approver} 是拟稿人，不能签发自己的稿子。请换一个人签发；紧急情况下只有一人值班时，可写明理由后签发，理由会留痕。"
        )


def check_publishable(draft: Draft) -> None:
    """Only a signed draft can be published, once. Raises StepError."""
    if draft.state in (DraftState.WRITTEN, DraftState.REVIEWED, DraftState.RETURNED):
        raise StepError(f"第 {draft.version} 稿还没有签发，不能发布。请先由另一人签发。")
    if draft.state is DraftState.PUBLISHED:
        raise StepError(f"第 {draft.version} 稿已经发布过。要补充内容请另拟新稿。")
