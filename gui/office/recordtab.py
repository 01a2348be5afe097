"""提醒与留痕, a tab of 设置: the quiet hours, and the record looked through or taken out."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QLineEdit, QPlainTextEdit, QTimeEdit

from desk.execute import execute
from desk.office import anchors, reminding
from desk.topics import monitor
from domain.person import Actor
from domain.record import Verdict
from domain.response import Quiet
from domain.steps.office import ConfirmRecord, SetQuietHours
from gui.kit.form import Form
from gui.kit.moments import time_of
from gui.kit.parts import button, label, row
from gui.kit.stepform import StepForm
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
        self.printed = QLineEdit()
        self.printed.setPlaceholderText("核对纸上的末条，如 128 3fa9c1d2e4b5a697（可不填）")
        self.printed.setAccessibleName("纸上的末条")
        self.accept = button("已查清，记下…", self._confirm)
        self.accept.hide()
        self._lacking: tuple[str, ...] = ()
        self.lay_out(
            label("提醒", "title"),
            row(label("免打扰从"), self.quiet_from, label("到"), self.quiet_to, button("保存", self.save_quiet), None),
            self.form.note,
            label("免打扰时段不影响特别重大、重大突发事件的时限；没有弹出的提醒在“提醒”里能看到。", "secondary", True),
            label("留痕", "title"),
            row(
                button("检查留痕", self.verify),
                self.printed,
                self.accept,
                button("导出留痕…", self._export),
                None,
            ),
            self.proof,
            label(
                "检查的是：每条与前一条相扣；本机看过的、备份里的、备份旁“留痕锚点.txt”里的末条，现在都还在。"
                "最后几条被删、整条链被重写，只有和别处存下的末条比才看得出。",
                "secondary",
                True,
            ),
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

    def verify(self) -> None:
        """Hold the record against its chain and the heads laid down elsewhere; beside the window, for it may take long."""
        folder, printed = self.operations.folder, self.printed.text()
        self.proof.setText("正在检查…")
        self.operations.run(
            lambda database: anchors.checked(database, folder, printed),
            self._show_verdict,
            network=True,
            failed=lambda said: self.proof.setText(str(said)),
        )

    def _show_verdict(self, verdict: Verdict) -> None:
        self._lacking = tuple(str(seen.head) for seen in verdict.lacking)
        self.accept.setVisible(bool(self._lacking) and verdict.misfit is None)
        self.proof.setText(
            "\n".join([verdict.said, *(f"{one.where}：第 {one.head.sequence} 条" for one in verdict.lacking[1:9])])
        )

    def _confirm(self) -> None:
        lacking, who = self._lacking, self.page.person
        form = StepForm(self, "已查清，记下", "记下以后不再为这些末条提示；查清的情况写进留痕，不能修改。")
        field = QPlainTextEdit()
        form.add("why", "查清的情况", field, field.toPlainText, needed="请写明查清的情况和原因。")
        form.submit(
            self.operations,
            lambda db, given: execute(db, ConfirmRecord(lacking, given["why"]), Actor(who), self.page.now()),
            lambda _: self.verify(),
        )

    def _export(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "导出留痕", "留痕.jsonl", "JSON Lines (*.jsonl)")
        if name:
            self.operations.run(
                lambda database: monitor.export_record(database, Path(name)),
                lambda count: self.proof.setText(f"已导出 {count} 条，可用 docs/verify_record.py 独立核验。"),
            )
