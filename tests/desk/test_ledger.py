"""The ledger, the year's figures, and the record outside."""

from __future__ import annotations

import gc
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import event

from briefing.xlsx import write_table
from desk.collecting.collect import Collector
from desk.execute import execute
from desk.reporting.ledger import COLUMNS, export_ledger, figures, ledger
from desk.topics.monitor import export_record
from domain.concern import AttentionGrade, ClockBasis, Concern, ConcernState, Disposition, EventGrade, Judgement
from domain.errors import ExportError
from domain.person import Actor
from domain.response import Applies, Channel, DeadlineRule, InTime, Response, ResponseKind, Unit
from domain.steps.cases import JudgeConcern
from domain.steps.deadlines import AddOwnRule
from domain.steps.drafts import ApproveDraft, PublishDraft, ReviewDraft, WriteDraft
from domain.steps.office import SetOffice
from domain.steps.sources import AddSource
from domain.times import DAY, HOUR
from response.statistics import CaseFigures, statistics

SCRIPT = Path(__file__).parent.parent.parent / "docs" / "verify_record.py"
ITEM = (
    "=1+1 临江化工园区一厂房发生爆炸",
    "临江化工园区一厂房发生爆炸，消防救援人员已到现场。",
    "2026-11-20T08:40:00+08:00",
)


@pytest.fixture
def answered(database, publisher, now):
    return answer(database, publisher, now)


def answer(database, publisher, now):
    """A grave emergency, answered three hours after it was found; when it was."""
    execute(database, SetOffice(places=("临江",)), Actor("李敏"), now)
    execute(database, AddSource(publisher.feed("/a", [ITEM]), "临江日报"), Actor("李敏"), now)
    (id,) = Collector(database, now).round(now).flagged
    execute(
        database, JudgeConcern(id, grade=EventGrade.II, basis=ClockBasis.FOUND, unit="市应急局"), Actor("李敏"), now
    )
    later = now + timedelta(hours=3)
    made = execute(
        database,
        WriteDraft(id, kind=ResponseKind.AUTHORITATIVE, title="情况通报", body="情况、措施、结果"),
        Actor("李敏"),
        now,
    )
    execute(database, ReviewDraft(id, made.version), Actor("王强"), now)
    execute(database, ApproveDraft(id, made.version), Actor("王强"), now)
    execute(
        database,
        PublishDraft(id, made.version, channel=Channel.WEBSITE, link="https://x.gov.cn/1"),
        Actor("李敏"),
        later,
    )
    return later


def test_offices_own_rule_for_what_was_answered_is_no_first_responses_clock_but_counts_in_whether_all_was_in_time(
    database, publisher, now
):
    made = (ResponseKind.UPDATE,)
    own = DeadlineRule("own-1", "每日发布", "本单位", 1, Unit.HOURS, Applies.ANSWERED, made, "本单位文件")
    execute(database, AddOwnRule(own), Actor("李敏"), now)
    later = answer(database, publisher, now)
    (row,) = ledger(database, later + 5 * HOUR)
    assert row.clock is not None and row.clock.code == "authoritative-5h" and row.in_time is InTime.NO


def test_ledger_in_excel_is_typed_and_no_text_is_a_formula(database, answered, tmp_path):
    path = tmp_path / "台账.xlsx"
    assert export_ledger(database, path, answered) == 1
    sheet = load_workbook(path).active
    heads = [cell.value for cell in sheet[1]]
    assert heads == list(COLUMNS) and sheet.freeze_panes == "A2" and sheet.auto_filter.ref
    row = dict(zip(heads, sheet[2]))
    assert row["话题"].data_type == "s" and row["话题"].value.startswith("=1+1")
    # Answered in time; the press conference is still to come.
    assert row["用时(小时)"].value == 3 and row["是否按时"].value == "未到期"
    assert row["发现时间"].value.hour == 12


def test_ledger_that_cannot_be_written_says_what_to_do(database, answered, tmp_path):
    with pytest.raises(ExportError, match="没有这个文件夹"):
        export_ledger(database, tmp_path / "没有这个文件夹" / "x.xlsx", answered)


def test_figures_count_what_was_due_and_name_the_cases(database, answered):
    found = figures(database, date(2026, 11, 1), date(2026, 11, 30), answered)
    rules = {rule.name: rule for rule in found.timeliness}
    assert rules["发布权威信息"].share == 1.0 and len(rules["发布权威信息"].in_time) == 1
    assert rules["举行新闻发布会"].share is None
    assert found.median_hours == 3 and found.by_unit == {"市应急局": found.judged}
    assert figures(database, date(2026, 10, 1), date(2026, 10, 31), answered).judged == ()


def test_nine_in_ten_is_between_the_ninth_and_the_tenth_and_not_the_slowest(now):
    concerns = []
    for i in range(1, 11):
        basis = Judgement(
            EventGrade.NONE, AttentionGrade.BLUE, "", ClockBasis.FOUND, now, "", Disposition.HARDSHIP, "李敏", now
        )
        concern = Concern(
            i,
            i,
            "停水",
            ConcernState.ANSWERED,
            (),
            EventGrade.NONE,
            "",
            AttentionGrade.BLUE,
            now,
            now,
            1,
            judgement=basis,
        )
        said = Response(i, i, i, ResponseKind.ANSWER, Channel.WEBSITE, "", "", "", now + i * HOUR, "李敏")
        concerns.append(CaseFigures(concern, "", (), (said,)))
    found = statistics(concerns, [], now - HOUR, now + HOUR, now + 20 * HOUR)
    assert (found.median_hours, found.ninetieth_hours) == (5.5, 9.1)
    one = statistics(concerns[:1], [], now - HOUR, now + HOUR, now + 20 * HOUR)
    assert one.ninetieth_hours == 1.0 and statistics([], [], now, now, now).ninetieth_hours is None


def test_what_was_seen_after_the_answers_is_read_for_all_concerns_at_once(database, publisher, now):
    later = answer(database, publisher, now) + 3 * DAY
    texts = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: texts.append(args[2]))
    (row,) = ledger(database, later)
    assert COLUMNS["成效"](row).startswith("24 小时内报道 ") and "48 小时内报道 " in COLUMNS["成效"](row)
    assert not [one for one in texts if "article.text" in one]  # the ledger reads no whole articles


def test_record_outside_is_verified_by_the_independent_script(database, answered, tmp_path):
    path = tmp_path / "r.jsonl"
    assert export_record(database, path) > 3
    good = subprocess.run([sys.executable, SCRIPT, path], capture_output=True, text=True)
    assert good.returncode == 0 and "链条完整" in good.stdout
    path.write_text(path.read_text("utf-8").replace("应急局", "城管局"), "utf-8")
    bad = subprocess.run([sys.executable, SCRIPT, path], capture_output=True, text=True)
    assert bad.returncode == 1 and "不符" in bad.stderr


def test_table_that_cannot_be_written_leaves_nothing_behind(tmp_path, monkeypatch):
    complaints: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", complaints.append)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    class Unspeakable:
        def __str__(self):
            raise ZeroDivisionError

    with pytest.raises(ExportError):
        write_table(tmp_path / "没有的文件夹" / "台账.xlsx", "台账", ("编号",), [(1,)])
    with pytest.raises(ZeroDivisionError):
        write_table(tmp_path / "台账.xlsx", "台账", ("编号",), [(1,), (Unspeakable(),)])
    gc.collect()
    assert complaints == [] and list(tmp_path.iterdir()) == []
