"""The hand-over sheet (交接班) on the screen, with both names."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from desk.execute import execute
from desk.office import handover
from domain.person import Actor
from domain.steps import office as steps
from domain.times import exact
from gui.kit.dialog import Dialog
from gui.kit.parts import button, label, row
from gui.operations import Operations


class HandOver(Dialog):
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
        self.leaving, self.coming, self.outcome = QLineEdit(person), QComboBox(), label("", "secondary", True)
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
        layout.addLayout(row(self.outcome, None, button("写成交接班单", self._write, True)))
        now = operations.clock.now()
        operations.read(lambda database: handover.handover(database, now), self._show)

    def _show(self, sheet: handover.Handover) -> None:
        lines = [f"{exact(sheet.start)} 至 {exact(sheet.end)}", ""]
        for name, items in (
            ("本班新增关切", sheet.new),
            ("下一班到期的时限", sheet.due),
            ("已承诺的发布", sheet.promised),
            ("等待研判和答复", sheet.waiting),
            ("本班已发布", sheet.done),
        ):
            lines += [name, *(f"　{item}" for item in items or ("无",)), ""]
        self.sheet.setPlainText("\n".join(lines))

    def _write(self) -> None:
        leaving, coming, remarks = self.leaving.text(), self.coming.currentText(), self.remarks.toPlainText()
        now, folder = self.operations.clock.now(), self.operations.folder
        written = self._typed()

        def done(path: Path) -> None:
            if written == self._typed():
                self.keep()
            self.outcome.setText(f"已写成 {path.name}，在数据文件夹的“交接班”里。")

        self.operations.run(
            lambda database: execute(database, steps.HandOver(coming, remarks), Actor(leaving), now, folder=folder),
            done,
            failed=self.outcome.setText,
        )
