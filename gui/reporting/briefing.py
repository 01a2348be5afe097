"""简报: what is in an issue and why, the page as it will print, its formats in one step, 定稿, and the archive."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QSplitter, QTabWidget, QWidget
from shiboken6 import isValid

from briefing.issue import Issue, frozen
from desk.cases.reading import list_concerns
from desk.execute import execute
from desk.reporting import report
from domain.briefing import AddedItem, IssueKind, Plan, Wanted
from domain.concern import Concern
from domain.errors import WenyingError
from domain.person import Actor
from domain.steps.briefings import AddToBriefing, PlanBriefing
from domain.times import CHINA, china, china_day, lasting
from gui.kit.asking import agreed
from gui.kit.page import Page
from gui.kit.parts import button, column, label, row
from gui.kit.preview import Preview
from gui.kit.stepform import StepForm
from gui.operations import BRIEFINGS, CONCERNS, TOPICS
from gui.reporting.archive import Archive
from gui.reporting.contents import Contents
from gui.reporting.correction import Correction
from gui.reporting.grounds import Grounds
from gui.reporting.issuechoice import IssueChoice
from gui.reporting.newmaterial import NewMaterial
from gui.reporting.resting import Resting

if TYPE_CHECKING:
    from desk.data import Database

NOT_SHOWN = "这一期刚刚定稿或换掉了，改动没有保存。填写的内容还在，可以复制。"
DUE_MS = 30_000  # between looks how long there is until the daily briefing is due
NAMES = {"docx": "Word", "pdf": "PDF", "xlsx": "Excel", "html": "网页"}
NEWS_LENGTH = 500  # characters that 今日要情 should come to; docs/domain.md section 8


@dataclass(frozen=True, slots=True)
class _Read:
    """What a reading of the store gave the page, and for which issue."""

    wanted: Wanted
    sheet: report.BriefingSheet | None
    html: str
    fault: str


class BriefingPage(Page):
    title, shows = "简报", frozenset({BRIEFINGS, TOPICS, CONCERNS})
    progressed = Signal(str)

    def build(self) -> None:
        self.sheet: report.BriefingSheet | None = None
        self._laid_out: report.BriefingSheet | None = None  # as it was read last with something new in it
        self.shown: Wanted | None = None  # the issue that stands on the page; every change goes to it
        self.folder: Path | None = None
        self._busy = self._behind = False  # an issue is being made; the page does not show the last change yet
        self._then: Callable[[], None] | None = None  # what waits for the page to show the last change
        self.stop = threading.Event()
        self.progressed.connect(lambda words: self.made.setText(words))
        self.choice = IssueChoice(self.now)
        self.choice.changed.connect(self.refresh)
        self.body = QSplitter(Qt.Orientation.Horizontal)
        for part in (self._left(), self._middle(), self._right()):
            self.body.addWidget(part)
        self.body.setSizes([280, 640, 280])
        self.body.setChildrenCollapsible(False)
        whole = column(self.choice, self.body, margin=16)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.timer = QTimer(self)
        self.timer.timeout.connect(self._tell_due)
        self.timer.start(DUE_MS)

    def _left(self) -> QWidget:
        self.contents = Contents()
        self.contents.changed.connect(self._keep_plan)
        self.contents.chosen.connect(self._show_resting)
        self.counted = label("", "secondary", True)
        contents = QWidget()
        self.add_item = button("加一条…", self._add_item, tip="自己写一条，放进一个栏目")
        contents.setLayout(column(self.contents, row(self.add_item, None), self.counted, margin=4))
        self.archive = Archive()
        self.archive.opened.connect(self._open_issue)
        tabs = QTabWidget()
        tabs.addTab(contents, "内容")
        tabs.addTab(self.archive, "往期")
        return tabs

    def _middle(self) -> QWidget:
        self.preview = Preview()
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
        self.resting.opened.connect(self.frame.go_to_article)
        self.grounds = Grounds()
        self.new = NewMaterial()
        self.new.taken.connect(self._renew)
        tabs = QTabWidget()
        tabs.addTab(self.resting, "依据与改动")
        tabs.addTab(self.new, "新材料")
        tabs.addTab(self.grounds, "数字依据")
        self.new.counted.connect(lambda count: tabs.setTabText(1, f"新材料 {count}" if count else "新材料"))
        return tabs

    def refresh(self) -> None:
        wanted, now = self.choice.wanted, self.now()
        if wanted != self.shown or wanted is None:
            self.resting.keep()  # what was written belongs to the issue that stands there still
            self.body.setEnabled(False)
        if wanted is None:
            self.operations.forget(self._show)
            self._show_none("没有可以出快报或专报的关切。")
        else:
            self.operations.read(lambda database: _read(database, wanted, now), self._show)
        self.operations.read(report.issued, self._show_issued)
        self.operations.read(_concerns, self.choice.show_concerns)
        self._tell_due()

    def show_item(self, id: int) -> None:
        """The 快报 of a concern, as of today."""

        def show(concerns: list[Concern]) -> None:
            self.choice.show_concerns(concerns)
            self.choice.pick(IssueKind.FLASH, china_day(self.now()), id)

        self.operations.read(_concerns, show, place=(self, "flash"))

    def _show(self, read: _Read) -> None:
        sheet = read.sheet
        if sheet is None:
            self._show_none(read.fault)
            return
        same, self.shown = self.shown == read.wanted and self._stands(sheet), read.wanted
        self._behind = False
        self._offer()
        self.body.setEnabled(True)
        self.new.show_offers(sheet)
        self.add_item.setEnabled(not sheet.final)
        if same and self.sheet is not None:  # the page is as it was; what is offered beside it may not be
            self.sheet = replace(self.sheet, material=sheet.material, fresh=sheet.fresh, offers=sheet.offers)
            self._go_on()
            return  # laying out the page takes a good part of a second
        self.sheet = self._laid_out = sheet
        place = self.preview.verticalScrollBar().value()
        # The page is ours: all that came from outside is escaped in it, and nothing is loaded.
        self.preview.setHtml(read.html)
        self.preview.verticalScrollBar().setValue(place)
        self.contents.show_sections(sheet.sections, sheet.plan, not sheet.final)
        self.counted.setText(_counted(sheet))
        self.grounds.show_grounds(sheet.issue.grounds)
        self._show_resting()
        self._go_on()

    def _go_on(self) -> None:
        """What was asked for while the page did not show the last change yet: now it does."""
        then, self._then = self._then, None
        if then is not None:
            then()

    def _stands(self, sheet: report.BriefingSheet) -> bool:
        """Whether the page says all that a sheet says."""
        there = self._laid_out
        return (
            there is not None
            and (there.sections, there.plan, there.missed, there.final)
            == (sheet.sections, sheet.plan, sheet.missed, sheet.final)
            and report.reads_alike(there.issue, sheet.issue)
        )

    def _show_none(self, why: str) -> None:
        """There is no issue to show, and why."""
        self.sheet = self.shown = self._laid_out = None
        self.preview.setPlainText(why)
        self.contents.show_sections((), Plan(), False)
        self.counted.setText("")
        self.grounds.show_grounds(())
        self.new.show_offers(None)

    def _show_resting(self) -> None:
        if self.sheet is not None:
            self.resting.show_item(self.sheet, *self.contents.current())

    def _show_issued(self, issues: list[report.StoredIssue]) -> None:
        self.archive.show_issues(issues)
        self._tell_due()

    def _tell_due(self) -> None:
        """How long until 10:30, when the briefing of the day before is due."""
        now = self.now()
        day = report.last_day(now)
        done = next((i for i in self.archive.issues if i.day == day and i.kind is IssueKind.DAILY), None)
        due = datetime.combine(china(now).date(), report.DUE, CHINA)
        if done is not None:
            self.choice.due.setText(f"{day} {f'第{done.number}期已定稿' if done.final else '有草稿，未定稿'}")
        elif now <= due:
            self.choice.due.setText(f"距 10:30 还有 {lasting(due - now)}")
        else:
            self.choice.due.setText(f"明日 10:30 前定稿，还有 {lasting(due + timedelta(days=1) - now)}")

    def _open_issue(self, issue: report.StoredIssue) -> None:
        self.choice.pick(issue.kind, issue.day, issue.concern_id)

    def _make(self, final: bool) -> None:
        """Export, and fix where `final`: the very issue that stands on the page, whatever the store holds by now."""
        wanted, sheet = self.shown, self.sheet
        if wanted is None or sheet is None:
            return
        if not sheet.final and self.resting.written() not in (None, sheet.plan.advice):
            # What stands on the screen goes into what is made.
            self._then = lambda: self._make(final)
            self.resting.keep()
            return
        if not final:
            self._export(wanted, sheet.issue, made_of=sheet.material)
        elif sheet.final:
            asked = (
                f"这一期{wanted.kind.label}已经定稿。按现在的数据另出一期更正，注明更正哪一期？不另出就照原样再导出。"
            )
            if agreed(self, "定稿", asked, "另出一期更正", "照原样导出"):
                self._correct(wanted)
            else:
                self._export(wanted, sheet.issue, final=True)
        else:
            asked = f"定稿 {wanted.day} 的{wanted.kind.label}？定稿的就是页面上现在的文字，以后不再改变，导出都是同样的内容。"
            if not agreed(self, "定稿", asked, "定稿"):
                return
            # What came in behind the question is not what was read and agreed to.
            self._export(wanted, sheet.issue, final=True, made_of=sheet.material)

    def _correct(self, wanted: Wanted) -> None:
        """Show the correction whole, before it is made final."""
        now = self.now()

        def show(read: tuple[Issue, str]) -> None:
            issue, html = read
            self.correction = Correction(self)
            self.correction.shown.setHtml(html)  # a page of ours, like the one below
            self.correction.accepted.connect(lambda: self._export(wanted, issue, final=True, correct=True))
            self.correction.open()

        def correction(database: Database) -> tuple[Issue, str]:
            issue = report.correction(database, wanted, now)
            return issue, report.page_of(issue)

        self.operations.read(correction, show, place=(self, "correction"), failed=self.made.setText)

    def _export(
        self, wanted: Wanted, issue: Issue, final: bool = False, correct: bool = False, made_of: Issue | None = None
    ) -> None:
        now, folder = self.now(), self.operations.folder / "简报"
        formats = tuple(code for code, box in self.formats.items() if box.isChecked())
        from gui.reporting.printing import print_pdf  # here and not in the work: Qt is loaded on this thread only

        writers = {**report.FORMATS, "pdf": print_pdf}
        self.stop.clear()
        self._working(True)

        def work(database: Database) -> list[Path]:
            return report.make_briefing(
                database,
                wanted,
                formats,
                folder,
                Actor(self.person),
                now,
                final=final,
                correct=correct,
                seen=issue,
                made_of=made_of,
                writers=writers,
                told=self.progressed.emit,
                stopped=self.stop.is_set,
            )

        def done(paths: list[Path]) -> None:
            self.folder = folder
            self._working(False)
            self.made.setText("已生成：" + "、".join(path.name for path in paths) + "。" + report.faces_said(formats))
            self.open.show()

        def failed(said: str) -> None:
            self._working(False)
            self._not_kept(said)

        self.operations.run(work, done, frozenset({BRIEFINGS}), network=True, failed=failed)

    def _working(self, on: bool) -> None:
        self._busy = on
        self.cancel.setVisible(on)
        self._offer()
        if on:
            self.open.hide()

    def _offer(self) -> None:
        """Nothing is made of a page that does not show the last change yet."""
        for one in (self.draft, self.final):
            one.setEnabled(not self._busy and not self._behind)

    def _keep_plan(self) -> None:
        """Keep which sections and items are wanted and in which order, and show the page anew."""
        if self.sheet is not None:
            self._set_plan(self.contents.planned(self.sheet.plan))

    def _edit(self, old: str, new: str, form: StepForm | None) -> None:
        """Put a sentence in the officer's words; the same words as before take the change back."""
        if self.sheet is not None:
            edits = {**self.sheet.plan.edits, old: new}
            if new == old:
                del edits[old]
            self._set_plan(replace(self.sheet.plan, edits=edits), form)
        elif form is not None:
            form.refuse(NOT_SHOWN)

    def _add_item(self) -> None:
        """An item in the officer's own words."""
        wanted, sheet = self.shown, self.sheet
        if wanted is None or sheet is None or sheet.final:
            return
        form = StepForm(self, "加一条", "自己写的一条，放在栏目的最后，标〔编〕；次序可以再调，去掉勾选就不出现。")
        heading = QComboBox()
        for section in sheet.sections:
            if section.heading != report.ADVICE:  # which has a text of its own
                heading.addItem(section.heading, section.heading)
        form.add("heading", "栏目", heading)
        form.add("lead", "题目", QLineEdit())
        form.add("text", "内容", QPlainTextEdit(), needed="请填写这一条的内容。")
        actor = Actor(self.person)
        form.submit(
            self.operations,
            lambda database, given: execute(
                database, AddToBriefing.of(wanted, AddedItem(**given)), actor, self.operations.clock.now()
            ),
            lambda _: self.refresh(),
        )

    def _renew(self, taken: tuple[report.Offer, ...] | None) -> None:
        """Take what came in since: the chosen items, or all there is."""
        wanted, sheet = self.shown, self.sheet
        if wanted is None or sheet is None or sheet.fresh is None or taken == ():
            return
        step, now = report.renewing(wanted, sheet, taken), self.now()
        self.operations.run(
            lambda database: execute(database, step, Actor(self.person), now),
            lambda _: self.refresh(),
            failed=self._not_kept,
        )

    def _advise(self, text: str) -> None:
        if self.sheet is not None:
            self._set_plan(replace(self.sheet.plan, advice=text))

    def _set_plan(self, new: Plan, form: StepForm | None = None) -> None:
        """Keep a plan; the form that it comes from stays, with what was typed, until it was kept."""
        wanted = self.shown
        if wanted is None or self.sheet is None or self.sheet.final:
            if form is not None:
                form.refuse(NOT_SHOWN)
            return

        def kept(_: object) -> None:
            if form is not None and isValid(form):
                form.taken()
            self.refresh()

        def refused(said: str) -> None:
            if form is not None and isValid(form):
                form.refuse(said)
            self._not_kept(said)

        made_of = frozen(self.sheet.material) if self.sheet.material else None
        self.sheet, now = replace(self.sheet, plan=new), self.now()
        self.operations.forget(self._show)  # which would be of the plan as it was
        self._behind = True
        self._offer()
        self.operations.run(
            lambda database: execute(database, PlanBriefing.of(wanted, new, made_of), Actor(self.person), now),
            kept,
            failed=refused,
        )

    def _not_kept(self, said: str) -> None:
        """A change was refused: the page as it is kept, and why."""
        self._then = None
        self.made.setText(said)
        self._laid_out = None  # what was ticked or written here is not what is kept
        self.refresh()

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.folder)))


def _read(database: Database, wanted: Wanted, now: datetime) -> _Read:
    try:
        sheet = report.sheet(database, wanted, now)
    except WenyingError as error:
        return _Read(wanted, None, "", str(error))
    return _Read(wanted, sheet, report.page_of(sheet.issue), "")


def _concerns(database: Database) -> list[Concern]:
    return [concern for concern, _ in list_concerns(database)]


def _counted(sheet: report.BriefingSheet) -> str:
    """How long the news is, and what an officer must know about the edits."""
    said = []
    first = sheet.issue.sections[0] if sheet.issue.sections else None
    if first and sheet.issue.head.kind is IssueKind.DAILY:
        length = sum(len(s.text) for p in first.paragraphs for s in p.sentences)
        said.append(f"{first.heading.partition('、')[2]} {length} 字（约 {NEWS_LENGTH} 字为宜）")
    if sheet.final:
        said.append("已定稿，不再改动")
    if sheet.missed:
        said.append(f"{len(sheet.missed)} 处改动因原句已变没有用上：{'；'.join(t[:20] for t in sheet.missed[:3])}")
    return "。".join(said)
