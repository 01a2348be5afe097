"""Which issue of a briefing is looked at: its kind, a day of its period, and the concern where it is about one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from desk.reporting import report
from domain.briefing import IssueKind, Wanted
from domain.concern import Concern
from gui.kit.moments import day_field, day_of, set_day
from gui.kit.parts import button, label, row


class IssueChoice(QWidget):
    """`changed` tells that another issue is wanted; `due` says until when the daily one is."""

    changed = Signal()

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._now = now
        self.kind, self.concern = QComboBox(), QComboBox()
        self.kind.setAccessibleName("种类")
        for kind in IssueKind:
            self.kind.addItem(kind.label, kind)
        self.kind.currentIndexChanged.connect(lambda _: self._choose_kind())
        self.concern.setAccessibleName("关切")
        self.concern.setMinimumWidth(260)
        self.concern.hide()
        self.concern.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.day = day_field(report.last_day(now()))
        self.day.setAccessibleName("日期")
        self.day.dateChanged.connect(lambda _: self.changed.emit())
        self.due = label("", "secondary")
        layout = row(self.kind, self.concern, self.day, button("今天的简报", self._daily), None, self.due)
        layout.setContentsMargins(0, 0, 0, 0)
        self.setLayout(layout)

    @property
    def wanted(self) -> Wanted | None:
        """Which issue is wanted; None while no concern is chosen for one that needs it."""
        kind = self.kind.currentData()
        concern = self.concern.currentData() if kind.of_concern else None
        if kind.of_concern and concern is None:
            return None
        return Wanted(kind, day_of(self.day), concern)

    def pick(self, kind: IssueKind, day: date, concern_id: int | None) -> None:
        """Want an issue; told of once."""
        with QSignalBlocker(self.kind), QSignalBlocker(self.concern):
            self.kind.setCurrentIndex(max(0, self.kind.findData(kind)))
            self.concern.setCurrentIndex(max(0, self.concern.findData(concern_id)))
        self._set_day(day)
        self.concern.setVisible(kind.of_concern)
        self.changed.emit()

    def show_concerns(self, concerns: list[Concern]) -> None:
        """The concerns that an issue can be about; the chosen one stays."""
        before = self.concern.currentData()
        with QSignalBlocker(self.concern):
            self.concern.clear()
            for concern in concerns:
                self.concern.addItem(concern.title, concern.id)
            self.concern.setCurrentIndex(max(0, self.concern.findData(before)))

    def _choose_kind(self) -> None:
        kind = self.kind.currentData()
        self.concern.setVisible(kind.of_concern)
        self._set_day(report.default_day(kind, self._now()))
        self.changed.emit()

    def _daily(self) -> None:
        self.pick(IssueKind.DAILY, report.last_day(self._now()), None)

    def _set_day(self, day: date) -> None:
        with QSignalBlocker(self.day):
            set_day(self.day, day)
