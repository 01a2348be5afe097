"""What became of a text from one version to the next, marked by colour, line and word: what was dropped, what was added."""

from __future__ import annotations

from PySide6.QtGui import QColor, QTextCharFormat
from PySide6.QtWidgets import QTextEdit

from desk.cases.writing import Change, compared

ADDED, DROPPED = QColor(46, 125, 50, 60), QColor(201, 48, 44, 60)


def changes_view(old: str, new: str, name: str) -> QTextEdit:
    """Both versions in one text: what was dropped is struck out, what was added underlined."""
    view = QTextEdit()
    view.setReadOnly(True)
    view.setAccessibleName(name)
    for piece in compared(old, new):
        view.textCursor().insertText(piece.text, look_of(piece.kind))
    view.moveCursor(view.textCursor().MoveOperation.Start)
    return view


def look_of(change: Change) -> QTextCharFormat:
    """How a stretch is shown."""
    shape = QTextCharFormat()
    if change is Change.DROPPED:
        shape.setBackground(DROPPED)
        shape.setFontStrikeOut(True)
    elif change is Change.ADDED:
        shape.setBackground(ADDED)
        shape.setFontUnderline(True)
    return shape
