"""Heat (热度): how much attention a topic has now, in parts that are each 0–100; docs/domain.md section 11."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.times import HOUR, floor_hour
from domain.topic import Heat, HeatPart

CARRIER_COUNTS = 0.2  # a carried text counts a fifth of a report of its own
FULL_VOLUME = 0.10  # share of a day's intake at which 声量 is full
SMALLEST_INTAKE = 40.0  # articles a day below which a share says little
FULL_SIGMAS = 6.0  # k at which 增速 is full
GROWTH_FLOOR = 3.0  # fewer reports in the last hours are no growth
GROWTH_HOURS = 6
BASELINE_DAYS = 14
FULL_COVERAGE = 8.0  # sources at which 覆盖 is 63
SLOT_HOURS, SLOTS = 6, 12  # 持续 looks at twelve slots of six hours
ENOUGH = 2  # reports of its own within three days, below which there is too little to judge

LAST_RANK = 100  # from which a rank on a hot list counts nothing
FULL_HOURS = 6.0  # on a list at which the time counts 63 of 100
FULL_PEOPLE = 10_000.0  # who reacted, from which the notice is full; each tenfold more counts as much

Hours = Mapping[datetime, float]


@dataclass(frozen=True, slots=True)
class Windows:
    """Counts per hour, added up over the windows of time that heat looks at; see `windows_of`.

    `before` are the same GROWTH_HOURS of each of the BASELINE_DAYS days before; `slots` how many of the last SLOTS
    slots have anything in them; `days` how many of the days before the counts reach back.
    """

    today: float
    fresh: float
    previous: float
    before: tuple[float, ...]
    slots: int
    days: int


@dataclass(frozen=True, slots=True)
class Notice:
    """Where a topic stood on hot lists (热榜) in the last days: its best rank, for how many hours, with how many
    entries, on how many lists.
    """

    rank: int
    hours: float
    entries: int
    lists: int


@dataclass(frozen=True, slots=True)
class Attention:
    """What heat is computed from.

    `reports` are the topic's articles per full hour (UTC), carriers counted by CARRIER_COUNTS;
    `intake` the same of all articles, added up once for all topics; `sources` the weights (0–100) of the tiers of
    the distinct sources that carried the topic in the last 24 h; `own_texts` the reports of its own in 72 h;
    `people` how many reacted to those (`Reactions.people`).
    """

    reports: Hours
    intake: Windows
    sources: Sequence[int]
    own_texts: int
    in_event: bool
    notice: Notice | None = None
    people: float = 0.0


def windows_of(hours: Hours, now: datetime) -> Windows:
    """Counts per full hour added up, in one pass over them. Hours that are under way count as a whole."""
    end = floor_hour(now) + HOUR
    under_way = now > end - HOUR  # the hour of `now` has begun
    today = fresh = previous = 0.0
    before, slots = [0.0] * BASELINE_DAYS, [0.0] * SLOTS
    for hour, count in hours.items():
        back = (end - hour) // HOUR  # 1 for the hour of `now`
        if back < 1:
            continue
        if back <= GROWTH_HOURS:
            fresh += count
        elif back <= 2 * GROWTH_HOURS:
            previous += count
        days_ago, of_day = divmod(back - 1, 24)
        if 1 <= days_ago <= BASELINE_DAYS and of_day < GROWTH_HOURS:
            before[days_ago - 1] += count
        if back == 1 and not under_way:
            continue
        if back <= 25:
            today += count
        # An hour that a slot ends in belongs to the next one too.
        slot = (back - 1 if under_way else back - 2) // SLOT_HOURS
        if slot < SLOTS:
            slots[slot] += count
        if slot and back == SLOT_HOURS * slot + 1 and slot <= SLOTS:
            slots[slot - 1] += count
    reaching = (end - min(hours, default=now)) // HOUR
    days = min(BASELINE_DAYS, max(0, (reaching - 1) // 24))
    return Windows(today, fresh, previous, tuple(before), sum(count > 0 for count in slots), days)


def heat_at(attention: Attention, now: datetime) -> Heat:
    """Heat at a moment. What lies after `now` is not counted."""
    reports = windows_of(attention.reports, now)
    persistence = 100 * reports.slots / SLOTS
    if not reports.today:
        quiet = {part: 0.0 for part in HeatPart}
        quiet[HeatPart.PERSISTENCE] = persistence
        quiet[HeatPart.NOTICE] = _notice(attention)
        return Heat(quiet, attention.own_texts >= ENOUGH, -1)
    growth, rising = _growth(reports, attention.intake)
    parts = {
        HeatPart.VOLUME: _volume(reports.today, attention.intake.today),
        HeatPart.GROWTH: growth,
        HeatPart.COVERAGE: 100 * (1 - math.exp(-len(attention.sources) / FULL_COVERAGE)),
        HeatPart.TIER: _tier(attention.sources),
        HeatPart.PERSISTENCE: persistence,
        HeatPart.NOTICE: _notice(attention),
        HeatPart.EVENT: 100.0 if attention.in_event else 0.0,
    }
    return Heat(parts, attention.own_texts >= ENOUGH, rising)


def _volume(today: float, intake: float) -> float:
    """Share of the day's intake: when everything doubles, the share stays."""
    share = today / max(intake, SMALLEST_INTAKE)
    return 100 * math.sqrt(min(1.0, share / FULL_VOLUME))


def _growth(reports: Windows, intake: Windows) -> tuple[float, int]:
    """k·σ above the same hours of the days before, and the direction (1, 0, −1).

    Counts are scaled by what else came in in the same hours, so that more intake is not more heat;
    σ has the floor of a Poisson count.
    """
    fresh, previous = reports.fresh, reports.previous
    others = intake.fresh - fresh
    before = reports.before[: intake.days]
    flows = [all_in - own for all_in, own in zip(intake.before, before)]
    usual_flow = sum(flows) / len(flows) if flows else 0.0
    scaled = fresh * min(1.0, usual_flow / others) if usual_flow > 0 and others > 0 else fresh
    mean = sum(before) / len(before) if before else 0.0
    variance = sum((count - mean) ** 2 for count in before) / len(before) if before else 0.0
    sigma = max(math.sqrt(variance), math.sqrt(mean), 1.0)
    k = (scaled - mean) / sigma
    rising = 1 if fresh > previous + 1 else -1 if fresh < previous - 1 else 0
    if scaled < GROWTH_FLOOR or not before:
        # Without a day to compare with, as when collecting has just begun, everything would be growth.
        return 0.0, min(rising, 0)
    return 100 * min(1.0, max(0.0, k / FULL_SIGMAS)), rising


def _tier(weights: Sequence[int]) -> float:
    """The three weightiest sources decide, so that small ones do not dilute 人民日报."""
    top = sorted(weights, reverse=True)[:3]
    return sum(top) / len(top) if top else 0.0


def _notice(attention: Attention) -> float:
    """What the hot lists say, or those who reacted, whichever is more."""
    people = min(1.0, math.log1p(attention.people) / math.log1p(FULL_PEOPLE))
    return max(100 * people, _listed(attention.notice))


def _listed(notice: Notice | None) -> float:
    """By rank above all: the first place is full, the last of a long list little; then time, entries and lists."""
    if notice is None:
        return 0.0
    rank = max(0.0, 1 - math.log(max(1, notice.rank)) / math.log(LAST_RANK))
    parts = (
        0.4 * rank,
        0.25 * _full(notice.hours, FULL_HOURS),
        0.25 * _full(notice.entries, 4),
        0.1 * _full(notice.lists, 2),
    )
    return 100 * sum(parts)


def _full(value: float, at: float) -> float:
    """0–1: 63 % at `at`."""
    return 1 - math.exp(-value / at)
