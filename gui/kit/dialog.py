"""Dialogs and menus that leave nothing behind: once they are answered, they go with everything in them.

A dialog belongs to the page it stands over, which lives as long as the window does: without this each one that was
ever opened would stay in memory, and be dressed anew whenever the look changes.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDialog,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QWidget,
)

from gui.kit.asking import agreed
from gui.kit.parts import all_in

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Dialog(QDialog):
    """A dialog that is let go of once it is answered or closed.

    It opens with the keyboard in its first field, so that what is typed at once goes there and a blank presses nothing.
    What was filled in since it opened is not given up before somebody says so.
    """

    _kept: Sequence[str] = ()

    def open(self) -> None:
        """Open beside the page's own doings."""
        self.finished.connect(self.deleteLater)
        self.keep()
        super().open()

    def exec(self) -> int:
        """Wait for the answer; the fields can be read until whoever asked returns to the event loop."""
        self.keep()
        # Not on `finished`: it could be gone before exec returns, which is then taken for a refusal.
        code: int = super().exec()
        self.deleteLater()
        return code

    def inputs(self) -> list[QWidget]:
        """The fields that can be filled in, from the top left on; not those of a dialog over this one."""
        return sorted(self._inputs(), key=lambda field: (lambda at: (at.y(), at.x()))(field.mapTo(self, QPoint(0, 0))))

    def _inputs(self) -> list[QWidget]:
        kinds = (QLineEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox)
        return [
            field
            for kind in kinds
            for field in all_in(self, kind)
            if field.window() is self
            and not isinstance(field.parentWidget(), (QComboBox, QAbstractSpinBox))
            and not (isinstance(field, (QLineEdit, QPlainTextEdit)) and field.isReadOnly())
        ]

    def keep(self) -> None:
        """What stands in the fields now is nobody's to lose: the program put it there, or it is stored."""
        self._kept = self._typed()

    def unsaved(self) -> bool:
        """Whether something was filled in that would be lost."""
        return self.isVisible() and self._typed() != self._kept

    def reject(self) -> None:
        """Esc and the closing button: what was filled in is given up only when somebody says so."""
        if not self.unsaved() or agreed(self, "还没有保存", "已经填写的内容还没有保存，放弃吗？", "放弃", "继续填写"):
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.reject()

    def _typed(self) -> list[str]:
        boxes = [box for box in all_in(self, QCheckBox) if box.window() is self]
        return [said_in(field) for field in self._inputs()] + [str(box.isChecked()) for box in boxes]

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous() and (
            first := next((field for field in self.inputs() if field.isEnabled() and field.isVisibleTo(self)), None)
        ):
            first.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter on a button presses that one, and never another."""
        pressed = self.focusWidget()
        if event.key() in ENTER and isinstance(pressed, QAbstractButton):
            pressed.click()
        else:
            super().keyPressEvent(event)


def said_in(field: QWidget) -> str:
    """What a field says, as text."""
    if isinstance(field, QPlainTextEdit):
        return field.toPlainText()
    if isinstance(field, QComboBox):
        return field.currentText()
    assert isinstance(field, (QLineEdit, QAbstractSpinBox))
    return field.text()


def pop_up(menu: QMenu, place: QPoint) -> None:
    """Show a menu at a place of the screen until something was chosen."""
    menu.exec(place)
    menu.deleteLater()
