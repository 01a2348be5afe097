"""What every page of the window has in common."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QWidget

from gui.operations import Operations
from gui.widgets.parts import Table


class Page(QWidget):
    """A page: its title, what it shows, and how it reads itself anew."""

    title: ClassVar[str] = ""
    shows: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, operations: Operations, person: str, memory: QSettings) -> None:
        super().__init__()
        self.operations, self.person, self.memory = operations, person, memory
        self.stale = True
        self.setObjectName(type(self).__name__)
        self.build()
        for table in self.findChildren(Table):
            if isinstance(kept := memory.value(self._name_of(table)), QByteArray):
                table.remember(kept)

    def build(self) -> None:
        """Make the widgets; no store is open yet."""

    def keep(self) -> None:
        """Keep for the next time how the tables were set."""
        for table in self.findChildren(Table):
            self.memory.setValue(self._name_of(table), table.remembered())

    def _name_of(self, table: Table) -> str:
        return f"columns/{type(self).__name__}/{table.accessibleName()}/{len(table.rows_model.columns)}"

    def refresh(self) -> None:
        """Read what the page shows."""

    def tick(self) -> None:
        """Once a second while the page is in view: what counts down is drawn anew."""

    def show_item(self, id: int) -> None:
        """Bring one thing into view."""

    def now(self):  # type: ignore[no-untyped-def]
        """The moment by the window's clock."""
        return self.operations.clock.now()
