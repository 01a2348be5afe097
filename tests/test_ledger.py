"""The ledger, the year's figures, and the record outside."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from desk import casework, drafting
from desk.collect import Collector
from desk.ledger import COLUMNS, export_ledger, figures
from desk.monitor import export_record
from desk.office import Office, set_office
from desk.sourcework import add_source
from domain.concern import ClockBasis, EventGrade
from domain.errors import ExportError
from domain.response import Channel, ResponseKind

SCRIPT = Path(__file__).parent.parent / "docs" / "verify_record.py"
ITEM = (
    "=1+1 临江化工园区一厂房发生爆炸",
    "临江化工园区一厂房发生爆炸，消防救援人员已到现场。",
    "2026-11-20T08:40:00+08:00",
)


@pytest.fixture
def answered(database, publisher, now):
    """A grave emergency, answered three hours after it was found."""
    set_office(database, Office(places=("临江",)), "李敏", now)
    add_source(database, publisher.feed("/a", [ITEM]), "李敏", now, "临江日报")
    (id,) = Collector(database, now).round(now).flagged
    casework.judge(database, id, grade=EventGrade.II, basis=ClockBasis.FOUND, by="李敏", now=now, unit="市应急局")
    later = now + timedelta(hours=3)
    made = drafting.write_draft(
        database, id, kind=ResponseKind.AUTHORITATIVE, title="情况通报", body="情况、措施、结果", by="李敏", now=now
    )
    drafting.approve(database, id, made.version, by="王强", now=now)
    drafting.publish(
        database, id, made.version, channel=Channel.WEBSITE, link="https://x.gov.cn/1", by="李敏", now=later
    )
    return later


def test_ledger_in_excel_is_typed_and_no_text_is_a_formula(database, answered, tmp_path):
    path = tmp_path / "台账.xlsx"
    assert export_ledger(database, path, answered) == 1
    sheet = load_workbook(path).active
    heads = [cell.value for cell in sheet[1]]
    assert heads == list(COLUMNS) and sheet.freeze_panes == "A2" and sheet.auto_filter.ref
    row = dict(zip(heads, sheet[2]))
    assert row["话题"].data_type == "s" and row["话题"].value.startswith("=1+1")
    assert row["用时(小时)"].value == 3 and row["是否按时"].value == "是"
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


def test_record_outside_is_verified_by_the_independent_script(database, answered, tmp_path):
    path = tmp_path / "r.jsonl"
    assert export_record(database, path) > 3
    good = subprocess.run([sys.executable, SCRIPT, path], capture_output=True, text=True)
    assert good.returncode == 0 and "链条完整" in good.stdout
    path.write_text(path.read_text("utf-8").replace("应急局", "城管局"), "utf-8")
    bad = subprocess.run([sys.executable, SCRIPT, path], capture_output=True, text=True)
    assert bad.returncode == 1 and "不符" in bad.stderr
