"""Fields that keep what is typed: what is read anew from the store goes only where nobody has changed anything."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QDateEdit,
    QDoubleSpinBox,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QTimeEdit,
    QWidget,
)

from gui.kit.moments import day_of, set_day, set_time, time_of
from gui.kit.parts import button, label, row

MOST_SHOWN = 40  # letters of a value in the note


class Form(QObject):
    """Named fields with what is stored of each; a field is unsaved while it says something else.

    `show` brings what is stored. A field that is unsaved stays as it is; where the store meanwhile says something new
    of it, the note names it, and its button takes the new value. `saved` tells what was stored on purpose.
    """

    changed = Signal()  # what is unsaved may be another

    def __init__(self, parent: QWidget, fields: Mapping[str, QWidget]) -> None:
        super().__init__(parent)
        self.fields = dict(fields)
        self._stored = {name: read(field) for name, field in fields.items()}
        self._elsewhere: dict[str, Any] = {}
        self._settling: set[str] = set()  # just saved; the store may say it a little differently
        self._said = label("", "secondary", True)
        self._said.setAccessibleName("别处的改动")
        self._take = button("用新的", self.take_new, tip="放弃这里没保存的，用别处改过的")
        self.note = QWidget()
        beside = row(self._said, self._take, None)
        beside.setContentsMargins(0, 0, 0, 0)
        self.note.setLayout(beside)
        self.note.hide()
        for field in fields.values():
            signal_of(field).connect(lambda *_: self._look())

    @property
    def unsaved(self) -> set[str]:
        """The fields that say something else than what is stored."""
        return {name for name, field in self.fields.items() if read(field) != self._stored[name]}

    def typed(self) -> dict[str, Any]:
        """What is unsaved, to be put back later."""
        return {name: read(self.fields[name]) for name in self.unsaved}

    def put(self, typed: Mapping[str, Any]) -> None:
        """Type again what was unsaved before."""
        for name, value in typed.items():
            write(self.fields[name], value)

    def values(self) -> dict[str, Any]:
        """What the fields say."""
        return {name: read(field) for name, field in self.fields.items()}

    def show(self, stored: Mapping[str, Any]) -> None:
        """Bring what is stored; what is unsaved stays."""
        unsaved = self.unsaved
        for name, value in stored.items():
            field = self.fields[name]
            if name not in unsaved:
                write(field, value)
                self._stored[name] = read(field)  # as the field says it
                self._elsewhere.pop(name, None)
            elif value != self._stored[name]:
                self._stored[name] = value
                if name not in self._settling and value != read(field):
                    self._elsewhere[name] = value
        self._settling -= set(stored)
        self._look()

    def saved(self, sent: Mapping[str, Any]) -> None:
        """What was sent is stored now; whatever was typed since is unsaved."""
        for name, value in sent.items():
            self._stored[name] = value
            self._elsewhere.pop(name, None)
            self._settling.add(name)
        self._look()

    def take_new(self) -> None:
        """Give up what is unsaved where the store says something new."""
        for name, value in dict(self._elsewhere).items():
            write(self.fields[name], value)
            self._stored[name] = read(self.fields[name])
        self._elsewhere.clear()
        self._look()

    def start_anew(self, stored: Mapping[str, Any]) -> None:
        """Show another thing: nothing of what stood here is kept."""
        for name, value in stored.items():
            write(self.fields[name], value)
            self._stored[name] = read(self.fields[name])
        self._elsewhere.clear()
        self._look()

    def _look(self) -> None:
        for name in [name for name, value in self._elsewhere.items() if read(self.fields[name]) == value]:
            del self._elsewhere[name]
        others = "；".join(
            f"“{self.fields[name].accessibleName() or name}”在别处改成了“{_short(value)}”"
            for name, value in self._elsewhere.items()
        )
        self._said.setText(f"{others}。这里没保存的还在，保存就以这里为准。" if others else "")
        self.note.setVisible(bool(others))
        self.changed.emit()


class Choices(QObject):
    """One text for each choice of a list: what is typed for one stays while others are looked at and read anew."""

    changed = Signal()

    def __init__(self, choice: QComboBox, text: QPlainTextEdit) -> None:
        super().__init__(text)
        self.choice, self.text = choice, text
        self._stored: dict[Any, str] = {}
        self._typed: dict[Any, str] = {}
        self._key = choice.currentData()
        self.note = label("", "secondary", True)
        self.note.hide()
        choice.currentIndexChanged.connect(lambda _: self._turn())
        text.textChanged.connect(self._type)

    @property
    def unsaved(self) -> set[Any]:
        """The choices whose text is not stored."""
        return set(self._typed)

    def show(self, stored: Mapping[Any, str]) -> None:
        """Bring what is stored of each; what is unsaved stays."""
        elsewhere = [key for key in self._typed if stored.get(key, "") != self._stored.get(key, "")]
        self._stored = dict(stored)
        self._typed = {key: text for key, text in self._typed.items() if text != self._stored.get(key, "")}
        self._fill()
        self._look([key for key in elsewhere if key in self._typed])

    def saved(self, key: Any, text: str) -> None:
        """A text is stored now."""
        self._stored[key] = text
        if self._typed.get(key) == text:
            del self._typed[key]
        self._look()

    def _turn(self) -> None:
        self._key = self.choice.currentData()
        self._fill()

    def _type(self) -> None:
        text = self.text.toPlainText()
        if text == self._stored.get(self._key, ""):
            self._typed.pop(self._key, None)
        else:
            self._typed[self._key] = text
        self._look()

    def _fill(self) -> None:
        wanted = self._typed.get(self._key, self._stored.get(self._key, ""))
        if self.text.toPlainText() != wanted:
            self.text.setPlainText(wanted)

    def _look(self, elsewhere: list[Any] | None = None) -> None:
        names = [self.choice.itemText(i) for i in range(self.choice.count()) if self.choice.itemData(i) in self._typed]
        note = f"还没有保存：{'、'.join(names)}。" if names else ""
        if elsewhere:
            note += "其中有的在别处也改过，保存就以这里为准。"
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self.changed.emit()


def read(field: QWidget) -> Any:
    """What a field says."""
    if isinstance(field, QPlainTextEdit):
        return field.toPlainText()
    if isinstance(field, QLineEdit):
        return field.text()
    if isinstance(field, QAbstractButton):
        return field.isChecked()
    if isinstance(field, QComboBox):
        return field.currentText() if (chosen := field.currentData()) is None else chosen
    if isinstance(field, QDateEdit):
        return day_of(field)
    if isinstance(field, QTimeEdit):
        return time_of(field)
    if isinstance(field, (QSpinBox, QDoubleSpinBox)):
        return field.value()
    raise TypeError(type(field).__name__)


def write(field: QWidget, value: Any) -> None:
    """Have a field say something; nothing moves in one that says it already."""
    if read(field) == value:
        return
    if isinstance(field, QPlainTextEdit):
        field.setPlainText(value)
    elif isinstance(field, QLineEdit):
        field.setText(value)
    elif isinstance(field, QAbstractButton):
        field.setChecked(value)
    elif isinstance(field, QComboBox):
        field.setCurrentText(value) if (at := field.findData(value)) < 0 else field.setCurrentIndex(at)
    elif isinstance(field, QDateEdit) and isinstance(value, date):
        set_day(field, value)
    elif isinstance(field, QTimeEdit) and isinstance(value, time):
        set_time(field, value)
    elif isinstance(field, (QSpinBox, QDoubleSpinBox)):
        field.setValue(value)


def signal_of(field: QWidget) -> Any:
    """The signal that says that a field was changed."""
    if isinstance(field, (QPlainTextEdit, QLineEdit)):
        return field.textChanged
    if isinstance(field, QAbstractButton):
        return field.toggled
    if isinstance(field, QComboBox):
        return field.currentTextChanged
    if isinstance(field, QDateEdit):
        return field.dateChanged
    if isinstance(field, QTimeEdit):
        return field.timeChanged
    if isinstance(field, (QSpinBox, QDoubleSpinBox)):
        return field.valueChanged
    raise TypeError(type(field).__name__)


def _short(value: Any) -> str:
    text = {True: "选中", False: "不选"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    text = f"{value:%H:%M}" if isinstance(value, time) else text.replace("\n", " ")
    return text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 1] + "…"
