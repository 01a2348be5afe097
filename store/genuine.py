"""Whether a database file is ours: its objects exactly those our migrations make, whole, of a version we can read."""

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import Engine, create_engine

from domain.errors import InputError, StoreError
from store import record
from store.database import HEAD, MIGRATIONS, Database, migrate, open_database
from store.schema import metadata
from store.values import check_readable, check_values

_VERSION_TABLE = (
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc "
    "PRIMARY KEY (version_num))"
)
# What SQLite's own ANALYZE leaves: known text, no danger.
_STATISTICS = {"sqlite_stat1": "create table sqlite_stat1(tbl,idx,stat)"}
_STATISTICS["sqlite_stat4"] = "create table sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)"
_TOKEN = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\w+|\s+|.""", re.DOTALL)

Objects = frozenset[tuple[str, str, str, str]]


@dataclass(frozen=True, slots=True)
class DatabaseContents:
    """What a database holds: its version, how many rows each table has, its record and whether that fits."""

    revision: str
    counts: dict[str, int]
    entries: int
    misfit: int | None
    head: str


def check_file(path: Path) -> str:
    """The version of a database file that is ours and whole; nothing in it is run. Raises InputError, StoreError.

    The sentence of the error says what is wrong and nothing of what follows from it.
    """
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "query_only=ON"):
                connection.execute(f"PRAGMA {pragma}")
            objects = _objects(connection)
            revision = _revision(connection, objects)
            if foreign := _difference(objects, _expected(revision)):
                raise InputError(f"不是闻应的数据库，或被改动过（{foreign}）。")
            verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        raise StoreError("数据库已损坏。") from error
    except (UnicodeError, OverflowError) as error:
        raise StoreError("数据库已损坏。") from error
    if verdict != "ok":
        raise StoreError("数据库已损坏。")
    return revision


def brought_up_to_date(path: Path) -> DatabaseContents:
    """Migrate a checked database file, which must be a copy, and say what it then holds.

    Raises StoreError; InputError where a value is not what its column should hold.
    """
    try:
        open_database(f"sqlite:///{path}", trusted=False).close()
    except (ValueError, TypeError, KeyError, AttributeError) as error:  # values that a migration cannot make sense of
        raise InputError("里面有不合规的内容，升级不了。") from error
    check_file(path)
    check_values(path)
    with opened_file(path) as database:
        check_readable(database)
    return contents(path)


def contents(path: Path) -> DatabaseContents:
    """What an up-to-date database file holds. Raises StoreError."""
    with opened_file(path) as database, database.read() as connection:
        counts = {
            table.name: int(connection.execute(text(f'SELECT count(*) FROM "{table.name}"')).scalar_one())
            for table in metadata.sorted_tables
        }
        entries, misfit = record.verify(connection)
        return DatabaseContents(HEAD, counts, entries, misfit, record.head(connection).hash)


@contextmanager
def opened_file(path: Path) -> Iterator[Database]:
    """A database file, let go of at the end, so that nothing of it is left beside it."""
    database = open_database(f"sqlite:///{path}")
    try:
        yield database
    finally:
        database.close()


def _objects(connection: sqlite3.Connection) -> Objects:
    rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
    plain = set()
    for kind, name, table, sql in rows:
        if name in _STATISTICS and kind == "table" and _normal(sql) == _STATISTICS[name]:
            continue
        plain.add((str(kind), str(name), str(table), _normal(sql)))
    return frozenset(plain)


def _normal(sql: object) -> str:
    """SQL without the differences of writing that mean nothing: spaces, capitals, quotes around plain names."""
    if sql is None:
        return ""
    made: list[str] = []
    for token in _TOKEN.findall(str(sql)):
        if token.isspace():
            continue
        if token[0] == '"' and re.fullmatch(r"\w+", token[1:-1]):
            token = token[1:-1]
        plain = token if token[0] in "'\"" else token.lower()
        made.append(f" {plain}" if made and _word(made[-1]) and _word(plain) else plain)
    return "".join(made)


def _word(token: str) -> bool:
    return token[-1].isalnum() or token[-1] == "_"


def _revision(connection: sqlite3.Connection, objects: Objects) -> str:
    """The version a database says it is of, once the table that says so is known to be ours."""
    if not objects:
        raise InputError("里面的数据库是空的。")
    if ("table", "alembic_version", "alembic_version", _normal(_VERSION_TABLE)) not in objects:
        raise InputError("不是闻应的数据库，是别的程序的。")
    rows = connection.execute("SELECT version_num FROM alembic_version LIMIT 2").fetchall()
    if not rows:
        raise InputError("里面的数据库是空的。")
    revision = str(rows[0][0])
    if len(rows) > 1 or not re.fullmatch(r"\d{4}", revision):
        raise InputError("不是闻应的数据库，是别的程序的。")
    if revision > HEAD:
        raise InputError(f"是更新版本的闻应建立的（{revision}，本版本到 {HEAD}）。请先升级闻应。")
    if not any(path.name.startswith(f"{revision}_") for path in (MIGRATIONS / "versions").glob("*.py")):
        raise InputError("不是闻应的数据库，是别的程序的。")
    return revision


@lru_cache(maxsize=32)  # versions
def _expected(revision: str) -> Objects:
    """The objects of a database that our migrations make, up to a version; a backup and its restore ask several times."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scratch.db"
        engine: Engine = create_engine(f"sqlite:///{path}")
        try:
            with engine.begin() as connection:
                migrate(connection, revision)
        finally:
            engine.dispose()
        with closing(sqlite3.connect(path)) as made:
            return _objects(made)


def _difference(objects: Objects, expected: Objects) -> str:
    """What is there and should not be, or the other way round, in words; empty where all is as it should be."""
    kinds = {"table": "表", "trigger": "触发器", "view": "视图", "index": "索引"}
    for what, odd in (("多出或改过的", objects - expected), ("缺少", expected - objects)):
        for kind, name, _, _ in sorted(odd):
            return f"{what}{kinds.get(kind, '对象')} {name[:40]}"
    return ""
