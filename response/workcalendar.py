"""Working days and hours: the State Council's calendar with its worked weekends (调休), and the office's overrides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import chinese_calendar

from domain.times import CHINA
from response.festivals import festival_of

ONE_DAY = timedelta(days=1)
_HOLIDAYS = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}
OFFICE_HOURS = ((time(8, 30), time(12, 0)), (time(14, 0), time(17, 30)))


@dataclass(frozen=True, slots=True)
class DayKind:
    """What a day is: worked or not, why in a few words, and whether the year's calendar is not published (暂按).

    `holiday`: it is off for a statutory holiday (法定休假日), not for a weekend or the office's own reasons.
    """

    worked: bool
    why: str
    provisional: bool = False
    holiday: bool = False


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Days and hours that count. `overrides` are the office's own: day → worked; `hours` its opening hours."""

    overrides: Mapping[date, bool] = field(default_factory=dict)
    hours: tuple[tuple[time, time], ...] = OFFICE_HOURS

    def day(self, day: date) -> DayKind:
        """What a day is: the office's override, else the State Council's yearly 放假安排 (chinesecalendar), else by the law
        alone (全国年节及纪念日放假办法) and the weekday.

        A year that is not published yet is marked provisional (暂按), never an error.
        """
        if day in self.overrides:
            return DayKind(self.overrides[day], "本单位调整为上班" if self.overrides[day] else "本单位调整为休息")
        weekend = day.weekday() >= 5
        try:
            worked = chinese_calendar.is_workday(day)
            _, name = chinese_calendar.get_holiday_detail(day)
        except NotImplementedError:
            if festival := festival_of(day):
                return DayKind(False, f"{festival}（暂按）", True, True)
            return DayKind(not weekend, "周末（暂按）" if weekend else "工作日（暂按）", True)
        holiday = _HOLIDAYS.get(name or "", name or "")
        if worked:
            return DayKind(True, f"{holiday}调休上班" if weekend else "工作日")
        return DayKind(False, holiday if name else "周末", holiday=bool(name))

    def is_worked(self, day: date) -> bool:
        """Whether a day counts as a working day."""
        return self.day(day).worked

    def open_spans(self, day: date) -> list[tuple[datetime, datetime]]:
        """The office's open spans on a day, none on a day off."""
        if not self.is_worked(day):
            return []
        return [
            (datetime.combine(day, a, CHINA), datetime.combine(day, b, CHINA)) for a, b in sorted(self.hours) if a < b
        ]
