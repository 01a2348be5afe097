"""Keys that do something."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


def shortcut(keys: QKeySequence.StandardKey | str, view: QWidget, action: Callable[[], Any]) -> None:
    """A key that does something while a view has the focus, not while what stands in it has."""
    made = QShortcut(QKeySequence(keys), view)
    made.setContext(Qt.ShortcutContext.WidgetShortcut)
    made.activated.connect(lambda: action())
