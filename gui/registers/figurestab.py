"""数字: the figures of all registers over some days, each with its denominator, what is left out, and the rows behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from desk.registers import reading, tables
from domain.registerfigures import RegisterFigure
from domain.registers import RegisterKind
from domain.times import china_day
from gui.kit.moments import day_field, day_of
from gui.kit.page import Page
from gui.kit.parts import Column, OrEmpty, RowsModel, Table, button, column, label, row


class FiguresTab(QWidget):
    """`page` is the page that it stands on; `show` leads to rows of a register."""

    def __init__(self, page: Page, show: Callable[[RegisterKind, tuple[int, ...]], None]) -> None:
        super().__init__()
        self.page, self._lead = page, show
        today = china_day(page.now())
        self.start, self.end = day_field(date(today.year, 1, 1)), day_field(today)
        for edit in (self.start, self.end):
            edit.dateChanged.connect(lambda _: self.refresh())
        self.table = Table(
            "台账数字",
            RowsModel(
                [
                    Column("台账", lambda f: f.kind.label, 120),
                    Column("项目", lambda f: f.name, 220),
                    Column("数", lambda f: str(f.value), 80, True),
                    Column("总数", lambda f: "" if f.whole is None else str(f.whole), 80, True),
                    Column("占比", lambda f: f.share, 80, True),
                    Column("说明", lambda f: f.left_out, 220),
                ]
            ),
            stretch=1,
        )
        self.table.doubleClicked.connect(lambda _: self._drill())
        self.box = OrEmpty(self.table, "这段时间台账里没有登记。换一个时段，或先在各本台账里登记、导入。")
        note = label("双击看背后的行；及时率看的是没有按时的行", "secondary")
        head = row(label("从"), self.start, label("至"), self.end, note, None, button("数字导出…", self._export))
        whole = column(head, self.box)
        whole.setContentsMargins(0, 8, 0, 0)
        self.setLayout(whole)

    def refresh(self) -> None:
        """Count anew."""
        start, end, now = day_of(self.start), day_of(self.end), self.page.now()
        if end < start:
            self.page.frame.warn("结束日期早于开始日期，请改一下。")
            return
        self.page.operations.read(lambda database: reading.figures(database, start, end, now), self._show, place=self)

    def _show(self, figures: list[RegisterFigure]) -> None:
        self.table.show_rows(figures, lambda f: (f.kind, f.name))
        self.box.set_empty(not figures)

    def _drill(self) -> None:
        chosen: RegisterFigure | None = self.table.chosen()
        if chosen is not None:
            self._lead(chosen.kind, chosen.ids)

    def _export(self) -> None:
        start, end, now = day_of(self.start), day_of(self.end), self.page.now()
        file, _ = QFileDialog.getSaveFileName(
            self.page, "台账数字导出", f"政务公开台账数字_{start}_{end}.xlsx", "Excel (*.xlsx)"
        )
        if file:
            self.page.operations.run(
                lambda database: tables.export_figures(database, Path(file), start, end, now),
                lambda count: self.page.frame.tell(f"已导出 {count} 项"),
                network=True,
            )
