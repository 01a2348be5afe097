"""The office's data as a program holds them: opened and known to others as open, visited, put back from a backup.

Whoever asks the desk for something hands it the `Database`; the window does so on a `Visit`, which can be broken off.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from domain.person import Actor
from store import lock, presence
from store.database import Database, open_database, sqlite_url
from store.visit import Visit

__all__ = [
    "Database",
    "Restored",
    "Visit",
    "address",
    "ask_round",
    "collector_running",
    "held_open",
    "opened",
    "put_back",
]


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back: how many entries its record has, where the former database is (None without one), and the
    sources that are paused because they are files or folders of this machine."""

    entries: int
    former: Path | None
    paused: tuple[str, ...] = ()


def address(folder: Path, url: str | None) -> str:
    """Where the data of a folder are: `url` where one was given, else the SQLite file in the folder."""
    return url or sqlite_url(folder)


def opened(folder: Path, url: str | None) -> Database:
    """The data, brought to the present version where they are older. Raises StoreError."""
    return open_database(address(folder, url), folder=folder)


@contextmanager
def held_open(folder: Path, program: str) -> Iterator[None]:
    """Let others know that a program has the data of a folder open, until it lets go or dies."""
    with presence.present(folder, program):
        yield


def collector_running(folder: Path) -> bool:
    """Whether a collector runs for a folder, of this window or of another. Raises StoreError."""
    return lock.collector_running(folder)


def ask_round(folder: Path) -> None:
    """Ask the collector that runs, whoever started it, to read every source now. Raises StoreError."""
    lock.ask_round(folder)


def put_back(folder: Path, url: str | None, file: Path, actor: Actor, now: datetime) -> Restored:
    """Put a backup in the place of the data, which nobody may have open, while no collector runs; recorded.

    Raises InputError for a backup that is not whole, StoreError where the data are held open.
    """
    from store import restore  # with all that reads backups; few programs ever need it

    with lock.collector_lock(folder):
        done = restore.put_back(folder, address(folder, url), file, actor, now)
    return Restored(done.contents.entries, done.former, done.paused)
