"""关切: the nearest misses are listed with what kept them, and one key takes one up; 新动向 is noted by a key."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt

from desk.cases.reading import list_concerns, read_case
from desk.collecting.collect import Collector
from desk.execute import execute
from domain.concern import ConcernState, EventGrade
from domain.person import Actor
from domain.steps.cases import JudgeConcern
from domain.steps.office import SetOffice
from domain.steps.sources import AddSource
from domain.times import HOUR
from gui.cases.caselist import Shown, turn_of
from gui.pages import PageName

WHO = Actor("李敏")
FAR = ("海口一游泳馆坍塌致3死9伤", "海口一游泳馆坍塌，造成3人死亡9人受伤。", "2026-11-20T08:40:00+08:00")
BLAST = ("临江化工园区一厂房发生爆炸 3人死亡", "临江化工园区一厂房爆炸，3人死亡。", "2026-11-20T08:40:00+08:00")
HELD = (
    "临江化工园区爆炸现场多名记者被阻拦",
    "临江化工园区厂房爆炸现场，多名记者采访被阻拦。",
    "2026-11-20T12:30:00+08:00",
)


@pytest.fixture
def page(qtbot, database, publisher, open_window, now):
    execute(database, SetOffice(places=("临江",)), WHO, now)
    execute(database, AddSource(publisher.feed("/a", [FAR, BLAST]), "临江日报"), WHO, now)
    collector = Collector(database, now)
    collector.round(now)
    (concern, _), *_ = list_concerns(database)
    execute(database, JudgeConcern(concern.id, EventGrade.III), WHO, now)
    publisher.feed("/a", [FAR, BLAST, HELD])
    collector.round(now + HOUR)
    made = open_window(at=now + HOUR)
    made.go(PageName("关切"))
    page: Any = made.pages[PageName("关切")]
    qtbot.waitUntil(lambda: page.case is not None, timeout=10_000)
    return page


def test_one_key_takes_up_what_was_not_flagged(page, qtbot, database):
    page.cases.state.setCurrentIndex(page.cases.state.findData(Shown.HELD))
    rows = page.cases.held.rows_model.rows
    qtbot.waitUntil(lambda: bool(page.cases.held.rows_model.rows), timeout=5_000)
    rows = page.cases.held.rows_model.rows
    assert "海口" in rows[0][0].name and "样本不足" in rows[0][1]
    page.cases.held.setFocus()
    qtbot.keyClick(page.cases.held, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "海口" in page.case.concern.title, timeout=5_000)
    new = next(c for c, _ in list_concerns(database) if "海口" in c.title)
    assert new.state is ConcernState.FLAGGED and "样本不足" in new.reasons[0].words


def test_what_was_not_flagged_has_the_whole_page_for_its_reason(page, qtbot):
    before = page.cases.width()
    page.cases.state.setCurrentIndex(page.cases.state.findData(Shown.HELD))
    qtbot.waitUntil(lambda: bool(page.cases.held.rows_model.rows), timeout=5_000)
    assert not page.scrolled.isVisible()
    assert page.cases.held.width() > 1.8 * before and page.cases.held.columnWidth(1) > 400
    page.cases.state.setCurrentIndex(page.cases.state.findData(Shown.RUNNING))
    qtbot.waitUntil(lambda: page.right.isVisible() and page.cases.width() < 1.2 * before, timeout=5_000)


def test_case_that_has_turned_is_marked_and_noted_by_a_key(page, qtbot, database):
    case = page.case
    assert turn_of(case.concern) and page.right.turns.isVisible()
    assert "被阻拦" in page.right.turns.table.rows_model.rows[0][1].sentence
    page.right.turns.note.click()
    qtbot.waitUntil(lambda: not page.right.turns.isVisible(), timeout=5_000)
    assert not turn_of(read_case(database, case.concern.id).concern)


def test_turn_becomes_a_concern_by_a_key(page, qtbot, database):
    page.right.turns.separate.click()
    qtbot.waitUntil(lambda: any(c.title == HELD[0] for c, _ in list_concerns(database)), timeout=5_000)
