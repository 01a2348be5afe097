"""What every page of the window has in common."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtWidgets import QWidget

from gui.operations import Operations


class Page(QWidget):
    """A page: its title, what it shows, and how it reads itself anew."""

    title: ClassVar[str] = ""
    shows: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, operations: Operations, person: str) -> None:
        super().__init__()
        self.operations, self.person = operations, person
        self.stale = True
        self.setObjectName(type(self).__name__)
        self.build()

    def build(self) -> None:
        """Make the widgets; no store is open yet."""

    def refresh(self) -> None:
        """Read what the page shows."""

    def show_item(self, id: int) -> None:
        """Bring one thing into view."""

    def now(self):  # type: ignore[no-untyped-def]
        """The moment by the window's clock."""
        return self.operations.clock.now()
