"""信源: where articles come from, and which of them is in trouble."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QFileDialog, QLineEdit, QMenu

from desk.collecting import sourcework
from desk.collecting.sourcework import SourceView
from desk.execute import execute
from domain.article import Article, SourceState
from domain.person import Actor
from domain.steps.sources import ChangeSources, PauseSources, RemoveSources
from domain.times import exact, said, span
from gui.collecting.sourceforms import AddSource, changes_of, edit_form
from gui.collecting.tableimport import choose_table
from gui.kit.asking import agreed
from gui.kit.dialog import pop_up
from gui.kit.page import Page
from gui.kit.parts import Column, OrEmpty, RowsModel, Table, button, column, label, row
from gui.kit.stepform import Given
from gui.kit.theme import GRADE_COLOURS
from gui.office.welcome import choose_opml
from gui.operations import SOURCES

if TYPE_CHECKING:
    from desk.data import Database

_COLOURS = {SourceState.FAILING: GRADE_COLOURS["I"], SourceState.SILENT: GRADE_COLOURS["II"]}
_SIGNS = {SourceState.FAILING: "▲ ", SourceState.SILENT: "◇ "}


class Shown(Enum):
    """What the list can show beside the sources of one state."""

    ALL = "全部"
    TROUBLE = "出错或静默"


class SourcesPage(Page):
    title, shows = "信源", frozenset({SOURCES})

    def build(self) -> None:
        self.views: list[SourceView] = []
        self.text, self.state = QLineEdit(), QComboBox()
        self.text.setPlaceholderText("按名称、标签、所在地、地址筛选")
        self.text.setClearButtonEnabled(True)
        self.text.textChanged.connect(lambda _: self._fill())
        for shown in Shown:
            self.state.addItem(shown.value, shown)
        for state in SourceState:
            self.state.addItem(state.label, state)
        self.state.currentIndexChanged.connect(lambda _: self._fill())
        self.table = self._list()
        self.box = OrEmpty(self.table, "没有信源。点“添加信源”填一个网址，或导入 OPML。")
        self.counts = label("", "secondary")
        self.setLayout(
            column(
                row(
                    label("信源", "title"),
                    self.text,
                    self.state,
                    None,
                    button("导入 OPML…", lambda: choose_opml(self, self.operations, self.frame)),
                    button("导出 OPML…", self._export),
                    button("导入表格…", lambda: choose_table(self, self.operations, self.frame)),
                    button("添加信源…", self.add, True),
                ),
                self.box,
                row(
                    button("编辑…", self._edit, tip="可多选，一起改层级、所在地、标签"),
                    button("试采", self._try, tip="现在读一次，不保存"),
                    button("暂停", lambda: self._pause(True)),
                    button("恢复", lambda: self._pause(False)),
                    button("删除", self._remove),
                    None,
                    self.counts,
                ),
                margin=16,
            )
        )
        self.text.setMinimumWidth(260)

    def _list(self) -> Table:
        made = Table(
            "信源",
            RowsModel(
                [
                    Column("名称", lambda v: v.source.name, 170, tip=lambda v: v.source.url),
                    Column(
                        "状态",
                        lambda v: _SIGNS.get(v.state, "") + v.state.label,
                        72,
                        colour=lambda v: _COLOURS.get(v.state),
                    ),
                    Column("种类", lambda v: sourcework.kind_name(v.source.kind), 84),
                    Column("层级", lambda v: v.source.tier.label, 84),
                    Column("所在地", lambda v: v.source.place, 70),
                    Column("标签", lambda v: " ".join(v.source.tags), 80),
                    Column("24 时", lambda v: str(v.day), 56, True, tip=lambda _: "近 24 小时的条数"),
                    Column("7 天", lambda v: str(v.week), 52, True, tip=lambda _: "近 7 天的条数"),
                    Column("节奏", lambda v: f"{span(v.rhythm_hours)}/条" if v.rhythm_hours else "—", 92),
                    Column(
                        "上次成功",
                        lambda v: self._said(v.source.succeeded_at),
                        92,
                        tip=lambda v: _exact(v.source.succeeded_at),
                    ),
                    Column(
                        "最新一条",
                        lambda v: self._said(v.source.newest_at),
                        104,
                        tip=lambda v: _exact(v.source.newest_at),
                    ),
                    Column("说明", lambda v: v.said, 220, tip=lambda v: f"{v.said}\n{v.source.url}"),
                ]
            ),
            stretch=11,
        )
        made.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        made.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        made.customContextMenuRequested.connect(self._menu)
        made.doubleClicked.connect(lambda _: self._edit())
        return made

    def refresh(self) -> None:
        now = self.now()
        self.operations.read(lambda database: sourcework.list_sources(database, now), self._show)

    def add(self) -> None:
        """Open the dialog that adds a source."""
        AddSource(
            self,
            self.operations,
            self.person,
            lambda: self.frame.tell("已添加，正在采集。", collect=True),
        ).open()

    def _show(self, views: list[SourceView]) -> None:
        order = [SourceState.FAILING, SourceState.SILENT]
        self.views = sorted(
            views, key=lambda v: (order.index(v.state) if v.state in order else 9, v.source.name, v.source.id)
        )
        failing, silent = (sum(v.state is state for v in views) for state in order)
        self.counts.setText(f"共 {len(views)} 个，出错 {failing}，静默 {silent}")
        self._fill()

    def _fill(self) -> None:
        words, wanted = self.text.text().lower().split(), self.state.currentData()
        rows = [
            v
            for v in self.views
            if (wanted is Shown.ALL or v.state is wanted or (wanted is Shown.TROUBLE and v.state in _COLOURS))
            and all(
                word in f"{v.source.name} {' '.join(v.source.tags)} {v.source.place} {v.source.url}".lower()
                for word in words
            )
        ]
        self.table.show_rows(rows, lambda v: v.source.id)
        self.box.set_empty(not rows)

    def _menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.addAction("编辑…", self._edit)
        menu.addAction("试采", self._try)
        menu.addAction("看它的信息", self._articles)
        menu.addSeparator()
        menu.addAction("暂停", lambda: self._pause(True))
        menu.addAction("恢复", lambda: self._pause(False))
        menu.addAction("删除", self._remove)
        pop_up(menu, self.table.viewport().mapToGlobal(at))

    def _edit(self) -> None:
        if not (chosen := self.table.all_chosen()):
            return
        sources, by = [v.source for v in chosen], self.person
        ids = tuple(source.id for source in sources)

        def keep(database: Database, given: Given) -> None:
            if changes := changes_of(given, sources):
                execute(database, ChangeSources(ids, **changes), Actor(by), self.now())

        edit_form(self, sources).submit(self.operations, keep, changes=frozenset({SOURCES}))

    def _try(self) -> None:
        chosen, now = self.table.all_chosen()[:1], self.now()
        if not chosen or not sourcework.is_polled(chosen[0].source):
            return
        source = chosen[0].source
        self.counts.setText(f"正在试采 {source.name}…")

        def show(articles: tuple[Article, ...]) -> None:
            first = f"，最新：{articles[0].title[:30]}" if articles else ""
            self.counts.setText(f"{source.name}：能采到 {len(articles)} 条{first}")

        self.operations.read(
            lambda database: sourcework.first_look(source, now, database.passwords.reveal),
            show,
            place=(self, "try"),
            network=True,
            failed=self.counts.setText,
        )

    def _articles(self) -> None:
        if chosen := self.table.all_chosen():
            self.frame.go_to_articles_from(chosen[0].source.id)

    def _pause(self, paused: bool) -> None:
        if chosen := self.table.all_chosen():
            step, now = PauseSources(tuple(v.source.id for v in chosen), paused), self.now()
            self.operations.run(
                lambda database: execute(database, step, Actor(self.person), now), changes=frozenset({SOURCES})
            )

    def _remove(self) -> None:
        chosen, now = self.table.all_chosen(), self.now()
        if not chosen:
            return
        names = "、".join(v.source.name for v in chosen[:3]) + ("等" if len(chosen) > 3 else "")
        if not agreed(self, "删除信源", f"不再采集 {names} 共 {len(chosen)} 个信源？已采到的信息保留。", "删除"):
            return

        def work(database: Database) -> None:
            execute(database, RemoveSources(tuple(view.source.id for view in chosen)), Actor(self.person), now)

        self.operations.run(work, changes=frozenset({SOURCES}))

    def _export(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "导出订阅列表", "闻应信源.opml", "订阅列表 (*.opml)")
        if name:
            self.operations.run(
                lambda database: sourcework.export_sources(database, Path(name)),
                lambda done: self.counts.setText(f"已导出 {done.count} 个订阅源。{done.said}"),
            )

    def _said(self, moment: datetime | None) -> str:
        return said(moment, self.now()) if moment else "—"


def _exact(moment: datetime | None) -> str:
    return exact(moment) if moment else ""
