"""Loading what later pages need, a step at a time between the window's events.

What belongs to Qt is loaded on the window's own thread: PySide makes its classes when they are first asked for, and
two threads that ask at once crash the process.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import QObject, QTimer

from gui.pages import PageName, page_class

CHUNK = 25  # classes made in one step
PAUSE = 15  # milliseconds between steps


class Loading(QObject):
    """Goes through the steps while the window has nothing else to do."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._steps = _steps()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._step)

    def start(self) -> None:
        """Begin; it ends by itself."""
        self._timer.start(PAUSE)

    def stop(self) -> None:
        """Load no more, as the window closes."""
        self._timer.stop()

    def _step(self) -> None:
        if next(self._steps, "done") == "done":
            self._timer.stop()


def load_words() -> None:
    """What Ctrl+K finds names by: a table of phrases that takes half a second. Nothing of Qt; for a worker."""
    from pypinyin import lazy_pinyin

    lazy_pinyin("闻应")


def _steps() -> Iterator[str]:
    for page in PageName:
        page_class(page)
        yield page
    # pyqtgraph asks for every class of these when it is loaded; made beforehand, they are not all made at once.
    for module in (QtCore, QtGui, QtWidgets):
        names = dir(module)
        for start in range(0, len(names), CHUNK):
            for name in names[start : start + CHUNK]:
                getattr(module, name, None)
            yield module.__name__
    import_module("pyqtgraph")
    yield "pyqtgraph"
