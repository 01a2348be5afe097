"""提醒与留痕, a tab of 设置: the quiet hours, and the record looked through or taken out."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QTimeEdit

from desk.office import reminding
from desk.topics import monitor
from domain.response import Quiet
from domain.steps.office import SetQuietHours
from gui.kit.form import Form
from gui.kit.moments import time_of
from gui.kit.parts import button, label, row
from gui.office.tab import SettingsTab

START, END = "start", "end"


class RecordTab(SettingsTab):
    name = "提醒与留痕"

    def build(self) -> None:
        self.quiet_from, self.quiet_to = QTimeEdit(), QTimeEdit()
        for field, name in ((self.quiet_from, "免打扰从"), (self.quiet_to, "免打扰到")):
            field.setDisplayFormat("HH:mm")
            field.setAccessibleName(name)
        self.form = Form(self, {START: self.quiet_from, END: self.quiet_to})
        self.forms = (self.form,)
        self.proof = label("", "secondary", True)
        self.lay_out(
            label("提醒", "title"),
            row(label("免打扰从"), self.quiet_from, label("到"), self.quiet_to, button("保存", self.save_quiet), None),
            self.form.note,
            label("免打扰时段不影响特别重大、重大突发事件的时限；没有弹出的提醒在“提醒”里能看到。", "secondary", True),
            label("留痕", "title"),
            row(button("检查留痕", self._verify), button("导出留痕…", self._export), self.proof, None),
            label(f"数据文件夹：{self.operations.folder}", "secondary"),
        )

    def refresh(self) -> None:
        self.operations.read(reminding.quiet_hours, self._show)

    def _show(self, quiet: Quiet) -> None:
        self.form.show({START: quiet.start, END: quiet.end})

    def save_quiet(self) -> None:
        """Keep the quiet hours as they stand here."""
        sent, step = self.form.values(), SetQuietHours(time_of(self.quiet_from), time_of(self.quiet_to))
        self.take(step, lambda _: self.form.saved(sent))

    def _verify(self) -> None:
        def show(verified: tuple[int, int | None]) -> None:
            count, misfit = verified
            self.proof.setText(
                f"共 {count} 条，链条完整。" if misfit is None else f"第 {misfit} 条与链条不符，此后可能被改动过。"
            )

        self.operations.run(monitor.verify_record, show)

    def _export(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "导出留痕", "留痕.jsonl", "JSON Lines (*.jsonl)")
        if name:
            self.operations.run(
                lambda database: monitor.export_record(database, Path(name)),
                lambda count: self.proof.setText(f"已导出 {count} 条，可用 docs/verify_record.py 独立核验。"),
            )
