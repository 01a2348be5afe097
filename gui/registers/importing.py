"""Importing a table into a register: which column is which field, what is filled in for all rows, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QFormLayout, QPlainTextEdit, QProgressBar, QWidget

from desk.registers import tables
from domain.person import Actor
from domain.registers import Register
from gui.kit.dialog import Dialog
from gui.kit.page import Page
from gui.kit.parts import Column, RowsModel, Scrolled, Table, button, column, label, row
from gui.kit.plain import heading
from gui.operations import REGISTERS

if TYPE_CHECKING:
    from desk.data import Database

NONE = "（没有这一列）"
FIELDS_HIGH, ROWS_HIGH = 300, 150  # pixels


def choose_table(page: Page, register: Register, then: Callable[[], None]) -> None:
    """Pick a table, look at its columns, and enter its rows."""
    name, _ = QFileDialog.getOpenFileName(page, "导入表格", "", "表格 (*.xlsx *.xlsm *.csv *.xls *.tsv *.txt)")
    if name:
        path = Path(name)
        page.operations.run(
            lambda _: tables.look_at(path, register.kind),
            lambda sheet: RegisterImport(page, register, path, sheet, then).open(),
            network=True,
        )


class RegisterImport(Dialog):
    """For each field a column, or one value for all rows where it is a choice; the first rows below."""

    progressed = Signal(object)  # the share that is done

    def __init__(
        self, page: Page, register: Register, path: Path, sheet: tables.TablePreview, then: Callable[[], None]
    ) -> None:
        super().__init__(page)
        self.setWindowTitle(heading(f"导入{register.kind.label}：{tables.shown(path)}"))
        self.resize(820, 600)
        self._page, self._register, self._path, self._sheet, self._then = page, register, path, sheet, then
        guessed = tables.guessed(sheet, register.kind)
        self.fields: dict[str, QComboBox] = {}
        form, held = QFormLayout(), QWidget()
        for one in register.fields:
            box = QComboBox()
            box.addItem(NONE, None)
            for name in sheet.headings:
                box.addItem(name, name)
            for choice in one.choices or ():
                box.addItem(f"统一填：{choice.label}", choice)
            box.setCurrentIndex(max(0, box.findData(guessed.get(one.key))) if one.key in guessed else 0)
            box.setAccessibleName(one.label)
            self.fields[one.key] = box
            form.addRow(f"{one.label}{' *' if one.needed else ''}", box)
        held.setLayout(form)
        scrolled = Scrolled(held)
        scrolled.setMinimumHeight(FIELDS_HIGH)
        self.rows = Table("前几行", RowsModel([Column(name, _cell(i), 150) for i, name in enumerate(sheet.headings)]))
        self.rows.show_rows(sheet.rows, id)
        self.rows.setFixedHeight(ROWS_HIGH)
        said = "看看每一栏对应哪一列；带 * 的必填，表里没有的可以统一填一个值。姓名、电话等列不要对应。"
        self.said = label(f"{said}{''.join(sheet.notes)}", "secondary", True)
        self.troubles = QPlainTextEdit()
        self.troubles.setReadOnly(True)
        self.troubles.setAccessibleName("不能导入的行")
        self.troubles.hide()
        self.meter = QProgressBar()
        self.meter.setRange(0, 1000)
        self.meter.setAccessibleName("导入进度")
        self.meter.hide()
        self.progressed.connect(lambda share: self.meter.setValue(round(share * 1000)))
        self.leave, self.start = button("取消", self.reject), button("导入", self._import, True)
        self.setLayout(
            column(
                self.said, scrolled, self.rows, self.troubles, self.meter, row(None, self.leave, self.start), margin=16
            )
        )

    def _import(self) -> None:
        mapping = {key: box.currentData() for key, box in self.fields.items() if isinstance(box.currentData(), str)}
        constants: dict[str, Any] = {
            key: box.currentData() for key, box in self.fields.items() if not isinstance(box.currentData(), str | None)
        }
        path, kind, sheet, page = self._path, self._register.kind, self._sheet, self._page
        actor = Actor(page.person)

        def work(database: Database) -> tables.RowsTaken:
            table = sheet.table(mapping)
            return tables.import_rows(database, path, kind, table, constants, actor, page.now, self.progressed.emit)

        self._working(True)
        page.operations.run(work, self._taken, frozenset({REGISTERS}), network=True, failed=self._failed)

    def reject(self) -> None:
        """Not while rows come in: those of a step are taken whole."""
        if self.leave.isEnabled():
            super().reject()

    def _working(self, on: bool) -> None:
        for each in (self.leave, self.start, *self.fields.values()):
            each.setEnabled(not on)
        self.meter.setVisible(on)
        self.meter.setValue(0)
        if on:
            self.said.setText("正在导入……")

    def _taken(self, taken: tables.RowsTaken) -> None:
        """All is in; rows that could not be taken stay on the screen, each with why, until it is closed."""
        self._working(False)
        self._page.frame.tell(f"{taken.counts}。")
        if not taken.troubles and not taken.notes:
            self.accept()
            return
        self.said.setText(f"{taken.counts}。{''.join(taken.notes)}")
        if taken.troubles:
            self.said.setText(f"{taken.counts}，{len(taken.troubles)} 行不能用。改好表格后再导入一次，已有的不会重复。")
            self.troubles.setPlainText("\n".join(map(str, taken.troubles)))
            self.troubles.show()
        self.leave.setText("关闭")
        self.start.setText("再导入一次")
        self.keep()

    def _failed(self, refusal: object) -> None:
        self._working(False)
        self.said.setText(str(refusal))


def _cell(at: int) -> Callable[[Sequence[str]], str]:
    """How a row's cell in a column reads; short rows have none at the end."""
    return lambda cells: cells[at] if at < len(cells) else ""
