"""How often a source is asked: learned from what it gives, slowed by its faults, never given up."""

from __future__ import annotations

from datetime import datetime, timedelta

FASTEST, SLOWEST = timedelta(minutes=2), timedelta(hours=12)
FIRST = timedelta(minutes=10)
LONGEST_RETRY = timedelta(hours=6)
JITTER = 0.1  # share of the interval that sources are spread by
LONGEST_ASKED = timedelta(days=1)  # that a publisher's Retry-After is kept
LONGEST_WAIT = LONGEST_ASKED * (1 + JITTER)  # no source is ever due later than that from now


def next_interval(previous: timedelta | None, new: int) -> timedelta:
    """Until the next time, when `new` items came: faster when much is new, slower when nothing."""
    factor = 1.3 if new == 0 else 0.8 if new < 3 else 0.5
    return min(SLOWEST, max(FASTEST, (previous or FIRST) * factor))


def retry_interval(failures: int, asked: timedelta | None = None) -> timedelta:
    """Until one more try after `failures` in a row: doubling up to LONGEST_RETRY, so that no source dies for good.

    What the publisher asked for (Retry-After) is kept where it is longer, up to a day.
    """
    own: timedelta = min(LONGEST_RETRY, FASTEST * 2 ** min(max(failures, 1) - 1, 20))
    return max(own, min(asked, LONGEST_ASKED)) if asked else own


def has_come(at: datetime | None, now: datetime, longest: timedelta) -> bool:
    """Whether the time of something has come; one further off than `longest` was set by a clock that was wrong."""
    return at is None or at <= now or at > now + longest


def jittered(interval: timedelta, chance: float) -> timedelta:
    """The interval moved by up to JITTER either way; `chance` is 0–1."""
    return interval * (1 + JITTER * (2 * chance - 1))
