"""简报: the page as it will read, its formats in one step, 定稿, and the archive of all issues."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDate, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QDateEdit, QLineEdit, QMessageBox, QSplitter, QTextBrowser, QWidget

from desk import report
from domain.times import CHINA, china, exact, lasting
from gui.operations import BRIEFINGS, CONCERNS, TOPICS
from gui.pages.page import Page
from gui.widgets.parts import Column, OrEmpty, RowsModel, Table, button, column, label, row

NAMES = {"docx": "Word", "pdf": "PDF", "xlsx": "Excel", "html": "网页"}


class BriefingPage(Page):
    title, shows = "简报", frozenset({BRIEFINGS, TOPICS, CONCERNS})

    def build(self) -> None:
        today = report.last_day(self.now())
        self.day = QDateEdit(QDate(today.year, today.month, today.day))
        self.day.setDisplayFormat("yyyy-MM-dd")
        self.day.setCalendarPopup(True)
        self.day.dateChanged.connect(lambda _: self.refresh())
        self.formats = {code: QCheckBox(NAMES[code]) for code in report.FORMATS}
        self.formats["docx"].setChecked(True)
        self.preview = QTextBrowser()
        self.preview.setOpenLinks(False)
        self.preview.setAccessibleName("简报预览")
        self.all: list[Any] = []
        self.find = QLineEdit()
        self.find.setPlaceholderText("找往期：日期或期号")
        self.find.textChanged.connect(lambda _: self._filter())
        self.archive = Table(
            "往期",
            RowsModel(
                [
                    Column("日期", lambda i: str(i[0]), 104),
                    Column("期号", lambda i: f"第{i[1]}期", 72),
                    Column("", lambda i: "定稿" if i[3] else "草稿", 56, tip=lambda i: exact(i[2])),
                ]
            ),
        )
        self.archive.clicked.connect(lambda _: self._open_issue())
        self.archive_box = OrEmpty(self.archive, "还没有生成过简报。")
        self.made, self.due = label("", "secondary", True), label("", "secondary")
        self.open = button("打开所在文件夹", self._open)
        self.open.hide()
        self.folder: Path | None = None
        left = QWidget()
        left.setLayout(column(label("往期", "title"), self.find, self.archive_box))
        right = QWidget()
        steps = row(
            *self.formats.values(),
            None,
            button("导出草稿", lambda: self._make(False)),
            button("定稿并导出", lambda: self._make(True), True),
        )
        head = row(label("每日舆情简报", "title"), self.due, None, self.day)
        right.setLayout(column(head, self.preview, steps, row(self.made, None, self.open)))
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left)
        split.addWidget(right)
        split.setSizes([260, 840])
        split.setChildrenCollapsible(False)
        self.setLayout(column(split, margin=16))
        self.timer = QTimer(self)
        self.timer.timeout.connect(self._tell_due)
        self.timer.start(30_000)

    def refresh(self) -> None:
        day, now = self.day.date().toPython(), self.now()

        def read(database: Any) -> str:
            return report.preview(database, day, now)  # type: ignore[arg-type]

        self.operations.run(read, self._show)
        self.operations.run(report.issued, self._show_issued)
        self._tell_due()

    def _show(self, text: str) -> None:
        # The page is ours: all that came from outside is escaped in it, and nothing is loaded.
        if text.startswith("<!doctype"):
            self.preview.setHtml(text)
        else:
            self.preview.setPlainText(text)

    def _show_issued(self, issued: list[Any]) -> None:
        self.all = issued
        self._filter()
        self._tell_due()

    def _filter(self) -> None:
        wanted = self.find.text().strip()
        rows = [i for i in self.all if wanted in f"{i[0]} 第{i[1]}期"]
        self.archive.show_rows(rows, lambda i: i[0])
        self.archive_box.set_empty(not rows)

    def _tell_due(self) -> None:
        """How long until 10:30, when the briefing of the day before is due."""
        now = self.now()
        day = report.last_day(now)
        done = next((i for i in self.all if i[0] == day), None)
        due = datetime.combine(china(now).date(), report.DUE, CHINA)
        if done is not None:
            self.due.setText(f"{day} 第{done[1]}期{'已定稿' if done[3] else '有草稿，未定稿'}")
        elif now <= due:
            self.due.setText(f"距 10:30 还有 {lasting(due - now)}")
        else:
            self.due.setText(f"明日 10:30 前定稿，还有 {lasting(due + timedelta(days=1) - now)}")

    def _open_issue(self) -> None:
        if issue := self.archive.chosen():
            self.day.setDate(QDate(issue[0].year, issue[0].month, issue[0].day))

    def _make(self, final: bool) -> None:
        day, now, folder = self.day.date().toPython(), self.now(), self.operations.folder / "简报"
        formats = tuple(code for code, box in self.formats.items() if box.isChecked())
        if final and not any(i[0] == day and i[3] for i in self.all):
            asked = f"定稿 {day} 的简报？定稿以后文字不再改变，以后导出都是同样的内容。"
            if QMessageBox.question(self, "定稿", asked) != QMessageBox.StandardButton.Yes:
                return
        self.made.setText("正在生成……")

        def done(paths: list[Path]) -> None:
            self.folder = folder
            self.made.setText("已生成：" + "、".join(path.name for path in paths))
            self.open.show()

        self.operations.run(
            lambda database: report.make_briefing(database, day, formats, folder, self.person, now, final),  # type: ignore[arg-type]
            done,
            frozenset({BRIEFINGS}),
        )

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.folder)))
