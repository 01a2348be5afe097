"""What the last round of collecting gave, kept in the store so that every window on the data can show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desk.collecting.collect import RoundReport
from domain.times import parse_moment
from store import settings
from store.database import Database

KEY = "collector.round"


@dataclass(frozen=True, slots=True)
class LastRound:
    """When it ended, how many articles were new, how many sources failed, and the number of rounds so far."""

    at: datetime
    new: int
    failed: int
    count: int


def keep_round(database: Database, report: RoundReport, now: datetime) -> None:
    """Keep what a round gave."""
    with database.write(careful=False) as connection:
        before = settings.read(connection, KEY) or {}
        kept = {
            "at": now.isoformat(),
            "new": report.new,
            "failed": report.failed,
            "count": int(before.get("count", 0)) + 1,
        }
        settings.write(connection, KEY, kept)


def last_round(database: Database) -> LastRound | None:
    """The last round of whichever collector ran, None before the first."""
    with database.read() as connection:
        kept = settings.read(connection, KEY)
    return LastRound(parse_moment(kept["at"]), kept["new"], kept["failed"], kept["count"]) if kept else None
