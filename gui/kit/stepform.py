"""The form in which a step is told what it needs: it stays, with what was typed, until the step was taken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateTimeEdit,
    QDialog,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from domain.errors import WenyingError
from gui.kit.dialog import ENTER, Dialog
from gui.kit.faults import Faults
from gui.kit.moments import moment_of, set_moment
from gui.kit.parts import Scrolled, button, label, row
from gui.kit.plain import heading
from gui.operations import Operations, Refusal

FOLLOWED = 1_000  # milliseconds from one look at the clock to the next
FRAME = 64  # pixels that a title bar and a task bar may take
Given = dict[str, Any]
Field = TypeVar("Field", bound=QWidget)


class StepForm(Dialog):
    """Named fields under each other, 确定 and 取消.

    A refusal is shown beside the field that it names, else above the buttons, and changes nothing of what was typed;
    the form closes when the step was taken, or when it is given up.
    """

    def __init__(self, parent: QWidget, title: str, note: str = "", yes: str = "确定") -> None:
        super().__init__(parent)
        self.setWindowTitle(heading(title))
        self.setMinimumWidth(520)
        self._readers: dict[str, Callable[[], Any]] = {}
        self._needed: dict[str, str] = {}
        self.faults = Faults()
        self._take: Callable[[Given], None] | None = None
        self._followed: list[Callable[[], None]] = []
        self.fields = QFormLayout()
        self.fields.setSpacing(12)
        self.yes: QPushButton = button(yes, self._agree, True, "Ctrl+Enter")
        self.yes.setDefault(True)
        self.no = button("取消", lambda: self.done(QDialog.DialogCode.Rejected))
        whole = QVBoxLayout(self)
        whole.setSpacing(12)
        if note:
            whole.addWidget(label(note, "secondary", True))
        whole.addLayout(self.fields)
        whole.addWidget(self.faults.foot)
        whole.addLayout(row(None, self.no, self.yes))

    def add(
        self,
        key: str,
        name: str,
        field: Field,
        read: Callable[[], Any] | None = None,
        needed: str = "",
        holder: Any = None,
    ) -> Field:
        """A field; `key` is what its value is given as, `needed` the sentence for when it was left empty."""
        self.fields.addRow(name, self.faults.beside(key, name, field, holder))
        self._readers[key] = read or (lambda: value_of(field))
        if needed:
            self._needed[key] = needed
        return field

    def show_table(self, table: QWidget) -> None:
        """A list or a text that the step is about, to be read here."""
        self.fields.addRow(table)

    def follow(self, field: QDateTimeEdit, clock: Callable[[], datetime]) -> None:
        """Let a field go with the clock until somebody says another moment."""
        shown = moment_of(field)

        def go_on() -> None:
            nonlocal shown
            if moment_of(field) != shown:
                timer.stop()
                return
            unsaved = self.unsaved()
            set_moment(field, clock())
            shown = moment_of(field)
            if not unsaved:
                self.keep()

        timer = QTimer(self)
        timer.timeout.connect(go_on)
        timer.start(FOLLOWED)
        self._followed.append(go_on)

    def also(self, key: str, read: Callable[[], Any]) -> None:
        """A value that another widget of the form holds."""
        self._readers[key] = read

    def given(self) -> Given:
        """What the fields say. Raises WenyingError with the field's key, where one makes no sense."""
        values: Given = {}
        for key, read in self._readers.items():
            try:
                values[key] = read()
            except WenyingError as error:
                error.field = error.field or key
                raise
        return values

    def ask(self, take: Callable[[Given], None]) -> None:
        """Open; `take` gets what was given, each time it is agreed to, and answers with `taken` or `refuse`."""
        self._take = take
        self._fit()
        self.open()

    def _fit(self) -> None:
        """Where the screen is too low for all fields, they scroll, and the buttons stay in view."""
        room = self.screen().availableGeometry().height() - FRAME
        if self.sizeHint().height() <= room:
            return
        whole, held = self.layout(), QWidget()
        assert isinstance(whole, QVBoxLayout)
        at = whole.indexOf(self.fields)
        whole.removeItem(self.fields)
        held.setLayout(self.fields)
        scrolled = Scrolled(held)
        whole.insertWidget(at, scrolled, 1)
        self.faults.shown_in(scrolled)
        self.resize(max(self.minimumWidth(), scrolled.minimumSizeHint().width()), room)

    def submit(
        self,
        operations: Operations,
        verb: Callable[[Any, Given], Any],
        then: Callable[[Any], None] | None = None,
        changes: frozenset[str] = frozenset(),
    ) -> None:
        """Open, and take a step of the desk with what was given."""

        def take(given: Given) -> None:
            def done(result: Any) -> None:
                self.taken()
                if then:
                    then(result)

            operations.run(lambda database: verb(database, given), done, changes, failed=self.refuse)

        self.ask(take)

    def taken(self, _: object = None) -> None:
        """The step was taken: nothing more to ask."""
        self.done(QDialog.DialogCode.Accepted)

    def refuse(self, said: str) -> None:
        """Say why the step was not taken; everything stays as it was typed."""
        self._working(False)
        self.faults.show(said)

    def reject(self) -> None:
        """Esc: not while the step is taken."""
        if self.no.isEnabled():
            super().reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter agrees from any field; Enter alone does, once something was filled in that it can agree to."""
        if event.key() in ENTER and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._agree()
        elif event.key() in ENTER and not self.unsaved() and not isinstance(self.focusWidget(), QPushButton):
            event.accept()
        else:
            super().keyPressEvent(event)

    def _agree(self) -> None:
        if self._take is None or not self.yes.isEnabled():
            return
        self.faults.clear()
        for go_on in self._followed:
            go_on()
        try:
            given = self.given()
        except WenyingError as error:
            self.refuse(Refusal.of(error))
            return
        for key, sentence in self._needed.items():
            if not given[key]:
                self.refuse(Refusal.at(key, sentence))
                return
        self._working(True)
        self._take(given)

    def _working(self, on: bool) -> None:
        """While the step is taken, the form can neither be agreed to again nor left."""
        self.yes.setEnabled(not on)
        self.no.setEnabled(not on)


def value_of(field: QWidget) -> Any:
    """What a field says: text without the blanks around it, the chosen datum, the moment in China's time."""
    if isinstance(field, QLineEdit):
        return field.text().strip()
    if isinstance(field, QPlainTextEdit):
        return field.toPlainText().strip()
    if isinstance(field, QComboBox):
        return field.currentText().strip() if field.isEditable() else field.currentData()
    if isinstance(field, QCheckBox):
        return field.isChecked()
    assert isinstance(field, QDateTimeEdit)
    return moment_of(field)


def words_form(parent: QWidget, title: str, name: str, key: str, text: str = "", note: str = "") -> StepForm:
    """A form of one text, that must be given."""
    form = StepForm(parent, title, note)
    form.add(key, name, QPlainTextEdit(text), needed=f"请填写{name}。")
    return form


def line_form(parent: QWidget, title: str, name: str, key: str, text: str = "", note: str = "") -> StepForm:
    """A form of one line, that must be given."""
    form = StepForm(parent, title, note)
    form.add(key, name, QLineEdit(text), needed=f"请填写{name}。")
    return form


def choice_form(
    parent: QWidget, title: str, name: str, key: str, choices: list[tuple[str, Any]], note: str = ""
) -> StepForm:
    """A form in which one of some things is chosen."""
    form = StepForm(parent, title, note)
    box = QComboBox()
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    for text, datum in choices:
        box.addItem(text, datum)
    form.add(key, name, box, needed=f"没有可以选的{name}。")
    return form
