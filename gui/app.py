"""Starting the window."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QLocale, QTimer
from PySide6.QtWidgets import QApplication

from domain.times import Clock
from gui.operations import Operations
from gui.theme import apply_theme
from gui.window import EVERY_SECONDS, Window


def show(folder: Path, url: str | None, clock: Clock) -> int:
    """Open the window on a data folder until it is closed; the exit code."""
    app = QApplication(sys.argv[:1])
    app.setApplicationName("闻应")
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    apply_theme(app)
    # A drill's clock that runs fast is collected for more often.
    every = max(3.0, EVERY_SECONDS / max(1.0, clock.speed))
    window = Window(Operations(folder, url, clock), every=every)
    window.show()
    QTimer.singleShot(0, window.begin)
    return app.exec()
