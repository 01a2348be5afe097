"""A table of values: columns say how a row is shown; copies as text that pastes into Excel."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication

from gui.kit.plain import tip
from gui.kit.theme import legible

CURVE_ROLE = Qt.ItemDataRole.UserRole + 1
SHARE_ROLE = Qt.ItemDataRole.UserRole + 2
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Column:
    """Heading, how a row's cell reads, its width, whether it is a figure, and what a hover tells.

    `colour` is for grades and clocks only, and always beside a word; `curve` draws values instead of text;
    `share` (0–1, None for none) draws a bar under the text; `order` is what the column is sorted by where its text would mislead.
    """

    heading: str
    text: Callable[[Any], str]
    width: int = 120
    figure: bool = False
    tip: Callable[[Any], str] | None = None
    colour: Callable[[Any], str | None] | None = None
    curve: Callable[[Any], Sequence[float]] | None = None
    share: Callable[[Any], float | None] | None = None
    order: Callable[[Any], Any] | None = None
    spare: int = 0


class RowsModel(QAbstractTableModel):
    """Rows that were read already; `more` reads the next page when the view nears the end."""

    def __init__(self, columns: Sequence[Column], more: Callable[[int], None] | None = None) -> None:
        super().__init__()
        self.columns, self.rows = columns, list[Any]()
        self._more, self._complete = more, more is None

    def show(self, rows: Sequence[Any]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self.rows = list(rows)
        self._complete = self._more is None
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order the rows that are here by how a column reads; figures by their number."""
        if not 0 <= column < len(self.columns):
            return
        shown = self.columns[column]
        self.layoutAboutToBeChanged.emit()
        chosen = [(index, self.rows[index.row()]) for index in self.persistentIndexList()]
        self.rows.sort(
            key=lambda row: shown.order(row) if shown.order else _sortable(shown.text(row), shown.figure),
            reverse=order == Qt.SortOrder.DescendingOrder,
        )
        places = {id(row): i for i, row in enumerate(self.rows)}
        for index, row in chosen:
            self.changePersistentIndex(index, self.index(places[id(row)], index.column()))
        self.layoutChanged.emit()

    def append(self, rows: Sequence[Any]) -> None:
        """Add a page; an empty one says there are no more."""
        if not rows:
            self._complete = True
            return
        self.beginInsertRows(QModelIndex(), len(self.rows), len(self.rows) + len(rows) - 1)
        self.rows.extend(rows)
        self.endInsertRows()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def canFetchMore(self, parent: Index) -> bool:
        return not self._complete and bool(self.rows)

    def fetchMore(self, parent: Index) -> None:
        if self._more:
            self._complete = True  # until the page has come
            self._more(len(self.rows))

    def page_came(self, rows: Sequence[Any], whole: int) -> None:
        """A page that was asked for; `whole` is its full size."""
        self.append(rows)
        self._complete = len(rows) < whole

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].heading
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(section)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column, row = self.columns[index.column()], self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(column.tip(row) if column.tip else column.text(row))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(index.column())
        if role == Qt.ItemDataRole.ForegroundRole and column.colour and (colour := column.colour(row)):
            return legible(colour, QGuiApplication.palette())
        if role == CURVE_ROLE and column.curve:
            return column.curve(row)
        if role == SHARE_ROLE and column.share:
            return column.share(row)
        return None

    def _alignment(self, column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if self.columns[column].figure else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter


def _sortable(text: str, figure: bool) -> tuple[float, str]:
    number = re.match(r"[^\d-]*(-?\d+(?:\.\d+)?)", text) if figure else None
    return (float(number[1]) if number else 0.0, text)
