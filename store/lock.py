"""One collector at a time: a lock file beside the database, and how others ask the one that runs for a round."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from domain.errors import StoreError
from domain.private import PRIVATE, open_private

LOCK, REQUEST = "collector.lock", "collector.now"
ATTEMPTS, PAUSE = 10, 0.03  # somebody who only looks whether the lock is held has it for a moment


@contextmanager
def collector_lock(folder: Path) -> Iterator[None]:
    """Hold the collector's lock; the system lets go of it if the process dies. Raises StoreError."""
    with _opened(folder) as file:
        for attempt in range(ATTEMPTS):
            if _taken(file):
                break
            if attempt == ATTEMPTS - 1:
                raise StoreError("已有一个采集程序在运行（可能是打开着的窗口）。等它这一轮结束，或先关闭它。")
            time.sleep(PAUSE)
        with suppress(OSError):  # for people only; a full disk need not take it
            file.truncate(0)
            file.write(str(os.getpid()).encode())
        yield


def collector_running(folder: Path) -> bool:
    """Whether a collector holds the lock, here or in another window. Raises StoreError."""
    with _opened(folder) as file:
        return not _taken(file)  # closing the file lets go of it


def ask_round(folder: Path) -> None:
    """Ask the collector that runs, whoever started it, to read every source now. Raises StoreError."""
    try:
        (folder / REQUEST).touch(PRIVATE)
    except OSError as error:
        raise StoreError("数据文件夹是只读的，不能请正在运行的采集程序采集。请检查权限。") from error


def round_asked(folder: Path) -> bool:
    """Whether a round was asked for since the last time; for the collector."""
    with suppress(OSError):
        (folder / REQUEST).unlink()
        return True
    return False


def _opened(folder: Path) -> IO[bytes]:
    try:
        return open_private(folder / LOCK, "a+b")
    except OSError as error:
        raise StoreError("数据文件夹是只读的，不能采集。请检查权限，或用 --data 换一个文件夹。") from error


def _taken(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
