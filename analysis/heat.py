"""Heat (热度): how much attention a topic has now, in parts that are each 0–100; design.md, Heat."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

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

Hours = Mapping[datetime, float]


@dataclass(frozen=True, slots=True)
class Attention:
    """What heat is computed from.

    `reports` are the topic's articles per full hour (UTC), carriers counted by CARRIER_COUNTS;
    `intake` the same of all articles; `sources` the weights (0–100) of the tiers of the distinct
    sources that carried the topic in the last 24 h; `own_texts` the reports of its own in 72 h.
    """

    reports: Hours
    intake: Hours
    sources: Sequence[int]
    own_texts: int
    in_event: bool


def _within(hours: Hours, start: datetime, end: datetime) -> float:
    return sum(count for hour, count in hours.items() if start < hour + HOUR and hour < end)


def heat_at(attention: Attention, now: datetime) -> Heat:
    """Heat at a moment. What lies after `now` is not counted."""
    day = timedelta(days=1)
    today = _within(attention.reports, now - day, now)
    if not today:
        quiet = {part: 0.0 for part in HeatPart}
        quiet[HeatPart.PERSISTENCE] = _persistence(attention.reports, now)
        return Heat(quiet, attention.own_texts >= ENOUGH, -1)
    growth, rising = _growth(attention, now)
    parts = {
        HeatPart.VOLUME: _volume(attention, today, now),
        HeatPart.GROWTH: growth,
        HeatPart.COVERAGE: 100 * (1 - math.exp(-len(attention.sources) / FULL_COVERAGE)),
        HeatPart.TIER: _tier(attention.sources),
        HeatPart.PERSISTENCE: _persistence(attention.reports, now),
        HeatPart.EVENT: 100.0 if attention.in_event else 0.0,
    }
    return Heat(parts, attention.own_texts >= ENOUGH, rising)


def _volume(attention: Attention, today: float, now: datetime) -> float:
    """Share of the day's intake: when everything doubles, the share stays."""
    intake = _within(attention.intake, now - timedelta(days=1), now)
    share = today / max(intake, SMALLEST_INTAKE)
    return 100 * math.sqrt(min(1.0, share / FULL_VOLUME))


def _growth(attention: Attention, now: datetime) -> tuple[float, int]:
    """k·σ above the same hours of the days before, and the direction (1, 0, −1).

    Counts are scaled by what else came in in the same hours, so that more intake is not more heat;
    σ has the floor of a Poisson count.
    """
    span = timedelta(hours=GROWTH_HOURS)
    end = floor_hour(now) + HOUR
    fresh = _within(attention.reports, end - span, end)
    others = _within(attention.intake, end - span, end) - fresh
    first = min(attention.intake, default=now)
    before, flows = [], []
    for back in range(1, BASELINE_DAYS + 1):
        stop = end - timedelta(days=back)
        if stop <= first:
            break
        before.append(_within(attention.reports, stop - span, stop))
        flows.append(_within(attention.intake, stop - span, stop) - before[-1])
    usual_flow = sum(flows) / len(flows) if flows else 0.0
    scaled = fresh * min(1.0, usual_flow / others) if usual_flow > 0 and others > 0 else fresh
    mean = sum(before) / len(before) if before else 0.0
    variance = sum((count - mean) ** 2 for count in before) / len(before) if before else 0.0
    sigma = max(math.sqrt(variance), math.sqrt(mean), 1.0)
    k = (scaled - mean) / sigma
    previous = _within(attention.reports, end - 2 * span, end - span)
    rising = 1 if fresh > previous + 1 else -1 if fresh < previous - 1 else 0
    if scaled < GROWTH_FLOOR or not before:
        # Without a day to compare with, as when collecting has just begun, everything would be growth.
        return 0.0, min(rising, 0)
    return 100 * min(1.0, max(0.0, k / FULL_SIGMAS)), rising


def _tier(weights: Sequence[int]) -> float:
    """The three weightiest sources decide, so that small ones do not dilute 人民日报."""
    top = sorted(weights, reverse=True)[:3]
    return sum(top) / len(top) if top else 0.0


def _persistence(reports: Hours, now: datetime) -> float:
    slot = timedelta(hours=SLOT_HOURS)
    filled = sum(_within(reports, now - (i + 1) * slot, now - i * slot) > 0 for i in range(SLOTS))
    return 100 * filled / SLOTS
