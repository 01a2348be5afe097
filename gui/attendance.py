"""Who sits at this window: recognised by the computer's account, signed in, and asked again after a while."""

from __future__ import annotations

import getpass
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QApplication, QWidget

from domain.person import Person
from domain.times import china_day
from gui.operations import Operations

if TYPE_CHECKING:
    from desk.data import Database

LOCKED_AFTER = 15 * 60  # seconds without a key or click, once people are set up
GIVEN = "WENYING_PERSON"  # the variable of the environment that names whoever sits here
_TOUCHES = (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel)


@dataclass(frozen=True, slots=True)
class _Known:
    """Who works here, whom the computer's account belongs to, and who is on duty today by the roster."""

    people: list[Person]
    bound: Person | None
    duty: str


class Attendance(QObject):
    """`changed` tells the name of whoever sits here now; `leaving` that somebody must sign in first."""

    changed = Signal(str)
    leaving = Signal()
    on_duty = Signal(str)

    def __init__(self, window: QWidget, operations: Operations) -> None:
        super().__init__(window)
        self._window, self._operations = window, operations
        self.name = os.environ.get(GIVEN) or getpass.getuser()
        self.people: list[Person] = []
        self._touched_at = time.monotonic()
        # On the windows that keys and clicks come to, not on the application: that would be asked of every event.
        if isinstance(app := QApplication.instance(), QApplication):
            app.focusWindowChanged.connect(self._watch)
            self._watch(app.focusWindow())

    @property
    def people_set_up(self) -> bool:
        """Whether there is anybody to sign in as."""
        return any(person.active for person in self.people)

    @property
    def away(self) -> bool:
        """Whether nobody has touched anything for so long that somebody must sign in anew."""
        return time.monotonic() - self._touched_at > LOCKED_AFTER and self.people_set_up

    def recognise(self) -> None:
        """By the computer's account where it is bound, else by signing in, once people are set up."""
        from desk.office import handover, people

        account, today = getpass.getuser(), str(china_day(self._operations.clock.now()))

        def read(database: Database) -> _Known:
            duty = handover.on_duty(handover.roster(database), today)
            return _Known(people.everyone(database), people.of_account(database, account), duty)

        self._operations.read(read, self._recognised)

    def sign_in(self) -> bool:
        """Have somebody sign in; False without people set up, for then there is nobody to be."""
        from gui.office.signin import SignIn

        if not self.people_set_up:
            return False
        self.leaving.emit()
        self.signing = SignIn(self._window, self._operations, self.people, self._be)
        self.signing.open()
        return True

    def _watch(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note that somebody is here, for locking after a while."""
        if event.type() in _TOUCHES:
            self._touched_at = time.monotonic()
        return super().eventFilter(watched, event)

    def _recognised(self, known: _Known) -> None:
        self.on_duty.emit(known.duty)
        self.people = known.people
        if known.bound is not None:
            self._be(known.bound)
        elif self.people_set_up and GIVEN not in os.environ:
            self.sign_in()

    def _be(self, person: Person) -> None:
        """Go on as this person."""
        self.name = person.name
        self._touched_at = time.monotonic()
        self.changed.emit(self.name)
