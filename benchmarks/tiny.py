"""The tiny form of every benchmark: as small as it can be while all of it runs, so that the tests can run each.

A benchmark reads its arguments with `arguments(parser, articles=200, …)`, naming what its own defaults become under
`--tiny`, needs nothing else to be given with it, is done within a few seconds and prints one JSON object as its last
line of standard output. tests/benchmarks/test_benchmarks.py runs every file of this folder so.
"""

from __future__ import annotations

import argparse
import sys


def arguments(parser: argparse.ArgumentParser, **tiny: object) -> argparse.Namespace:
    """What was asked for; with --tiny, whatever was not said becomes what `tiny` says."""
    parser.add_argument("--tiny", action="store_true", help="the smallest form, which the tests run")
    if "--tiny" in sys.argv[1:]:
        parser.set_defaults(**tiny)
    return parser.parse_args()
