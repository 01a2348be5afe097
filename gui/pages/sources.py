"""信源: where articles come from, and which of them is in trouble."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QLineEdit

from desk import sourcework
from domain.article import SourceTier
from domain.times import exact, said
from gui.operations import SOURCES
from gui.pages.page import Page
from gui.widgets.parts import Column, OrEmpty, RowsModel, Table, button, column, label, row
from gui.widgets.welcome import choose_opml, choose_table


class SourcesPage(Page):
    title, shows = "信源", frozenset({SOURCES})

    def build(self) -> None:
        self.url, self.name = QLineEdit(), QLineEdit()
        self.url.setPlaceholderText("RSS/Atom 订阅地址，或本机上的订阅文件")
        self.name.setPlaceholderText("名称（可不填）")
        self.url.returnPressed.connect(self._add)
        self.tier = QComboBox()
        for tier in SourceTier:
            self.tier.addItem(tier.label, tier)
        self.tier.setCurrentText(SourceTier.CITY.label)
        self.table = Table(
            "信源",
            RowsModel(
                [
                    Column("名称", lambda v: v.source.name, 180),
                    Column("状态", lambda v: v.state.label, 72),
                    Column("层级", lambda v: v.source.tier.label, 84),
                    Column("24小时", lambda v: str(v.day), 72, True),
                    Column("7天", lambda v: str(v.week), 60, True),
                    Column(
                        "最新一条",
                        lambda v: self._said(v.source.newest_at),
                        110,
                        tip=lambda v: self._exact(v.source.newest_at),
                    ),
                    Column("说明", lambda v: v.source.fault or v.source.url, 300),
                ]
            ),
            stretch=6,
        )
        self.box = OrEmpty(self.table, "还没有信源。在上面填一个订阅地址，或导入 OPML。")
        self.tried = label("", "secondary", True)
        self.setLayout(
            column(
                row(
                    label("信源", "title"),
                    None,
                    button("导入 OPML…", lambda: choose_opml(self, self.operations, self.person)),
                    button("导入表格…", lambda: choose_table(self, self.operations)),
                ),
                row(self.url, self.name, self.tier, button("试采", self._test), button("添加", self._add, True)),
                self.tried,
                self.box,
                row(button("暂停/恢复", self._pause), button("删除", self._remove), None),
                margin=16,
            )
        )

    def refresh(self) -> None:
        now = self.now()
        self.operations.run(lambda database: sourcework.list_sources(database, now), self._show)

    def _show(self, views) -> None:  # type: ignore[no-untyped-def]
        order = ["出错", "静默"]
        views.sort(key=lambda v: (order.index(v.state.label) if v.state.label in order else 9, v.source.name))
        self.table.show_rows(views, lambda v: v.source.id)
        self.box.set_empty(not views)

    def _test(self) -> None:
        where, now = self.url.text(), self.now()
        self.tried.setText("正在试采…")

        def show(result) -> None:  # type: ignore[no-untyped-def]
            items = result.feed.articles if result.feed else ()
            titles = "；".join(a.title for a in items[:3])
            self.tried.setText(f"能采到：{result.feed.title if result.feed else ''}，{len(items)} 条。{titles}")

        self.operations.run(lambda _: sourcework.test_source(where, now), show)

    def _add(self) -> None:
        where, name, tier, now = self.url.text(), self.name.text(), self.tier.currentData(), self.now()

        def done(_: object) -> None:
            self.url.clear()
            self.name.clear()
            self.tried.setText("")
            self.window().tell("已添加，正在采集。", collect=True)  # type: ignore[attr-defined]

        self.operations.run(
            lambda database: sourcework.add_source(database, where, self.person, now, name, tier),
            done,
            frozenset({SOURCES}),
        )

    def _pause(self) -> None:
        if view := self.table.chosen():
            now = self.now()
            self.operations.run(
                lambda database: sourcework.pause_source(
                    database, view.source.id, not view.source.paused, self.person, now
                ),
                changes=frozenset({SOURCES}),
            )

    def _remove(self) -> None:
        if view := self.table.chosen():
            now = self.now()
            self.operations.run(
                lambda database: sourcework.remove_source(database, view.source.id, self.person, now),
                changes=frozenset({SOURCES}),
            )

    def _said(self, moment) -> str:  # type: ignore[no-untyped-def]
        return said(moment, self.now()) if moment else "—"

    def _exact(self, moment) -> str:  # type: ignore[no-untyped-def]
        return exact(moment) if moment else ""
