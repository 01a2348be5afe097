"""Looking for garbage on the window's own thread: what belongs to Qt must not be let go of on another.

Python looks for cycles on whichever thread happens to make the next object. A widget that is found on a worker's is
destroyed there, under the window's feet, and the process ends with a segmentation fault. So Python's own looking is
off while there are workers, and a timer of the window does it.
"""

from __future__ import annotations

import gc
import time

from PySide6.QtCore import QObject, QTimer

EVERY = 1000  # milliseconds
SELDOM = 300.0  # seconds between two looks through everything, which can be felt


class Garbage(QObject):
    """Looks as often as Python would, by the same counts, but never through everything at once in quick succession."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._all_looked_at = time.monotonic()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(EVERY)

    def look(self) -> None:
        """Look through what was made since the last time, and through older things when their turn has come."""
        young, middle, old = (count > most for count, most in zip(gc.get_count(), gc.get_threshold()))
        if not young:
            return
        if middle and old and time.monotonic() - self._all_looked_at > SELDOM:
            gc.collect()
            self._all_looked_at = time.monotonic()
        else:
            gc.collect(1 if middle else 0)
