"""Opening the database, bringing it up to date, and saying in Chinese what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from domain.errors import StoreError
from domain.record import canonical

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "0005"  # the newest file in migrations/versions
BUSY_SECONDS = 15


class Database:
    """A database that is open and up to date. Safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection to read from."""
        with _explained(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction: all of it is kept, or nothing."""
        with _explained(), self.engine.begin() as connection:
            if connection.dialect.name == "sqlite":
                # Take the write lock first, so that what is read inside cannot change before the write.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection

    def close(self) -> None:
        """Let go of the file."""
        self.engine.dispose()


def sqlite_url(folder: Path) -> str:
    """The address of the database in a data folder."""
    return f"sqlite:///{folder / 'wenying.db'}"


def open_database(url: str) -> Database:
    """Open a database, making or migrating it as needed. Raises StoreError with what to do."""
    with _explained():
        engine = create_engine(
            url,
            connect_args={"timeout": BUSY_SECONDS} if url.startswith("sqlite") else {},
            json_serializer=canonical,  # so that Chinese can be searched for, and the record verified as it is kept
        )
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _prepare_sqlite)
        with engine.connect() as connection:
            found = _revision(connection)
        if found == HEAD:
            return Database(engine)
        if found is not None and found > HEAD:
            raise StoreError(
                "数据库是由更新版本的闻应建立的，本版本不能打开。请升级闻应，或用 --data 指定另一个数据文件夹。"
            )
        _upgrade(engine)
        return Database(engine)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _prepare_sqlite(connection: Any, _: object) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


_ADVICE = (
    ("readonly", "数据文件夹是只读的，什么也没有写入。请检查它的权限，或用 --data 换一个文件夹。"),
    ("disk is full", "磁盘已满，刚才的内容没有写入，原有数据不受影响。请清理磁盘后重试。"),
    ("disk i/o", "磁盘读写失败，可能磁盘已满或有故障，刚才的内容没有写入。请检查磁盘后重试。"),
    ("unable to open", "打不开数据库文件。请检查数据文件夹是否存在、是否可写，或用 --data 换一个文件夹。"),
    ("locked", "数据库正忙（另一个程序占用超过 15 秒）。请稍后重试。"),
    ("not a database", "数据库文件已损坏或不是闻应的数据库。请用备份恢复，或用 --data 换一个文件夹。"),
    ("malformed", "数据库文件已损坏。请用备份恢复。"),
)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        said = str(error.orig).lower()
        for sign, advice in _ADVICE:
            if sign in said:
                raise StoreError(advice) from error
        raise StoreError("读写数据库时出错，刚才的操作没有保存。") from error
    except SQLAlchemyError as error:
        raise StoreError("数据库地址不能用。请检查 --database 的写法，例如 sqlite:////路径/wenying.db。") from error
