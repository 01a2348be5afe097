"""What each step of a case is called on a button, and the form that asks for what it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtWidgets import QWidget

from desk.cases.offering import (
    missed_deadlines,
    pausable_deadlines,
    paused_deadlines,
    running_deadlines,
    waiting_draft,
)
from desk.cases.reading import Case
from desk.cases.writing import Finding
from domain.errors import StepError
from domain.response import Draft
from domain.steps.cases import (
    ArchiveConcern,
    AskUnit,
    CaseStep,
    CloseConcern,
    DismissConcern,
    FollowConcern,
    JudgeConcern,
    MergeConcern,
    RecordAcceptance,
    RecordUnitAnswer,
    ReferConcern,
    RegradeConcern,
    ReopenConcern,
    TakeBackReferral,
)
from domain.steps.deadlines import (
    ExplainDeadline,
    ExtendDeadline,
    PauseDeadline,
    ResumeDeadline,
    StartDeadline,
    WithdrawDeadline,
)
from domain.steps.developments import NoteDevelopment, SeparateDevelopment
from domain.steps.drafts import (
    AllowPersonal,
    ApproveDraft,
    DraftStep,
    PublishDraft,
    RemarkOnDraft,
    ReturnDraft,
    ReviewDraft,
    WriteDraft,
)
from gui.cases import steps
from gui.kit.stepform import Given, StepForm, words_form

# What a step is called where it is offered: … says that something is asked first.
CAPTIONS: Mapping[type[CaseStep], str] = {
    JudgeConcern: "判定…",
    RegradeConcern: "调整等级…",
    DismissConcern: "不予回应…",
    MergeConcern: "并入另一件…",
    ReferConcern: "转办…",
    RecordAcceptance: "对方已受理…",
    TakeBackReferral: "收回…",
    AskUnit: "请求协同…",
    RecordUnitAnswer: "登记答复…",
    FollowConcern: "转入跟踪",
    CloseConcern: "办结…",
    ArchiveConcern: "归档",
    ReopenConcern: "重新打开…",
    StartDeadline: "加一个时限…",
    ExtendDeadline: "延长时限…",
    WithdrawDeadline: "撤销时限…",
    PauseDeadline: "暂停计时…",
    ResumeDeadline: "恢复计时…",
    ExplainDeadline: "说明超时原因…",
    NoteDevelopment: "知悉",
    SeparateDevelopment: "单列为关切",
    WriteDraft: "拟稿…",
    ReviewDraft: "核稿…",
    AllowPersonal: "准予公开…",
    ReturnDraft: "退回…",
    ApproveDraft: "签发…",
    PublishDraft: "登记发布…",
    RemarkOnDraft: "批注所选文字…",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A case at which a step is to be taken: by whom, when, and the window that the form stands over.

    `findings` are what the check points at in the version that waits.
    """

    parent: QWidget
    case: Case
    person: str
    now: datetime
    findings: Sequence[Finding] = ()
    clock: Callable[[], datetime] | None = None

    @property
    def draft(self) -> Draft:
        """The version that waits. Raises StepError where none does."""
        draft = waiting_draft(self.case)
        if draft is None:
            raise StepError("没有等待签发或发布的稿子。请先拟稿。")
        return draft

    @property
    def before(self) -> Draft | None:
        """The version before the one that waits."""
        return version_before(self.case, self.draft)


def version_before(case: Case, draft: Draft) -> Draft | None:
    """The version that came before a draft; None for the first."""
    return next((one for one in case.drafts if one.version < draft.version), None)


_FORMS: Mapping[type[CaseStep], Callable[[Asked], StepForm]] = {
    JudgeConcern: lambda at: steps.judge_form(at.parent, at.case.concern, at.case.clockwork, at.now),
    RegradeConcern: lambda at: steps.regrade_form(at.parent, at.case.concern, at.now),
    DismissConcern: lambda at: steps.dismiss_form(at.parent),
    CloseConcern: lambda at: steps.close_form(
        at.parent, [point.words for point in at.case.checklist if not point.done]
    ),
    ReferConcern: lambda at: steps.refer_form(at.parent),
    RecordAcceptance: lambda at: steps.moment_form(at.parent, "对方已受理", "受理时间", at.now),
    TakeBackReferral: lambda at: words_form(at.parent, "收回", "收回的理由", "reason"),
    ReopenConcern: lambda at: steps.reopen_form(at.parent),
    AskUnit: lambda at: steps.unit_form(at.parent),
    ExtendDeadline: lambda at: steps.extend_form(at.parent, running_deadlines(at.case), at.now),
    WithdrawDeadline: lambda at: steps.withdraw_form(at.parent, running_deadlines(at.case), at.now),
    PauseDeadline: lambda at: steps.pause_form(at.parent, pausable_deadlines(at.case), at.now),
    ResumeDeadline: lambda at: steps.resume_form(at.parent, paused_deadlines(at.case), at.now),
    ExplainDeadline: lambda at: steps.explain_form(at.parent, missed_deadlines(at.case, at.now), at.now),
    ReviewDraft: lambda at: steps.review_form(at.parent, at.draft, at.person, at.findings, at.before),
    ApproveDraft: lambda at: steps.sign_form(
        at.parent, at.draft, at.person, at.case.concern.is_emergency, at.findings, at.before
    ),
    PublishDraft: lambda at: steps.publish_form(at.parent, at.draft, at.now, at.findings, at.clock),
}
_AT_ONCE = (FollowConcern, ArchiveConcern)


def form_of(step: type[CaseStep], at: Asked) -> StepForm | None:
    """The form of a step, None for one that needs nothing. Raises LookupError for one that is asked for elsewhere."""
    if step in _AT_ONCE:
        return None
    if step not in _FORMS:
        raise LookupError(f"no form for {step.__name__}")
    return _FORMS[step](at)


def step_of(step: type[CaseStep], at: Asked, given: Given) -> CaseStep:
    """The step, made of what its form was given."""
    if issubclass(step, DraftStep):
        return step(at.case.concern.id, at.draft.version, **given)
    return step(at.case.concern.id, **given)
