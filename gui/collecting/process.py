"""The collector process: started by the window unless another runs, watched, and started again if it dies."""

from __future__ import annotations

import json
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from desk import data
from desk.collecting.rounds import LastRound, last_round
from domain.errors import StoreError
from domain.times import parse_moment
from gui.operations import Operations

ROOT = Path(__file__).resolve().parent.parent.parent
STEADY = 60.0  # seconds after which a collector that ends is not one that cannot start
RETRY = (5, 10, 20, 40, 80, 160, 300)  # seconds after the first, second … failure in a row
LOOK = (5, 10, 20, 30)  # seconds between looks whether another window's collector still runs
WATCH_MS = 5_000  # between looks at what it has collected
SAID = 2_000  # characters of what it complained about that are kept


@dataclass(frozen=True, slots=True)
class Round:
    """What a round of collecting gave: new articles, sources that failed, and when it ended (None for just now)."""

    new: int
    failed: int = 0
    at: datetime | None = None


class CollectorProcess(QObject):
    """`rounds` tells the Round that has ended, of another window's collector too; `state` what the strip says.

    One collector runs for a data folder. Where the lock is held, none is started: this one waits until it is free.
    """

    rounds = Signal(object)
    drafted = Signal(str)  # the file of a briefing that was made at its hour
    state = Signal(str)  # empty while all is well

    def __init__(self, operations: Operations, every: float) -> None:
        super().__init__()
        self._operations, self._every = operations, every
        self._process: QProcess | None = None
        self._wanted = self._beside = False
        self._failures = self._looks = 0
        self._started_at = 0.0
        self._said = ""
        self._seen: int | None = None  # the rounds that were counted at the last look
        self._again, self._watch = QTimer(self), QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self._look)
        self._watch.timeout.connect(self._read_rounds)

    @property
    def running(self) -> bool:
        """Whether this window's own collector runs."""
        return self._process is not None

    def start(self) -> None:
        """Collect, each source by its own rhythm; beside another collector, wait for its end."""
        self._wanted = True
        self._look()

    def collect_now(self) -> None:
        """Ask every source at once; where another window collects, ask it to."""
        if not self._wanted or self._process is None:
            self._wanted = True
            self._looks = 0
            self._look()
        if self._process is not None:
            self._process.write(b"now\n")
            self.state.emit("正在采集")
        elif self._beside:
            try:
                data.ask_round(self._operations.folder)
                self.state.emit("已请另一个窗口采集")
            except StoreError as error:
                self.state.emit(str(error))

    def stop(self) -> None:
        """End collecting, as the window closes: it hears that nobody listens, and ends by itself."""
        self._again.stop()
        self._watch.stop()
        wanted, self._wanted = self._wanted, False
        if wanted and self._process is not None:
            self._process.finished.disconnect(self._ended)
            self._process.closeWriteChannel()

    def finish(self, seconds: float) -> None:
        """After `stop`: wait until it has ended, and end it with its helpers where it does not."""
        process, self._process = self._process, None
        if process is not None and not process.waitForFinished(max(1, int(seconds * 1000))):
            _kill(process.processId())
            process.waitForFinished(1000)

    def _look(self) -> None:
        if not self._wanted or self._process is not None:
            return
        try:
            held = data.collector_running(self._operations.folder)
        except StoreError as error:
            self._wait(f"{error}")
            return
        if held:
            self._stand_by()
        else:
            self._run()

    def _stand_by(self) -> None:
        """Another collects: show what it collects, and look again with growing patience."""
        if not self._beside:
            self._beside, self._looks, self._seen = True, 0, None
            self._watch.start(WATCH_MS)
            self._read_rounds()
        self.state.emit("另一个窗口在采集")
        self._again.start(LOOK[min(self._looks, len(LOOK) - 1)] * 1000)
        self._looks += 1

    def _run(self) -> None:
        self._beside = False
        self._watch.stop()
        self._again.stop()
        self._said, self._started_at = "", time.monotonic()
        process = self._process = QProcess(self)
        process.readyReadStandardOutput.connect(self._read)
        process.readyReadStandardError.connect(self._hear)
        process.finished.connect(self._ended)
        process.errorOccurred.connect(self._not_started)
        process.start(sys.executable, self._words())
        self.state.emit("正在采集")

    def _words(self) -> list[str]:
        known = self._operations
        words = [str(ROOT / "main.py"), "--data", str(known.folder), "--json"]
        if known.url:
            words += ["--database", known.url]
        if known.clock.start is not None:
            words += ["--now", known.clock.now().isoformat(), "--speed", str(known.clock.speed)]
        return [*words, "collect", "--watch", "--attended", "--every", str(self._every)]

    def _read(self) -> None:
        process = self._process
        while process is not None and process.canReadLine():
            line = bytes(process.readLine().data()).decode("utf-8", "replace").strip()
            try:
                message: Any = json.loads(line)
            except ValueError:
                continue
            if isinstance(message, dict):
                self._take(message)

    def _take(self, message: dict[str, Any]) -> None:
        """A line that the collector wrote: of a source, of a whole round, or of a briefing that it made."""
        if message.get("total"):
            self._failures = 0
            placed, waiting = int(message.get("placed", 0)), int(message.get("waiting", 0))
            self.state.emit(f"正在整理 {placed} / {placed + waiting}" if waiting else "")
            at = parse_moment(message["at"]) if "at" in message else None
            self.rounds.emit(Round(int(message.get("new", 0)), int(message.get("failed", 0)), at))
        elif message.get("drafted"):
            self.drafted.emit(message["drafted"])

    def _hear(self) -> None:
        """Keep the end of what it complains about; all of it would fill the memory in the course of a shift."""
        if self._process is not None:
            said = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace")
            self._said = (self._said + said)[-SAID:]

    def _not_started(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:  # of which no end is told
            self._said = self._process.errorString() if self._process is not None else ""
            self._ended()

    def _ended(self) -> None:
        self._hear()
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()
        lines = [line.strip() for line in self._said.splitlines() if line.strip()]
        if time.monotonic() - self._started_at >= STEADY:
            self._failures = 0
        with suppress(StoreError):
            if data.collector_running(self._operations.folder):  # somebody was faster
                self._stand_by()
                return
        self._wait(f"采集停了：{lines[-1] if lines else '原因不明，详情在 wenying.log 里'}")

    def _wait(self, said: str) -> None:
        """Try again later, and later still after each failure."""
        seconds = RETRY[min(self._failures, len(RETRY) - 1)]
        self._failures += 1
        after = (
            f"{seconds} 秒"
            if seconds < 60
            else f"{seconds // 60} 分钟" + (f" {seconds % 60} 秒" if seconds % 60 else "")
        )
        self.state.emit(f"{said.rstrip('。')}，{after}后重试（F5 立即重试）")
        self._again.start(seconds * 1000)

    def _read_rounds(self) -> None:
        self._operations.read(last_round, self._show_round)

    def _show_round(self, last: LastRound | None) -> None:
        if last is None or not self._beside:
            return
        if last.count != self._seen:
            self._seen = last.count
            self.rounds.emit(Round(last.new, last.failed, last.at))
            self.state.emit("另一个窗口在采集")


def _kill(pid: int) -> None:
    """End a process and all that it started."""
    import psutil

    with suppress(psutil.Error):
        whole = psutil.Process(pid)
        for one in [*whole.children(recursive=True), whole]:
            with suppress(psutil.Error):
                one.kill()
