"""统计: the figures of a period beside those of the one before; every number leads to its cases; the ledger as Excel."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSplitter,
    QTabWidget,
    QWidget,
)

from desk.reporting import ledger
from domain.concern import ConcernState
from domain.response import InTime
from domain.times import china_day, exact
from gui.kit.moments import day_field, day_of
from gui.kit.page import Page
from gui.kit.parts import Column, OrEmpty, RowsModel, Table, button, column, label, row
from gui.operations import CONCERNS

if TYPE_CHECKING:
    from desk.data import Database

CHART_WIDTH = 820  # pixels


class StatisticsPage(Page):
    title, shows = "统计", frozenset({CONCERNS})

    def build(self) -> None:
        today = china_day(self.now())
        self.rows: list[ledger.LedgerRow] = []
        self.start, self.end = day_field(date(today.year, 1, 1)), day_field(today)
        for edit in (self.start, self.end):
            edit.dateChanged.connect(lambda _: self.refresh())
        head = row(
            label("统计", "title"),
            None,
            label("发现日期"),
            self.start,
            label("至"),
            self.end,
            button("统计导出…", self._export_figures),
            button("台账导出为 Excel…", self._export),
        )
        tabs = QTabWidget()
        for name, view in (("统计", self._figures()), ("图表", self._charts()), ("台账", self._ledger())):
            tabs.addTab(view, name)
        whole = column(head, tabs, margin=16)
        whole.setStretch(1, 1)
        self.setLayout(whole)

    def _figures(self) -> QWidget:
        """The figures at the left, the cases behind the chosen one at the right."""
        self.figures = Table(
            "统计",
            RowsModel(
                [
                    Column("", lambda f: f.group.label, 96, spare=1),
                    Column("项目", lambda f: f.name, 170, tip=lambda f: f.how or f.name),
                    Column("本期", lambda f: f.said(f.value), 80, True, tip=lambda f: f.how or f.said(f.value)),
                    Column("上期", lambda f: f.said(f.before), 80, True),
                    Column("分子/分母", lambda f: f.parts, 80, True, tip=lambda f: f.how or f.parts),
                    Column("未计入", lambda f: f.left_out, 110, tip=lambda f: f.left_out, spare=2),
                ]
            ),
            stretch=1,
        )
        self.figures.selectionModel().currentRowChanged.connect(lambda *_: self._drill())
        self.box = OrEmpty(self.figures, "这段时间没有判定过的关切。换一个时段。")
        self.cases = Table(
            "台账",
            RowsModel(
                [
                    Column("关切", lambda r: r.concern.title, 220),
                    Column("发现", lambda r: exact(r.concern.found_at)[5:], 106, spare=1),
                    Column("单位", lambda r: r.concern.judgement.unit if r.concern.judgement else "", 110, spare=3),
                    Column("用时(小时)", lambda r: "" if r.hours is None else f"{r.hours:g}", 88, True, spare=2),
                    Column("按时", lambda r: r.in_time.label if r.in_time else "", 64),
                    Column("状态", lambda r: r.concern.state.label, 76),
                ]
            ),
        )
        self.cases.doubleClicked.connect(lambda _: self._open(self.cases))
        left, right = QWidget(), QWidget()
        figures = column(self.box)
        figures.setContentsMargins(0, 8, 0, 0)
        left.setLayout(figures)
        right.setLayout(column(label("所选数字背后的件（双击打开）", "secondary"), self.cases))
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left)
        split.addWidget(right)
        split.setSizes([600, 510])
        return split

    def _charts(self) -> QWidget:
        """The figures drawn as a briefing draws them."""
        self.pictures = QWidget()
        self._drawn = column(margin=12)
        self.pictures.setLayout(self._drawn)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.pictures)
        return scroll

    def _show_charts(self, pictures: list[tuple[str, bytes]]) -> None:
        layout = self._drawn
        while (item := layout.takeAt(0)) is not None:
            if item.widget():
                item.widget().deleteLater()
        for caption, data in pictures:
            drawn = QPixmap()
            drawn.loadFromData(data)
            shown = QLabel()
            shown.setPixmap(drawn.scaledToWidth(CHART_WIDTH, Qt.TransformationMode.SmoothTransformation))
            shown.setAccessibleName(caption)
            layout.addWidget(label(caption, "title"))
            layout.addWidget(shown)
        if not pictures:
            layout.addWidget(label("这段时间没有判定过的关切。换一个时段。", "secondary"))
        layout.addStretch(1)

    def _ledger(self) -> QWidget:
        """The ledger with all its columns (docs/domain.md section 5), live, filtered."""
        self.whole = Table(
            "完整台账", RowsModel([_column(name, value) for name, value in ledger.COLUMNS.items()]), stretch=4
        )
        self.whole.horizontalHeader().setSectionResizeMode(4, QHeaderView.ResizeMode.Interactive)
        self.whole.doubleClicked.connect(lambda _: self._open(self.whole))
        self.query = QLineEdit()
        self.query.setPlaceholderText("找：话题、单位、地区、经办人")
        self.query.textChanged.connect(lambda _: self._filter())
        self.state, self.in_time = QComboBox(), QComboBox()
        self.state.addItem("全部状态", None)
        for state in ConcernState:
            self.state.addItem(state.label, state)
        self.in_time.addItem("是否按时", None)
        for in_time in InTime:
            self.in_time.addItem(in_time.label, in_time)
        for box in (self.state, self.in_time):
            box.currentIndexChanged.connect(lambda _: self._filter())
        self.counted = label("", "secondary")
        page = QWidget()
        whole = column(row(self.query, self.state, self.in_time, None, self.counted), self.whole)
        whole.setContentsMargins(0, 8, 0, 0)
        page.setLayout(whole)
        return page

    def _filter(self) -> None:
        wanted, state, in_time = self.query.text().strip(), self.state.currentData(), self.in_time.currentData()
        shown = [
            r
            for r in self.rows
            if (state is None or r.concern.state is state)
            and (in_time is None or r.in_time is in_time)
            and (not wanted or wanted in _searched(r))
        ]
        self.whole.show_rows(shown, lambda r: r.concern.id)
        self.counted.setText(f"{len(shown)} 件")

    def _open(self, table: Table) -> None:
        if chosen := table.chosen():
            self.frame.go_to_case(chosen.concern.id)

    def _days(self) -> tuple[date, date]:
        return day_of(self.start), day_of(self.end)

    def refresh(self) -> None:
        (start, end), now = self._days(), self.now()
        if end < start:
            self.frame.warn("结束日期早于开始日期，请改一下。")
            return

        def read(database: Database) -> tuple[list[ledger.Figure], list[ledger.LedgerRow]]:
            return ledger.comparison(database, start, end, now), ledger.ledger(database, now, start, end)

        self.operations.read(read, self._show)
        self.operations.read(
            lambda database: ledger.statistics_pictures(database, start, end, now), self._show_charts, network=True
        )

    def _show(self, read: tuple[list[ledger.Figure], list[ledger.LedgerRow]]) -> None:
        figures, self.rows = read
        self.figures.show_rows(figures, lambda f: (f.group, f.name))
        self.box.set_empty(not any(f.value for f in figures[:3]))
        self._drill()
        self._filter()

    def _drill(self) -> None:
        chosen = self.figures.chosen()
        ids = set(chosen.ids) if chosen else None
        self.cases.show_rows([r for r in self.rows if ids is None or r.concern.id in ids], lambda r: r.concern.id)

    def _export(self) -> None:
        start, end = self._days()
        name, _ = QFileDialog.getSaveFileName(self, "台账导出", f"台账_{start}_{end}.xlsx", "Excel (*.xlsx)")
        if name:
            now = self.now()
            self.operations.run(
                lambda database: ledger.export_ledger(database, Path(name), now, start, end),
                lambda count: self.frame.tell(f"已导出 {count} 件"),
                network=True,
            )

    def _export_figures(self) -> None:
        start, end = self._days()
        name, _ = QFileDialog.getSaveFileName(self, "统计导出", f"统计_{start}_{end}.xlsx", "Excel (*.xlsx)")
        if name:
            now = self.now()
            self.operations.run(
                lambda database: ledger.export_statistics(database, Path(name), start, end, now),
                lambda count: self.frame.tell(f"已导出 {count} 项"),
                network=True,
            )


def _column(name: str, value: Callable[[ledger.LedgerRow], Any]) -> Column:
    """A column of the ledger: moments as people read them, figures at the right."""

    def text(r: ledger.LedgerRow) -> str:
        cell = value(r)
        if isinstance(cell, datetime):
            return exact(cell)
        return "" if cell is None else f"{cell:g}" if isinstance(cell, float) else str(cell)

    figure = name in ("序号", "用时(小时)", "持续发布次数", "关注量")
    width = 64 if figure else 220 if name == "话题" else 152 if name.endswith(("时间", "时限", "起点")) else 100
    return Column(name, text, width, figure, tip=text)


def _searched(r: ledger.LedgerRow) -> str:
    judged = r.concern.judgement
    return " ".join(
        [r.concern.title, *r.topic.places, r.topic.area, judged.unit if judged else "", judged.by if judged else ""]
    )
