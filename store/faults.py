"""What is wrong with a database, told by its error codes in sentences that say what to do; a bug stays a bug."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from domain.errors import StoreError

_BUSY = "数据库正忙（另一个程序占用超过 15 秒）。请稍后重试。"
_READ_ONLY = "数据文件夹是只读的，什么也没有写入。请检查它的权限，或用 --data 换一个文件夹。"
_DISK = "磁盘读写失败，可能磁盘已满或有故障，刚才的内容没有写入。请检查磁盘后重试。"
_DAMAGED = "数据库文件已损坏，刚才的操作没有保存。请不要删除它，用最近的备份恢复。"
_FULL = "磁盘已满，刚才的内容没有写入，原有数据不受影响。请清理磁盘后重试。"
# By SQLite's primary result codes (https://www.sqlite.org/rescode.html); what is not here is a fault of ours.
_ADVICE = {
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_PROTOCOL: _BUSY,
    sqlite3.SQLITE_NOMEM: "内存不足，刚才的操作没有保存。请关掉别的程序后重试。",
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_IOERR: _DISK,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_CANTOPEN: "打不开数据库文件。请检查数据文件夹是否存在、是否可写，或用 --data 换一个文件夹。",
    sqlite3.SQLITE_TOOBIG: "内容太长，存不下，刚才的操作没有保存。请缩短后重试。",
    sqlite3.SQLITE_AUTH: _READ_ONLY,
    sqlite3.SQLITE_NOTADB: "数据库文件已损坏或不是闻应的数据库。请用备份恢复，或用 --data 换一个文件夹。",
}
_NO_ROOM_FOR_INDEX = sqlite3.SQLITE_IOERR_SHMSIZE
_APPEND_ONLY = "留痕和时限台账只增不改，数据库拒绝了这次改动，什么也没有变。"


def code_of(error: BaseException | None) -> int | None:
    """SQLite's extended result code of an error, None for one that has none."""
    if isinstance(error, DBAPIError):
        error = error.orig
    return getattr(error, "sqlite_errorcode", None)


def is_busy(error: BaseException) -> bool:
    """Whether another connection was in the way."""
    code = code_of(error)
    return code is not None and code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def is_full(error: BaseException) -> bool:
    """Whether there was no room on the disk, be it only for the index that SQLite keeps beside a database."""
    code = code_of(error)
    return code is not None and (code & 0xFF == sqlite3.SQLITE_FULL or code == _NO_ROOM_FOR_INDEX)


def advice(error: BaseException) -> str | None:
    """What to tell the user about an error of the database, None where it is a fault in the program."""
    if isinstance(error, PoolTimeout):
        return _BUSY
    code = code_of(error)
    if code == sqlite3.SQLITE_CONSTRAINT_TRIGGER:
        return _APPEND_ONLY
    if is_full(error):
        return _FULL
    if code is not None:
        return _ADVICE.get(code & 0xFF)
    shared = isinstance(error, OperationalError | InterfaceError) and not isinstance(error.orig, sqlite3.Error)
    return "连不上数据库，刚才的操作没有保存。请检查网络和数据库服务器后重试。" if shared else None


@contextmanager
def explained() -> Iterator[None]:
    """Turn what can go wrong with disk and file into a StoreError; let everything else pass as it is."""
    try:
        yield
    except (DBAPIError, PoolTimeout, sqlite3.Error) as error:
        sentence = advice(error)
        if sentence is None:
            raise
        raise StoreError(sentence) from error
