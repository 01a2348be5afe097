"""Reading the dates that publishers write: RFC 822, RFC 3339 and the Chinese forms."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from domain.times import CHINA, china

_FUTURE = timedelta(hours=1)  # a publisher's clock may run ahead by so much
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_AGO = re.compile(r"(\d+)\s*(秒|分钟|小时|天)前")
_DAY = re.compile(r"(今天|昨天|前天)\s*(?:(\d{1,2})[:：](\d{2}))?")
_FULL = re.compile(
    r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?[\sT]*(?:(\d{1,2})[:：时](\d{1,2})(?:[:：分](\d{1,2}))?)?"
)
_SHORT = re.compile(r"(\d{1,2})\s*[月/-]\s*(\d{1,2})\s*日?\s*(?:(\d{1,2})[:：](\d{2}))?")
_UNITS = {"秒": "seconds", "分钟": "minutes", "小时": "hours", "天": "days"}


def published_at(raw: str, fetched_at: datetime) -> tuple[datetime, str]:
    """(moment in UTC, note). The fetch time with a note that says why, where the date cannot be used."""
    if not raw.strip():
        return fetched_at, "原文没有日期，以采集时间代替"
    found = _read(raw.strip(), fetched_at)
    if found is None:
        return fetched_at, "看不懂原文日期，以采集时间代替"
    if found > fetched_at + _FUTURE:
        return fetched_at, "原文日期在未来，以采集时间代替"
    if found < _EARLIEST:
        return fetched_at, "原文日期早于1990年，以采集时间代替"
    return min(found, fetched_at), ""


def _read(raw: str, now: datetime) -> datetime | None:
    try:
        return _aware(datetime.fromisoformat(raw))
    except ValueError:
        pass
    try:
        return _aware(parsedate_to_datetime(raw))
    except (ValueError, TypeError, IndexError, OverflowError):
        pass
    try:
        return _read_chinese(raw, now)
    except (ValueError, OverflowError):
        return None


def _read_chinese(raw: str, now: datetime) -> datetime | None:
    local = china(now)
    if ago := _AGO.search(raw):
        return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    if day := _DAY.search(raw):
        base = local - timedelta(days=["今天", "昨天", "前天"].index(day[1]))
        hour, minute = int(day[2] or 0), int(day[3] or 0)
        return base.replace(hour=hour, minute=minute, second=0, microsecond=0).astimezone(UTC)
    if full := _FULL.search(raw):
        numbers = [int(part or 0) for part in full.groups()]
        return datetime(*numbers, tzinfo=CHINA).astimezone(UTC)  # type: ignore[arg-type, misc]
    if short := _SHORT.search(raw):
        month, day_, hour, minute = (int(part or 0) for part in short.groups())
        found = datetime(local.year, month, day_, hour, minute, tzinfo=CHINA)
        # 12-31 read on 1 January is last year's.
        return (found if found <= local + timedelta(days=1) else found.replace(year=local.year - 1)).astimezone(UTC)
    return None


def _aware(moment: datetime) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=CHINA)).astimezone(UTC)
