"""Briefings (简报) as people ask for them: the kinds, which issue is meant, and what an officer plans for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Self

from domain.concern import Labelled
from domain.errors import InputError


class IssueKind(Labelled):
    """The kinds of briefing; docs/domain.md section 8. Each counts its own issues, per year and in all."""

    DAILY = ("daily", "每日舆情简报")
    FLASH = ("flash", "舆情快报")
    SPECIAL = ("special", "舆情专报")
    WEEKLY = ("weekly", "舆情周报")
    MONTHLY = ("monthly", "舆情月报")
    ANNUAL = ("annual", "年度统计")

    @classmethod
    def of(cls, text: str) -> Self:
        """The kind with that code or label, 舆情 left out or not (周报). Raises InputError."""
        return super().of(next((kind.label for kind in cls if kind.label.endswith(text) and len(text) > 1), text))

    @property
    def of_concern(self) -> bool:
        """Whether it is about one concern."""
        return self in (IssueKind.FLASH, IssueKind.SPECIAL)

    @property
    def of_period(self) -> bool:
        """Whether it is about more than a day."""
        return self in (IssueKind.WEEKLY, IssueKind.MONTHLY, IssueKind.ANNUAL)


def period(kind: IssueKind, day: date) -> tuple[date, date]:
    """(first, last) day of the week (from Monday), month or year that a day is in; of other kinds the day itself."""
    if kind is IssueKind.WEEKLY:
        first = day - timedelta(days=day.weekday())
        return first, first + timedelta(days=6)
    if kind is IssueKind.MONTHLY:
        first = day.replace(day=1)
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if kind is IssueKind.ANNUAL:
        return date(day.year, 1, 1), date(day.year, 12, 31)
    return day, day


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which issue is meant: its kind, a day of its period, and the concern where it is about one."""

    kind: IssueKind
    day: date
    concern_id: int | None = None

    def __post_init__(self) -> None:
        if self.kind.of_concern and self.concern_id is None:
            raise InputError(f"{self.kind.label}是一件关切的，请先选一件（--concern）。")

    @property
    def last(self) -> date:
        """The day that its number is kept under: the last of its period."""
        return period(self.kind, self.day)[1]


@dataclass(frozen=True, slots=True)
class AddedItem:
    """An item that somebody put into a section by hand; `articles` are the ids that it rests on, `sources` who tells it."""

    heading: str
    lead: str
    text: str
    articles: tuple[int, ...] = ()
    sources: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an officer set for an issue; sections are named by their heading, items by `item_key`.

    `order` is that of the sections, `items` that of the items; what is not named follows in its own order.
    `edits` are sentences in the officer's words; an empty one drops the sentence. `advice` is the text of 研判与建议.
    `added` are the items by hand.
    """

    omitted: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()
    order: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    edits: dict[str, str] = field(default_factory=dict)
    advice: str = ""
    added: tuple[AddedItem, ...] = ()
