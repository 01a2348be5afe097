"""信源: where articles come from, and which of them is in trouble."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QFileDialog, QLineEdit, QMenu, QMessageBox

from desk import sourcework
from desk.sourcework import SourceView
from domain.article import SourceState
from domain.times import exact, said, span
from gui.operations import SOURCES
from gui.pages.page import Page
from gui.theme import GRADE_COLOURS
from gui.widgets.parts import Column, OrEmpty, RowsModel, Table, button, column, label, row
from gui.widgets.sourceforms import AddSource, ask_edit
from gui.widgets.tableimport import choose_table
from gui.widgets.welcome import choose_opml
from sources.polling import KINDS

TROUBLE = "出错或静默"
_COLOURS = {SourceState.FAILING: GRADE_COLOURS["I"], SourceState.SILENT: GRADE_COLOURS["II"]}
_SIGNS = {SourceState.FAILING: "▲ ", SourceState.SILENT: "◇ "}


class SourcesPage(Page):
    title, shows = "信源", frozenset({SOURCES})

    def build(self) -> None:
        self.views: list[SourceView] = []
        self.text, self.state = QLineEdit(), QComboBox()
        self.text.setPlaceholderText("按名称、标签、所在地、地址筛选")
        self.text.setClearButtonEnabled(True)
        self.text.textChanged.connect(lambda _: self._fill())
        self.state.addItems(["全部", TROUBLE, *(state.label for state in SourceState)])
        self.state.currentTextChanged.connect(lambda _: self._fill())
        self.table = Table(
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
                    Column("种类", lambda v: KINDS[v.source.kind].label if v.source.kind in KINDS else "表格", 84),
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
                        92,
                        tip=lambda v: _exact(v.source.newest_at),
                    ),
                    Column("说明", lambda v: v.said, 220, tip=lambda v: f"{v.said}\n{v.source.url}"),
                ]
            ),
            stretch=11,
        )
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._menu)
        self.table.doubleClicked.connect(lambda _: self._edit())
        self.box = OrEmpty(self.table, "没有信源。点“添加信源”填一个网址，或导入 OPML。")
        self.counts = label("", "secondary")
        self.setLayout(
            column(
                row(
                    label("信源", "title"),
                    self.text,
                    self.state,
                    None,
                    button("导入 OPML…", lambda: choose_opml(self, self.operations, self.person)),
                    button("导出 OPML…", self._export),
                    button("导入表格…", lambda: choose_table(self, self.operations, self.person)),
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

    def refresh(self) -> None:
        now = self.now()
        self.operations.run(lambda database: sourcework.list_sources(database, now), self._show)

    def add(self) -> None:
        """Open the dialog that adds a source."""
        AddSource(
            self,
            self.operations,
            self.person,
            lambda: self.window().tell("已添加，正在采集。", collect=True),  # type: ignore[attr-defined]
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
        words, state = self.text.text().lower().split(), self.state.currentText()
        rows = [
            v
            for v in self.views
            if (state == "全部" or v.state.label == state or (state == TROUBLE and v.state in _COLOURS))
            and all(
                word in f"{v.source.name} {' '.join(v.source.tags)} {v.source.place} {v.source.url}".lower()
                for word in words
            )
        ]
        self.table.show_rows(rows, lambda v: v.source.id)
        self.box.set_empty(not rows)

    def _chosen(self) -> list[SourceView]:
        rows = sorted({index.row() for index in self.table.selectedIndexes()})
        return [self.table.rows_model.rows[i] for i in rows]

    def _menu(self, at) -> None:  # type: ignore[no-untyped-def]
        menu = QMenu(self)
        menu.addAction("编辑…", self._edit)
        menu.addAction("试采", self._try)
        menu.addAction("看它的信息", self._articles)
        menu.addSeparator()
        menu.addAction("暂停", lambda: self._pause(True))
        menu.addAction("恢复", lambda: self._pause(False))
        menu.addAction("删除", self._remove)
        menu.exec(self.table.viewport().mapToGlobal(at))

    def _edit(self) -> None:
        chosen = self._chosen()
        if chosen and (changes := ask_edit(self, [v.source for v in chosen])):
            self._change(chosen, **changes)

    def _change(self, chosen: list[SourceView], **changes) -> None:  # type: ignore[no-untyped-def]
        ids, now = [v.source.id for v in chosen], self.now()
        self.operations.run(
            lambda database: sourcework.edit_sources(database, ids, self.person, now, **changes),
            changes=frozenset({SOURCES}),
        )

    def _try(self) -> None:
        chosen, now = self._chosen()[:1], self.now()
        if not chosen or chosen[0].source.kind not in KINDS:
            return
        source = chosen[0].source
        self.counts.setText(f"正在试采 {source.name}…")

        def show(result) -> None:  # type: ignore[no-untyped-def]
            items = result.reading.feed.articles if result.reading and result.reading.feed else ()
            first = f"，最新：{items[0].title[:30]}" if items else ""
            self.counts.setText(f"{source.name}：能采到 {len(items)} 条{first}")

        self.operations.run(
            lambda _: sourcework.try_source(source, now), show, network=True, failed=self.counts.setText
        )

    def _articles(self) -> None:
        if chosen := self._chosen():
            self.window().go("信息")  # type: ignore[attr-defined]
            self.window().pages["信息"].show_source(chosen[0].source.id)  # type: ignore[attr-defined]

    def _pause(self, paused: bool) -> None:
        if chosen := self._chosen():
            self._change(chosen, paused=paused)

    def _remove(self) -> None:
        chosen, now = self._chosen(), self.now()
        if not chosen:
            return
        names = "、".join(v.source.name for v in chosen[:3]) + ("等" if len(chosen) > 3 else "")
        asked = QMessageBox(
            QMessageBox.Icon.Question,
            "删除信源",
            f"不再采集 {names} 共 {len(chosen)} 个信源？已采到的信息保留。",
            parent=self,
        )
        yes = asked.addButton("删除", QMessageBox.ButtonRole.DestructiveRole)
        asked.addButton("取消", QMessageBox.ButtonRole.RejectRole)
        asked.exec()
        if asked.clickedButton() is not yes:
            return

        def work(database) -> None:  # type: ignore[no-untyped-def]
            for view in chosen:
                sourcework.remove_source(database, view.source.id, self.person, now)

        self.operations.run(work, changes=frozenset({SOURCES}))

    def _export(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "导出订阅列表", "闻应信源.opml", "订阅列表 (*.opml)")
        if name:
            self.operations.run(
                lambda database: sourcework.export_sources(database, Path(name)),
                lambda count: self.counts.setText(f"已导出 {count} 个订阅源。"),
            )

    def _said(self, moment) -> str:  # type: ignore[no-untyped-def]
        return said(moment, self.now()) if moment else "—"


def _exact(moment) -> str:  # type: ignore[no-untyped-def]
    return exact(moment) if moment else ""
