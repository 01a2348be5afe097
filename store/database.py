"""Opening the database, bringing it up to date, reading it as of one moment, and writing it whole or not at all."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection as Connection
from sqlalchemy import Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from domain.article import all_storable, storable
from domain.errors import StoreError
from domain.private import OTHERS, PRIVATE
from domain.record import canonical
from store.faults import code_of, explained, is_busy, is_full
from store.passwords import Passwords

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "0024"  # the newest file in migrations/versions
BUSY_SECONDS = 15.0
MIGRATION_SECONDS = 300.0  # how long to wait for another process that is bringing the database up to date
WAL_LIMIT = 64 * 1024 * 1024  # bytes that the write-ahead log may come to
# Pages in the write-ahead log from which a commit takes them over into the database, which it waits for: the
# collector's does so early, so that a person's need not.
CHECKPOINT, LATE_CHECKPOINT = 1000, 8000
TIDY_SECONDS = 10.0  # between two attempts to shorten it

_ESCAPES = ("\\u", "\\b", "\\f")  # how JSON writes control characters
_ALONE = "alone"  # the mark of a connection that shares the file with nobody
_GONE = "数据库文件不见了（数据文件夹被移走、删除，或磁盘断开了），刚才的内容没有保存。请放回原处，再重新打开闻应。"
_CHANGED = "数据库文件已被换成另一个（例如恢复过备份），刚才的内容没有保存。请关闭后重新打开闻应。"
_NEWER = "数据库是由更新版本的闻应建立的，本版本不能打开。请升级闻应，或用 --data 指定另一个数据文件夹。"
_FOREIGN = "这是别的程序的数据库，不是闻应的，没有改动它。请检查 --database 或 --data 的写法。"
_HALFWAY = (
    "数据库升级没有做成（较早的版本可能在升级中途断过），内容没有改动。请用最近的备份恢复，或把日志交给技术人员。"
)
_ADDRESS = "数据库地址不能用。请检查 --database 的写法，例如 sqlite:////路径/wenying.db。"


class Database:
    """A database that is open and up to date. Safe to share between threads."""

    def __init__(self, engine: Engine, file: Path | None = None, folder: Path | None = None) -> None:
        self.engine, self.file = engine, file
        self.passwords = Passwords(folder)  # of sources, which the database itself does not hold
        self._identity = _identity(file)
        self._tidied_at = 0.0

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees the store as of one moment, whatever others write meanwhile. Be brief: until it
        ends, the write-ahead log cannot be taken over."""
        self._still_there()
        with explained(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self, *, careful: bool = True, overwriting: bool = False) -> Iterator[Connection]:
        """A transaction: all of it is kept, or nothing. What is read inside cannot change before the write.

        When it has ended it is on the disk and no power cut takes it away. Not so without `careful`, which is for
        what can be fetched again: the last moments before a power cut may be missing then, as a whole. `overwriting`
        leaves nothing in the file of what is replaced.
        """
        self._still_there()
        with explained(), self.engine.connect() as plain:
            connection = plain.execution_options(
                begin="BEGIN IMMEDIATE",
                synchronous="FULL" if careful else "NORMAL",
                wal_autocheckpoint=LATE_CHECKPOINT if careful else CHECKPOINT,
            )
            if overwriting:
                connection = connection.execution_options(secure_delete="ON")
            with connection.begin():
                yield connection
                self._still_there()
            if not careful:
                self._tidy(plain)

    def sound(self) -> bool:
        """Whether SQLite finds nothing wrong with its file; another database looks after itself."""
        with self.read() as connection:
            if connection.dialect.name != "sqlite":
                return True
            return str(connection.execute(text("PRAGMA quick_check")).scalar()) == "ok"

    def close(self) -> None:
        """Let go of the file."""
        self.engine.dispose()

    def empty_log(self) -> None:
        """Empty the write-ahead log into the database, unless somebody is reading it."""
        if self.file is not None:
            with explained(), self.engine.connect() as connection:
                plain: Any = connection.connection.dbapi_connection
                plain.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _tidy(self, connection: Connection) -> None:
        """Shorten a log that has grown because somebody was always reading. Only beside what can wait: nobody can
        write meanwhile, so it takes a moment at most."""
        log = Path(f"{self.file}-wal")
        with suppress(OSError, sqlite3.OperationalError):
            if log.stat().st_size <= WAL_LIMIT or time.monotonic() - self._tidied_at < TIDY_SECONDS:
                return
            self._tidied_at = time.monotonic()
            plain: Any = connection.connection.dbapi_connection
            (patience,) = plain.execute("PRAGMA busy_timeout").fetchone()
            plain.execute("PRAGMA busy_timeout=50")
            plain.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            plain.execute(f"PRAGMA busy_timeout={patience}")

    def _still_there(self) -> None:
        """SQLite goes on writing into a file that has been deleted or moved aside, and nobody would find it again."""
        if self._identity is None or (identity := _identity(self.file)) == self._identity:
            return
        raise StoreError(_GONE if identity is None else _CHANGED)


def sqlite_url(folder: Path) -> str:
    """The address of the database in a data folder."""
    return f"sqlite:///{folder / 'wenying.db'}"


def open_database(
    url: str, patience: float = BUSY_SECONDS, folder: Path | None = None, trusted: bool = True
) -> Database:
    """Open a database, making or migrating it as needed; `patience` is in seconds. Raises StoreError.

    `folder` is the data folder, the one of the database's file unless said otherwise. A restore that was interrupted comes to its end first. Of one that is not `trusted` yet no value is read.
    """
    from store.restore import finish
    from store.sources import put_passwords_away

    engine, file = _engine(url, patience)
    try:
        if file is not None:
            finish(file)
            _private(file)
        with explained():
            with engine.connect() as connection:
                revision = _revision(connection)
            if revision is not None and revision > HEAD:
                raise StoreError(_NEWER)
            if revision != HEAD:
                _upgrade(engine)
            opened = Database(engine, file, folder or (file.parent if file else None))
            if trusted:
                put_passwords_away(opened)
            return opened
    except BaseException:
        engine.dispose()
        raise


def _engine(url: str, patience: float) -> tuple[Engine, Path | None]:
    """An engine, and the file it works on where it is one."""
    try:
        parsed = make_url(url)
        sqlite = parsed.get_backend_name() == "sqlite"
        engine = create_engine(
            parsed,
            connect_args={"timeout": patience} if sqlite else {},
            json_serializer=_json,
        )
    except (SQLAlchemyError, ImportError) as error:
        raise StoreError(_ADDRESS) from error
    event.listen(engine, "before_cursor_execute", _storable, retval=True)
    if not sqlite:
        return engine, None
    event.listen(engine, "do_connect", _connect)
    event.listen(engine, "connect", lambda connection, _: _prepare(connection, patience))
    event.listen(engine, "checkin", _let_others_in)
    event.listen(engine, "begin", _begin)
    if parsed.database in (None, "", ":memory:"):
        return engine, None
    file = Path(parsed.database or "")
    if not file.name:
        raise StoreError(_ADDRESS)
    return engine, file


def _json(value: Any) -> str:
    """JSON as it is kept: storable; canonical, so that Chinese can be searched for and the record verified as it is."""
    text = canonical(value)
    plain = text.isprintable() and not any(sign in text for sign in _ESCAPES)
    return text if plain else canonical(all_storable(value))


def _storable(
    connection: Connection, cursor: Any, statement: str, given: Any, context: Any, many: bool
) -> tuple[str, Any]:
    """Every text that is kept passes here, whoever wrote it: half a surrogate would end the program that stores it,
    a control character the briefing that prints it. Not what is written by the thousand: articles have their own gate.
    """
    if many or not given:
        return statement, given
    if isinstance(given, Mapping):
        return statement, {key: storable(value) if isinstance(value, str) else value for key, value in given.items()}
    return statement, tuple(storable(value) if isinstance(value, str) else value for value in given)


def _private(file: Path) -> None:
    """The file, and what SQLite keeps beside it, is for its owner alone; what SQLite says of a fault is said better."""
    with suppress(OSError):
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, PRIVATE))
    for tail in ("", "-wal", "-shm", "-journal"):  # which are made as the file is
        with suppress(OSError):
            path = Path(f"{file}{tail}")
            if path.stat().st_mode & OTHERS:
                path.chmod(PRIVATE)


def _connect(dialect: Any, record: ConnectionPoolEntry, given: list[Any], named: dict[str, Any]) -> Any:
    """A new SQLite connection. On a full disk there is no room for the index that readers share, and so none for
    reading; a connection that has the file for itself needs none, so that is what there is until it is closed."""
    connection = dialect.connect(*given, **named)
    try:
        connection.execute("PRAGMA journal_mode").fetchone()
    except sqlite3.Error as error:
        if is_full(error):
            connection.close()
            connection = dialect.connect(*given, **named)
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            record.info[_ALONE] = True
    return connection


def _prepare(connection: Any, patience: float) -> None:
    """Make a new SQLite connection ours.

    The sqlite3 module begins transactions late, and none for reading or for DDL; it is told to leave that to
    `_begin` (SQLAlchemy, "Enabling Non-Legacy SQLite Transactional Modes with the sqlite3 driver").
    """
    connection.isolation_level = None
    until = time.monotonic() + patience
    while True:
        try:
            if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
                tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
                if tables and "alembic_version" not in tables:
                    raise StoreError(_FOREIGN)  # before anything is changed in it
                connection.execute("PRAGMA journal_mode=WAL")
            break
        except sqlite3.OperationalError as error:
            # Two that make the same database at once: SQLite refuses one of them without waiting.
            if not is_busy(error) or time.monotonic() > until:
                raise
            time.sleep(0.05)
    for pragma in ("synchronous=FULL", "foreign_keys=ON", f"journal_size_limit={WAL_LIMIT}"):
        connection.execute(f"PRAGMA {pragma}")


def _let_others_in(connection: Any, record: ConnectionPoolEntry) -> None:
    """A connection that works alone keeps everybody else out until it is closed."""
    if record.info.pop(_ALONE, None):
        record.invalidate()


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    for pragma in (
        "synchronous",
        "foreign_keys",
        "secure_delete",
        "wal_autocheckpoint",
    ):  # which are not changed inside a transaction
        if pragma in options:
            connection.exec_driver_sql(f"PRAGMA {pragma}={options[pragma]}")
    connection.exec_driver_sql(options.get("begin", "BEGIN"))


def _identity(file: Path | None) -> tuple[int, int] | None:
    try:
        state = file.stat() if file else None
    except OSError:
        return None
    return (state.st_dev, state.st_ino) if state else None


def _revision(connection: Connection) -> str | None:
    """The version of a database, None for an empty one. Raises StoreError for one that is not ours."""
    tables = inspect(connection).get_table_names()
    if "alembic_version" in tables:
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        if version is not None and not str(version).isdecimal():
            raise StoreError(_FOREIGN)
        return version
    if tables:
        raise StoreError(_FOREIGN)
    return None


def _upgrade(engine: Engine) -> None:
    """Bring a database up to date in one transaction; one process does it, others wait for it."""
    until = time.monotonic() + MIGRATION_SECONDS
    while True:
        try:
            with engine.connect() as plain:
                # Tables that are made anew are dropped meanwhile, which must not look like deleting what they hold.
                connection = plain.execution_options(begin="BEGIN IMMEDIATE", synchronous="FULL", foreign_keys="OFF")
                with connection.begin():
                    revision = _revision(connection)
                    if revision is None:
                        _clear_away(connection)
                    if revision != HEAD:
                        migrate(connection)
            break
        except DBAPIError as error:
            if code_of(error) == sqlite3.SQLITE_ERROR:
                raise StoreError(_HALFWAY) from error
            if not is_busy(error) or time.monotonic() > until:
                raise
    engine.dispose()  # the connection that has been used goes without foreign keys


def _clear_away(connection: Connection) -> None:
    """Early versions that were ended while they made their first tables left some behind, with nothing in them."""
    tables = [name for name in inspect(connection).get_table_names() if not name.startswith("article_words_")]
    quoted = [connection.dialect.identifier_preparer.quote(name) for name in tables]
    if any(connection.exec_driver_sql(f"SELECT 1 FROM {name} LIMIT 1").first() for name in quoted):
        raise StoreError(_HALFWAY)
    for name in quoted:
        connection.exec_driver_sql(f"DROP TABLE {name}")


def migrate(connection: Connection, revision: str = "head") -> None:
    """Bring a database to a version inside a transaction, the newest unless said otherwise."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
