"""Reads that take their time and come in any order: what is shown is what is chosen, a step goes to what is shown."""

from __future__ import annotations

import random
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from PySide6.QtCore import QDate, QTimer

from desk.cases.reading import list_concerns
from desk.collecting import sourcework
from desk.collecting.collect import Collector
from desk.execute import execute
from desk.topics.monitor import list_topics
from domain.article import SourceTier
from domain.concern import ClockBasis, ConcernState, EventGrade
from domain.errors import SourceError
from domain.person import Actor
from domain.steps.cases import DismissConcern, JudgeConcern, ReopenConcern
from domain.steps.office import SetOffice
from domain.steps.sources import AddSource
from domain.steps.topics import FlagTopic
from gui.collecting.sourceforms import AddSource as SourceForm
from gui.kit.parts import Column, RowsModel, Table
from store.visit import Visit
from tests.gui.cases import THINGS


@pytest.fixture
def window(open_window, database, publisher, now, monkeypatch):
    """Six matters, each a topic and a case; every read is held up for a while, by chance."""
    execute(database, SetOffice(places=("临江",)), Actor("李敏"), now)
    items = [
        (f"临江{thing}", f"临江{thing}，居民反映多日，有关部门称正在处理。", f"2026-11-20T0{i}:40:00+08:00")
        for i, thing in enumerate(THINGS[:6], 1)
    ]
    execute(database, AddSource(publisher.feed("/a", items), "临江日报"), Actor("李敏"), now)
    Collector(database, now).round(now)
    flagged = {concern.topic_id for concern, _ in list_concerns(database)}
    for topic in list_topics(database):
        if topic.id not in flagged:
            execute(database, FlagTopic(topic.id, "群众来电"), Actor("李敏"), now)
    chance, read = random.Random(11), Visit.read

    @contextmanager
    def slow(self):
        time.sleep(chance.random() * 0.06)
        with read(self) as connection:
            yield connection
        time.sleep(chance.random() * 0.06)

    made = open_window()
    monkeypatch.setattr(Visit, "read", slow)
    return made


@pytest.fixture
def watched(qtbot):
    """Looks every few milliseconds whether something holds; gives the moments at which it did not."""
    timers = []

    def watch(holds):
        broken = []
        timer = QTimer()
        timer.timeout.connect(lambda: (said := holds()) is not None and broken.append(said))
        timer.start(3)
        timers.append(timer)
        return broken

    yield watch
    for timer in timers:
        timer.stop()


def wander(table, qtbot, steps=40, seed=5):
    """Choose rows by chance, faster than they can be read."""
    chance = random.Random(seed)
    for _ in range(steps):
        table.choose(chance.randrange(len(table.rows_model.rows)))
        qtbot.wait(chance.randrange(50))


def test_case_that_is_shown_is_the_one_that_is_chosen_and_its_steps_go_to_it(window, qtbot, watched, monkeypatch):
    window.go("关切")
    page = window.pages["关切"]
    qtbot.waitUntil(lambda: len(page.cases.table.rows_model.rows) == len(THINGS[:6]), timeout=10_000)
    stepped = []
    monkeypatch.setattr(
        page.taking, "submit", lambda form, make, seen: stepped.append((page.cases.table.chosen()[0].id, form, seen))
    )

    def misfit():
        if page.right.isVisible() and page.right.isEnabled():
            page.right.next.click()  # the step of what is shown
            shown, chosen = page.case.concern, page.cases.table.chosen()[0]
            if shown.id != chosen.id or page.right.name.text() != chosen.title:
                return shown.id, chosen.id
        return None

    broken = watched(misfit)
    wander(page.cases.table, qtbot)
    qtbot.waitUntil(lambda: page.right.isEnabled() and not page.operations.waits(page._show_case), timeout=5_000)
    qtbot.wait(20)
    assert broken == [] and page.case.concern.id == page.cases.table.chosen()[0].id
    assert stepped and all(chosen == seen.concern.id for chosen, _, seen in stepped)
    assert all(seen.concern.title in form.findChildren(type(page.right.name))[0].text() for _, form, seen in stepped)


def test_case_that_leaves_the_list_takes_its_pane_along(window, qtbot):
    window.go("关切")
    page = window.pages["关切"]
    qtbot.waitUntil(lambda: page.case is not None and page.right.isEnabled(), timeout=10_000)
    page.cases.table.choose(2)
    page.cases.state.setCurrentText("办结")
    qtbot.waitUntil(lambda: not page.cases.table.rows_model.rows, timeout=5_000)
    qtbot.wait(300)
    assert not page.right.isVisible()
    page._do(JudgeConcern)
    assert not page.right.isEnabled()


@pytest.mark.parametrize("over", [True, False])
def test_case_that_was_closed_stays_beside_its_pane_until_another_is_chosen(
    window, qtbot, database, now, monkeypatch, over
):
    window.go("关切")
    page = window.pages["关切"]
    qtbot.waitUntil(lambda: page.case is not None and page.right.isEnabled(), timeout=10_000)
    page.cases.state.setCurrentText("办理中")
    qtbot.waitUntil(lambda: len(page.cases.table.rows_model.rows) == len(THINGS[:6]), timeout=5_000)
    monkeypatch.setattr(page.cases.table, "underMouse", lambda: over)
    page.cases.table.choose(2)
    id = page.cases.current.id
    qtbot.waitUntil(lambda: page.case.concern.id == id and page.right.isEnabled(), timeout=5_000)
    execute(database, DismissConcern(id, "不属本单位"), Actor("李敏"), now)
    page.refresh()
    qtbot.waitUntil(lambda: page.case.concern.state is ConcernState.DISMISSED, timeout=5_000)
    page.refresh()
    qtbot.wait(500)
    assert page.cases.current.id == id and page.right.isVisible()
    assert page.cases.current.state is ConcernState.DISMISSED and page.cases._countdown(page.cases.table.chosen()) == ""
    execute(database, ReopenConcern(id, "又有来电"), Actor("李敏"), now)
    page.refresh()
    qtbot.waitUntil(lambda: page.case.concern.state is not ConcernState.DISMISSED, timeout=5_000)
    assert page.cases.current.id == page.case.concern.id == id


def test_list_of_cases_says_that_something_waits_under_the_pointer(window, qtbot, database, now, monkeypatch):
    window.go("关切")
    page = window.pages["关切"]
    qtbot.waitUntil(lambda: page.case is not None and page.right.isEnabled(), timeout=10_000)
    page.cases.table.choose(0)
    monkeypatch.setattr(page.cases.table, "underMouse", lambda: True)
    gone = page.cases.table.rows_model.rows[3][0].id
    execute(database, DismissConcern(gone, "不属本单位"), Actor("李敏"), now)
    page.refresh()
    qtbot.waitUntil(page.cases.waiting.isVisible, timeout=5_000)
    page.cases.waiting.click()
    assert all(concern.id != gone for concern, _ in page.cases.table.rows_model.rows)
    assert not page.cases.waiting.isVisible()


def test_case_that_is_asked_for_is_shown_though_the_pointer_is_over_the_list(window, qtbot, database, now, monkeypatch):
    window.go("关切")
    page = window.pages["关切"]
    page.cases.state.setCurrentText("待研判")
    qtbot.waitUntil(lambda: len(page.cases.table.rows_model.rows) == len(THINGS[:6]), timeout=10_000)
    id = page.cases.table.rows_model.rows[2][0].id
    execute(database, JudgeConcern(id, grade=EventGrade.IV, basis=ClockBasis.FOUND), Actor("李敏"), now)
    page.refresh()
    qtbot.waitUntil(lambda: len(page.cases.table.rows_model.rows) == len(THINGS[:6]) - 1, timeout=5_000)
    monkeypatch.setattr(page.cases.table, "underMouse", lambda: True)
    window.go_to_case(id)
    qtbot.waitUntil(lambda: page.case is not None and page.case.concern.id == id, timeout=5_000)


def test_topic_that_is_shown_is_the_one_that_is_chosen(window, qtbot, watched):
    window.go("话题")
    page = window.pages["话题"]
    qtbot.waitUntil(lambda: len(page.table.rows_model.rows) == len(THINGS[:6]), timeout=10_000)

    def misfit():
        chosen = page.table.chosen()
        if page.right.isVisible() and page.right.isEnabled() and (chosen is None or page.view.topic.id != chosen.id):
            return page.view.topic.id, chosen and chosen.id
        return None

    broken = watched(misfit)
    wander(page.table, qtbot)
    qtbot.waitUntil(lambda: page.right.isEnabled(), timeout=5_000)
    assert broken == [] and page.view.topic.id == page.table.chosen().id


def test_topic_beyond_the_list_stays_shown_and_nothing_is_chosen_beside_it(window, qtbot):
    window.go("话题")
    page = window.pages["话题"]
    qtbot.waitUntil(lambda: page.view is not None and page.right.isEnabled(), timeout=10_000)
    wanted = page.table.rows_model.rows[3].id
    page.filters.area.setCurrentIndex(page.filters.area.count() - 1)
    qtbot.waitUntil(lambda: wanted not in [t.id for t in page.table.rows_model.rows], timeout=5_000)
    page.show_item(wanted)
    qtbot.waitUntil(lambda: page.right.isEnabled() and page.view.topic.id == wanted, timeout=5_000)
    page.refresh()
    qtbot.wait(400)
    assert page.view.topic.id == wanted and page.table.chosen() is None and page.right.isEnabled()


def test_articles_are_those_of_the_words_that_stand_there(window, qtbot):
    window.go("信息")
    page = window.pages["信息"]
    qtbot.waitUntil(lambda: len(page.table.rows_model.rows) == len(THINGS[:6]), timeout=10_000)
    chance = random.Random(2)
    for word in ("供暖", "停水", "食堂", "公交", "噪音", "爆炸") * 3:
        page.query.setText(word)
        page.refresh()
        qtbot.wait(chance.randrange(40))
    qtbot.waitUntil(lambda: not page.operations.waits((page, "list")), timeout=5_000)
    assert [a.title for a in page.table.rows_model.rows] == [f"临江{THINGS[:6][0]}"]
    assert THINGS[:6][0] in page.reader.toPlainText()


def test_next_page_of_what_is_not_listed_any_more_is_not_added(window, qtbot):
    window.go("信息")
    page = window.pages["信息"]
    qtbot.waitUntil(lambda: len(page.table.rows_model.rows) == len(THINGS[:6]), timeout=10_000)
    page._more(0)
    page.query.setText("停水")
    page.refresh()
    qtbot.wait(500)
    assert [a.title for a in page.table.rows_model.rows] == [f"临江{THINGS[:6][2]}"]


def test_briefing_that_can_be_changed_is_the_one_that_was_asked_for(window, qtbot, watched):
    window.go("简报")
    page = window.pages["简报"]

    def misfit():
        return (page.shown, page.choice.wanted) if page.body.isEnabled() and page.shown != page.choice.wanted else None

    broken = watched(misfit)
    chance = random.Random(4)
    for _ in range(12):
        page.choice.day.setDate(QDate(2026, 11, chance.choice((19, 20))))
        qtbot.wait(chance.randrange(120))
    page.choice.day.setDate(QDate(2026, 11, 20))
    qtbot.waitUntil(lambda: page.body.isEnabled(), timeout=10_000)
    assert broken == [] and page.sheet.issue.head.day == page.choice.wanted.day


def test_figures_are_those_of_the_days_that_stand_there(window, qtbot, now):
    window.go("统计")
    page = window.pages["统计"]
    for back in (0, 3, 1, 4, 2, 0) * 2:
        day = (now - timedelta(days=back)).date()
        page.end.setDate(QDate(day.year, day.month, day.day))
        page.refresh()
        qtbot.wait(15)
    qtbot.waitUntil(lambda: not page.operations.waits(page._show), timeout=5_000)
    assert len(page.rows) == len(THINGS[:6])


def test_offers_are_those_of_the_address_that_stands_there(window, qtbot, monkeypatch):
    waits = {"http://slow.example/": 0.4, "http://quick.example/": 0.0}

    def find(where, now, encoding):
        time.sleep(waits[where])
        raise SourceError(f"读不了 {where}")

    monkeypatch.setattr(sourcework, "find_offers", find)
    dialog = SourceForm(window, window.operations, "李敏", lambda: None)
    dialog.open()
    for where in waits:
        dialog.url.setText(where)
        dialog.look()
    qtbot.wait(700)
    assert "quick" in dialog.state.text()
    assert dialog.particulars.tier.currentText() == SourceTier.CITY.label
    dialog.reject()


def test_several_chosen_rows_stay_chosen_while_the_list_is_read_anew(qtbot):
    table = Table("数", RowsModel([Column("数", str)]), stretch=0)
    table.setSelectionMode(Table.SelectionMode.ExtendedSelection)
    qtbot.addWidget(table)
    table.show_rows([5, 6, 7, 8], int)
    table.choose(2, 0)
    assert table.all_chosen() == [5, 7] and table.chosen() == 7
    table.show_rows([8, 7, 4, 5], int)
    assert table.all_chosen() == [7, 5] and table.chosen() == 7
    table.show_rows([8, 5], int)
    assert table.all_chosen() == [5]
    table.show_rows([1], int)
    assert table.all_chosen() == []
