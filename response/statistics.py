"""The figures of a period (统计, 年度统计): counts, timeliness by rule, hours to the first response; each with its cases.

Counted with pandas, which takes a second to load: only a function that counts loads it, on the thread that asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

from domain.concern import Concern, ConcernState, Labelled
from domain.response import Deadline, DeadlineState, Response, ResponseKind
from domain.times import CHINA

if TYPE_CHECKING:
    from pandas import DataFrame, Series


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """A judged concern with its deadlines and responses."""

    concern: Concern
    area: str
    deadlines: tuple[Deadline, ...]
    responses: tuple[Response, ...]

    @property
    def unit(self) -> str:
        """责任单位."""
        return self.concern.judgement.unit if self.concern.judgement else ""

    @property
    def first_response(self) -> Response | None:
        """The first that counts as a response; a 动态 does not."""
        return next((r for r in self.responses if r.kind is not ResponseKind.UPDATE), None)

    @property
    def hours(self) -> float | None:
        """Hours from the clock's start to the first response."""
        first = self.first_response
        if first is None or self.concern.judgement is None:
            return None
        return (first.published_at - self.concern.judgement.basis_at).total_seconds() / 3600


@dataclass(frozen=True, slots=True)
class Timeliness:
    """How one rule was kept: which concerns met it in time, late, or are overdue; those still running do not count."""

    name: str
    in_time: tuple[int, ...]
    late: tuple[int, ...]
    overdue: tuple[int, ...]

    @property
    def share(self) -> float | None:
        """及时率, 0–1; None where nothing was due."""
        due = len(self.in_time) + len(self.late) + len(self.overdue)
        return len(self.in_time) / due if due else None


@dataclass(frozen=True, slots=True)
class Statistics:
    """The figures of a period [`start`, `end`); each count carries the ids of its concerns.

    `timeliness` is by rule; `timeliness_of` is of all rules together by (等级, 领域 or 责任单位, each of its names).
    `by_kind` and `by_channel` count publications, so that a concern may stand there more than once. `median_hours`
    and `ninetieth_hours` are quantiles of the hours to the first response (see `quantiles_of`), None without any.
    """

    start: datetime
    end: datetime
    judged: tuple[int, ...]
    dismissed: tuple[int, ...]
    answered: tuple[int, ...]
    closed: tuple[int, ...]
    by_grade: dict[str, tuple[int, ...]]
    by_area: dict[str, tuple[int, ...]]
    by_unit: dict[str, tuple[int, ...]]
    by_kind: dict[str, tuple[int, ...]]
    by_channel: dict[str, tuple[int, ...]]
    by_month: dict[str, tuple[int, ...]]
    timeliness: tuple[Timeliness, ...]
    timeliness_of: tuple[tuple[Group, Timeliness], ...]
    median_hours: float | None
    ninetieth_hours: float | None


class Group(Labelled):
    """What figures are grouped by."""

    COUNTS = ("counts", "件数")
    TIMELINESS = ("timeliness", "及时率")
    TIMELINESS_OF = ("timeliness-of", "分项及时率")
    HOURS = ("hours", "用时")
    GRADE = ("grade", "等级")
    AREA = ("area", "领域")
    UNIT = ("unit", "责任单位")
    KIND = ("kind", "发布类别")
    CHANNEL = ("channel", "发布渠道")
    MONTH = ("month", "月份")


class Measure(Enum):
    """How a figure is to be read."""

    COUNT = "count"
    SHARE = "share"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the statistics: a group, a name, this period's value beside the one before, the cases behind it."""

    group: Group
    name: str
    value: float | None
    before: float | None
    ids: tuple[int, ...]
    measure: Measure = Measure.COUNT
    how: str = ""  # the figure was counted, in words for its tip

    def said(self, value: float | None) -> str:
        """A value as people read it."""
        if value is None:
            return "无到期" if self.measure is Measure.SHARE else "—"
        return f"{value:.1%}" if self.measure is Measure.SHARE else f"{value:g}"


_COUNTS = (("判定", "judged"), ("不予回应", "dismissed"), ("已回应", "answered"), ("办结", "closed"))
_HOURS = (
    (
        "中位用时（小时）",
        "median_hours",
        "从计时起点到首次回应的小时数，按大小排列时居中的值；件数为双时取中间两件的平均。",
    ),
    (
        "九成以内（小时）",
        "ninetieth_hours",
        "首次回应用时的第 90 百分位：按大小排列，在相邻两件之间按比例取值（线性插值，Hyndman–Fan 第 7 种，"
        "与 Excel 的 PERCENTILE.INC 相同）。不是最长的一件。",
    ),
)
_GROUPS = (
    (Group.GRADE, "by_grade"),
    (Group.AREA, "by_area"),
    (Group.UNIT, "by_unit"),
    (Group.KIND, "by_kind"),
    (Group.CHANNEL, "by_channel"),
    (Group.MONTH, "by_month"),
)
_UNSET = "未定"
_KEPT_BY = ((Group.GRADE, "grade"), (Group.AREA, "area"), (Group.UNIT, "unit"))
_DUE = (DeadlineState.MET, DeadlineState.LATE, DeadlineState.OVERDUE)


def compared(this: Statistics, before: Statistics) -> list[Figure]:
    """All figures of a period beside those of the one before, in the order in which people read them.

    What had cases before and has none now stands with 0, last in its group; but for months, which do not come again.
    Behind a 及时率 are the concerns that were late: those are what one asks for.
    """
    figures = [
        Figure(Group.COUNTS, name, len(getattr(this, field)), len(getattr(before, field)), getattr(this, field))
        for name, field in _COUNTS
    ]
    figures += _shares(
        Group.TIMELINESS, [(t.name, t) for t in this.timeliness], [(t.name, t) for t in before.timeliness]
    )
    figures += _shares(Group.TIMELINESS_OF, _named(this.timeliness_of), _named(before.timeliness_of))
    for name, field, how in _HOURS:
        value, old = getattr(this, field), getattr(before, field)
        figures.append(Figure(Group.HOURS, name, value, old, this.answered, Measure.HOURS, how))
    for group, field in _GROUPS:
        now, old = getattr(this, field), getattr(before, field)
        names = now if group is Group.MONTH else dict.fromkeys([*now, *old])
        figures += [Figure(group, n, len(now.get(n, ())), len(old.get(n, ())), now.get(n, ())) for n in names]
    return figures


def _shares(
    group: Group, now: Iterable[tuple[str, Timeliness]], before: Iterable[tuple[str, Timeliness]]
) -> list[Figure]:
    old = dict(before)
    return [
        Figure(
            group, name, kept.share, old[name].share if name in old else None, kept.late + kept.overdue, Measure.SHARE
        )
        for name, kept in now
    ]


def statistics(
    cases: Sequence[CaseFigures], dismissed: Sequence[Concern], start: datetime, end: datetime, now: datetime
) -> Statistics:
    """The figures of the concerns found in [start, end), as they stand at `now`."""
    inside = [case for case in cases if start <= case.concern.found_at < end]
    table, deadlines, published = _case_table(inside), _deadline_table(inside, now), _publication_table(inside)
    median, ninetieth = quantiles_of(table["hours"].dropna().tolist(), (0.5, 0.9))
    by_month = _ids_by(table, "month")
    return Statistics(
        start,
        end,
        _ids(table),
        tuple(c.id for c in dismissed if start <= c.found_at < end),
        _ids(table[table["answered"]]),
        _ids(table[table["closed"]]),
        _ids_by(table, "grade"),
        _ids_by(table, "area"),
        _ids_by(table, "unit"),
        _ids_by(published, "kind"),
        _ids_by(published, "channel"),
        {month: by_month[month] for month in sorted(by_month)},
        _timeliness(deadlines, "rule"),
        tuple((group, kept) for group, column in _KEPT_BY for kept in _timeliness(deadlines, column)),
        median,
        ninetieth,
    )


def quantiles_of(hours: Sequence[float], shares: Sequence[float]) -> tuple[float | None, ...]:
    """The quantiles at `shares` (0–1) of some hours, rounded to hundredths; None for each where there are none.

    Between the two values that lie next to it, in proportion: linear interpolation, type 7 of Hyndman and Fan,
    "Sample Quantiles in Statistical Packages", The American Statistician 50 (1996), as pandas, R and Excel have it;
    so the 90th percentile of ten values is not the greatest.
    """
    from pandas import Series

    if not hours:
        return (None,) * len(shares)
    quantiles = Series(hours, dtype=float).quantile(list(shares), interpolation="linear")
    return tuple(round(float(value), 2) for value in quantiles)


def _case_table(cases: Sequence[CaseFigures]) -> DataFrame:
    """One row per case."""
    from pandas import DataFrame

    closed = (ConcernState.CLOSED, ConcernState.ARCHIVED)
    rows = [
        (
            case.concern.id,
            case.concern.grade.label,
            case.area or _UNSET,
            case.unit or _UNSET,
            case.concern.found_at.astimezone(CHINA).strftime("%Y-%m"),
            case.first_response is not None,
            case.concern.state in closed,
            case.hours,
        )
        for case in cases
    ]
    table = DataFrame(rows, columns=["id", "grade", "area", "unit", "month", "answered", "closed", "hours"])
    return table.astype({"answered": bool, "closed": bool, "hours": float})


def _deadline_table(cases: Sequence[CaseFigures], now: datetime) -> DataFrame:
    """One row per deadline of a case, with how it stands at `now`."""
    from pandas import DataFrame

    rows = [
        (
            case.concern.id,
            deadline.name,
            case.concern.grade.label,
            case.area or _UNSET,
            case.unit or _UNSET,
            deadline.state(now).name,
        )
        for case in cases
        for deadline in case.deadlines
    ]
    return DataFrame(rows, columns=["id", "rule", "grade", "area", "unit", "state"])


def _publication_table(cases: Sequence[CaseFigures]) -> DataFrame:
    """One row per publication of a case."""
    from pandas import DataFrame

    rows = [(case.concern.id, said.kind.label, said.channel.label) for case in cases for said in case.responses]
    return DataFrame(rows, columns=["id", "kind", "channel"])


def _timeliness(deadlines: DataFrame, by: str) -> tuple[Timeliness, ...]:
    """How the deadlines of each name in a column were kept, in the order in which the names come."""
    ids = deadlines.groupby([by, "state"], sort=False)["id"].agg(tuple).to_dict()
    return tuple(
        Timeliness(name, *(ids.get((name, state.name), ()) for state in _DUE)) for name in deadlines[by].unique()
    )


def _ids_by(table: DataFrame, column: str) -> dict[str, tuple[int, ...]]:
    """The ids of the rows of each name in a column: most rows first, then as the names come."""
    grouped: Series = table.groupby(column, sort=False)["id"].agg(tuple)
    return dict(sorted(grouped.items(), key=lambda item: -len(item[1])))


def _ids(table: DataFrame) -> tuple[int, ...]:
    return tuple(table["id"].tolist())


def _named(kept: Iterable[tuple[Group, Timeliness]]) -> list[tuple[str, Timeliness]]:
    return [(f"{group.label}：{one.name}", one) for group, one in kept]
