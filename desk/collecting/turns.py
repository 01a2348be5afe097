"""Writing in short turns, so that whoever works beside the collector is never kept waiting."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from store.database import Connection, Database

LONGEST_PAUSE = 0.05  # seconds


class Turns:
    """Transactions one after another: after each the store is left free for as long as it was held."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._free_until = 0.0
        self.longest = 0.0

    def take_longest(self) -> float:
        """Seconds of the longest transaction since this was last asked."""
        longest, self.longest = self.longest, 0.0
        return longest

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction, as `Database.write`; it begins when others have had their turn."""
        pause = min(self._free_until - time.monotonic(), LONGEST_PAUSE)
        if pause > 0:
            time.sleep(pause)
        began = ended = 0.0
        try:
            with self._database.write(careful=False) as connection:
                began = time.monotonic()
                yield connection
        finally:
            if began:
                ended = time.monotonic()
                took = ended - began
                self._free_until = ended + took
                self.longest = max(self.longest, took)
