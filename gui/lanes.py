"""Lanes: work beside the window, done in the order it came, which never keeps the program from ending."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol


class Stoppable(Protocol):
    """What a job works through (a visit to the store)."""

    @property
    def writing(self) -> bool: ...

    def stop(self) -> None: ...


@dataclass(slots=True, eq=False)
class Job:
    """What to do beside the window, what came of it, and whether anybody still waits for it."""

    work: Callable[[Job], Any]
    then: Callable[[Any], None] | None
    failed: Callable[[Any], None] | None = None
    changes: frozenset[str] = frozenset()  # kinds of thing that it changes
    place: object = None  # where the answer is shown; a newer question for the same place makes this one stale
    visit: Stoppable | None = None
    stale: bool = False
    result: Any = None
    error: BaseException | None = None

    def drop(self) -> None:
        """Nobody waits for it any more."""
        self.stale = True
        if self.visit is not None:
            self.visit.stop()


class Lane:
    """Some threads for one kind of work.

    They are daemons, for the interpreter would wait for any other thread (concurrent.futures joins its own) however
    long it takes; whoever ends the program says with `wait` how long it waits for what has begun.
    """

    def __init__(self, name: str, threads: int, ended: Callable[[Job], None]) -> None:
        self._name, self._most, self._ended = name, threads, ended
        self._waiting: deque[Job] = deque()
        self._running: list[Job] = []
        self._threads = 0
        self._closed = False
        self._turn = threading.Condition()

    def put(self, job: Job) -> None:
        """Do a job when its turn comes."""
        with self._turn:
            if self._closed:
                return
            self._waiting.append(job)
            if self._threads < self._most and len(self._waiting) + len(self._running) > self._threads:
                self._threads += 1
                threading.Thread(target=self._serve, name=f"{self._name}-{self._threads}", daemon=True).start()
            self._turn.notify()

    def close(self, keep: bool) -> None:
        """Take nothing more. What has not begun is dropped, unless it is to be kept; the threads end with it."""
        with self._turn:
            self._closed = True
            if not keep:
                self._waiting.clear()
                for job in self._running:
                    job.drop()
            self._turn.notify_all()

    @property
    def busy(self) -> bool:
        """Whether anything waits or runs."""
        with self._turn:
            return bool(self._waiting or self._running)

    @property
    def writing(self) -> bool:
        """Whether a transaction of a job is open."""
        with self._turn:
            return any(job.visit is not None and job.visit.writing for job in self._running)

    def wait(self, seconds: float, until: Callable[[], bool] | None = None) -> bool:
        """Wait until nothing is left (or `until` holds); whether that came within the time."""
        end = time.monotonic() + seconds
        while not (until() if until else not self.busy):
            if time.monotonic() > end:
                return False
            time.sleep(0.01)
        return True

    def _serve(self) -> None:
        while True:
            with self._turn:
                while not self._waiting and not self._closed:
                    self._turn.wait()
                if not self._waiting:
                    self._threads -= 1
                    return
                job = self._waiting.popleft()
                if job.stale:
                    continue
                self._running.append(job)
            try:
                job.result = job.work(job)
            except BaseException as error:
                job.error = error
            with self._turn:
                self._running.remove(job)
            self._ended(job)
            del job
