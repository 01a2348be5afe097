"""话题: a matter is one line that opens and folds; a topic inside that is asked for is brought into view."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from desk.collecting.collect import Collector
from desk.execute import execute
from desk.topics.monitor import list_topics
from domain.person import Actor
from domain.steps.office import SetOffice
from domain.steps.sources import AddSource
from domain.times import said
from gui.kit.stepform import StepForm
from gui.pages import PageName
from store import looks

AT = "2026-11-20T08:40:00+08:00"
LATER = "2026-11-20T10:20:00+08:00"
ITEMS = [
    ("临江化工园区一厂房发生爆炸 3人死亡", "临江化工园区一厂房发生爆炸，造成3人死亡，消防救援人员已到现场。", AT),
    ("临江市图书馆延长开放到晚上十点", "市民读书有了新去处。", AT),
    ("园区周边空气质量监测结果公布", "监测点各项指标正常。", LATER),
]


@pytest.fixture
def page(qtbot, database, publisher, open_window, now):
    execute(database, SetOffice(places=("临江",)), Actor("李敏"), now)
    execute(database, AddSource(publisher.feed("/a", ITEMS), "临江日报"), Actor("李敏"), now)
    Collector(database, now).round(now)
    air = next(t.id for t in list_topics(database) if "空气" in t.name)
    with database.write() as connection:
        looks.belongs(connection, air, 1)
    made = open_window()
    made.go(PageName("话题"))
    page: Any = made.pages[PageName("话题")]
    qtbot.waitUntil(lambda: len(page.table.rows_model.rows) == 2, timeout=10_000)
    return page


def shown(page):
    column = page.table.rows_model.columns[1]
    return [column.text(row).strip() for row in page.table.rows_model.rows]


def test_matter_is_one_line_that_opens_by_a_key_and_folds_again(page, qtbot):
    place = next(i for i, text in enumerate(shown(page)) if text.startswith("▸"))
    assert "2 个话题 · " in shown(page)[place]
    page.table.choose(place)
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Right)
    assert len(shown(page)) == 3 and shown(page)[place].startswith("▾") and "空气" in shown(page)[place + 1]
    page.table.rows_model.sort(2)
    lines = shown(page)
    assert "空气" in lines[next(i for i, text in enumerate(lines) if text.startswith("▾")) + 1]
    page.table.choose(next(i for i, text in enumerate(lines) if "空气" in text))
    qtbot.keyClick(page.table, Qt.Key.Key_Left)
    assert len(shown(page)) == 2 and page.table.chosen().leads


def test_topic_inside_a_matter_that_is_asked_for_is_brought_into_view(page, qtbot):
    inside = next(line for line in page.matters if len(line.topics) == 2).topics[1].id
    page.show_item(inside)
    qtbot.waitUntil(lambda: page.view is not None and page.view.topic.id == inside, timeout=5_000)
    assert page.table.chosen().id == inside


def test_topic_of_a_matter_leads_to_its_case_and_is_made_another_only_knowingly(page, qtbot):
    inside = next(t for m in page.matters for t in m.topics if "空气" in t.name)
    page.show_item(inside.id)
    qtbot.waitUntil(lambda: page.view is not None and page.view.topic.id == inside.id, timeout=5_000)
    assert page.case.isVisible() and not page.flag.isVisible()
    page._flag()
    form = page.findChild(StepForm)
    words = " ".join(each.text() for each in form.findChildren(QLabel))
    assert form.windowTitle() == "单列为关切" and "现在归在关切 1" in words
    form.no.click()
    page.case.click()
    qtbot.waitUntil(lambda: PageName.CASES in page.frame.pages and page.frame.pages[PageName.CASES].case is not None)
    assert page.frame.pages[PageName.CASES].case.concern.id == 1


def test_line_of_a_matter_and_the_topic_shown_say_what_they_count(page, database, qtbot):
    matter = next(m for m in page.matters if len(m.topics) > 1)
    place = next(i for i, text in enumerate(shown(page)) if text.startswith("▸"))
    newest = next(c for c in page.table.rows_model.columns if c.heading == "最新")
    assert newest.text(page.table.rows_model.rows[place]) == said(max(t.last_at for t in matter.topics), page.now())
    page.table.choose(place)
    qtbot.waitUntil(lambda: page.view is not None and page.view.topic.id == matter.lead.id, timeout=5_000)
    qtbot.waitUntil(
        lambda: "共 2 个话题" in page.right.facts.text() and "2 篇" in page.right.facts.text(), timeout=5_000
    )


def test_another_topic_is_shown_from_its_name_on(page, qtbot):
    page.frame.resize(1100, 600)
    for place in (0, 1):
        page.table.choose(place)
        id = page.table.chosen().id
        qtbot.waitUntil(lambda id=id: page.shown == id, timeout=5_000)
        assert page.scrolled.verticalScrollBar().value() == 0
        page.scrolled.verticalScrollBar().setValue(200)
        assert page.scrolled.verticalScrollBar().value() > 0
