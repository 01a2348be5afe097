"""Marks in a text that is shown: stretches that stand out, without a change to the text."""

from __future__ import annotations

from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit


def mark(view: QTextEdit | QPlainTextEdit, start: int, end: int, look: QTextCharFormat) -> QTextEdit.ExtraSelection:
    """The characters [start, end) of a view in another look; for its setExtraSelections."""
    cursor, last = QTextCursor(view.document()), view.document().characterCount() - 1
    cursor.setPosition(min(start, last))  # the text may be another by now
    cursor.setPosition(min(end, last), QTextCursor.MoveMode.KeepAnchor)
    made = QTextEdit.ExtraSelection()
    made.cursor = cursor  # type: ignore[attr-defined]  # PySide's stubs leave out both fields
    made.format = look  # type: ignore[attr-defined]
    return made
