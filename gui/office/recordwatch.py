"""Holds the record against the heads that were laid down elsewhere, now and then, and says what it lacks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from gui.operations import Operations

if TYPE_CHECKING:
    from desk.data import Database
    from domain.record import SeenHead

EVERY = 10 * 60 * 1000  # milliseconds between looks
ABOUT = "留痕末条"


class RecordWatch(QObject):
    """`warn` gets a sentence and what it is about, `withdraw` the latter, once nothing is lacking any more."""

    def __init__(
        self,
        window: QWidget,
        operations: Operations,
        warn: Callable[[str, str], None],
        withdraw: Callable[[str], None],
    ) -> None:
        super().__init__(window)
        self.operations, self._warn, self._withdraw = operations, warn, withdraw
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Look now, and every ten minutes."""
        self._timer.start(EVERY)
        self.look()

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()

    def look(self) -> None:
        """Look beside the window: a second place for backups may be far away."""
        folder = self.operations.folder

        def looked(database: Database) -> tuple[SeenHead, ...]:
            from desk.office import anchors

            anchors.note(database, folder)
            return anchors.lacking(database, folder)

        self.operations.read(looked, self._show, network=True)

    def _show(self, gone: tuple[SeenHead, ...]) -> None:
        if gone:
            first = gone[0]
            self._warn(
                f"留痕里没有{first.where}存下的第 {first.head.sequence} 条：数据可能被换过、删改过。"
                "请在“设置”→“提醒与留痕”里检查留痕，查清以前不要覆盖备份。",
                ABOUT,
            )
        else:
            self._withdraw(ABOUT)
