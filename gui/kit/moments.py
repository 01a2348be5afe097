"""Fields for days, times and moments, which Qt keeps in types of its own, read and set as Python's."""

from __future__ import annotations

from datetime import date, datetime, time

from PySide6.QtCore import QDate, QDateTime, QTime
from PySide6.QtWidgets import QCheckBox, QDateEdit, QDateTimeEdit, QHBoxLayout, QTimeEdit, QWidget

from domain.times import CHINA, china


def as_qt(day: date) -> QDate:
    """A day as Qt's fields and calendars take it."""
    return QDate(day.year, day.month, day.day)


def as_day(day: QDate) -> date:
    """A day of Qt's as Python's."""
    return date(day.year(), day.month(), day.day())


def day_field(day: date | None = None) -> QDateEdit:
    """A field for a day, with a calendar; it says `day`."""
    made = QDateEdit()
    made.setDisplayFormat("yyyy-MM-dd")
    made.setCalendarPopup(True)
    if day is not None:
        set_day(made, day)
    return made


def day_of(field: QDateEdit) -> date:
    """The day that a field says."""
    return as_day(field.date())


def set_day(field: QDateEdit, day: date) -> None:
    """Let a field say a day."""
    field.setDate(as_qt(day))


def time_of(field: QTimeEdit) -> time:
    """The time of day that a field says, to the minute."""
    return time(field.time().hour(), field.time().minute())


def set_time(field: QTimeEdit, at: time) -> None:
    """Let a field say a time of day."""
    field.setTime(QTime(at.hour, at.minute))


def moment_field(at: datetime) -> QDateTimeEdit:
    """A field for a moment, to the minute, in China's time."""
    made = QDateTimeEdit()
    set_moment(made, at)
    made.setDisplayFormat("yyyy-MM-dd HH:mm")
    made.setCalendarPopup(True)
    return made


def maybe_moment(name: str, at: datetime | None, proposed: datetime) -> tuple[QDateTimeEdit, QCheckBox, QWidget]:
    """A field for a moment that may not be known, the tick that says it is, and what holds both.

    It says `at` where that is known; whoever changes it knows it.
    """
    field, known, holder = moment_field(at or proposed), QCheckBox("已知"), QWidget()
    known.setAccessibleName(f"{name}已知")
    known.setChecked(at is not None)
    field.dateTimeChanged.connect(lambda _: known.setChecked(True))
    both = QHBoxLayout(holder)
    both.setContentsMargins(0, 0, 0, 0)
    both.addWidget(field, 1)
    both.addWidget(known)
    return field, known, holder


def moment_of(field: QDateTimeEdit) -> datetime:
    """The moment that a field says."""
    shown, clock = field.date(), field.time()
    return datetime(
        shown.year(), shown.month(), shown.day(), clock.hour(), clock.minute(), clock.second(), tzinfo=CHINA
    )


def set_moment(field: QDateTimeEdit, at: datetime) -> None:
    """Let a field say a moment."""
    local = china(at)
    field.setDateTime(QDateTime(local.year, local.month, local.day, local.hour, local.minute, 0))
