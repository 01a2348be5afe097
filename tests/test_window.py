"""The window, as an officer uses it."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from desk import casework
from desk.collect import Collector
from desk.office import Office, set_office
from desk.sourcework import add_source
from domain.concern import ClockBasis, ConcernState, Disposition, EventGrade
from domain.times import Clock
from gui.operations import Operations
from gui.theme import apply_theme
from gui.window import PAGE_NAMES, Window

ITEM = ("临江化工园区一厂房发生爆炸", "临江化工园区一厂房发生爆炸，消防救援人员已到现场。", "2026-11-20T08:40:00+08:00")


@pytest.fixture
def window(qtbot, tmp_path, now):
    apply_theme(QApplication.instance(), "light")
    made = Window(Operations(tmp_path, None, Clock.starting(now, 0)), collect=False)
    qtbot.addWidget(made)
    made.show()
    made.begin()
    qtbot.waitUntil(lambda: "总览" in made.pages, timeout=10_000)
    yield made
    made.close()


@pytest.fixture
def collected(database, publisher, now):
    set_office(database, Office(places=("临江",)), "李敏", now)
    add_source(database, publisher.feed("/a", [ITEM]), "李敏", now, "临江日报")
    Collector(database, now).round(now)


def test_first_start_offers_what_to_do(window, qtbot):
    overview = window.pages["总览"]
    qtbot.waitUntil(lambda: overview.welcome.isVisible(), timeout=5_000)


def test_every_page_opens_without_an_error(collected, window, qtbot):
    for name in PAGE_NAMES:
        window.go(name)
        qtbot.wait(150)
        assert window._stack.currentWidget() is window.pages[name]
    assert not window._fault.isVisible()


def test_officer_judges_a_concern_and_its_clock_runs(collected, window, database, qtbot, monkeypatch, now):
    answer = {
        "grade": EventGrade.II,
        "basis": ClockBasis.FOUND,
        "basis_at": now,
        "unit": "应急局",
        "disposition": Disposition.HARDSHIP,
    }
    monkeypatch.setattr("gui.pages.concerns.ask_judge", lambda *_: answer)
    window.go("关切")
    page = window.pages["关切"]
    qtbot.waitUntil(lambda: page.next.text() == "判定…", timeout=5_000)
    page.next.click()
    qtbot.waitUntil(lambda: page.next.text() == "拟稿…", timeout=5_000)
    assert "5 小时" in page.clocks.text()
    qtbot.waitUntil(
        lambda: (
            (window._chips[0].isVisible() and "4:59" in window._chips[0].text()) or "5:00" in window._chips[0].text()
        ),
        timeout=5_000,
    )
    assert casework.concerns(database)[0][0].state is ConcernState.OPEN


def test_wrong_address_is_said_in_the_window(window, qtbot):
    window.go("信源")
    page = window.pages["信源"]
    page.url.setText("ftp://x/y")
    page._add()
    qtbot.waitUntil(lambda: window._fault.isVisible() and "http://" in window._fault.text(), timeout=5_000)


def test_search_finds_the_article(collected, window, qtbot):
    window.go("信息")
    page = window.pages["信息"]
    page.query.setText("化工园区爆炸")
    page.refresh()
    qtbot.waitUntil(lambda: "爆炸" in page.reading.toPlainText(), timeout=5_000)
