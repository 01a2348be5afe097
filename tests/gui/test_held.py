"""What waits while the pointer rests on a list: the list; not what stands around it, nor the other pages."""

from __future__ import annotations

import pytest

from desk.execute import execute
from domain.steps.cases import DismissConcern
from gui.collecting.process import Round
from gui.kit.parts import Table
from gui.pages import PageName
from tests.gui.cases import ME


@pytest.fixture
def pointed(filled, window, database, qtbot, monkeypatch, now):
    """The pointer rests on the page, and on one of its lists while that is so; another officer has dismissed a concern."""
    window.go(PageName.CASES)
    window.go(PageName.OVERVIEW)
    cases, over = window.pages[PageName.CASES], {"list": True}
    badge = window._nav.list.item(list(PageName).index(PageName.CASES))
    qtbot.waitUntil(lambda: badge.text() == "关切　1", timeout=5_000)
    monkeypatch.setattr(Table, "underMouse", lambda self: over["list"])
    monkeypatch.setattr(window._stack, "underMouse", lambda: True)
    execute(database, DismissConcern(filled, "已查明"), ME, now)
    window._round_done(Round(0))
    return over, badge, cases


def test_counts_are_never_held_back_by_the_pointer(pointed, qtbot):
    _, badge, cases = pointed
    qtbot.waitUntil(lambda: badge.text() == "关切", timeout=5_000)
    assert cases.stale


def test_list_follows_once_the_pointer_has_left_it_though_not_the_page(pointed, window, qtbot):
    over, _, _ = pointed
    shown = window.pages[PageName.OVERVIEW].waiting.rows_model
    window._tick()
    qtbot.wait(200)
    assert len(shown.rows) == 1
    over["list"] = False
    window._tick()
    qtbot.waitUntil(lambda: len(shown.rows) == 0, timeout=5_000)
