"""Running the desk's verbs beside the window: on a worker thread, with what changed said afterwards."""

from __future__ import annotations

import atexit
import gc
import inspect
import logging
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

from desk.trimming import Trimming
from domain.errors import ConflictError, StoreError, WenyingError
from domain.times import Clock
from gui.garbage import Garbage
from gui.lanes import Job, Lane

if TYPE_CHECKING:
    from desk.data import Database

log = logging.getLogger(__name__)
R = TypeVar("R")  # what a verb gives, and what shows it takes

# The kinds of thing that can change; a page names the ones it shows.
TOPICS, CONCERNS, ARTICLES, SOURCES, EVENTS, BRIEFINGS, SETTINGS, REGISTERS = (
    "topics",
    "concerns",
    "articles",
    "sources",
    "events",
    "briefings",
    "settings",
    "registers",
)
ALL = frozenset({TOPICS, CONCERNS, ARTICLES, SOURCES, EVENTS, BRIEFINGS, SETTINGS, REGISTERS})

# Loaded on a worker, so that no page waits for them on the window's thread; nothing of Qt (see gui/loading.py).
NEEDED = (
    "desk.execute",
    "desk.topics.monitor",
    "desk.collecting.collect",
    "desk.reporting.report",
    "desk.collecting.sourcework",
    "desk.cases.writing",
    "desk.office.reminding",
    "desk.office.handover",
    "desk.office.overview",
)


RESTORING_SECONDS = 120.0
BROKEN_OFF_SECONDS = 0.2  # that what was broken off takes to unwind
END_SECONDS = 5.0
UNEXPECTED = "出了意料之外的错，刚才的操作没有保存。详情在数据文件夹的 wenying.log 里。"


class Refusal(str):
    """Why something was not done, for people; `field` names what was given wrongly, where one thing was."""

    field: str = ""
    conflict: bool = False  # somebody else was faster; the sentence tells what they did, an entry a line
    seen: int = 0  # the last entry of the record that it tells
    cause: BaseException | None = None  # for whoever knows more to do than to show the sentence

    @classmethod
    def of(cls, error: BaseException) -> Refusal:
        """The sentence of an error."""
        made = cls(str(error) if isinstance(error, WenyingError) else UNEXPECTED)
        made.field = error.field if isinstance(error, WenyingError) else ""
        made.cause = error
        if isinstance(error, ConflictError):
            made.conflict, made.seen = True, error.seen
        return made

    @classmethod
    def at(cls, field: str, sentence: str) -> Refusal:
        """The sentence about one field."""
        made = cls(sentence)
        made.field = field
        return made


class Operations(QObject):
    """The window's only way to the store. `changed` tells pages what to read again.

    There are three lanes. Steps are done one after the other, in the order they were taken, so that the later of two
    is what stays. Reading has two threads, and a newer question for the same place makes the older one stale: its
    answer is never shown. What waits for the network, or is long, has threads of its own.
    """

    changed = Signal(frozenset)
    failed = Signal(str)
    _ended = Signal(object)
    _reopened = Signal()

    def __init__(self, folder: Path, url: str | None, clock: Clock) -> None:
        super().__init__()
        self.folder, self.url, self.clock = folder, url, clock
        self.database: Database | None = None
        self._present = ExitStack()  # known to others as open
        self._steps = Lane("step", 1, self._hand_back)
        self._reads = Lane("reading", 2, self._hand_back)
        self._network = Lane("network", 2, self._hand_back)
        self._files = Lane("files", 1, self._hand_back)
        self._trimming = Trimming()
        self._paused = False  # while the files of the store are changed
        self._held: list[tuple[Lane, Job]] = []  # asked for meanwhile
        self._asked: dict[object, Job] = {}  # by the place where the answer is shown
        self._closed = False
        Garbage(self)  # kept by its parent
        self._ended.connect(self._finish, Qt.ConnectionType.QueuedConnection)
        self._reopened.connect(self._go_on, Qt.ConnectionType.QueuedConnection)
        atexit.register(self._end)

    def open(self, then: Callable[[object], None]) -> None:
        """Open the database on a worker, so that the window is there first."""

        def work(_: Job) -> None:
            from desk import data

            self._present.enter_context(data.held_open(self.folder, "窗口"))
            self.database = data.opened(self.folder, self.url)
            for name in NEEDED:
                import_module(name)
            gc.freeze()  # what is loaded stays loaded: looking through it for garbage stalls the window

        self._start(self._reads, Job(work, then))

    def read(
        self,
        verb: Callable[[Database], R],
        then: Callable[[R], None],
        *,
        place: object = None,
        network: bool = False,
        failed: Callable[[Refusal], None] | None = None,
    ) -> None:
        """Ask for something to be shown; `then` shows it on the window's thread.

        The `place` is where it is shown: `then` itself, where that is a method. Of the questions for one place only
        the answer to the newest is shown, in whatever order they come; the older ones are broken off.
        """
        place = self._place(place, then)
        self.forget(place)
        job = Job(self._visiting(verb), then, failed, place=place)
        self._asked[place] = job
        self._start(self._network if network else self._reads, job)

    def forget(self, place: object) -> None:
        """Show no answer at a place: what was asked for there is not wanted any more."""
        if older := self._asked.pop(place, None):
            older.drop()

    def waits(self, place: object) -> bool:
        """Whether an answer is still to come to a place."""
        return place in self._asked

    def run(
        self,
        verb: Callable[[Database], R],
        then: Callable[[R], None] | None = None,
        changes: frozenset[str] = frozenset(),
        *,
        network: bool = False,
        failed: Callable[[Refusal], None] | None = None,
    ) -> None:
        """Take a step; then hand its result to `then` on the window's thread and say what changed.

        What waits for the `network`, or is long, has workers of its own, so that no step waits for it.
        `failed` shows the sentence of a fault in place (a Refusal); without it the window's foot does.
        """

        job = Job(self._visiting(verb), then, failed, changes)
        self._start(self._network if network else self._steps, job)

    def replace_data(
        self, work: Callable[[], R], then: Callable[[R], None], failed: Callable[[Refusal], None], seconds: float = 30.0
    ) -> None:
        """Let go of the store, have `work` change its files, and open it anew; what is asked for meanwhile waits."""

        def whole(_: Job) -> Any:
            from desk import data

            try:
                for lane in (self._steps, self._reads, self._network):
                    if not lane.wait(seconds):
                        raise StoreError("还有操作没有做完，没有恢复。请等它做完再试。")
                if self.database:
                    self.database.close()
                return work()
            finally:
                try:
                    self.database = data.opened(self.folder, self.url)
                finally:
                    with suppress(RuntimeError):  # the window has gone meanwhile
                        self._reopened.emit()

        self._paused = True
        for place in list(self._asked):
            self.forget(place)
        if not self._closed:
            self._files.put(Job(whole, then, failed))

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come, or a step still to be taken."""
        return bool(self._asked) or any(lane.busy for lane in (self._steps, self._reads, self._network, self._files))

    def close(self) -> None:
        """Take nothing more, at once: what is read is broken off, what was taken as a step goes on beside."""
        self._closed = True
        self._asked.clear()
        self._reads.close(keep=False)
        self._network.close(keep=False)
        self._steps.close(keep=True)
        self._files.close(keep=True)

    def finish(self, seconds: float) -> bool:
        """After `close`: wait for the steps, and for transactions that have begun. Whether everything has ended.

        What has not ended then is rolled back by the store when the program ends.
        """
        end = time.monotonic() + seconds
        self._steps.wait(seconds)
        self._files.wait(max(seconds, RESTORING_SECONDS))  # a restore that has begun is better ended than gone on with
        self._network.wait(max(0.0, end - time.monotonic()), lambda: not self._network.writing)
        self._present.close()
        self._reads.wait(BROKEN_OFF_SECONDS)
        self._network.wait(BROKEN_OFF_SECONDS)
        idle = not (self._steps.busy or self._reads.busy or self._network.busy)
        atexit.unregister(self._end)
        if idle and self.database:
            self.database.close()
        return idle

    def _end(self) -> None:
        """The interpreter ends and nobody has called `finish`: a thread must not wake inside Qt by then."""
        self.close()
        self.finish(END_SECONDS)

    @staticmethod
    def _place(place: object, then: Callable[[Any], None]) -> object:
        if place is not None:
            return place
        if not inspect.ismethod(then):
            raise TypeError("an answer shown by a function needs a place")
        return then

    def _visiting(self, verb: Callable[[Database], Any]) -> Callable[[Job], Any]:
        """The verb on a visit of its own, so that it can be broken off."""

        def work(job: Job) -> Any:
            from desk.data import Visit

            assert self.database is not None
            visit = Visit(self.database)
            job.visit = visit
            if job.stale:
                return None
            return verb(visit)

        return work

    def _start(self, lane: Lane, job: Job) -> None:
        if self._paused and not self._closed:
            self._held.append((lane, job))
        elif not self._closed:
            lane.put(job)

    @Slot()
    def _go_on(self) -> None:
        """On the window's thread: the store is open again."""
        held, self._held, self._paused = self._held, [], False
        for lane, job in held:
            self._start(lane, job)

    def _hand_back(self, job: Job) -> None:
        with suppress(RuntimeError):  # the window has gone meanwhile
            self._ended.emit(job)
        self._trimming.give_back()

    @Slot(object)
    def _finish(self, job: Job) -> None:
        """On the window's thread: hand on the result, or say what went wrong; nothing of what is stale."""
        if job.place is not None and self._asked.get(job.place) is job:
            del self._asked[job.place]
        error = job.error
        if job.stale or self._closed:
            return
        if error is None:
            if job.then is not None and _in_view(job.then):
                job.then(job.result)
            if job.changes:
                self.changed.emit(job.changes)
            return
        refusal = Refusal.of(error)
        if isinstance(error, WenyingError):
            log.warning("%s", error, exc_info=error)
        else:
            log.error("operation failed", exc_info=error)
        if job.failed is not None and _in_view(job.failed):
            job.failed(refusal)
        else:
            self.failed.emit(refusal)


def _in_view(then: Callable[[Any], None]) -> bool:
    """Whether what an answer is shown in is still there: a dialog may have been closed meanwhile."""
    held = [cell.cell_contents for cell in getattr(then, "__closure__", None) or ()]
    return all(isValid(one) for one in (getattr(then, "__self__", None), *held) if isinstance(one, QObject))
