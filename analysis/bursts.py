"""Marking the hours in which a topic breaks out (突发) on its curve."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

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
    states = _cheapest(*_costs(reports, intake, usual), CHANGE * math.log(hours + 1))
    bursts, start = [], None
    for i, state in enumerate([*states, 0]):
        if state and start is None:
            start = i
        elif not state and start is not None:
            if sum(reports[start:i]) >= LEAST:
                bursts.append((start, i - 1))
            start = None
    return bursts


def _costs(reports: Sequence[float], intake: Sequence[float], usual: float) -> tuple[list[float], list[float]]:
    """Of each hour, what it costs in the calm state and in a burst: −ln of the chance of its reports.

    Without the binomial coefficient, which is the same in both.
    """
    count = np.array(reports, dtype=np.float64)
    rest = np.maximum(np.array(intake[: len(count)], dtype=np.float64), count) - count
    calm, burst = (
        (-(count * math.log(share) + rest * math.log(1 - share))).tolist()
        for share in (usual, min(0.95, RATIO * usual))
    )
    return calm, burst


def _cheapest(calm: Sequence[float], burst: Sequence[float], entering: float) -> list[int]:
    """The cheapest sequence of states, 0 calm and 1 in a burst (Viterbi)."""
    in_calm, in_burst = 0.0, entering
    left, stayed = bytearray(), bytearray()  # whether the state before was a burst, for calm and for a burst now
    for quiet, loud in zip(calm, burst):
        enter = in_calm + entering
        left.append(in_burst < in_calm)
        stayed.append(in_burst <= enter)
        in_calm, in_burst = min(in_calm, in_burst) + quiet, min(in_burst, enter) + loud
    state = 0 if in_calm <= in_burst else 1
    states = [state]
    for i in range(len(left) - 1, 0, -1):
        state = (stayed if state else left)[i]
        states.append(state)
    return states[::-1]
