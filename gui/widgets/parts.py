"""The small parts that every page is made of: titles, buttons, tables, empty states."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QByteArray, QEvent, QItemSelectionModel, QObject, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPalette, QPen, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedLayout,
    QStyledItemDelegate,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gui.models.rows import CURVE_ROLE, SHARE_ROLE, Column, RowsModel

PADDING = 8  # pixels beside a cell's text
LEAST_STRETCH = 170  # pixels that the main column of a table keeps


def label(text: str = "", role: str = "", wrap: bool = False) -> QLabel:
    """Plain text, never rich: what comes from outside is not rendered."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    made.setWordWrap(wrap)
    if wrap:
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return made


def button(text: str, action: Callable[[], Any], main: bool = False, tip: str = "") -> QPushButton:
    """A button that does one thing."""
    made = QPushButton(text)
    made.setProperty("role", "main" if main else "")
    made.setToolTip(tip)
    made.setAccessibleName(text)
    made.clicked.connect(lambda: action())
    return made


def row(*widgets: QWidget | None) -> QHBoxLayout:
    """Widgets side by side, 8 apart; None is stretch."""
    layout = QHBoxLayout()
    layout.setSpacing(8)
    for widget in widgets:
        if widget is None:
            layout.addStretch(1)
        else:
            layout.addWidget(widget)
    return layout


class Scrolled(QScrollArea):
    """A view that scrolls up and down where the window is too low for it; never sideways, so it keeps its width."""

    def __init__(self, view: QWidget) -> None:
        super().__init__()
        self.setWidget(view)
        self.setWidgetResizable(True)
        self.setProperty("role", "plain")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()  # what is in view now may need more room
        return super().eventFilter(watched, event)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.widget().minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width(), 200)


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
        QShortcut(QKeySequence.StandardKey.Copy, self, self._copy, context=Qt.ShortcutContext.WidgetShortcut)

    def chosen(self) -> Any:
        """The row that is chosen, None without one."""
        index = self.currentIndex()
        return self.rows_model.rows[index.row()] if index.isValid() else None

    def all_chosen(self) -> list[Any]:
        """All rows that are chosen, from the top."""
        return [self.rows_model.rows[i] for i in sorted({index.row() for index in self.selectedIndexes()})]

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
        """Show rows anew and choose the same one as before."""
        before = self.chosen()
        kept = key(before) if before is not None else None
        place = self.verticalScrollBar().value()
        self.rows_model.show(rows)
        if self._highest is not None:
            self.resizeRowsToContents()
            self._fit_wrapped()
        if self._ordered:
            self.rows_model.sort(*self._ordered)
        for i, item in enumerate(self.rows_model.rows):
            if before is not None and key(item) == kept:
                flags = QItemSelectionModel.SelectionFlag
                self.selectionModel().setCurrentIndex(self.rows_model.index(i, 0), flags.ClearAndSelect | flags.Rows)
        self.verticalScrollBar().setValue(place)

    def replace(self, old: Any, new: Any) -> None:
        """Put a changed row in the place of the old one."""
        rows = self.rows_model.rows
        for i, item in enumerate(rows):
            if item is old:
                rows[i] = new
                last = len(self.rows_model.columns) - 1
                self.rows_model.dataChanged.emit(self.rows_model.index(i, 0), self.rows_model.index(i, last))

    def wrap_rows(self, highest: int) -> None:
        """Show whole sentences: rows as high as their text needs, the table as high as its rows up to `highest` pixels."""
        self.setWordWrap(True)
        self.setItemDelegate(WholeText(self))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
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


class CurveDelegate(QStyledItemDelegate):
    """Draws a cell's values as a small line."""

    def paint(self, painter: QPainter, option: Any, index: Any) -> None:
        super().paint(painter, option, index)
        values = index.data(CURVE_ROLE)
        if not values or max(values) <= 0:
            return
        box = option.rect.adjusted(8, 7, -8, -7)
        step, top = box.width() / max(1, len(values) - 1), max(values)
        points = [QPointF(box.left() + i * step, box.bottom() - box.height() * v / top) for i, v in enumerate(values)]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(option.palette.color(QPalette.ColorRole.Link), 1.5))
        painter.drawPolyline(points)
        painter.restore()


class ShareDelegate(QStyledItemDelegate):
    """Draws a bar under a cell's text, as long as the cell's share of the whole."""

    def paint(self, painter: QPainter, option: Any, index: Any) -> None:
        super().paint(painter, option, index)
        share = index.data(SHARE_ROLE)
        if share is None:
            return
        track = QRectF(option.rect.left() + 8, option.rect.bottom() - 5, option.rect.width() - 16, 3)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(option.palette.color(QPalette.ColorRole.Mid))
        painter.drawRoundedRect(track, 1.5, 1.5)
        track.setWidth(track.width() * min(1.0, max(0.0, share)))
        painter.setBrush(option.palette.color(QPalette.ColorRole.Link))
        painter.drawRoundedRect(track, 1.5, 1.5)
        painter.restore()


class WholeText(QStyledItemDelegate):
    """Gives a cell the height that all of its text needs at its column's width."""

    def sizeHint(self, option: Any, index: Any) -> QSize:
        table = self.parent()
        assert isinstance(table, QTableView)
        room = QRect(0, 0, table.columnWidth(index.column()) - 2 * PADDING - 6, 10_000)
        text = str(index.data() or "")
        needed = option.fontMetrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), text)
        return QSize(room.width(), max(table.verticalHeader().defaultSectionSize(), needed.height() + PADDING))


class OrEmpty(QWidget):
    """A view, or, while it has nothing to show, a sentence that says what to do next."""

    def __init__(self, view: QWidget, said: str) -> None:
        super().__init__()
        self._stack = QStackedLayout(self)
        self._empty = label(said, "secondary", True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack.addWidget(view)
        self._stack.addWidget(self._empty)

    def set_empty(self, empty: bool) -> None:
        self._stack.setCurrentIndex(1 if empty else 0)


def column(*items: QWidget | QHBoxLayout, margin: int = 0) -> QVBoxLayout:
    """Widgets and rows under each other, 12 apart."""
    layout = QVBoxLayout()
    layout.setContentsMargins(margin, margin, margin, margin)
    layout.setSpacing(12)
    for item in items:
        layout.addWidget(item) if isinstance(item, QWidget) else layout.addLayout(item)
    return layout


__all__ = ["Column", "OrEmpty", "RowsModel", "Scrolled", "Table", "button", "column", "label", "row"]
