"""Signing in: who sits at this window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox, QDialog, QFormLayout, QLineEdit, QWidget

from desk import people
from domain.person import Person
from gui.operations import Operations
from gui.widgets.parts import button, label


class SignIn(QDialog):
    """Name and password; `then` gets the person. Closing it without signing in closes nothing else."""

    def __init__(
        self, parent: QWidget, operations: Operations, known: list[Person], then: Callable[[Person], None]
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("登录")
        self.setMinimumWidth(360)
        self.operations, self._then = operations, then
        self.name, self.password, self.fault = QComboBox(), QLineEdit(), label("", "secondary", True)
        self.name.setEditable(True)
        self.name.addItems([person.name for person in known if person.active])
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        form = QFormLayout(self)
        form.setSpacing(12)
        form.addRow("姓名", self.name)
        form.addRow("密码", self.password)
        form.addRow(self.fault)
        form.addRow(button("登录", self._try, True))
        self.password.returnPressed.connect(self._try)
        operations.failed.connect(self.fault.setText)

    def _try(self) -> None:
        name, password = self.name.currentText(), self.password.text()
        self.password.clear()

        def done(person: Person) -> None:
            self._then(person)
            self.accept()

        self.operations.run(lambda database: people.sign_in(database, name, password), done)
