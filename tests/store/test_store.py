"""The store reads as of one moment, writes whole or not at all, and says in Chinese what is wrong with disk or file."""

from __future__ import annotations

import ast
import os
import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError, OperationalError

from desk.collecting.sourcework import list_sources
from desk.execute import execute
from domain.errors import StoreError
from domain.person import Actor
from domain.steps.office import SetOffice
from domain.steps.sources import AddSource
from store import settings
from store.database import open_database, sqlite_url

HOUSE = Path(__file__).parent.parent.parent


@pytest.fixture
def store(tmp_path):
    """A database that gives up waiting soon."""
    opened = open_database(sqlite_url(tmp_path), patience=0.2)
    yield opened
    opened.close()


def count(connection) -> int:
    return connection.execute(text("SELECT count(*) FROM setting")).scalar_one()


def put(database, key: str, value: object = 1, careful: bool = True) -> None:
    with database.write(careful=careful) as connection:
        settings.write(connection, key, value)


def test_two_looks_in_one_reading_see_one_moment(store, tmp_path):
    other = open_database(sqlite_url(tmp_path))
    with store.read() as connection:
        before = count(connection)
        put(other, "between")
        assert count(connection) == before
    with store.read() as connection:
        assert count(connection) == before + 1
    other.close()


def test_log_of_writes_stays_small_while_others_read_all_the_time(store, tmp_path, monkeypatch):
    monkeypatch.setattr("store.database.WAL_LIMIT", 2_000_000)
    monkeypatch.setattr("store.database.TIDY_SECONDS", 0.05)
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            with store.read() as connection:
                connection.execute(text("SELECT * FROM setting")).all()

    readers = [threading.Thread(target=look) for _ in range(3)]
    for reader in readers:
        reader.start()
    for i in range(600):
        put(store, f"k{i % 7}", "一" * 20_000, careful=False)
    over.set()
    for reader in readers:
        reader.join()
    assert (tmp_path / "wenying.db-wal").stat().st_size < 10_000_000  # of 36 MB written


def test_nothing_is_handed_out_from_inside_a_reading():
    """A generator that reads would hold its moment, and the log of writes with it, for as long as its caller likes."""
    held = []
    for folder in ("desk", "store", "commands", "gui"):
        for path in (HOUSE / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.With) and any(
                    ast.unparse(item.context_expr).endswith("database.read()") for item in node.items
                ):
                    held += [f"{path}:{n.lineno}" for n in ast.walk(node) if isinstance(n, ast.Yield | ast.YieldFrom)]
    assert held == []


def test_steps_are_on_the_disk_and_only_what_can_be_fetched_again_is_not_waited_for(store):
    def level(careful: bool) -> int:
        with store.write(careful=careful) as connection:
            return connection.exec_driver_sql("PRAGMA synchronous").scalar_one()

    full, normal = 2, 1
    assert [level(True), level(False), level(True)] == [full, normal, full]
    with store.write() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == full


def test_failed_transaction_leaves_nothing_even_of_tables(store):
    with pytest.raises(ZeroDivisionError), store.write() as connection:
        connection.execute(text("CREATE TABLE half (a)"))
        settings.write(connection, "half", 1)
        raise ZeroDivisionError
    with store.read() as connection:
        assert count(connection) == 0
        assert connection.execute(text("SELECT count(*) FROM sqlite_master WHERE name = 'half'")).scalar() == 0


def test_fault_of_the_program_is_not_called_a_fault_of_disk_or_address(store):
    with pytest.raises(OperationalError), store.read() as connection:
        connection.execute(text("SELECT * FROM no_such_table_that_is_locked_or_readonly"))
    with pytest.raises(IntegrityError), store.write() as connection:
        connection.execute(text("INSERT INTO setting (key, value) VALUES ('disk is full', NULL)"))


def test_record_that_may_not_be_rewritten_says_why(store, now):
    execute(store, SetOffice(name="临江市政府新闻办"), Actor("李敏"), now)
    with pytest.raises(StoreError, match="只增不改"), store.write() as connection:
        connection.execute(text("DELETE FROM record"))


def test_address_that_cannot_be_used_is_said(tmp_path):
    for url in ("nonsense", "nosuch://x/y", "oracle+none://x"):
        with pytest.raises(StoreError, match="--database"):
            open_database(url)


def test_locked_database_is_said_and_the_step_can_be_done_again(store, tmp_path):
    other = sqlite3.connect(tmp_path / "wenying.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="正忙"):
        put(store, "a")
    other.execute("ROLLBACK")
    put(store, "a")


def test_all_connections_in_use_is_said_as_busy(tmp_path, monkeypatch):
    database = open_database(sqlite_url(tmp_path))
    monkeypatch.setattr(database.engine.pool, "_timeout", 0.05)
    held = [database.engine.connect() for _ in range(15)]
    with pytest.raises(StoreError, match="正忙"), database.read():
        pass
    for connection in held:
        connection.close()
    database.close()


@pytest.mark.parametrize(
    ("place", "told"),
    [
        (lambda path: path.mkdir(), "打不开"),
        (lambda path: path.write_bytes(b"no database at all, only words. " * 100), "损坏或不是"),
        (lambda path: path.parent.rmdir(), "打不开"),
        (lambda path: sqlite3.connect(path).execute("CREATE TABLE theirs (a)").connection.close(), "别的程序"),
    ],
    ids=["folder", "no database", "no folder", "foreign"],
)
def test_what_is_no_database_of_ours_is_said_and_left_alone(tmp_path, place, told):
    file = tmp_path / "data" / "wenying.db"
    file.parent.mkdir()
    place(file)
    before = file.read_bytes() if file.is_file() else None
    with pytest.raises(StoreError, match=told):
        open_database(f"sqlite:///{file}")
    assert (file.read_bytes() if file.is_file() else None) == before


def test_damaged_page_in_the_middle_is_said_and_the_file_is_kept(tmp_path, now):
    database = open_database(sqlite_url(tmp_path))
    for i in range(300):
        put(database, f"k{i}", "一" * 2000, careful=False)
    database.close()
    file = tmp_path / "wenying.db"
    body = bytearray(file.read_bytes())
    body[len(body) // 2 : len(body) // 2 + 40_960] = os.urandom(40_960)
    file.write_bytes(body)
    again = open_database(sqlite_url(tmp_path))
    with pytest.raises(StoreError, match="已损坏"), again.read() as connection:
        connection.execute(text("SELECT sum(length(value)) FROM setting")).all()
        connection.execute(text("SELECT * FROM setting ORDER BY value")).all()
    again.close()
    assert file.stat().st_size >= len(body)


@pytest.mark.skipif(os.name == "nt", reason="Windows does not let an open file be moved")
def test_folder_that_vanishes_is_said_and_nothing_is_acknowledged(store, tmp_path, now):
    put(store, "before")
    folder, aside = tmp_path, tmp_path.with_name(tmp_path.name + "-aside")
    folder.rename(aside)
    with pytest.raises(StoreError, match="不见了"):
        put(store, "lost")
    with pytest.raises(StoreError, match="不见了"):
        list_sources(store, now)
    assert not folder.exists()
    aside.rename(folder)
    put(store, "after")
    with store.read() as connection:
        assert count(connection) == 2


@pytest.mark.skipif(os.name == "nt", reason="Windows does not let an open file be moved")
def test_file_that_is_swapped_while_it_is_open_takes_no_more_steps(store, tmp_path):
    put(store, "before")
    (tmp_path / "wenying.db").rename(tmp_path / "aside.db")
    other = open_database(sqlite_url(tmp_path))
    with pytest.raises(StoreError, match="换成另一个"):
        put(store, "lost")
    with pytest.raises(StoreError, match="换成另一个"), store.write() as connection:
        settings.write(connection, "lost", 1)
    other.close()


def _limited(connection, _) -> None:
    connection.execute(f"PRAGMA max_page_count={connection.execute('PRAGMA page_count').fetchone()[0]}")


def test_full_disk_is_said_and_what_was_there_stays(store, now):
    execute(store, AddSource("https://example.org/a", "甲"), Actor("李敏"), now)
    store.engine.dispose()
    event.listen(store.engine, "connect", _limited)
    with pytest.raises(StoreError, match="磁盘已满"):
        put(store, "big", "一" * 500_000)
    assert [view.source.name for view in list_sources(store, now)] == ["甲"]


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs a system with users")
def test_file_that_may_not_be_written_is_said(tmp_path, now):
    database = open_database(sqlite_url(tmp_path))
    put(database, "before")
    database.engine.dispose()
    event.listen(database.engine, "connect", lambda connection, _: connection.execute("PRAGMA query_only=ON"))
    with pytest.raises(StoreError, match="只读"):
        put(database, "after")
    database.close()
