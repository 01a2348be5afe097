"""Looking after the data: is everything in order, and what to do where it is not."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from briefing.faces import missing
from briefing.pdf import libre_office
from desk.clocks import would_move
from desk.monitor import verify_record
from desk.sourcework import list_sources
from domain.errors import WenyingError
from response.workcalendar import WorkCalendar
from store.database import Database

LEAST_DISK = 2_000_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Point:
    """One thing looked at: in order or not, and what to do."""

    name: str
    good: bool
    told: str


def examine(database: Database, folder: Path, now: datetime) -> list[Point]:
    """Look at database, record, disk, sources, calendar, engine, faces and printing."""
    return [
        _database(database),
        _record(database),
        _disk(folder),
        _sources(database, now),
        _calendar(database, now),
        _engine(),
        _faces(),
        _printing(),
    ]


def _database(database: Database) -> Point:
    try:
        with database.read() as connection:
            if connection.dialect.name == "sqlite":
                told = str(connection.execute(text("PRAGMA quick_check")).scalar())
                if told != "ok":
                    return Point("数据库", False, "数据库文件有损坏。请尽快用 restore 恢复最近的备份。")
        return Point("数据库", True, "完好。")
    except WenyingError as error:
        return Point("数据库", False, str(error))


def _record(database: Database) -> Point:
    count, misfit = verify_record(database)
    if misfit is None:
        return Point("留痕", True, f"{count} 条，链条完整。")
    return Point("留痕", False, f"第 {misfit} 条与链条不符，此后可能被改动过。请保留现场，与最近的备份比对。")


def _disk(folder: Path) -> Point:
    free = shutil.disk_usage(folder).free
    told = f"剩 {free / 1e9:.1f} GB。"
    return Point(
        "磁盘", free >= LEAST_DISK, told if free >= LEAST_DISK else told + "请清理磁盘，写满后就不能采集和留痕。"
    )


def _sources(database: Database, now: datetime) -> Point:
    seen = list_sources(database, now)
    bad = [v.source.name for v in seen if v.state.needs_look]
    if not seen:
        return Point("信源", False, "还没有信源。用 source add 添加，或在“信源”页导入。")
    return Point(
        "信源", not bad, f"{len(seen)} 个" + (f"，其中出错或静默：{'、'.join(bad[:8])}。" if bad else "，都正常。")
    )


def _calendar(database: Database, now: datetime) -> Point:
    moved = would_move(database)
    if moved:
        return Point("时限", False, f"日历改过，{len(moved)} 件时限还没有重新计算。请在“设置”→“时限与日历”里确认。")
    ahead = (now + timedelta(days=45)).date()
    if WorkCalendar().day(ahead).provisional:
        return Point(
            "时限",
            True,
            f"{ahead.year} 年放假安排还不在程序里，工作日暂按周一至周五计。公布后请更新程序或在设置里填写。",
        )
    return Point("时限", True, "与日历一致。")


def _engine() -> Point:
    if "rjieba" in sys.modules or _importable("rjieba"):
        return Point("分词", True, "快速引擎。")
    return Point("分词", True, "这台机器没有快速引擎，用标准引擎，慢一些，结果相同。")


def _faces() -> Point:
    lacking = missing()
    if not lacking:
        return Point("公文字体", True, "齐全。")
    told = "；".join(
        f"没有{face}，{f'用{other}代替' if other else '由 Word 自行代替'}" for face, other in lacking.items()
    )
    return Point("公文字体", True, f"{told}。装上以后版面才与标准一致。")


def _printing() -> Point:
    if libre_office():
        return Point("PDF", True, "由 LibreOffice 生成，与 Word 一致。")
    return Point("PDF", True, "没有 LibreOffice，由本软件打印，版面与 Word 略有不同。")


def _importable(name: str) -> bool:
    from importlib.util import find_spec

    return find_spec(name) is not None
