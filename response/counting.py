"""Counting time (怎么算的): from a start, so many hours, office hours or working days, each counted stretch in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from domain.errors import InputError
from domain.response import Unit
from domain.times import CHINA, china, china_day, exact
from response.workcalendar import ONE_DAY, WorkCalendar

LAST_MINUTE = time(23, 59)  # of the last day: 期限届满的最后一日 counts whole
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
            "。有年份的放假安排尚未公布，暂按周一至周五。" if self.provisional else "。"
        )


def count(start: datetime, amount: float, unit: Unit, calendar: WorkCalendar) -> Counted:
    """The due time `amount` units after `start` (aware). Raises InputError for an amount that is not positive.

    Working days: the day of receipt is day 0 (民法典 art. 201; docs/domain.md section 3), the due time is the last minute of the
    last day. Office hours: only while the office is open.
    """
    if amount <= 0:
        raise InputError("时限要大于 0。")
    if unit is Unit.HOURS:
        due = start + timedelta(hours=amount)
        return Counted(due, (Segment(start, due, True, f"昼夜连续计 {amount:g} 小时"),))
    if unit is Unit.DAYS:
        return _due_on(start, china_day(start) + timedelta(days=int(amount)), f"第 {amount:g} 天")
    if unit is Unit.WORKING_DAYS:
        return _working_days(start, int(amount), calendar)
    return _office_hours(start, timedelta(hours=amount), calendar)


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
        end = datetime.combine(day, LAST_MINUTE, CHINA) if last else _midnight(day + ONE_DAY)
        why, nth = (kind.why, done) if kind.worked else (f"{kind.why}，不计", 0)
        segments.append(Segment(_midnight(day), end, kind.worked, why, nth, nth))
        if last:
            return Counted(end.astimezone(UTC), _drawn_together(segments), provisional)
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


def _due_on(start: datetime, day: date, why: str) -> Counted:
    due = datetime.combine(day, LAST_MINUTE, CHINA).astimezone(UTC)
    return Counted(due, (Segment(start, due, True, why),))


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
