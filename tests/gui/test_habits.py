"""设置 → 判断习惯: what decisions teach is shown, accepted and taken back by a person."""

from __future__ import annotations

from typing import Any

import pytest

from desk.office.habits import own_weights
from desk.topics.learning import proposal
from domain.learning import NO_WEIGHTS, Change, OfficeWeights, Proposal, Trait, Weight
from gui.pages import PageName

WEIGHTS = OfficeWeights((Weight(Trait.AREA, "交通运输", -1.2, 2, 18), Weight(Trait.REASON, "emergency", 0.5, 9, 1)))
CHANGES = (
    Change("路口红绿灯", True, False, False),
    Change("断头路", True, False, True),
    Change("漏报", False, True, None),
)


@pytest.fixture
def tab(qtbot, database, open_window, now):
    made = open_window()
    made.go(PageName("设置"))
    page: Any = made.pages[PageName("设置")]
    page.tabs.setCurrentWidget(page.habits)
    return page.habits


def test_office_without_decisions_is_told_how_many_it_takes(tab, qtbot):
    tab.look.click()
    qtbot.waitUntil(lambda: tab.found is not None, timeout=10_000)
    assert "满 30 次" in tab.state.text() and not tab.accept.isEnabled()


def test_proposal_is_shown_accepted_and_taken_back(tab, qtbot, database, now, monkeypatch):
    monkeypatch.setattr("desk.office.habits.LEAST_DECISIONS", 0)
    tab._show(Proposal(11, 19, WEIGHTS, CHANGES, NO_WEIGHTS))
    assert "1 件与您的判断一致了，1 件反而不一致；近七天没有列的，有 1 件会列" in tab.sums.text()
    assert tab.weights.rows_model.columns[1].text(tab.weights.rows_model.rows[0]) == "交通运输"
    tab.accept.click()
    qtbot.waitUntil(lambda: own_weights(database).kept() == WEIGHTS.kept(), timeout=10_000)
    qtbot.waitUntil(lambda: tab.back.isEnabled(), timeout=10_000)  # read anew, with what is used now
    tab.back.click()
    qtbot.waitUntil(lambda: own_weights(database) == NO_WEIGHTS, timeout=10_000)
    assert proposal(database, now).decisions == 0
