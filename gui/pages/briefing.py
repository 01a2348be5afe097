"""简报: the page as it will read, its formats in one step, 定稿, and the archive of all issues."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDate, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QDateEdit,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QSplitter,
    QTextBrowser,
    QWidget,
)

from briefing.compose import HEADINGS, Plan
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
                    Column("日期", lambda i: str(i.day), 96),
                    Column("期号", lambda i: f"{'快报' if i.concern_id else ''}第{i.number}期", 84),
                    Column("", lambda i: "定稿" if i.final else "草稿", 52, tip=lambda i: exact(i.made_at)),
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
        self.concern: int | None = None
        self.heading = label("每日舆情简报", "title")
        self.sections = {heading: QCheckBox(heading) for heading in HEADINGS}
        for box in self.sections.values():
            box.toggled.connect(lambda _: self._plan())
        self.advice = QPlainTextEdit()
        self.advice.setPlaceholderText("研判与建议：自己写，一行一条；不写就用系统提的几条")
        self.advice.setMaximumHeight(120)
        advice = row(button("取用系统建议", self._propose), button("保存", self._plan), None)
        left.setLayout(
            column(
                row(label("往期", "title"), None, button("今天的简报", self._daily)),
                self.find,
                self.archive_box,
                label("栏目", "secondary"),
                *self.sections.values(),
                self.advice,
                advice,
            )
        )
        left.layout().setSpacing(6)
        right = QWidget()
        steps = row(
            *self.formats.values(),
            None,
            button("导出草稿", lambda: self._make(False)),
            button("定稿并导出", lambda: self._make(True), True),
        )
        head = row(self.heading, self.due, None, self.day)
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

        concern = self.concern
        self.heading.setText("舆情快报" if concern else "每日舆情简报")

        def read(database: Any) -> tuple[str, Plan]:
            return report.preview(database, day, now, concern), report.plan(database, day)  # type: ignore[arg-type]

        self.operations.run(read, lambda found: self._show(*found))
        self.operations.run(report.issued, self._show_issued)
        self._tell_due()

    def show_item(self, id: int) -> None:
        """The 快报 of a concern, as of today."""
        self.concern = id
        today = china(self.now()).date()
        self.day.setDate(QDate(today.year, today.month, today.day))
        self.refresh()

    def _show(self, text: str, plan: Plan) -> None:
        for heading, box in self.sections.items():
            box.blockSignals(True)
            box.setChecked(heading not in plan.omitted)
            box.setEnabled(self.concern is None)
            box.blockSignals(False)
        if not self.advice.hasFocus():
            self.advice.setPlainText(plan.advice)
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
        rows = [i for i in self.all if wanted in f"{i.day} {i.kind} 第{i.number}期"]
        self.archive.show_rows(rows, lambda i: i.id)
        self.archive_box.set_empty(not rows)

    def _tell_due(self) -> None:
        """How long until 10:30, when the briefing of the day before is due."""
        now = self.now()
        day = report.last_day(now)
        done = next((i for i in self.all if i.day == day and i.concern_id is None), None)
        due = datetime.combine(china(now).date(), report.DUE, CHINA)
        if done is not None:
            self.due.setText(f"{day} 第{done.number}期{'已定稿' if done.final else '有草稿，未定稿'}")
        elif now <= due:
            self.due.setText(f"距 10:30 还有 {lasting(due - now)}")
        else:
            self.due.setText(f"明日 10:30 前定稿，还有 {lasting(due + timedelta(days=1) - now)}")

    def _open_issue(self) -> None:
        if issue := self.archive.chosen():
            self.concern = issue.concern_id
            self.day.setDate(QDate(issue.day.year, issue.day.month, issue.day.day))
            self.refresh()

    def _make(self, final: bool) -> None:
        day, now, folder = self.day.date().toPython(), self.now(), self.operations.folder / "简报"
        formats = tuple(code for code, box in self.formats.items() if box.isChecked())
        concern, correct = self.concern, False
        done_already = any(i.day == day and i.final and i.concern_id == concern for i in self.all)
        if final:
            asked = f"定稿 {day} 的简报？定稿以后文字不再改变，以后导出都是同样的内容。"
            if done_already:
                asked = f"{day} 的简报已经定稿。按现在的数据另出一期更正，注明更正哪一期？选“否”照原样再导出。"
            answer = QMessageBox.question(self, "定稿", asked)
            if answer != QMessageBox.StandardButton.Yes and not done_already:
                return
            correct = done_already and answer == QMessageBox.StandardButton.Yes
        self.made.setText("正在生成……")

        def done(paths: list[Path]) -> None:
            self.folder = folder
            self.made.setText("已生成：" + "、".join(path.name for path in paths))
            self.open.show()

        self.operations.run(
            lambda database: report.make_briefing(
                database, day, formats, folder, self.person, now, final, concern, correct
            ),  # type: ignore[arg-type]
            done,
            frozenset({BRIEFINGS}),
        )

    def _daily(self) -> None:
        self.concern = None
        today = report.last_day(self.now())
        self.day.setDate(QDate(today.year, today.month, today.day))
        self.refresh()

    def _plan(self) -> None:
        """Keep which sections are wanted and the officer's own text, and show the page anew."""
        omitted = frozenset(heading for heading, box in self.sections.items() if not box.isChecked())
        day, new = self.day.date().toPython(), Plan(omitted, self.advice.toPlainText().strip())
        self.operations.run(
            lambda database: report.set_plan(database, day, new),  # type: ignore[arg-type]
            lambda _: self.refresh(),
        )

    def _propose(self) -> None:
        day, now = self.day.date().toPython(), self.now()
        self.operations.run(
            lambda database: report.proposals(database, day, now),  # type: ignore[arg-type]
            self.advice.setPlainText,
        )

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.folder)))
