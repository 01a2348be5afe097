"""Reading thousands of texts at once in processes beside this one; one that dies or hangs costs nothing but time."""

from __future__ import annotations

import gc
import os
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any, TypeVar

AHEAD = 16  # batches that wait for helpers at most
MOST_HELPERS = 3  # each holds a dictionary and caches of its own, some 200 MB
TRIES = 2  # of a batch in a helper, before it is read here
LONGEST = 60.0  # seconds a batch may take a helper; usual is a tenth of one

Given = TypeVar("Given")
Made = TypeVar("Made")
Read = Callable[[list[Any]], list[Any]]


class Helpers:
    """Processes that read batches. They start with the first batch and stay until `close`.

    A helper that is killed, runs out of memory or takes longer than `longest` seconds is ended and another begins;
    its batch is read again, and after TRIES helpers by the caller's own process. No item is lost, or read twice
    into the answer.
    """

    def __init__(self, count: int | None = None, longest: float = LONGEST) -> None:
        self._count = count or max(1, min(MOST_HELPERS, (os.cpu_count() or 1) - 1))
        self._longest = longest
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._helpers: list[_Helper] = []

    def __enter__(self) -> Helpers:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def running(self) -> bool:
        """Whether the processes have been started."""
        return bool(self._helpers)

    @property
    def pids(self) -> list[int]:
        """The processes as they are now."""
        return [pid for helper in self._helpers if (pid := helper.pid) is not None]

    def read(
        self, read: Callable[[list[Given]], list[Made]], items: Iterable[Given], batch: int = 500, ahead: int = AHEAD
    ) -> Iterator[Made]:
        """What `read` makes of the items of each batch, in order; `read` is a function of a module.

        So many batches are taken `ahead` of the one that is handed on.

        Who asks goes on with the first while the next are being read, and reads a later batch itself rather than wait.
        """
        waiting: deque[_Task] = deque()
        source = iter(items)
        try:
            while (chunk := list(islice(source, batch))) or waiting:
                if chunk:
                    waiting.append(self._submit(read, chunk))
                if not chunk or len(waiting) > ahead:
                    while not waiting[0].made.done() and _read_last(waiting):
                        pass
                    yield from waiting.popleft().made.result()
        finally:
            for task in waiting:
                task.made.cancel()

    def close(self) -> None:
        """End the processes; they start again if more is asked."""
        helpers, self._helpers = self._helpers, []
        for _ in helpers:
            self._tasks.put(None)
        for helper in helpers:
            helper.end()
        self._tasks = queue.SimpleQueue()

    def _submit(self, read: Read, chunk: list[Any]) -> _Task:
        if not self._helpers:
            self._helpers = [_Helper(self._tasks, self._longest) for _ in range(self._count)]
        task = _Task(read, chunk)
        self._tasks.put(task)
        return task


class _Task:
    """A batch, and what is made of it."""

    def __init__(self, read: Read, chunk: list[Any]) -> None:
        self.read, self.chunk = read, chunk
        self.made: Future[list[Any]] = Future()


class _Helper:
    """One process with the thread that asks it."""

    def __init__(self, tasks: queue.SimpleQueue[_Task | None], longest: float) -> None:
        self._longest = longest
        self._process: SpawnProcess | None = None
        self._line: Connection | None = None
        self._ended = False
        threading.Thread(target=self._serve, args=(tasks,), daemon=True).start()

    @property
    def pid(self) -> int | None:
        process = self._process
        return process.pid if process is not None else None

    def end(self) -> None:
        """End the process at once; its thread ends with the next it takes from the queue."""
        self._ended = True
        process = self._process
        if process is not None:
            process.kill()

    def _serve(self, tasks: queue.SimpleQueue[_Task | None]) -> None:
        while (task := tasks.get()) is not None:
            if task.made.set_running_or_notify_cancel():
                try:
                    task.made.set_result(self._make(task))
                except Exception as error:  # handed to who asked
                    task.made.set_exception(error)
        self._drop()

    def _make(self, task: _Task) -> list[Any]:
        for _ in range(TRIES):
            if self._ended:
                raise CancelledError
            try:
                good, answer = self._ask(task)
            except (OSError, EOFError):  # it died, or was ended for taking too long
                self._drop()
                continue
            if not good:
                raise answer
            made: list[Any] = answer
            return made
        return task.read(task.chunk)

    def _ask(self, task: _Task) -> tuple[bool, Any]:
        process, line = self._started()
        overdue = threading.Timer(self._longest, process.kill)
        overdue.daemon = True
        overdue.start()
        try:
            line.send((task.read, task.chunk))
            good, answer = line.recv()
            return bool(good), answer
        finally:
            overdue.cancel()

    def _started(self) -> tuple[SpawnProcess, Connection]:
        if self._process is None or self._line is None:
            spawn = get_context("spawn")
            here, there = spawn.Pipe()
            process = spawn.Process(target=_answer, args=(there,), daemon=True)
            process.start()
            there.close()
            self._process, self._line = process, here
            if self._ended:
                process.kill()
        return self._process, self._line

    def _drop(self) -> None:
        process, line, self._process, self._line = self._process, self._line, None, None
        if line is not None:
            line.close()
        if process is not None:
            process.kill()
            process.join()


def _answer(line: Connection) -> None:
    """What a helper does: read what it is given until whoever asks has gone."""
    gc.disable()
    with suppress(EOFError, OSError):
        while True:
            read, chunk = line.recv()
            try:
                answer = True, read(chunk)
            except Exception as error:  # handed to who asked
                answer = False, error
            line.send(answer)


def _read_last(waiting: deque[_Task]) -> bool:
    """Read the last batch that no helper has begun here; whether there was one."""
    for i in reversed(range(len(waiting))):
        task = waiting[i]
        if task.made.cancel():
            here = _Task(task.read, task.chunk)
            here.made.set_result(task.read(task.chunk))
            waiting[i] = here
            return True
    return False
