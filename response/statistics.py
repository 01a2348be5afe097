"""The year's figures (年度统计): counts, timeliness by rule, hours to the first response; each with its cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from domain.concern import Concern, ConcernState
from domain.response import Deadline, DeadlineState, Response, ResponseKind


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """A judged concern with its deadlines and responses."""

    concern: Concern
    area: str
    deadlines: tuple[Deadline, ...]
    responses: tuple[Response, ...]

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
    """The figures of a period; each count carries the ids of its concerns."""

    start: datetime
    end: datetime
    judged: tuple[int, ...]
    dismissed: tuple[int, ...]
    answered: tuple[int, ...]
    closed: tuple[int, ...]
    by_grade: dict[str, tuple[int, ...]]
    by_area: dict[str, tuple[int, ...]]
    by_unit: dict[str, tuple[int, ...]]
    timeliness: tuple[Timeliness, ...]
    median_hours: float | None
    ninetieth_hours: float | None


def statistics(
    cases: Sequence[CaseFigures], dismissed: Sequence[Concern], start: datetime, end: datetime, now: datetime
) -> Statistics:
    """The figures of the concerns found in [start, end), as they stand at `now`."""
    inside = [case for case in cases if start <= case.concern.found_at < end]
    hours = sorted(case.hours for case in inside if case.hours is not None)
    closed = (ConcernState.CLOSED, ConcernState.ARCHIVED)
    return Statistics(
        start,
        end,
        _ids(inside),
        tuple(c.id for c in dismissed if start <= c.found_at < end),
        _ids([case for case in inside if case.first_response]),
        _ids([case for case in inside if case.concern.state in closed]),
        _grouped(inside, lambda case: case.concern.grade.label),
        _grouped(inside, lambda case: case.area),
        _grouped(inside, lambda case: case.concern.judgement.unit if case.concern.judgement else ""),
        _timeliness(inside, now),
        round(median(hours), 2) if hours else None,
        round(hours[min(len(hours) - 1, int(0.9 * len(hours)))], 2) if hours else None,
    )


def _timeliness(cases: Sequence[CaseFigures], now: datetime) -> tuple[Timeliness, ...]:
    found: dict[str, dict[DeadlineState, list[int]]] = {}
    for case in cases:
        for deadline in case.deadlines:
            found.setdefault(deadline.name, {}).setdefault(deadline.state(now), []).append(case.concern.id)
    states = (DeadlineState.MET, DeadlineState.LATE, DeadlineState.OVERDUE)
    return tuple(Timeliness(name, *(tuple(by.get(state, ())) for state in states)) for name, by in found.items())


def _grouped(cases: Sequence[CaseFigures], of: Callable[[CaseFigures], str]) -> dict[str, tuple[int, ...]]:
    counts = Counter(of(case) or "未定" for case in cases)
    return {name: _ids([c for c in cases if (of(c) or "未定") == name]) for name, _ in counts.most_common()}


def _ids(cases: Sequence[CaseFigures]) -> tuple[int, ...]:
    return tuple(case.concern.id for case in cases)
