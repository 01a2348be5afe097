"""关切: the order of the list, the cards of the board, and where a case begins when another one is shown."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt

from desk.cases.reading import list_concerns
from desk.execute import execute
from desk.topics.monitor import list_topics
from domain.appearance import Appearance
from domain.concern import EventGrade
from domain.steps.cases import JudgeConcern
from domain.steps.topics import FlagTopic
from gui.cases.board import Board
from gui.kit.theme import apply_theme
from tests.gui.cases import ME, shown


@pytest.fixture
def two(database, filled, now) -> int:
    """A second case beside the first; the first's id."""
    taken = {concern.topic_id for concern, _ in list_concerns(database)}
    other = next(topic.id for topic in list_topics(database) if topic.id not in taken)
    execute(database, FlagTopic(other, "热线反映"), ME, now)
    return filled


@pytest.fixture
def window(two, open_window):
    return open_window()


@pytest.fixture
def page(window, two, qtbot) -> Any:
    return shown(window, two, qtbot)


def test_another_case_is_shown_from_its_top(page, window, database, qtbot):
    bar = page.scrolled.verticalScrollBar()
    window.resize(960, 600)
    qtbot.waitUntil(lambda: bar.maximum() > 0, timeout=5_000)
    bar.setValue(bar.maximum())
    page.refresh()  # the same case, read anew, stays where it was scrolled to
    qtbot.wait(200)
    assert bar.value() > 0
    other = next(c.id for c, _ in list_concerns(database) if c.id != page.case.concern.id)
    shown(window, other, qtbot)
    assert bar.value() == 0


def test_gravest_of_what_waits_stands_on_top_though_another_is_newer(page, two):
    rows = page.cases.table.rows_model.rows
    assert [c.grade for c, _ in rows][-1] is EventGrade.NONE and rows[0][0].id == two < rows[1][0].id


def test_list_keeps_the_order_that_was_chosen(page, database, two, qtbot, now):
    page.cases.table.horizontalHeader().sectionClicked.emit(0)
    titles = [c.title for c, _ in page.cases.table.rows_model.rows]
    assert titles == sorted(titles)
    execute(database, JudgeConcern(two, EventGrade.II, unit="应急局"), ME, now)
    page.refresh()
    qtbot.waitUntil(lambda: any(c.judgement for c, _ in page.cases.table.rows_model.rows), timeout=5_000)
    assert [c.title for c, _ in page.cases.table.rows_model.rows] == titles


@pytest.mark.parametrize("theme", list(Appearance)[1:], ids=lambda theme: theme.code)
def test_card_has_a_frame_and_a_gap(qapp, qtbot, database, two, theme):
    apply_theme(qapp, theme)
    board = Board(lambda _: "")
    qtbot.addWidget(board)
    board.resize(520, 400)
    board.show_concerns(list_concerns(database))
    board.show()
    qtbot.wait(300)  # a list lays its items out anew a moment after it was resized
    cards = next(cards for cards in board._lists.values() if cards.count() == 2)
    first, second = (cards.visualItemRect(cards.item(i)) for i in (0, 1))
    seen = cards.viewport().grab().toImage()
    down = [seen.pixelColor(first.center().x(), y) for y in range(first.bottom() - 8, second.top() + 9)]
    ground = seen.pixelColor(1, first.center().y())
    frames = [i for i, colour in enumerate(down) if colour != ground]
    assert len(frames) >= 2 and frames[-1] - frames[0] >= 8  # the first's lower edge, ground, the second's upper edge
    assert all(down[i] == ground for i in range(frames[0] + 2, frames[-1] - 1))
    assert not cards.horizontalScrollBar().isVisible()
    assert cards.item(0).data(Qt.ItemDataRole.UserRole)
    apply_theme(qapp, Appearance.LIGHT)
