"""Writing a draft: a large text field, the checks beside it, versions and what was said before one key away."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QColor, QKeySequence, QShortcut, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QInputDialog,
    QLineEdit,
    QPlainTextEdit,
    QSplitter,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from desk import drafting
from desk.casework import Case
from domain.response import Channel, Draft, ResponseKind, Unsaved
from domain.times import exact
from gui.operations import CONCERNS, Operations
from gui.widgets.parts import Column, OrEmpty, RowsModel, Table, button, label, row
from response.drafts import compared

KEPT_AFTER, CHECKED_AFTER = 800, 500  # milliseconds after the last key
ADDED, DROPPED = QColor(46, 125, 50, 60), QColor(201, 48, 44, 60)


class DraftEditor(QDialog):
    """拟稿. What is typed is kept at once; 存为新稿 makes a version of it."""

    def __init__(self, parent: QWidget, operations: Operations, case: Case, person: str, kind: ResponseKind) -> None:
        super().__init__(parent)
        self.operations, self.case, self.person = operations, case, person
        self.setWindowTitle(f"拟稿：{case.concern.title}")
        self.resize(1080, 680)
        self._saved = False
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
        self.findings.setWordWrap(True)
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
        self.kind.currentIndexChanged.connect(lambda _: self._typed())
        self.channel.currentIndexChanged.connect(lambda _: self._check())
        self.title.textChanged.connect(lambda _: self._typed())
        self.body.textChanged.connect(self._typed)
        self._begin()

    def _build(self) -> None:
        left, right = QWidget(), QWidget()
        writing = QVBoxLayout(left)
        writing.setContentsMargins(0, 0, 0, 0)
        writing.addLayout(
            row(
                self.kind, self.channel, button("套用模板", self._template), button("与上一稿比较", self._compare), None
            )
        )
        writing.addWidget(self.title)
        writing.addWidget(self.body, 1)
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
        bottom.addWidget(button("关闭（已自动保存）", self.close))
        bottom.addWidget(button("存为新稿", self._save, True, "Ctrl+S"))
        whole.addLayout(bottom)
        QShortcut(QKeySequence.StandardKey.Save, self, self._save)

    def _begin(self) -> None:
        """Begin from what was being typed, else from the last version, else from the template."""
        id, last = self.case.concern.id, self.case.drafts[0] if self.case.drafts else None

        def show(unsaved: Unsaved | None) -> None:
            if unsaved is not None:
                self._fill(unsaved.kind, unsaved.title, unsaved.body)
                self.kept.setText(f"接着 {exact(unsaved.at)} 没写完的稿子")
            elif last is not None:
                self._fill(last.kind, last.title, last.body)
            else:
                self._template()

        self.operations.run(lambda database: drafting.typed(database, id, self.person), show)
        now = self.operations.clock.now()
        self.operations.run(
            lambda database: drafting.said_before(database, id, now),
            self._show_before,
        )

    def _show_before(self, found: list[Any]) -> None:
        self.before.show_rows(found, lambda b: (b.source, b.title))
        self.nothing.set_empty(not found)

    def _fill(self, kind: ResponseKind, title: str, body: str) -> None:
        self.kind.setCurrentText(kind.label)
        self.title.setText(title)
        self.body.setPlainText(body)

    def _template(self) -> None:
        id, kind = self.case.concern.id, self.kind.currentData()
        self.operations.run(
            lambda database: drafting.begin(database, id, kind), lambda begun: self._fill(kind, begun[0], begun[1])
        )

    def _typed(self) -> None:
        self.count.setText(f"{len(self.body.toPlainText())} 字")
        self._keeping.start()
        self._checking.start()

    def _keep(self) -> None:
        if self._saved or not (self.title.text().strip() or self.body.toPlainText().strip()):
            return
        now = self.operations.clock.now()
        typed = Unsaved(
            self.case.concern.id, self.person, self.kind.currentData(), self.title.text(), self.body.toPlainText(), now
        )
        self.operations.run(
            lambda database: drafting.keep_typing(database, typed), lambda _: self.kept.setText("已自动保存")
        )

    def _check(self) -> None:
        id, kind, channel = self.case.concern.id, self.kind.currentData(), self.channel.currentData()
        title, body = self.title.text(), self.body.toPlainText()
        self.operations.run(
            lambda database: drafting.check_text(database, id, kind, title, body, channel), self._show_findings
        )

    def _show_findings(self, found: list[Any]) -> None:
        self.findings.show_rows(found, lambda f: (f.check, f.start, f.reason))
        self.sound.set_empty(not found)
        marks = []
        for finding in found:
            if finding.end <= finding.start:
                continue
            mark = QTextEdit.ExtraSelection()
            mark.cursor = QTextCursor(self.body.document())
            mark.cursor.setPosition(min(finding.start, len(self.body.toPlainText())))
            mark.cursor.setPosition(min(finding.end, len(self.body.toPlainText())), QTextCursor.MoveMode.KeepAnchor)
            mark.format.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
            mark.format.setUnderlineColor(self.palette().link().color())
            marks.append(mark)
        self.body.setExtraSelections(marks)

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
        id, kind, title, body = (
            self.case.concern.id,
            self.kind.currentData(),
            self.title.text(),
            self.body.toPlainText(),
        )
        now, by = self.operations.clock.now(), self.person
        self._keeping.stop()
        self.operations.run(
            lambda database: drafting.write_draft(database, id, kind=kind, title=title, body=body, by=by, now=now),
            self._done,
            frozenset({CONCERNS}),
        )

    def _done(self, _: Draft) -> None:
        self._saved = True
        self.accept()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._keeping.isActive():
            self._keeping.stop()
            self._keep()
        super().closeEvent(event)


class Comparison(QDialog):
    """Two versions in one text, what was dropped and what was added marked by colour and by 删 and 增."""

    def __init__(self, parent: QWidget, old_name: str, old: str, new_name: str, new: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"{old_name} 与 {new_name}")
        self.resize(960, 560)
        before, after = QTextEdit(), QTextEdit()
        for view in (before, after):
            view.setReadOnly(True)
        for piece in compared(old, new):
            shape = QTextCharFormat()
            if piece.kind == "删":
                shape.setBackground(DROPPED)
                shape.setFontStrikeOut(True)
                before.textCursor().insertText(piece.text, shape)
            elif piece.kind == "增":
                shape.setBackground(ADDED)
                shape.setFontUnderline(True)
                after.textCursor().insertText(piece.text, shape)
            else:
                before.textCursor().insertText(piece.text, shape)
                after.textCursor().insertText(piece.text, shape)
        layout = QHBoxLayout(self)
        for name, view in ((f"{old_name}（删去的划线）", before), (f"{new_name}（增加的下划线）", after)):
            side = QVBoxLayout()
            side.addWidget(label(name, "secondary"))
            side.addWidget(view)
            layout.addLayout(side)


def ask_remark(parent: QWidget, quote: str) -> str:
    """A remark on a stretch of text; empty when nothing is said."""
    text, good = QInputDialog.getMultiLineText(parent, "批注", f"对“{quote[:60]}”的意见：")
    return text.strip() if good else ""
