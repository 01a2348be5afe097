"""How often a source is asked: learned from what it gives, slowed by its faults, never given up."""

from __future__ import annotations

from datetime import timedelta

FASTEST, SLOWEST = timedelta(minutes=2), timedelta(hours=12)
FIRST = timedelta(minutes=10)
LONGEST_RETRY = timedelta(hours=6)
JITTER = 0.1  # share of the interval that sources are spread by


def next_interval(previous: timedelta | None, new: int) -> timedelta:
    """Until the next time, when `new` items came: faster when much is new, slower when nothing."""
    factor = 1.3 if new == 0 else 0.8 if new < 3 else 0.5
    return min(SLOWEST, max(FASTEST, (previous or FIRST) * factor))


def retry_interval(failures: int, asked: timedelta | None = None) -> timedelta:
    """Until one more try after `failures` in a row: doubling up to LONGEST_RETRY, so that no source dies for good.

    What the publisher asked for (Retry-After) is kept where it is longer, up to a day.
    """
    own = min(LONGEST_RETRY, FASTEST * 2 ** min(max(failures, 1) - 1, 20))
    return max(own, min(asked, timedelta(days=1))) if asked else own


def jittered(interval: timedelta, chance: float) -> timedelta:
    """The interval moved by up to JITTER either way; `chance` is 0–1."""
    return interval * (1 + JITTER * (2 * chance - 1))
