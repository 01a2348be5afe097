"""口径库: what the office has settled to say, with where it rests and how long it holds."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QCheckBox, QDateEdit, QFormLayout, QLineEdit, QPlainTextEdit, QSplitter, QWidget

from desk import drafting
from domain.response import Saying
from domain.times import china_day, exact
from gui.operations import SETTINGS
from gui.pages.page import Page
from gui.widgets.parts import Column, OrEmpty, RowsModel, Table, button, column, label, row

CHANGED = frozenset({SETTINGS})


class SayingsPage(Page):
    title, shows = "口径库", CHANGED

    def build(self) -> None:
        self.all: list[Saying] = []
        self.find = QLineEdit()
        self.find.setPlaceholderText("找口径：标题、内容、关键词")
        self.find.textChanged.connect(lambda _: self._filter())
        self.table = Table(
            "口径库",
            RowsModel(
                [
                    Column("口径", lambda s: s.title, 220, tip=lambda s: s.text),
                    Column("依据", lambda s: s.source, 140),
                    Column("有效至", lambda s: "已作废" if s.withdrawn else str(s.until or "长期"), 96),
                    Column("何时", lambda s: exact(s.at)[:10], 96),
                ]
            ),
        )
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_text())
        self.box = OrEmpty(self.table, "还没有口径。在右边写下统一的说法和依据，拟稿时会自动推荐。")
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        left = QWidget()
        left.setLayout(
            column(
                row(label("口径库", "title"), None, self.find),
                self.box,
                self.text,
                row(button("作废所选", self._withdraw), None),
            )
        )
        self.name, self.words, self.source, self.body = QLineEdit(), QLineEdit(), QLineEdit(), QPlainTextEdit()
        self.words.setPlaceholderText("关键词，空格分开")
        self.source.setPlaceholderText("文件名和条款，或哪次会议定的")
        self.limited, self.until = QCheckBox("有效至"), QDateEdit()
        self.until.setDisplayFormat("yyyy-MM-dd")
        self.until.setCalendarPopup(True)
        today = china_day(self.now())
        self.until.setDate(QDate(today.year + 1, today.month, min(28, today.day)))
        self.until.setEnabled(False)
        self.limited.toggled.connect(self.until.setEnabled)
        form = QWidget()
        layout = QFormLayout(form)
        layout.setSpacing(12)
        for text, field in (("标题", self.name), ("内容", self.body), ("关键词", self.words), ("依据", self.source)):
            layout.addRow(text, field)
            field.setAccessibleName(text)
        layout.addRow(self.limited, self.until)
        right = QWidget()
        right.setLayout(column(label("新的口径", "title"), form, row(button("保存", self._add, True), None)))
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left)
        split.addWidget(right)
        split.setSizes([620, 480])
        self.setLayout(column(split, margin=16))

    def refresh(self) -> None:
        self.operations.run(drafting.sayings, self._show)

    def _show(self, found: list[Saying]) -> None:
        self.all = found
        self._filter()

    def _filter(self) -> None:
        wanted = self.find.text().split()
        rows = [s for s in self.all if all(w in f"{s.title} {s.text} {' '.join(s.words)}" for w in wanted)]
        self.table.show_rows(rows, lambda s: s.id)
        self.box.set_empty(not rows)
        self._show_text()

    def _show_text(self) -> None:
        chosen: Any = self.table.chosen()
        self.text.setPlainText(chosen.text if chosen else "")

    def _add(self) -> None:
        now = self.now()
        until = self.until.date().toPython() if self.limited.isChecked() else None
        words = tuple(self.words.text().split())
        new = Saying(
            0,
            self.name.text().strip(),
            self.body.toPlainText().strip(),
            words,
            self.source.text().strip(),
            self.person,
            now,
            until,  # type: ignore[arg-type]
        )

        def done(_: object) -> None:
            for field in (self.name, self.words, self.source):
                field.clear()
            self.body.clear()

        self.operations.run(lambda database: drafting.add_saying(database, new, self.person, now), done, CHANGED)

    def _withdraw(self) -> None:
        if chosen := self.table.chosen():
            now = self.now()
            self.operations.run(
                lambda database: drafting.withdraw_saying(database, chosen.id, self.person, now), None, CHANGED
            )
