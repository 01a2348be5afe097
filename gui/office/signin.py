"""Signing in: who sits at this window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QWidget

from desk.office import people
from domain.person import Person
from gui.kit.dialog import Dialog
from gui.kit.parts import button, label
from gui.operations import Operations


class SignIn(Dialog):
    """Name and password; `then` gets the person. Closing it without signing in closes nothing else."""

    def __init__(
        self, parent: QWidget, operations: Operations, known: list[Person], then: Callable[[Person], None]
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("登录")
        self.setMinimumWidth(360)
        self.operations, self._then = operations, then
        self.name, self.password, self.fault = QComboBox(), QLineEdit(), label("", "fault", True)
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

    def unsaved(self) -> bool:
        """A password that was begun is no loss."""
        return False

    def _try(self) -> None:
        name, password = self.name.currentText(), self.password.text()
        self.fault.clear()

        def done(person: Person) -> None:
            self._then(person)
            self.accept()

        self.operations.run(
            lambda database: people.sign_in(database, name, password), done, network=True, failed=self._refuse
        )

    def _refuse(self, said: str) -> None:
        """Say it under the fields; the password stays, chosen, so that it can be put right or typed anew."""
        self.fault.setText(said)
        self.password.setFocus()
        self.password.selectAll()
