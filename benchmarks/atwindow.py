"""The process of the window that soak.py watches: the window, an officer's hands at it, and what is counted at rest.

Usage: atwindow.py FOLDER TOLD NOW SPEED SECONDS PACE REST, for a shift; atwindow.py FOLDER TOLD NOW SPEED idle SECONDS,
for a window that is left alone.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psutil
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
from shiboken6 import Shiboken

from benchmarks.hands import Hands, Steps, modal
from benchmarks.shift import Shift
from benchmarks.steadiness import of_process
from domain.times import Clock, parse_moment
from gui.app import ended, opened
from gui.window import Window
from main import _log_to

BEAT_MS = 10  # how often the event loop is asked whether it goes on
STALL = 0.1  # seconds from which a gap is told
QUESTION_MS = 500  # until what the closing window asks is given up
SETTLED = 2.0  # seconds until what was asked for has come
FEWEST_LAPS = 4  # of which three are left after the warm-up, the fewest that show what only grows


class Beat:
    """Notices when the event loop stands still; switched off while nothing is to be measured but rest."""

    def __init__(self) -> None:
        self.longest, self.stalls = 0.0, 0
        self._last = 0.0
        self._timer = QTimer()
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        self._last = time.perf_counter()
        self._timer.start(BEAT_MS)

    def stop(self) -> None:
        self._timer.stop()

    def _beat(self) -> None:
        now = time.perf_counter()
        gap, self._last = now - self._last - BEAT_MS / 1000, now
        self.longest = max(self.longest, gap)
        self.stalls += gap > STALL


class Counting:
    """What is counted at rest, of the window's process and of its collector's."""

    def __init__(self, window: Window) -> None:
        self.window, self.began = window, time.monotonic()
        self.process = psutil.Process()
        self.collectors: set[int] = set()

    def collector(self) -> psutil.Process | None:
        """The collector's process as it is now; each that is met is noted."""
        running = [p for p in self.process.children() if "collect" in p.cmdline()]
        self.collectors |= {p.pid for p in running}
        return running[0] if running else None

    def sample(self) -> dict[str, Any]:
        """Everything, after what can be freed was freed."""
        gc.collect()
        wrappers = Shiboken.getAllValidWrappers()
        found: dict[str, Any] = {
            "at": time.monotonic() - self.began,
            "references_none": sys.getrefcount(None),
            "references_true": sys.getrefcount(True),
            "references_false": sys.getrefcount(False),
            "qt_objects": len(objects(self.window)),
            "qt_wrappers": len(wrappers),
            "timers": sum(isinstance(w, QTimer) and w.isActive() for w in wrappers),
            **of_process(self.process),
        }
        del wrappers
        collector = self.collector()
        if collector is not None:
            found |= {f"collector_{name}": value for name, value in of_process(collector).items()}
        return found


def objects(window: Window) -> list[QObject]:
    """All objects in the trees of the window, of the application and of whatever else stands on its own."""
    app = QApplication.instance()
    assert app is not None
    roots: list[QObject] = [window, app, *(w for w in QApplication.topLevelWidgets() if w.parent() is None)]
    return [one for root in set(roots) for one in (root, *root.findChildren(QObject))]


def cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def shift_of(
    window: Window, counting: Counting, told: dict[str, Any], into: Path, seconds: float, pace: float, rest: float
) -> Steps:
    """Laps until the time is over, with a rest and a count after each."""
    officer, beat = Shift(window, pace), Beat()
    told["faults"], told["lap"] = officer.faults, officer.seconds
    yield lambda: "总览" in window.pages
    yield SETTLED
    while time.monotonic() - counting.began < seconds or len(told["samples"]) < FEWEST_LAPS:
        beat.start()
        yield from officer.lap()
        beat.stop()
        yield min(SETTLED, rest)
        used, since = cpu(counting.process), time.monotonic()
        yield rest
        share = 100 * (cpu(counting.process) - used) / (time.monotonic() - since)
        told["samples"].append({**counting.sample(), "idle_percent": share})
        told["kinds"].append(Counter(one.metaObject().className() for one in objects(window)))
        told |= {"longest_stall_ms": round(1000 * beat.longest), "stalls": beat.stalls, "cases_worked": officer.worked}
        into.write_text(json.dumps(told, ensure_ascii=False), "utf-8")  # so that a crash leaves what was counted


def left_alone(window: Window, counting: Counting, told: dict[str, Any], _: Path, seconds: float) -> Steps:
    """CPU in per cent of a core, in front and minimised, half of the time each; the collector's beside it."""
    yield lambda: "总览" in window.pages
    yield max(SETTLED, seconds / 3)
    told["idle_percent"] = {}
    for name, change in (("in_front", window.showNormal), ("minimised", window.showMinimized)):
        change()
        yield min(SETTLED, seconds / 4)
        used, since = cpu(counting.process), time.monotonic()
        yield seconds / 2
        told["idle_percent"][name] = round(100 * (cpu(counting.process) - used) / (time.monotonic() - since), 2)
        counting.collector()


def given_up(told: dict[str, Any]) -> None:
    """A closing window that asks about what was typed is told that it may go; what stands open over it is put away."""
    if isinstance(question := modal(), QMessageBox):
        told["faults"].append(f"asked at the end: {question.text()}")
        question.buttons()[0].click()
    elif question is not None:
        told["faults"].append(f"open at the end: {question.windowTitle()}")
        question.close()


def main() -> None:
    folder, into, now, speed, *rest = sys.argv[1:]
    _log_to(Path(folder))
    app, window = opened(Path(folder), None, Clock.starting(parse_moment(now), float(speed)))
    counting = Counting(window)
    told: dict[str, Any] = {"samples": [], "faults": [], "kinds": []}

    questions = QTimer()
    questions.timeout.connect(lambda: given_up(told))

    def end() -> None:
        told["collector_restarts"] = max(0, len(counting.collectors) - 1)
        questions.start(QUESTION_MS)
        asked = time.perf_counter()
        window.close()
        told["closed_in_s"] = round(time.perf_counter() - asked, 3)
        Path(into).write_text(json.dumps(told, ensure_ascii=False), "utf-8")
        QTimer.singleShot(0, app.quit)

    steps: Callable[..., Steps] = left_alone if rest[0] == "idle" else shift_of
    given = [float(value) for value in rest if value != "idle"]
    hands = Hands(steps(window, counting, told, Path(into), *given), end)
    QTimer.singleShot(0, hands.go)
    sys.exit(ended(app.exec(), window))


if __name__ == "__main__":
    main()
