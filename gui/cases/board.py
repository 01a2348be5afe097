"""The board of cases by state, each with a chip of its nearest clock."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from domain.concern import Concern, ConcernState
from domain.response import Deadline
from gui.kit.parts import label

STATES = (ConcernState.FLAGGED, ConcernState.OPEN, ConcernState.REFERRED, ConcernState.ANSWERED, ConcernState.FOLLOWING)

FRAME = 22  # pixels that margin, border and padding of a card take of its width
Listed = tuple[Concern, list[Deadline]]  # a case with its clocks


class _Card(QStyledItemDelegate):
    """A card is as wide as its column: Qt wraps its words as if there were no frame around them."""

    def __init__(self, cards: QListWidget) -> None:
        super().__init__(cards)
        self._cards = cards

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        inside = QStyleOptionViewItem(option)
        inside.rect = QRect(0, 0, max(1, self._cards.viewport().width() - FRAME), 1)  # type: ignore[attr-defined]
        return QSize(1, super().sizeHint(inside, index).height())


class Board(QWidget):
    """One column per state that somebody still works in. `chosen` tells the id of a case."""

    chosen = Signal(int)

    def __init__(self, countdown: Callable[[Listed], str]) -> None:
        super().__init__()
        self._countdown = countdown
        self._lists: dict[ConcernState, QListWidget] = {}
        self._heads: dict[ConcernState, QLabel] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for state in STATES:
            side = QVBoxLayout()
            head, cases = label(state.label, "secondary"), QListWidget()
            cases.setWordWrap(True)
            cases.setObjectName("cards")
            cases.setItemDelegate(_Card(cases))
            cases.setResizeMode(QListWidget.ResizeMode.Adjust)
            cases.setAccessibleName(state.label)
            cases.itemClicked.connect(lambda item: self.chosen.emit(item.data(Qt.ItemDataRole.UserRole)))
            side.addWidget(head)
            side.addWidget(cases, 1)
            layout.addLayout(side)
            self._lists[state], self._heads[state] = cases, head

    def show_concerns(self, known: list[Listed]) -> None:
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
