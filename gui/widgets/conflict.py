"""Two people met at one case: what the other did, and what was entered here, so that nothing is lost."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from domain.concern import Labelled
from domain.times import exact
from gui.widgets.parts import button, column, label, row


class Conflict(QDialog):
    """Both versions beside each other; what was entered here can be copied and done again."""

    def __init__(self, parent: QWidget, theirs: str, mine: str) -> None:
        super().__init__(parent)
        self.setWindowTitle("别人刚办过这一件")
        self.resize(720, 360)
        sides = []
        for heading, text in (("对方已经做的", theirs), ("您要做的（没有保存，可复制）", mine or "（没有填写内容）")):
            side, shown = QWidget(), QPlainTextEdit(text)
            shown.setReadOnly(True)
            shown.setAccessibleName(heading)
            side.setLayout(column(label(heading, "title"), shown))
            sides.append(side)
        self.setLayout(
            column(
                row(*sides),
                label("页面已经换成最新内容。看过以后，如果仍要办，请再做一次。", "secondary", True),
                row(None, button("知道了", self.accept, True)),
                margin=16,
            )
        )


def words(given: Any) -> str:
    """What was entered in a dialog, as lines to be read and copied."""
    if isinstance(given, dict):
        return "\n" + "\n".join(f"· {words(value)}" for value in given.values() if value not in (None, ""))
    if isinstance(given, Labelled):
        return given.label
    if isinstance(given, datetime):
        return exact(given)
    return given.name if isinstance(given, Path) else str(given)
