"""Keeping settings (设置): one JSON value under each name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, String, cast, select

from domain.errors import StoreError
from store.schema import setting


def read(connection: Connection, key: str) -> Any:
    """The value under a name, None if never set. Raises StoreError for one that is not JSON."""
    try:
        return connection.execute(select(setting.c.value).where(setting.c.key == key)).scalar()
    except ValueError as error:
        raise StoreError("设置里的内容已损坏，读不出来。请在“设置”里重新填写并保存，其他数据不受影响。") from error


def write(connection: Connection, key: str, value: Any) -> Any:
    """Put a value under a name; what was there before, as text where it could not be read."""
    before = connection.execute(select(cast(setting.c.value, String)).where(setting.c.key == key)).scalar()
    connection.execute(setting.delete().where(setting.c.key == key))
    connection.execute(setting.insert().values(key=key, value=value))
    return before
