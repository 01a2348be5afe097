"""Restoring a backup from the window: the collector ends, the store is let go of, the data are put back, all goes on."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from desk import data
from domain.errors import StoreError
from domain.person import Actor
from gui.collecting.process import CollectorProcess
from gui.operations import Operations

COLLECTOR_ENDS = 20.0  # seconds that the collector has to end before a restore
LOOK_MS = 200  # between looks whether it has ended
FINISH_SECONDS = 0.5  # that it has after those


class Restoring(QObject):
    """One restore after the other. `ended` gets what is to be said, and whether the data are other ones now."""

    def __init__(
        self,
        parent: QObject,
        operations: Operations,
        collector: CollectorProcess,
        ended: Callable[[str, bool], None],
    ) -> None:
        super().__init__(parent)
        self._operations, self._collector, self._ended = operations, collector, ended

    def start(self, file: Path, who: str) -> None:
        """Put a backup in the place of the data, once the collector has ended."""
        self._collector.stop()
        end = time.monotonic() + COLLECTOR_ENDS

        def look() -> None:
            with suppress(StoreError):
                if (
                    self._collector.running
                    and time.monotonic() < end
                    and data.collector_running(self._operations.folder)
                ):
                    QTimer.singleShot(LOOK_MS, look)
                    return
            self._collector.finish(FINISH_SECONDS)
            self._put_back(file, who)

        look()

    def _put_back(self, file: Path, who: str) -> None:
        folder, url, now = self._operations.folder, self._operations.url, self._operations.clock.now()

        def work() -> str:
            restored = data.put_back(folder, url, file, Actor(who), now)
            kept = f"原来的数据留在“{restored.former.parent.name}”。" if restored.former else ""
            if restored.paused:
                kept += f"读本机文件或文件夹的信源已暂停，请核对后再启用：{'、'.join(restored.paused[:5])}。"
            return f"已从 {file.name} 恢复，留痕 {restored.entries} 条。{kept}"

        self._operations.replace_data(
            work, lambda sentence: self._ended(sentence, True), lambda sentence: self._ended(sentence, False)
        )
