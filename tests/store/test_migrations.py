"""A store of an older version is brought up to date with all that is in it, wherever it is interrupted."""

from __future__ import annotations

import ast
import multiprocessing
import os
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, MetaData, create_engine, event, text

from desk.topics.monitor import article_page, search_articles
from domain.briefing import IssueKind
from domain.errors import StoreError
from domain.search import read_search
from store import briefings
from store import database as opening
from store.database import HEAD, MIGRATIONS, open_database, sqlite_url
from store.schema import metadata

VERSIONS = sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
ROWS = 3


def at_version(folder: Path, version: str) -> Engine:
    """A database as a version made it, with rows in every table."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(sqlite_url(folder))
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        config.attributes["connection"] = connection
        command.upgrade(config, version)
    return engine


def fill(engine: Engine) -> None:
    """Rows in every table that holds something of its own."""
    found = MetaData()
    found.reflect(engine)
    with engine.begin() as connection:
        for table in found.sorted_tables:
            if not table.name.startswith(("alembic_", "article_words")):
                rows = [{c.name: _value(c, i) for c in table.columns} for i in range(1, ROWS + 1)]
                connection.execute(table.insert(), rows)


def _value(column: Any, i: int) -> Any:
    kind = column.type.python_type
    if kind is str:
        return f"{column.name}{i}"
    made = {datetime: datetime(2026, 11, i, 4), date: date(2026, 11, i), dict: {}, bool: False, float: float(i)}  # noqa: DTZ001
    return made.get(kind, i)


def state(folder: Path) -> tuple[list[Any], dict[str, int]]:
    """What a database is: its tables, and how many rows they hold."""
    with closing(sqlite3.connect(folder / "wenying.db")) as connection:
        made = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
        names = [name for kind, name, _ in made if kind == "table" and not name.startswith("article_words")]
        return made, {
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in sorted(names)
        }


def old(tmp_path: Path, version: str) -> Path:
    engine = at_version(tmp_path, version)
    fill(engine)
    engine.dispose()
    return tmp_path


def interrupting(monkeypatch: pytest.MonkeyPatch, at: int, how: Any) -> list[str]:
    """Let the migration come to its statement number `at`, then `how`; the statements that ran."""
    ran: list[str] = []
    migrate = opening.migrate

    def watched(connection: Any) -> None:
        def before(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
            if len(ran) == at:
                how()
            ran.append(statement)

        event.listen(connection, "before_cursor_execute", before)
        migrate(connection)
        if len(ran) == at:
            how()

    monkeypatch.setattr(opening, "migrate", watched)
    return ran


def test_head_is_the_last_migration():
    assert VERSIONS[-1] == HEAD


def test_migrated_store_is_what_the_schema_says(database):
    with database.read() as connection:
        found = compare_metadata(MigrationContext.configure(connection), metadata)
    assert [change for change in found if not (change[0] == "remove_table" and "article_words" in change[1].name)] == []


def test_migrations_stand_by_themselves():
    """What a migration did must not change with the code of today."""
    ours = {"store", "domain", "desk", "analysis", "sources", "response", "briefing", "gui", "commands", "demo"}
    for path in (MIGRATIONS / "versions").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not {name.split(".")[0] for name in names} & ours, path.name


@pytest.mark.parametrize("version", VERSIONS[:-1])
def test_every_row_of_every_older_version_is_kept(tmp_path, version):
    before = state(old(tmp_path, version))[1]
    open_database(sqlite_url(tmp_path)).close()
    after = state(tmp_path)[1]
    gone = {"briefing"}  # its rows became issues
    assert {name for name, rows in before.items() if name not in gone and after.get(name, 0) < rows} == set()
    assert after["issue"] >= ROWS
    with closing(sqlite3.connect(tmp_path / "wenying.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_issues_of_an_older_version_are_found_under_their_kind(tmp_path, now):
    engine = at_version(tmp_path, "0009")
    row = "INSERT INTO issue (kind, year, number, total, day, made_at, text) VALUES ('{}', 2026, 3, 5, '2026-11-19', '2026-11-19', '{{\"a\": 1}}')"
    with engine.begin() as connection:
        for kind in IssueKind:
            connection.exec_driver_sql(row.format(kind.label))
    engine.dispose()
    database = open_database(sqlite_url(tmp_path))
    with database.read() as connection:
        for kind in IssueKind:
            found = briefings.latest(connection, kind, date(2026, 11, 19))
            assert found is not None and (found.kind, found.number) == (kind, 3)
            assert briefings.next_numbers(connection, kind, 2026) == (4, 6)
    database.close()


@pytest.mark.parametrize("version", [None, *VERSIONS[:-1]])
def test_migration_that_fails_at_any_statement_changes_nothing_and_can_be_done_again(tmp_path, monkeypatch, version):
    if version:
        old(tmp_path, version)
    else:
        sqlite3.connect(tmp_path / "wenying.db").close()
    before = state(tmp_path)
    at = 0
    while True:
        with monkeypatch.context() as patch:

            def fail() -> None:
                raise InterruptedError

            ran = interrupting(patch, at, fail)
            try:
                open_database(sqlite_url(tmp_path)).close()
            except InterruptedError:
                assert state(tmp_path) == before, f"statement {at}: {ran[-1:]}"
                at += 4 if version else 3
                continue
        break
    assert at > 2
    assert state(tmp_path)[1]["alembic_version"] == 1


def _killed(folder: Path, at: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        interrupting(patch, at, lambda: os.kill(os.getpid(), 9))
        open_database(sqlite_url(folder)).close()
    os._exit(0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the process that is killed is forked")
@pytest.mark.parametrize("version", [None, VERSIONS[0]])
def test_migration_that_is_killed_at_any_statement_can_be_done_again(tmp_path, version):
    if version:
        old(tmp_path, version)
    else:
        sqlite3.connect(tmp_path / "wenying.db").close()
    before, at, fork = state(tmp_path), 0, multiprocessing.get_context("fork")
    while True:
        child = fork.Process(target=_killed, args=(tmp_path, at))
        child.start()
        child.join()
        if child.exitcode == 0:
            break
        assert child.exitcode == -9 and state(tmp_path) == before, f"statement {at}"
        at += 9
    assert at > 40
    open_database(sqlite_url(tmp_path)).close()


def _opened(folder: Path, start: Any, told: Any) -> None:
    start.wait()
    try:
        open_database(sqlite_url(folder)).close()
        told.put("")
    except Exception as error:
        told.put(repr(error))


@pytest.mark.parametrize("version", [None, VERSIONS[0]])
def test_several_processes_may_open_a_new_or_old_store_at_once(tmp_path, version):
    for attempt in range(3):
        folder = tmp_path / str(attempt)
        folder.mkdir()
        if version:
            old(folder, version)
        spawn: Any = multiprocessing.get_context("fork" if hasattr(os, "fork") else "spawn")
        start, told = spawn.Event(), spawn.Queue()
        children = [spawn.Process(target=_opened, args=(folder, start, told)) for _ in range(3)]
        for child in children:
            child.start()
        start.set()
        assert [told.get(timeout=60) for _ in children] == ["", "", ""]
        for child in children:
            child.join()
        assert state(folder)[1]["alembic_version"] == 1


def test_first_tables_that_an_early_version_left_half_made_are_made_anew(tmp_path):
    engine = at_version(tmp_path, "0001")
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
        connection.execute(text("DROP TABLE deadline"))
    engine.dispose()
    open_database(sqlite_url(tmp_path)).close()
    assert state(tmp_path)[1]["alembic_version"] == 1


def test_migration_that_an_early_version_left_half_done_is_said_and_loses_nothing(tmp_path):
    old(tmp_path, "0001")
    with closing(sqlite3.connect(tmp_path / "wenying.db")) as connection:
        connection.execute("ALTER TABLE source ADD COLUMN tags JSON NOT NULL DEFAULT '[]'")
    before = state(tmp_path)
    with pytest.raises(StoreError, match="升级没有做成"):
        open_database(sqlite_url(tmp_path))
    assert state(tmp_path) == before


def test_articles_of_the_first_version_are_kept_and_found(tmp_path):
    engine = at_version(tmp_path, "0001")
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO source (id, kind, url, name, tier, paused, failures, removed)"
                " VALUES (1, 'feed', 'http://x/', '旧源', 'city', 0, 0, 0)"
            )
        )
        connection.execute(
            text(
                "INSERT INTO article (id, source_id, key, title, text, url, publisher, published_at, fetched_at,"
                " date_note, title_words, text_words) VALUES (1, 1, 'k', '地铁停运', '', '', '',"
                " '2026-11-20 04:00:00', '2026-11-20 04:00:00', '', '地铁 停运', '')"
            )
        )
    engine.dispose()
    database = open_database(sqlite_url(tmp_path))
    try:
        assert [
            a.title for a in search_articles(database, read_search("铁停", datetime(2026, 11, 20, tzinfo=UTC))).articles
        ] == ["地铁停运"]
        assert not article_page(database, 0, 1)[0].read
    finally:
        database.close()
