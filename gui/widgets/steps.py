"""The small dialogs in which an officer says what a step of a case needs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PySide6.QtCore import QDateTime
from PySide6.QtWidgets import (
    QComboBox,
    QDateTimeEdit,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QInputDialog,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from desk.casework import Case
from domain.concern import ClockBasis, Concern, Disposition, EventGrade, Labelled
from domain.response import Channel, Draft, ResponseKind
from domain.times import CHINA, china
from gui.widgets.parts import label


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
    way = form.add("处置类型", _choices(Disposition, Disposition.HARDSHIP))
    if not form.agreed():
        return None
    return {
        "grade": grade.currentData(),
        "basis": basis.currentData(),
        "basis_at": min(_read(at), now),
        "unit": unit.text().strip(),
        "disposition": way.currentData(),
    }


def ask_draft(parent: QWidget, case: Case, grave: bool) -> dict[str, Any] | None:
    """拟稿: kind, title, body; a new draft begins from the last one."""
    last = case.drafts[0] if case.drafts else None
    form = Form(parent, "拟稿", "回应要说清：事实真相、有关政策措施、处置结果。")
    form.resize(720, 560)
    kind = form.add(
        "类型",
        _choices(ResponseKind, last.kind if last else ResponseKind.AUTHORITATIVE if grave else ResponseKind.ANSWER),
    )
    title = form.add("标题", QLineEdit(last.title if last else f"关于{case.concern.title}的情况通报"))
    body = form.add("正文", QPlainTextEdit(last.body if last else ""))
    body.setMinimumHeight(320)
    if not form.agreed():
        return None
    return {"kind": kind.currentData(), "title": title.text(), "body": body.toPlainText()}


def ask_name(parent: QWidget, draft: Draft) -> str:
    """签发: who signs; empty when nobody does."""
    name, good = QInputDialog.getText(
        parent, "签发", f"第 {draft.version} 稿由 {draft.author} 拟写，须由另一人签发。\n签发人姓名："
    )
    return name.strip() if good else ""


def ask_publish(parent: QWidget, now: datetime) -> dict[str, Any] | None:
    """登记发布: channel, time and address are the evidence."""
    form = Form(parent, "登记发布", "请填实际发布的渠道、时间和网址，作为已回应的凭据。")
    channel = form.add("渠道", _choices(Channel, Channel.WEBSITE))
    at = form.add("发布时间", _moment(now))
    link = form.add("网址", QLineEdit())
    link.setPlaceholderText("https://")
    if not form.agreed():
        return None
    return {"channel": channel.currentData(), "link": link.text(), "at": min(_read(at), now)}


def ask_close(parent: QWidget) -> str:
    """办结: what was done about it."""
    text, good = QInputDialog.getMultiLineText(parent, "办结", "处置结果（会写入台账和简报）：")
    return text.strip() if good else ""


def ask_dismiss(parent: QWidget) -> str:
    """不予回应: why not."""
    text, good = QInputDialog.getMultiLineText(parent, "不予回应", "理由（会记入留痕）：")
    return text.strip() if good else ""
