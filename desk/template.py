"""The office's own Word template for briefings: kept in the store, so that a shared office has one."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import datetime
from pathlib import Path

from briefing.issue import Grid, Head, Issue, Kind, Section, plain
from briefing.template import check_template
from desk.office import office
from domain.errors import InputError
from domain.times import china_day
from store import record, settings
from store.database import Database

KEY = "briefing_template"
LARGEST = 5_000_000  # bytes


def template(database: Database) -> bytes | None:
    """The template as a .docx; None where our own layout is used."""
    with database.read() as connection:
        kept = settings.read(connection, KEY)
    return b64decode(kept["data"]) if kept else None


def template_name(database: Database) -> str:
    """What the template's file was called; empty where there is none."""
    with database.read() as connection:
        kept = settings.read(connection, KEY)
    return str(kept["name"]) if kept else ""


def set_template(database: Database, path: Path | None, who: str, now: datetime) -> None:
    """Take a .docx as the look of all briefings, None for our own; tried first, recorded.

    Raises InputError with what is wrong in it.
    """
    kept = None
    if path is not None:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise InputError(f"读不了“{path.name}”。请检查文件是否还在。") from error
        if len(data) > LARGEST:
            raise InputError("模板太大了，请控制在 5 MB 以内。")
        check_template(data, _sample(database, now))
        kept = {"name": path.name, "data": b64encode(data).decode()}
    with database.write() as connection:
        before = settings.read(connection, KEY)
        settings.write(connection, KEY, kept)
        names = [{"name": one["name"]} if one else None for one in (before, kept)]
        record.append(connection, now, who, "更换简报模板", "setting:briefing_template", *names)


def _sample(database: Database, now: datetime) -> Issue:
    """An issue with everything in it, to try a template on."""
    particulars = office(database)
    head = Head(Kind.DAILY, "样例", china_day(now), 1, 1, particulars.name, particulars.signer, now, "0" * 64)
    grid = Grid(("甲", "乙"), (("一", "二"),), (1, 1))
    return Issue(head, (Section("一、样例", [plain("样例。")], grid),))
