"""Registers as the office keeps them: entered, changed, struck out, imported, exported; what had passed stays passed."""

from __future__ import annotations

import random
from datetime import date, time, timedelta

import pytest
from openpyxl import Workbook, load_workbook

from desk.collecting.collect import Collector
from desk.execute import HANDLERS, execute
from desk.office import reminding
from desk.registers import reading, tables
from desk.reporting.report import issue_of
from desk.topics.monitor import verify_record
from domain.briefing import IssueKind, Wanted
from domain.errors import ConflictError, InputError, StepError, StoreError
from domain.person import Actor
from domain.registers import RegisterKind, Standing
from domain.response import Alert, DeadlineState, InTime, Level
from domain.steps.deadlines import SetCalendar
from domain.steps.registers import (
    ChangeRegisterEntry,
    EnterRegisterEntry,
    ImportRegisterEntries,
    SetRegisterLimits,
    WithdrawRegisterEntry,
)
from domain.steps.sources import AddSource
from domain.times import china_day, parse_moment

ME, WANG = Actor("李敏"), Actor("王强")
APPLICATION = {"received_on": "2026-10-12", "applicant": "自然人", "content": "征地批文，联系人：张伟，电话13812345678"}
PAST_DUE = {"answered_on": "2026-11-30", "answer": "予以公开"}
DUE = date(2026, 11, 9)  # 20 working days after 2026-10-12
BEFORE, AFTER = parse_moment("2026-10-15T09:00"), parse_moment("2026-11-30T09:00")


def enter(database, kind=RegisterKind.DISCLOSURE, at=BEFORE, **given):
    return execute(
        database,
        EnterRegisterEntry(kind, {**(APPLICATION if kind is RegisterKind.DISCLOSURE else {}), **given}),
        ME,
        at,
    )


def answer_clock(database, id, at):
    return next(c for c in reading.one(database, id, at).clocks if c.code == "answer")


def test_entry_is_typed_listed_and_told_by_the_record(database):
    id = enter(database, number="2026-1")
    (row,) = reading.rows(database, RegisterKind.DISCLOSURE, BEFORE)
    assert row.entry.values["received_on"] == date(2026, 10, 12) and row.standing is Standing.WAITING
    assert row.next is not None and row.next.due_on == DUE and row.left(date(2026, 11, 7)) == "答复 余 2 天"
    execute(database, ChangeRegisterEntry(id, {"承办单位": "自规局"}), WANG, BEFORE)
    told = reading.history(database, id)
    assert [(e.who, e.action) for e in told] == [("李敏", "登记台账"), ("王强", "修改台账")]
    assert told[1].after["values"] == {"unit": "自规局"} and verify_record(database)[1] is None


@pytest.mark.parametrize(
    "given, field",
    [
        ({"received_on": "昨天"}, "received_on"),
        ({"applicant": "外星人"}, "applicant"),
        ({"received_on": "2026-12-01"}, "received_on"),
        ({"answered_on": "2026-10-14"}, "answer"),
        ({"content": ""}, "content"),
        ({"电话": "138"}, ""),
    ],
)
def test_entry_that_makes_no_sense_names_its_field(database, given, field):
    with pytest.raises(InputError) as told:
        enter(database, **given)
    assert told.value.field == field and reading.rows(database, RegisterKind.DISCLOSURE, BEFORE) == []


def test_second_editor_is_told_of_the_first(database):
    id = enter(database)
    execute(database, ChangeRegisterEntry(id, {"unit": "甲"}, seen=1), WANG, BEFORE)
    with pytest.raises(ConflictError, match="王强"):
        execute(database, ChangeRegisterEntry(id, {"unit": "乙"}, seen=1), ME, BEFORE)
    assert reading.one(database, id, BEFORE).entry.values["unit"] == "甲"


def test_late_answer_stays_late_whatever_is_entered_afterwards(database):
    id = enter(database)
    extension = {"extended_on": "2026-11-05", "extension_days": 20, "extension_reason": "x", "consented_by": "赵明"}
    for given in (extension, {"received_on": "2026-11-20", "extended_on": "2026-11-25"}, PAST_DUE):
        execute(database, ChangeRegisterEntry(id, given, "补"), ME, AFTER)
    clock = answer_clock(database, id, AFTER)
    assert (clock.due_on, clock.state(date(2026, 11, 30))) == (DUE, DeadlineState.LATE)
    assert reading.one(database, id, AFTER).in_time(china_day(AFTER)) is InTime.NO


def test_answer_dated_back_needs_its_ground_and_is_marked(database):
    id = enter(database)
    given = {"answered_on": "2026-11-06", "answer": "予以公开"}
    with pytest.raises(InputError, match="补录") as told:
        execute(database, ChangeRegisterEntry(id, given), ME, AFTER)
    assert told.value.field == "why"
    execute(database, ChangeRegisterEntry(id, given, "邮局回执 11-06"), ME, AFTER)
    row = reading.one(database, id, AFTER)
    assert row.in_time(china_day(AFTER)) is InTime.ENTERED_LATE
    figures = {f.name: f for f in reading.figures(database, date(2026, 1, 1), date(2026, 12, 31), AFTER)}
    kept = figures["答复及时"]
    assert (kept.value, kept.whole, kept.ids) == (
        0,
        1,
        (id,),
    ) and "补录）1 件不算按时，连同补录为 100.0%" in kept.left_out


def test_striking_out_what_was_shown_in_time_afterwards_makes_no_figure_better(database):
    id, kept = enter(database), enter(database, content="另一件")
    in_time = {"answered_on": "2026-11-06", "answer": "予以公开"}
    execute(database, ChangeRegisterEntry(kept, in_time), ME, BEFORE + timedelta(days=24))
    execute(database, ChangeRegisterEntry(id, in_time, "邮局回执 11-06"), ME, AFTER)

    def figure():
        known = reading.figures(database, date(2026, 1, 1), date(2026, 12, 31), AFTER)
        return next((f.value, f.whole) for f in known if f.name == "答复及时")

    assert figure() == (1, 2)
    execute(database, WithdrawRegisterEntry(id, "重复"), ME, AFTER)
    assert figure() == (1, 2)


def test_slip_of_the_pen_is_put_right_on_the_day_of_entry_only(database):
    id = enter(database, at=AFTER, received_on="2026-01-05")
    execute(database, ChangeRegisterEntry(id, {"received_on": "2026-11-25"}), ME, AFTER + timedelta(hours=1))
    assert answer_clock(database, id, AFTER).state(date(2026, 11, 30)) is DeadlineState.RUNNING


def test_entry_that_was_struck_out_when_overdue_still_counts_and_takes_no_change(database):
    id, other = enter(database), enter(database, content="另一件")
    execute(database, WithdrawRegisterEntry(other, "重复"), ME, BEFORE + timedelta(days=1))
    execute(database, WithdrawRegisterEntry(id, "撤回"), ME, AFTER)
    figures = {f.name: f for f in reading.figures(database, date(2026, 1, 1), date(2026, 12, 31), AFTER)}
    assert (figures["登记"].value, figures["登记"].left_out) == (0, "作废 2 件不计")
    assert (figures["答复及时"].value, figures["答复及时"].whole) == (0, 1)
    with pytest.raises(StepError, match="作废"):
        execute(database, ChangeRegisterEntry(id, {"unit": "甲"}), ME, AFTER)


def test_no_sequence_of_changes_after_the_due_day_makes_a_clock_read_in_time(database):
    """But for what is marked 补录."""
    chance = random.Random(7)
    later = ("received_on", "notice_on", "corrected_on", "asked_on", "opinion_on", "extended_on", "answered_on")
    for turn in range(12):
        id = enter(database, content=f"第{turn}件")
        for _ in range(6):
            day = date(2026, 10, 12) + timedelta(days=chance.randrange(60))
            given = {chance.choice(later): day.isoformat(), "answer": "予以公开", "extension_days": 20}
            given |= {"extension_reason": "x", "consented_by": "x", "unclear": chance.choice(["是", "否"])}
            if "extended_on" not in given:
                given.pop("extension_days")
            if "answered_on" not in given:
                given.pop("answer")
            try:
                execute(database, ChangeRegisterEntry(id, given, "补"), ME, AFTER + timedelta(days=chance.randrange(3)))
            except InputError:
                continue
        clock = answer_clock(database, id, AFTER + timedelta(days=60))
        state = clock.state(date(2027, 2, 1))
        assert state in (DeadlineState.OVERDUE, DeadlineState.LATE, DeadlineState.ENTERED_LATE)


@pytest.fixture
def table(tmp_path):
    book = Workbook()
    sheet = book.active
    sheet.append(["申请登记表"])
    sheet.append(["登记号", "姓名", "收到日期", "申请人类别", "申请事项", "答复日期", "办理结果"])
    sheet.append(["A-1", "张三", date(2026, 9, 21), "自然人", "=1+1 征地批文", date(2026, 10, 26), "予以公开"])
    sheet.append(["A-2", "李四", "2026年9月22日", "商业企业", "环评报告", None, None])
    sheet.append(["A-3", "王五", "九月", "自然人", "预算", None, None])
    sheet.append(["A-4", "赵六", "2026-09-23", "自然人", "预算", "2026-09-30", None])
    sheet["E3"].data_type = "s"
    file = tmp_path / "申请.xlsx"
    book.save(file)
    return file


def import_all(database, file, at=AFTER, **constants):
    opened = tables.open_table(file, RegisterKind.DISCLOSURE, {})
    return tables.import_rows(database, file, RegisterKind.DISCLOSURE, opened, constants, ME, lambda: at)


def test_table_is_imported_with_its_columns_matched_and_bad_rows_named(database, table):
    taken = import_all(database, table)
    assert (taken.new, [t.number for t in taken.troubles]) == (2, [5, 6])
    assert "第 5 行（收到日期：看不懂日期“九月”" in taken.said and "办理结果" in taken.said
    assert "张三" not in str(reading.rows(database, RegisterKind.DISCLOSURE, AFTER))
    again = import_all(database, table)
    assert (again.new, again.known) == (0, 2)
    assert verify_record(database)[1] is None


def test_table_that_comes_again_fills_what_was_empty_and_changes_nothing(database, table):
    import_all(database, table)
    book = load_workbook(table)
    book.active["B2"], book.active["G4"] = "承办单位", "部分公开"
    book.active["B4"], book.active["F4"], book.active["B3"] = "生态环境局", "2026-11-25", "自规局"
    book.active["E4"].value = "环评报告"
    book.save(table)
    taken = import_all(database, table, at=AFTER + timedelta(days=1))
    assert (taken.new, taken.filled, taken.known) == (0, 2, 0)
    late = next(r for r in reading.rows(database, RegisterKind.DISCLOSURE, AFTER) if r.entry.values["number"] == "A-2")
    assert late.standing is Standing.LATE and late.entry.values["unit"] == "生态环境局"
    assert "申请.xlsx" in str(reading.history(database, late.entry.id)[-1].after)


def test_clock_that_had_passed_is_late_when_the_entry_is_done_without_it(database):
    planned = {"title": "通知", "issued_on": "2026-10-12", "plan_on": "2026-11-02"}
    id = enter(database, RegisterKind.EXPLANATION, **planned)
    execute(database, ChangeRegisterEntry(id, {"exempt": "转发上级文件"}), ME, AFTER)
    row = reading.one(database, id, AFTER)
    assert (row.standing, row.in_time(china_day(AFTER))) == (Standing.LATE, InTime.NO)
    other = enter(database, RegisterKind.EXPLANATION, **{**planned, "title": "另一个"})
    execute(database, ChangeRegisterEntry(other, {"plan_on": ""}), ME, AFTER)
    assert reading.one(database, other, AFTER).standing is Standing.OVERDUE


def test_calendar_and_limits_that_are_changed_leave_passed_what_had_passed(database):
    id = enter(database)
    days = {DUE - timedelta(days=i): False for i in range(5)}
    execute(database, SetCalendar(days, ((time(9), time(17)),)), ME, AFTER)
    assert answer_clock(database, id, AFTER).due_on == DUE
    other = enter(database, at=AFTER, content="另一件")
    assert answer_clock(database, other, AFTER).due_on > DUE
    execute(database, SetRegisterLimits(explain=3), ME, BEFORE)
    enter(database, RegisterKind.EXPLANATION, at=BEFORE, title="通知", issued_on="2026-10-12")
    execute(database, SetRegisterLimits(explain=0), ME, AFTER)
    assert reading.overdue(database, AFTER)[RegisterKind.EXPLANATION] == 1


def test_column_that_is_missing_is_asked_for_or_filled_for_all(database, tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("留言编号,留言时间,留言主题\n2549,2019/4/25 9:32:09,物业\n", "utf-8")
    with pytest.raises(InputError, match="申请人类别"):
        import_all(database, file)
    assert import_all(database, file, applicant="自然人").new == 1


def test_export_masks_personal_data_and_no_text_is_a_formula(database, table, tmp_path):
    enter(database)
    import_all(database, table)
    out = tmp_path / "out.xlsx"
    assert tables.export_rows(database, out, RegisterKind.DISCLOSURE, AFTER) == 3
    rows = list(load_workbook(out).active.iter_rows())
    heads = [cell.value for cell in rows[0]]
    told = "".join(str(cell.value) for row in rows for cell in row)
    assert "13812345678" not in told and "张伟" not in told and "138********" in told
    formula = rows[2][heads.index("申请内容")]
    assert formula.value.startswith("=1+1") and formula.data_type == "s"
    assert rows[2][heads.index("是否按时")].value == "是（补录）"


def test_tables_of_the_annual_report_are_filled_and_exported(database, tmp_path):
    enter(database, at=AFTER, answered_on="2026-11-02", answer="属于国家秘密", applicant="科研机构")
    execute(
        database,
        EnterRegisterEntry(RegisterKind.ANNUAL_REPORT, {"year": 2026, "reporter": "政府部门", "fees": 123400}),
        ME,
        AFTER,
    )
    assert tables.export_annual(database, tmp_path / "年报.xlsx", 2026)
    book = load_workbook(tmp_path / "年报.xlsx")
    sheet = book["三、申请办理"]
    lines = {
        str(row[2].value or row[1].value or row[0].value): [c.value for c in row[3:10]] for row in sheet.iter_rows()
    }
    assert lines["1.属于国家秘密"] == [0, 0, 1, 0, 0, 0, 1]
    assert lines["（七）总计"] == [0, 0, 1, 0, 0, 0, 1]
    assert 12.34 in [cell.value for row in book["二、主动公开"].iter_rows() for cell in row]


def test_office_is_reminded_of_a_clock_once_at_each_stage_and_of_many_together(database):
    for i in range(5):
        enter(database, content=f"第{i}件")
    start = parse_moment("2026-10-26T12:00")
    told = reminding.give(database, start)
    assert [(a.level, a.text) for a in told] == [(Level.HALF, "依申请公开：5 件时间过半，请看“公开台账”")]
    assert reminding.give(database, start) == []
    late = reminding.give(database, parse_moment("2026-11-10T12:00"))
    assert [a.level for a in late] == [Level.OVERDUE]
    assert reminding.overtaken(database, told + late, parse_moment("2026-11-10T12:00")) == told
    assert reminding.give(database, parse_moment("2026-11-20T12:00")) == []  # long past: the list shows it


def test_damaged_entry_of_a_register_silences_no_other_reminder(database):
    id = enter(database)
    with database.write() as connection:
        connection.exec_driver_sql('UPDATE register_entry SET fields = \'{"received_on": "?"}\'')
    assert reminding.give(database, parse_moment("2026-10-26T12:00")) == []
    with pytest.raises(StoreError, match=f"第 {id} 行"):
        reading.rows(database, RegisterKind.DISCLOSURE, AFTER)


def test_damaged_entry_of_a_register_keeps_no_other_reminder_on_the_screen(database):
    enter(database)
    some = reminding.give(database, parse_moment("2026-10-26T12:00"))
    assert some
    with database.write() as connection:
        connection.exec_driver_sql('UPDATE register_entry SET fields = \'{"received_on": "?"}\'')
    stale = Alert("clock:9:half", 99, Level.HALF, BEFORE, "已经没有的关切")
    assert reminding.overtaken(database, [*some, stale], AFTER) == [stale]


def test_reminder_that_falls_due_at_midnight_is_given_in_the_morning(database):
    id = enter(database)
    assert reminding.give(database, parse_moment("2026-11-10T00:05")) == []
    (told,) = reminding.give(database, parse_moment("2026-11-10T07:05"))
    assert (told.entry_id, told.level, told.held) == (id, Level.OVERDUE, "")


def test_rule_for_explanations_binds_once_the_office_switches_it_on(database):
    enter(database, RegisterKind.EXPLANATION, at=AFTER, title="通知", issued_on="2026-11-20")
    assert reading.overdue(database, AFTER) == {}
    execute(database, SetRegisterLimits(explain=3), ME, AFTER)
    assert reading.overdue(database, AFTER) == {RegisterKind.EXPLANATION: 1}


def test_limit_that_is_not_given_stays_as_somebody_else_set_it(database):
    execute(database, SetRegisterLimits(site=7), WANG, BEFORE)
    execute(database, SetRegisterLimits(explain=3), ME, BEFORE)
    known = reading.limits(database)
    assert (known.explain, known.site, known.carry) == (3, 7, 1)


def test_stricter_limit_makes_nothing_late_that_was_in_time(database):
    """Nor does one that is switched off take it out of the figures."""
    execute(database, SetRegisterLimits(explain=10), ME, BEFORE)
    document = {"title": "通知", "issued_on": "2026-10-12"}
    id = enter(database, RegisterKind.EXPLANATION, **document)
    explained = {"explained_on": "2026-10-21", "link": "https://x.gov.cn/1", "rank": "主要负责人", "forms": "文字"}
    execute(database, ChangeRegisterEntry(id, explained), ME, parse_moment("2026-10-21T17:00"))
    for explain in (3, 0, 2):
        execute(database, SetRegisterLimits(explain=explain), ME, AFTER)
        (row,) = reading.rows(database, RegisterKind.EXPLANATION, AFTER)
        assert (explain, row.in_time(china_day(AFTER))) == (explain, InTime.YES)
    execute(database, ChangeRegisterEntry(id, {"explained_on": "2026-10-30"}), ME, AFTER)
    assert reading.one(database, id, AFTER).in_time(china_day(AFTER)) is InTime.NO


def test_conferences_and_briefings_are_counted_apart_with_who_spoke(database):
    for i, (press, rank) in enumerate(
        (("新闻发布会", "主要负责人"), ("政策吹风会", "班子其他成员"), ("新闻发布会", "主要负责人"))
    ):
        enter(
            database,
            RegisterKind.PRESS,
            at=AFTER,
            press=press,
            theme=f"主题{i}",
            plan_on="2026-11-10",
            held_on="2026-11-10",
            rank=rank,
            reports=3,
        )
    figures = {f.name: f for f in reading.figures(database, date(2026, 1, 1), date(2026, 12, 31), AFTER)}
    assert (figures["类别：新闻发布会"].value, figures["类别：政策吹风会"].value) == (2, 1)
    assert (figures["谁发布：主要负责人"].value, figures["谁发布：主要负责人"].whole) == (2, 3)
    assert figures["后续报道（篇）"].value == 9


def test_briefing_tells_what_is_overdue_first_and_the_year_has_its_figures(database, publisher, now):
    execute(
        database,
        AddSource(publisher.feed("/a", [("供暖", "今天供暖。", "2026-11-20T08:00:00+08:00")]), "日报"),
        ME,
        now,
    )
    Collector(database, now).round(now)
    for matter, due in (("征地公告", "2026-11-10"), ("决算", "2026-12-10"), ("招生", "2026-11-02")):
        enter(database, RegisterKind.PUBLICATION, at=now, matter=matter, due_on=due, unit="教育局")
    draft = {"title": "停车办法", "from_on": "2026-11-01", "to_on": "2026-12-02"}
    enter(database, RegisterKind.DECISION, at=now, **draft)
    issue, _ = issue_of(database, Wanted(IssueKind.DAILY, now.date()), now)
    notes = {p.lead: "".join(s.text for s in p.sentences) for p in issue.sections[4].paragraphs}
    told = "超时未公开 2 项：招生（教育局，公开应在 2026-11-02 以前）；征地公告（教育局，公开应在 2026-11-10 以前）。"
    assert notes["公开事项"] == told
    assert notes["决策公开"] == "正在征求意见 1 项：停车办法（至 2026-12-02）。"
    assert any(g.name == "公开事项·超时未公开（项）" and g.value == "2" for g in issue.grounds)
    annual, _ = issue_of(database, Wanted(IssueKind.ANNUAL, now.date()), now)
    section = next(one for one in annual.sections if one.heading.endswith("政务公开台账"))
    assert section.grid is not None
    assert ("公开事项", "公开及时", "0", "2", "0.0%", "未到期 1 件不计") in section.grid.rows


def test_every_step_of_the_registers_is_tried_here():
    mine = {step for step in HANDLERS if step.__module__ == "domain.steps.registers"}
    named = {EnterRegisterEntry, ImportRegisterEntries, ChangeRegisterEntry, WithdrawRegisterEntry, SetRegisterLimits}
    assert {step.code for step in mine - named} == {"record-carrying"}  # in test_channels.py


@pytest.mark.parametrize(
    "later",
    [
        ChangeRegisterEntry(1, {"extended_on": "2026-11-05", "extension_days": "20", "extension_reason": "复杂", "consented_by": "张"}),
        SetCalendar({date(2026, 11, day): False for day in range(2, 20)}, ((time(9), time(17)),)),
    ],
)  # fmt: skip
def test_end_that_was_entered_late_stays_so_whatever_moves_its_due_day(database, later):
    enter(database, at=parse_moment("2026-11-20T09:00"), answered_on="2026-11-06", answer="予以公开")
    execute(database, later, ME, parse_moment("2026-11-25T09:00"))
    (row,) = reading.rows(database, RegisterKind.DISCLOSURE, AFTER)
    assert row.in_time(china_day(AFTER)) is InTime.ENTERED_LATE and answer_clock(database, 1, AFTER).due_on == DUE


def test_end_that_was_entered_late_stays_so_when_its_rule_is_left(database):
    execute(database, SetRegisterLimits(explain=3), ME, BEFORE)
    given = {
        "title": "办法",
        "issued_on": "2026-10-12",
        "explained_on": "2026-10-14",
        "link": "https://x.gov.cn/1",
        "forms": "文字",
    }
    id = enter(database, RegisterKind.EXPLANATION, parse_moment("2026-11-20T09:00"), **given)
    execute(database, SetRegisterLimits(explain=0), ME, parse_moment("2026-11-25T09:00"))
    assert reading.one(database, id, AFTER).in_time(china_day(AFTER)) is InTime.ENTERED_LATE


def test_day_of_receipt_is_put_off_with_a_ground_only(database):
    id = enter(database)
    execute(database, ChangeRegisterEntry(id, {"received_on": "2026-10-15"}), ME, BEFORE)  # a slip, on the day itself
    at = parse_moment("2026-11-02T09:00")
    with pytest.raises(InputError, match="收到日期") as told:
        execute(database, ChangeRegisterEntry(id, {"received_on": "2026-11-02"}), ME, at)
    assert told.value.field == "why"
    execute(database, ChangeRegisterEntry(id, {"received_on": "2026-10-14"}), ME, at)
    execute(database, ChangeRegisterEntry(id, {"received_on": "2026-10-16"}, "邮戳为准"), ME, at)


def test_day_from_which_a_matter_is_to_be_public_is_not_left_out_without_a_ground(database):
    given = {"matter": "行政处罚决定", "made_on": "2026-10-12", "term": "许可处罚决定后7个工作日"}
    id = enter(database, RegisterKind.PUBLICATION, **given)
    with pytest.raises(InputError, match="日"):
        execute(
            database,
            ChangeRegisterEntry(id, {"made_on": "", "due_on": "2026-12-30"}),
            ME,
            parse_moment("2026-10-16T09:00"),
        )


def test_clock_that_was_put_back_to_the_day_of_entry_allows_no_slip_of_the_pen(database):
    id = enter(database)
    enter(database, at=AFTER, content="另一件")
    execute(database, ChangeRegisterEntry(id, {"received_on": "2026-10-15"}, "邮戳为准"), ME, BEFORE)
    assert answer_clock(database, id, AFTER).due_on == DUE


def test_no_export_tells_personal_data_by_a_side_door(database, tmp_path):
    phone, mail = "13812345678", "zhangwei@x.cn"
    id = enter(database)
    execute(database, WithdrawRegisterEntry(id, f"重复，申请人电话{phone}"), ME, AFTER)
    enter(
        database,
        RegisterKind.DECISION,
        title="规划",
        from_on="2026-10-01",
        to_on="2026-11-05",
        link=f"https://x.cn/?p={phone}",
    )
    enter(database, RegisterKind.ANNUAL_REPORT, year="2025", reporter="政府部门", overview=f"联系电话{phone}，{mail}")
    for kind in (RegisterKind.DISCLOSURE, RegisterKind.DECISION):
        tables.export_rows(database, tmp_path / f"{kind.code}.xlsx", kind, AFTER)
    assert tables.export_annual(database, tmp_path / "annual.xlsx", 2025)
    for file in tmp_path.glob("*.xlsx"):
        said = [str(cell.value) for sheet in load_workbook(file) for row in sheet.iter_rows() for cell in row]
        assert not [text for text in said if phone in text or mail in text], file.name


def test_address_with_a_password_is_not_taken(database):
    for link in ("http://admin:S3cret@x.gov.cn/", "https://token@x.gov.cn/"):
        with pytest.raises(InputError, match="用户名或密码") as told:
            enter(database, RegisterKind.CHANNEL, channel="政府网站", name="政府网", keeper="张", address=link)
        assert told.value.field == "address"
