"""Every step of a case, from every state, by every role: done whole and entered in the record, or refused whole."""

from __future__ import annotations

import shutil
from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from desk.cases.reading import read_case
from desk.execute import CASE_HANDLERS, HANDLERS, execute
from desk.office import people
from desk.topics.monitor import verify_record
from domain.concern import (
    AttentionGrade,
    Concern,
    ConcernState,
    DevelopmentKind,
    EventGrade,
    Evidence,
    Reason,
    ReasonCode,
)
from domain.development import Development
from domain.errors import ConflictError, InputError, NotFoundError, StepError
from domain.person import Actor, Person, Role
from domain.response import Applies, Channel, DeadlineRule, ResponseKind, Unit
from domain.steps import cases as steps
from domain.steps import deadlines, developments, drafts
from domain.steps.step import fields_of
from domain.times import parse_moment
from domain.topic import Heat, Topic
from response.lifecycle import TRANSITIONS
from response.rights import RIGHTS
from store import cases, looks
from store import developments as developments_store
from store import people as people_store
from store.database import open_database, sqlite_url
from store.looks import Look

NOW = parse_moment("2026-11-20T12:00")
BY_MACHINE = {steps.FlagConcernAgain, steps.ResumeConcern}
AUTHOR = Actor("钱进")
PEOPLE: dict[Role | None, str] = {None: "周平", **{role: f"有{role.label}的人" for role in Role}}
FIRST, OTHER = 1, 2
OWN_RULE = DeadlineRule(
    "own-1", "鉴定", "本单位", 5, Unit.WORKING_DAYS, Applies.BY_HAND, (ResponseKind.PRESS_CONFERENCE,), "本单位文件"
)
TURNED = 1  # the 新动向 of case 1
WRITTEN, APPROVED, REVIEWED = 2, 3, 4  # versions of a worked case's drafts
PHONE = "13912345678"  # in the one that is written
# Where a case stands so that what the step is about cannot be there (yet, or any more).
NOT_THERE = {
    (deadlines.ExplainDeadline, ConcernState.MERGED),
    (deadlines.ExtendDeadline, ConcernState.MERGED),
    (deadlines.WithdrawDeadline, ConcernState.MERGED),
    (steps.RecordUnitAnswer, ConcernState.MERGED),
    (steps.RecordUnitAnswer, ConcernState.FLAGGED),
    (steps.RecordUnitAnswer, ConcernState.DISMISSED),
    (drafts.RemarkOnDraft, ConcernState.MERGED),
    (drafts.RemarkOnDraft, ConcernState.FLAGGED),
    (drafts.RemarkOnDraft, ConcernState.DISMISSED),
    (drafts.RemarkOnDraft, ConcernState.REFERRED),
    # Its report is in no topic; one that is, is tried in test_turns_of_cases.
    (developments.SeparateDevelopment, ConcernState.FLAGGED),
    (developments.SeparateDevelopment, ConcernState.OPEN),
    (developments.SeparateDevelopment, ConcernState.ANSWERED),
    (developments.SeparateDevelopment, ConcernState.FOLLOWING),
    (developments.SeparateDevelopment, ConcernState.REFERRED),
}


def flagged(topic_id: int, title: str) -> Concern:
    reason = Reason(ReasonCode.EMERGENCY, "突发事件", (Evidence(1, "厂房发生爆炸。", "临江日报"),))
    return Concern(
        0,
        topic_id,
        title,
        ConcernState.FLAGGED,
        (reason,),
        EventGrade.IV,
        "1人受伤",
        AttentionGrade.BLUE,
        NOW - timedelta(hours=1),
        NOW - timedelta(hours=2),
        1,
    )


def at(database, state: ConcernState) -> None:
    """Bring case 1 into a state, with a clock that may be extended, drafts that wait, a unit that was asked."""

    def do(step, actor=AUTHOR):
        return execute(database, step, actor, NOW)

    do(deadlines.StartDeadline(FIRST, "disclosure-20wd", NOW))
    do(deadlines.StartDeadline(FIRST, "enforcement-20wd", NOW - timedelta(days=60)))  # over
    do(deadlines.AddOwnRule(OWN_RULE))
    do(deadlines.StartDeadline(FIRST, OWN_RULE.code, NOW))
    do(deadlines.PauseDeadline(FIRST, do(deadlines.StartDeadline(FIRST, OWN_RULE.code, NOW)).id, "等待鉴定"))
    if state is ConcernState.FLAGGED:
        return
    if state in (ConcernState.DISMISSED, ConcernState.MERGED):
        do(
            steps.DismissConcern(FIRST, "不属实")
            if state is ConcernState.DISMISSED
            else steps.MergeConcern(FIRST, OTHER)
        )
        return
    do(steps.JudgeConcern(FIRST, EventGrade.IV))
    do(steps.AskUnit(FIRST, "公安局", "现场情况"))
    if state is ConcernState.REFERRED:
        do(steps.ReferConcern(FIRST, "市住建局", "属其职责"))
        return
    signer = Actor("另一人")
    for version in (1, WRITTEN, APPROVED, REVIEWED):
        do(drafts.WriteDraft(FIRST, f"通报{version}", f"情况、措施、结果{PHONE if version == WRITTEN else ''}。"))
        if version != WRITTEN:
            do(drafts.ReviewDraft(FIRST, version), signer)
        if version in (1, APPROVED):
            do(drafts.ApproveDraft(FIRST, version), signer)
    if state is ConcernState.OPEN:
        return
    do(drafts.PublishDraft(FIRST, 1, "https://x.gov.cn/1", Channel.WEBSITE))
    for reached, step in (
        (ConcernState.FOLLOWING, steps.FollowConcern(FIRST)),
        (ConcernState.CLOSED, steps.CloseConcern(FIRST, "已修复")),
        (ConcernState.ARCHIVED, steps.ArchiveConcern(FIRST)),
    ):
        if state is ConcernState.ANSWERED:
            return
        do(step)
        if reached is state:
            return


@pytest.fixture(scope="module", params=list(ConcernState), ids=lambda state: state.code)
def stood(request, tmp_path_factory):
    """A store in which case 1 stands in a state; nobody changes it."""
    folder = tmp_path_factory.mktemp(request.param.code)
    database = open_database(sqlite_url(folder))
    with database.write() as connection:
        for topic in (1, 2):
            seen = (NOW, NOW, "临江日报", "其他", ("临江",), True)
            looks.save(connection, [Look(Topic(topic, f"爆炸{topic}", ("爆炸",), Heat({}, True), 1, 1, 0, *seen))])
            cases.flag(connection, flagged(topic, f"爆炸{topic}"))
    execute(database, steps.JudgeConcern(OTHER, EventGrade.IV), AUTHOR, NOW)
    at(database, request.param)
    evidence = (Evidence(1, "多名记者在现场被拦。", "临江日报"),)
    with database.write() as connection:
        turned = Development(0, FIRST, DevelopmentKind.REPORTERS, NOW, evidence)
        assert developments_store.add(connection, turned) == TURNED
    with database.write() as connection:
        for role in Role:
            people_store.keep(connection, Person(0, PEOPLE[role], (role,)))
    assert read_case(database, FIRST).concern.state is request.param
    database.close()
    return folder, request.param


def example(step, database):
    """A step of case 1 that has all it needs."""
    case = read_case(database, FIRST)
    clock = next((d.id for d in case.deadlines if d.code == "disclosure-20wd"), 0)
    own = sorted((d for d in case.deadlines if d.code == OWN_RULE.code), key=lambda d: d.paused_at is not None)
    runs, pauses = (own[0].id, own[1].id) if own else (0, 0)
    over = next((d.id for d in case.deadlines if d.code == "enforcement-20wd"), 0)
    asked = case.coordination[0].id if case.coordination else 0
    given = {
        steps.JudgeConcern: lambda: steps.JudgeConcern(FIRST, EventGrade.II),
        steps.RegradeConcern: lambda: steps.RegradeConcern(FIRST, EventGrade.I, "死亡人数上升"),
        steps.DismissConcern: lambda: steps.DismissConcern(FIRST, "不属实"),
        steps.MergeConcern: lambda: steps.MergeConcern(FIRST, OTHER),
        steps.ReferConcern: lambda: steps.ReferConcern(FIRST, "市住建局", "属其职责"),
        steps.TakeBackReferral: lambda: steps.TakeBackReferral(FIRST, "误转"),
        steps.AskUnit: lambda: steps.AskUnit(FIRST, "网信办", "网上情况"),
        steps.RecordUnitAnswer: lambda: steps.RecordUnitAnswer(FIRST, asked, "已核"),
        steps.CloseConcern: lambda: steps.CloseConcern(FIRST, "已修复"),
        steps.ReopenConcern: lambda: steps.ReopenConcern(FIRST, "群众再次反映"),
        drafts.WriteDraft: lambda: drafts.WriteDraft(FIRST, "通报", "情况、措施、结果。"),
        drafts.ReviewDraft: lambda: drafts.ReviewDraft(FIRST, WRITTEN),
        drafts.ReturnDraft: lambda: drafts.ReturnDraft(FIRST, WRITTEN, "数字没有出处"),
        drafts.ApproveDraft: lambda: drafts.ApproveDraft(FIRST, REVIEWED),
        drafts.AllowPersonal: lambda: drafts.AllowPersonal(FIRST, WRITTEN, PHONE, "公开的值班电话"),
        drafts.PublishDraft: lambda: drafts.PublishDraft(FIRST, APPROVED, "https://x.gov.cn/2"),
        drafts.RemarkOnDraft: lambda: drafts.RemarkOnDraft(FIRST, 1, 0, 2, "请核实"),
        deadlines.StartDeadline: lambda: deadlines.StartDeadline(FIRST, "disclosure-20wd", NOW),
        deadlines.ExtendDeadline: lambda: deadlines.ExtendDeadline(FIRST, clock, "内容复杂"),
        deadlines.WithdrawDeadline: lambda: deadlines.WithdrawDeadline(FIRST, clock, "申请人撤回"),
        deadlines.PauseDeadline: lambda: deadlines.PauseDeadline(FIRST, runs, "等待鉴定"),
        deadlines.ResumeDeadline: lambda: deadlines.ResumeDeadline(FIRST, pauses, "鉴定已出"),
        deadlines.ExplainDeadline: lambda: deadlines.ExplainDeadline(FIRST, over, "等待上级批复"),
        developments.NoteDevelopment: lambda: developments.NoteDevelopment(FIRST, TURNED),
        developments.SeparateDevelopment: lambda: developments.SeparateDevelopment(FIRST, TURNED),
    }
    return given.get(step, lambda: step(FIRST))()


def whole(database) -> list[tuple[Any, ...]]:
    """Everything a step could have changed."""
    with database.read() as connection:
        tables = (
            "concern",
            "deadline",
            "deadline_entry",
            "draft",
            "response",
            "coordination",
            "comment",
            "record",
            "development",
        )
        return [tuple(row) for table in tables for row in connection.execute(text(f"SELECT * FROM {table}"))]


@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: role.code if role else "nobody")
def test_step_is_taken_whole_where_course_and_role_allow_it_and_refused_whole_elsewhere(stood, role, tmp_path):
    folder, state = stood
    actor, database = Actor(PEOPLE[role]), None
    for step in (each for each in TRANSITIONS if each not in BY_MACHINE):
        database = database or copied(folder, tmp_path / step.code)
        before, made = whole(database), example(step, database)
        may = RIGHTS[step] in (None, role)
        allowed = state in TRANSITIONS[step].states
        if may and allowed and (step, state) not in NOT_THERE:
            execute(database, made, actor, NOW)
            assert_taken(database, step, state, actor)
            database.close()
            database = None  # the next step finds the case where it stood
        else:
            expected = NotFoundError if may and allowed else StepError
            with pytest.raises(expected) as told:
                execute(database, made, actor, NOW)
            assert "。" in str(told.value) and whole(database) == before, step.code
    if database:
        database.close()


def copied(folder, to):
    """A store of its own like the one in a folder."""
    to.mkdir(exist_ok=True)
    for file in folder.glob("wenying.db*"):
        shutil.copy(file, to)
    return open_database(sqlite_url(to))


def assert_taken(database, step, state, actor):
    case, to = read_case(database, FIRST), TRANSITIONS[step].to
    unjudged = step is steps.ReopenConcern and case.concern.judgement is None
    assert case.concern.state is (ConcernState.FLAGGED if unjudged else to or state), step.code
    last = case.history[-1]
    assert (last.who, last.at) == (actor.name, NOW) and (unjudged or last.action == step.label), step.code
    assert verify_record(database)[1] is None, step.code
    closed = case.concern.state is ConcernState.CLOSED
    assert not closed or all(d.withdrawn or d.met_at for d in case.deadlines if d.code == "updates"), step.code


def test_every_step_has_a_handler_and_a_right():
    handled = {*CASE_HANDLERS, *HANDLERS}
    assert handled | BY_MACHINE == set(RIGHTS) and set(CASE_HANDLERS) | BY_MACHINE == set(TRANSITIONS)


@pytest.mark.parametrize("step", RIGHTS, ids=lambda step: step.code)
def test_every_step_is_labelled_in_chinese_and_named_once(step):
    assert step.label and not step.label.isascii()
    assert [other.code for other in RIGHTS].count(step.code) == 1
    assert all(about.label and not about.label.isascii() for about in fields_of(step))
    assert step.__doc__ and {about.name for about in fields_of(step)} <= {field.name for field in fields(step)}


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: steps.DismissConcern(1, "  "), "reason"),
        (lambda: steps.ReferConcern(1, "市住建局", ""), "why"),
        (lambda: drafts.WriteDraft(1, "标题", "\n"), "body"),
    ],
)
def test_step_that_lacks_what_it_needs_cannot_be_made_and_names_the_field(make, field):
    with pytest.raises(InputError) as told:
        make()
    assert told.value.field == field and "请填写" in str(told.value)


def test_time_that_is_still_to_come_is_refused_by_its_field(database):
    with pytest.raises(InputError, match="晚于现在") as told:
        execute(database, steps.JudgeConcern(1, EventGrade.I, happened_at=NOW + timedelta(minutes=1)), AUTHOR, NOW)
    assert told.value.field == "happened_at"


def test_somebody_must_act(database):
    with pytest.raises(InputError, match="姓名"):
        execute(database, steps.FollowConcern(1), Actor(" "), NOW)


def test_step_on_what_another_person_changed_meanwhile_is_refused_with_what_they_did(stood, tmp_path):
    folder, state = stood
    if state is not ConcernState.FLAGGED:
        pytest.skip("one state is enough")
    database = copied(folder, tmp_path)
    seen = read_case(database, FIRST).history[-1].sequence
    officer = Actor(PEOPLE[Role.OFFICER])
    execute(database, steps.JudgeConcern(FIRST, EventGrade.II, unit="市住建局"), Actor(PEOPLE[Role.OFFICER]), NOW)
    execute(
        database, steps.AskUnit(FIRST, "公安局", "情况"), officer, NOW, seen=seen
    )  # one's own steps are no conflict
    with pytest.raises(ConflictError, match="判定　重大；市住建局"):
        execute(database, deadlines.StartDeadline(FIRST, "disclosure-20wd"), Actor("周平"), NOW, seen=seen)
    database.close()


def test_person_without_a_role_is_told_who_may(stood, tmp_path):
    folder, _ = stood
    database = copied(folder, tmp_path)
    assert any(person.name == PEOPLE[Role.APPROVER] for person in people.everyone(database))
    with pytest.raises(StepError, match=PEOPLE[Role.APPROVER]):
        execute(database, drafts.ApproveDraft(FIRST, REVIEWED), Actor(PEOPLE[Role.OFFICER]), NOW)
    database.close()
