"""Two people met at one case: what the other did, and what was entered here, so that nothing is lost."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from domain.concern import Labelled
from domain.times import exact
from gui.kit.dialog import Dialog
from gui.kit.parts import button, column, label, row
from gui.kit.plain import heading

TITLE = "别人刚办过这一件"
HEADS = "对方已经做的", "您要做的（还没有保存，可复制）"
THEN = "页面已经换成最新内容。看过以后，如果仍要办，请再做一次；填写的内容还在。"


class Conflict(Dialog):
    """Both versions beside each other; what was entered here can be copied and done again."""

    def __init__(
        self,
        parent: QWidget,
        theirs: str,
        mine: str,
        title: str = TITLE,
        heads: tuple[str, str] = HEADS,
        then: str = THEN,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(heading(title))
        self.resize(720, 360)
        sides = []
        for head, text in zip(heads, (theirs, mine or "（没有填写内容）")):
            side, shown = QWidget(), QPlainTextEdit(text)
            shown.setReadOnly(True)
            shown.setAccessibleName(head)
            side.setLayout(column(label(head, "title"), shown))
            sides.append(side)
        self.setLayout(
            column(
                row(*sides),
                label(then, "secondary", True),
                row(None, button("知道了", self.accept, True)),
                margin=16,
            )
        )


def words(given: Any) -> str:
    """What was entered in a dialog, as lines to be read and copied."""
    if isinstance(given, dict):
        return "\n" + "\n".join(f"· {words(value)}" for value in given.values() if value not in (None, ""))
    if isinstance(given, bool):
        return "是" if given else "否"
    if isinstance(given, Labelled):
        return given.label
    if isinstance(given, datetime):
        return exact(given)
    return given.name if isinstance(given, Path) else str(given)
