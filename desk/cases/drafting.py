"""The steps of a draft: versions, 核稿, 退回, 签发, 发布 with its evidence; 口径 and the office's templates."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import partial

from desk.cases.deadlines import calendar_of, known_rules, rules_of
from desk.cases.evidence import Kept, keep_evidence
from desk.cases.writing import OWN_TEMPLATES, allowed_in, findings_in
from desk.office.particulars import office_of
from desk.office.people import names_of
from desk.work import Before, CaseHandler, Effect, Handler, Preparation, Ready, Work, nothing_to_undo
from domain.concern import Concern, ConcernState
from domain.errors import NotFoundError, StepError
from domain.person import same_person
from domain.personal import mask_personal, open_personal
from domain.response import Comment, Deadline, Draft, DraftState, Response, Saying, answers, checked_link
from domain.steps import drafts as steps
from domain.steps.cases import CaseStep
from domain.steps.step import Step
from response.checks import check_filled, check_personal
from response.deadlines import met_by, next_update
from response.drafts import TEMPLATES, checked_template
from response.lifecycle import (
    check_after_signing,
    check_approver,
    check_as_signed,
    check_entered_late,
    check_may_allow,
    check_publishable,
    check_reviewed,
    check_reviewer,
    is_entered_late,
)
from store import cases, drafts, settings
from store.database import Connection, Database


def write(step: steps.WriteDraft, concern: Concern, work: Work) -> Effect:
    """拟稿: a new version; what the author was typing has become it. Gives the draft."""
    connection = work.connection
    version = max((draft.version for draft in cases.drafts(connection, concern.id)), default=0) + 1
    new = Draft(0, concern.id, version, step.kind, step.title, step.body, work.who, work.now, DraftState.WRITTEN)
    cases.add_draft(connection, new)
    drafts.drop_unsaved(connection, concern.id, work.who)
    return Effect({"version": version}, result=cases.drafts(connection, concern.id)[0])


def review(step: steps.ReviewDraft, concern: Concern, work: Work) -> Effect:
    """核稿 by a second person."""
    draft = _draft_for(step, work)
    check_reviewer(draft, work.who)
    values = {"state": DraftState.REVIEWED.code, "reviewer": work.who, "reviewed_at": work.now}
    cases.change_draft(work.connection, draft.id, **values)
    return Effect()


def send_back(step: steps.ReturnDraft, concern: Concern, work: Work) -> Effect:
    """退回 to the author."""
    draft = _draft_for(step, work)
    check_reviewer(draft, work.who)
    values = {"state": DraftState.RETURNED.code, "reviewer": work.who, "reviewed_at": work.now, "returned": step.why}
    cases.change_draft(work.connection, draft.id, **values)
    return Effect()


def approve(step: steps.ApproveDraft, concern: Concern, work: Work) -> Effect:
    """签发; by the author alone only in an emergency, with a reason that the draft and the record keep.

    Blanks of the template forbid it, other findings do not; the record says how many there were, and whether whoever signs said they were seen.
    """
    draft = _draft_for(step, work)
    check_approver(draft, work.who, step.alone, concern.is_emergency)
    check_filled(draft.body)
    check_reviewed(
        draft, office_of(work.connection).review_first, step.alone if same_person(draft.author, work.who) else ""
    )
    check_personal(f"{draft.title}\n{draft.body}", allowed_in(work.connection, concern.id))
    alone = step.alone if same_person(draft.author, work.who) else ""
    values = {"state": DraftState.APPROVED.code, "approver": work.who, "approved_at": work.now, "alone": alone}
    cases.change_draft(work.connection, draft.id, **values)
    return Effect({**_open(work.connection, draft, draft.body), **({"alone": alone} if step.alone else {})})


def keep_file(step: steps.PublishDraft, before: Before) -> Ready:
    """The file of evidence, as it is kept: (name, SHA-256); empty where there is none. Taken away where it is refused."""
    if step.file is None:
        return Ready(("", ""))
    kept = keep_evidence(step.file, before.folder)
    undo = partial(_drop_unused, kept, before.database) if kept.new else nothing_to_undo
    return Ready((kept.name, kept.digest), undo)


def _drop_unused(kept: Kept, database: Database) -> None:
    """Take a file away, unless another publication that rests on the same one was entered meanwhile."""
    with database.read() as connection:
        if any(response.file == kept.name for response in cases.responses(connection)):
            return
    kept.path.unlink(missing_ok=True)


def publish(step: steps.PublishDraft, concern: Concern, work: Work) -> Effect:
    """发布回应: the deadlines it meets are met, and the next 持续发布 starts. Gives the response.

    A 动态 informs, it does not answer, nor does a 解读 but for 误解误读: before the first answer the case stays open. The
    record says where another text was published than was signed, and what was entered late (补录).
    """
    draft = _draft(work.connection, step)
    check_publishable(draft)
    kept, digest = work.ready
    link = checked_link(step.link) if step.link or not kept else ""
    published_at, words = step.at or work.now, step.text or draft.body
    check_after_signing(draft, published_at)
    check_filled(words, "text")
    check_personal(f"{draft.title}\n{words}", allowed_in(work.connection, concern.id), "text")
    differs = {} if check_as_signed(draft, words, step.differs_seen) else {"differs": True}
    open_findings = _open(work.connection, draft, words)  # before it is itself one of those that were said
    new = Response(
        0,
        concern.id,
        draft.id,
        draft.kind,
        step.channel,
        draft.title,
        words,
        link,
        published_at,
        work.who,
        kept,
        digest,
        work.latest,
    )
    waiting = met_by(
        cases.deadlines(work.connection, concern.id), new, known_rules(work.connection), concern.disposition
    )
    if late := is_entered_late(published_at, waiting, work.latest):
        check_entered_late(step.late_why, kept)
        new = replace(new, late_why=step.late_why)
    id = cases.add_response(work.connection, new)
    informs = not answers(draft.kind, concern.disposition)
    met = _meet(new, waiting, concern, work, answered=not informs)
    cases.change_draft(work.connection, draft.id, state=DraftState.PUBLISHED.code)
    after = {
        "text": "",  # kept with the response; the record keeps its hash
        "file": kept,
        "file_hash": digest,
        "text_hash": hashlib.sha256(words.encode()).hexdigest(),
        "published_at": published_at.isoformat(),
        "met": met,
        **({"late": True} if late else {"late_why": ""} if step.late_why else {}),
        **open_findings,
        **differs,
    }
    response = next(r for r in cases.responses(work.connection, concern.id) if r.id == id)
    return Effect(after, columns={"state": concern.state} if informs else {}, result=response)


def _meet(published: Response, met: list[Deadline], concern: Concern, work: Work, answered: bool) -> list[str]:
    """Meet the deadlines that a response meets, start the next 持续发布; the codes of those met."""
    connection, rules = work.connection, rules_of(work.connection)
    for deadline in met:
        cases.meet_deadline(connection, deadline.id, published.published_at, work.latest)
    state = ConcernState.ANSWERED if answered else concern.state
    for deadline in next_update(concern.id, state, published, rules, calendar_of(connection)):
        cases.add_deadline(connection, deadline, work.who, work.now, "发布之后持续发布")
    return [deadline.code for deadline in met]


def allow_personal(step: steps.AllowPersonal, concern: Concern, work: Work) -> Effect:
    """准予公开 one piece of personal data, in the drafts of this case."""
    draft = _draft_for(step, work)
    check_may_allow(draft, work.who)
    whole = f"{draft.title}\n{draft.body}"
    found = open_personal(whole, draft.allowed)
    if step.words not in {whole[one.start : one.end] for one in found}:
        raise StepError(
            f"第 {draft.version} 稿里没有待定的“{step.words[:20]}”这一处个人信息。请照稿中的原文填写。", "words"
        )
    cases.change_draft(work.connection, draft.id, allowed=[*draft.allowed, step.words])
    return Effect({"words": mask_personal(step.words)})


def remark(step: steps.RemarkOnDraft, concern: Concern, work: Work) -> Effect:
    """批注 on a stretch of a draft's text."""
    draft = _draft(work.connection, step)
    quote = draft.body[step.start : step.end]
    drafts.add_comment(
        work.connection, Comment(0, draft.id, step.start, step.end, quote, step.text, work.who, work.now)
    )
    return Effect({"quote": quote})


def add_saying(step: steps.AddSaying, work: Work) -> Effect:
    """添加口径; gives its id."""
    new = Saying(0, step.title, step.text, step.words, step.source, work.who, work.now, step.until)
    id = drafts.add_saying(work.connection, new)
    return Effect(object=f"saying:{id}", result=id)


def withdraw_saying(step: steps.WithdrawSaying, work: Work) -> Effect:
    """作废口径."""
    drafts.withdraw_saying(work.connection, step.saying)
    return Effect(object=f"saying:{step.saying}")


def set_template(step: steps.SetTemplate, work: Work) -> Effect:
    """修改稿子模板."""
    text = checked_template(step.text)
    own = dict(settings.read(work.connection, OWN_TEMPLATES) or {})
    before = own.pop(step.kind.code, "")
    if text and text != TEMPLATES[step.kind]:
        own[step.kind.code] = text
    settings.write(work.connection, OWN_TEMPLATES, own)
    return Effect({"text": own.get(step.kind.code, "")}, {"text": before}, f"setting:{step.kind.code}")


CASE_HANDLERS: dict[type[CaseStep], CaseHandler] = {
    steps.WriteDraft: write,
    steps.ReviewDraft: review,
    steps.ReturnDraft: send_back,
    steps.ApproveDraft: approve,
    steps.PublishDraft: publish,
    steps.AllowPersonal: allow_personal,
    steps.RemarkOnDraft: remark,
}
PREPARATIONS: dict[type[Step], Preparation] = {steps.PublishDraft: keep_file}
HANDLERS: dict[type[Step], Handler] = {
    steps.AddSaying: add_saying,
    steps.WithdrawSaying: withdraw_saying,
    steps.SetTemplate: set_template,
}


def _open(connection: Connection, draft: Draft, words: str) -> dict[str, int]:
    """How many findings of the check are open in a text, for the record."""
    return {"findings": len(findings_in(connection, draft.concern_id, draft.kind, draft.title, words))}


def _draft(connection: Connection, step: steps.DraftStep) -> Draft:
    for draft in cases.drafts(connection, step.concern_id):
        if draft.version == step.version:
            return draft
    raise NotFoundError(f"这件关切没有第 {step.version} 稿。")


def _draft_for(step: steps.DraftStep, work: Work) -> Draft:
    """The draft, its author under his present name: whoever was renamed since is no second person."""
    draft = _draft(work.connection, step)
    own = any(same_person(draft.author, name) for name in names_of(work.connection, work.who))
    return replace(draft, author=work.who) if own else draft
