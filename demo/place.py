"""Where a demo is made: a folder that only ever loses what an earlier demo put there itself."""

from __future__ import annotations

import shutil
from pathlib import Path

from domain.errors import InputError, StoreError
from domain.private import PRIVATE_FOLDER, open_private
from store.presence import others

MARK = "闻应演示.txt"
TOLD = "这个文件夹由闻应的演示建立，再次演示时会清空重做。请不要把要紧的文件放在这里。\n"
# What a demo and the window on it make in their folder.
OWN = (
    "wenying.db",
    "wenying.db-wal",
    "wenying.db-shm",
    "wenying.log",
    "wenying.log.1",
    "wenying.log.2",
    "window.ini",
    "collector.lock",
    "凭据",
    "简报",
    "交接班",
    "图解",
    "演练",
    "备份",
    "备份情况.json",
    "信源密码.json",
    "信源密码.lock",
    ".使用中",
    MARK,
)


def made_anew(*folders: Path) -> None:
    """Empty each folder of what an earlier demo left there, and mark it as a demo's.

    Raises InputError, with nothing deleted, where one of them holds what no demo made.
    """
    for folder in folders:
        _check(folder)
    for folder in folders:
        try:
            if folder.exists():
                shutil.rmtree(folder)
            folder.mkdir(PRIVATE_FOLDER, parents=True)
            with open_private(folder / MARK, "w") as out:
                out.write(TOLD)
        except OSError as error:
            raise StoreError(f"不能在“{folder.parent}”里建文件夹。请用 --out 换一个地方。") from error


def _check(folder: Path) -> None:
    else_where = "什么也没有删除。请用 --out 换一个空文件夹，或自己把它移开。"
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise InputError(f"“{folder}”不是演示建立的文件夹，{else_where}")
    try:
        names = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
    except OSError as error:
        raise InputError(f"读不了“{folder}”，{else_where}") from error
    if not names:
        return
    if MARK not in names:
        raise InputError(f"“{folder}”里已有文件，不是演示建立的，{else_where}")
    foreign = [name for name in names if name not in OWN and not (name.endswith(".xml") and folder.name == "feeds")]
    if foreign:
        raise InputError(f"“{folder}”里有不是演示建立的“{foreign[0]}”，{else_where}")
    if open_by := others(folder):
        raise InputError(f"上一次的演示还开着（{open_by[0]}）。请先关掉它，什么也没有删除。")
