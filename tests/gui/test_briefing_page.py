"""The 简报 page as an officer uses it: what is in, in which order, in whose words, and the export."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from desk.collecting.collect import Collector
from desk.execute import execute
from desk.reporting import report
from domain.briefing import IssueKind, Wanted
from domain.person import Actor
from domain.steps.office import SetOffice
from domain.steps.sources import AddSource
from gui.kit.preview import Preview
from gui.kit.stepform import StepForm
from gui.pages import PageName
from gui.reporting.correction import Correction

ITEMS = [
    ("临江化工园区一厂房发生爆炸", "临江化工园区一厂房发生爆炸，消防救援人员已到现场。", "2026-11-20T08:40:00+08:00"),
    ("市图书馆周末夜场受欢迎", "市图书馆周末夜场开放，读者排队入馆。", "2026-11-20T09:40:00+08:00"),
]


@pytest.fixture
def page(open_window, database, publisher, qtbot, now):
    execute(database, SetOffice("临江市新闻办", ("临江",)), Actor("李敏"), now)
    execute(database, AddSource(publisher.feed("/a", ITEMS), "临江日报"), Actor("李敏"), now)
    Collector(database, now).round(now)
    window = open_window()
    window.go(PageName.BRIEFING)
    found: Any = window.pages[PageName.BRIEFING]
    qtbot.waitUntil(lambda: found.contents.topLevelItemCount() == 7, timeout=10_000)
    return found


def said(page):
    return page.preview.toPlainText()


def item(page, section, i):
    return page.contents.topLevelItem(section).child(i)


def test_unticked_items_and_sections_leave_the_page(page, qtbot):
    name = item(page, 0, 0).text(0)
    item(page, 0, 0).setCheckState(0, Qt.CheckState.Unchecked)
    qtbot.waitUntil(lambda: f"1．{name}" not in said(page), timeout=5_000)
    page.contents.topLevelItem(6).setCheckState(0, Qt.CheckState.Unchecked)
    qtbot.waitUntil(lambda: "信源与数据说明" not in said(page), timeout=5_000)
    assert item(page, 0, 0).checkState(0) == Qt.CheckState.Unchecked


def test_items_and_sections_are_moved_by_key(page, qtbot):
    second = item(page, 0, 1).text(0)
    page.contents.setCurrentItem(item(page, 0, 1))
    page.contents.shift(-1)
    qtbot.waitUntil(lambda: f"1．{second}" in said(page), timeout=5_000)
    page.contents.setCurrentItem(page.contents.topLevelItem(1))
    page.contents.shift(-1)
    qtbot.waitUntil(lambda: "一、热点话题" in said(page) and "二、今日要情" in said(page), timeout=5_000)


def test_sentence_in_own_words_is_marked_and_can_be_taken_back(page, qtbot):
    names = [item(page, 0, i).text(0) for i in range(2)]
    page.contents.setCurrentItem(item(page, 0, next(i for i, n in enumerate(names) if "爆炸" in n)))
    assert page.resting.articles.rows_model.rows[0].source == "临江日报"
    page.resting._rewrite()
    form = page.resting.findChild(StepForm)
    form.faults.field("words").setPlainText("消防人员已到场处置")
    form.yes.click()
    qtbot.waitUntil(
        lambda: "消防人员已到场处置。〔1〕〔编〕" in said(page) or "〔2〕〔编〕" in said(page), timeout=5_000
    )
    page.resting._restore()
    qtbot.waitUntil(lambda: "〔编〕" not in said(page).replace("标〔编〕的句子", ""), timeout=5_000)


def test_advice_is_the_officers_own(page, qtbot):
    page.contents.setCurrentItem(page.contents.topLevelItem(5))
    assert page.resting.own.isVisible()
    page.resting.advice.setPlainText("建议今天下午开发布会。")
    page.resting._advise()
    qtbot.waitUntil(lambda: "建议今天下午开发布会。" in said(page), timeout=5_000)


def test_export_makes_the_ticked_formats_and_final_freezes(page, qtbot, monkeypatch, tmp_path, database):
    page.formats["html"].setChecked(True)
    page.formats["xlsx"].setChecked(True)
    monkeypatch.setattr("gui.reporting.briefing.agreed", lambda *_: True)
    page._make(True)
    qtbot.waitUntil(lambda: page.made.text().startswith("已生成"), timeout=20_000)
    names = sorted(path.suffix for path in Path(tmp_path / "简报").iterdir())
    assert names == [".docx", ".html", ".xlsx"]
    qtbot.waitUntil(lambda: page.sheet is not None and page.sheet.final, timeout=5_000)
    assert report.issued(database)[0].final and "已定稿" in page.counted.text()
    assert not item(page, 0, 0).flags() & Qt.ItemFlag.ItemIsUserCheckable


def test_every_kind_of_the_period_is_shown(page, qtbot):
    for kind, words in (
        (IssueKind.WEEKLY, "舆情周报"),
        (IssueKind.MONTHLY, "舆情月报"),
        (IssueKind.ANNUAL, "年度统计"),
    ):
        page.choice.kind.setCurrentIndex(page.choice.kind.findData(kind))
        qtbot.waitUntil(lambda words=words: words in said(page), timeout=10_000)
    assert page.grounds.table.rows_model.rows[0].name == "信息（条）"
    page.grounds.table.choose(0)
    assert page.grounds.how.text().endswith("：1-2")


def test_report_on_a_concern_is_chosen_by_its_name(page, qtbot):
    page.choice.kind.setCurrentIndex(page.choice.kind.findData(IssueKind.SPECIAL))
    qtbot.waitUntil(lambda: "的舆情专报" in said(page), timeout=10_000)
    assert page.choice.concern.isVisible() and page.choice.concern.count() == 1


def news(page, database, publisher, now):
    """Something that would change the issue comes in, and the page has not read it yet."""
    late = (
        "临江一小区电梯坠落两人受伤",
        "临江一小区电梯坠落，两人受伤送医，市场监管部门介入。",
        "2026-11-20T11:30:00+08:00",
    )
    publisher.feed("/a", [*ITEMS, late])
    Collector(database, now + timedelta(hours=1)).round(now + timedelta(hours=1))
    sheet = report.sheet(database, page.shown, now)
    assert "电梯坠落" in report.page_of(sheet.issue)


def test_what_is_made_final_is_what_stood_on_the_page(page, qtbot, monkeypatch, database, publisher, now):
    monkeypatch.setattr("gui.reporting.briefing.agreed", lambda *_: True)
    news(page, database, publisher, now)
    seen = page.sheet.issue
    assert "电梯坠落" not in said(page)
    page._make(True)
    qtbot.waitUntil(lambda: page.made.text().startswith("已生成"), timeout=20_000)
    made = report.sheet(database, page.shown, now)
    assert made.final and made.issue == seen


def test_what_stood_on_the_page_when_asked_is_made_final_whatever_comes_behind_the_question(
    page, qtbot, monkeypatch, database, publisher, now
):
    news(page, database, publisher, now)

    def later(*_):
        page.refresh()
        qtbot.waitUntil(lambda: "电梯坠落" in said(page), timeout=5_000)
        return True

    monkeypatch.setattr("gui.reporting.briefing.agreed", later)
    seen = page.sheet.issue
    page._make(True)
    qtbot.waitUntil(lambda: page.made.text().startswith("已生成"), timeout=20_000)
    made = report.sheet(database, page.shown, now)
    assert made.final and made.issue == seen


def test_correction_is_read_before_it_is_made_final(page, qtbot, monkeypatch, database, publisher, now):
    monkeypatch.setattr("gui.reporting.briefing.agreed", lambda *_: True)
    page._make(True)
    qtbot.waitUntil(lambda: page.sheet is not None and page.sheet.final, timeout=20_000)
    late = ("临江一小区电梯坠落两人受伤", "临江一小区电梯坠落，两人受伤送医。", "2026-11-20T11:30:00+08:00")
    publisher.feed("/a", [*ITEMS, late])
    Collector(database, now + timedelta(hours=1)).round(now + timedelta(hours=1))
    page._make(True)
    qtbot.waitUntil(lambda: page.findChild(Correction) is not None, timeout=5_000)
    correction = page.findChild(Correction)
    assert "电梯坠落" in correction.findChild(Preview).toPlainText() and len(report.issued(database)) == 1
    correction.accept()
    qtbot.waitUntil(lambda: len(report.issued(database)) == 2, timeout=20_000)
    assert all(issue.final for issue in report.issued(database))


def test_sentence_that_is_refused_stays_in_its_form(page, qtbot, database, tmp_path, now):
    page.contents.setCurrentItem(item(page, 0, 0))
    page.resting.sentences.setCurrentRow(0)
    page.resting.rewrite.click()
    form = page.findChild(StepForm)
    form.faults.field("words").setPlainText("改写的一句")
    report.make_briefing(database, page.shown, ("html",), tmp_path, Actor("王强"), now, final=True)  # by somebody else
    form.yes.click()
    qtbot.waitUntil(lambda: "定稿" in form.faults.told(), timeout=5_000)
    assert form.isVisible() and form.given() == {"words": "改写的一句"}
    form.done(0)


def test_page_is_laid_out_anew_only_when_it_says_something_else(page, qtbot, monkeypatch, database, publisher, now):
    qtbot.waitUntil(lambda: not page.operations.waits(page._show), timeout=5_000)
    laid, lay = [], page.preview.setHtml
    monkeypatch.setattr(page.preview, "setHtml", lambda html: (laid.append(1), lay(html)))
    for _ in range(3):
        page.refresh()
        qtbot.waitUntil(lambda: not page.operations.waits(page._show), timeout=5_000)
    assert laid == []
    news(page, database, publisher, now)
    page.refresh()
    qtbot.waitUntil(lambda: "电梯坠落" in said(page), timeout=5_000)
    assert laid == [1]


def test_item_that_dropped_out_leaves_no_heading_behind(page, qtbot):
    page.contents.setCurrentItem(item(page, 0, 0))
    heading, key = page.contents.current()
    assert page.resting.heading.text() and page.resting.item.isVisibleTo(page)
    page.resting.show_item(page.sheet, heading, f"{key}，后来没有入选")
    assert "不在这一期" in page.resting.heading.text() and page.resting.why.text() == ""
    page.resting.show_item(page.sheet, "没有的一节", key)
    assert "不在这一期" in page.resting.heading.text()


def test_columns_of_the_hot_topics_are_wide_enough_to_read(page):
    grid = next(section.grid for section in page.sheet.sections if section.grid is not None)
    widths = [int(width) for width in re.findall(r'<th width="(\d+)%"', report.page_of(page.sheet.issue))]
    longest = [max(len(row[i]) for row in grid.rows) for i in range(len(grid.headings))]
    assert widths[: len(longest)].index(max(widths[: len(longest)])) == longest.index(max(longest))


def test_what_comes_in_is_offered_at_the_side_and_changes_nothing_by_itself(page, database, publisher, qtbot, now):
    before = [item(page, 0, i).text(0) for i in range(page.contents.topLevelItem(0).childCount())]
    page.contents.topLevelItem(6).setCheckState(0, Qt.CheckState.Unchecked)  # an edit, which fixes it
    qtbot.waitUntil(lambda: "信源与数据说明" not in said(page), timeout=5_000)
    more = ("临江大桥明日封闭检修", "临江大桥明日封闭检修，车辆绕行。", "2026-11-20T11:00:00+08:00")
    publisher.feed("/a", [*ITEMS, more])
    Collector(database, now).round(now + timedelta(hours=1))
    page.refresh()
    qtbot.waitUntil(lambda: any("大桥" in o.name for o in page.new.table.rows_model.rows), timeout=5_000)
    assert [item(page, 0, i).text(0) for i in range(len(before))] == before and "大桥" not in said(page)
    rows = page.new.table.rows_model.rows
    page.new.table.choose(next(i for i, o in enumerate(rows) if "大桥" in o.name))
    page.new.some.click()
    qtbot.waitUntil(lambda: "大桥" in said(page), timeout=5_000)


def test_own_item_is_put_in(page, qtbot):
    page._add_item()
    form = page.findChild(StepForm)
    form.faults.field("lead").setText("市长调度会")
    form.faults.field("text").setPlainText("明日召开供水调度会")
    form.yes.click()
    qtbot.waitUntil(lambda: "市长调度会" in said(page), timeout=5_000)


def test_advice_that_stands_on_the_screen_goes_into_what_is_exported(page, database, qtbot, now):
    page.contents.setCurrentItem(page.contents.topLevelItem(5))
    page.resting.advice.setPlainText("建议今晚公布处置进展。")  # and nobody saves it
    for code, box in page.formats.items():
        box.setChecked(code == "html")
    page._make(False)
    qtbot.waitUntil(lambda: page.made.text().startswith("已生成"), timeout=20_000)
    (made,) = (page.operations.folder / "简报").glob("*.html")
    assert "建议今晚公布处置进展。" in made.read_text("utf-8")


def test_report_is_put_into_the_briefing_from_where_it_stands(open_window, page, database, qtbot, now):
    window = page.window()
    window.go(PageName.ARTICLES)
    articles = window.pages[PageName.ARTICLES]
    qtbot.waitUntil(lambda: bool(articles.table.rows_model.rows), timeout=5_000)
    articles.table.choose(0)
    title = articles.table.chosen().title
    articles._add_to_briefing()
    wanted = Wanted(IssueKind.DAILY, report.last_day(now))
    qtbot.waitUntil(lambda: [one.lead for one in report.plan(database, wanted).added] == [title], timeout=5_000)
