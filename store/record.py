"""Keeping the record (留痕): append only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from domain.record import GENESIS, Entry, chained
from store.schema import record


def append(connection: Connection, at: datetime, who: str, action: str, object: str, before: Any, after: Any) -> Entry:
    """Add one entry to the chain; part of the transaction that makes the change."""
    last = connection.execute(
        select(record.c.sequence, record.c.hash).order_by(record.c.sequence.desc()).limit(1)
    ).first()
    sequence, previous = (last.sequence + 1, last.hash) if last else (1, GENESIS)
    entry = chained(sequence, at, who, action, object, before, after, previous)
    connection.execute(
        record.insert().values(
            sequence=entry.sequence,
            at=entry.at,
            who=entry.who,
            action=entry.action,
            object=entry.object,
            before=entry.before,
            after=entry.after,
            previous=entry.previous,
            hash=entry.hash,
        )
    )
    return entry


def entries(connection: Connection, object: str | None = None) -> Iterator[Entry]:
    """The entries in order, of one object or all."""
    query = select(record).order_by(record.c.sequence)
    if object is not None:
        query = query.where(record.c.object == object)
    for row in connection.execution_options(yield_per=5000).execute(query):
        yield Entry(
            row.sequence, row.at, row.who, row.action, row.object, row.before, row.after, row.previous, row.hash
        )


def head(connection: Connection) -> str:
    """The hash of the newest entry."""
    found = connection.execute(select(record.c.hash).order_by(record.c.sequence.desc()).limit(1)).scalar()
    return str(found or GENESIS)
