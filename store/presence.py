"""Who has the data open: each program that does holds a lock of its own, which the system lets go when it dies."""

from __future__ import annotations

import os
import secrets
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from domain.errors import StoreError
from domain.private import PRIVATE_FOLDER, open_private

PLACE = ".使用中"
RESTORING = "恢复.lock"
TRIES = 4
_FAR = 1 << 20  # the byte that is locked: past the text, so that others can read it on Windows too


@contextmanager
def present(folder: Path, what: str) -> Iterator[None]:
    """Be known to have the data in a folder open, as `what` (窗口, 采集程序). Raises StoreError during a restore."""
    file, path = None, folder / PLACE / f"{os.getpid()}-{secrets.token_hex(3)}.lock"
    with suppress(OSError):  # who may only read the folder does not stand in a restore's way
        path.parent.mkdir(PRIVATE_FOLDER, exist_ok=True)
        # Unbuffered: what a full disk did not take would be written once more on closing, and fail there.
        file = open_private(path, "w+b")
        _lock(file)
        file.write(f"{what}，进程号 {os.getpid()}，电脑 {socket.gethostname()}".encode())
    try:
        # Looked for now that a restore would see us: of two that begin at once, one sees the other at least.
        if _held(folder / PLACE / RESTORING):
            raise StoreError("正在恢复备份。请等它做完（一般几分钟）再打开。")
        yield
    finally:
        if file is not None:
            file.close()
            with suppress(OSError):
                path.unlink(missing_ok=True)


def others(folder: Path) -> list[str]:
    """The programs that have the data open, without this one; what the dead left behind is cleared away."""
    names = []
    for path in sorted((folder / PLACE).glob("*-*.lock")):
        if path.name.startswith(f"{os.getpid()}-"):
            continue
        if _held(path):
            names.append(path.read_text("utf-8", "replace").strip() or "另一个程序")
        else:
            with suppress(OSError):
                path.unlink(missing_ok=True)
    return names


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep others from opening the data meanwhile. Raises StoreError, naming them, where somebody has it open."""
    try:
        (folder / PLACE).mkdir(PRIVATE_FOLDER, exist_ok=True)
        file = open_private(folder / PLACE / RESTORING, "a+")
    except OSError as error:
        raise StoreError(f"数据文件夹“{folder}”不可写，没有恢复。请检查权限，或用 --data 换一个文件夹。") from error
    with file:
        try:
            _lock(file)
        except OSError as error:
            raise StoreError("另一个程序正在恢复备份。请等它做完。") from error
        if names := others(folder):
            raise StoreError(f"数据正由别的程序打开：{'；'.join(names)}。请先关掉它，再恢复。原有数据不受影响。")
        yield


@contextmanager
def only_one(path: Path, said: str) -> Iterator[None]:
    """Hold a lock file; StoreError with the sentence where another program holds it."""
    try:
        file = open_private(path, "a+")
    except OSError as error:
        raise StoreError(f"“{path.parent}”不可写。请检查权限，或用 --data 换一个文件夹。") from error
    with file:
        try:
            _lock(file)
        except OSError as error:
            raise StoreError(said) from error
        yield


@contextmanager
def waiting_for(path: Path, said: str, seconds: float = 5.0) -> Iterator[None]:
    """Hold a lock file, waiting a while for it; StoreError with the sentence where it stays held."""
    until = time.monotonic() + seconds
    with open_private(path, "a+") as file:
        while True:
            try:
                _lock(file)
                break
            except OSError as error:
                if time.monotonic() > until:
                    raise StoreError(said) from error
                time.sleep(0.02)
        yield


def _held(path: Path) -> bool:
    try:
        file = path.open("r+", encoding="utf-8")
    except OSError:
        return False  # not there, or not ours to lock
    with file:
        for again in range(TRIES):  # somebody else may just be looking too
            try:
                _lock(file)
            except (BlockingIOError, PermissionError):
                time.sleep(0.02 if again < TRIES - 1 else 0)
            except OSError:
                return False  # a folder where nothing can be locked
            else:
                return False
    return True


def _lock(file: IO[Any]) -> None:
    """Take the lock of a file or raise OSError."""
    if sys.platform == "win32":
        import msvcrt

        file.seek(_FAR)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        file.seek(0)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
