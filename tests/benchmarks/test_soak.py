"""The limits of the shift at the desk: its short form fails on a leak, and on nothing else."""

import random

import pytest

from benchmarks.soak import judged

STEADY = {
    "memory_mb": 300.0, "collector_memory_mb": 400.0, "threads": 12, "files": 40, "qt_objects": 3000, "timers": 9,
    "collector_threads": 6, "collector_files": 20, "references_none": 90_000, "references_true": 9_000,
    "references_false": 9_000, "idle_percent": 0.5,
}  # fmt: skip


def told(seconds, laps=16, **an_hour):
    """What a shift counts whose figures grow by so much an hour, beside some chance."""
    chance, samples = random.Random(1), []
    for lap in range(laps):
        at = lap * seconds / (laps - 1)
        noise = {"memory_mb": chance.uniform(-1, 1), "qt_objects": chance.choice((0, 4))}
        samples.append(
            {"at": at}
            | {name: value + noise.get(name, 0) + an_hour.get(name, 0) * at / 3600 for name, value in STEADY.items()}
        )
    return {"samples": samples, "kinds": [{}] * laps, "longest_stall_ms": 1, "stalls": 0}


def test_a_steady_shift_misses_nothing():
    assert judged(told(120), 30.0)["missed"] == []
    assert judged(told(3600, laps=60), 16.0)["missed"] == []


@pytest.mark.parametrize(
    ("what", "an_hour"),
    [("memory_mb", 400.0), ("collector_memory_mb", 400.0), ("qt_objects", 600.0), ("threads", 60.0), ("files", 60.0), ("timers", 60.0)],
)  # fmt: skip
def test_two_minutes_are_enough_to_see_a_leak(what, an_hour):
    assert judged(told(120, **{what: an_hour}), 30.0)["missed"] == [what]


@pytest.mark.parametrize("what", ["memory_mb", "collector_memory_mb"])
def test_no_shift_is_too_short_to_see_a_flood(what):
    assert judged(told(12, laps=4, **{what: 60_000.0}), 30.0)["missed"] == [what]


def test_hours_see_a_slow_one():
    assert judged(told(3600, laps=60, memory_mb=4.0), 16.0)["missed"] == ["memory_mb"]
