"""Whether anything that could be sent gets the better of a reader: one JSON object.

Usage: fuzz.py [--examples N] [--reader NAME ...] [--seed S]
Every reader (benchmarks/hostile.py) reads N made-up inputs in a process apart, within the usual 10 s and 512 MB, as it
does in production. Per reader: how many were read, empty or refused with a sentence; the longest; and the faults, each
with the smallest input that hypothesis found for it: a defect (anything but a WenyingError comes out, or what comes out
is not sound) or an end (the process was ended for its time or memory, or died). Exit 1 where there is one.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import warnings
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from hypothesis import HealthCheck, Phase, given, seed, settings

from benchmarks.hostile import READERS, tried
from benchmarks.tiny import arguments
from domain.errors import SourceError
from sources.workers import run_apart


class _FaultError(Exception):
    """A reader did what it must not."""


def fuzz(name: str, examples: int, start: int) -> dict[str, Any]:
    """Try one reader with so many inputs."""
    outcomes: Counter[str] = Counter()
    longest, began = 0.0, time.perf_counter()
    faults: dict[str, str] = {}

    @seed(start)
    @settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )  # fmt: skip
    @given(READERS[name].values)
    def one(value: Any) -> None:
        nonlocal longest
        try:
            outcome, seconds, words = run_apart(tried, name, value)
        except SourceError as error:
            outcome, seconds, words = "ended", 0.0, str(error)
        outcomes[outcome] += 1
        longest = max(longest, seconds)
        if words:
            # By its kind; the last of each is the smallest.
            faults[words.strip().splitlines()[-1][:40]] = f"{words[-600:]}\n{ascii(value)[:800]}"
            raise _FaultError(words)

    with suppress(_FaultError, BaseExceptionGroup):
        one()
    return {
        "examples": sum(outcomes.values()),
        **outcomes,
        "longest_s": round(longest, 2),
        "seconds": round(time.perf_counter() - began, 1),
        "faults": faults,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=int, default=10_000)
    parser.add_argument("--reader", nargs="*", choices=sorted(READERS), default=[])
    parser.add_argument("--seed", type=int, default=1)
    args = arguments(parser, examples=10)
    warnings.simplefilter("ignore")
    found = {}
    for name in args.reader or READERS:
        found[name] = fuzz(name, args.examples, args.seed)
        print(name, found[name], file=sys.stderr, flush=True)
    broken = sum(bool(each["faults"]) for each in found.values())
    print(json.dumps({"readers": found, "failed": broken}))
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
