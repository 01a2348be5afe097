"""Answering: course, clocks, referral, merging, people, drafts and their checks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy import text

from desk.cases.deadlines import would_move
from desk.cases.reading import read_case
from desk.cases.writing import begin_draft, check_text, draft_templates, keep_typing, said_before, unsaved_text
from desk.collecting.collect import Collector
from desk.execute import execute, said_of
from desk.office import people, reminding
from desk.topics.monitor import verify_record
from domain.concern import ClockBasis, ConcernState, EventGrade
from domain.errors import InputError, StepError, StoreError
from domain.person import Actor, Role
from domain.response import Channel, DeadlineState, EntryKind, ResponseKind, Unsaved
from domain.steps.cases import (
    AskUnit,
    CloseConcern,
    DismissConcern,
    JudgeConcern,
    MergeConcern,
    RecordAcceptance,
    RecordUnitAnswer,
    ReferConcern,
    RegradeConcern,
    ReopenConcern,
    TakeBackReferral,
)
from domain.steps.deadlines import ExtendDeadline, RecountDeadlines, SetCalendar, StartDeadline, WithdrawDeadline
from domain.steps.drafts import AddSaying, ApproveDraft, PublishDraft, ReturnDraft, ReviewDraft, SetTemplate, WriteDraft
from domain.steps.office import SetOffice
from domain.steps.people import AddPerson, ChangePerson, SetPassword
from domain.steps.sources import AddSource
from domain.steps.topics import FlagTopic
from response.lifecycle import TRANSITIONS, state_after
from store import cases

BLAST = (
    "临江化工园区一厂房发生爆炸",
    "11月20日8时许，临江化工园区一厂房发生爆炸，已致2人受伤，消防救援人员已到现场。",
    "2026-11-20T08:40:00+08:00",
)
COLD = (
    "滨河花园供暖不热 居民投诉",
    "滨河花园居民投诉供暖一周室温只有十四度，要求退费，多次拨打热线。",
    "2026-11-20T09:40:00+08:00",
)


@pytest.fixture
def ids(database, publisher, now):
    """Two concerns: an emergency, and one flagged by hand."""

    from desk.topics.monitor import list_topics

    execute(database, SetOffice(name="临江市政府新闻办", places=("临江",)), Actor("李敏"), now)
    execute(database, AddSource(publisher.feed("/a", [BLAST, COLD]), "临江日报"), Actor("李敏"), now)
    (first,) = Collector(database, now).round(now).flagged
    cold = next(t.id for t in list_topics(database) if "供暖" in t.name)
    return first, execute(database, FlagTopic(cold, "群众反映集中"), Actor("李敏"), now)


def judge(database, id, now, grade=EventGrade.NONE):
    return execute(database, JudgeConcern(id, grade=grade, basis=ClockBasis.FOUND), Actor("李敏"), now).clocks


def answer(database, id, now, kind=ResponseKind.ANSWER, by="李敏", signed="王强"):
    made = execute(database, WriteDraft(id, kind=kind, title="通报", body="情况、措施、结果。"), Actor(by), now)
    execute(database, ReviewDraft(id, made.version), Actor(signed), now)
    execute(database, ApproveDraft(id, made.version), Actor(signed), now)
    return execute(
        database, PublishDraft(id, made.version, channel=Channel.WEBSITE, link="https://x.gov.cn/1"), Actor(by), now
    )


@pytest.mark.parametrize("state", list(ConcernState))
@pytest.mark.parametrize("step", list(TRANSITIONS))
def test_every_illegal_step_says_why(step, state):
    if state in TRANSITIONS[step].states:
        assert state_after(step, state) in ConcernState
    else:
        with pytest.raises(StepError, match=state.label):
            state_after(step, state)


def test_updates_repeat_until_closed(database, ids, now):
    judge(database, ids[0], now, EventGrade.II)
    answer(database, ids[0], now, ResponseKind.PRESS_CONFERENCE)
    first = [d for d in read_case(database, ids[0]).deadlines if d.code == "updates"]
    assert [d.due_at for d in first] == [now + timedelta(hours=24)]
    later = now + timedelta(hours=20)
    answer(database, ids[0], later, ResponseKind.UPDATE)
    known = sorted((d for d in read_case(database, ids[0]).deadlines if d.code == "updates"), key=lambda d: d.id)
    assert [d.state(later) for d in known] == [DeadlineState.MET, DeadlineState.RUNNING]
    execute(database, CloseConcern(ids[0], outcome="处置完毕"), Actor("李敏"), later)
    known = [d for d in read_case(database, ids[0]).deadlines if d.code == "updates"]
    assert all(d.state(later) is not DeadlineState.RUNNING for d in known)


def test_due_time_moves_only_by_an_entry_and_the_ledger_replays_to_it(database, ids, now):
    judge(database, ids[1], now)
    clock = execute(database, StartDeadline(ids[1], "disclosure-20wd", start=now), Actor("李敏"), now)
    moved = execute(
        database, SetCalendar(overrides={date(2026, 11, 24): False}, hours=((time(9), time(17)),)), Actor("李敏"), now
    )
    assert [m.deadline.id for m in moved] == [clock.id]
    case = read_case(database, ids[1])
    assert next(d for d in case.deadlines if d.id == clock.id).due_at == clock.due_at
    assert execute(database, RecountDeadlines(), Actor("李敏"), now) == 1 and would_move(database, now) == []
    extended = execute(database, ExtendDeadline(clock.concern_id, clock.id, "内容复杂需要征求意见"), Actor("李敏"), now)
    case = read_case(database, ids[1])
    entries = [e for e in case.ledger if e.deadline_id == clock.id]
    assert [e.kind for e in entries] == [EntryKind.STARTED, EntryKind.RECOUNTED, EntryKind.EXTENDED]
    assert entries[-1].due_at == extended.due_at > clock.due_at
    with pytest.raises(StepError, match="一次"):
        execute(database, ExtendDeadline(clock.concern_id, clock.id, "再延"), Actor("李敏"), now)


def test_statutory_clock_is_neither_extended_nor_withdrawn(database, ids, now):
    five, _ = judge(database, ids[0], now, EventGrade.I)
    with pytest.raises(StepError, match="法定"):
        execute(database, ExtendDeadline(five.concern_id, five.id, "忙不过来"), Actor("李敏"), now)
    with pytest.raises(StepError, match="法定"):
        execute(database, WithdrawDeadline(five.concern_id, five.id, "忙不过来"), Actor("李敏"), now)


def test_deadline_ledger_cannot_be_rewritten_in_the_database(database, ids, now):
    judge(database, ids[0], now, EventGrade.I)
    for sql in ("UPDATE deadline_entry SET reason = ''", "DELETE FROM deadline_entry"):
        with pytest.raises(StoreError), database.write() as connection:
            connection.execute(text(sql))


def test_referral_keeps_counting_until_it_is_accepted(database, ids, now):
    judge(database, ids[1], now)
    execute(database, ReferConcern(ids[1], unit="市住建局", why="属其职责"), Actor("李敏"), now)
    case = read_case(database, ids[1])
    (clock,) = (d for d in case.deadlines if d.code == "response-48h")
    assert case.concern.state is ConcernState.REFERRED and clock.state(now) is DeadlineState.RUNNING
    execute(database, RecordAcceptance(ids[1], at=now), Actor("李敏"), now)
    (clock,) = (d for d in read_case(database, ids[1]).deadlines if d.code == "response-48h")
    assert clock.state(now) is DeadlineState.WITHDRAWN
    with pytest.raises(StepError, match="已经受理"):
        execute(database, TakeBackReferral(ids[1], reason="误转"), Actor("李敏"), now)


def test_merge_carries_clocks_drafts_and_history(database, ids, now):
    for id in ids:
        judge(database, id, now)
    for id in ids:
        execute(database, WriteDraft(id, kind=ResponseKind.ANSWER, title="稿", body="文"), Actor("李敏"), now)
    execute(database, MergeConcern(ids[1], ids[0]), Actor("李敏"), now)
    merged = read_case(database, ids[0])
    assert sum(d.code == "response-48h" for d in merged.deadlines) == 2 and [d.version for d in merged.drafts] == [2, 1]
    assert read_case(database, ids[1]).concern.state is ConcernState.MERGED
    assert any(e.action == "并入本件" for e in merged.history)


def test_reopening_keeps_the_old_clock_and_starts_a_new_one(database, ids, now):
    judge(database, ids[1], now)
    answer(database, ids[1], now)
    later = now + timedelta(days=3)
    execute(database, ReopenConcern(ids[1], reason="群众再次反映"), Actor("李敏"), later)
    known = [d for d in read_case(database, ids[1]).deadlines if d.code == "response-48h"]
    assert {d.state(later) for d in known} == {DeadlineState.MET, DeadlineState.RUNNING}


def test_unit_is_asked_and_its_answer_kept(database, ids, now):
    judge(database, ids[1], now)
    execute(database, AskUnit(ids[1], unit="市热力公司", asked="停暖原因"), Actor("李敏"), now)
    (asked,) = read_case(database, ids[1]).coordination
    execute(database, RecordUnitAnswer(ids[1], asked.id, answer="管网故障，今晚修复", at=now), Actor("李敏"), now)
    assert read_case(database, ids[1]).coordination[0].answer == "管网故障，今晚修复"


def test_author_signs_alone_only_in_an_emergency_with_a_reason(database, ids, now):
    judge(database, ids[0], now, EventGrade.II)
    draft = execute(
        database,
        WriteDraft(ids[0], kind=ResponseKind.AUTHORITATIVE, title="通报", body="事实、措施、结果"),
        Actor("李敏"),
        now,
    )
    with pytest.raises(StepError, match="拟稿人"):
        execute(database, ApproveDraft(ids[0], draft.version), Actor("李敏"), now)
    execute(database, ApproveDraft(ids[0], draft.version, alone="夜间只有一人值班"), Actor("李敏"), now)
    case = read_case(database, ids[0])
    assert case.drafts[0].alone == "夜间只有一人值班" and case.history[-1].after["alone"] == "夜间只有一人值班"


def test_record_says_how_many_findings_were_open_when_a_draft_was_signed_and_published(database, ids, now):
    judge(database, ids[0], now, EventGrade.II)
    body = "经核查，厂房爆炸致2人受伤。已启动应急预案，疏散周边住户。伤员已送医救治，绝对安全，群众情绪稳定。"
    execute(database, WriteDraft(ids[0], kind=ResponseKind.AUTHORITATIVE, title="通报", body=body), Actor("李敏"), now)
    execute(database, ReviewDraft(ids[0], 1), Actor("王强"), now)
    execute(database, ApproveDraft(ids[0], 1, findings_seen=True), Actor("王强"), now)
    signed = read_case(database, ids[0]).history[-1]
    assert signed.after["findings"] == 2 and signed.after["findings_seen"] is True
    assert "自查有 2 处" in said_of(signed)
    execute(database, PublishDraft(ids[0], 1, link="https://x.gov.cn/1"), Actor("李敏"), now)
    published = next(e for e in read_case(database, ids[0]).history if e.action == "发布回应")
    assert published.after["findings"] == 2
    assert "differs" not in published.after and "第 1 稿" in said_of(published)


def test_draft_is_reviewed_or_sent_back_with_a_reason(database, ids, now):
    judge(database, ids[1], now)
    made = execute(database, WriteDraft(ids[1], kind=ResponseKind.ANSWER, title="稿", body="文"), Actor("李敏"), now)
    with pytest.raises(StepError, match="拟稿人"):
        execute(database, ReviewDraft(ids[1], made.version), Actor("李敏"), now)
    execute(database, ReturnDraft(ids[1], made.version, why="数字没有出处"), Actor("张红"), now)
    with pytest.raises(StepError, match="已退回"):
        execute(database, ApproveDraft(ids[1], made.version), Actor("王强"), now)
    assert read_case(database, ids[1]).drafts[0].returned == "数字没有出处"


def test_roles_decide_who_may_take_a_step(database, ids, now):
    execute(database, AddPerson("赵主任", (Role.ADMINISTRATOR, Role.REVIEWER, Role.APPROVER)), Actor("赵主任"), now)
    execute(database, AddPerson("李敏", (Role.OFFICER,)), Actor("赵主任"), now)
    judge(database, ids[1], now)
    made = execute(database, WriteDraft(ids[1], kind=ResponseKind.ANSWER, title="稿", body="文"), Actor("李敏"), now)
    with pytest.raises(StepError, match="赵主任"):
        execute(database, ApproveDraft(ids[1], made.version), Actor("王强"), now)
    execute(database, ReviewDraft(ids[1], made.version), Actor("赵主任"), now)
    execute(database, ApproveDraft(ids[1], made.version), Actor("赵主任"), now)


def test_last_administrator_cannot_be_taken_away(database, now):
    id = execute(database, AddPerson("赵主任", (Role.ADMINISTRATOR,)), Actor("赵主任"), now)
    with pytest.raises(InputError, match="至少要有一位"):
        execute(database, ChangePerson("赵主任", (Role.OFFICER,), person_id=id), Actor("赵主任"), now)


def test_sign_in_needs_the_right_password_and_keeps_only_its_hash(database, now):
    id = execute(database, AddPerson("赵主任", (Role.ADMINISTRATOR,)), Actor("赵主任"), now)
    execute(database, SetPassword(id, "correct horse"), Actor("赵主任"), now)
    assert people.sign_in(database, "赵主任", "correct horse").id == id
    with pytest.raises(InputError):
        people.sign_in(database, "赵主任", "wrong horse!")
    with database.read() as connection:
        assert "correct horse" not in str(connection.execute(text("SELECT * FROM person")).all())


def test_file_is_evidence_and_is_kept_by_its_hash(database, ids, now, tmp_path):
    judge(database, ids[1], now)
    made = execute(database, WriteDraft(ids[1], kind=ResponseKind.ANSWER, title="稿", body="文"), Actor("李敏"), now)
    execute(database, ReviewDraft(ids[1], made.version), Actor("王强"), now)
    execute(database, ApproveDraft(ids[1], made.version), Actor("王强"), now)
    shot = tmp_path / "截图.png"
    shot.write_bytes(b"picture")
    with pytest.raises(InputError, match="网址"):
        execute(database, PublishDraft(ids[1], made.version, channel=Channel.WEIBO), Actor("李敏"), now)
    response = execute(
        database,
        PublishDraft(ids[1], made.version, channel=Channel.WEIBO, file=shot),
        Actor("李敏"),
        now,
        folder=tmp_path,
    )
    assert (tmp_path / "凭据" / response.file).read_bytes() == b"picture" and len(response.file_hash) == 64


def test_what_is_being_typed_is_kept_until_it_is_a_version(database, ids, now):
    judge(database, ids[1], now)
    keep_typing(database, Unsaved(ids[1], "李敏", ResponseKind.ANSWER, "标题", "写到一半", now))
    kept = unsaved_text(database, ids[1], "李敏")
    assert kept and kept.body == "写到一半"
    execute(database, WriteDraft(ids[1], kind=ResponseKind.ANSWER, title="标题", body="写完了"), Actor("李敏"), now)
    assert unsaved_text(database, ids[1], "李敏") is None


def test_template_is_filled_from_the_case(database, ids, now):
    judge(database, ids[0], now, EventGrade.II)
    title, body = begin_draft(database, ids[0], ResponseKind.AUTHORITATIVE)
    assert "爆炸" in title and all(part in body for part in ("事实真相", "有关政策措施", "处置结果", "临江日报"))


def test_what_was_said_before_is_offered_with_where_it_is_from(database, ids, now):
    said = AddSaying("供暖不达标退费", "供暖室温不足十八度的，按日退费。", ("供暖",), "市供热办法第12条")
    execute(database, said, Actor("李敏"), now)
    (before,) = said_before(database, ids[1], now)
    assert before.text.startswith("供暖室温") and "第12条" in before.source


def test_two_windows_that_meet_lose_nothing(database, ids, now):
    from domain.errors import ConflictError

    with database.read() as connection:
        seen = cases.get(connection, ids[1])
    judge(database, ids[1], now)
    with pytest.raises(ConflictError), database.write() as connection:
        cases.update(connection, replace(seen), outcome="迟到的改动")
    assert verify_record(database)[1] is None


def test_step_on_a_case_that_somebody_changed_meanwhile_tells_what_they_did(database, ids, now):
    from domain.errors import ConflictError

    id = ids[1]
    seen = read_case(database, id).history[-1].sequence
    judge(database, id, now, EventGrade.II)

    with pytest.raises(ConflictError, match="李敏 判定") as told:
        execute(database, DismissConcern(id, reason="不属实"), Actor("王强"), now, seen=seen)
    assert "重大" in str(told.value) and read_case(database, id).concern.state is ConcernState.OPEN
    # One's own steps from before the page was read again are no conflict.
    execute(database, WriteDraft(id, "通报", "情况、措施、结果。"), Actor("李敏"), now, seen=seen)


def test_case_that_grows_graver_is_regraded_and_old_clocks_go_on(database, ids, now):
    id = ids[0]
    first = judge(database, id, now, EventGrade.IV)
    later = now + timedelta(hours=3)
    found = execute(database, RegradeConcern(id, grade=EventGrade.I, why="启动一级响应"), Actor("李敏"), later)
    assert {d.code for d in first} <= {d.code for d in found} and len(found) > len(first)
    started = next(d for d in found if d.code == "authoritative-5h")
    assert started.start_at == later and started.due_at == later + timedelta(hours=5)
    assert read_case(database, id).concern.grade is EventGrade.I
    assert verify_record(database)[1] is None
    again = execute(database, RegradeConcern(id, grade=EventGrade.I, why="维持"), Actor("李敏"), later)
    assert len(again) == len(found)


def test_regrading_wants_a_judgement_and_a_reason(database, ids, now):
    with pytest.raises(StepError):
        execute(database, RegradeConcern(ids[0], grade=EventGrade.I, why="x"), Actor("李敏"), now)
    judge(database, ids[0], now)
    with pytest.raises(InputError, match="理由"):
        execute(database, RegradeConcern(ids[0], grade=EventGrade.I, why=" "), Actor("李敏"), now)


def test_later_reports_of_deaths_ask_for_a_higher_grade_of_a_judged_case(database, publisher, ids, now):
    id = ids[0]
    judge(database, id, now, EventGrade.IV)
    publisher.feed("/a", [BLAST, COLD, WORSE])
    later = now + timedelta(hours=1)
    Collector(database, later).round(later)
    concern = read_case(database, id).concern
    assert concern.escalated and concern.suggested_grade is EventGrade.II and concern.grade is EventGrade.IV
    texts = [a.text for a in reminding.give(database, later)]
    assert any(text.startswith("建议升级为重大") for text in texts) and reminding.give(database, later) == []
    execute(database, RegradeConcern(id, grade=EventGrade.IV, why="核实为2人受伤"), Actor("李敏"), later)
    assert not read_case(database, id).concern.escalated


WORSE = (
    "临江化工园区一厂房爆炸已致12人死亡",
    "临江化工园区一厂房发生爆炸，已致12人死亡，消防救援人员已到现场。",
    "2026-11-20T12:30:00+08:00",
)


def test_what_was_put_aside_comes_back_when_reports_grow_graver(database, publisher, ids, now):
    execute(database, DismissConcern(ids[0], reason="市应急局核实为演练"), Actor("李敏"), now)
    later = now + timedelta(hours=3)
    publisher.feed("/a", [BLAST, COLD])
    Collector(database, later).round(later)
    assert read_case(database, ids[0]).concern.state is ConcernState.DISMISSED
    publisher.feed("/a", [BLAST, COLD, WORSE])
    Collector(database, later).round(later)
    concern = read_case(database, ids[0]).concern
    assert concern.state is ConcernState.FLAGGED and concern.suggested_grade is EventGrade.II
    assert any(a.text.startswith("再次列为关切") for a in reminding.give(database, later))
    assert judge(database, ids[0], later, EventGrade.II)
    assert verify_record(database)[1] is None


def test_closed_case_is_followed_again_when_reports_grow_graver(database, publisher, ids, now):
    judge(database, ids[0], now, EventGrade.IV)
    answer(database, ids[0], now)
    execute(database, CloseConcern(ids[0], outcome="已处置"), Actor("李敏"), now)
    later = now + timedelta(hours=3)
    publisher.feed("/a", [BLAST, COLD, WORSE])
    Collector(database, later).round(later)
    concern = read_case(database, ids[0]).concern
    assert concern.state is ConcernState.FOLLOWING and concern.escalated
    started = execute(database, RegradeConcern(ids[0], grade=EventGrade.II, why="死亡12人"), Actor("李敏"), later)
    assert any(d.code == "authoritative-5h" and d.start_at == later for d in started)


def test_what_was_put_aside_unjudged_is_judged_when_it_is_opened_again(database, ids, now):
    execute(database, DismissConcern(ids[0], reason="重复"), Actor("李敏"), now)
    execute(database, ReopenConcern(ids[0], reason="不是同一件"), Actor("李敏"), now)
    assert read_case(database, ids[0]).concern.state is ConcernState.FLAGGED
    assert judge(database, ids[0], now)


def test_what_a_template_left_open_is_pointed_at(database, ids, now):
    judge(database, ids[0], now, EventGrade.II)
    title, body = begin_draft(database, ids[0], ResponseKind.AUTHORITATIVE)
    open_points = [
        f for f in check_text(database, ids[0], ResponseKind.AUTHORITATIVE, title, body) if f.check == "未填"
    ]
    assert {body[f.start : f.end] for f in open_points} >= {"【填写】", "【据媒体报道，供核实，发布前删去】"}


def test_places_and_persons_that_no_source_names_are_pointed_at(database, ids, now):
    body = "情况、措施、结果：临江化工园区爆炸，哈尔滨市派出专家。市应急局局长张建国表示，伤员已送医。"
    found = {f.check: f for f in check_text(database, ids[0], ResponseKind.ANSWER, "通报", body)}
    assert "哈尔滨" in body[found["地名"].start : found["地名"].end]
    assert body[found["人名"].start : found["人名"].end] == "张建国"


def test_own_template_of_a_kind_is_filled_and_ours_comes_back(database, ids, now):
    judge(database, ids[0], now)
    execute(
        database, SetTemplate(kind=ResponseKind.ANSWER, text="{unit}就{title}答复如下：【填写】"), Actor("李敏"), now
    )
    assert "答复如下" in begin_draft(database, ids[0], ResponseKind.ANSWER)[1]
    for wrong, said in (("{nobody}", "不认识"), ("{title", "不成对"), ("{title.__class__}", "不认识")):
        with pytest.raises(InputError, match=said):
            execute(database, SetTemplate(kind=ResponseKind.ANSWER, text=wrong), Actor("李敏"), now)
    execute(database, SetTemplate(kind=ResponseKind.ANSWER, text=""), Actor("李敏"), now)
    assert "事实真相" in draft_templates(database)[ResponseKind.ANSWER]


def test_draft_with_a_blank_left_open_is_neither_signed_nor_published(database, ids, now):
    judge(database, ids[1], now)
    open_still, filled = (
        execute(database, WriteDraft(ids[1], kind=ResponseKind.ANSWER, title="通报", body=body), Actor("李敏"), now)
        for body in ("情况属实。处置结果：【填写】。", "情况属实，已抢修。")
    )
    with pytest.raises(StepError, match="【填写】"):
        execute(database, ApproveDraft(ids[1], open_still.version), Actor("王强"), now)
    execute(database, ReviewDraft(ids[1], filled.version), Actor("王强"), now)
    execute(database, ApproveDraft(ids[1], filled.version), Actor("王强"), now)
    step = PublishDraft(ids[1], filled.version, link="https://x.gov.cn/1", text="情况属实。处置结果：【填写】。")
    with pytest.raises(StepError, match="【填写】"):
        execute(database, step, Actor("李敏"), now)
