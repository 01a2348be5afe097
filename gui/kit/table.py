"""The table that every list of the window is: it keeps its order and what is chosen when its rows are read anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QByteArray, QEvent, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from gui.kit.delegates import CurveDelegate, ShareDelegate, WholeText
from gui.kit.keys import shortcut
from gui.kit.rows import RowsModel

LEAST_STRETCH = 170  # pixels that the main column of a table keeps


class Table(QTableView):
    """A calm table: whole rows, no grid, order and choice kept when its rows are read again."""

    waiting = Signal(int)  # how many rows wait to be shown while the pointer is over the list

    def __init__(self, name: str, model: RowsModel, stretch: int = 0, several: bool = False) -> None:
        super().__init__()
        self.setModel(model)
        self.rows_model = model
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        modes = QAbstractItemView.SelectionMode
        self.setSelectionMode(modes.ExtendedSelection if several else modes.SingleSelection)
        self._held: tuple[Sequence[Any], Callable[[Any], Any]] | None = None
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(32)
        self.horizontalHeader().setHighlightSections(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        for i, column in enumerate(model.columns):
            self.setColumnWidth(i, column.width)
            if column.curve:
                self.setItemDelegateForColumn(i, CurveDelegate(self))
            if column.share:
                self.setItemDelegateForColumn(i, ShareDelegate(self))
        header = self.horizontalHeader()
        header.setSectionResizeMode(stretch, QHeaderView.ResizeMode.Stretch)
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self._order_by)
        self._ordered: tuple[int, Qt.SortOrder] | None = None
        self._highest: int | None = None
        self._stretch = stretch
        shortcut(QKeySequence.StandardKey.Copy, self, self._copy)

    def chosen(self) -> Any:
        """The row that is chosen, None without one."""
        index = self.currentIndex()
        return self.rows_model.rows[index.row()] if index.isValid() else None

    def all_chosen(self) -> list[Any]:
        """All rows that are chosen, from the top."""
        return [self.rows_model.rows[i] for i in sorted({index.row() for index in self.selectedIndexes()})]

    def choose(self, *places: int) -> None:
        """Choose the rows at these places, the first as the current one; whatever keys are held, unlike selectRow."""
        flags, model = QItemSelectionModel.SelectionFlag, self.selectionModel()
        model.clearSelection()
        for place in reversed(places):
            model.setCurrentIndex(self.rows_model.index(place, 0), flags.Select | flags.Rows)

    def choose_none(self) -> None:
        """Let nothing be chosen."""
        self.selectionModel().clear()

    def offer_rows(self, rows: Sequence[Any], key: Callable[[Any], Any]) -> None:
        """Show rows anew, but move nothing under the pointer: while it is over the list its order holds."""
        old = [key(item) for item in self.rows_model.rows]
        if not (self.underMouse() and old) or [key(item) for item in rows] == old:
            self._held = None
            self.waiting.emit(0)
            self.show_rows(rows, key)
            return
        self._held = rows, key
        new = {key(item): item for item in rows}
        for item in list(self.rows_model.rows):
            if key(item) in new:
                self.replace(item, new[key(item)])
        self.waiting.emit(sum(place != there for place, there in zip([*old, *[None] * len(rows)], map(key, rows))))

    def show_held(self) -> None:
        """Show the rows that waited."""
        if self._held:
            held, self._held = self._held, None
            self.show_rows(*held)
            self.waiting.emit(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter does what a double click does."""
        if (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and self.currentIndex().isValid()
            and not event.modifiers()
        ):
            self.doubleClicked.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.show_held()

    def show_rows(self, rows: Sequence[Any], key: Callable[[Any], Any]) -> None:
        """Show rows anew and choose the same ones as before."""
        current = self.chosen()
        kept = [key(item) for item in ([current] if current is not None else []) + self.all_chosen()]
        place = self.verticalScrollBar().value()
        self.rows_model.show(rows)
        if self._highest is not None:
            self.resizeRowsToContents()
            self._fit_wrapped()
        if self._ordered:
            self.rows_model.sort(*self._ordered)
        places = {key(item): i for i, item in enumerate(self.rows_model.rows)} if kept else {}
        if still := [places[one] for one in dict.fromkeys(kept) if one in places]:
            self.choose(*still)
        self.verticalScrollBar().setValue(place)

    def replace(self, old: Any, new: Any) -> None:
        """Put a changed row in the place of the old one."""
        rows = self.rows_model.rows
        for i, item in enumerate(rows):
            if item is old:
                rows[i] = new
                last = len(self.rows_model.columns) - 1
                self.rows_model.dataChanged.emit(self.rows_model.index(i, 0), self.rows_model.index(i, last))

    def whole_rows(self) -> None:
        """Show whole sentences in a table of a given height."""
        self.setWordWrap(True)
        self.setItemDelegate(WholeText(self))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)

    def wrap_rows(self, highest: int) -> None:
        """Show whole sentences: rows as high as their text needs, the table as high as its rows up to `highest` pixels."""
        self.whole_rows()
        self._highest = highest
        self.verticalHeader().geometriesChanged.connect(self._fit_wrapped)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._leave_out()
        self._fit_wrapped()

    def _leave_out(self) -> None:
        """Show the columns there is room for: what can be spared goes before the main one grows too narrow to read."""
        room = self.viewport().width() - LEAST_STRETCH
        columns = self.rows_model.columns
        for i in sorted(range(len(columns)), key=lambda i: columns[i].spare):
            if i != self._stretch:
                room -= columns[i].width
                self.setColumnHidden(i, room < 0 and columns[i].spare > 0)

    def _fit_wrapped(self) -> None:
        if self._highest is not None:
            needed = self.horizontalHeader().height() + self.verticalHeader().length() + 4
            self.setFixedHeight(min(self._highest, max(needed, 2 * self.verticalHeader().defaultSectionSize() + 4)))

    def fit(self, least: int = 3, most: int = 8) -> None:
        """Be as high as the rows need, so that no empty box stands on the page."""
        shown = min(max(len(self.rows_model.rows), least), most)
        height = self.horizontalHeader().sizeHint().height() + shown * self.verticalHeader().defaultSectionSize() + 4
        self.setFixedHeight(height)

    def remembered(self) -> QByteArray:
        """The columns' widths and order, to be kept for the next time."""
        return self.horizontalHeader().saveState()

    def remember(self, state: QByteArray) -> None:
        """Take the columns' widths from the last time."""
        self.horizontalHeader().restoreState(state)
        self._leave_out()

    def _order_by(self, section: int) -> None:
        ascending, descending = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
        figure = self.rows_model.columns[section].figure
        first = descending if figure else ascending
        again = self._ordered is not None and self._ordered == (section, first)
        self._ordered = (section, (ascending if figure else descending) if again else first)
        self.horizontalHeader().setSortIndicator(*self._ordered)
        self.horizontalHeader().setSortIndicatorShown(True)
        self.rows_model.sort(*self._ordered)

    def _copy(self) -> None:
        model = self.rows_model
        lines = ["\t".join(column.heading for column in model.columns)]
        chosen = {index.row() for index in self.selectedIndexes()} or range(len(model.rows))
        # A cell that a spreadsheet would take for a formula is kept as text.
        lines += ["\t".join(_cell(column.text(model.rows[i])) for column in model.columns) for i in sorted(chosen)]
        QGuiApplication.clipboard().setText("\n".join(lines))


def _cell(text: str) -> str:
    text = text.replace("\t", " ").replace("\n", " ")
    return "'" + text if text[:1] in "=+-@" else text
