"""公开台账 at the window: entering, changing, striking out, importing, exporting, figures, who carried a response."""

from __future__ import annotations

from datetime import timedelta

import pytest
from openpyxl import load_workbook
from PySide6.QtWidgets import QFileDialog

from desk.execute import execute
from desk.registers import reading
from domain.person import Actor
from domain.registers import RegisterKind, Standing
from domain.response import InTime
from domain.steps.registers import ChangeRegisterEntry, EnterRegisterEntry
from domain.times import china_day
from gui.kit.stepform import StepForm
from gui.pages import PageName
from gui.registers.importing import RegisterImport
from tests.gui.cases import give

ME = Actor("李敏")
MATTER = {"matter": "征地公告", "due_on": "2026-11-10", "unit": "自规局", "area": "征地拆迁"}


@pytest.fixture
def page(window, qtbot):
    window.go(PageName.REGISTERS)
    qtbot.waitUntil(lambda: not window.operations.busy, timeout=10_000)
    return window.pages[PageName.REGISTERS]


def tab(page, kind, qtbot):
    shown = page.registers[kind]
    page.tabs.setCurrentWidget(shown)
    qtbot.waitUntil(lambda: not page.operations.busy, timeout=10_000)
    return shown


def form_of(page, qtbot):
    qtbot.waitUntil(lambda: any(f.isVisible() for f in page.findChildren(StepForm)), timeout=5_000)
    return next(f for f in page.findChildren(StepForm) if f.isVisible())


def agree(page, form, qtbot):
    form.yes.click()
    qtbot.waitUntil(lambda: not page.operations.busy, timeout=10_000)
    qtbot.wait(30)


def test_matter_is_entered_in_its_form_listed_with_its_clock_and_badged(page, window, database, qtbot):
    matters = tab(page, RegisterKind.PUBLICATION, qtbot)
    matters.enter()
    form = form_of(page, qtbot)
    give(form, {"matter": "征地公告", "due_on": "11月10日"})
    agree(page, form, qtbot)
    assert form.isVisible() and form.faults.where() == "due_on" and "看不懂日期" in form.faults.told()
    give(form, {"due_on": "2026.11.10"})
    agree(page, form, qtbot)
    (row,) = matters.table.rows_model.rows
    assert row.standing is Standing.OVERDUE and row.left(matters._today()) == "公开 超 10 天"
    qtbot.waitUntil(
        lambda: matters.table.chosen() is not None and "征地公告" in matters.detail.toPlainText(), timeout=5_000
    )
    qtbot.waitUntil(lambda: "▲1" in page.tabs.tabText(4), timeout=5_000)
    item = window._nav.list.item(list(PageName).index(PageName.REGISTERS))
    qtbot.waitUntil(lambda: "▲1" in item.text(), timeout=5_000)


def test_change_needs_its_ground_and_the_detail_tells_what_was_done(page, database, now, qtbot):
    execute(database, EnterRegisterEntry(RegisterKind.PUBLICATION, MATTER), ME, now - timedelta(days=15))
    matters = tab(page, RegisterKind.PUBLICATION, qtbot)
    matters.table.choose(0)
    matters.edit()
    form = form_of(page, qtbot)
    give(form, {"published_on": "2026-11-09", "link": "https://x.gov.cn/1"})
    agree(page, form, qtbot)
    assert form.faults.where() == "why"
    give(form, {"why": "网站后台发布时间 11-09"})
    agree(page, form, qtbot)
    (row,) = reading.rows(database, RegisterKind.PUBLICATION, now)
    assert row.in_time(china_day(now)) is InTime.ENTERED_LATE
    qtbot.waitUntil(lambda: "公开日改为2026-11-09" in matters.detail.toPlainText(), timeout=5_000)
    assert "补录" in matters.detail.toPlainText()


def test_second_editor_is_told_at_the_window(page, database, now, qtbot):
    id = execute(database, EnterRegisterEntry(RegisterKind.PUBLICATION, MATTER), ME, now)
    matters = tab(page, RegisterKind.PUBLICATION, qtbot)
    matters.table.choose(0)
    matters.edit()
    form = form_of(page, qtbot)
    execute(database, ChangeRegisterEntry(id, {"unit": "住建局"}), Actor("王强"), now)
    give(form, {"unit": "教育局"})
    agree(page, form, qtbot)
    assert form.isVisible() and "王强" in form.faults.told()
    assert reading.one(database, id, now).entry.values["unit"] == "住建局"
    form.taken()


def test_filters_and_figures_lead_to_the_rows_behind(page, database, now, qtbot):
    for matter, area in (("征地公告", "征地拆迁"), ("招生方案", "教育")):
        execute(
            database, EnterRegisterEntry(RegisterKind.PUBLICATION, {**MATTER, "matter": matter, "area": area}), ME, now
        )
    matters = tab(page, RegisterKind.PUBLICATION, qtbot)
    matters.query.setText("招生")
    assert [r.title for r in matters.table.rows_model.rows] == ["招生方案"]
    matters.query.clear()
    matters.choices["area"].setCurrentText("征地拆迁")
    assert [r.title for r in matters.table.rows_model.rows] == ["征地公告"]
    page.tabs.setCurrentWidget(page.figures)
    qtbot.waitUntil(lambda: bool(page.figures.table.rows_model.rows), timeout=5_000)
    figures = page.figures.table.rows_model.rows
    page.figures.table.choose(next(i for i, f in enumerate(figures) if f.name == "领域：教育"))
    page.figures._drill()
    qtbot.waitUntil(lambda: [r.title for r in matters.table.rows_model.rows] == ["招生方案"], timeout=5_000)
    done = next(f for f in figures if f.name == "已办")
    assert done.ids == ()
    page._drill(done.kind, done.ids)
    qtbot.waitUntil(lambda: not matters.table.rows_model.rows, timeout=5_000)


def test_table_is_imported_with_a_value_for_all_rows_and_exported(page, database, now, tmp_path, qtbot, monkeypatch):
    file = tmp_path / "来信.csv"
    file.write_text("留言编号,留言时间,留言主题\n25,2026/9/22 9:32:09,物业\n26,上周,路灯\n", "utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    applications = tab(page, RegisterKind.DISCLOSURE, qtbot)
    next(b for b in applications.findChildren(type(applications.strike)) if b.text() == "导入…").click()
    qtbot.waitUntil(lambda: bool(page.findChildren(RegisterImport)), timeout=15_000)
    (dialog,) = page.findChildren(RegisterImport)
    assert dialog.fields["received_on"].currentText() == "留言时间"
    dialog._import()
    qtbot.waitUntil(lambda: "申请人类别" in dialog.said.text(), timeout=15_000)
    dialog.fields["applicant"].setCurrentText("统一填：自然人")
    dialog._import()
    qtbot.waitUntil(lambda: dialog.troubles.isVisible(), timeout=15_000)
    assert "第 3 行（收到日期：看不懂日期“上周”" in dialog.troubles.toPlainText()
    dialog.reject()
    qtbot.waitUntil(lambda: len(applications.table.rows_model.rows) == 1, timeout=5_000)
    out = tmp_path / "out.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    applications._export()
    qtbot.waitUntil(out.exists, timeout=10_000)
    assert load_workbook(out).active["F2"].value == "物业"


def test_limits_are_set_at_the_window(page, database, qtbot):
    page._ask_limits()
    form = form_of(page, qtbot)
    form.faults.field("explain").setValue(3)
    agree(page, form, qtbot)
    assert reading.limits(database).explain == 3


def test_page_has_a_key_of_its_own_and_the_others_keep_theirs(window):
    shown = [window._nav.list.item(i).toolTip() for i in range(window._nav.list.count())]
    assert "公开台账（Ctrl+G）" in shown and "信源（Ctrl+9）" in shown and "设置（Ctrl+0）" in shown
