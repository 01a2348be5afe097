"""Starting the window."""

from __future__ import annotations

import logging
import multiprocessing
import os
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from domain.times import Clock
from gui.kit.chinese import speak_chinese
from gui.kit.theme import apply_theme
from gui.operations import Operations
from gui.window import EVERY_SECONDS, Window

FINISH_SECONDS = 5.0  # after the window has gone: for the steps that were taken, and for the collector


def show(folder: Path, url: str | None, clock: Clock) -> int:
    """Open the window on a data folder until it is closed; the exit code."""
    app, window = opened(folder, url, clock)
    return ended(app.exec(), window)


def opened(folder: Path, url: str | None, clock: Clock, every: float | None = None) -> tuple[QApplication, Window]:
    """The application and its window, shown and about to begin; `every` so many seconds it collects."""
    app = QApplication(sys.argv[:1])
    app.setApplicationName("闻应")
    speak_chinese(app)
    apply_theme(app)
    # A drill's clock that runs fast is collected for more often.
    usual = max(3.0, EVERY_SECONDS / max(1.0, clock.speed))
    window = Window(Operations(folder, url, clock), every=every or usual)
    window.fit(window.screen().availableGeometry().size())
    window.show()
    QTimer.singleShot(0, window.begin)
    return app, window


def ended(code: int, window: Window) -> int:
    """Let what was taken as a step come to its end, after the window has gone; the exit code."""
    if window.finish(FINISH_SECONDS):
        return code
    # A reader that is deep in its own computing cannot be broken off, and would be cut down in the middle of Qt while
    # the interpreter ends. Nothing of it is wanted, so the process ends here; the store rolls back what was not done.
    logging.shutdown()
    for helper in multiprocessing.active_children():
        helper.kill()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    os._exit(code)
