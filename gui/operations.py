"""Running the desk's verbs beside the window: on a worker thread, with what changed said afterwards."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from domain.errors import WenyingError
from domain.times import Clock

if TYPE_CHECKING:
    from store.database import Database

log = logging.getLogger(__name__)

# The kinds of thing that can change; a page names the ones it shows.
TOPICS, CONCERNS, ARTICLES, SOURCES, EVENTS, BRIEFINGS, SETTINGS = (
    "topics",
    "concerns",
    "articles",
    "sources",
    "events",
    "briefings",
    "settings",
)
ALL = frozenset({TOPICS, CONCERNS, ARTICLES, SOURCES, EVENTS, BRIEFINGS, SETTINGS})

# Loaded on a worker, so that no page waits for them on the window's thread; nothing of Qt (see gui/loading.py).
NEEDED = (
    "desk.casework",
    "desk.monitor",
    "desk.collect",
    "desk.report",
    "desk.sourcework",
    "desk.drafting",
    "desk.topicwork",
    "desk.alerts",
    "desk.handover",
    "desk.overview",
)


class Operations(QObject):
    """The window's only way to the store. `changed` tells pages what to read again."""

    changed = Signal(frozenset)
    failed = Signal(str)
    _ended = Signal(object, object, object)

    def __init__(self, folder: Path, url: str | None, clock: Clock) -> None:
        super().__init__()
        self.folder, self.url, self.clock = folder, url, clock
        self.database: Database | None = None
        self._workers = ThreadPoolExecutor(2, "operation")
        self._network = ThreadPoolExecutor(2, "network")
        self._closed = False
        self._ended.connect(self._finish, Qt.ConnectionType.QueuedConnection)

    def open(self, then: Callable[[object], None]) -> None:
        """Open the database on a worker, so that the window is there first."""

        def work() -> object:
            from store.database import open_database, sqlite_url

            self.database = open_database(self.url or sqlite_url(self.folder))
            gc.disable()
            for name in NEEDED:
                import_module(name)
            gc.freeze()  # what is loaded stays loaded: looking through it for garbage stalls the window
            gc.enable()
            return None

        self._start(work, then)

    def run(
        self,
        verb: Callable[[Database], Any],
        then: Callable[[Any], None] | None = None,
        changes: frozenset[str] = frozenset(),
        *,
        network: bool = False,
        failed: Callable[[str], None] | None = None,
    ) -> None:
        """Run a verb; then hand its result to `then` on the window's thread and say what changed.

        What waits for the `network` has workers of its own, so that reading the store never waits for it.
        `failed` shows the sentence of a fault in place; without it the window's foot does.
        """

        def work() -> Any:
            assert self.database is not None
            return verb(self.database)

        def finish(result: Any) -> None:
            if then:
                then(result)
            if changes:
                self.changed.emit(changes)

        self._start(work, finish, self._network if network else self._workers, failed)

    def close(self) -> None:
        """Wait for what is running, then let go of the store."""
        self._closed = True
        self._network.shutdown(wait=False, cancel_futures=True)
        self._workers.shutdown(cancel_futures=True)
        if self.database:
            self.database.close()

    def _start(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], None],
        workers: ThreadPoolExecutor | None = None,
        failed: Callable[[str], None] | None = None,
    ) -> None:
        if self._closed:
            return
        done = (workers or self._workers).submit(work)
        done.add_done_callback(lambda future: self._hand_back(future, then, failed))

    def _hand_back(self, future: Future[Any], then: Callable[[Any], None], failed: Any) -> None:
        with suppress(RuntimeError):  # the window has gone meanwhile
            self._ended.emit(future, then, failed)

    @Slot(object, object, object)
    def _finish(self, future: Future[Any], then: Callable[[Any], None], failed: Callable[[str], None] | None) -> None:
        """On the window's thread: hand on the result, or say what went wrong."""
        if future.cancelled():
            return
        error = future.exception()
        if error is None:
            then(future.result())
        elif isinstance(error, WenyingError):
            log.warning("%s", error, exc_info=error)
            (failed or self.failed.emit)(str(error))
        else:
            log.error("operation failed", exc_info=error)
            self.failed.emit("出了意料之外的错，刚才的操作没有保存。详情在数据文件夹的 wenying.log 里。")
