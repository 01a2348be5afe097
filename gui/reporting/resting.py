"""What an item of a briefing rests on: why it is there, its sentences to be put in own words, its articles."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QListWidget, QPlainTextEdit, QWidget

from briefing.issue import Cited, Paragraph
from desk.reporting.report import ADVICE, BriefingSheet, item_key, proposals
from domain.times import exact
from gui.kit.form import Form, write
from gui.kit.parts import Column, OrEmpty, RowsModel, Table, button, column, label, row
from gui.kit.stepform import Given, StepForm

NONE = "在左边选一项，这里看它的依据、改它的文字"
GONE = "原来选的一项已不在这一期里。请在左边另选一项"


@dataclass(frozen=True, slots=True)
class _SentenceLine:
    """A sentence as the facts tell it, and in the officer's words where there are any."""

    stated: str
    now: str
    edited: bool


class Resting(QWidget):
    """The panel beside the page; what is changed here goes into the plan."""

    # (the sentence as told, the officer's words, the form they stand in or None); empty words drop the sentence
    edited = Signal(str, str, object)
    advised = Signal(str)
    opened = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.sheet: BriefingSheet | None = None
        self.lines: list[_SentenceLine] = []
        self.heading, self.why = label("", "title", True), label("", "secondary", True)
        self.sentences = QListWidget()
        self.sentences.setObjectName("sentences")
        self.sentences.setAccessibleName("句子")
        self.sentences.setWordWrap(True)
        self.sentences.itemDoubleClicked.connect(lambda _: self._rewrite())
        self.articles = Table(
            "来源",
            RowsModel(
                [
                    Column("来源", lambda c: c.source, 104, tip=lambda c: f"{c.source} {exact(c.published_at)}"),
                    Column("标题", lambda c: c.title, 150, tip=lambda c: c.title),
                ]
            ),
            stretch=1,
        )
        self.articles.doubleClicked.connect(lambda _: self.opened.emit(self.articles.chosen().id))
        self.rewrite = button("改这一句…", self._rewrite)
        self.back = button("恢复原句", self._restore)
        self.articles_box = OrEmpty(self.articles, "这一项来自统计数字，见“数字依据”。")
        self.item = QWidget()
        self.item.setLayout(
            column(
                self.sentences,
                row(self.rewrite, self.back, None),
                label("依据的信息（双击打开）", "secondary"),
                self.articles_box,
            )
        )
        self.advice = QPlainTextEdit()
        self.advice.setAccessibleName("研判与建议")
        self.advice.setPlaceholderText("研判与建议：自己写，一行一条；不写就用系统提的几条")
        self.own = QWidget()
        steps = row(button("取用系统建议", self._propose), None, button("保存", self._advise, True))
        self.form = Form(self, {"研判与建议": self.advice})
        self.advised_on: tuple[object, ...] = ()  # the issue whose advice stands here
        self.own.setLayout(column(self.advice, self.form.note, steps))
        self.setLayout(column(self.heading, self.why, self.own, self.item, margin=4))
        self.own.hide()
        self.item.hide()
        self.heading.setText(NONE)

    def show_item(self, sheet: BriefingSheet, heading: str, key: str) -> None:
        """Show an item of an issue, or the advice where that section is chosen."""
        self.sheet = sheet
        section = next((s for s in sheet.sections if s.heading == heading), None)
        advice = heading == ADVICE and not sheet.final
        self.own.setVisible(advice)
        paragraph = next((p for p in section.paragraphs if item_key(section, p) == key), None) if section else None
        self.item.setVisible(paragraph is not None and not advice)
        if advice:
            self._show_advice(sheet)
        if section is None or (key and paragraph is None):
            self.heading.setText(GONE if heading else NONE)
            self.why.setText("")
            return
        self.heading.setText((paragraph.lead or heading) if paragraph else heading)
        self.why.setText(f"入选：{paragraph.why}" if paragraph and paragraph.why else "")
        if paragraph is not None:
            self._show_paragraph(sheet, paragraph)

    def _show_advice(self, sheet: BriefingSheet) -> None:
        """What is typed and not saved stays while the same issue is read anew."""
        head, stored = sheet.issue.head, {"研判与建议": sheet.plan.advice}
        if (head.kind, head.day, head.number) == self.advised_on:
            self.form.show(stored)
        else:
            self.advised_on = head.kind, head.day, head.number
            self.form.start_anew(stored)

    def _show_paragraph(self, sheet: BriefingSheet, paragraph: Paragraph) -> None:
        edits = {} if sheet.final else sheet.plan.edits
        before = max(0, self.sentences.currentRow())
        self.lines = [
            _SentenceLine(s.text, edits.get(s.text, s.text), s.edited or s.text in edits) for s in paragraph.sentences
        ]
        self.sentences.clear()
        self.sentences.addItems([f"{line.now or '（已删去）'}{'〔编〕' if line.edited else ''}" for line in self.lines])
        self.sentences.setCurrentRow(min(before, len(self.lines) - 1))
        known: dict[int, Cited] = {c.id: c for c in sheet.issue.cited}
        ids = dict.fromkeys(id for s in paragraph.sentences for id in s.notes)
        rows = [known[id] for id in ids if id in known]
        self.articles.show_rows(rows, lambda c: c.id)
        self.articles_box.set_empty(not rows)
        for one in (self.rewrite, self.back):
            one.setEnabled(not sheet.final)

    def _rewrite(self) -> None:
        line = self._line()
        if line is None or self.sheet is None or self.sheet.final:
            return
        form = StepForm(self, "改这一句", "改后的句子会标〔编〕；清空就删去这一句。")
        form.add("words", "改成", QPlainTextEdit(line.now))

        def take(given: Given) -> None:
            self.edited.emit(line.stated, given["words"], form)

        form.ask(take)

    def _restore(self) -> None:
        line = self._line()
        if line is not None:
            self.edited.emit(line.stated, line.stated, None)

    def _line(self) -> _SentenceLine | None:
        row = self.sentences.currentRow()
        return self.lines[row] if 0 <= row < len(self.lines) else None

    def written(self) -> str | None:
        """The advice that was written here and not saved; None where all is saved."""
        return self.advice.toPlainText().strip() if self.form.unsaved else None

    def keep(self) -> None:
        """Put what was written into the plan of the issue it was written for, before another is shown."""
        if self.form.unsaved:
            self._advise()

    def _propose(self) -> None:
        if self.sheet is not None:
            self.advice.setPlainText(proposals(self.sheet.sections))

    def _advise(self) -> None:
        write(self.advice, self.advice.toPlainText().strip())
        self.advised.emit(self.advice.toPlainText())
