"""Which topics the list shows: those of here, those that rise, of an event, an area, a tone, of the last days."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from domain.area import AREAS
from domain.event import MajorEvent
from domain.query import TopicFilter
from domain.times import DAY
from domain.tone import Tone
from gui.kit.parts import row

SPANS = {"近 24 小时": 1, "近 3 天": 3, "近 7 天": 7, "近 30 天": 30, "全部": 0}  # days; 0 for all
USUAL = "近 3 天"
WIDE = 132  # pixels of a box at most


class Filters(QWidget):
    """`changed` tells that other topics are wanted. `beside` stands at the right."""

    changed = Signal()

    def __init__(self, beside: QWidget) -> None:
        super().__init__()
        self.local, self.rising = QCheckBox("本地"), QCheckBox("上升")
        self.span, self.of_event, self.area, self.tone = QComboBox(), QComboBox(), QComboBox(), QComboBox()
        for text, days in SPANS.items():
            self.span.addItem(text, days)
        self.span.setCurrentText(USUAL)
        self.of_event.addItem("所有事件", "")
        self.area.addItem("所有领域", "")
        for area in AREAS:
            self.area.addItem(area, area)
        self.tone.addItem("所有倾向", None)
        for tone in (Tone.NEGATIVE, Tone.NEUTRAL, Tone.POSITIVE):
            self.tone.addItem(f"{tone.label}为主", tone)
        for box in (self.of_event, self.area, self.tone):
            box.setMaximumWidth(WIDE)
        for box, name in ((self.span, "时段"), (self.of_event, "事件"), (self.area, "领域"), (self.tone, "倾向")):
            box.setAccessibleName(name)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(4)
            box.currentIndexChanged.connect(lambda _: self.changed.emit())
        for check in (self.local, self.rising):
            check.toggled.connect(lambda _: self.changed.emit())
        layout = row(self.local, self.rising, self.of_event, self.area, self.tone, self.span, None, beside)
        layout.setContentsMargins(0, 0, 0, 0)
        self.setLayout(layout)

    def since(self, now: datetime) -> datetime | None:
        """From when topics are wanted, None for all."""
        days: int = self.span.currentData()
        return now - days * DAY if days else None

    @property
    def wanted(self) -> TopicFilter:
        """What is asked of the topics."""
        return TopicFilter(
            self.local.isChecked(),
            self.rising.isChecked(),
            self.of_event.currentData() or "",
            self.area.currentData() or "",
            self.tone.currentData(),
        )

    def show_events(self, events: list[MajorEvent]) -> None:
        """The events that topics can be of; the chosen one stays."""
        names = [event.name for event in events]
        if names == [self.of_event.itemText(i) for i in range(1, self.of_event.count())]:
            return
        kept = self.of_event.currentText()
        self.of_event.blockSignals(True)
        while self.of_event.count() > 1:
            self.of_event.removeItem(1)
        for name in names:
            self.of_event.addItem(name, name)
        self.of_event.setCurrentText(kept)
        self.of_event.blockSignals(False)
