"""What every page of the window has in common."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QWidget

from gui.kit.form import Choices, Form
from gui.kit.frame import Frame
from gui.kit.parts import Table, all_in
from gui.operations import Operations


class Page(QWidget):
    """A page: its title, what it shows, and how it reads itself anew."""

    title: ClassVar[str] = ""
    shows: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, operations: Operations, frame: Frame, memory: QSettings) -> None:
        super().__init__()
        self.operations, self.frame, self.memory = operations, frame, memory
        self.stale = True
        self.setObjectName(type(self).__name__)
        self.build()
        for table in all_in(self, Table):
            if isinstance(kept := memory.value(self._name_of(table)), QByteArray):
                table.remember(kept)

    def build(self) -> None:
        """Make the widgets; no store is open yet."""

    def keep(self) -> None:
        """Keep for the next time how the tables were set."""
        for table in all_in(self, Table):
            self.memory.setValue(self._name_of(table), table.remembered())

    def _name_of(self, table: Table) -> str:
        """By the widths it is made with: where a later version makes a column wider, what was kept would cut it again."""
        widths = "-".join(str(column.width) for column in table.rows_model.columns)
        return f"columns/{type(self).__name__}/{table.accessibleName()}/{widths}"

    def refresh(self) -> None:
        """Read what the page shows."""

    def unsaved(self) -> str:
        """What was typed here and would be lost when the window closes, in a few words; empty for nothing."""
        kept: list[Form | Choices] = [*all_in(self, Form), *all_in(self, Choices)]
        return f"“{self.title}”里改过的内容" if any(each.unsaved for each in kept) else ""

    def tick(self) -> None:
        """Once a second while the page is in view: what counts down is drawn anew."""

    def show_item(self, id: int) -> None:
        """Bring one thing into view."""

    @property
    def person(self) -> str:
        """The name of whoever sits at the window now."""
        return self.frame.person

    def now(self) -> datetime:
        """The moment by the window's clock."""
        return self.operations.clock.now()
