"""What somebody types into the search (搜索), as it is read.

Words apart are all wanted; 甲|乙 or 甲 或 乙 want one of them; -词 wants none of it; “整句” is taken with its spaces;
标题:, 来源:, 地区: and 时间: say where, of whom, about which place and when.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.bigrams import runs
from domain.errors import InputError
from domain.times import DAY, EARLIEST_YEAR, china_day, day_bounds, reckoned

LONGEST_SEARCH = 500  # characters; more is no search but a text that was pasted
MOST_WORDS = 40  # each is looked for in all articles


class Field(StrEnum):
    """What a part of a search is about, as it is typed before a colon; TEXT is title and text."""

    TEXT = ""
    TITLE = "标题"
    SOURCE = "来源"
    PLACE = "地区"
    TIME = "时间"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Characters that stand in a row, as `bigrams.runs`; of the title alone, or anywhere."""

    runs: tuple[str, ...]
    title: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """Of each group of `groups` one phrase must stand there, of `without` none.

    `sources` and `places` hold parts of their names, each of which must be there; [since, until) is when it was
    published. `words` are those typed that are wanted, to be marked in what is found.
    """

    groups: tuple[tuple[Phrase, ...], ...] = ()
    without: tuple[Phrase, ...] = ()
    sources: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    words: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether it asks for nothing."""
        return not (self.groups or self.without or self.sources or self.places or self.since or self.until)


_NAMES = "|".join(field.value for field in Field if field.value)
_PART = re.compile(
    rf'(?P<not>[-－](?=\S))?(?:(?P<field>{_NAMES})[:：]\s*)?(?:["“”](?P<quoted>[^"“”]*)["“”]?|(?P<plain>[^\s"“”]+))'
)
_OR = re.compile(r"[|｜]")
_BETWEEN = re.compile(r"\.\.|…|至|到|~|～")
_LAST = re.compile(r"(?:近|最近)?(\d{1,4})(天|日|小时|周|个月)")
_HOURS = {"小时": 1, "天": 24, "日": 24, "周": 7 * 24, "个月": 30 * 24}
_DAYS_AGO = {"今天": 0, "昨天": 1, "前天": 2}


@dataclass(slots=True)
class _Parts:
    """What has been read so far; `open` says that the next phrase is another choice of the last group."""

    groups: list[list[Phrase]] = field(default_factory=list)
    without: list[Phrase] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    since: datetime | None = None
    until: datetime | None = None
    open: bool = False


def read_search(typed: str, now: datetime) -> Search:
    """What was typed, at the moment `now`. Raises InputError where a time cannot be read, or much too much was typed."""
    if len(typed) > LONGEST_SEARCH:
        raise InputError(f"搜索的内容太长，最多 {LONGEST_SEARCH} 字。请只写几个关键词。")
    parts = _Parts()
    for found in _PART.finditer(typed):
        named, text = Field(found["field"] or ""), found["quoted"] if found["quoted"] is not None else found["plain"]
        if found["quoted"] is None and named is Field.TEXT and not found["not"] and text in ("或", "|", "｜"):
            parts.open = bool(parts.groups)
            continue
        _take(parts, named, text, bool(found["not"]), found["quoted"] is not None, now)
    groups = tuple(tuple(group) for group in parts.groups)
    if sum(map(len, groups)) + len(parts.without) + len(parts.sources) + len(parts.places) > MOST_WORDS:
        raise InputError(f"搜索的词太多，最多 {MOST_WORDS} 个。请只写几个关键词。")
    return Search(
        groups,
        tuple(parts.without),
        tuple(parts.sources),
        tuple(parts.places),
        parts.since,
        parts.until,
        tuple(dict.fromkeys(parts.words)),
    )


def _take(parts: _Parts, named: Field, text: str, excluded: bool, quoted: bool, now: datetime) -> None:
    if named is Field.TIME:
        parts.since, parts.until = _span(text, now)
    elif named in (Field.SOURCE, Field.PLACE):
        (parts.sources if named is Field.SOURCE else parts.places).extend(filter(None, [text.strip()]))
    else:
        choices = [text] if quoted else _OR.split(text)
        phrases = [(Phrase(tuple(some), named is Field.TITLE), choice) for choice in choices if (some := runs(choice))]
        if excluded:
            parts.without += [phrase for phrase, _ in phrases]
        elif phrases:
            if not (parts.open or (text[0] in "|｜" and parts.groups and not quoted)):
                parts.groups.append([])
            parts.groups[-1] += [phrase for phrase, _ in phrases]
            parts.words += [choice.strip() for _, choice in phrases]
            parts.open = not quoted and text[-1] in "|｜"
            return
    parts.open = False


def _span(text: str, now: datetime) -> tuple[datetime, datetime | None]:
    """[since, until) of 今天, 近7天, 2026-11-20, 2026-11, 2026, or of two of these with 至 or .. between them."""
    if last := _LAST.fullmatch(text):
        return now - timedelta(hours=int(last[1]) * _HOURS[last[2]]), None
    first, *rest = _BETWEEN.split(text)
    if len(rest) > 1 or (rest and not (first or rest[0])):
        raise _unreadable(text)
    days = [day for part in (first, *rest) if part for day in _days(part, now)]  # the later may stand first
    starts = min(days) if first else date(EARLIEST_YEAR, 1, 1)
    ends = max(days) if not rest or rest[0] else None
    return day_bounds(starts)[0], day_bounds(ends)[1] if ends else None


def _days(text: str, now: datetime) -> tuple[date, date]:
    """The first and the last day of what is named."""
    if text in _DAYS_AGO:
        day = china_day(now - _DAYS_AGO[text] * DAY)
        return day, day
    figures = re.fullmatch(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月?)|年?)", text)
    if figures is None:
        raise _unreadable(text)
    year, month, in_month = (int(part) if part else None for part in figures.groups())
    try:
        first = date(year or 0, month or 1, in_month or 1)
        if not reckoned(first):
            raise _unreadable(text)
        if in_month:
            last = first
        elif month:
            last = (first + 31 * DAY).replace(day=1) - DAY
        else:
            last = first.replace(month=12, day=31)
    except ValueError as error:
        raise _unreadable(text) from error
    return first, last


def _unreadable(text: str) -> InputError:
    return InputError(
        f"看不懂时间“{text[:20]}”。可以写 时间:今天、时间:近7天、时间:2026-11、时间:2026-11-01至2026-11-20。"
    )
