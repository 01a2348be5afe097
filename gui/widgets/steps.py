"""The small dialogs in which an officer says what a step of a case needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDateTime
from PySide6.QtWidgets import (
    QComboBox,
    QDateTimeEdit,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QInputDialog,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from domain.concern import ClockBasis, Concern, Disposition, EventGrade, Labelled
from domain.response import Channel, DeadlineRule, Draft
from domain.times import CHINA, china
from gui.widgets.parts import button, label, row
from response.dispositions import suggested_disposition


class Form(QDialog):
    """Named fields under each other, 确定 and 取消."""

    def __init__(self, parent: QWidget, title: str, note: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(520)
        self._layout = QFormLayout(self)
        self._layout.setSpacing(12)
        if note:
            self._layout.addRow(label(note, "secondary", True))

    def add(self, name: str, field: QWidget) -> Any:
        field.setAccessibleName(name)
        self._layout.addRow(name, field)
        return field

    def agreed(self) -> bool:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        box.button(QDialogButtonBox.StandardButton.Ok).setText("确定")
        box.button(QDialogButtonBox.StandardButton.Cancel).setText("取消")
        box.accepted.connect(self.accept)
        box.rejected.connect(self.reject)
        self._layout.addRow(box)
        return self.exec() == QDialog.DialogCode.Accepted


def _choices(kind: type[Labelled], chosen: Labelled) -> QComboBox:
    made = QComboBox()
    for member in kind:
        made.addItem(member.label, member)
    made.setCurrentText(chosen.label)
    return made


def _moment(at: datetime) -> QDateTimeEdit:
    local = china(at)
    made = QDateTimeEdit(QDateTime(local.year, local.month, local.day, local.hour, local.minute, 0))
    made.setDisplayFormat("yyyy-MM-dd HH:mm")
    made.setCalendarPopup(True)
    return made


def _read(edit: QDateTimeEdit) -> datetime:
    found: datetime = edit.dateTime().toPython()
    return found.replace(tzinfo=CHINA)


def ask_judge(parent: QWidget, concern: Concern, now: datetime) -> dict[str, Any] | None:
    """判定: grade, clock basis with its time, unit, disposition."""
    form = Form(
        parent,
        "判定",
        f"{concern.title}\n建议等级：{concern.suggested_grade.label}。依据：{concern.grade_ground}。\n判定后时限开始计，起点可选，默认为发现时间。",
    )
    grade = form.add("突发事件等级", _choices(EventGrade, concern.suggested_grade))
    basis = form.add("计时起点", _choices(ClockBasis, ClockBasis.FOUND))
    at = form.add("起点时间", _moment(concern.found_at))
    first = {ClockBasis.FOUND: concern.found_at, ClockBasis.FIRST_REPORT: concern.first_report_at}

    def follow(_: int) -> None:
        moment = first.get(basis.currentData())
        if moment:
            local = china(moment)
            at.setDateTime(QDateTime(local.year, local.month, local.day, local.hour, local.minute, 0))

    basis.currentIndexChanged.connect(follow)
    unit = form.add("责任单位", QLineEdit())
    way = form.add("处置类型", _choices(Disposition, suggested_disposition(concern.reasons)))
    if not form.agreed():
        return None
    return {
        "grade": grade.currentData(),
        "basis": basis.currentData(),
        "basis_at": min(_read(at), now),
        "unit": unit.text().strip(),
        "disposition": way.currentData(),
    }


def ask_regrade(parent: QWidget, concern: Concern, now: datetime) -> dict[str, Any] | None:
    """调整等级: the new grade, from when its clocks start, and why; the clocks that run go on."""
    judged = concern.grade
    note = f"{concern.title}\n现判：{judged.label}。按最近报道建议：{concern.suggested_grade.label}（{concern.grade_ground}）。\n已有的时限照旧计，新等级的时限从下面的时间起算。维持原等级也请写明理由。"
    form = Form(parent, "调整等级", note)
    grade = form.add("突发事件等级", _choices(EventGrade, concern.suggested_grade if concern.escalated else judged))
    at = form.add("新时限起点", _moment(now))
    why = form.add("理由", QLineEdit(concern.grade_ground if concern.escalated else ""))
    if not form.agreed():
        return None
    return {"grade": grade.currentData(), "basis_at": min(_read(at), now), "why": why.text().strip()}


def ask_publish(parent: QWidget, draft: Draft, now: datetime) -> dict[str, Any] | None:
    """登记发布: channel, time, text as published, and an address or a file are the evidence."""
    form = Form(parent, "登记发布", "请填实际发布的渠道、时间，以及网址或截图文件，作为已回应的凭据。")
    channel = form.add("渠道", _choices(Channel, Channel.WEBSITE))
    at = form.add("发布时间", _moment(now))
    link = form.add("网址", QLineEdit())
    link.setPlaceholderText("https://")
    file = QLineEdit()
    file.setReadOnly(True)
    file.setPlaceholderText("没有网址时，选一个截图或文件")
    holder = QWidget()
    holder.setLayout(row(file, button("选择…", lambda: _choose(form, file))))
    holder.layout().setContentsMargins(0, 0, 0, 0)  # type: ignore[union-attr]
    form.add("凭据文件", holder)
    text = form.add("发布的正文", QPlainTextEdit(draft.body))
    if not form.agreed():
        return None
    return {
        "channel": channel.currentData(),
        "link": link.text(),
        "at": min(_read(at), now),
        "file": Path(file.text()) if file.text() else None,
        "text": text.toPlainText(),
    }


def _choose(parent: QWidget, field: QLineEdit) -> None:
    name, _ = QFileDialog.getOpenFileName(parent, "凭据文件")
    if name:
        field.setText(name)


def ask_close(parent: QWidget, open_points: Sequence[str] = ()) -> str:
    """办结: what was done about it; what the way of 处置 asks for and nothing shows yet is named."""
    missing = f"还没有看到：{'、'.join(open_points)}。\n" if open_points else ""
    text, good = QInputDialog.getMultiLineText(parent, "办结", f"{missing}处置结果（会写入台账和简报）：")
    return text.strip() if good else ""


def ask_dismiss(parent: QWidget) -> str:
    """不予回应: why not."""
    text, good = QInputDialog.getMultiLineText(parent, "不予回应", "理由（会记入留痕）：")
    return text.strip() if good else ""


def ask_refer(parent: QWidget) -> dict[str, Any] | None:
    """转办: to whom and why."""
    form = Form(parent, "转办", "对方受理之前，时限在这里继续计。")
    unit = form.add("转给", QLineEdit())
    why = form.add("理由", QLineEdit())
    return {"unit": unit.text(), "why": why.text()} if form.agreed() else None


def ask_unit(parent: QWidget) -> dict[str, Any] | None:
    """协同: whom to ask for what."""
    form = Form(parent, "请求协同")
    unit = QComboBox()
    unit.setEditable(True)
    unit.addItems(["宣传部", "网信办", "公安局", "主管部门"])
    form.add("单位", unit)
    what = form.add("请求事项", QPlainTextEdit())
    return {"unit": unit.currentText(), "what": what.toPlainText()} if form.agreed() else None


def ask_answered(parent: QWidget, now: datetime) -> dict[str, Any] | None:
    """What a unit answered, and when."""
    form = Form(parent, "登记答复")
    at = form.add("答复时间", _moment(now))
    answer = form.add("答复内容", QPlainTextEdit())
    return {"answer": answer.toPlainText(), "at": min(_read(at), now)} if form.agreed() else None


def ask_moment(parent: QWidget, title: str, name: str, now: datetime) -> datetime | None:
    """A moment that has been."""
    form = Form(parent, title)
    at = form.add(name, _moment(now))
    return min(_read(at), now) if form.agreed() else None


def ask_clock(parent: QWidget, rules: Sequence[DeadlineRule], now: datetime) -> dict[str, Any] | None:
    """加时限: which rule, from when."""
    form = Form(parent, "加一个时限", "判定时没有起算的时限，如行政处罚公开、依申请公开，或本单位自定的。")
    rule = QComboBox()
    for one in rules:
        rule.addItem(f"{one.name}（{one.source}）", one.code)
    form.add("时限", rule)
    at = form.add("起点时间", _moment(now))
    return {"code": rule.currentData(), "start": min(_read(at), now)} if form.agreed() else None


def ask_words(parent: QWidget, title: str, text: str) -> str:
    """A reason, or whatever a step needs in words; empty when it is given up."""
    words, good = QInputDialog.getMultiLineText(parent, title, text)
    return words.strip() if good else ""


def ask_sign(parent: QWidget, draft: Draft, person: str, emergency: bool) -> dict[str, str] | None:
    """签发: who signs; the author alone only in an emergency, with a reason."""
    form = Form(parent, "签发", f"第 {draft.version} 稿由 {draft.author} 拟写，须由另一人签发。")
    who = form.add("签发人", QLineEdit("" if person == draft.author else person))
    alone = QLineEdit()
    if emergency:
        alone.setPlaceholderText("只有拟稿人一人值班时填写，会留痕并写入简报")
        form.add("一人值班的理由", alone)
    return {"by": who.text().strip(), "alone": alone.text().strip()} if form.agreed() else None
