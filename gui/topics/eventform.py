"""The plan of a major event as fields: its days, its words, its answers and tasks."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)

from domain.errors import InputError
from domain.event import EventKind, MajorEvent, Phase
from domain.times import parse_day
from gui.kit.faults import Faults
from gui.kit.form import Form
from gui.kit.moments import day_field, day_of
from gui.kit.parts import label, row

NAMELESS = "新的重大事件"
LINE = 20  # pixels


class EventForm(QScrollArea):
    """`form` knows what is unsaved, `faults` shows what is refused; both know a field by its name in a MajorEvent."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._make_fields()
        dates, weights = QWidget(), QWidget()
        for holder, layout in (
            (dates, row(self.starts, label("至"), self.ends, None)),
            (weights, row(self.weighted, label("门槛"), self.threshold)),
        ):
            layout.setContentsMargins(0, 0, 0, 0)
            holder.setLayout(layout)
        self.faults = Faults()
        view = QWidget()
        fields = self._laid_out(view, dates, weights)
        self.form = Form(
            self,
            {
                "kind": self.kind,
                "name": self.name,
                "starts": self.starts,
                "ends": self.ends,
                "any_words": self.words,
                "all_words": self.all_words,
                "none_words": self.none_words,
                "weighted": self.weighted,
                "threshold": self.threshold,
                "place": self.place,
                "ease": self.ease,
                "phases": self.phases,
                "answers": self.answers,
                "on_duty": self.on_duty,
                "tasks": self.tasks,
            },
        )
        fields.addRow(self.form.note)
        self.setWidget(view)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)

    def _make_fields(self) -> None:
        self.kind = QComboBox()
        for kind in EventKind:
            self.kind.addItem(kind.label, kind)
        self.name, self.words, self.all_words, self.none_words = (QLineEdit() for _ in range(4))
        self.weighted, self.place, self.on_duty = QLineEdit(), QLineEdit(), QLineEdit()
        self.threshold, self.ease = QDoubleSpinBox(), QDoubleSpinBox()
        self.threshold.setRange(0.1, 50)
        self.ease.setRange(0.1, 1)
        self.ease.setSingleStep(0.1)
        self.ease.setMaximumWidth(96)
        self.starts, self.ends = day_field(), day_field()
        self.phases, self.answers, self.tasks = QPlainTextEdit(), QPlainTextEdit(), QPlainTextEdit()
        for box, lines in ((self.phases, 3), (self.answers, 4), (self.tasks, 3)):
            box.setFixedHeight(lines * LINE + 14)
        self.name.setPlaceholderText("如 市“两会”")
        self.words.setPlaceholderText("含任一词，空格分开")
        self.all_words.setPlaceholderText("并且都含（可不填）")
        self.none_words.setPlaceholderText("不含（可不填）")
        self.weighted.setPlaceholderText("积水=1 决口=2：权重之和达到门槛才算")
        self.place.setPlaceholderText("还须提到的地名（可不填）")
        self.phases.setPlaceholderText("预热 2027-02-20 2027-03-02\n余波 2027-03-14 2027-03-20")
        self.answers.setPlaceholderText("事先备好的问答口径")
        self.tasks.setPlaceholderText("一行一件")

    def _laid_out(self, view: QWidget, dates: QWidget, weights: QWidget) -> QFormLayout:
        """The fields under each other, each with room for its fault."""
        fields = QFormLayout(view)
        fields.setSpacing(8)
        for key, text, field in (
            ("kind", "类别", self.kind),
            ("name", "名称", self.name),
            ("ends", "起止", dates),
            ("any_words", "关键词", self.words),
            ("all_words", "都含", self.all_words),
            ("none_words", "不含", self.none_words),
            ("weighted", "加权词", weights),
            ("place", "地点", self.place),
            ("ease", "预警门槛 ×", self.ease),
            ("phases", "阶段", self.phases),
            ("answers", "口径", self.answers),
            ("on_duty", "值班", self.on_duty),
            ("tasks", "任务", self.tasks),
        ):
            fields.addRow(text, self.faults.beside(key, text, field))
        for part, text in (
            (self.starts, "开始"),
            (self.ends, "结束"),
            (self.weighted, "加权词"),
            (self.threshold, "门槛"),
        ):
            part.setAccessibleName(text)
        return fields

    def event_of(self, id: int) -> MajorEvent:
        """The event as the fields say, under that id. Raises InputError, naming the field that makes no sense."""
        return MajorEvent(
            id,
            self.kind.currentData(),
            self.name.text().strip(),
            day_of(self.starts),
            day_of(self.ends),
            tuple(self.words.text().split()),
            tuple(self.all_words.text().split()),
            tuple(self.none_words.text().split()),
            _weights(self.weighted.text()),
            self.threshold.value(),
            self.place.text().strip(),
            self.ease.value(),
            _phases(self.phases.toPlainText()),
            self.answers.toPlainText().strip(),
            self.on_duty.text().strip(),
            tuple(line.strip() for line in self.tasks.toPlainText().splitlines() if line.strip()),
        )


def as_typed(event: MajorEvent | None, starts: date, ends: date) -> dict[str, Any]:
    """An event as the form's fields say it; an empty one for None."""
    e = event or MajorEvent(0, EventKind.OTHER, NAMELESS, starts, ends, (NAMELESS,))
    return {
        "kind": e.kind,
        "name": e.name if event else "",
        "starts": starts,
        "ends": ends,
        "any_words": " ".join(e.any_words) if event else "",
        "all_words": " ".join(e.all_words),
        "none_words": " ".join(e.none_words),
        "weighted": " ".join(f"{word}={weight:g}" for word, weight in e.weighted),
        "threshold": e.threshold,
        "place": e.place,
        "ease": e.ease,
        "phases": "\n".join(f"{p.name} {p.starts} {p.ends}" for p in e.phases),
        "answers": e.answers,
        "on_duty": e.on_duty,
        "tasks": "\n".join(e.tasks),
    }


def _weights(text: str) -> tuple[tuple[str, float], ...]:
    weights = []
    for part in text.split():
        word, _, weight = part.replace("＝", "=").partition("=")
        try:
            weights.append((word, float(weight or 1)))
        except ValueError as error:
            raise InputError(f"加权词“{part}”看不懂。请写成 词=权重，如 积水=1.5。", "weighted") from error
    return tuple(weights)


def _phases(text: str) -> tuple[Phase, ...]:
    phases = []
    for line in filter(str.strip, text.splitlines()):
        parts = line.split()
        if len(parts) != 3:
            raise InputError(f"阶段“{line.strip()}”看不懂。请写成：名称 开始日期 结束日期。", "phases")
        phases.append(Phase(parts[0], parse_day(parts[1]), parse_day(parts[2])))
    return tuple(phases)
