"""Honest clocks (docs/domain.md section 3): what was late reads late, by whichever way somebody tries to make it better."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from desk.cases.deadlines import own_rules
from desk.cases.reading import read_case
from desk.execute import execute, together
from desk.reporting.ledger import COLUMNS, figures, ledger
from domain.concern import (
    AttentionGrade,
    ClockBasis,
    Concern,
    ConcernState,
    Disposition,
    EventGrade,
    Evidence,
    Reason,
    ReasonCode,
)
from domain.errors import InputError, NotFoundError, StepError
from domain.person import Actor, Role
from domain.response import Applies, DeadlineRule, DeadlineState, InTime, ResponseKind, Unit
from domain.steps import cases as steps
from domain.steps import deadlines
from domain.steps.drafts import AllowPersonal, ApproveDraft, PublishDraft, ReviewDraft, WriteDraft
from domain.steps.office import SetOffice
from domain.steps.people import AddPerson, ChangePerson
from domain.times import DAY, HOUR
from domain.topic import Heat, Topic
from store import cases, looks
from store.looks import Look
from tests.desk.flagging import flag_now

OFFICER, SIGNER = Actor("李敏"), Actor("王强")
STATES = DeadlineState


@pytest.fixture
def office(database, now):
    """Two emergencies (1, 2) and a grievance (3), found just now."""
    for id, code in ((1, ReasonCode.EMERGENCY), (2, ReasonCode.EMERGENCY), (3, ReasonCode.PUBLIC_INTEREST)):
        seen = (now, now, "临江日报", "其他", ("临江",), True)
        reason = Reason(code, "爆炸", (Evidence(1, "厂房发生爆炸。", "临江日报"),))
        with database.write() as connection:
            looks.save(connection, [Look(Topic(id, f"爆炸{id}", (), Heat({}, True), 1, 1, 0, *seen))])
        grades = (EventGrade.IV, "1人受伤", AttentionGrade.BLUE)
        flag_now(database, Concern(0, id, f"爆炸{id}", ConcernState.FLAGGED, (reason,), *grades, now, now, 1), now)
    return database


def do(database, step, at, who=OFFICER, folder=None):
    return execute(database, step, who, at, folder=folder)


def publish(database, id, at, kind=ResponseKind.ANSWER, **given):
    made = do(database, WriteDraft(id, "通报", "情况、措施、结果。", kind), at)
    do(database, ReviewDraft(id, made.version), at, SIGNER)
    do(database, ApproveDraft(id, made.version), at, SIGNER)
    return do(database, PublishDraft(id, made.version, "https://x.gov.cn/1", **given), at)


def stands(database, id, now):
    return {d.code: d.state(now) for d in read_case(database, id).deadlines}


def row(database, id, now):
    return next(r for r in ledger(database, now) if r.concern.id == id)


def shares(database, now):
    found = figures(database, date(2026, 1, 1), date(2026, 12, 31), now)
    return {kept.name: (len(kept.in_time), kept.due) for kept in (*found.whole, *found.timeliness)}


def test_press_conference_that_was_never_held_makes_the_case_late(office, now):
    do(office, steps.JudgeConcern(1, EventGrade.II), now)
    publish(office, 1, now + HOUR, ResponseKind.AUTHORITATIVE)
    later = now + 25 * HOUR
    assert row(office, 1, later).in_time is InTime.NO
    assert "举行新闻发布会已超时" in row(office, 1, later).not_kept
    assert shares(office, later)["举行新闻发布会"] == (0, 1) and shares(office, later)["发布权威信息"] == (1, 2)


def test_concern_that_nobody_judged_is_late_in_ledger_and_figures(office, now):
    later = now + 6 * DAY
    assert stands(office, 1, later) == {"judge": STATES.OVERDUE, "unjudged-5h": STATES.OVERDUE}
    assert stands(office, 3, later) == {"judge": STATES.OVERDUE}
    assert row(office, 1, later).in_time is row(office, 3, later).in_time is InTime.NO
    assert COLUMNS["是否迟报"](row(office, 3, later)) == "是"
    assert shares(office, later)["研判"] == (0, 3) and shares(office, later)["各件（所有时限都按时）"] == (0, 3)


def test_five_hours_of_an_unjudged_emergency_stay_whatever_it_is_judged_as(office, now):
    late = now + 6 * HOUR
    do(office, steps.JudgeConcern(1, EventGrade.IV), late)
    do(office, steps.JudgeConcern(2, EventGrade.I), late)
    for id in (1, 2):
        found = stands(office, id, late)
        assert found["unjudged-5h"] is STATES.OVERDUE and found["judge"] is STATES.LATE
        assert "authoritative-5h" not in found  # it would be counted twice, or anew
    publish(office, 1, late)
    assert stands(office, 1, late)["unjudged-5h"] is STATES.LATE


@pytest.mark.parametrize("grade", [EventGrade.I, EventGrade.IV])
def test_emergency_that_is_judged_in_time_gives_its_five_hours_to_the_judgement(office, now, grade):
    do(office, steps.JudgeConcern(1, grade), now + HOUR)
    found = stands(office, 1, now + HOUR)
    assert found["judge"] is STATES.MET and found["unjudged-5h"] is STATES.WITHDRAWN
    assert ("authoritative-5h" in found) is grade.grave


@pytest.mark.parametrize("end", [steps.DismissConcern(1, "不属实"), steps.MergeConcern(1, 2)])
def test_dismissed_or_merged_too_late_stays_late(office, now, end):
    late = now + 6 * HOUR
    do(office, end, late)
    kept_at = 1 if isinstance(end, steps.DismissConcern) else 2
    with office.read() as connection:
        found = {(d.code, d.state(late)) for d in cases.deadlines(connection, kept_at)}
    assert ("unjudged-5h", STATES.OVERDUE) in found
    assert row(office, kept_at, late).in_time is InTime.NO


def test_weeks_without_an_update_stay_late_after_closing(office, now):
    do(office, steps.JudgeConcern(3, EventGrade.NONE), now)
    publish(office, 3, now)
    do(office, steps.CloseConcern(3, "已修复"), now + 54 * DAY)
    assert stands(office, 3, now + 54 * DAY)["updates"] is STATES.OVERDUE
    assert row(office, 3, now + 54 * DAY).in_time is InTime.NO


def test_acceptance_that_is_dated_back_takes_nothing_away(office, now):
    do(office, steps.JudgeConcern(3, EventGrade.NONE), now)
    do(office, steps.ReferConcern(3, "市住建局", "属其职责"), now + HOUR)
    with pytest.raises(StepError, match="早于转办时间"):
        do(office, steps.RecordAcceptance(3, now), now + 60 * HOUR)
    do(office, steps.RecordAcceptance(3, now + 2 * HOUR), now + 60 * HOUR)
    assert stands(office, 3, now + 60 * HOUR)["response-48h"] is STATES.OVERDUE


def test_case_that_another_unit_accepted_gets_no_new_clocks_by_another_grade(office, now):
    do(office, steps.JudgeConcern(3, EventGrade.NONE), now)
    do(office, steps.ReferConcern(3, "市住建局", "属其职责"), now)
    do(office, steps.RecordAcceptance(3), now)
    do(office, steps.RegradeConcern(3, EventGrade.I, "死亡人数上升"), now + HOUR)
    assert "authoritative-5h" not in stands(office, 3, now + HOUR)


@pytest.mark.parametrize("year", [2020, 2026])
def test_nothing_is_published_before_it_was_signed(office, now, year):
    do(office, steps.JudgeConcern(3, EventGrade.NONE), now)
    do(office, WriteDraft(3, "通报", "情况、措施、结果。"), now + 60 * HOUR)
    do(office, ReviewDraft(3, 1), now + 60 * HOUR, SIGNER)
    do(office, ApproveDraft(3, 1), now + 60 * HOUR, SIGNER)
    step = PublishDraft(3, 1, "https://x.gov.cn/1", at=now.replace(year=year), late_why="夜间")
    with pytest.raises(StepError, match="签发时间") as told:
        do(office, step, now + 60 * HOUR)
    assert told.value.field == "at" and not read_case(office, 3).responses


def signed(database, now):
    do(database, steps.JudgeConcern(3, EventGrade.NONE), now)
    do(database, WriteDraft(3, "通报", "情况、措施、结果。"), now)
    do(database, ReviewDraft(3, 1), now, SIGNER)
    do(database, ApproveDraft(3, 1), now, SIGNER)


def test_what_is_entered_late_needs_a_reason_and_a_file_and_is_told_apart(office, now, tmp_path):
    signed(office, now)
    shot, late = tmp_path / "通话.png", now + 60 * HOUR
    shot.write_bytes(b"at night")
    for why, field in (("", "late_why"), ("夜间电话答复", "file")):
        with pytest.raises(InputError) as told:
            do(office, PublishDraft(3, 1, "https://x.gov.cn/1", at=now + HOUR, late_why=why), late, folder=tmp_path)
        assert told.value.field == field
    with pytest.raises(InputError):  # refused, it leaves no file behind
        do(office, PublishDraft(3, 1, "https://x.gov.cn/1", at=now + HOUR, file=shot), late, folder=tmp_path)
    assert not list((tmp_path / "凭据").iterdir())
    step = PublishDraft(3, 1, "https://x.gov.cn/1", at=now + HOUR, late_why="夜间电话答复", file=shot)
    do(office, step, late, folder=tmp_path)
    case = read_case(office, 3)
    assert stands(office, 3, late)["response-48h"] is STATES.ENTERED_LATE
    assert case.responses[0].late_why and case.responses[0].entered_at == late
    assert case.history[-1].after["late"] is True and case.history[-1].after["late_why"] == "夜间电话答复"
    do(office, steps.CloseConcern(3, "已办"), now + 61 * HOUR)
    assert "补录：夜间电话答复" in COLUMNS["备注"](row(office, 3, late))
    found = figures(office, date(2026, 1, 1), date(2026, 12, 31), late)
    (kept,) = (k for k in found.timeliness if k.name == "予以回应")
    assert (
        (kept.share, kept.due, kept.entered) == (0, 1, (3,)) and "按时（补录）1" in kept.how and found.entered == (3,)
    )


def test_what_is_entered_soon_after_is_no_late_entry_unless_a_due_time_lies_between(office, now):
    signed(office, now)
    with pytest.raises(InputError, match="补录"):
        do(office, PublishDraft(3, 1, "https://x.gov.cn/1", at=now + 48 * HOUR), now + timedelta(hours=48, minutes=5))
    do(office, PublishDraft(3, 1, "https://x.gov.cn/1", at=now + HOUR), now + timedelta(hours=1, minutes=59))
    assert stands(office, 3, now + 2 * HOUR)["response-48h"] is STATES.MET


@pytest.mark.parametrize(("way", "met"), [(Disposition.MISUNDERSTANDING, True), (Disposition.HARDSHIP, False)])
def test_explanation_answers_what_was_misread_and_nothing_else(office, now, way, met):
    do(office, steps.JudgeConcern(3, EventGrade.NONE, disposition=way), now)
    publish(office, 3, now, ResponseKind.EXPLANATION)
    case = read_case(office, 3)
    assert (stands(office, 3, now)["response-48h"] is STATES.MET) is met
    assert (case.concern.state is ConcernState.ANSWERED) is met
    assert (row(office, 3, now).first is not None) is met


def test_clock_counts_from_the_time_of_the_basis_and_all_times_are_kept(office, now):
    for basis, name in ((ClockBasis.HAPPENED, "happened_at"), (ClockBasis.ASSIGNED, "assigned_at")):
        with pytest.raises(InputError, match=f"请填写{basis.label}时间") as told:
            do(office, steps.JudgeConcern(3, EventGrade.NONE, basis), now)
        assert told.value.field == name
    happened, assigned = now - 2 * HOUR, now + HOUR
    step = steps.JudgeConcern(3, EventGrade.NONE, ClockBasis.ASSIGNED, happened, assigned)
    judged = do(office, step, now + 2 * HOUR)
    assert [d.start_at for d in judged.clocks] == [assigned]
    (warning,) = judged.warnings
    assert "比按事发时间" in warning and "3:00:00" in warning
    assert "计时起点（交办）晚于发现 1:00:00" in COLUMNS["备注"](row(office, 3, now + 2 * HOUR))
    concern = read_case(office, 3).concern
    assert (concern.happened_at, concern.assigned_at, concern.found_at) == (happened, assigned, now)
    shown = row(office, 3, now + 2 * HOUR)
    assert [COLUMNS[name](shown) for name in ("事发时间", "交办时间", "计时起点", "起点依据")] == [
        happened,
        assigned,
        assigned,
        "交办",
    ]


def test_start_that_is_past_the_due_time_is_warned_of_and_the_event_is_before_its_discovery(office, now):
    judged = do(office, steps.JudgeConcern(3, EventGrade.NONE), now + 3 * DAY)
    assert any("已到期，判定后即为超时" in one for one in judged.warnings)
    with pytest.raises(InputError, match="事发时间晚于发现时间"):
        do(office, steps.JudgeConcern(1, EventGrade.I, ClockBasis.HAPPENED, now + HOUR), now + 2 * HOUR)


OWN = DeadlineRule("own-1", "两日内核实", "本单位", 2, Unit.WORKING_DAYS, Applies.OTHER, (ResponseKind.ANSWER,), "文件")


def test_own_clock_pauses_with_a_reason_and_a_statutory_one_never(office, now):
    do(office, deadlines.AddOwnRule(OWN), now)
    do(office, steps.JudgeConcern(3, EventGrade.NONE), now)
    ids = {d.code: d.id for d in read_case(office, 3).deadlines}
    for code in ("response-48h", "judge"):
        with pytest.raises(StepError, match="不能暂停"):
            do(office, deadlines.PauseDeadline(3, ids[code], "忙"), now)
    do(office, deadlines.PauseDeadline(3, ids["own-1"], "等鉴定"), now + DAY)  # a Saturday: two working days are left
    assert stands(office, 3, now + 9 * DAY)["own-1"] is STATES.PAUSED
    back = do(office, deadlines.ResumeDeadline(3, ids["own-1"], "鉴定已出"), now + 5 * DAY)  # Wednesday
    assert back.due_at.date() == (now + 7 * DAY).date() and "暂停时还剩 2 个工作日" in back.how
    with pytest.raises(StepError, match="已经超时"):
        do(office, deadlines.PauseDeadline(3, ids["own-1"], "等鉴定"), now + 9 * DAY)


def test_two_who_add_a_rule_at_once_both_keep_theirs(office, now):
    other = replace(OWN, code="own-2", name="报送领导")
    for rule in (OWN, other):
        do(office, deadlines.AddOwnRule(rule), now)
    with pytest.raises(InputError, match="已经有"):
        do(office, deadlines.AddOwnRule(OWN), now)
    do(office, deadlines.RemoveOwnRule(OWN.code), now)
    with pytest.raises(NotFoundError, match="别人删除"):
        do(office, deadlines.RemoveOwnRule(OWN.code), now)
    assert own_rules(office) == (other,)


def test_rule_is_not_removed_while_a_clock_of_it_pauses_and_could_never_run_again(office, now):
    do(office, deadlines.AddOwnRule(OWN), now)
    do(office, steps.JudgeConcern(3, EventGrade.NONE), now)
    own = next(d.id for d in read_case(office, 3).deadlines if d.code == OWN.code)
    do(office, deadlines.PauseDeadline(3, own, "等鉴定"), now)
    with pytest.raises(StepError, match="先恢复计时"):
        do(office, deadlines.RemoveOwnRule(OWN.code), now)
    do(office, deadlines.ResumeDeadline(3, own, "鉴定已出"), now)
    do(office, deadlines.RemoveOwnRule(OWN.code), now)
    assert own_rules(office) == ()


def test_calendar_that_is_changed_after_the_due_time_moves_nothing(office, now):
    do(office, deadlines.AddOwnRule(OWN), now)
    do(office, steps.JudgeConcern(3, EventGrade.NONE), now)
    late, off = now + 6 * DAY, {(now + timedelta(days=i)).date(): False for i in range(6)}
    hours = ((now.replace(hour=1).time(), now.replace(hour=9).time()),)
    assert do(office, deadlines.SetCalendar(off, hours), late) == []
    assert do(office, deadlines.RecountDeadlines(), late) == 0
    assert stands(office, 3, late)["own-1"] is STATES.OVERDUE


def test_reason_for_being_late_is_told_and_changes_nothing(office, now):
    late = now + 3 * DAY
    do(office, steps.JudgeConcern(3, EventGrade.NONE), now)
    (clock,) = (d for d in read_case(office, 3).deadlines if d.code == "response-48h")
    with pytest.raises(StepError, match="没有超时"):
        do(office, deadlines.ExplainDeadline(3, clock.id, "等批复"), now)
    do(office, deadlines.ExplainDeadline(3, clock.id, "等上级批复"), late)
    assert "（等上级批复）" in COLUMNS["超时项及原因"](row(office, 3, late))
    found = figures(office, date(2026, 1, 1), date(2026, 12, 31), late)
    assert found.not_kept["予以回应：等上级批复"] == (3,) and set(found.not_kept["研判：没有说明原因"]) == {1, 2}


def test_office_sets_how_long_judging_takes_and_how_often_updates_are_due(office, now):
    do(office, deadlines.SetClockHours(2, 12), now)
    do(office, steps.DismissConcern(3, "重复"), now)
    do(office, steps.ReopenConcern(3, "不是同一件"), now)
    assert [d.due_at for d in read_case(office, 3).deadlines if d.of_judging and d.waits] == [now + 2 * HOUR]
    do(office, steps.JudgeConcern(3, EventGrade.NONE), now)
    publish(office, 3, now)
    assert [d.due_at for d in read_case(office, 3).deadlines if d.repeats] == [now + 12 * HOUR]
    for wrong in (0, 721):
        with pytest.raises(InputError, match="小时"):
            do(office, deadlines.SetClockHours(1, wrong), now)


def test_many_updates_make_no_figure_better(office, now):
    do(office, steps.JudgeConcern(3, EventGrade.NONE), now)
    publish(office, 3, now)
    for i in range(3):
        publish(office, 3, now + i * HOUR, ResponseKind.UPDATE)
    publish(office, 3, now + 5 * DAY, ResponseKind.UPDATE)
    assert shares(office, now + 5 * DAY)["持续发布动态"] == (0, 1)


def test_ledger_says_when_a_case_was_closed_and_what_came_of_it(office, now):
    do(office, steps.JudgeConcern(3, EventGrade.NONE), now)
    publish(office, 3, now)
    closed = now + HOUR
    do(office, steps.CloseConcern(3, "已修复", "群众满意"), closed)
    shown = row(office, 3, now + 50 * HOUR)
    assert (COLUMNS["办结时间"](shown), COLUMNS["成效"](shown)) == (closed, "群众满意")
    do(office, steps.ReopenConcern(3, "又漏了"), closed)
    assert COLUMNS["研判时间"](shown) == now


def test_what_is_left_out_is_told_with_its_reason(office, now):
    do(office, steps.JudgeConcern(3, EventGrade.NONE), now)
    do(office, steps.ReferConcern(3, "市住建局", "属其职责"), now)
    do(office, steps.RecordAcceptance(3), now)
    found = figures(office, date(2026, 1, 1), date(2026, 12, 31), now)
    (kept,) = (k for k in found.timeliness if k.name == "予以回应")
    assert kept.share is None and kept.left_out == "不再适用 1"
    ((why, ids),) = found.withdrawn.items()
    assert why.startswith("予以回应：市住建局已于") and ids == (3,)


def test_national_rules_bind_though_an_office_names_only_others(office, now):
    do(office, SetOffice(packs=("河南",)), now)
    do(office, steps.JudgeConcern(1, EventGrade.II), now)
    assert {"authoritative-5h", "press-conference-24h"} <= set(stands(office, 1, now))


def test_steps_that_are_taken_together_are_all_taken_or_none(office, now):
    do(office, steps.JudgeConcern(3, EventGrade.NONE), now)
    with pytest.raises(StepError, match="拟稿人"), together(office, now) as take:
        made = take(WriteDraft(3, "动态", "已知、正在做。", ResponseKind.UPDATE), OFFICER)
        take(ApproveDraft(3, made.version), OFFICER)
    assert read_case(office, 3).drafts == []
    with together(office, now) as take:
        take(WriteDraft(3, "动态", "已知、正在做。", ResponseKind.UPDATE), OFFICER)
        take(ReviewDraft(3, 1), SIGNER)
        take(ApproveDraft(3, 1), SIGNER)
        take(PublishDraft(3, 1, "https://x.gov.cn/1"), OFFICER)
    assert [r.kind for r in read_case(office, 3).responses] == [ResponseKind.UPDATE]


def test_clock_that_was_put_back_makes_nothing_in_time(office, now, tmp_path):
    """`--now`, or the computer's own clock: the record has entries of later than “now”."""
    do(office, steps.JudgeConcern(2, EventGrade.IV), now + HOUR / 2)
    made = do(office, WriteDraft(2, "通报", "情况、措施、结果。"), now + HOUR)
    do(office, ReviewDraft(2, made.version), now + HOUR, SIGNER)
    do(office, ApproveDraft(2, made.version), now + HOUR, SIGNER)
    do(office, steps.AskUnit(2, "市住建局", "核实"), now + 5 * DAY)
    do(office, steps.JudgeConcern(1, EventGrade.I), now + HOUR / 2)
    assert stands(office, 1, now + 5 * DAY)["judge"] is STATES.ENTERED_LATE
    assert stands(office, 1, now + 5 * DAY)["unjudged-5h"] is STATES.OVERDUE
    with pytest.raises(InputError, match="补录"):
        do(office, PublishDraft(2, made.version, "https://x.gov.cn/1"), now + 2 * HOUR)
    file = tmp_path / "截图.png"
    file.write_bytes(b"x")
    do(
        office,
        PublishDraft(2, made.version, "https://x.gov.cn/1", late_why="夜间", file=file),
        now + 2 * HOUR,
        folder=tmp_path,
    )
    assert stands(office, 2, now + 5 * DAY)["response-48h"] is STATES.ENTERED_LATE


def test_small_correction_of_the_clock_is_no_putting_back(office, now):
    do(office, steps.JudgeConcern(3, EventGrade.IV), now + HOUR + timedelta(minutes=5))
    do(office, steps.JudgeConcern(1, EventGrade.IV), now + HOUR - timedelta(minutes=1))
    assert stands(office, 1, now + HOUR)["judge"] is STATES.MET


def test_author_who_was_renamed_is_no_second_person(office, now):
    all_roles = (Role.OFFICER, Role.REVIEWER, Role.APPROVER, Role.ADMINISTRATOR)
    id = do(office, AddPerson(OFFICER.name, all_roles), now)
    do(office, steps.JudgeConcern(3, EventGrade.IV), now)
    made = do(office, WriteDraft(3, "通报", "情况、措施、结果。"), now)
    do(office, ChangePerson("李明", all_roles, person_id=id), now)
    for step in (ReviewDraft(3, made.version), ApproveDraft(3, made.version)):
        with pytest.raises(StepError, match="拟稿人"):
            do(office, step, now, Actor("李明"))


def test_one_name_in_two_spellings_is_one_person(office, now):
    id = do(office, AddPerson("李敏", (Role.ADMINISTRATOR,)), now)
    with pytest.raises(InputError, match="已经有"):
        do(office, AddPerson("李　敏", (Role.OFFICER,)), now)
    do(office, ChangePerson("李 敏", (Role.ADMINISTRATOR,), person_id=id), now)


def test_personal_data_in_a_title_is_not_signed(office, now):
    do(office, steps.JudgeConcern(3, EventGrade.IV), now)
    made = do(office, WriteDraft(3, "请拨打13812345678", "情况、措施、结果。"), now)
    do(office, ReviewDraft(3, made.version), now, SIGNER)
    with pytest.raises(StepError, match="个人信息"):
        do(office, ApproveDraft(3, made.version), now, SIGNER)
    do(office, AllowPersonal(3, made.version, "13812345678", "公开的热线"), now, SIGNER)
    do(office, ApproveDraft(3, made.version), now, SIGNER)
