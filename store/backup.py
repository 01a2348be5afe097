"""Making a backup: one consistent copy of the database, looked over before it replaces anything, with the evidence."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
import unicodedata
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from domain.errors import InputError, StoreError
from domain.files import whole_file
from store import archive, genuine
from store.archive import DATABASE, FOLDERS, Manifest
from store.genuine import DatabaseContents

PAGES = 1000  # copied in one go; between two the office's steps have their turn
PAUSE = 0.005  # seconds between two
MISFIT = "_留痕不符"  # ends the name of a backup whose record does not fit
KEPT = "原来的备份没有动。"
ADVICE = "请立即停用，保留现场，用 restore 恢复最近一份完好的备份（设置→备份里有清单），或请管理员检查磁盘。"


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made: its file, its size in bytes, what is in it, and what had to be left out."""

    file: Path
    size: int
    contents: DatabaseContents
    left_out: tuple[str, ...]


def make(folder: Path, url: str, file: Path, now: datetime, who: str = "") -> Made:
    """Make a backup while the office goes on working; an earlier one of that name is replaced by a good one only.

    A record that does not fit is backed up all the same, under a name that says so, and never over a good backup;
    then, as for a damaged database, StoreError says what to do. InputError where something else is at `file`.
    """
    database = sqlite_file(url)
    _may_replace(file)
    try:
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".备份中_") as temporary:
            copy = Path(temporary) / DATABASE
            _copy(database, copy)
            contents = _looked_over(copy)
            target = file if contents.misfit is None else file.with_name(f"{file.stem}{MISFIT}{file.suffix}")
            files, left_out = _kept(folder)
            with whole_file(target, private=True) as partial:
                archive.pack(partial, lambda sums: _manifest(contents, sums, now, who), {DATABASE: copy, **files})
                _read_back(partial, file.name)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            f"备份没有写成：{file.name}。请检查位置是否可写、磁盘是否已满；原有数据不受影响，{KEPT}"
        ) from error
    if contents.misfit is not None:
        raise StoreError(
            f"留痕第 {contents.misfit} 条与链条不符，数据可能被改动过。{KEPT}现在的数据另存为 {target.name}，"
            "请保留现场，与最近一份完好的备份比对。"
        )
    return Made(target, target.stat().st_size, contents, tuple(left_out))


def tried(file: Path) -> tuple[Manifest, DatabaseContents]:
    """Restore a backup into a scratch folder, really open it, verify its record and compare its counts.

    Raises InputError or StoreError, saying what is wrong with it.
    """
    try:
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".试恢复_") as temporary:
            manifest = archive.unpack(file, Path(temporary))
            return manifest, opened_copy(Path(temporary) / DATABASE, manifest)
    except OSError as error:
        raise StoreError(f"试恢复没有做成：{file.name}。请检查备份位置是否可写、磁盘是否已满。") from error


def opened_copy(copy: Path, manifest: Manifest) -> DatabaseContents:
    """Check the database of a backup that was taken apart and bring it up to date. Raises InputError, StoreError."""
    try:
        revision = genuine.check_file(copy)
        contents = genuine.brought_up_to_date(copy)
    except StoreError as error:
        raise StoreError("备份里的数据库已损坏，没有恢复，原有数据不受影响。请换一个备份。") from error
    except InputError as error:
        raise InputError(f"这个备份{error}没有恢复，原有数据不受影响。") from error
    said = {"版本": (manifest.revision, revision), "留痕末条": (manifest.head, contents.head)}
    wrong = [name for name, (noted, real) in said.items() if noted and noted != real]
    if manifest.entries is not None and manifest.entries != contents.entries:
        wrong.append("留痕条数")
    wrong += [name for name, count in manifest.counts.items() if contents.counts.get(name, count) != count]
    if wrong:
        raise StoreError(f"备份与它自己的说明对不上（{wrong[0]}），已损坏。没有恢复，原有数据不受影响。请换一个备份。")
    return contents


def sqlite_file(url: str) -> Path:
    """The file of a SQLite database. Raises StoreError for another kind, which its own tools back up."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise StoreError("这个命令只管单机的 SQLite 数据库。PostgreSQL 请用 pg_dump 备份。")
    return Path(parsed.database)


def is_sqlite(url: str) -> bool:
    """Whether a database is one that we back up."""
    return url.startswith("sqlite") and make_url(url).database not in (None, "", ":memory:")


def _may_replace(file: Path) -> None:
    """Raise InputError where a backup would take the place of something that is none."""
    if file.is_dir():
        raise InputError(f"“{file}”是文件夹。请写上备份的文件名，如 {file.name}/闻应备份.zip。")
    if not file.parent.is_dir():
        raise InputError(f"没有“{file.parent}”这个文件夹。请换一个位置，或先建文件夹。")
    if file.exists():
        try:
            archive.read_manifest(file)
        except (InputError, StoreError, OSError) as error:
            raise InputError(f"“{file.name}”已经存在，而且不是闻应的备份，没有覆盖。请换一个文件名。") from error


def _copy(database: Path, copy: Path) -> None:
    """Copy the database as it is at one moment, in steps, holding nobody up. Raises OSError, sqlite3.Error."""
    if not database.is_file():
        raise StoreError(f"没有数据库文件“{database}”，没有可以备份的。{KEPT}")

    def pause(*_: object) -> None:
        time.sleep(PAUSE)

    try:
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
            # One snapshot for all steps: the copy does not begin anew at each write of others.
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            source.backup(target, pages=PAGES, progress=pause)
        copy.chmod(0o600)
        _shrink(copy)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        raise StoreError(f"数据库已损坏，没有备份，{KEPT}{ADVICE}") from error


def _shrink(copy: Path) -> None:
    """Leave the empty pages out where they are most of the file."""
    with closing(sqlite3.connect(copy)) as connection:
        free, pages = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("freelist_count", "page_count"))
        if free > pages // 2:
            connection.execute("VACUUM")


def _looked_over(copy: Path) -> DatabaseContents:
    """What the copy holds, once it is known to be whole. Raises StoreError."""
    try:
        genuine.check_file(copy)
        return genuine.contents(copy)
    except (StoreError, InputError) as error:
        fault = str(error).rstrip("。")
        raise StoreError(f"{fault if '数据库' in fault else f'数据库{fault}'}，没有备份，{KEPT}{ADVICE}") from error


def _read_back(partial: Path, name: str) -> None:
    try:
        archive.verify(partial)
    except (InputError, StoreError) as error:
        raise StoreError(f"备份写成后读回来不一样，没有留用：{name}。{KEPT}请检查那个磁盘，或换一个位置。") from error


def _manifest(contents: DatabaseContents, sums: dict[str, str], now: datetime, who: str) -> dict[str, Any]:
    return {
        "made": now.isoformat(),
        "who": who,
        "revision": contents.revision,
        "counts": contents.counts,
        "entries": contents.entries,
        "misfit": contents.misfit,
        "head": contents.head,
        "files": sums,
    }


def _kept(folder: Path) -> tuple[dict[str, Path], list[str]]:
    """The files that go with the database, and the names of those that cannot."""
    files: dict[str, Path] = {}
    left_out: list[str] = []
    seen: set[str] = set()
    for top in FOLDERS:
        for inside, _, names in os.walk(folder / top):
            for path in (Path(inside) / name for name in sorted(names)):
                name = path.relative_to(folder).as_posix()
                plain = unicodedata.normalize("NFC", name).casefold()
                if path.suffix == ".part" and path.name.startswith("."):
                    continue
                if not archive.may_be_named(name) or path.is_symlink() or not path.is_file() or plain in seen:
                    left_out.append(name)
                    continue
                seen.add(plain)
                files[name] = path
    return files, left_out
