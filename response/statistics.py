"""The year's figures (年度统计): counts, timeliness by rule, hours to the first response; each with its cases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from statistics import median

from domain.concern import Concern, ConcernState
from domain.response import Deadline, DeadlineState, Response, ResponseKind
from domain.times import china


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
    """The figures of a period; each count carries the ids of its concerns.

    `timeliness` is by rule; `timeliness_of` is of all rules together by (等级, 领域 or 责任单位: name).
    `by_kind` and `by_channel` count publications, so that a concern may stand there more than once.
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
    timeliness_of: tuple[tuple[str, Timeliness], ...]
    median_hours: float | None
    ninetieth_hours: float | None


class Measure(Enum):
    """How a figure is to be read."""

    COUNT = "count"
    SHARE = "share"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the statistics: a group, a name, this period's value beside the one before, the cases behind it."""

    group: str
    name: str
    value: float | None
    before: float | None
    ids: tuple[int, ...]
    measure: Measure = Measure.COUNT

    def said(self, value: float | None) -> str:
        """A value as people read it."""
        if value is None:
            return "无到期" if self.measure is Measure.SHARE else "—"
        return f"{value:.1%}" if self.measure is Measure.SHARE else f"{value:g}"


_COUNTS = (("判定", "judged"), ("不予回应", "dismissed"), ("已回应", "answered"), ("办结", "closed"))
_HOURS = (("中位用时（小时）", "median_hours"), ("九成以内（小时）", "ninetieth_hours"))
_GROUPS = (
    ("等级", "by_grade"),
    ("领域", "by_area"),
    ("责任单位", "by_unit"),
    ("发布类别", "by_kind"),
    ("发布渠道", "by_channel"),
    ("月份", "by_month"),
)


def compared(this: Statistics, before: Statistics) -> list[Figure]:
    """All figures of a period beside those of the one before, in the order in which people read them.

    Behind a 及时率 are the concerns that were late: those are what one asks for.
    """
    found = [
        Figure("件数", name, len(getattr(this, field)), len(getattr(before, field)), getattr(this, field))
        for name, field in _COUNTS
    ]
    found += _shares("及时率", [(t.name, t) for t in this.timeliness], [(t.name, t) for t in before.timeliness])
    found += _shares("分项及时率", this.timeliness_of, before.timeliness_of)
    for name, field in _HOURS:
        value, old = getattr(this, field), getattr(before, field)
        found.append(Figure("用时", name, value, old, this.answered, Measure.HOURS))
    for group, field in _GROUPS:
        old = getattr(before, field)
        found += [
            Figure(group, name, len(ids), len(old.get(name, ())), ids) for name, ids in getattr(this, field).items()
        ]
    return found


def _shares(
    group: str, now: Iterable[tuple[str, Timeliness]], before: Iterable[tuple[str, Timeliness]]
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
    hours = sorted(case.hours for case in inside if case.hours is not None)
    closed = (ConcernState.CLOSED, ConcernState.ARCHIVED)
    said = [(case, response) for case in inside for response in case.responses]
    return Statistics(
        start,
        end,
        _ids(inside),
        tuple(c.id for c in dismissed if start <= c.found_at < end),
        _ids([case for case in inside if case.first_response]),
        _ids([case for case in inside if case.concern.state in closed]),
        _grouped((case.concern.grade.label, case) for case in inside),
        _grouped((case.area, case) for case in inside),
        _grouped((case.unit, case) for case in inside),
        _grouped((response.kind.label, case) for case, response in said),
        _grouped((response.channel.label, case) for case, response in said),
        dict(sorted(_grouped((f"{china(case.concern.found_at):%Y-%m}", case) for case in inside).items())),
        _timeliness(inside, now, lambda case, deadline: deadline.name),
        tuple(
            (f"{group}：{kept.name}", kept)
            for group, of in _KEPT_BY.items()
            for kept in _timeliness(inside, now, lambda case, _, of=of: of(case) or "未定")  # type: ignore[misc]
        ),
        round(median(hours), 2) if hours else None,
        round(hours[min(len(hours) - 1, int(0.9 * len(hours)))], 2) if hours else None,
    )


_KEPT_BY: dict[str, Callable[[CaseFigures], str]] = {
    "等级": lambda case: case.concern.grade.label,
    "领域": lambda case: case.area,
    "责任单位": lambda case: case.unit,
}
_DUE = (DeadlineState.MET, DeadlineState.LATE, DeadlineState.OVERDUE)


def _timeliness(
    cases: Sequence[CaseFigures], now: datetime, of: Callable[[CaseFigures, Deadline], str]
) -> tuple[Timeliness, ...]:
    found: dict[str, dict[DeadlineState, list[int]]] = {}
    for case in cases:
        for deadline in case.deadlines:
            found.setdefault(of(case, deadline), {}).setdefault(deadline.state(now), []).append(case.concern.id)
    return tuple(Timeliness(name, *(tuple(by.get(state, ())) for state in _DUE)) for name, by in found.items())


def _grouped(named: Iterable[tuple[str, CaseFigures]]) -> dict[str, tuple[int, ...]]:
    """The concerns of each name, most first."""
    found: dict[str, list[int]] = {}
    for name, case in named:
        found.setdefault(name or "未定", []).append(case.concern.id)
    return {name: tuple(ids) for name, ids in sorted(found.items(), key=lambda item: -len(item[1]))}


def _ids(cases: Sequence[CaseFigures]) -> tuple[int, ...]:
    return tuple(case.concern.id for case in cases)
