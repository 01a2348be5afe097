"""The collector process: started by the window, watched, and started again if it dies."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from domain.times import Clock

RESTART_MS = 5_000
ROOT = Path(__file__).resolve().parent.parent


class CollectorProcess(QObject):
    """`rounds` carries the total line of each round; `state` a short word for the strip."""

    rounds = Signal(dict)
    drafted = Signal(str)  # the file of a briefing that was made at its hour
    state = Signal(str)

    def __init__(self, folder: Path, url: str | None, clock: Clock, every: float) -> None:
        super().__init__()
        self._folder, self._url, self._clock, self._every = folder, url, clock, every
        self._process: QProcess | None = None
        self._wanted = False

    def start(self) -> None:
        """Start collecting, each source by its own rhythm."""
        self._wanted = True
        if self._process is not None:
            return
        words = [str(ROOT / "main.py"), "--data", str(self._folder), "--json"]
        if self._url:
            words += ["--database", self._url]
        if self._clock.start is not None:
            words += ["--now", self._clock.now().isoformat(), "--speed", str(self._clock.speed)]
        words += ["collect", "--watch", "--attended", "--every", str(self._every)]
        self._process = QProcess(self)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._ended)
        self._process.start(sys.executable, words)
        self.state.emit("正在采集")

    def collect_now(self) -> None:
        """Ask every source at once."""
        self.start()
        if self._process is not None:
            self._process.write(b"now\n")
            self.state.emit("正在采集")

    def stop(self) -> None:
        """End collecting, as the window closes."""
        self._wanted = False
        if self._process is not None:
            self._process.finished.disconnect(self._ended)
            self._process.kill()
            self._process.waitForFinished(2000)
            self._process = None

    def _read(self) -> None:
        process = self._process
        while process is not None and process.canReadLine():
            line = bytes(process.readLine().data()).decode("utf-8", "replace").strip()
            try:
                told = json.loads(line)
            except ValueError:
                continue
            if told.get("total"):
                self.rounds.emit(told)
            elif told.get("drafted"):
                self.drafted.emit(told["drafted"])

    def _ended(self) -> None:
        process, self._process = self._process, None
        said = bytes(process.readAllStandardError().data()).decode("utf-8", "replace") if process else ""
        lines = [line for line in said.strip().splitlines() if line]
        self.state.emit(f"采集停了：{lines[-1] if lines else '原因不明'}，5 秒后重试")
        QTimer.singleShot(RESTART_MS, lambda: self._wanted and self._process is None and self.start())
