"""备份, a tab of 设置: how the last one went, the plan, the backups there are, and restoring one of them."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QFormLayout, QLineEdit, QSpinBox, QWidget

from desk.office import backups
from desk.office.backups import BackupStatus, StoredBackup
from domain.steps.office import SetBackupPlan
from domain.times import exact, said
from gui.kit.asking import agreed
from gui.kit.form import Form
from gui.kit.parts import Column, OrEmpty, RowsModel, Table, button, label, row
from gui.kit.plain import tip
from gui.office.tab import SettingsTab

if TYPE_CHECKING:
    from desk.data import Database
    from desk.office.backups import Check, Manifest, State


class BackupTab(SettingsTab):
    """The office's backups; restoring goes through the window, which lets go of the store meanwhile."""

    name = "备份"

    def build(self) -> None:
        self.status = label("", "", True)
        self.status.setAccessibleName("备份情况")
        self.now_button = button("立即备份", self._make, True, "备份到下面的位置，并试恢复一遍")
        self.at, self.place, self.second = QLineEdit(), QLineEdit(), QLineEdit()
        self.at.setPlaceholderText("每天几点自动备份，如 02:30；空着就不自动备份")
        self.place.setPlaceholderText("空着就是数据文件夹里的“备份”")
        self.second.setPlaceholderText("U 盘或网络文件夹；空着就不要第二处")
        self.daily, self.weekly = QSpinBox(), QSpinBox()
        self.daily.setRange(1, 365)
        self.weekly.setRange(0, 520)
        for name, field in (
            ("备份时刻", self.at),
            ("备份位置", self.place),
            ("第二处", self.second),
            ("每日保留", self.daily),
            ("每周保留", self.weekly),
        ):
            field.setAccessibleName(name)
        self.form = Form(
            self,
            {  # by the fields of a BackupPlan
                "at": self.at,
                "folder": self.place,
                "second": self.second,
                "daily": self.daily,
                "weekly": self.weekly,
            },
        )
        self.forms = (self.form,)
        self.table = Table(
            "备份",
            RowsModel(
                [
                    Column("备份时间", lambda k: exact(k.made_at) if k.made_at else "不明", 140),
                    Column("检查", _checked, 240, tip=_checked),
                    Column("大小", lambda k: f"{k.size / 1e6:.1f} MB", 90, True, order=lambda k: k.size, spare=1),
                    Column("文件", lambda k: str(k.path), 300, tip=lambda k: str(k.path)),
                ]
            ),
            stretch=3,
        )
        self.table.setMinimumHeight(180)
        self.box = OrEmpty(self.table, "还没有备份。点“立即备份”。")
        head = row(self.status, self.now_button)
        head.setStretch(0, 1)  # the words take the room, the button what it needs
        self.lay_out(
            head,
            self._plan_view(),
            self.form.note,
            row(button("保存", self._save, True), None),
            self.box,
            row(
                button("恢复…", self._restore_chosen, tip="用选中的备份替换现在的数据"),
                button("从文件恢复…", self._restore_file),
                button("再试恢复一遍", self._try),
                button("打开文件夹", self._open),
                None,
            ),
        )

    def _plan_view(self) -> QWidget:
        view = QWidget()
        layout = QFormLayout(view)
        layout.setSpacing(8)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addRow("时刻", self.at)
        layout.addRow("位置", row(self.place, button("选…", lambda: self._choose(self.place))))
        layout.addRow(
            "第二处", row(self.second, button("选…", lambda: self._choose(self.second), tip="第二处选一个文件夹"))
        )
        kept = row(
            label("最近"), self.daily, label("天每天一份，"), self.weekly, label("周每周一份；完好的最后一份不删"), None
        )
        layout.addRow("保留", kept)
        return view

    def refresh(self) -> None:
        folder, now = self.operations.folder, self.page.now()

        def read(database: Database) -> tuple[BackupStatus, list[StoredBackup]]:
            stand = backups.standing(database, folder, now)
            return stand, backups.listing(folder, stand.plan)

        self.operations.read(read, self._show)

    def _show(self, read: tuple[BackupStatus, list[StoredBackup]]) -> None:
        stand, kept = read
        self.status.setText(f"▲ {stand.warning}" if stand.warning else stand.told)
        self.status.setToolTip(
            tip(f"上一次：{said(stand.state.made_at, self.page.now())}" if stand.state.made_at else "")
        )
        self.form.show(asdict(stand.plan))
        self.table.show_rows(kept, lambda k: k.path)
        self.box.set_empty(not kept)

    def _make(self) -> None:
        from desk.data import address

        folder, url, now, who = self.operations.folder, self.operations.url, self.page.now(), self.page.person
        self.now_button.setEnabled(False)
        self.status.setText("正在备份，可以继续办公…")

        def work(database: Database) -> State:
            return backups.make(folder, address(folder, url), backups.plan(database), now, who)

        def done(state: State) -> None:
            self.now_button.setEnabled(True)
            if state.fault:
                self.page.frame.warn(state.fault)
            self.refresh()

        def failed(sentence: str) -> None:
            self.now_button.setEnabled(True)
            self.status.setText(f"▲ {sentence}")

        self.operations.run(work, done, network=True, failed=failed)

    def _save(self) -> None:
        sent = self.form.values()
        step = SetBackupPlan(sent["at"], sent["folder"], sent["second"], sent["daily"], sent["weekly"])
        self.take(step, lambda _: self.form.saved(sent))

    def _try(self) -> None:
        kept = self.table.chosen()
        if kept is None:
            self.page.frame.warn("请先在列表里选一份备份。")
            return
        folder, now = self.operations.folder, self.page.now()
        self.status.setText(f"正在试恢复 {kept.path.name}…")

        def done(check: Check) -> None:
            self.refresh()
            if not check.good:
                self.page.frame.warn(f"{kept.path.name}：{check.told}")

        self.operations.run(lambda _: backups.try_again(folder, kept.path, now), done, network=True)

    def _choose(self, field: QLineEdit) -> None:
        name = QFileDialog.getExistingDirectory(self, "选文件夹", field.text())
        if name:
            field.setText(name)

    def _open(self) -> None:
        kept = self.table.chosen()
        folder = kept.path.parent if kept else Path(self.place.text() or self.operations.folder / backups.PLACE)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def _restore_chosen(self) -> None:
        kept = self.table.chosen()
        if kept is None:
            self.page.frame.warn("请先在列表里选一份备份，或用“从文件恢复…”。")
            return
        self.restore(kept.path)

    def _restore_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "从文件恢复", "", "闻应备份 (*.zip)")
        if name:
            self.restore(Path(name))

    def restore(self, file: Path) -> None:
        """Say what would be replaced by what, and restore when that is agreed to."""
        from desk.topics.monitor import verify_record

        def read(database: Database) -> tuple[Manifest, int]:
            return backups.manifest_of(file), verify_record(database)[0]

        def ask(read: tuple[Manifest, int]) -> None:
            manifest, entries = read
            made = exact(manifest.made_at) if manifest.made_at else "不明时间"
            held = f"（留痕 {manifest.entries} 条）" if manifest.entries is not None else ""
            if agreed(
                self,
                "恢复备份",
                f"用 {made} 的备份{held}替换现在的数据（留痕 {entries} 条）？\n{file}\n\n"
                "替换的有：数据库、凭据、简报、交接班单、图解。备份之后办的件、写的稿、改的设置都不在里面。\n"
                "现在的数据整个移到数据文件夹里的“恢复前_日期_时间”，不会删除。\n"
                "先检查备份，不好就不换。采集会停一会儿，做完自动接着采。",
                "恢复",
            ):
                self.page.frame.restore_from(file)

        self.operations.read(read, ask, place=(self, "restore"), network=True)


def _checked(kept: StoredBackup) -> str:
    if kept.check is None:
        return "还没有检查过"
    return f"{'✓' if kept.check.good else '▲'} {kept.check.told}"
