"""Putting a backup in the place of the data: looked over first, swapped last, and finished whatever interrupts it.

The swap is a list of renames that is written down before the first of them: until it is on the disk the data are the
old ones, from then on they are the new ones, for whoever opens them next goes through the rest of the list first.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import NullPool, create_engine
from sqlalchemy.exc import SQLAlchemyError

from domain.errors import StoreError
from domain.files import flush_file, flush_folder, whole_file
from domain.person import Actor, Proof
from domain.record import SeenHead
from domain.times import china
from store import anchorfile, archive, genuine, record, seat, sources
from store.archive import DATABASE, FOLDERS, Manifest
from store.backup import opened_copy, sqlite_file
from store.genuine import DatabaseContents
from store.presence import alone
from store.values import local_sources

LIST = ".恢复.json"  # after the database's name: the renames that are still to be done
ASIDE, STAGE = "恢复前", ".恢复中_"
PAUSED = "恢复备份后已暂停：它读的是本机的文件或文件夹。请核对位置，没有问题再启用。"
TAILS = ("", "-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored: the backup's own words, what it holds, where the former database is (None without one).

    `paused` are the sources that are files or folders of this machine: a backup may come from elsewhere, and what it
    names is read only when the office has looked at it.
    """

    manifest: Manifest
    contents: DatabaseContents
    former: Path | None
    paused: tuple[str, ...] = ()


def restore(folder: Path, url: str, file: Path) -> Path | None:
    """Put a backup in the place of the data; where the former database was kept. Raises StoreError, InputError."""
    return put_back(folder, url, file, Actor("restore", Proof.PROGRAM), datetime.now(UTC)).former


def put_back(folder: Path, url: str, file: Path, actor: Actor, now: datetime, despite_record: bool = False) -> Restored:
    """Put a backup in the place of the data, which nobody may have open; recorded in what is restored.

    The former database and its folders are kept together in a folder of their own, never deleted. Raises
    InputError or StoreError, with everything as it was, for whatever is wrong with the backup or in the way.
    `despite_record` takes a backup whose record does not fit.
    """
    database = sqlite_file(url)
    with alone(folder):
        try:
            finish(database)
            _sweep(folder, database)
            stage = Path(tempfile.mkdtemp(prefix=STAGE, dir=folder))
            try:
                return _swapped(folder, database, file, stage, actor, now, despite_record)
            finally:
                if not _list_of(database).exists():
                    shutil.rmtree(stage, ignore_errors=True)
        except OSError as error:
            raise StoreError(
                f"恢复没有做成：读不了 {file.name}，或数据文件夹不可写。请检查权限和磁盘。原有数据不受影响。"
            ) from error


def finish(database: Path) -> None:
    """Go through the rest of a restore that was interrupted; nothing where there was none. Raises StoreError."""
    todo = _list_of(database)
    if not todo.exists():
        return
    try:
        written_down = json.loads(todo.read_text("utf-8"))
        moves = [(database.parent / one, database.parent / other) for one, other in written_down["moves"]]
        _move(moves)
        _tidy(database, database.parent / written_down["stage"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"上一次恢复备份没有做完，现在也接不下去。请关掉其他程序，检查“{database.parent}”的权限后再打开。"
        ) from error


def _swapped(
    folder: Path, database: Path, file: Path, stage: Path, actor: Actor, now: datetime, despite_record: bool
) -> Restored:
    manifest = archive.unpack(file, stage)
    contents = opened_copy(stage / DATABASE, manifest)
    if contents.misfit is not None and not despite_record:
        raise StoreError(
            f"备份里的留痕第 {contents.misfit} 条与链条不符，可能被改动过。没有恢复，原有数据不受影响。"
            "请换一个备份；确实要用它的，加上 --despite-record。"
        )
    _settle(database)
    aside = _free_folder(folder / f"{ASIDE}_{china(now):%Y%m%d_%H%M%S}")
    old = [Path(f"{database}{tail}") for tail in TAILS]
    beside = aside if database.parent == folder else _free_folder(database.parent / aside.name)
    moves = [(path, beside / path.name) for path in old if path.exists()]
    moves += [(folder / name, aside / name) for name in FOLDERS if (folder / name).exists()]
    former = beside / database.name if database.exists() else None
    lost = {"replaced": _last_entry(database), "lacked": _lacked(database, folder, file)}
    paused = _note(stage / DATABASE, file, manifest, contents, former, lost, actor, now)
    moves.append((_beside(stage / DATABASE, database), database))
    moves += [(stage / name, folder / name) for name in FOLDERS if (stage / name).exists()]
    for made in {aside, beside}:
        made.mkdir(mode=0o700)
    try:
        _write_down(database, stage, moves)
        _move(moves)
    except OSError:
        _undo(database, moves)
        raise
    _tidy(database, stage)
    for made in {aside, beside}:
        with suppress(OSError):
            made.rmdir()  # nothing was there before
    return Restored(manifest, contents, former, paused)


def _settle(database: Path) -> None:
    """Bring what still stands in the log of writes into the database's file; a damaged one is moved as it is.

    Raises StoreError where another program has it open.
    """
    if not database.exists():
        return
    try:
        with closing(sqlite3.connect(database, timeout=1)) as connection:
            free = connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0] == "delete"
    except sqlite3.OperationalError as error:
        free = not re.search("locked|busy", str(error))
    except sqlite3.DatabaseError:
        return
    if not free:
        raise StoreError("数据正由别的程序打开（窗口、采集或别的命令）。请先关掉它，再恢复。原有数据不受影响。")


def _beside(copy: Path, database: Path) -> Path:
    """The checked copy, flushed, on the disk of the database, so that one rename puts it in its place."""
    _flush(copy.parent)
    if database.parent == copy.parent.parent:
        return copy
    there = database.with_name(f"{STAGE}{copy.parent.name}.db")
    with whole_file(there, private=True) as partial:
        shutil.copyfile(copy, partial)
    return there


def _note(
    copy: Path,
    file: Path,
    manifest: Manifest,
    contents: DatabaseContents,
    former: Path | None,
    lost: Mapping[str, Any],
    actor: Actor,
    now: datetime,
) -> tuple[str, ...]:
    """Write into the record of what is restored that it was, from which backup and by whom; the sources it pauses."""
    what = {
        "backup": file.name,
        "made": manifest.made,
        "made_by": manifest.who,
        "entries": contents.entries,
        "head": contents.head,
        "first_misfit": contents.misfit,
        "former": str(former.parent.name) if former else None,
        **lost,
    }
    with genuine.opened_file(copy) as opened, opened.write() as connection:
        local = local_sources(connection)
        for id, _, _ in local:
            sources.change(connection, id, paused=True, notice=PAUSED)
        named = tuple(f"{name}（{place}）" for _, name, place in local)
        record.append(connection, now, actor.name, record.RESTORED, "database", None, {**what, "paused": list(named)})
    return named


def _last_entry(database: Path) -> int | None:
    """The number of the last entry in the record that is replaced; None where it cannot be read."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        last = connection.execute("SELECT max(sequence) FROM record").fetchone()[0]
        return last if isinstance(last, int) else None
    return None


def _lacked(database: Path, folder: Path, file: Path) -> list[str]:
    """The heads laid down at this seat and beside the backup that the record which is replaced does not hold either:
    no restore accounts for what had gone before it. None where that record cannot be read.
    """
    heads = [*seat.seen(str(folder.resolve())), *(head for _, head in anchorfile.read(file.parent))]

    def opened() -> sqlite3.Connection:
        return sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)

    engine = create_engine("sqlite://", creator=opened, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            gone = record.lacking(connection, [SeenHead(head, "") for head in heads])
            return sorted({str(seen.head) for seen in gone})
    except (SQLAlchemyError, sqlite3.Error, *record.UNREADABLE):
        return []


def _write_down(database: Path, stage: Path, moves: list[tuple[Path, Path]]) -> None:
    """From this moment on the restored data are the data."""
    top = database.parent
    plain = [[_from(one, top), _from(other, top)] for one, other in moves]
    with whole_file(_list_of(database), private=True) as partial:
        partial.write_text(json.dumps({"moves": plain, "stage": _from(stage, top)}, ensure_ascii=False), "utf-8")


def _from(path: Path, top: Path) -> str:
    """A path from a folder, so that both may be moved; as it is where they are on two drives."""
    try:
        return os.path.relpath(path, top)
    except ValueError:
        return str(path)


def _move(moves: list[tuple[Path, Path]]) -> None:
    """Do the renames that are not done yet."""
    for one, other in moves:
        if os.path.lexists(one) and not os.path.lexists(other):
            try:
                one.rename(other)
            except FileNotFoundError:
                if not os.path.lexists(other):  # else another program went on with the list
                    raise
    for folder in {path.parent for pair in moves for path in pair}:
        if folder.is_dir():
            flush_folder(folder)


def _undo(database: Path, moves: list[tuple[Path, Path]]) -> None:
    """Back to how it was, where the system refuses a rename midway."""
    for one, other in reversed(moves):
        if os.path.lexists(other) and not os.path.lexists(one):
            other.rename(one)
    _list_of(database).unlink(missing_ok=True)


def _tidy(database: Path, stage: Path) -> None:
    _list_of(database).unlink(missing_ok=True)
    flush_folder(database.parent)
    if stage.name.startswith(STAGE):
        shutil.rmtree(stage, ignore_errors=True)


def _sweep(folder: Path, database: Path) -> None:
    """Clear away what a restore left that was killed before it changed anything."""
    for path in folder.glob(f"{STAGE}*"):
        shutil.rmtree(path, ignore_errors=True)
    for path in database.parent.glob(f"{STAGE}*.db"):
        path.unlink(missing_ok=True)
    for path in folder.glob(f"{ASIDE}_*"):
        with suppress(OSError):
            path.rmdir()  # refused where anything is in it


def _flush(stage: Path) -> None:
    """Have all that was taken out of the backup on the disk, names too."""
    for inside, _, names in os.walk(stage):
        for name in names:
            flush_file(Path(inside) / name)
        flush_folder(Path(inside))


def _list_of(database: Path) -> Path:
    return database.with_name(database.name + LIST)


def _free_folder(path: Path) -> Path:
    i, free = 1, path
    while os.path.lexists(free):
        i += 1
        free = path.with_name(f"{path.name}_{i}")
    return free
