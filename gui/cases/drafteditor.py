"""Writing a draft: a large text field, the checks beside it, versions and what was said before one key away."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSplitter,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from desk.cases.reading import Case
from desk.cases.writing import (
    Before,
    Change,
    Finding,
    TypedElsewhereError,
    begin_draft,
    check_text,
    compared,
    keep_typing,
    said_before,
    unsaved_text,
)
from desk.execute import execute
from domain.person import Actor
from domain.response import Channel, Draft, ResponseKind, Unsaved
from domain.steps.drafts import WriteDraft
from domain.times import exact
from gui.cases.changes import look_of
from gui.cases.conflict import Conflict
from gui.kit.asking import agreed
from gui.kit.dialog import Dialog
from gui.kit.faults import Faults
from gui.kit.marks import mark
from gui.kit.parts import Column, OrEmpty, RowsModel, Table, button, label, row
from gui.kit.plain import heading
from gui.operations import CONCERNS, Operations, Refusal

if TYPE_CHECKING:
    from desk.data import Database

KNOWN = 16  # texts that an editor knows for its own; few are under way at once
KEPT_AFTER, CHECKED_AFTER = 800, 500  # milliseconds after the last key


class DraftEditor(Dialog):
    """拟稿. What is typed is kept at once; 存为新稿 makes a version of it."""

    def __init__(self, parent: QWidget, operations: Operations, case: Case, person: str, kind: ResponseKind) -> None:
        super().__init__(parent)
        self.operations, self.case, self.person = operations, case, person
        self.setWindowTitle(heading(f"拟稿：{case.concern.title}"))
        self.resize(1080, 680)
        self.faults = Faults()
        self._saving = self._refused = False  # a version is being made; the last text could not be kept
        self._known: deque[Unsaved] = deque(maxlen=KNOWN)  # what was read or kept here
        self._meeting: Conflict | None = None  # with another window
        self.kind, self.channel = QComboBox(), QComboBox()
        for member in ResponseKind:
            self.kind.addItem(member.label, member)
        self.kind.setCurrentText(kind.label)
        self.channel.addItem("不限渠道", None)
        for channel in Channel:
            self.channel.addItem(channel.label, channel)
        self.title, self.body = QLineEdit(), QPlainTextEdit()
        self.title.setPlaceholderText("标题")
        self.body.setPlaceholderText("正文。写的时候自动保存，断电也不会丢。")
        for field, name in ((self.kind, "类型"), (self.channel, "渠道"), (self.title, "标题"), (self.body, "正文")):
            field.setAccessibleName(name)
        self.count, self.kept = label("", "secondary"), label("", "secondary")
        self.findings = Table(
            "自查",
            RowsModel(
                [
                    Column("自查", lambda f: f.check, 84, tip=lambda f: f.reason),
                    Column("说明", lambda f: f.reason, 220),
                ]
            ),
            stretch=1,
        )
        self.findings.whole_rows()
        self.findings.clicked.connect(lambda _: self._jump())
        self.before = Table(
            "上次怎么说",
            RowsModel(
                [
                    Column("上次怎么说", lambda b: f"{b.title}", 190, tip=lambda b: b.text),
                    Column("出处", lambda b: b.source, 110),
                ]
            ),
        )
        self.before.doubleClicked.connect(lambda _: self._insert())
        self._build()
        self._keeping, self._checking = QTimer(self), QTimer(self)
        for timer, after, action in (
            (self._keeping, KEPT_AFTER, self._keep),
            (self._checking, CHECKED_AFTER, self._check),
        ):
            timer.setSingleShot(True)
            timer.setInterval(after)
            timer.timeout.connect(action)
        self.kind.currentIndexChanged.connect(lambda _: self._touched())
        self.channel.currentIndexChanged.connect(lambda _: self._check())
        self.title.textChanged.connect(lambda _: self._touched())
        self.body.textChanged.connect(self._touched)
        self.body.setEnabled(False)  # until it is known what was being written
        self.title.setEnabled(False)
        self._begin()

    def _build(self) -> None:
        left, right = QWidget(), QWidget()
        writing = QVBoxLayout(left)
        writing.setContentsMargins(0, 0, 0, 0)
        writing.addLayout(
            row(
                self.kind,
                self.channel,
                button("套用模板", self._ask_template),
                button("与上一稿比较", self._compare),
                None,
            )
        )
        writing.addWidget(self.faults.beside("title", "标题", self.title))
        writing.addWidget(self.faults.beside("body", "正文", self.body), 1)
        writing.addWidget(self.faults.foot)
        writing.addLayout(row(self.count, self.kept, None))
        checking = QVBoxLayout(right)
        checking.setContentsMargins(0, 0, 0, 0)
        self.sound = OrEmpty(self.findings, "自查没有发现问题。")
        self.nothing = OrEmpty(self.before, "没有相近的回应或口径。")
        self.nothing.set_empty(True)
        checking.addWidget(self.sound, 3)
        checking.addWidget(self.nothing, 2)
        checking.addLayout(row(button("插入所选", self._insert), None))
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left)
        split.addWidget(right)
        split.setSizes([720, 340])
        whole = QVBoxLayout(self)
        whole.addWidget(split, 1)
        bottom = QHBoxLayout()
        bottom.addStretch(1)
        bottom.addWidget(button("关闭（已自动保存）", self.reject))
        bottom.addWidget(button("存为新稿", self._save, True, "Ctrl+S"))
        whole.addLayout(bottom)
        QShortcut(QKeySequence.StandardKey.Save, self, self._save)

    def _begin(self) -> None:
        """Begin from what was being typed, else from the last version, else from the template."""
        id, last = self.case.concern.id, self.case.drafts[0] if self.case.drafts else None

        def show(unsaved: Unsaved | None) -> None:
            if unsaved is not None:
                self._known.append(unsaved)
                self._fill(unsaved.kind, unsaved.title, unsaved.body)
                self.kept.setText(f"接着 {exact(unsaved.at)} 没写完的稿子")
            elif last is not None:
                self._fill(last.kind, last.title, last.body)
            else:
                self._template()

        self.operations.read(lambda database: unsaved_text(database, id, self.person), show, place=(self, "text"))
        now = self.operations.clock.now()
        self.operations.read(lambda database: said_before(database, id, now), self._show_before)

    def _show_before(self, said: list[Before]) -> None:
        self.before.show_rows(said, lambda b: (b.source, b.title))
        self.nothing.set_empty(not said)

    def _fill(self, kind: ResponseKind, title: str, body: str) -> None:
        self.kind.setCurrentText(kind.label)
        self.title.selectAll()
        self.title.insert(title)
        whole = QTextCursor(self.body.document())
        whole.select(QTextCursor.SelectionType.Document)
        whole.insertText(body)  # unlike setPlainText, this can be undone
        self.title.setEnabled(True)
        if not self.body.isEnabled():  # it begins: what is typed goes to the text, and is what Ctrl+Z takes back
            self.body.setEnabled(True)
            self.body.setFocus()
            self.body.document().clearUndoRedoStacks()
            self._keeping.stop()  # nobody has typed anything yet

    def _ask_template(self) -> None:
        """The template takes the place of what stands there, when somebody says so; Ctrl+Z brings that back."""
        written = self.body.toPlainText().strip() or self.title.text().strip()
        question = "模板会代替现在的标题和正文。套用以后按 Ctrl+Z 可以退回。"
        if not written or agreed(self, "套用模板", question, "套用"):
            self._template()

    def _template(self) -> None:
        id, kind = self.case.concern.id, self.kind.currentData()
        self.operations.read(
            lambda database: begin_draft(database, id, kind),
            lambda begun: self._fill(kind, begun[0], begun[1]),
            place=(self, "text"),
        )

    def _touched(self) -> None:
        self.count.setText(f"{len(self.body.toPlainText())} 字")
        self._keeping.start()
        self._checking.start()

    def _keep(self) -> None:
        if not (self.title.text().strip() or self.body.toPlainText().strip()):
            return
        keep = self._keeping_what_stands_there()

        def kept(_: None) -> None:
            self._refused = False
            self.kept.setText("已自动保存")

        self.operations.run(keep, kept, failed=self._not_kept)

    def _keeping_what_stands_there(self) -> Callable[[Database], None]:
        """The verb that keeps it, unless another window of the same person has kept something else since."""
        typed = Unsaved(self.case.concern.id, self.person, *self._text(), self.operations.clock.now())
        known = tuple(self._known)
        self._known.append(typed)
        return lambda database: keep_typing(database, typed, known)

    def _not_kept(self, refusal: Refusal) -> None:
        """Say that it is not kept; where another window writes the same, show both, and go on keeping once it was read."""
        self._refused = True
        self.kept.setText(f"没有存住：{refusal}")
        if not isinstance(refusal.cause, TypedElsewhereError) or self._meeting is not None:
            return
        there = refusal.cause.there
        heads = f"另一个窗口里的（{exact(there.at)}，可复制）", "这个窗口里的（还没有自动保存）"
        then = "点“知道了”以后，自动保存以这个窗口为准；要留那边的，请先复制过来。"
        theirs = f"{there.title}\n\n{there.body}"
        self._meeting = Conflict(self, theirs, "\n\n".join(self._text()[1:]), "两个窗口在写同一篇", heads, then)

        def read(_: int) -> None:
            self._meeting = None
            self._known.append(there)
            self._keep()

        self._meeting.finished.connect(read)
        self._meeting.open()

    def _check(self) -> None:
        id, kind, channel = self.case.concern.id, self.kind.currentData(), self.channel.currentData()
        title, body = self.title.text(), self.body.toPlainText()
        self.operations.read(lambda database: check_text(database, id, kind, title, body, channel), self._show_findings)

    def _show_findings(self, findings: list[Finding]) -> None:
        self.findings.show_rows(findings, lambda f: (f.check, f.start, f.reason))
        self.sound.set_empty(not findings)
        look = QTextCharFormat()
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
        look.setUnderlineColor(self.palette().link().color())
        self.body.setExtraSelections([mark(self.body, f.start, f.end, look) for f in findings if f.end > f.start])

    def _jump(self) -> None:
        if (finding := self.findings.chosen()) and finding.end > finding.start:
            cursor = self.body.textCursor()
            cursor.setPosition(finding.start)
            cursor.setPosition(finding.end, QTextCursor.MoveMode.KeepAnchor)
            self.body.setTextCursor(cursor)
            self.body.setFocus()

    def _insert(self) -> None:
        if before := self.before.chosen():
            self.body.textCursor().insertText(f"{before.text}（{before.source}《{before.title}》）")

    def _compare(self) -> None:
        if self.case.drafts:
            last = self.case.drafts[0]
            Comparison(self, f"第 {last.version} 稿", last.body, "现在", self.body.toPlainText()).exec()

    def _save(self) -> None:
        if self._saving:
            return
        self._saving = True
        self._sent = self._text()
        id, (kind, title, body) = self.case.concern.id, self._sent
        now, by = self.operations.clock.now(), self.person
        self._keeping.stop()
        self.faults.clear()
        keep = self._keeping_what_stands_there()

        def work(database: Database) -> Draft:
            keep(database)  # a version takes the place of what was typed: of all of it, so not of another window's
            made: Draft = execute(database, WriteDraft(id, kind=kind, title=title, body=body), Actor(by), now)
            return made

        self.operations.run(work, self._done, frozenset({CONCERNS}), failed=self._refuse)

    def _refuse(self, refusal: Refusal) -> None:
        """Say beside the field why no version was made; what was typed stays, and is kept as it is."""
        self._saving = False
        self.faults.show(refusal)
        if isinstance(refusal.cause, TypedElsewhereError):
            self._not_kept(refusal)
        else:
            self._keep()

    def _done(self, made: Draft) -> None:
        """A version was made. What was typed meanwhile is not in it: it stays here, and is kept."""
        self._saving = False
        if self._text() == self._sent:
            self._keeping.stop()
            self.accept()
            return
        self.faults.show(f"已存为第 {made.version} 稿。保存时又写的字还在这里，写完再点“存为新稿”。")
        self._keep()

    def _text(self) -> tuple[ResponseKind, str, str]:
        """What stands there: kind, title and text."""
        return self.kind.currentData(), self.title.text(), self.body.toPlainText()

    def flush(self) -> None:
        """Keep at once what was typed last."""
        if self._keeping.isActive():
            self._keeping.stop()
            self._keep()

    def done(self, result: int) -> None:
        self.flush()
        super().done(result)

    def unsaved(self) -> bool:
        """What is typed is kept by itself; only where that was refused it would be lost."""
        return self.isVisible() and self._refused


class Comparison(Dialog):
    """Two versions in one text, what was dropped and what was added marked by colour and by 删 and 增."""

    def __init__(self, parent: QWidget, old_name: str, old: str, new_name: str, new: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(heading(f"{old_name} 与 {new_name}"))
        self.resize(960, 560)
        before, after = QTextEdit(), QTextEdit()
        for view in (before, after):
            view.setReadOnly(True)
        for piece in compared(old, new):
            if piece.kind is not Change.ADDED:
                before.textCursor().insertText(piece.text, look_of(piece.kind))
            if piece.kind is not Change.DROPPED:
                after.textCursor().insertText(piece.text, look_of(piece.kind))
        layout = QHBoxLayout(self)
        for name, view in ((f"{old_name}（删去的划线）", before), (f"{new_name}（增加的下划线）", after)):
            side = QVBoxLayout()
            side.addWidget(label(name, "secondary"))
            side.addWidget(view)
            layout.addLayout(side)
