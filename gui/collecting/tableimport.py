"""Importing a table (表格): the mapping of its columns guessed, shown, changed, and saved for the next time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QInputDialog,
    QProgressBar,
    QWidget,
)

from desk.collecting import sourcework, tableimport
from desk.collecting.tableimport import Progress, TablePreview
from desk.execute import execute
from domain.person import Actor
from domain.steps.sources import SaveColumns
from gui.kit.dialog import Dialog
from gui.kit.frame import Frame
from gui.kit.parts import Column, RowsModel, Table, button, column, label, row
from gui.kit.plain import heading
from gui.operations import ARTICLES, CONCERNS, SOURCES, TOPICS, Operations

if TYPE_CHECKING:
    from desk.data import Database

NONE = "（没有这一列）"


def choose_table(parent: QWidget, operations: Operations, frame: Frame) -> None:
    """Pick a table, look at its columns, and keep its rows; the collector sorts them into topics at once."""
    name, _ = QFileDialog.getOpenFileName(parent, "导入表格", "", "表格 (*.csv *.xlsx *.xlsm *.xls *.tsv *.txt)")
    if name:
        path = Path(name)
        operations.run(
            lambda database: (tableimport.look_at(path), sourcework.table_presets(database)),
            lambda looked: TableImport(parent, operations, frame, path, *looked).open(),
            network=True,
        )


class TableImport(Dialog):
    """Which column is what, with the first rows below; then how far the import is, and a way to stop it."""

    progressed = Signal(object)

    def __init__(
        self,
        parent: QWidget,
        operations: Operations,
        frame: Frame,
        path: Path,
        sheet: TablePreview,
        presets: dict[str, dict[str, str]],
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(heading(f"导入 {tableimport.shown(path)}"))
        self.resize(860, 560)
        self._operations, self._frame, self._path, self._sheet = operations, frame, path, sheet
        self.preset = QComboBox()
        self.preset.addItem("自动识别", None)
        for name, mapping in presets.items():
            self.preset.addItem(name, mapping)
        self.preset.currentIndexChanged.connect(lambda _: self._fill(self.preset.currentData() or {}))
        self.fields: dict[str, QComboBox] = {}
        form = QFormLayout()
        form.addRow("列对应方案", self.preset)
        for field in tableimport.fields():
            box = QComboBox()
            box.addItems([NONE, *sheet.headings])
            box.setAccessibleName(field)
            self.fields[field] = box
            form.addRow(field, box)
        self.rows = Table(
            "前几行",
            RowsModel([Column(heading, _cell(i), 150) for i, heading in enumerate(sheet.headings)]),
        )
        self.rows.show_rows(sheet.rows, id)
        self.save = QCheckBox("把这次的对应存为方案")
        notes = "".join(sheet.notes)
        self.said = label(
            f"下面是前 {len(sheet.rows)} 行。看看每一列对应得对不对；姓名、电话等列不会导入。{notes}", "secondary", True
        )
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.meter = QProgressBar()
        self.meter.setRange(0, 1000)
        self.meter.setAccessibleName("导入进度")
        self.meter.hide()
        self.leave, self.start = button("取消", self.reject), button("导入", self._import, True)
        self._stop = threading.Event()
        self._running = False
        self.progressed.connect(self._show_progress)
        whole = column(self.said, self.rows, self.meter, row(self.save, None, self.leave, self.start), margin=16)
        whole.insertLayout(1, form)
        self.setLayout(whole)
        self._fill({})

    def _fill(self, chosen: dict[str, str]) -> None:
        mapping = tableimport.guessed(self._sheet, chosen)
        for field, box in self.fields.items():
            box.setCurrentText(mapping.get(field, NONE))

    def _import(self) -> None:
        mapping = {field: box.currentText() for field, box in self.fields.items() if box.currentText() != NONE}
        if "标题" not in mapping and "正文" not in mapping:
            self.said.setText("请至少指明“标题”或“正文”是哪一列。")
            return
        name = ""
        if self.save.isChecked():
            name, good = QInputDialog.getText(self, "保存方案", "方案名称：", text=self._path.stem)
            if not good:
                return
        now, path, sheet = self._operations.clock.now(), self._path, self._sheet
        stop = self._stop = threading.Event()

        def work(database: Database) -> tableimport.Imported:
            if name:
                execute(database, SaveColumns(name, mapping), Actor(self._frame.person), now)
            table = sheet.table(mapping)
            return tableimport.import_table(database, path, table, now, self.progressed.emit, stop.is_set)

        self._work(True)
        self._operations.run(
            work,
            self._imported,
            frozenset({ARTICLES, SOURCES, TOPICS, CONCERNS}),
            network=True,
            failed=self._failed,
        )

    def reject(self) -> None:
        """Close; while rows come in, stop them first."""
        if not self._running:
            super().reject()
            return
        self._stop.set()
        self.leave.setEnabled(False)
        self.said.setText("正在停下……")

    def _work(self, running: bool) -> None:
        """Show that rows come in, or that they do not any more."""
        self._running = running
        self.start.setEnabled(not running)
        self.preset.setEnabled(not running)
        self.save.setEnabled(not running)
        for box in self.fields.values():
            box.setEnabled(not running)
        self.meter.setVisible(running)
        self.leave.setEnabled(True)
        self.leave.setText("停止" if running else "关闭")
        if running:
            self.meter.setValue(0)
            self.said.setText("正在读取……可以随时停止，已经导入的会留下。")

    def _show_progress(self, progress: Progress) -> None:
        if self._running and not self._stop.is_set():
            self.meter.setValue(round(progress.share * 1000))
            self.said.setText(f"{progress.doing}，完成 {progress.share:.0%}。可以随时停止，已经导入的会留下。")

    def _imported(self, imported: tableimport.Imported) -> None:
        """All is in, or it was stopped; what could not be read stays on the screen until it is closed."""
        self._work(False)
        self._tell(imported)
        if imported.whole and not (imported.troubles or imported.notes):
            self.accept()
            return
        self.said.setText(imported.said)
        self.start.setText("再导入一次" if imported.whole else "接着导入")

    def _tell(self, imported: tableimport.Imported) -> None:
        """Say it at the window's strip, and have the collector sort what came in."""
        outcome = f"导入 {imported.new} 条，{imported.known} 条已经有了。"
        self._frame.tell(outcome, collect=True)
        self._frame.announce(outcome)  # whoever waited for it may have been elsewhere

    def _failed(self, refusal: object) -> None:
        self._work(False)
        self.said.setText(str(refusal))
        self.start.setText("再试一次")


def _cell(at: int) -> Callable[[Sequence[str]], str]:
    """How a row's cell in a column reads; short rows have none at the end."""
    return lambda cells: cells[at] if at < len(cells) else ""
