"""Backing up and restoring the data: the database as one consistent file, with the evidence, in a zip."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from domain.errors import InputError, StoreError

DATABASE, FOLDERS, MARK = "wenying.db", ("凭据", "简报", "交接班"), "闻应备份.json"
LARGEST_PART = 50_000_000_000  # bytes; a file that claims more is not ours


def back_up(folder: Path, url: str, file: Path, now: datetime) -> int:
    """Write a backup; its size in bytes. The office may go on working meanwhile. Raises StoreError."""
    database = sqlite_file(url)
    partial = file.with_name(file.name + ".part")
    try:
        with tempfile.TemporaryDirectory(dir=file.parent) as temporary:
            copy = Path(temporary) / DATABASE
            source, target = sqlite3.connect(database), sqlite3.connect(copy)
            try:
                source.backup(target)
            finally:
                source.close()
                target.close()
            with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                archive.writestr(MARK, json.dumps({"made": now.isoformat()}))
                archive.write(copy, DATABASE)
                for path in _kept(folder):
                    archive.write(path, path.relative_to(folder).as_posix())
        partial.replace(file)
    except (OSError, sqlite3.Error) as error:
        partial.unlink(missing_ok=True)
        raise StoreError(f"备份没有写成：{file.name}。请检查位置是否可写、磁盘是否已满；原有数据不受影响。") from error
    return file.stat().st_size


def restore(folder: Path, url: str, file: Path) -> Path | None:
    """Put a backup in the place of the data; where the former database was kept, None without one. Raises StoreError."""
    database = sqlite_file(url)
    try:
        with zipfile.ZipFile(file) as archive, tempfile.TemporaryDirectory(dir=folder) as temporary:
            names = set(archive.namelist())
            if MARK not in names or DATABASE not in names:
                raise InputError(f"{file.name} 不是闻应的备份。请选用 backup 得到的文件。")
            if any(_outside(name) or archive.getinfo(name).file_size > LARGEST_PART for name in names):
                raise InputError(f"{file.name} 的内容不对，没有恢复。请换一个备份。")
            archive.extractall(temporary)
            _check(Path(temporary) / DATABASE)
            former = _put_aside(database)
            shutil.move(str(Path(temporary) / DATABASE), database)
            for name in FOLDERS:
                if (made := Path(temporary) / name).is_dir():
                    shutil.copytree(made, folder / name, dirs_exist_ok=True)
    except (OSError, zipfile.BadZipFile) as error:
        raise StoreError(f"恢复没有做成：读不了 {file.name}，或数据文件夹不可写。原有数据不受影响。") from error
    return former


def sqlite_file(url: str) -> Path:
    """The file of a SQLite database. Raises StoreError for another kind, which its own tools back up."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise StoreError("这个命令只管单机的 SQLite 数据库。PostgreSQL 请用 pg_dump 备份。")
    return Path(parsed.database)


def _kept(folder: Path) -> Iterator[Path]:
    for name in FOLDERS:
        yield from (path for path in (folder / name).rglob("*") if path.is_file())


def _outside(name: str) -> bool:
    first = name.split("/")[0]
    return ".." in Path(name).parts or Path(name).is_absolute() or first not in (MARK, DATABASE, *FOLDERS)


def _check(database: Path) -> None:
    connection = sqlite3.connect(database)
    try:
        good = connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    except sqlite3.DatabaseError:
        good = False
    finally:
        connection.close()
    if not good:
        raise StoreError("备份里的数据库已损坏，没有恢复，原有数据不受影响。请换一个备份。")


def _put_aside(database: Path) -> Path | None:
    if not database.exists():
        return None
    for i in range(1, 1000):
        aside = database.with_name(f"{database.stem}_恢复前{i}{database.suffix}")
        if not aside.exists():
            connection = sqlite3.connect(database)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
            database.rename(aside)
            for tail in ("-wal", "-shm"):
                Path(f"{database}{tail}").unlink(missing_ok=True)
            return aside
    raise StoreError("恢复前的旧数据库太多了。请清理数据文件夹里名为“恢复前”的文件。")
