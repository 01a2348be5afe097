"""Looking after the data: is everything in order, and what to do where it is not."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from briefing.faces import missing
from briefing.pdf import libre_office
from desk.cases.deadlines import would_move
from desk.collecting.rounds import last_round
from desk.collecting.sourcework import list_sources
from desk.office import anchors, backups
from domain.addresses import MASK
from domain.errors import WenyingError
from domain.private import exposed
from domain.times import exact
from response.workcalendar import WorkCalendar
from sources.rhythm import LONGEST_WAIT
from store import articles, record, sources, topics
from store.archive import DATABASE, FOLDERS
from store.database import Database

LEAST_DISK = 2_000_000_000  # bytes
LEAST_BACKUP = 300_000_000  # bytes that stay free beside a backup


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """One thing looked at: in order or not, and what to do."""

    name: str
    good: bool
    told: str


def examine(database: Database, folder: Path, now: datetime) -> list[HealthCheck]:
    """Look at database, record, backups, disk, permissions, sources, calendar, engine, faces and printing."""
    looks: list[Callable[[], HealthCheck]] = [
        lambda: _record(database, folder),
        lambda: _backups(database, folder, now),
        lambda: _backup_place(database, folder),
        lambda: _disk(folder),
        lambda: _permissions(folder),
        lambda: _sources(database, now),
        lambda: _passwords(database),
        lambda: _clock(database, now),
        lambda: _calendar(database, now),
        _engine,
        _faces,
        _printing,
    ]
    checks = [_database(database)]
    for look in looks:
        try:
            checks.append(look())
        except WenyingError as error:  # one thing that is broken does not hide the others
            if not any(point.told == str(error) for point in checks):
                checks.append(HealthCheck("数据", False, str(error)))
    return checks


def without_database(folder: Path, now: datetime, said: str) -> list[HealthCheck]:
    """What can be looked at when the database cannot be opened, with the sentence that says why."""
    return [
        HealthCheck("数据库", False, said),
        _backups(None, folder, now),
        _backup_place(None, folder),
        _disk(folder),
        _permissions(folder),
        _engine(),
        _faces(),
        _printing(),
    ]


def _backups(database: Database | None, folder: Path, now: datetime) -> HealthCheck:
    """How old the last backup is and whether it was tried."""
    if database is not None:
        stand = backups.standing(database, folder, now)
        return HealthCheck("备份", not stand.warning, stand.warning or stand.told)
    known, state = backups.BackupPlan(), backups.read_state(folder)
    warned = backups.warning(known, state, None, now)
    return HealthCheck("备份", not warned, f"{warned}{backups.told(known, state)}")


def _backup_place(database: Database | None, folder: Path) -> HealthCheck:
    """Whether the next backup will find room where it goes, and may be written there."""
    known = backups.plan(database) if database else backups.BackupPlan()
    place = known.place(folder)
    there = next((path for path in (place, *place.parents) if path.exists()), folder)
    if known.folder and there != place:
        return HealthCheck("备份位置", False, f"“{place}”不在。请接上磁盘，或在“设置”→“备份”里换一个位置。")
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return HealthCheck("备份位置", False, f"“{place}”不可写。请检查权限，或在“设置”→“备份”里换一个位置。")
    free, needed = shutil.disk_usage(there).free, 3 * _size(folder) + LEAST_BACKUP
    space = f"{place}，剩 {free / 1e9:.1f} GB。"
    if free < needed:
        return HealthCheck("备份位置", False, f"{space}下一次备份约需 {needed / 1e9:.1f} GB。请清理，或换一个位置。")
    return HealthCheck("备份位置", True, space)


def _size(folder: Path) -> int:
    """Bytes that a backup has to hold, about."""
    size = 0
    for path in (folder / DATABASE, *(p for name in FOLDERS for p in (folder / name).rglob("*"))):
        with suppress(OSError):
            size += path.stat().st_size if path.is_file() else 0
    return size


def _permissions(folder: Path) -> HealthCheck:
    """Whether the office may write its data, and nobody else may read them."""
    if not os.access(folder, os.W_OK | os.X_OK):
        return HealthCheck("权限", False, f"数据文件夹“{folder}”不可写。请检查它的权限，或用 --data 换一个文件夹。")
    path = folder / DATABASE
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        return HealthCheck("权限", False, f"数据库文件“{path}”不可读写。请检查它的权限。")
    if open_paths := exposed(folder):
        hint = (
            "请把数据文件夹移到本人的用户文件夹里（默认位置）。"
            if sys.platform == "win32"
            else f"请用建立它的账号运行 chmod -R go= '{folder}'。"
        )
        return HealthCheck(
            "权限", False, f"这台电脑上别的账号也能看到“{open_paths[0].name}”等 {len(open_paths)} 处，{hint}"
        )
    return HealthCheck("权限", True, "可以读写，只有本账号能看。")


def _database(database: Database) -> HealthCheck:
    try:
        if not database.sound():
            return HealthCheck("数据库", False, "数据库文件有损坏。请尽快用 restore 恢复最近的备份。")
        return HealthCheck("数据库", True, "完好。")
    except WenyingError as error:
        return HealthCheck("数据库", False, str(error))


def _record(database: Database, folder: Path) -> HealthCheck:
    verdict = anchors.checked(database, folder)
    return HealthCheck("留痕", verdict.whole, verdict.said)


def _disk(folder: Path) -> HealthCheck:
    free = shutil.disk_usage(folder).free
    space = f"剩 {free / 1e9:.1f} GB。"
    return HealthCheck(
        "磁盘", free >= LEAST_DISK, space if free >= LEAST_DISK else space + "请清理磁盘，写满后就不能采集和留痕。"
    )


def _sources(database: Database, now: datetime) -> HealthCheck:
    seen = list_sources(database, now)
    bad = [v.source.name for v in seen if v.state.needs_look]
    if not seen:
        return HealthCheck("信源", False, "还没有信源。用 source add 添加，或在“信源”页导入。")
    return HealthCheck(
        "信源", not bad, f"{len(seen)} 个" + (f"，其中出错或静默：{'、'.join(bad[:8])}。" if bad else "，都正常。")
    )


def _passwords(database: Database) -> HealthCheck:
    """Whether every password of a source is at hand, and none stands where others could read it."""
    with database.read() as connection:
        telling = record.telling_secrets(connection)
        asking = [source for source in sources.all_sources(connection) if MASK in source.url]
    lacking = [source.name for source in asking if database.passwords.of(source.url) is None]
    if lacking:
        return HealthCheck(
            "信源密码", False, f"取不到密码：{'、'.join(lacking[:8])}。请解锁系统钥匙串，或在“信源”页重新填写地址。"
        )
    if telling:
        return HealthCheck(
            "信源密码",
            False,
            f"留痕里有 {telling} 条较早的记录写着信源的密码，留痕不能改。请到这些网站换密码，再在“信源”页填写新的；"
            "较早的备份里也有，请妥善保管。",
        )
    return HealthCheck("信源密码", True, f"{len(asking)} 个信源有密码，都另外收着。" if asking else "没有信源要密码。")


def _clock(database: Database, now: datetime) -> HealthCheck:
    """Whether anything is dated in the future, which only a clock that was wrong, then or now, can do."""
    last, latest = last_round(database), now + timedelta(days=1)
    with database.read() as connection:
        waiting = [s.name for s in sources.all_sources(connection) if s.due_at and s.due_at > now + LONGEST_WAIT]
        later = [
            f"最近一轮采集记在 {exact(last.at)}" if last and last.at > latest else "",
            f"{count} 条信息" if (count := articles.count_after(connection, latest)) else "",
            f"{count} 个话题" if (count := topics.count_after(connection, latest)) else "",
            f"{len(waiting)} 个信源（{'、'.join(waiting[:5])}）的下次采集" if waiting else "",
        ]
    if not any(later):
        return HealthCheck("时钟", True, f"现在是 {exact(now)}，没有未来的日期。")
    return HealthCheck(
        "时钟",
        False,
        f"现在是 {exact(now)}，而有记在以后的：{'，'.join(filter(None, later))}。电脑的时钟出过错，或现在就不对。"
        "请先核对时钟、打开自动对时；对了以后，这些信源照常会采，这些信息排在最后，话题的热度重新计算，不用别的处理。",
    )


def _calendar(database: Database, now: datetime) -> HealthCheck:
    moved = would_move(database, now)
    if moved:
        return HealthCheck(
            "时限", False, f"日历改过，{len(moved)} 件时限还没有重新计算。请在“设置”→“时限与日历”里确认。"
        )
    ahead = (now + timedelta(days=45)).date()
    if WorkCalendar().day(ahead).provisional:
        return HealthCheck(
            "时限",
            True,
            f"{ahead.year} 年放假安排还不在程序里，工作日暂按周一至周五和法定节日计。公布后请更新程序或在设置里填写。",
        )
    return HealthCheck("时限", True, "与日历一致。")


def _engine() -> HealthCheck:
    if "rjieba" in sys.modules or _importable("rjieba"):
        return HealthCheck("分词", True, "快速引擎。")
    return HealthCheck("分词", True, "这台机器没有快速引擎，用标准引擎，慢一些，结果相同。")


def _faces() -> HealthCheck:
    lacking = missing()
    if not lacking:
        return HealthCheck("公文字体", True, "齐全。")
    substitutes = "；".join(
        f"没有{face}，{f'用{other}代替' if other else '由 Word 自行代替'}" for face, other in lacking.items()
    )
    return HealthCheck("公文字体", True, f"{substitutes}。装上以后版面才与标准一致。")


def _printing() -> HealthCheck:
    if libre_office():
        return HealthCheck("PDF", True, "由 LibreOffice 生成，与 Word 一致。")
    return HealthCheck("PDF", True, "没有 LibreOffice，由本软件打印，版面与 Word 略有不同。")


def _importable(name: str) -> bool:
    from importlib.util import find_spec

    return find_spec(name) is not None
