"""Who may take which step: one table of steps and roles; docs/domain.md section 4."""

from __future__ import annotations

from collections.abc import Sequence

from domain.errors import StepError
from domain.person import Actor, Person, Role
from domain.steps import (
    briefings,
    cases,
    deadlines,
    developments,
    drafts,
    events,
    learning,
    office,
    people,
    registers,
    sources,
    topics,
)
from domain.steps.step import Step

# None: everybody of the office.
RIGHTS: dict[type[Step], Role | None] = {
    cases.JudgeConcern: Role.OFFICER,
    cases.RegradeConcern: Role.OFFICER,
    cases.DismissConcern: Role.OFFICER,
    cases.MergeConcern: Role.OFFICER,
    cases.ReferConcern: Role.OFFICER,
    cases.RecordAcceptance: Role.OFFICER,
    cases.TakeBackReferral: Role.OFFICER,
    cases.AskUnit: Role.OFFICER,
    cases.RecordUnitAnswer: None,
    cases.FollowConcern: Role.OFFICER,
    cases.CloseConcern: Role.OFFICER,
    cases.ArchiveConcern: Role.OFFICER,
    cases.ReopenConcern: Role.OFFICER,
    cases.FlagConcernAgain: Role.OFFICER,
    cases.ResumeConcern: Role.OFFICER,
    developments.NoteDevelopment: Role.OFFICER,
    developments.SeparateDevelopment: Role.OFFICER,
    drafts.WriteDraft: Role.OFFICER,
    drafts.ReviewDraft: Role.REVIEWER,
    drafts.ReturnDraft: Role.REVIEWER,
    drafts.ApproveDraft: Role.APPROVER,
    drafts.AllowPersonal: Role.APPROVER,
    drafts.PublishDraft: Role.OFFICER,
    drafts.RemarkOnDraft: None,
    drafts.AddSaying: None,
    drafts.WithdrawSaying: None,
    drafts.SetTemplate: None,
    deadlines.StartDeadline: None,
    deadlines.ExtendDeadline: None,
    deadlines.WithdrawDeadline: None,
    deadlines.PauseDeadline: Role.OFFICER,
    deadlines.ResumeDeadline: Role.OFFICER,
    deadlines.ExplainDeadline: Role.OFFICER,
    deadlines.SetClockHours: None,
    deadlines.SetCalendar: None,
    deadlines.RecountDeadlines: None,
    deadlines.AddOwnRule: None,
    deadlines.RemoveOwnRule: None,
    topics.RenameTopic: None,
    topics.PinTopic: None,
    topics.MergeTopics: None,
    topics.SplitTopic: None,
    topics.MoveArticles: None,
    topics.UndoTopicChange: None,
    topics.FlagTopic: None,
    events.AddEvent: None,
    events.ChangeEvent: None,
    events.RemoveEvent: None,
    sources.AddSource: None,
    sources.ChangeSources: None,
    sources.PauseSources: None,
    sources.RemoveSources: None,
    sources.ImportSources: None,
    sources.SaveColumns: None,
    office.SetOffice: None,
    office.SetOwnWords: None,
    office.SetQuietHours: None,
    office.SetBackupPlan: None,
    office.SetRoster: None,
    office.HandOver: None,
    office.ConfirmRecord: Role.ADMINISTRATOR,
    office.SetBriefingTemplate: None,
    learning.AcceptWeights: Role.OFFICER,
    learning.RefuseWeights: Role.OFFICER,
    learning.TakeBackWeights: Role.OFFICER,
    people.AddPerson: Role.ADMINISTRATOR,
    people.ChangePerson: Role.ADMINISTRATOR,
    people.SetActive: Role.ADMINISTRATOR,
    people.SetPassword: None,  # one's own, else by an administrator: its handler looks
    registers.EnterRegisterEntry: Role.OFFICER,
    registers.ImportRegisterEntries: Role.OFFICER,
    registers.ChangeRegisterEntry: Role.OFFICER,
    registers.WithdrawRegisterEntry: Role.OFFICER,
    registers.SetRegisterLimits: None,
    registers.RecordCarrying: Role.OFFICER,
    briefings.PlanBriefing: None,
    briefings.AddToBriefing: None,
    briefings.RenewBriefing: None,
    briefings.KeepBriefing: None,
}


def check_right(step: type[Step], actor: Actor, everyone: Sequence[Person]) -> None:
    """Raises StepError where this person may not take a step, saying who may."""
    check_role(RIGHTS[step], step.label, actor.name, everyone)


def check_role(role: Role | None, what: str, who: str, everyone: Sequence[Person]) -> None:
    """Raises StepError when somebody has not a role; an office that has set up no people lets everybody."""
    known = [person for person in everyone if person.active]
    if role is None or not known:
        return
    if not any(person.name == who.strip() and person.may(role) for person in known):
        able = "、".join(person.name for person in known if person.may(role)) or "目前没有人"
        raise StepError(f"{who or '您'}没有“{role.label}”权限，不能{what}。有这项权限的是：{able}。")
