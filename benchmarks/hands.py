"""Hands at a window: clicks, keys, the wheel and waiting, step by step between the window's own events.

What is done is a generator that yields how long to wait, or what to wait for. Whatever may open a dialog that waits
for its answer is pressed from the event loop, so that the next step can answer it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QInputMethodEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QMessageBox, QPushButton, QTableView, QTabWidget, QWidget

from gui.kit.stepform import StepForm

Step = float | Callable[[], object]
Steps = Iterator[Step]
PATIENCE = 60.0  # seconds that something is waited for
LOOK_MS = 15


class InVain(Exception):
    """What was waited for did not come."""


class Hands:
    """Goes through steps; `done` is called at their end."""

    def __init__(self, steps: Steps, done: Callable[[], None]) -> None:
        self._steps, self._done = steps, done
        self._for: Callable[[], object] | None = None
        self._until = 0.0

    def go(self) -> None:
        """Take the next step when its time has come."""
        fault: Exception | None = None
        if self._for is not None and not self._for():
            if time.monotonic() < self._until:
                QTimer.singleShot(LOOK_MS, self.go)
                return
            fault = InVain("waited in vain")
        self._for = None
        try:
            step = self._steps.throw(fault) if fault else next(self._steps)  # type: ignore[attr-defined]
        except StopIteration:
            self._done()
            return
        if isinstance(step, float | int):
            QTimer.singleShot(int(step * 1000), self.go)
            return
        self._for, self._until = step, time.monotonic() + PATIENCE
        QTimer.singleShot(LOOK_MS, self.go)


def later(act: Callable[[], object]) -> None:
    """From the event loop: what it opens may wait for an answer."""
    QTimer.singleShot(0, lambda: act())


def click(widget: QWidget, place: QPoint | None = None) -> None:
    """A click in the middle of a widget, or at a place in it."""
    at = place or widget.rect().center()
    later(lambda: QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at))


def ask_menu(widget: QWidget) -> None:
    """What the system sends for a click with the right button."""
    middle = widget.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, middle, widget.mapToGlobal(middle))
    later(lambda: QApplication.sendEvent(widget, event))


def offered(parent: QWidget, text: str) -> QPushButton | None:
    """The button that says so, where it is in view and can be pressed."""
    buttons: Iterable[QPushButton] = parent.findChildren(QPushButton)
    return next((one for one in buttons if one.text() == text and one.isVisible() and one.isEnabled()), None)


def press(parent: QWidget, text: str) -> None:
    """Press the button that says so; it must be in view."""
    if (found := offered(parent, text)) is None:
        raise InVain(f"no button {text}")
    click(found)


def answer(dialog: QWidget, yes: bool) -> None:
    """Agree to a form, or give it up with what was typed."""
    assert isinstance(dialog, StepForm)
    click(dialog.yes if yes else dialog.no)


def key(widget: QWidget, code: Qt.Key, *held: Qt.KeyboardModifier) -> None:
    """A key, with others held."""
    modifiers = Qt.KeyboardModifier.NoModifier
    for one in held:
        modifiers |= one
    later(lambda: QTest.keyClick(widget, code, modifiers))


def write(field: QWidget, text: str) -> None:
    """Type: Latin letters as keys, Chinese as an input method commits it."""
    field.setFocus()
    if text.isascii():
        QTest.keyClicks(field, text)
        return
    for word in (text[i : i + 4] for i in range(0, len(text), 4)):
        event = QInputMethodEvent("", [])
        event.setCommitString(word)
        QApplication.sendEvent(field, event)


def wheel(view: Any, by: int) -> None:
    """Turn the wheel over a view; negative goes down."""
    target = view.viewport()
    middle = QPointF(target.rect().center())
    buttons, held, phase = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(middle, target.mapToGlobal(middle), QPoint(0, 0), QPoint(0, by), buttons, held, phase, False)
    QApplication.sendEvent(target, event)


def choose(table: QTableView, row: int, twice: bool = False) -> bool:
    """Click a row of a table, or click it twice; False where there is none."""
    index = table.model().index(row, next(i for i in range(9) if not table.isColumnHidden(i)))
    if not index.isValid():
        return False
    table.scrollTo(index)
    place = table.visualRect(index).center()
    act = QTest.mouseDClick if twice else QTest.mouseClick
    later(lambda: act(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place))
    return True


def tab(tabs: QTabWidget, at: int) -> None:
    """Click a tab."""
    bar = tabs.tabBar()
    click(bar, bar.tabRect(at).center())


def pick(box: QComboBox, at: int) -> None:
    """Open a box, and choose by keys as people do."""
    box.setFocus()
    move = at - box.currentIndex()
    for _ in range(abs(move)):
        QTest.keyClick(box, Qt.Key.Key_Down if move > 0 else Qt.Key.Key_Up)


def modal() -> Any:
    """The dialog that waits for an answer."""
    return QApplication.activeModalWidget()


def popup() -> Any:
    """The menu, list or palette that is open over the window."""
    return QApplication.activePopupWidget()


def put_away() -> Steps:
    """Close whatever is open over the window."""
    for _ in range(8):
        open_now = popup() or modal()
        if open_now is None:
            return
        if isinstance(open_now, QMessageBox) and open_now.windowTitle() == "还没有保存":
            click(open_now.buttons()[0])  # what was typed is given up
        elif isinstance(open_now, StepForm):
            answer(open_now, False)  # closed in another way, it would ask about what was typed
        else:
            later(open_now.close)
        yield 0.1
