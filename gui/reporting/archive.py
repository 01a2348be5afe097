"""往期: the issues that were made, newest first, found by day, kind or number."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from desk.reporting.report import StoredIssue
from domain.times import exact
from gui.kit.parts import Column, OrEmpty, RowsModel, Table, column


class Archive(QWidget):
    """`opened` tells the issue that was clicked."""

    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.issues: list[StoredIssue] = []
        self.query = QLineEdit()
        self.query.setPlaceholderText("找往期：日期、种类或期号")
        self.query.textChanged.connect(lambda _: self._filter())
        self.table = Table(
            "往期",
            RowsModel(
                [
                    Column("", lambda i: i.kind.label.removeprefix("每日").removeprefix("舆情"), 62),
                    Column("日期", lambda i: str(i.day), 96),
                    Column("期号", lambda i: f"第{i.number}期" if i.final else "—", 64, tip=lambda i: exact(i.made_at)),
                    Column("", lambda i: "定稿" if i.final else "草稿", 44),
                ]
            ),
            stretch=1,
        )
        self.table.clicked.connect(lambda _: self.opened.emit(self.table.chosen()))
        self.box = OrEmpty(self.table, "还没有生成过简报。")
        self.setLayout(column(self.query, self.box, margin=4))

    def show_issues(self, issues: list[StoredIssue]) -> None:
        """Show the issues there are."""
        self.issues = issues
        self._filter()

    def _filter(self) -> None:
        wanted = self.query.text().strip()
        rows = [
            i for i in self.issues if wanted in f"{i.day} {i.kind.label} {f'第{i.number}期' if i.final else '草稿'}"
        ]
        self.table.show_rows(rows, lambda i: i.id)
        self.box.set_empty(not rows)
