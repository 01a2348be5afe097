"""The nightly backup beside the collecting: a process of its own, at low priority, so that nothing waits for it."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from commands.run import Run, log
from domain.errors import WenyingError

if TYPE_CHECKING:
    from store.database import Database

MAIN = Path(__file__).parent.parent / "main.py"
SETTLE = 20.0  # seconds after the start before a missed night is made up
LOOK = 30.0  # seconds between looks


class Nightly:
    """Looks whether a backup is due and starts it; one at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._next = time.monotonic() + SETTLE

    def look(self, run: Run, database: Database) -> None:
        """Start the backup if its hour has come. Not in a drill or a demo at speed, whose nights pass in minutes."""
        from desk.office import backups
        from store.backup import is_sqlite
        from store.database import sqlite_url

        if time.monotonic() < self._next or run.clock.speed != 1.0 or not is_sqlite(run.url or sqlite_url(run.folder)):
            return
        self._next = time.monotonic() + LOOK
        if self._process is not None and self._process.poll() is None:
            return
        try:
            known, state = backups.plan(database), backups.read_state(run.folder)
        except WenyingError as error:
            log.warning("no backup: %s", error)
            return
        if backups.due(known, state, run.clock.now()) or backups.second_waits(known, state):
            self._start(run)

    def _start(self, run: Run) -> None:
        words = [sys.executable, str(MAIN), "--data", str(run.folder)]
        if run.url:
            words += ["--database", run.url]
        if run.clock.start is not None:
            words += ["--now", run.clock.now().isoformat()]
        nothing = subprocess.DEVNULL
        try:
            self._process = subprocess.Popen(
                [*words, "backup", "--scheduled", "--by", "定时任务"],
                stdin=nothing,
                stdout=nothing,
                stderr=nothing,
                start_new_session=True,  # it goes on when the window is closed meanwhile
            )
        except OSError:
            log.exception("the backup could not be started")
            return
        _step_back(self._process.pid)


def _step_back(pid: int) -> None:
    """Let everything else go first."""
    import psutil

    with suppress(psutil.Error, OSError, AttributeError):
        process = psutil.Process(pid)
        process.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS if sys.platform == "win32" else 15)
        process.ionice(psutil.IOPRIO_LOW if sys.platform == "win32" else psutil.IOPRIO_CLASS_IDLE)
