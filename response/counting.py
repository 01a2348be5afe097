"""Counting time (怎么算的): from a start, so many hours, office hours or working days, each counted stretch in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from math import ceil

from domain.errors import InputError
from domain.response import Unit
from domain.times import CHINA, china, china_day, exact
from response.workcalendar import ONE_DAY, WorkCalendar

END_OF_DAY = time.max  # 24:00 of the last day (民法典 art. 203), as its last instant, so that it is still that day
MOST_DAYS = 3000


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch [start, end) of the way to a due time: whether it counts, and why in a few words.

    Of a stretch of working days, which of them these are: the `first` to the `last`, from 1; 0 of others.
    """

    start: datetime
    end: datetime
    counts: bool
    why: str
    first: int = 0
    last: int = 0

    def words(self) -> str:
        """The stretch in words."""
        if not self.first:
            return f"{_span(self)} {self.why}"
        nth = f"{self.first}" if self.first == self.last else f"{self.first}—{self.last}"
        return f"{_span(self)} {self.why}，第 {nth} 个工作日"


@dataclass(frozen=True, slots=True)
class Counted:
    """A due time, the stretches that lead to it, and whether it rests on an unpublished calendar (暂按)."""

    due_at: datetime
    segments: tuple[Segment, ...]
    provisional: bool = False

    def words(self) -> str:
        """The counting in words, one stretch after the other."""
        return "；".join(segment.words() for segment in self.segments) + (
            "。有年份的放假安排尚未公布，暂按周一至周五和法定节日。" if self.provisional else "。"
        )


def count(start: datetime, amount: float, unit: Unit, calendar: WorkCalendar) -> Counted:
    """The due time `amount` units after `start` (aware). Raises InputError for an amount that is not positive.

    Working days and days: the day of receipt is day 0 (民法典 art. 201), the due time is 24:00 of the last day (art. 203);
    part of a day is a whole one. Days that end on a statutory holiday end on the next working day (art. 203). Office hours:
    only while the office is open.
    """
    if amount <= 0:
        raise InputError("时限要大于 0。")
    if unit is Unit.HOURS:
        due = start + timedelta(hours=amount)
        return Counted(due, (Segment(start, due, True, f"昼夜连续计 {amount:g} 小时"),))
    if unit is Unit.DAYS:
        return _days(start, ceil(amount), calendar)
    if unit is Unit.WORKING_DAYS:
        return _working_days(start, ceil(amount), calendar)
    return _office_hours(start, timedelta(hours=amount), calendar)


def remaining(at: datetime, due_at: datetime, unit: Unit, calendar: WorkCalendar) -> float:
    """How much of a term that runs until `due_at` was left at `at`, in its unit: for a clock that pauses.

    Days and working days after the day of `at`, office hours while the office is open.
    """
    if unit is Unit.HOURS:
        return (due_at - at) / timedelta(hours=1)
    days = [china_day(at) + timedelta(days=i) for i in range((china_day(due_at) - china_day(at)).days + 1)]
    if unit is Unit.DAYS:
        return len(days) - 1
    if unit is Unit.WORKING_DAYS:
        return sum(calendar.is_worked(day) for day in days[1:])
    spans = [span for day in days for span in calendar.open_spans(day)]
    open_for = (min(closes, due_at) - max(opens, at) for opens, closes in spans)
    return sum((span for span in open_for if span > timedelta(0)), timedelta(0)) / timedelta(hours=1)


def _working_days(start: datetime, days: int, calendar: WorkCalendar) -> Counted:
    day = china_day(start)
    segments = [Segment(start, _midnight(day + ONE_DAY), False, "收到当日不计")]
    done, provisional = 0, False
    for _ in range(MOST_DAYS):
        day += ONE_DAY
        kind = calendar.day(day)
        provisional |= kind.provisional
        done += kind.worked
        last = done == days and kind.worked
        end = end_of_day(day) if last else _midnight(day + ONE_DAY)
        why, nth = (kind.why, done) if kind.worked else (f"{kind.why}，不计", 0)
        segments.append(Segment(_midnight(day), end, kind.worked, why, nth, nth))
        if last:
            return Counted(end, _drawn_together(segments), provisional)
    raise InputError("这个时限太长，算不出来。请检查天数和日历。")


def _office_hours(start: datetime, left: timedelta, calendar: WorkCalendar) -> Counted:
    segments: list[Segment] = []
    at, day, provisional = start, china_day(start), False
    for _ in range(MOST_DAYS):
        kind = calendar.day(day)
        provisional |= kind.provisional
        for opens, closes in calendar.open_spans(day):
            if closes <= at:
                continue
            if opens > at:
                segments.append(Segment(at, opens, False, "非办公时间，不计"))
            first = max(at, opens)
            last = min(closes, first + left)
            segments.append(Segment(first, last, True, f"计 {(last - first) / timedelta(hours=1):g} 小时"))
            left -= last - first
            at = last
            if left <= timedelta(0):
                return Counted(at.astimezone(UTC), _drawn_together(segments), provisional)
        day += ONE_DAY
        if not kind.worked:
            segments.append(Segment(at, max(at, _midnight(day)), False, f"{kind.why}，不计"))
            at = max(at, _midnight(day))
    raise InputError("办公时间没有设好，算不出时限。请在“设置”里检查办公时间。")


def _days(start: datetime, days: int, calendar: WorkCalendar) -> Counted:
    last = china_day(start) + timedelta(days=days)
    kind = calendar.day(last)
    if not kind.holiday:
        due = end_of_day(last)
        return Counted(due, (Segment(start, due, True, f"第 {days} 天"),), kind.provisional)
    on, provisional = last, False
    while not (ends := calendar.day(on)).worked:
        on, provisional = on + ONE_DAY, provisional or ends.provisional
    due, at = end_of_day(on), _midnight(last + ONE_DAY)
    moved = f"第 {days} 天是{kind.why}，顺延到次一个工作日（民法典第二百零三条）"
    counted = (Segment(start, at, True, f"第 {days} 天"), Segment(at, due, False, moved))
    return Counted(due, counted, provisional or ends.provisional)


def end_of_day(day: date) -> datetime:
    """24:00 of a day in China, as its last instant, in UTC."""
    return datetime.combine(day, END_OF_DAY, CHINA).astimezone(UTC)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), CHINA)


def _drawn_together(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """Neighbouring days off of one kind, and neighbouring ordinary working days, as one stretch each."""
    stretches: list[Segment] = []
    for segment in segments:
        if segment.start >= segment.end:
            continue
        before = stretches[-1] if stretches else None
        if before and (before.counts, before.why, before.end) == (segment.counts, segment.why, segment.start):
            stretches[-1] = replace(before, end=segment.end, last=segment.last)
        else:
            stretches.append(segment)
    return tuple(stretches)


def _span(segment: Segment) -> str:
    first, last = china(segment.start), china(segment.end - timedelta(minutes=1))
    whole_days = (first.hour, first.minute) == (0, 0) and last.hour == 23
    if whole_days:
        return f"{first:%m-%d}" if first.date() == last.date() else f"{first:%m-%d} 至 {last:%m-%d}"
    return f"{exact(segment.start)[5:]} 至 {exact(segment.end)[5:]}"
