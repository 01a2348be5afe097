"""A correction of a final issue, whole, before it is made: what is agreed to is what was read."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gui.kit.dialog import Dialog
from gui.kit.parts import button, column, label, row
from gui.kit.preview import Preview


class Correction(Dialog):
    """Accepted once somebody agreed to the text that stands in `shown`."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("另出一期更正")
        self.resize(820, 640)
        self.shown = Preview()
        self.shown.setOpenLinks(False)
        self.shown.setAccessibleName("更正的全文")
        note = label("定稿的就是下面的文字，以后不再改变。", "secondary", True)
        steps = row(None, button("取消", self.reject), button("定稿并导出", self.accept, True))
        self.setLayout(column(note, self.shown, steps, margin=16))
