"""Whether something stays as it is over hours: samples of a process, and what their course comes to."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any

import psutil

WARM_UP = 0.3  # share of the time that is warming up


def of_process(process: psutil.Process) -> dict[str, float]:
    """Memory of its own in MB, threads, and open files."""
    memory = process.memory_full_info()
    files = process.num_fds() if hasattr(process, "num_fds") else process.num_handles()
    return {
        "memory_mb": memory.uss / 1e6,
        "rss_mb": memory.rss / 1e6,
        "threads": process.num_threads(),
        "files": files,
    }


def after_warm_up(samples: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The samples that count, by their time `at` in seconds."""
    start, end = samples[0]["at"], samples[-1]["at"]
    return [s for s in samples if s["at"] >= start + WARM_UP * (end - start)]


def slope(samples: Sequence[dict[str, Any]], what: str) -> float:
    """How much a figure grows in an hour: the median over all pairs of samples (Theil and Sen)."""
    pairs = [
        (b[what] - a[what]) / (b["at"] - a["at"]) * 3600
        for i, a in enumerate(samples)
        for b in samples[i + 1 :]
        if b["at"] > a["at"]
    ]
    return statistics.median(pairs) if pairs else 0.0


def course(samples: Sequence[dict[str, Any]], what: str) -> dict[str, float]:
    """First, last, least, most, and the medians of the first and the last third."""
    values = [s[what] for s in samples]
    third = max(1, len(values) // 3)
    return {
        "early": round(statistics.median(values[:third]), 1),
        "late": round(statistics.median(values[-third:]), 1),
        "least": round(min(values), 1),
        "most": round(max(values), 1),
    }
