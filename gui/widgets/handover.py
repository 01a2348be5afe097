"""The hand-over sheet (交接班) on the screen, with both names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from desk import handover
from domain.times import exact
from gui.operations import Operations
from gui.widgets.parts import button, label, row


class HandOver(QDialog):
    """What one shift hands to the next; 写成交接班单 makes the Word file and puts it on the record."""

    def __init__(self, parent: QWidget, operations: Operations, person: str, names: list[str]) -> None:
        super().__init__(parent)
        self.operations = operations
        self.setWindowTitle("交接班")
        self.resize(680, 560)
        self.sheet, self.remarks = QTextBrowser(), QPlainTextEdit()
        self.sheet.setOpenLinks(False)
        self.sheet.setAccessibleName("交接班内容")
        self.remarks.setPlaceholderText("其他要交代的事")
        self.remarks.setFixedHeight(72)
        self.leaving, self.coming, self.told = QLineEdit(person), QComboBox(), label("", "secondary", True)
        self.coming.setEditable(True)
        self.coming.addItems([name for name in names if name != person])
        if not names:
            self.coming.setCurrentText("")
        form = QFormLayout()
        form.addRow("交班人", self.leaving)
        form.addRow("接班人", self.coming)
        form.addRow("其他事项", self.remarks)
        layout = QVBoxLayout(self)
        layout.addWidget(self.sheet, 1)
        layout.addLayout(form)
        layout.addLayout(row(self.told, None, button("写成交接班单", self._write, True)))
        now = operations.clock.now()
        operations.run(lambda database: handover.handover(database, now), self._show)

    def _show(self, found: handover.Handover) -> None:
        lines = [f"{exact(found.start)} 至 {exact(found.end)}", ""]
        for name, items in (
            ("本班新增关切", found.new),
            ("下一班到期的时限", found.due),
            ("已承诺的发布", found.promised),
            ("等待研判和答复", found.waiting),
            ("本班已发布", found.done),
        ):
            lines += [name, *(f"　{item}" for item in items or ("无",)), ""]
        self.sheet.setPlainText("\n".join(lines))

    def _write(self) -> None:
        leaving, coming, remarks = self.leaving.text(), self.coming.currentText(), self.remarks.toPlainText()
        now, folder = self.operations.clock.now(), self.operations.folder / "交接班"

        def done(path: Any) -> None:
            self.told.setText(f"已写成 {Path(path).name}，在数据文件夹的“交接班”里。")

        self.operations.run(lambda database: handover.hand_over(database, folder, leaving, coming, remarks, now), done)
