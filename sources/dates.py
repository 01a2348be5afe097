"""Reading the dates that publishers write: RFC 822, RFC 3339 and the Chinese forms."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import struct_time

from domain.times import CHINA, china

LONGEST = 100  # characters; what is longer is no date, and looking for one in it takes its time
_FUTURE = timedelta(hours=1)  # a publisher's clock may run ahead by so much
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_AGO = re.compile(r"((?<!\d)\d{1,9}+|半)\s*个?\s*(秒|分钟|小时|天)[以之]?前")
_DAY = re.compile(r"(今天|今日|昨天|昨日|前天)\s*(?:(上午|下午|晚上|凌晨)?\s*(\d{1,2})\s*[:：点时]\s*(\d{1,2})?)?")
_TIME = r"(?:(上午|下午|晚上|凌晨)?\s*(\d{1,2})\s*[:：时点]\s*(\d{1,2})?(?:\s*[:：分]\s*(\d{1,2}))?)?"
_FULL = re.compile(
    rf"((?:19|20)\d{{2}})\s*[年./-]\s*(\d{{1,2}})\s*[月./-]\s*(\d{{1,2}})\s*日?(?:\s*[(（]?(?:星期|周).[)）]?)?[\sT]*{_TIME}"
)
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d{2})([01]\d)([0-3]\d)(?:([0-2]\d)([0-5]\d)([0-5]\d)?)?(?!\d)")
_SHORT = re.compile(rf"(?<!\d)(\d{{1,2}})\s*[月/-]\s*(\d{{1,2}})\s*日?\s*{_TIME}")
_UNITS = {"秒": "seconds", "分钟": "minutes", "小时": "hours", "天": "days"}


def published_at(
    raw: str | Sequence[str], fetched_at: datetime, other: Callable[[str], struct_time | None] | None = None
) -> tuple[datetime, str]:
    """(moment in UTC, note). The fetch time with a note that says why, where the date cannot be used.

    Of several dates the first that can be read counts. `other` is another reader, which gives UTC; it is asked for
    what ours does not know.
    """
    said = [each for each in ([raw] if isinstance(raw, str) else raw) if each.strip()]
    if not said:
        return fetched_at, "原文没有日期，以采集时间代替"
    moments = (read_date(each, fetched_at) or (_by(other, each) if other else None) for each in said)
    moment = next(filter(None, moments), None)
    if moment is None:
        return fetched_at, "看不懂原文日期，以采集时间代替"
    if moment > fetched_at + _FUTURE:
        return fetched_at, "原文日期在未来，以采集时间代替"
    if moment < _EARLIEST:
        return fetched_at, "原文日期早于1990年，以采集时间代替"
    return min(moment, fetched_at), ""


def _by(other: Callable[[str], struct_time | None], raw: str) -> datetime | None:
    if len(raw) <= LONGEST:
        with suppress(ValueError, TypeError, OverflowError, AttributeError):
            if parsed := other(raw):
                return datetime(*parsed[:6], tzinfo=UTC)
    return None


def read_date(raw: str, now: datetime) -> datetime | None:
    """The moment that some words name, in UTC; None for words that name none, or one that cannot be reckoned with.

    Zoneless times are China's.
    """
    raw = raw.strip()
    if len(raw) > LONGEST:
        return None
    for read in (_read_iso, _read_mail):
        with suppress(ValueError, TypeError, IndexError, OverflowError):
            return read(raw)
    with suppress(ValueError, OverflowError):
        return _read_chinese(raw, now)
    return None


def _read_iso(raw: str) -> datetime:
    return _aware(datetime.fromisoformat(raw))


def _read_mail(raw: str) -> datetime:
    moment = parsedate_to_datetime(raw)
    # "-0000" says UTC of an unknown place (RFC 5322, 3.3).
    return moment.replace(tzinfo=UTC) if raw.endswith("-0000") else _aware(moment)


def _read_chinese(raw: str, now: datetime) -> datetime | None:
    local = china(now)
    if "刚刚" in raw:
        return now
    if ago := _AGO.search(raw):
        amount = 0.5 if ago[1] == "半" else int(ago[1])
        return now - timedelta(**{_UNITS[ago[2]]: amount})
    if day := _DAY.search(raw):
        base = local - timedelta(days={"今": 0, "昨": 1, "前": 2}[day[1][0]])
        hour, minute = _hour(day[2], day[3]), int(day[4] or 0)
        return base.replace(hour=hour, minute=minute, second=0, microsecond=0).astimezone(UTC)
    if full := _FULL.search(raw):
        return _moment(int(full[1]), full[2], full[3], full.group(4, 5, 6, 7))
    if compact := _COMPACT.search(raw):
        return _moment(int(compact[1]), compact[2], compact[3], (None, *compact.group(4, 5, 6)))
    if short := _SHORT.search(raw):
        moment = _moment(local.year, short[1], short[2], short.group(3, 4, 5, 6))
        # 12-31 read on 1 January is last year's.
        if moment <= now + timedelta(days=1):
            return moment
        return _moment(local.year - 1, short[1], short[2], short.group(3, 4, 5, 6))
    return None


def _moment(year: int, month: str, day: str, time: tuple[str | None, ...]) -> datetime:
    half, hour, minute, second = time
    return datetime(
        year, int(month), int(day), _hour(half, hour), int(minute or 0), int(second or 0), tzinfo=CHINA
    ).astimezone(UTC)


def _hour(half: str | None, hour: str | None) -> int:
    hours = int(hour or 0)
    if half == "凌晨" and hours == 12:
        return 0
    return hours + 12 if half in ("下午", "晚上") and hours < 12 else hours


def _aware(moment: datetime) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=CHINA)).astimezone(UTC)
