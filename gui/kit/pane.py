"""The pane that shows in whole what is chosen in a list, and never one thing while another is chosen."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

LATE_MS = 150  # what comes sooner is shown without a flicker; what comes later leaves the pane empty until then


class Pane(QWidget):
    """Hidden while nothing is chosen. While what was chosen is read, nothing can be done in it."""

    def __init__(self) -> None:
        super().__init__()
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(LATE_MS)
        self._late.timeout.connect(lambda: self.setVisible(False))
        self.leave()

    def wait(self) -> None:
        """Something else was chosen, and is being read."""
        self.setEnabled(False)
        if self.isVisible():
            self._late.start()

    def ready(self) -> None:
        """What is chosen is what is shown."""
        self._late.stop()
        self.setEnabled(True)
        self.setVisible(True)

    def leave(self) -> None:
        """Nothing is chosen."""
        self._late.stop()
        self.setEnabled(False)
        self.setVisible(False)
