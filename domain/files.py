"""A person's files: read only where they are files of a sound size; written whole or not at all, and never over
somebody's work without being told to."""

from __future__ import annotations

import errno
import os
import secrets
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from domain.errors import ExportError, InputError
from domain.private import PRIVATE, within_private

BLOCK = 1 << 20  # bytes read at once


@contextmanager
def whole_file(path: Path, private: bool = False, flush: bool = True) -> Iterator[Path]:
    """Let the block make a file beside `path`; it takes the place when the block ends well.

    `flush` waits until all bytes are on the disk, for what cannot be made again. Whatever was at `path` stays as it is until then, and for good when the block fails. `private` is for its owner alone, as is all in a private folder.
    Raises OSError.
    """
    path = Path(os.path.realpath(path))  # a link stays a link
    partial = path.with_name(f".{secrets.token_hex(6)}.part")
    private = private or (not path.exists() and within_private(path))
    try:
        if private:
            os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE))
        yield partial
        if private:
            partial.chmod(PRIVATE)
        elif path.exists():
            partial.chmod(path.stat().st_mode & 0o777)
        if flush:
            flush_file(partial)
        partial.replace(path)
        if flush:
            flush_folder(path.parent)
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


@contextmanager
def regular_file(path: Path, field: str = "") -> Iterator[BinaryIO]:
    """Open a path that a person gave, for reading. Raises OSError; InputError for a pipe or a device.

    A pipe would be waited for and a device never ends; so the file is looked at once it is open, and opened without
    waiting. `field` is the field of a step that the path was given for.
    """
    number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        kind = os.fstat(number).st_mode
        if stat.S_ISDIR(kind):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(kind):
            raise InputError(f"“{path.name}”不是普通的文件（是管道或设备），没有读。请换一个文件。", field)
        file = os.fdopen(number, "rb")
    except BaseException:
        os.close(number)
        raise
    with file:
        yield file


def read_bytes(path: Path, most: int, field: str = "") -> bytes:
    """The bytes of a file that a person gave. Raises OSError; InputError for one over `most` bytes or no regular file.

    The limit is held while reading: a file may grow, and some say that they are empty and are not.
    """
    parts, size = [], 0
    with regular_file(path, field) as file:
        while part := file.read(BLOCK):
            parts.append(part)
            size += len(part)
            if size > most:
                limit = f"{most / 1_000_000:g} MB" if most >= 100_000 else f"{most} 字节"
                raise InputError(f"“{path.name}”超过 {limit}，没有读。请检查是不是选错了文件。", field)
    return b"".join(parts)


def free_path(path: Path) -> Path:
    """The path, or where there is a file already, the name counted up. Raises ExportError."""
    if not os.path.lexists(path):
        return path
    for i in range(2, 1000):
        other = path.with_name(f"{path.stem}（{i}）{path.suffix}")
        if not os.path.lexists(other):
            return other
    raise ExportError("同名文件太多了。请清理输出文件夹。")


def flush_file(path: Path) -> None:
    """Have the system put a file's bytes on the disk. Raises OSError."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    """Have the system put a folder's names on the disk, where it can be asked to."""
    if sys.platform == "win32":
        return
    with suppress(OSError):  # some network folders refuse; the names follow in their own time
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
