"""The figures of a period (统计, 年度统计): counts, timeliness by rule, hours to the first response; each with its cases.

Counted with pandas, which takes a second to load: only a function that counts loads it, on the thread that asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

from domain.concern import Concern, ConcernState, Labelled
from domain.response import Deadline, DeadlineState, Response, answers, worst
from domain.times import CHINA

if TYPE_CHECKING:
    from pandas import DataFrame, Series


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """A concern, judged or not, with its deadlines and responses; `reasons` why deadlines were not kept, by deadline."""

    concern: Concern
    area: str
    deadlines: tuple[Deadline, ...]
    responses: tuple[Response, ...]
    reasons: Mapping[int, str] = field(default_factory=dict)

    @property
    def unit(self) -> str:
        """责任单位."""
        return self.concern.judgement.unit if self.concern.judgement else ""

    @property
    def first_response(self) -> Response | None:
        """The first that counts as a response (see `answers`)."""
        return next((r for r in self.responses if answers(r.kind, self.concern.disposition)), None)

    @property
    def hours(self) -> float | None:
        """Hours from the clock's start to the first response."""
        first = self.first_response
        if first is None or self.concern.judgement is None:
            return None
        return (first.published_at - self.concern.judgement.basis_at).total_seconds() / 3600


@dataclass(frozen=True, slots=True)
class Timeliness:
    """How one rule was kept, by concern, which counts once whatever the number of its clocks, by the worst of them: in
    time, late, overdue, in time by what was entered only when the time was over (补录, `entered`). What still runs, pauses
    or no longer applies is left out.

    及时率 is `in_time` of all that was due: what was entered late counts as due, and is told apart.
    """

    name: str
    in_time: tuple[int, ...]
    late: tuple[int, ...]
    overdue: tuple[int, ...]
    entered: tuple[int, ...] = ()
    running: tuple[int, ...] = ()
    paused: tuple[int, ...] = ()
    withdrawn: tuple[int, ...] = ()

    @property
    def due(self) -> int:
        """The denominator: all whose time is over or that are done."""
        return len(self.in_time) + len(self.late) + len(self.overdue) + len(self.entered)

    @property
    def share(self) -> float | None:
        """及时率, 0–1; None where nothing was due."""
        return len(self.in_time) / self.due if self.due else None

    @property
    def left_out(self) -> str:
        """What does not count, and why, in words; empty without any."""
        parts = (("计时中", self.running), ("暂停", self.paused), ("不再适用", self.withdrawn))
        return "、".join(f"{name} {len(ids)}" for name, ids in parts if ids)

    @property
    def how(self) -> str:
        """How 及时率 came about, in words."""
        share = "—" if not self.due else f"{(len(self.in_time) + len(self.entered)) / self.due:.1%}"
        entered = f"、按时（补录）{len(self.entered)}" if self.entered else ""
        counted = f"按时 {len(self.in_time)} ÷ 已到期 {self.due}（另有超时完成 {len(self.late)}、超时未完成 {len(self.overdue)}{entered}）"
        with_entered = f"；连同补录为 {share}" if self.entered else ""
        return f"{counted}{with_entered}。未计：{self.left_out or '无'}。"


@dataclass(frozen=True, slots=True)
class Statistics:
    """The figures of a period [`start`, `end`); each count carries the ids of its concerns.

    `timeliness` is by rule; `timeliness_of` is of all rules together by (等级, 领域 or 责任单位, each of its names); `whole`
    of all obligations, and of concerns: one of these is in time where all that it was obliged to was. `not_kept` are the
    clocks that were not kept by rule and reason, `withdrawn` those that no longer apply by rule and reason, `entered` the
    publications entered late (补录), `unclocked` what was long past when it was found and waits without a clock, `started_later` what counts from later than
    its discovery.
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
    waiting: tuple[int, ...] = ()
    whole: tuple[Timeliness, ...] = ()
    not_kept: dict[str, tuple[int, ...]] = field(default_factory=dict)
    withdrawn: dict[str, tuple[int, ...]] = field(default_factory=dict)
    entered: tuple[int, ...] = ()
    unclocked: tuple[int, ...] = ()
    started_later: tuple[int, ...] = ()


class Group(Labelled):
    """What figures are grouped by."""

    COUNTS = ("counts", "件数")
    WHOLE = ("whole", "是否按时")
    TIMELINESS = ("timeliness", "及时率")
    TIMELINESS_OF = ("timeliness-of", "分项及时率")
    NOT_KEPT = ("not-kept", "超时原因")
    LEFT_OUT = ("left-out", "未计入及原因")
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
    """One line of the statistics: a group, a name, this period's value beside the one before, the cases behind it.

    A 及时率 has its numerator and denominator, and what was left out, in words.
    """

    group: Group
    name: str
    value: float | None
    before: float | None
    ids: tuple[int, ...]
    measure: Measure = Measure.COUNT
    how: str = ""  # the figure was counted, in words for its tip
    numerator: int | None = None
    denominator: int | None = None
    left_out: str = ""

    @property
    def parts(self) -> str:
        """Numerator and denominator as people read them, empty where there are none."""
        return "" if self.denominator is None else f"{self.numerator}/{self.denominator}"

    def said(self, value: float | None) -> str:
        """A value as people read it."""
        if value is None:
            return "无到期" if self.measure is Measure.SHARE else "—"
        return f"{value:.1%}" if self.measure is Measure.SHARE else f"{value:g}"


_COUNTS = (
    ("判定", "judged"),
    ("待研判", "waiting"),
    ("不予回应", "dismissed"),
    ("已回应", "answered"),
    ("办结", "closed"),
    ("补录", "entered"),
)
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
_STATES = (  # in the order of the fields of Timeliness
    DeadlineState.MET,
    DeadlineState.LATE,
    DeadlineState.OVERDUE,
    DeadlineState.ENTERED_LATE,
    DeadlineState.RUNNING,
    DeadlineState.PAUSED,
    DeadlineState.WITHDRAWN,
)
_LATE = (DeadlineState.LATE, DeadlineState.OVERDUE)
UNCLOCKED = "首发一个月以前的旧事，不起研判时限"
_UNEXPLAINED = "没有说明原因"


def compared(this: Statistics, before: Statistics) -> list[Figure]:
    """All figures of a period beside those of the one before, in the order in which people read them.

    What had cases before and has none now stands with 0, last in its group; but for months, which do not come again.
    Behind a 及时率 are the concerns that were late: those are what one asks for.
    """
    figures = [
        Figure(Group.COUNTS, name, len(getattr(this, field)), len(getattr(before, field)), getattr(this, field))
        for name, field in _COUNTS
    ]
    later, old_ones = this.started_later, len(before.started_later)
    figures.append(Figure(Group.COUNTS, "计时起点晚于发现", len(later), old_ones, later))
    figures += _shares(Group.WHOLE, [(t.name, t) for t in this.whole], [(t.name, t) for t in before.whole])
    figures += _shares(
        Group.TIMELINESS, [(t.name, t) for t in this.timeliness], [(t.name, t) for t in before.timeliness]
    )
    figures += _shares(Group.TIMELINESS_OF, _named(this.timeliness_of), _named(before.timeliness_of))
    for group, kind in ((Group.NOT_KEPT, "not_kept"), (Group.LEFT_OUT, "withdrawn")):
        now, old = getattr(this, kind), getattr(before, kind)
        figures += [Figure(group, n, len(ids), len(old.get(n, ())), ids) for n, ids in now.items()]
    if this.unclocked:
        figures.append(Figure(Group.LEFT_OUT, UNCLOCKED, len(this.unclocked), len(before.unclocked), this.unclocked))
    for name, kind, how in _HOURS:
        value, old = getattr(this, kind), getattr(before, kind)
        figures.append(Figure(Group.HOURS, name, value, old, this.answered, Measure.HOURS, how))
    for group, kind in _GROUPS:
        now, old = getattr(this, kind), getattr(before, kind)
        names = now if group is Group.MONTH else dict.fromkeys([*now, *old])
        figures += [Figure(group, n, len(now.get(n, ())), len(old.get(n, ())), now.get(n, ())) for n in names]
    return figures


def _shares(
    group: Group, now: Iterable[tuple[str, Timeliness]], before: Iterable[tuple[str, Timeliness]]
) -> list[Figure]:
    old = dict(before)
    return [
        Figure(
            group,
            name,
            kept.share,
            old[name].share if name in old else None,
            tuple(dict.fromkeys(kept.late + kept.overdue + kept.entered)),
            Measure.SHARE,
            kept.how,
            len(kept.in_time),
            kept.due,
            kept.left_out,
        )
        for name, kept in now
    ]


def statistics(
    cases: Sequence[CaseFigures], dismissed: Sequence[Concern], start: datetime, end: datetime, now: datetime
) -> Statistics:
    """The figures of the concerns found in [start, end), as they stand at `now`: the deadlines of all of them, the other
    counts of those that were judged.
    """
    whole = [case for case in cases if start <= case.concern.found_at < end]
    inside = [case for case in whole if case.concern.judgement is not None]
    waits = [case for case in whole if case.concern.state is ConcernState.FLAGGED]
    table, deadlines, published = _case_table(inside), _deadline_table(whole, now), _publication_table(inside)
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
        tuple(case.concern.id for case in waits),
        (_together("各项时限", deadlines), _by_case("各件（所有时限都按时）", whole, now)) if whole else (),
        _not_kept(whole, now),
        _left_out(whole),
        tuple(case.concern.id for case in whole for response in case.responses if response.late_why),
        tuple(case.concern.id for case in waits if not case.deadlines and case.concern.long_past),
        tuple(c.id for c in (case.concern for case in inside) if c.judgement and c.judgement.basis_at > c.found_at),
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
    """One row per rule that bound a case, with how all its clocks of that rule together stand at `now`."""
    from pandas import DataFrame

    rows = [
        (
            case.concern.id,
            name,
            case.concern.grade.label,
            case.area or _UNSET,
            case.unit or _UNSET,
            (worst(clocks, now) or DeadlineState.WITHDRAWN).name,
        )
        for case in cases
        for name, clocks in _by_rule(case).items()
    ]
    return DataFrame(rows, columns=["id", "rule", "grade", "area", "unit", "state"])


def _by_rule(case: CaseFigures) -> dict[str, list[Deadline]]:
    by_name: dict[str, list[Deadline]] = {}
    for deadline in case.deadlines:
        by_name.setdefault(deadline.name, []).append(deadline)
    return by_name


def _not_kept(cases: Sequence[CaseFigures], now: datetime) -> dict[str, tuple[int, ...]]:
    """The concerns of clocks that were not kept, by rule and reason."""
    found: dict[str, dict[int, None]] = {}
    for case in cases:
        for clock in case.deadlines:
            if clock.state(now) in _LATE:
                why = f"{clock.name}：{case.reasons.get(clock.id, _UNEXPLAINED)}"
                found.setdefault(why, {})[case.concern.id] = None
    return {why: tuple(ids) for why, ids in found.items()}


def _left_out(cases: Sequence[CaseFigures]) -> dict[str, tuple[int, ...]]:
    """The concerns that a rule no longer binds, by rule and reason."""
    found: dict[str, dict[int, None]] = {}
    for case in cases:
        for name, clocks in _by_rule(case).items():
            if all(clock.withdrawn for clock in clocks):
                found.setdefault(f"{name}：{clocks[-1].withdrawn}", {})[case.concern.id] = None
    return {why: tuple(ids) for why, ids in found.items()}


def _publication_table(cases: Sequence[CaseFigures]) -> DataFrame:
    """One row per publication of a case."""
    from pandas import DataFrame

    rows = [(case.concern.id, said.kind.label, said.channel.label) for case in cases for said in case.responses]
    return DataFrame(rows, columns=["id", "kind", "channel"])


def _timeliness(deadlines: DataFrame, by: str) -> tuple[Timeliness, ...]:
    """How the deadlines of each name in a column were kept, in the order in which the names come."""
    ids = deadlines.groupby([by, "state"], sort=False)["id"].agg(tuple).to_dict()
    return tuple(
        Timeliness(name, *(ids.get((name, state.name), ()) for state in _STATES)) for name in deadlines[by].unique()
    )


def _together(name: str, deadlines: DataFrame) -> Timeliness:
    """How all deadlines were kept."""
    return Timeliness(name, *(_ids(deadlines[deadlines["state"] == state.name]) for state in _STATES))


def _by_case(name: str, cases: Sequence[CaseFigures], now: datetime) -> Timeliness:
    """How many concerns kept all they were obliged to."""
    bound = [case for case in cases if case.deadlines]
    stand = [(case.concern.id, worst(case.deadlines, now) or DeadlineState.WITHDRAWN) for case in bound]
    return Timeliness(name, *(tuple(id for id, how in stand if how is state) for state in _STATES))


def _ids_by(table: DataFrame, column: str) -> dict[str, tuple[int, ...]]:
    """The ids of the rows of each name in a column: most rows first, then as the names come."""
    grouped: Series = table.groupby(column, sort=False)["id"].agg(tuple)
    return dict(sorted(grouped.items(), key=lambda item: -len(item[1])))


def _ids(table: DataFrame) -> tuple[int, ...]:
    return tuple(table["id"].tolist())


def _named(kept: Iterable[tuple[Group, Timeliness]]) -> list[tuple[str, Timeliness]]:
    return [(f"{group.label}：{one.name}", one) for group, one in kept]
