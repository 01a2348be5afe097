"""What every tab of 设置 has in common: it reads itself anew, and what is unsaved in it stays meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtWidgets import QHBoxLayout, QWidget

from desk.execute import execute
from domain.person import Actor
from domain.steps.step import Step
from gui.kit.form import Choices, Form
from gui.kit.page import Page
from gui.kit.parts import column
from gui.operations import SETTINGS

if TYPE_CHECKING:
    from desk.data import Database

CHANGED = frozenset({SETTINGS})


class SettingsTab(QWidget):
    """A tab; `forms` are those in it that may hold something unsaved."""

    name: ClassVar[str] = ""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.page, self.operations = page, page.operations
        self.forms: tuple[Form | Choices, ...] = ()
        self.build()

    def build(self) -> None:
        """Make the widgets; no store is open yet."""

    def refresh(self) -> None:
        """Read what the tab shows."""

    def lay_out(self, *items: QWidget | QHBoxLayout) -> None:
        """Widgets and rows under each other, at the top."""
        layout = column(*items, margin=12)
        layout.addStretch(1)
        self.setLayout(layout)

    def take(self, step: Step, then: Callable[[Any], None] | None = None, changes: frozenset[str] = CHANGED) -> None:
        """Take a step as whoever sits here."""
        actor, now = Actor(self.page.person), self.page.now()
        self.save_by(lambda database: execute(database, step, actor, now), then, changes)

    def save_by(
        self,
        verb: Callable[[Database], Any],
        then: Callable[[Any], None] | None = None,
        changes: frozenset[str] = CHANGED,
    ) -> None:
        """Have something kept, and say so; why it was refused before is said no longer."""
        frame, about = self.page.frame, f"设置：{self.name}"

        def done(result: Any) -> None:
            frame.withdraw(about)
            frame.tell("已保存。")
            if then:
                then(result)

        self.operations.run(verb, done, changes, failed=lambda said: frame.warn(said, about))
