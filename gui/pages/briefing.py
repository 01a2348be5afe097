"""简报: what is in an issue and why, the page as it will print, its formats in one step, 定稿, and the archive."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDate, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateEdit,
    QLineEdit,
    QMessageBox,
    QSplitter,
    QTabWidget,
    QTextBrowser,
    QWidget,
)

from briefing.compose import Plan
from briefing.html import page
from briefing.issue import Ground, Kind
from desk import casework, report
from domain.errors import WenyingError
from domain.times import CHINA, china, exact, lasting
from gui.operations import BRIEFINGS, CONCERNS, TOPICS
from gui.pages.page import Page
from gui.widgets.contents import Contents
from gui.widgets.parts import Column, OrEmpty, RowsModel, Table, button, column, label, row
from gui.widgets.resting import Resting

NAMES = {"docx": "Word", "pdf": "PDF", "xlsx": "Excel", "html": "网页"}
NEWS_LENGTH = 500  # characters that 今日要情 should come to; domain.md section 8


@dataclass(frozen=True, slots=True)
class _Read:
    """What a reading of the store gave the page."""

    sheet: report.Sheet | None
    html: str
    fault: str


class BriefingPage(Page):
    title, shows = "简报", frozenset({BRIEFINGS, TOPICS, CONCERNS})
    progressed = Signal(str)

    def build(self) -> None:
        self.all: list[Any] = []
        self.sheet: report.Sheet | None = None
        self.folder: Path | None = None
        self.stop = threading.Event()
        self.progressed.connect(lambda said: self.made.setText(said))
        split = QSplitter(Qt.Orientation.Horizontal)
        for part in (self._left(), self._middle(), self._right()):
            split.addWidget(part)
        split.setSizes([280, 640, 280])
        split.setChildrenCollapsible(False)
        self.setLayout(column(self._head(), split, margin=16))
        self.layout().setStretch(1, 1)
        self.timer = QTimer(self)
        self.timer.timeout.connect(self._tell_due)
        self.timer.start(30_000)

    def _head(self) -> Any:
        self.kind = QComboBox()
        self.kind.setAccessibleName("种类")
        for kind in Kind:
            self.kind.addItem(kind.label, kind)
        self.kind.currentIndexChanged.connect(lambda _: self._choose_kind())
        self.concern = QComboBox()
        self.concern.setAccessibleName("关切")
        self.concern.setMinimumWidth(260)
        self.concern.hide()
        self.concern.currentIndexChanged.connect(lambda _: self.refresh())
        today = report.last_day(self.now())
        self.day = QDateEdit(QDate(today.year, today.month, today.day))
        self.day.setAccessibleName("日期")
        self.day.setDisplayFormat("yyyy-MM-dd")
        self.day.setCalendarPopup(True)
        self.day.dateChanged.connect(lambda _: self.refresh())
        self.due = label("", "secondary")
        return row(self.kind, self.concern, self.day, button("今天的简报", self._daily), None, self.due)

    def _left(self) -> QWidget:
        self.contents = Contents()
        self.contents.changed.connect(self._keep_plan)
        self.contents.chosen.connect(self._show_resting)
        self.counted = label("", "secondary", True)
        contents = QWidget()
        contents.setLayout(column(self.contents, self.counted, margin=4))
        self.find = QLineEdit()
        self.find.setPlaceholderText("找往期：日期、种类或期号")
        self.find.textChanged.connect(lambda _: self._filter())
        self.archive = Table(
            "往期",
            RowsModel(
                [
                    Column("", lambda i: i.kind.removeprefix("每日").removeprefix("舆情"), 62),
                    Column("日期", lambda i: str(i.day), 96),
                    Column("期号", lambda i: f"第{i.number}期", 64, tip=lambda i: exact(i.made_at)),
                    Column("", lambda i: "定稿" if i.final else "草稿", 44),
                ]
            ),
            stretch=1,
        )
        self.archive.clicked.connect(lambda _: self._open_issue())
        self.archive_box = OrEmpty(self.archive, "还没有生成过简报。")
        archive = QWidget()
        archive.setLayout(column(self.find, self.archive_box, margin=4))
        tabs = QTabWidget()
        tabs.addTab(contents, "内容")
        tabs.addTab(archive, "往期")
        return tabs

    def _middle(self) -> QWidget:
        self.preview = QTextBrowser()
        self.preview.setOpenLinks(False)
        self.preview.setAccessibleName("简报预览")
        self.formats = {code: QCheckBox(NAMES[code]) for code in report.FORMATS}
        self.formats["docx"].setChecked(True)
        self.made = label("", "secondary", True)
        self.open = button("打开所在文件夹", self._open)
        self.cancel = button("取消", self.stop.set)
        self.draft = button("导出草稿", lambda: self._make(False))
        self.final = button("定稿并导出", lambda: self._make(True), True)
        self.open.hide()
        self.cancel.hide()
        middle = QWidget()
        steps = row(*self.formats.values(), None, self.draft, self.final)
        middle.setLayout(column(self.preview, steps, row(self.made, None, self.cancel, self.open)))
        return middle

    def _right(self) -> QWidget:
        self.resting = Resting()
        self.resting.edited.connect(self._edit)
        self.resting.advised.connect(self._advise)
        self.resting.opened.connect(lambda id: self.window().go("信息", id))  # type: ignore[attr-defined]
        self.grounds = Table(
            "数字依据",
            RowsModel(
                [
                    Column("数字", lambda g: g.name, 120, tip=lambda g: f"{g.how}\n{g.ids}"),
                    Column("值", lambda g: g.value, 60, True),
                ]
            ),
        )
        self.grounds_box = OrEmpty(self.grounds, "这一期没有统计数字。")
        figures = QWidget()
        self.how = label("", "secondary", True)
        figures.setLayout(column(self.grounds_box, self.how, margin=4))
        self.grounds.selectionModel().currentRowChanged.connect(lambda *_: self._tell_ground())
        tabs = QTabWidget()
        tabs.addTab(self.resting, "依据与改动")
        tabs.addTab(figures, "数字依据")
        return tabs

    @property
    def wanted(self) -> report.Wanted | None:
        """Which issue is shown; None while no concern is chosen for one that needs it."""
        kind = self.kind.currentData()
        concern = self.concern.currentData() if kind.of_concern else None
        if kind.of_concern and concern is None:
            return None
        day: date = self.day.date().toPython()  # type: ignore[assignment]
        return report.Wanted(kind, day, concern)

    def refresh(self) -> None:
        wanted, now = self.wanted, self.now()
        if wanted is None:
            self.preview.setPlainText("没有可以出快报或专报的关切。")
            self.sheet = None
        else:
            self.operations.run(lambda database: _read(database, wanted, now), self._show)
        self.operations.run(report.issued, self._show_issued)
        self.operations.run(casework.concerns, self._show_concerns)
        self._tell_due()

    def show_item(self, id: int) -> None:
        """The 快报 of a concern, as of today."""

        def show(found: Any) -> None:
            self._show_concerns(found)
            self._set_day(china(self.now()).date())
            self._pick(Kind.FLASH, id)

        self.operations.run(casework.concerns, show)

    def _choose_kind(self) -> None:
        kind = self.kind.currentData()
        self.concern.setVisible(kind.of_concern)
        self._set_day(report.default_day(kind, self.now()))
        self.refresh()

    def _pick(self, kind: Kind, concern: int | None) -> None:
        for box, data in ((self.kind, kind), (self.concern, concern)):
            box.blockSignals(True)
            box.setCurrentIndex(max(0, box.findData(data)))
            box.blockSignals(False)
        self.concern.setVisible(kind.of_concern)
        self.refresh()

    def _set_day(self, day: date) -> None:
        self.day.blockSignals(True)
        self.day.setDate(QDate(day.year, day.month, day.day))
        self.day.blockSignals(False)

    def _daily(self) -> None:
        self._set_day(report.last_day(self.now()))
        self._pick(Kind.DAILY, None)

    def _show_concerns(self, found: list[Any]) -> None:
        before = self.concern.currentData()
        self.concern.blockSignals(True)
        self.concern.clear()
        for concern, _ in found:
            self.concern.addItem(concern.title, concern.id)
        self.concern.setCurrentIndex(max(0, self.concern.findData(before)))
        self.concern.blockSignals(False)

    def _show(self, found: _Read) -> None:
        self.sheet = found.sheet
        if found.sheet is None:
            self.preview.setPlainText(found.fault)
            self.contents.show_sections((), Plan(), False)
            self.counted.setText("")
            self.grounds_box.set_empty(True)
            return
        place = self.preview.verticalScrollBar().value()
        # The page is ours: all that came from outside is escaped in it, and nothing is loaded.
        self.preview.setHtml(found.html)
        self.preview.verticalScrollBar().setValue(place)
        self.contents.show_sections(found.sheet.sections, found.sheet.plan, not found.sheet.final)
        self.counted.setText(_counted(found.sheet))
        self.grounds.show_rows(found.sheet.issue.grounds, lambda g: g.name)
        self.grounds_box.set_empty(not found.sheet.issue.grounds)
        self._show_resting()

    def _show_resting(self) -> None:
        if self.sheet is not None:
            self.resting.show_item(self.sheet, *self.contents.current())

    def _tell_ground(self) -> None:
        ground: Ground | None = self.grounds.chosen()
        self.how.setText(f"{ground.how}：{ground.ids or '无'}" if ground else "")

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
        done = next((i for i in self.all if i.day == day and i.kind == Kind.DAILY.label), None)
        due = datetime.combine(china(now).date(), report.DUE, CHINA)
        if done is not None:
            self.due.setText(f"{day} 第{done.number}期{'已定稿' if done.final else '有草稿，未定稿'}")
        elif now <= due:
            self.due.setText(f"距 10:30 还有 {lasting(due - now)}")
        else:
            self.due.setText(f"明日 10:30 前定稿，还有 {lasting(due + timedelta(days=1) - now)}")

    def _open_issue(self) -> None:
        if issue := self.archive.chosen():
            self._set_day(issue.day)
            self._pick(Kind.of(issue.kind), issue.concern_id)

    def _make(self, final: bool) -> None:
        wanted, now, folder = self.wanted, self.now(), self.operations.folder / "简报"
        if wanted is None:
            return
        formats = tuple(code for code, box in self.formats.items() if box.isChecked())
        correct = False
        done_already = self.sheet is not None and self.sheet.final
        if final:
            asked = f"定稿 {wanted.day} 的{wanted.kind.label}？定稿以后文字不再改变，以后导出都是同样的内容。"
            if done_already:
                asked = (
                    f"这一期{wanted.kind.label}已经定稿。按现在的数据另出一期更正，注明更正哪一期？选“否”照原样再导出。"
                )
            answer = QMessageBox.question(self, "定稿", asked)
            if answer != QMessageBox.StandardButton.Yes and not done_already:
                return
            correct = done_already and answer == QMessageBox.StandardButton.Yes
        self.stop.clear()
        self._working(True)

        def work(database: Any) -> list[Path]:
            from gui.printing import print_pdf

            writers = {**report.FORMATS, "pdf": print_pdf}
            return report.make_briefing(
                database,
                wanted,
                formats,
                folder,
                self.person,
                now,
                final=final,
                correct=correct,
                writers=writers,
                told=self.progressed.emit,
                stopped=self.stop.is_set,
            )

        def done(paths: list[Path]) -> None:
            self.folder = folder
            self._working(False)
            self.made.setText("已生成：" + "、".join(path.name for path in paths))
            self.open.show()

        def failed(said: str) -> None:
            self._working(False)
            self.made.setText(said)

        self.operations.run(work, done, frozenset({BRIEFINGS}), network=True, failed=failed)

    def _working(self, on: bool) -> None:
        self.cancel.setVisible(on)
        self.draft.setEnabled(not on)
        self.final.setEnabled(not on)
        if on:
            self.open.hide()

    def _keep_plan(self) -> None:
        """Keep which sections and items are wanted and in which order, and show the page anew."""
        if self.sheet is not None:
            self._set_plan(self.contents.planned(self.sheet.plan))

    def _edit(self, old: str, new: str) -> None:
        """Put a sentence in the officer's words; the same words as before take the change back."""
        if self.sheet is not None:
            edits = {**self.sheet.plan.edits, old: new}
            if new == old:
                del edits[old]
            self._set_plan(replace(self.sheet.plan, edits=edits))

    def _advise(self, text: str) -> None:
        if self.sheet is not None:
            self._set_plan(replace(self.sheet.plan, advice=text))

    def _set_plan(self, new: Plan) -> None:
        wanted = self.wanted
        if wanted is None or self.sheet is None or self.sheet.final:
            return
        self.sheet = replace(self.sheet, plan=new)
        self.operations.run(
            lambda database: report.set_plan(database, wanted, new),
            lambda _: self.refresh(),
        )

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.folder)))


def _read(database: Any, wanted: report.Wanted, now: datetime) -> _Read:
    try:
        sheet = report.sheet(database, wanted, now)
    except WenyingError as error:
        return _Read(None, "", str(error))
    return _Read(sheet, page(sheet.issue, "png"), "")


def _counted(sheet: report.Sheet) -> str:
    """How long the news is, and what an officer must know about the edits."""
    said = []
    first = sheet.issue.sections[0] if sheet.issue.sections else None
    if first and sheet.issue.head.kind is Kind.DAILY:
        length = sum(len(s.text) for p in first.paragraphs for s in p.sentences)
        said.append(f"{first.heading.partition('、')[2]} {length} 字（约 {NEWS_LENGTH} 字为宜）")
    if sheet.final:
        said.append("已定稿，不再改动")
    if sheet.missed:
        said.append(f"{len(sheet.missed)} 处改动因原句已变没有用上：{'；'.join(t[:20] for t in sheet.missed[:3])}")
    return "。".join(said)
