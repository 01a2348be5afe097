"""Marking the hours in which a topic breaks out (突发) on its curve."""

from __future__ import annotations

import math
from collections.abc import Sequence

RATIO = 3.0  # how many times its usual share of the intake a topic has in a burst
CHANGE = 1.0  # cost of entering a burst, in units of ln(hours)
LEAST = 3.0  # reports in a burst


def bursts(reports: Sequence[float], intake: Sequence[float]) -> list[tuple[int, int]]:
    """The hours [first, last] of each burst in hourly counts of a topic and of everything that came in.

    The two-state automaton of Kleinberg (Bursty and Hierarchical Structure in Streams, 2002, section 4):
    each hour's reports are drawn from the intake with the usual share, or, in a burst, RATIO times it;
    the cheapest sequence of states explains the counts, entering a burst costs CHANGE·ln(hours).
    """
    hours, whole, all_in = len(reports), sum(reports), sum(intake)
    if whole < LEAST or all_in <= 0:
        return []
    usual = min(0.3, whole / all_in)
    shares = (usual, min(0.95, RATIO * usual))
    entering = CHANGE * math.log(hours + 1)
    cost, paths = [0.0, entering], [[0], [1]]
    for i, (count, total) in enumerate(zip(reports, intake)):
        here = [-_log_likelihood(count, max(total, count), share) for share in shares]
        stay_calm, leave = cost[0], cost[1]
        enter, stay = cost[0] + entering, cost[1]
        calm = (paths[0], stay_calm) if stay_calm <= leave else (paths[1], leave)
        burst = (paths[1], stay) if stay <= enter else (paths[0], enter)
        cost = [calm[1] + here[0], burst[1] + here[1]]
        paths = [[*calm[0], 0], [*burst[0], 1]] if i else [[0], [1]]
    states = paths[0] if cost[0] <= cost[1] else paths[1]
    found, start = [], None
    for i, state in enumerate([*states, 0]):
        if state and start is None:
            start = i
        elif not state and start is not None:
            if sum(reports[start:i]) >= LEAST:
                found.append((start, i - 1))
            start = None
    return found


def _log_likelihood(count: float, total: float, share: float) -> float:
    """ln of the chance of `count` out of `total` at a share, without the binomial coefficient."""
    return count * math.log(share) + (total - count) * math.log(1 - share)
