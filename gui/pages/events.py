"""重大事件: what the office prepares for."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QComboBox, QDateEdit, QLineEdit

from desk import monitor
from domain.event import EventKind
from domain.times import china_day
from gui.operations import EVENTS
from gui.pages.page import Page
from gui.widgets.parts import Column, OrEmpty, RowsModel, Table, button, column, label, row


class EventsPage(Page):
    title, shows = "重大事件", frozenset({EVENTS})

    def build(self) -> None:
        self.kind = QComboBox()
        for kind in EventKind:
            self.kind.addItem(kind.label, kind)
        self.name, self.words = QLineEdit(), QLineEdit()
        self.name.setPlaceholderText("名称，如 市“两会”")
        self.words.setPlaceholderText("含任一词，空格分开")
        self.all_words, self.none_words = QLineEdit(), QLineEdit()
        self.all_words.setPlaceholderText("并且都含（可不填）")
        self.none_words.setPlaceholderText("不含（可不填）")
        today = china_day(self.now())
        self.starts, self.ends = QDateEdit(), QDateEdit()
        for edit, day in ((self.starts, today), (self.ends, today + timedelta(days=7))):
            edit.setDisplayFormat("yyyy-MM-dd")
            edit.setCalendarPopup(True)
            edit.setDate(QDate(day.year, day.month, day.day))
        self.table = Table(
            "重大事件",
            RowsModel(
                [
                    Column("名称", lambda e: e.name, 240),
                    Column("类别", lambda e: e.kind.label, 120),
                    Column("开始", lambda e: str(e.starts), 110),
                    Column("结束", lambda e: str(e.ends), 110),
                    Column("阶段", self._phase, 90),
                    Column("关键词", _words, 260),
                ]
            ),
            stretch=5,
        )
        self.box = OrEmpty(
            self.table, "还没有重大事件。在上面填写名称、日期和关键词；窗口期内，相关话题会降低门槛列为关切。"
        )
        self.setLayout(
            column(
                row(label("重大事件", "title"), None),
                row(self.kind, self.name, label("从"), self.starts, label("到"), self.ends),
                row(self.words, self.all_words, self.none_words, button("添加", self._add, True)),
                self.box,
                row(button("删除", self._remove), None),
                margin=16,
            )
        )

    def refresh(self) -> None:
        self.operations.run(monitor.list_events, self._show)

    def _show(self, events) -> None:  # type: ignore[no-untyped-def]
        self.table.show_rows(events, lambda e: e.id)
        self.box.set_empty(not events)

    def _phase(self, event) -> str:  # type: ignore[no-untyped-def]
        today = china_day(self.now())
        return "当期" if event.active(today) else "未到" if today < event.starts else "已过"

    def _add(self) -> None:
        given = {
            "kind": self.kind.currentData(),
            "name": self.name.text(),
            "starts": self.starts.date().toPython(),
            "ends": self.ends.date().toPython(),
            "words": tuple(self.words.text().split()),
            "all_words": tuple(self.all_words.text().split()),
            "none_words": tuple(self.none_words.text().split()),
        }
        now = self.now()

        def done(_: object) -> None:
            self.name.clear()
            for field in (self.words, self.all_words, self.none_words):
                field.clear()

        self.operations.run(
            lambda database: monitor.add_event(database, self.person, now, **given), done, frozenset({EVENTS})
        )

    def _remove(self) -> None:
        if event := self.table.chosen():
            now = self.now()
            self.operations.run(
                lambda database: monitor.remove_event(database, event.id, self.person, now), changes=frozenset({EVENTS})
            )


def _words(event) -> str:  # type: ignore[no-untyped-def]
    parts = [" ".join(event.any_words)]
    parts += [f"都含 {' '.join(event.all_words)}"] if event.all_words else []
    parts += [f"不含 {' '.join(event.none_words)}"] if event.none_words else []
    return "；".join(parts)
