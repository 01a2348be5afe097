"""Moments: aware datetimes kept in UTC, said and read in China time (Asia/Shanghai)."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from datetime import time as time_of_day

from domain.errors import InputError

# China has kept UTC+8 without summer time since 1992; a fixed offset needs no zone data on Windows.
CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199  # that people may name


@dataclass(frozen=True, slots=True)
class Clock:
    """Where "now" comes from: the real time, or a drill's (演练) own time that may run fast.

    `start` None means the real time; else time began at `start` when the monotonic clock read
    `origin`, and runs `speed` times as fast as the real one (0: it stands still).
    """

    start: datetime | None = None
    speed: float = 1.0
    origin: float = 0.0

    @classmethod
    def starting(cls, start: datetime, speed: float = 1.0) -> Clock:
        """A clock that shows `start` (aware) this instant."""
        return cls(start.astimezone(UTC), speed, time.monotonic())

    def now(self) -> datetime:
        """The moment in UTC."""
        if self.start is None:
            return datetime.now(UTC)
        return self.start + timedelta(seconds=(time.monotonic() - self.origin) * self.speed)


def parse_moment(text: str) -> datetime:
    """An ISO moment as UTC; without an offset it is China time. Raises InputError."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise InputError(f"看不懂时间“{text}”。请写成 2026-11-23T10:30 的样子。") from error
    moment = moment if moment.tzinfo else moment.replace(tzinfo=CHINA)
    _check_year(moment, text)
    return moment.astimezone(UTC)


def kept_moment(text: str) -> datetime:
    """A moment as we keep it in JSON, in UTC. Its year is not asked: what is kept must be readable."""
    return datetime.fromisoformat(text).astimezone(UTC)


def parse_day(text: str) -> date:
    """An ISO date. Raises InputError."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise InputError(f"看不懂日期“{text}”。请写成 2026-11-23 的样子。") from error
    _check_year(day, text)
    return day


def _check_year(day: date, text: str) -> None:
    """Refuse years that nobody means; counting from them leaves the calendar."""
    if not reckoned(day):
        raise InputError(f"“{text}”的年份不对，应在 {EARLIEST_YEAR} 到 {LATEST_YEAR} 年之间。请改一下。")


def reckoned(day: date) -> bool:
    """Whether a day, or a moment (aware) in China time, lies in the years that people may name."""
    try:
        year = china(day).year if isinstance(day, datetime) else day.year
    except OverflowError:  # at either end of the calendar
        return False
    return EARLIEST_YEAR <= year <= LATEST_YEAR


def china(moment: datetime) -> datetime:
    """The same moment in China time."""
    return moment.astimezone(CHINA)


def china_day(moment: datetime) -> date:
    """The calendar day in China at that moment."""
    return china(moment).date()


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """[start, end) in UTC of a calendar day in China."""
    start = datetime(day.year, day.month, day.day, tzinfo=CHINA).astimezone(UTC)
    return start, start + DAY


def floor_hour(moment: datetime) -> datetime:
    """The full hour at or before a moment, in UTC."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def whole_minute(moment: datetime) -> datetime:
    """The full minute at or before a moment: what people name has no seconds."""
    return moment.replace(second=0, microsecond=0)


def long_day(day: date) -> str:
    """2026年11月23日, as official documents write dates (GB/T 9704-2012, 7.3.5)."""
    return f"{day.year}年{day.month}月{day.day}日"


def exact(moment: datetime) -> str:
    """2026-11-23 10:30 in China time; the last instant of a day, with which a term in days ends, is its 24:00."""
    local = china(moment)
    return f"{local:%Y-%m-%d} 24:00" if local.time() == time_of_day.max else f"{local:%Y-%m-%d %H:%M}"


def said(moment: datetime, now: datetime) -> str:
    """A moment as people say it: 12 分钟前, 今天 08:15, 昨天 08:15, 11-20 08:15."""
    ago = now - moment
    if timedelta(0) <= ago < timedelta(minutes=1):
        return "刚刚"
    if timedelta(0) <= ago < HOUR:
        return f"{int(ago.total_seconds() // 60)} 分钟前"
    local, today = china(moment), china_day(now)
    days = (today - local.date()).days
    named = {0: "今天", 1: "昨天", 2: "前天", -1: "明天", -2: "后天"}.get(days)
    if named:
        return f"{named} {local:%H:%M}"
    return f"{local:%m-%d %H:%M}" if local.year == today.year else f"{local:%Y-%m-%d}"


def span(hours: float) -> str:
    """About how long, in words: 20 分钟, 6 小时, 3 天."""
    if hours < 1:
        return f"{max(1, round(hours * 60))} 分钟"
    return f"{round(hours)} 小时" if hours < 48 else f"{round(hours / 24)} 天"


def lasting(left: timedelta, to_the_second: bool = False) -> str:
    """A length of time as a countdown: 1:42:10, or from two days on 2 天 7:05, with its seconds where asked."""
    seconds = int(abs(left.total_seconds()))
    hours, rest = divmod(seconds, 3600)
    if hours >= 48:
        days = f"{hours // 24} 天 {hours % 24}:{rest // 60:02d}"
        return f"{days}:{rest % 60:02d}" if to_the_second else days
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}"
