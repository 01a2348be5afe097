"""The lifecycle of a concern (办理流程): its transitions, from which states and to which each step leads; docs/domain.md section 4."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.concern import ConcernState
from domain.errors import InputError, StepError
from domain.person import same_person
from domain.response import Deadline, Draft, DraftState, same_words
from domain.steps import cases, deadlines, developments, drafts
from domain.steps.cases import CaseStep
from domain.times import HOUR, exact, whole_minute

S = ConcernState
AT_ONCE = HOUR  # after a publication, within which entering it is no 补录


@dataclass(frozen=True, slots=True)
class Transition:
    """From which states a step may be taken, and to which it leads (None: the case stays where it is)."""

    states: frozenset[ConcernState]
    to: ConcernState | None = None


_WORKED = frozenset({S.OPEN, S.ANSWERED, S.FOLLOWING})
_RUNNING = frozenset(state for state in S if state.running)
_ANY = frozenset(S)

TRANSITIONS: dict[type[CaseStep], Transition] = {
    cases.JudgeConcern: Transition(frozenset({S.FLAGGED}), S.OPEN),
    cases.RegradeConcern: Transition(_WORKED | {S.REFERRED}),
    cases.DismissConcern: Transition(frozenset({S.FLAGGED}), S.DISMISSED),
    cases.MergeConcern: Transition(_WORKED | {S.FLAGGED}, S.MERGED),
    cases.ReferConcern: Transition(frozenset({S.OPEN}), S.REFERRED),
    cases.RecordAcceptance: Transition(frozenset({S.REFERRED})),
    cases.TakeBackReferral: Transition(frozenset({S.REFERRED}), S.OPEN),
    cases.AskUnit: Transition(_WORKED | {S.REFERRED}),
    cases.RecordUnitAnswer: Transition(_ANY),
    cases.FollowConcern: Transition(frozenset({S.ANSWERED}), S.FOLLOWING),
    cases.CloseConcern: Transition(frozenset({S.ANSWERED, S.FOLLOWING}), S.CLOSED),
    cases.ArchiveConcern: Transition(frozenset({S.CLOSED, S.DISMISSED}), S.ARCHIVED),
    cases.ReopenConcern: Transition(frozenset({S.ANSWERED, S.FOLLOWING, S.CLOSED, S.DISMISSED}), S.OPEN),
    # By the collector: what was put aside comes back when later reports are graver, so that it is not missed.
    cases.FlagConcernAgain: Transition(frozenset({S.DISMISSED}), S.FLAGGED),
    cases.ResumeConcern: Transition(frozenset({S.CLOSED}), S.FOLLOWING),
    developments.NoteDevelopment: Transition(_RUNNING),
    developments.SeparateDevelopment: Transition(_RUNNING),
    drafts.WriteDraft: Transition(_WORKED),
    drafts.ReviewDraft: Transition(_WORKED),
    drafts.ReturnDraft: Transition(_WORKED),
    drafts.ApproveDraft: Transition(_WORKED),
    drafts.AllowPersonal: Transition(_WORKED),
    drafts.PublishDraft: Transition(_WORKED, S.ANSWERED),
    drafts.RemarkOnDraft: Transition(_ANY),
    deadlines.StartDeadline: Transition(_RUNNING),
    deadlines.ExtendDeadline: Transition(_ANY),
    deadlines.WithdrawDeadline: Transition(_ANY),
    deadlines.PauseDeadline: Transition(_RUNNING),
    deadlines.ResumeDeadline: Transition(_RUNNING),
    deadlines.ExplainDeadline: Transition(_ANY),
}


def state_after(step: type[CaseStep], state: ConcernState) -> ConcernState:
    """The state a step leads to. Raises StepError, saying why, when it is not allowed."""
    transition = TRANSITIONS[step]
    if state not in transition.states:
        names = "、".join(member.label for member in ConcernState if member in transition.states)
        raise StepError(f"现在是“{state.label}”，不能{step.label}；“{step.label}”只能在{names}时进行。")
    return transition.to or state


def check_reviewer(draft: Draft, reviewer: str) -> None:
    """核稿 is by a second person, of a draft that waits for it. Raises StepError."""
    if draft.state is not DraftState.WRITTEN:
        raise StepError(f"第 {draft.version} 稿已是“{draft.state.label}”，不用再核稿。")
    if same_person(draft.author, reviewer):
        raise StepError(f"{reviewer} 是拟稿人，不能核自己的稿子。请换一个人核稿。", "by")


def check_approver(draft: Draft, approver: str, alone: str = "", emergency: bool = True) -> None:
    """One who wrote a draft cannot sign it off. Raises StepError.

    `alone`: why only one person is on duty in an emergency; the record and the briefing show it.
    """
    if draft.state not in (DraftState.WRITTEN, DraftState.REVIEWED):
        raise StepError(f"第 {draft.version} 稿已是“{draft.state.label}”，不能签发。")
    if same_person(draft.author, approver) and not (emergency and alone.strip()):
        other = "；紧急情况下只有一人值班时，可写明理由后签发，理由会留痕" if emergency else ""
        raise StepError(f"{approver} 是拟稿人，不能签发自己的稿子。请换一个人签发{other}。", "by")


def needs_review(draft: Draft, review_first: bool) -> bool:
    """Whether a draft waits for 核稿 before it can be signed, where the office wants that."""
    return review_first and draft.state is DraftState.WRITTEN


def check_reviewed(draft: Draft, review_first: bool, alone: str = "") -> None:
    """Where the office wants it, 核稿 comes before 签发; not for one who is alone in an emergency. Raises StepError."""
    if needs_review(draft, review_first) and not alone.strip():
        raise StepError(
            f"第 {draft.version} 稿还没有核稿。请先由拟稿人以外的一人核稿，再签发；不要这一步的，在“设置”→“本单位”里改。"
        )


def check_may_allow(draft: Draft, who: str) -> None:
    """What its author put in, another lets stand. Raises StepError."""
    if same_person(draft.author, who):
        raise StepError(f"{who} 是拟稿人，不能准予公开自己稿子里的个人信息。请由另一位有签发权的人办理。", "by")


def check_as_signed(draft: Draft, text: str, differs_seen: bool) -> bool:
    """Whether what was published is what was signed. Raises StepError where it is not, and nobody says that he knows."""
    same = same_words(text, draft.body)
    if not same and not differs_seen:
        raise StepError(
            f"发布的正文与签发的第 {draft.version} 稿不同。确是这样发布的，请确认，会留痕；否则改回签发的文字。",
            "differs_seen",
        )
    return same


def check_after_signing(draft: Draft, published_at: datetime) -> None:
    """Nothing is published before it was signed. Raises StepError."""
    if draft.approved_at is not None and published_at < whole_minute(draft.approved_at):
        raise StepError(
            f"发布时间早于第 {draft.version} 稿的签发时间（{exact(draft.approved_at)}），签发以前不能发布。请改一下。",
            "at",
        )


def is_entered_late(published_at: datetime, met: Sequence[Deadline], now: datetime) -> bool:
    """Whether a publication is entered long after it was, or after a due time that it kept (补录)."""
    return now - published_at > AT_ONCE or any(published_at <= d.due_at < now for d in met)


def check_entered_late(why: str, file: str) -> None:
    """补录 needs a reason, and a file that shows when it was. Raises InputError."""
    if not why:
        raise InputError(
            "这是补录：发布已过一小时以上，或时限过了才登记。请写明补录的理由，会记入留痕、台账和统计。", "late_why"
        )
    if not file:
        raise InputError("补录要附凭据文件：能看出发布时间的截图、通话记录或会议记录。", "file")


def check_publishable(draft: Draft) -> None:
    """Only a signed draft can be published, once. Raises StepError."""
    if draft.state in (DraftState.WRITTEN, DraftState.REVIEWED, DraftState.RETURNED):
        raise StepError(f"第 {draft.version} 稿还没有签发，不能发布。请先由另一人签发。")
    if draft.state is DraftState.PUBLISHED:
        raise StepError(f"第 {draft.version} 稿已经发布过。要补充内容请另拟新稿。")
