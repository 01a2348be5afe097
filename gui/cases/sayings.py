"""口径库: what the office has settled to say, with where it rests and how long it holds."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLineEdit, QPlainTextEdit, QSplitter, QWidget

from desk.cases.writing import list_sayings
from desk.execute import execute
from domain.person import Actor
from domain.response import Saying
from domain.steps.drafts import AddSaying, WithdrawSaying
from domain.times import china_day, exact
from gui.kit.faults import Faults
from gui.kit.moments import day_field, day_of
from gui.kit.page import Page
from gui.kit.parts import Column, OrEmpty, RowsModel, Table, button, column, label, row
from gui.operations import SETTINGS

CHANGED = frozenset({SETTINGS})


class SayingsPage(Page):
    title, shows = "口径库", CHANGED

    def build(self) -> None:
        self.all: list[Saying] = []
        self.query = QLineEdit()
        self.query.setPlaceholderText("找口径：标题、内容、关键词")
        self.query.textChanged.connect(lambda _: self._filter())
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
                row(label("口径库", "title"), None, self.query),
                self.box,
                self.text,
                row(button("作废所选", self._withdraw), None),
            )
        )
        self.name, self.words, self.source, self.body = QLineEdit(), QLineEdit(), QLineEdit(), QPlainTextEdit()
        self.words.setPlaceholderText("关键词，空格分开")
        self.source.setPlaceholderText("文件名和条款，或哪次会议定的")
        today = china_day(self.now())
        self.limited = QCheckBox("有效至")
        self.until = day_field(date(today.year + 1, today.month, min(28, today.day)))
        self.until.setEnabled(False)
        self.limited.toggled.connect(self.until.setEnabled)
        form = QWidget()
        layout = QFormLayout(form)
        layout.setSpacing(12)
        self.faults = Faults()
        for key, text, field in (
            ("title", "标题", self.name),
            ("text", "内容", self.body),
            ("words", "关键词", self.words),
            ("source", "依据", self.source),
        ):
            layout.addRow(text, self.faults.beside(key, text, field))
        layout.addRow(self.limited, self.until)
        right = QWidget()
        right.setLayout(
            column(label("新的口径", "title"), form, self.faults.foot, row(button("保存", self._add, True), None))
        )
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left)
        split.addWidget(right)
        split.setSizes([620, 480])
        self.setLayout(column(split, margin=16))

    def refresh(self) -> None:
        self.operations.read(list_sayings, self._show)

    def _show(self, known: list[Saying]) -> None:
        self.all = known
        self._filter()

    def _filter(self) -> None:
        wanted = self.query.text().split()
        rows = [s for s in self.all if all(w in f"{s.title} {s.text} {' '.join(s.words)}" for w in wanted)]
        self.table.show_rows(rows, lambda s: s.id)
        self.box.set_empty(not rows)
        self._show_text()

    def _show_text(self) -> None:
        chosen: Saying | None = self.table.chosen()
        self.text.setPlainText(chosen.text if chosen else "")

    def _add(self) -> None:
        now = self.now()
        until = day_of(self.until) if self.limited.isChecked() else None
        words = tuple(self.words.text().split())
        title, text, source = self.name.text(), self.body.toPlainText(), self.source.text()

        def done(_: object) -> None:
            for field in (self.name, self.words, self.source):
                field.clear()
            self.body.clear()

        self.faults.clear()
        actor = Actor(self.person)
        self.operations.run(
            lambda database: execute(database, AddSaying(title, text, words, source, until), actor, now),
            done,
            CHANGED,
            failed=self.faults.show,
        )

    def unsaved(self) -> str:
        typed = (self.name.text(), self.body.toPlainText(), self.words.text(), self.source.text())
        return "“口径库”里新写的口径" if any(map(str.strip, typed)) else ""

    def _withdraw(self) -> None:
        if chosen := self.table.chosen():
            now = self.now()
            self.operations.run(
                lambda database: execute(database, WithdrawSaying(chosen.id), Actor(self.person), now), None, CHANGED
            )
