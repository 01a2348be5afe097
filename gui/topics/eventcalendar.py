"""The major events in the months: the days of each are marked, and a click on a day chooses its event."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QFont, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget

from domain.event import MajorEvent
from gui.kit.moments import as_qt
from gui.kit.plain import tip

MOST_DAYS = 200  # of one event that are marked
HIGH = 260  # pixels at most


class EventCalendar(QCalendarWidget):
    """A calendar; today is chosen to begin with."""

    def __init__(self, today: date) -> None:
        super().__init__()
        self.setAccessibleName("事件日历")
        self.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.setMaximumHeight(HIGH)
        self.setSelectedDate(as_qt(today))
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.setWeekdayTextFormat(day, QTextCharFormat())

    def show_events(self, events: list[MajorEvent]) -> None:
        """Mark the days of these events, and no others."""
        self.setDateTextFormat(QDate(), QTextCharFormat())
        marked = QTextCharFormat()
        marked.setFontWeight(QFont.Weight.Bold)
        marked.setForeground(self.palette().link())
        for event in events:
            marked.setToolTip(tip(event.name))
            for i in range(min((event.ends - event.starts).days + 1, MOST_DAYS)):
                self.setDateTextFormat(as_qt(event.starts + timedelta(days=i)), marked)
