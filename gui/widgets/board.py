"""The board of cases by state, each with a chip of its nearest clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from domain.concern import ConcernState
from gui.widgets.parts import label

STATES = (ConcernState.FLAGGED, ConcernState.OPEN, ConcernState.REFERRED, ConcernState.ANSWERED, ConcernState.FOLLOWING)


class Board(QWidget):
    """One column per state that somebody still works in. `chosen` tells the id of a case."""

    chosen = Signal(int)

    def __init__(self, countdown: Callable[[Any], str]) -> None:
        super().__init__()
        self._countdown = countdown
        self._lists: dict[ConcernState, QListWidget] = {}
        self._heads: dict[ConcernState, Any] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for state in STATES:
            side = QVBoxLayout()
            head, cases = label(state.label, "secondary"), QListWidget()
            cases.setWordWrap(True)
            cases.setAccessibleName(state.label)
            cases.itemClicked.connect(lambda item: self.chosen.emit(item.data(Qt.ItemDataRole.UserRole)))
            side.addWidget(head)
            side.addWidget(cases, 1)
            layout.addLayout(side)
            self._lists[state], self._heads[state] = cases, head

    def show_concerns(self, known: list[Any]) -> None:
        """Show the cases, each (concern, deadlines), in their columns."""
        for state, cases in self._lists.items():
            cases.clear()
            here = [item for item in known if item[0].state is state]
            self._heads[state].setText(f"{state.label} {len(here)}")
            for item in here:
                chip = self._countdown(item)
                row = QListWidgetItem(f"{item[0].title}\n{item[0].grade.label}{'　' + chip if chip else ''}")
                row.setData(Qt.ItemDataRole.UserRole, item[0].id)
                cases.addItem(row)
