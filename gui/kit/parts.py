"""The small parts that every page is made of: titles, buttons, rows and columns, empty states."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from gui.kit import plain
from gui.kit.keys import shortcut
from gui.kit.rows import Column, RowsModel
from gui.kit.table import Table

Child = TypeVar("Child", bound=QObject)


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
    """A button that does one thing, when it is pressed: Enter in a field beside it is not meant for it."""
    made = QPushButton(text)
    made.setAutoDefault(False)  # in a dialog Qt gives Enter to the first button, whatever it does
    made.setProperty("role", "main" if main else "")
    made.setToolTip(plain.tip(tip))
    made.setAccessibleName(text)
    made.clicked.connect(lambda: action())
    return made


def all_in(parent: QObject, kind: type[Child]) -> list[Child]:
    """All that stands in something and is of a kind, however deep."""
    children: Iterable[QObject] = parent.findChildren(kind)
    return [child for child in children if isinstance(child, kind)]


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


__all__ = [
    "Column",
    "OrEmpty",
    "RowsModel",
    "Scrolled",
    "Table",
    "all_in",
    "button",
    "column",
    "label",
    "row",
    "shortcut",
]
