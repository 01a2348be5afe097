"""One collector at a time: a lock file beside the database."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from domain.errors import StoreError


@contextmanager
def collector_lock(folder: Path) -> Iterator[None]:
    """Hold the collector's lock; the system lets go of it if the process dies. Raises StoreError."""
    try:
        file = (folder / "collector.lock").open("a+")
    except OSError as error:
        raise StoreError("数据文件夹是只读的，不能采集。请检查权限，或用 --data 换一个文件夹。") from error
    with file:
        try:
            if sys.platform == "win32":
                import msvcrt

                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StoreError("已有一个采集程序在运行（可能是打开着的窗口）。等它这一轮结束，或先关闭它。") from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
