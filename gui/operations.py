"""Running the desk's verbs beside the window: on a worker thread, with what changed said afterwards."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

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


class _Answer(QObject):
    done = Signal(object)
    failed = Signal(str)


class _Task(QRunnable):
    def __init__(self, work: Callable[[], Any], answer: _Answer) -> None:
        super().__init__()
        self._work, self._answer = work, answer

    def run(self) -> None:
        try:
            result = self._work()
        except WenyingError as error:
            log.warning("%s", error, exc_info=True)
            self._send(self._answer.failed, str(error))
        except Exception:
            log.exception("operation failed")
            self._send(self._answer.failed, "出了意料之外的错，刚才的操作没有保存。详情在数据文件夹的 wenying.log 里。")
        else:
            self._send(self._answer.done, result)

    def _send(self, signal: Any, value: Any) -> None:
        try:
            signal.emit(value)
        except RuntimeError:  # the window was closed meanwhile
            log.info("answer came after the window was closed")


class Operations(QObject):
    """The window's only way to the store. `changed` tells pages what to read again."""

    changed = Signal(frozenset)
    failed = Signal(str)

    def __init__(self, folder: Path, url: str | None, clock: Clock) -> None:
        super().__init__()
        self.folder, self.url, self.clock = folder, url, clock
        self.database: Database | None = None
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(2)
        self._waiting: set[_Answer] = set()

    def open(self, then: Callable[[object], None]) -> None:
        """Open the database on a worker, so that the window is there first."""

        def work() -> object:
            from store.database import open_database, sqlite_url

            self.database = open_database(self.url or sqlite_url(self.folder))
            return None

        self._start(work, then)

    def run(
        self,
        verb: Callable[[Database], Any],
        then: Callable[[Any], None] | None = None,
        changes: frozenset[str] = frozenset(),
    ) -> None:
        """Run a verb; then hand its result to `then` on the window's thread and say what changed."""

        def work() -> Any:
            assert self.database is not None
            return verb(self.database)

        def finish(result: Any) -> None:
            if then:
                then(result)
            if changes:
                self.changed.emit(changes)

        self._start(work, finish)

    def close(self) -> None:
        """Wait for what is running, then let go of the store."""
        self._pool.waitForDone(5000)
        if self.database:
            self.database.close()

    def _start(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        answer = _Answer(self)
        self._waiting.add(answer)

        def finished(result: Any) -> None:
            self._waiting.discard(answer)
            answer.deleteLater()
            then(result)

        def failed(said: str) -> None:
            self._waiting.discard(answer)
            answer.deleteLater()
            self.failed.emit(said)

        answer.done.connect(finished)
        answer.failed.connect(failed)
        self._pool.start(_Task(work, answer))
