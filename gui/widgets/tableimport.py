"""Importing a table (表格): the mapping of its columns guessed, shown, changed, and saved for the next time."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QFileDialog, QFormLayout, QInputDialog, QWidget

from desk import collect, sourcework
from gui.operations import ARTICLES, CONCERNS, SOURCES, TOPICS, Operations
from gui.widgets.parts import Column, RowsModel, Table, button, column, label, row
from sources.spreadsheets import FIELDS, Sheet, mapped, read_sheet

NONE = "（没有这一列）"


def choose_table(parent: QWidget, operations: Operations, person: str) -> None:
    """Pick a table, look at its columns, and keep its rows; the collector sorts them into topics at once."""
    name, _ = QFileDialog.getOpenFileName(parent, "导入表格", "", "表格 (*.csv *.xlsx)")
    if name:
        path = Path(name)
        operations.run(
            lambda database: (read_sheet(path), sourcework.table_presets(database)),
            lambda found: TableImport(parent, operations, person, path, *found).open(),
        )


class TableImport(QDialog):
    """Which column is what, with the first rows below."""

    def __init__(
        self,
        parent: QWidget,
        operations: Operations,
        person: str,
        path: Path,
        sheet: Sheet,
        presets: dict[str, dict[str, str]],
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"导入 {path.name}")
        self.resize(860, 560)
        self._operations, self._person, self._path, self._sheet = operations, person, path, sheet
        self.preset = QComboBox()
        self.preset.addItem("自动识别", None)
        for name, mapping in presets.items():
            self.preset.addItem(name, mapping)
        self.preset.currentIndexChanged.connect(lambda _: self._fill(self.preset.currentData() or {}))
        self.fields: dict[str, QComboBox] = {}
        form = QFormLayout()
        form.addRow("列对应方案", self.preset)
        for field in FIELDS:
            box = QComboBox()
            box.addItems([NONE, *sheet.headings])
            box.setAccessibleName(field)
            self.fields[field] = box
            form.addRow(field, box)
        self.rows = Table(
            "前几行",
            RowsModel(
                [Column(h, lambda r, i=i: r[i] if i < len(r) else "", 150) for i, h in enumerate(sheet.headings)]
            ),
        )
        self.rows.show_rows(sheet.rows[:20], id)
        self.save = QCheckBox("把这次的对应存为方案")
        self.said = label(
            f"共 {len(sheet.rows)} 行。看看每一列对应得对不对；姓名、电话等列不会导入。", "secondary", True
        )
        whole = column(
            self.said,
            self.rows,
            row(self.save, None, button("取消", self.reject), button("导入", self._import, True)),
            margin=16,
        )
        whole.insertLayout(1, form)
        self.setLayout(whole)
        self._fill({})

    def _fill(self, chosen: dict[str, str]) -> None:
        mapping = mapped(self._sheet.headings, {k: v for k, v in chosen.items() if v in self._sheet.headings})
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
        now, path, sheet, window = self._operations.clock.now(), self._path, self._sheet, self.parent().window()

        def work(database) -> tuple[int, int]:  # type: ignore[no-untyped-def]
            if name:
                sourcework.save_preset(database, name, mapping, self._person, now)
            return collect.import_table(database, path, sheet.table(mapping), now)

        self._operations.run(
            work,
            lambda found: window.tell(f"导入 {found[0]} 条，{found[1]} 条已经有了。", collect=True),
            frozenset({ARTICLES, SOURCES, TOPICS, CONCERNS}),
        )
        self.accept()
