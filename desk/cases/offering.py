"""Which steps a case asks for next (下一步): one that comes first, one beside it, and those that people look for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desk.cases.deadlines import LATE, OWN
from desk.cases.reading import Case
from domain.concern import ConcernState
from domain.errors import StepError
from domain.response import JUDGE, Deadline, Draft, DraftState
from domain.steps.cases import (
    ArchiveConcern,
    CaseStep,
    CloseConcern,
    DismissConcern,
    FollowConcern,
    JudgeConcern,
    MergeConcern,
    RecordAcceptance,
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
from domain.steps.drafts import ApproveDraft, PublishDraft, ReviewDraft, WriteDraft
from response.lifecycle import TRANSITIONS, needs_review, state_after

S = ConcernState
WORKED_ON = (S.OPEN, S.ANSWERED, S.FOLLOWING)
_WAITING = (DraftState.WRITTEN, DraftState.REVIEWED, DraftState.APPROVED)

_FIRST: dict[ConcernState, tuple[type[CaseStep], type[CaseStep] | None]] = {
    S.FLAGGED: (JudgeConcern, DismissConcern),
    S.OPEN: (WriteDraft, ReferConcern),
    S.ANSWERED: (FollowConcern, CloseConcern),
    S.FOLLOWING: (CloseConcern, None),
    S.REFERRED: (RecordAcceptance, TakeBackReferral),
    S.CLOSED: (ArchiveConcern, ReopenConcern),
}
_MORE: dict[ConcernState, tuple[type[CaseStep], ...]] = {
    S.OPEN: (ReferConcern,),
    S.ANSWERED: (ReopenConcern,),
    S.FOLLOWING: (ReopenConcern,),
    S.DISMISSED: (ReopenConcern, ArchiveConcern),
}


@dataclass(frozen=True, slots=True)
class Offered:
    """The steps that are offered for a case; `more` are those that have no button of their own.

    `draft` is the version that waits to be signed or published. `again` says that another one may be written.
    """

    first: type[CaseStep] | None
    beside: type[CaseStep] | None
    more: tuple[type[CaseStep], ...]
    draft: Draft | None
    again: bool


def offered(case: Case, now: datetime | None = None) -> Offered:
    """What is offered for a case as it stands; with the moment, also to say why its clocks were not kept."""
    state, draft = case.concern.state, waiting_draft(case)
    first, beside = _FIRST.get(state, (None, None))
    if draft is not None and state in WORKED_ON:
        waits = ReviewDraft if needs_review(draft, case.review_first) else ApproveDraft
        first = PublishDraft if draft.state is DraftState.APPROVED else waits
        beside = None if state is S.OPEN else CloseConcern
    if case.concern.escalated and _allowed(RegradeConcern, state):
        first, beside = RegradeConcern, first
    always: tuple[type[CaseStep], ...] = (RegradeConcern, MergeConcern, StartDeadline)
    if running_deadlines(case):
        always += (ExtendDeadline, WithdrawDeadline)
    if pausable_deadlines(case):
        always += (PauseDeadline,)
    if paused_deadlines(case):
        always += (ResumeDeadline,)
    if now is not None and missed_deadlines(case, now):
        always += (ExplainDeadline,)
    if ReviewDraft in (first, beside) and case.concern.is_emergency:  # where one is alone, nobody else can review
        always = (ApproveDraft, *always)
    more = (*_MORE.get(state, ()), *(step for step in always if _allowed(step, state)))
    return Offered(first, beside, more, draft, bool(case.drafts) and state in WORKED_ON)


def waiting_draft(case: Case) -> Draft | None:
    """The newest draft, where it waits to be signed or published."""
    newest = case.drafts[0] if case.drafts else None
    return newest if newest is not None and newest.state in _WAITING else None


def running_deadlines(case: Case) -> list[Deadline]:
    """The clocks of a case that are neither met nor withdrawn, the nearest first."""
    return sorted((d for d in case.deadlines if d.waits and not d.of_judging), key=lambda d: d.due_at)


def pausable_deadlines(case: Case) -> list[Deadline]:
    """The clocks that may pause: those of the office's own rules, which do not pause yet."""
    own = {rule.code for rule in case.clockwork.rules if rule.pack == OWN and rule.code != JUDGE}
    return [d for d in running_deadlines(case) if d.code in own and d.paused_at is None]


def paused_deadlines(case: Case) -> list[Deadline]:
    """The clocks that pause."""
    return [d for d in running_deadlines(case) if d.paused_at is not None]


def missed_deadlines(case: Case, now: datetime) -> list[Deadline]:
    """The clocks that were not kept."""
    return [d for d in case.deadlines if d.state(now) in LATE]


def why_not(step: type[CaseStep], state: ConcernState) -> str:
    """Why a step cannot be taken in a state; empty where it can."""
    try:
        state_after(step, state)
    except StepError as refused:
        return str(refused)
    return ""


def _allowed(step: type[CaseStep], state: ConcernState) -> bool:
    return state in TRANSITIONS[step].states
