"""总览: what it shows has room in the lowest window, and says as much of it as the other pages do."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, QSize

from desk.cases.reading import list_concerns
from desk.collecting.collect import Collector
from desk.execute import execute
from desk.topics.monitor import list_topics
from domain.concern import ClockBasis, EventGrade
from domain.steps.cases import JudgeConcern
from domain.steps.office import SetOffice
from domain.steps.sources import AddSource
from domain.steps.topics import FlagTopic
from gui.kit.parts import all_in
from gui.kit.table import Table
from gui.pages import PageName
from tests.gui.cases import ME, THINGS


@pytest.fixture
def page(database, publisher, open_window, qtbot, now):
    """A busy day: twelve matters, each a concern; three are judged, the others wait."""
    execute(database, SetOffice(places=("临江",)), ME, now)
    items = [
        (f"临江{thing}", f"临江{thing}，情况正在了解。", f"2026-11-20T{i - 1:02}:40:00+08:00")
        for i, thing in enumerate(THINGS, 1)
    ]
    execute(database, AddSource(publisher.feed("/a", items), "临江日报"), ME, now)
    Collector(database, now).round(now)
    flagged = {concern.topic_id for concern, _ in list_concerns(database)}
    for topic in list_topics(database):
        if topic.id not in flagged:
            execute(database, FlagTopic(topic.id, "群众来电"), ME, now)
    for concern, _ in list_concerns(database)[:3]:
        execute(database, JudgeConcern(concern.id, EventGrade.IV, basis=ClockBasis.FOUND), ME, now)
    window = open_window()
    page = window.pages[PageName.OVERVIEW]
    qtbot.waitUntil(
        lambda: len(page.waiting.rows_model.rows) >= 8 and len(page.clocks.rows_model.rows) >= 3, timeout=10_000
    )
    return page


@pytest.mark.parametrize("height", [600, 768, 1080])
def test_nothing_lies_on_another_however_low_the_window(page, qtbot, height):
    window = page.frame
    window.resize(960, height)
    qtbot.wait(100)
    left = [QRect(box.mapTo(page, QPoint()), box.size()) for box in (page.waiting_box, page.clocks_box)]
    right = [QRect(box.mapTo(page, QPoint()), box.size()) for box in (page.hot_box, page.today)]
    for upper, lower in (left, right):
        assert lower.top() - upper.bottom() >= 24  # where the heading of the lower one stands
    assert page.scrolled.horizontalScrollBar().maximum() == 0
    assert all(table.height() >= 3 * 32 for table in all_in(page, Table) if table.isVisible())


def test_heat_without_enough_reports_is_said_to_be_so(page):
    heat = next(c for c in page.hot.rows_model.columns if c.heading == "热度")
    few = [hot for hot in page.hot.rows_model.rows if not hot.matter.heat.enough]
    assert few and {heat.text(hot) for hot in few} == {"样本不足"}


@pytest.mark.parametrize(("screen", "height"), [((1366, 768), 728), ((1920, 1080), 800)])
def test_window_is_no_larger_than_its_screen(open_window, screen, height):
    window = open_window(waited_for=False)
    window.fit(QSize(*screen))
    assert (window.width(), window.height()) == (1280, height)
