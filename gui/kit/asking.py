"""Questions that are answered by a click; what they name comes from outside and is shown as plain text."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget
from shiboken6 import isValid


def agreed(parent: QWidget, title: str, text: str, yes: str, no: str = "取消") -> bool:
    """Whether somebody agreed; the answer that changes nothing is the one that Enter and Esc give.

    A question that goes away with the window behind it was not agreed to.
    """
    asked = QMessageBox(QMessageBox.Icon.Question, title, "", parent=parent)
    asked.setTextFormat(Qt.TextFormat.PlainText)
    asked.setText(text)
    good = asked.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    bad = asked.addButton(no, QMessageBox.ButtonRole.RejectRole)
    asked.setDefaultButton(bad)
    asked.setEscapeButton(bad)
    asked.exec()
    if not isValid(asked):
        return False
    clicked = asked.clickedButton() is good
    asked.deleteLater()
    return clicked
