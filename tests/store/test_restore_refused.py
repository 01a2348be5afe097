"""What a restore refuses, by the database and by the archive, and that nothing is changed by what is refused."""

from __future__ import annotations

import sqlite3
import stat
import zipfile
from contextlib import closing

import pytest

from domain.errors import InputError, WenyingError
from store.database import HEAD, sqlite_url
from store.restore import restore
from tests.store.backups import (
    MARK,
    NAME,
    OLD,
    altered_record,
    emptied,
    remade,
    scribbled,
    sql,
    state,
    truncated,
)


def of_another_program(database):
    database.unlink()
    sql("CREATE TABLE moz_places (id INTEGER PRIMARY KEY, url TEXT)", "INSERT INTO moz_places VALUES (1, 'x')")(
        database
    )


def posing_as_ours(database):
    database.unlink()
    sql(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))",
        f"INSERT INTO alembic_version VALUES ('{HEAD}')",
        "CREATE TABLE record (sequence INTEGER PRIMARY KEY)",
    )(database)


def with_a_generated_column(database):
    sql("ALTER TABLE setting ADD COLUMN twice TEXT GENERATED ALWAYS AS (key || key) VIRTUAL")(database)


def without_tables(database):
    database.unlink()
    sql("PRAGMA user_version=1")(database)


REFUSED = {
    "newer": (sql("UPDATE alembic_version SET version_num = '9999'"), "更新版本"),
    "unknown version": (sql("UPDATE alembic_version SET version_num = 'abcd'"), "别的程序"),
    "two versions": (sql("INSERT INTO alembic_version VALUES ('0001')"), "别的程序"),
    "another program's": (of_another_program, "别的程序"),
    "posing as ours": (posing_as_ours, "不是闻应的数据库"),
    "empty file": (emptied, "空"),
    "no tables": (without_tables, "空"),
    "no version": (sql("DELETE FROM alembic_version"), "空"),
    "trigger": (sql("CREATE TRIGGER evil AFTER INSERT ON article BEGIN DELETE FROM article; END"), "触发器 evil"),
    "trigger taken away": (sql("DROP TRIGGER record_no_UPDATE"), "缺少触发器"),
    "trigger weakened": (
        sql(
            "DROP TRIGGER record_no_UPDATE",
            "CREATE TRIGGER record_no_UPDATE BEFORE UPDATE ON record BEGIN SELECT 1; END",
        ),
        "record_no_UPDATE",
    ),
    "view": (sql("CREATE VIEW evil AS SELECT * FROM article"), "视图 evil"),
    "view over the version": (
        sql("DROP TABLE alembic_version", f"CREATE VIEW alembic_version AS SELECT '{HEAD}' AS version_num"),
        "别的程序",
    ),
    "virtual table": (sql("CREATE VIRTUAL TABLE evil USING fts5(a)"), "表 evil"),
    "generated column": (with_a_generated_column, "setting"),
    "index on an expression": (sql("CREATE INDEX evil ON article (length(title))"), "索引 evil"),
    "table more": (sql("CREATE TABLE evil (a)"), "表 evil"),
    "truncated": (truncated, "损坏"),
    "scribbled": (scribbled, "损坏"),
    "record altered": (altered_record, "留痕第 1 条"),
}


DOCTORED = {
    "source.tags": "'{bad json'",
    "source.options": "'[1]'",
    "source.due_at": "'not a date'",
    "source.tier": "'nosuch'",
    "source.name": "x'ff'",
    "source.url": "CAST(x'ff' AS TEXT)",
    "source.paused": "7",
    "source.failures": "'many'",
    "source.interval_minutes": "9e999",
    "article.title": "x'00'",
    "article.published_at": "'9999-99-99'",
    "article.fetched_at": "'2026-02-31 00:00:00.000000'",
    "article.source_id": "'x'",
    "topic.heat": "'hot'",
    "topic.keywords": "'[1, 2]'",
    "topic.first_at": "'9999-12-31 23:59:59.000000'",
    "setting.value": "'{'",
    "record.at": "1.5",
}


@pytest.mark.parametrize("column", DOCTORED)
def test_value_that_its_column_cannot_hold_is_refused_and_named(column, kept, folder, tmp_path):
    table, _, name = column.partition(".")

    def change(database):
        with closing(sqlite3.connect(database)) as connection:
            guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for guard, _ in guards:
                connection.execute(f"DROP TRIGGER {guard}")
            done = connection.execute(f'UPDATE "{table}" SET "{name}" = {DOCTORED[column]}').rowcount
            assert done > 0
            for _, text in guards:
                connection.execute(text)
            connection.commit()

    with pytest.raises(WenyingError, match=f"表 {table}|损坏|没有恢复") as told:
        restore(folder, sqlite_url(folder), remade(kept, tmp_path / "坏.zip", change))
    assert "没有恢复" in str(told.value) and state(folder) == OLD


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_not_a_good_database_of_ours_is_refused_and_changes_nothing(kind, kept, folder, tmp_path):
    change, said = REFUSED[kind]
    before = sorted(p.relative_to(folder) for p in folder.rglob("*") if "使用中" not in str(p))
    bad = remade(kept, tmp_path / "坏.zip", change)
    with pytest.raises(WenyingError, match=said) as told:
        restore(folder, sqlite_url(folder), bad)
    assert "没有恢复" in str(told.value) and "不受影响" in str(told.value)
    assert sorted(p.relative_to(folder) for p in folder.rglob("*") if "使用中" not in str(p)) == before
    assert state(folder) == OLD


def entry(name, kind=stat.S_IFREG):
    made = zipfile.ZipInfo(name)
    made.external_attr = (kind | 0o600) << 16
    return made


NAMES = [
    "../evil.txt", "凭据/../../evil.txt", "/etc/evil", "C:/evil", "凭据\\evil", "evil.txt", "凭据/", "凭据/CON",
    "凭据/nul.txt", "凭据/a:b", "凭据/a?", "凭据/a.", "凭据/a ", "凭据//a", "凭据/./a", "凭据/a\x01b", "wenying.db/x",
    "WENYING.DB", "凭据/A.png", ".恢复中_/x", "wenying.db-wal",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_names_that_lead_astray_are_refused(name, kept, folder):
    with zipfile.ZipFile(kept, "a") as archive:
        archive.writestr(entry(name), "x")
    with pytest.raises(InputError, match="内容不对"):
        restore(folder, sqlite_url(folder), kept)
    assert state(folder) == OLD


def test_link_in_a_backup_is_refused(kept, folder):
    with zipfile.ZipFile(kept, "a") as archive:
        archive.writestr(entry("凭据/link", stat.S_IFLNK), "/etc/passwd")
    with pytest.raises(InputError, match="不是普通文件"):
        restore(folder, sqlite_url(folder), kept)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_name_twice_is_refused(kept, folder):
    with zipfile.ZipFile(kept, "a") as archive:
        archive.writestr(entry("凭据/a.png"), "other")
    with pytest.raises(InputError, match="重名"):
        restore(folder, sqlite_url(folder), kept)


def test_bomb_is_refused_before_it_is_unpacked(kept, folder, tmp_path):
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MARK, "{}")
        with archive.open(NAME, "w") as out:
            for _ in range(600):
                out.write(bytes(1_000_000))
    with pytest.raises(InputError, match="大小不合理"):
        restore(folder, sqlite_url(folder), bomb)
    assert not list(folder.glob(".恢复中_*")) and state(folder) == OLD


@pytest.mark.parametrize("claimed", [100, 10_000_000])
def test_size_that_lies_is_found_out(claimed, kept, folder, tmp_path):
    """The size in the zip's list says one thing, the bytes another."""
    bad = tmp_path / "lies.zip"
    with zipfile.ZipFile(kept) as archive:
        real = archive.getinfo(NAME).file_size
    body = kept.read_bytes()
    place = body.rindex(b"PK\x01\x02", 0, body.rindex(NAME.encode()))
    assert int.from_bytes(body[place + 24 : place + 28], "little") in (real, 0xFFFFFFFF)
    bad.write_bytes(body[: place + 24] + claimed.to_bytes(4, "little") + body[place + 28 :])
    with pytest.raises(WenyingError, match="不受影响"):
        restore(folder, sqlite_url(folder), bad)
    assert state(folder) == OLD


def test_backup_with_a_flipped_byte_is_refused(kept, folder):
    body = bytearray(kept.read_bytes())
    body[len(body) // 2] ^= 0xFF
    kept.write_bytes(body)
    with pytest.raises(WenyingError, match="不受影响"):
        restore(folder, sqlite_url(folder), kept)
    assert state(folder) == OLD
