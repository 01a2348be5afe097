"""Reading what came from outside in processes of their own, so that no publisher's bytes can hold or fill ours.

    feed = await read_apart(read_feed, body, charset, now)      # in a coroutine
    outlines = run_apart(outlines_of, body)                     # on any thread; waits
    rows = run_within(Limits(60.0, 1024), rows_of, path)        # for what is known to take longer or more

The function is one of a module's top level; it, what it takes and what it gives can be pickled. It raises
SourceError, InputError and the like as it would here. One that passes its time or its memory, or whose process dies,
is a ReaderEndedError, for this job alone. Anything else that it raises is a defect of ours: it is logged, and a SourceError.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
import pickle
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, ParamSpec, TypeVar

import psutil

from domain.errors import ReaderEndedError, SourceError
from sources.apart import CAPPED, DEFECT, FAULT, MEMORY, READY, RESULT, receive, send

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

IDLE = 300.0  # seconds without a job after which a process is let go
LOOK = 0.2  # seconds between looks at those at work
_ROOT = str(Path(__file__).resolve().parent.parent)
# One thread and one heap each: more of them would only set memory aside that the limit counts.
_ALONE = {"MALLOC_ARENA_MAX": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
_CLOSED = "程序正在关闭，没有读取。"
_DEFECT = "读取时出了意料之外的错，其他信源不受影响。详情在数据文件夹的 wenying.log 里。"
_DIED = "读取这个信源的进程中断了，其他信源不受影响，稍后会自动再试。一直如此，多半是它的内容不正常，请联系发布方。"
_NO_START = "启动不了读取内容的进程，稍后会自动再试。一直如此，请检查内存是否够用，或重启程序。"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one job may use: seconds of computing, and megabytes of memory beyond those of an idle process.

    On a busy or slow machine a harmless job takes long by the clock, so the clock ends only what waits for nothing:
    after `patience` seconds.
    """

    seconds: float = 10.0
    megabytes: int = 512
    patience: float = 60.0


LIMITS = Limits()
STARTING = Limits(60.0, 1 << 20, 120.0)  # to begin is not the publisher's fault


async def read_apart(function: Callable[P, T], /, *args: P.args, **named: P.kwargs) -> T:
    """What a function gives, run in a process apart within the usual limits. Raises SourceError."""
    return await asyncio.wrap_future(_workers(os.getpid()).submit(LIMITS, function, *args, **named))


def run_apart(function: Callable[P, T], /, *args: P.args, **named: P.kwargs) -> T:
    """What a function gives, run in a process apart within the usual limits; waits for it. Raises SourceError."""
    return run_within(LIMITS, function, *args, **named)


def run_within(limits: Limits, function: Callable[P, T], /, *args: P.args, **named: P.kwargs) -> T:
    """As `run_apart`, within other limits."""
    return _workers(os.getpid()).submit(limits, function, *args, **named).result()


def warm() -> None:
    """Begin the processes now, so that the first source does not wait for them."""
    _workers(os.getpid()).warm()


@lru_cache(maxsize=2)  # of this process, and of the one it was forked from
def _workers(process: int) -> Workers:
    """The pool of this process: one for all who read, begun when first asked for; a fork begins its own."""
    pool = Workers(max(2, min(4, os.cpu_count() or 1)))
    atexit.register(pool.close)
    return pool


@dataclass(frozen=True, slots=True)
class _Job:
    future: Future[Any]
    work: bytes
    limits: Limits


class Workers:
    """A pool of processes that read, each one job at a time; a thread here hands each of them its jobs."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._changed = threading.Condition()
        self._alive: set[_Worker] = set()
        self._at_work: set[_Worker] = set()
        self._closed = False
        for i in range(size):
            threading.Thread(target=self._hand_out, name=f"reader {i}", daemon=True).start()
        threading.Thread(target=self._watch, name="reader watch", daemon=True).start()

    def submit(self, limits: Limits, function: Callable[P, T], /, *args: P.args, **named: P.kwargs) -> Future[T]:
        """Have a function run in one of the processes."""
        future: Future[T] = Future()
        work = pickle.dumps((function, args, named, limits.patience, limits.megabytes), pickle.HIGHEST_PROTOCOL)
        with self._changed:  # after `close` nobody takes a job any more
            if self._closed:
                future.set_exception(SourceError(_CLOSED))
            else:
                self._jobs.put(_Job(future, work, limits))
        return future

    def warm(self) -> None:
        """Begin every process."""
        for _ in range(self._size):
            self.submit(STARTING, time.sleep, 0.1)

    def close(self) -> None:
        """End the processes at once, whatever they are at."""
        with self._changed:
            self._closed = True
            for worker in self._alive:
                worker.kill()
            self._changed.notify_all()
            for _ in range(self._size):
                self._jobs.put(None)

    def _hand_out(self) -> None:
        worker: _Worker | None = None
        while True:
            try:
                job = self._jobs.get(timeout=IDLE if worker else None)
            except queue.Empty:
                self._let_go(worker)
                worker = None
                continue
            if job is None:
                self._let_go(worker)
                return
            if job.future.set_running_or_notify_cancel():
                worker = self._do(worker, job)

    def _do(self, worker: _Worker | None, job: _Job) -> _Worker | None:
        """Have a job done, by a new worker where there is none; the worker that is left."""
        if worker is None or not worker.alive:
            self._let_go(worker)
            worker = self._begin()
        if worker is None:
            job.future.set_exception(SourceError(_CLOSED if self._closed else _NO_START))
            return None
        with self._watched(worker, job.limits):
            kind, value = worker.ask(job.work)
        if retired := worker.retired:
            self._let_go(worker)
        if kind == RESULT:
            job.future.set_result(value)
        else:
            if kind == DEFECT:
                log.error("reading failed\n%s", value)
            ended = ReaderEndedError(_over_memory(job.limits)) if kind == MEMORY else SourceError(_DEFECT)
            job.future.set_exception(ended if kind in (MEMORY, DEFECT) else value)
        return None if retired else worker

    def _begin(self) -> _Worker | None:
        """A new worker that is ready; None where none can be had."""
        try:
            worker = _Worker()
        except (OSError, psutil.Error):
            log.exception("no process to read with")
            return None
        with self._changed:
            self._alive.add(worker)
            if self._closed:
                worker.kill()
        with self._watched(worker, STARTING):
            ready = worker.begin()
        if ready:
            return worker
        self._let_go(worker)
        return None

    def _let_go(self, worker: _Worker | None) -> None:
        if worker is not None:
            with self._changed:
                self._alive.discard(worker)
            worker.end()

    @contextmanager
    def _watched(self, worker: _Worker, limits: Limits) -> Iterator[None]:
        with self._changed:
            worker.hold_to(limits)
            self._at_work.add(worker)
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._at_work.discard(worker)

    def _watch(self) -> None:
        """End those that pass their limits; sleeps while none is at work."""
        while not self._closed:
            with self._changed:
                while not self._at_work and not self._closed:
                    self._changed.wait()
                for worker in self._at_work:
                    worker.look()
            time.sleep(LOOK)


class _Worker:
    """One process: a fresh interpreter that inherits nothing but its pipes."""

    def __init__(self) -> None:
        self.retired = False
        self._passed, self._idle_size, self._spent = "", 0, 0.0
        # A pipe on which nothing is said: with its end in our hands ends the process, however we end.
        self._life: int | None = None
        life: int | None = None
        if CAPPED:
            life, self._life = os.pipe()
        begin = f"import sys; sys.path[:] = {[_ROOT, *sys.path]!r}; from sources.apart import serve; serve({life})"
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-c", begin],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=os.environ | _ALONE,
                pass_fds=() if life is None else (life,),
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError:
            _close(self._life)
            raise
        finally:
            _close(life)
        assert self._process.stdin and self._process.stdout
        self._seen = psutil.Process(self._process.pid)
        self._to: IO[bytes] = self._process.stdin
        self._from: IO[bytes] = self._process.stdout

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def begin(self) -> bool:
        """Wait until it has loaded what it needs; whether it has."""
        kind, value = self._heard()
        if kind != READY:
            log.error("a process to read with did not begin: %s", value)
            return False
        if not CAPPED:
            self._idle_size = psutil.Process(self._process.pid).memory_info().rss
        return True

    def hold_to(self, limits: Limits) -> None:
        """From now on it may use so much."""
        self._limits, self._until, self._spent = limits, time.monotonic() + limits.patience, self._computed()

    def ask(self, work: bytes) -> tuple[str, Any]:
        """What it makes of a job: (RESULT, value), (FAULT, error), (DEFECT, traceback), or (MEMORY, None)."""
        with suppress(OSError):  # it has died, as the answer will say
            send(self._to, work)
        return self._heard()

    def look(self) -> None:
        """End it if it has passed a limit."""
        if self._computed() - self._spent > self._limits.seconds:
            self._passed = (
                f"内容算了 {self._limits.seconds:g} 秒还没有读完，已停止。这不像正常的内容，请检查地址，或联系发布方。"
            )
        elif time.monotonic() > self._until:
            self._passed = f"等了 {self._limits.patience:g} 秒还没有读完，已停止，稍后会自动再试。多半是这台电脑太忙，请关掉别的程序。"
        elif not CAPPED and self._idle_size:
            with suppress(psutil.Error):
                used = psutil.Process(self._process.pid).memory_info().rss - self._idle_size
                self._passed = _over_memory(self._limits) if used > self._limits.megabytes << 20 else ""
        if self._passed:
            self.kill()

    def _computed(self) -> float:
        """The seconds that it has computed for since it began; 0 where it has gone."""
        try:
            times = self._seen.cpu_times()
        except psutil.Error:
            return 0.0
        return float(times.user + times.system)

    def kill(self) -> None:
        with suppress(OSError):
            self._process.kill()

    def end(self) -> None:
        """Kill it and take leave of it."""
        self.kill()
        for pipe in (self._to, self._from):
            with suppress(OSError):
                pipe.close()
        _close(self._life)
        self._life = None
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(5)

    def _heard(self) -> tuple[str, Any]:
        try:
            kind, value, self.retired = pickle.loads(receive(self._from))
            return kind, value
        except Exception as error:  # whatever happened to it, who asked gets an answer
            self.retired = True
            if not self._passed:
                log.warning("a process that reads has died (%s)", self._process.poll(), exc_info=error)
            return FAULT, ReaderEndedError(self._passed or _DIED)


def _close(file: int | None) -> None:
    if file is not None:
        with suppress(OSError):
            os.close(file)


def _over_memory(limits: Limits) -> str:
    return f"读取内容占用的内存超过 {limits.megabytes} MB，已停止。这不像正常的内容，请检查地址，或联系发布方。"
