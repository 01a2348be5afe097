"""Giving back memory: what was freed goes to the system, so that a program that runs for days stays as small as it is.

The C library keeps freed memory for itself, in pieces between what is still used. Every briefing with its charts, and
every look at the topics, leaves some of it behind, megabytes an hour that nothing uses.
"""

from __future__ import annotations

import ctypes
import sys
import time
from collections.abc import Callable

EVERY = 60.0  # seconds between two times at most; giving back takes some milliseconds


def _giver() -> Callable[[int], int] | None:
    """malloc_trim, where the C library has it (glibc)."""
    if not sys.platform.startswith("linux"):
        return None
    trim: Callable[[int], int] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return trim


class Trimming:
    """Gives back what was freed, when asked, but not more often than every minute."""

    def __init__(self) -> None:
        self._give = _giver()
        self._last = time.monotonic()

    def give_back(self) -> bool:
        """Give back what was freed; whether that was tried."""
        if self._give is None or time.monotonic() - self._last < EVERY:
            return False
        self._last = time.monotonic()
        self._give(0)
        return True
