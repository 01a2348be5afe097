"""A data folder before and after a backup, and backups whose database was harmed."""

from __future__ import annotations

import json
import os
import sqlite3
import zipfile
from contextlib import closing

from desk.cases.reading import list_concerns
from desk.execute import execute
from desk.office.particulars import office
from desk.topics import monitor
from domain.person import Actor
from domain.steps.office import SetOffice
from store.database import open_database, sqlite_url

ITEM = ("临江化工园区一厂房发生爆炸", "临江化工园区一厂房发生爆炸，消防救援人员已到现场。", "2026-11-20T08:40:00+08:00")
MARK, NAME = "闻应备份.json", "wenying.db"


def rename(folder, name, now):
    database = open_database(sqlite_url(folder))
    execute(database, SetOffice(name, places=("临江",)), Actor("李敏"), now)
    database.close()


def state(folder):
    """(the office's name, its evidence), of data that are whole."""
    database = open_database(sqlite_url(folder))
    try:
        assert monitor.verify_record(database)[1] is None and len(list_concerns(database)) == 1
        with database.read() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        return office(database).name, {p.name: p.read_bytes() for p in sorted((folder / "凭据").iterdir())}
    finally:
        database.close()


OLD = ("后来的单位", {"a.png": b"now", "b.png": b"new"})
NEW = ("原来的单位", {"a.png": b"then"})


def remade(file, target, change):
    """A backup like `file` with its database changed, and a manifest that says nothing of it."""
    with zipfile.ZipFile(file) as archive:
        archive.extract(NAME, target.parent / "work")
    database = target.parent / "work" / NAME
    change(database)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MARK, json.dumps({"made": "2026-11-20T00:00:00+00:00"}))
        archive.write(database, NAME)
    return target


def sql(*statements):
    def change(database):
        with closing(sqlite3.connect(database)) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    return change


def truncated(database):
    os.truncate(database, database.stat().st_size // 2)


def scribbled(database):
    body = bytearray(database.read_bytes())
    for i in range(len(body) // 3, len(body) // 3 + 20_000):
        body[i] = 0x5A
    database.write_bytes(body)


def emptied(database):
    database.write_bytes(b"")


def altered_record(database):
    with closing(sqlite3.connect(database)) as connection:
        kept_sql = [row[0] for row in connection.execute("SELECT sql FROM sqlite_master WHERE type='trigger'")]
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type='trigger'")]
        for name in names:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE record SET who = '别人' WHERE sequence = 1")
        for text in kept_sql:
            connection.execute(text)
        connection.commit()
