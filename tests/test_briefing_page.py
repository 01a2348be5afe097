"""The 简报 page as an officer uses it: what is in, in which order, in whose words, and the export."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QInputDialog, QMessageBox

from briefing.issue import Kind
from desk import report
from desk.collect import Collector
from desk.office import Office, set_office
from desk.sourcework import add_source
from domain.times import Clock
from gui.operations import Operations
from gui.theme import apply_theme
from gui.window import Window

ITEMS = [
    ("临江化工园区一厂房发生爆炸", "临江化工园区一厂房发生爆炸，消防救援人员已到现场。", "2026-11-20T08:40:00+08:00"),
    ("市图书馆周末夜场受欢迎", "市图书馆周末夜场开放，读者排队入馆。", "2026-11-20T09:40:00+08:00"),
]


@pytest.fixture
def page(database, publisher, qtbot, tmp_path, now):
    set_office(database, Office("临江市新闻办", ("临江",)), "李敏", now)
    add_source(database, publisher.feed("/a", ITEMS), "李敏", now, "临江日报")
    Collector(database, now).round(now)
    apply_theme(QApplication.instance(), "light")
    window = Window(Operations(tmp_path, None, Clock.starting(now, 0)), collect=False)
    qtbot.addWidget(window)
    window.show()
    window.begin()
    qtbot.waitUntil(lambda: "总览" in window.pages, timeout=10_000)
    window.go("简报")
    found = window.pages["简报"]
    qtbot.waitUntil(lambda: found.contents.topLevelItemCount() == 7, timeout=10_000)
    yield found
    window.close()


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


def test_sentence_in_own_words_is_marked_and_can_be_taken_back(page, qtbot, monkeypatch):
    monkeypatch.setattr(QInputDialog, "getMultiLineText", lambda *_: ("消防人员已到场处置", True))
    names = [item(page, 0, i).text(0) for i in range(2)]
    page.contents.setCurrentItem(item(page, 0, next(i for i, n in enumerate(names) if "爆炸" in n)))
    assert page.resting.articles.rows_model.rows[0].source == "临江日报"
    page.resting._rewrite()
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
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Yes)
    page._make(True)
    qtbot.waitUntil(lambda: page.made.text().startswith("已生成"), timeout=20_000)
    names = sorted(path.suffix for path in Path(tmp_path / "简报").iterdir())
    assert names == [".docx", ".html", ".xlsx"]
    qtbot.waitUntil(lambda: page.sheet is not None and page.sheet.final, timeout=5_000)
    assert report.issued(database)[0].final and "已定稿" in page.counted.text()
    assert not item(page, 0, 0).flags() & Qt.ItemFlag.ItemIsUserCheckable


def test_every_kind_of_the_period_is_shown(page, qtbot):
    for kind, words in ((Kind.WEEKLY, "舆情周报"), (Kind.MONTHLY, "舆情月报"), (Kind.ANNUAL, "年度统计")):
        page.kind.setCurrentIndex(page.kind.findData(kind))
        qtbot.waitUntil(lambda words=words: words in said(page), timeout=10_000)
    assert page.grounds.rows_model.rows[0].name == "信息（条）"
    page.grounds.selectRow(0)
    assert page.how.text().endswith("：1-2")


def test_report_on_a_concern_is_chosen_by_its_name(page, qtbot):
    page.kind.setCurrentIndex(page.kind.findData(Kind.SPECIAL))
    qtbot.waitUntil(lambda: "的舆情专报" in said(page), timeout=10_000)
    assert page.concern.isVisible() and page.concern.count() == 1
