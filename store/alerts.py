"""Keeping reminders (提醒), given and held back."""

from __future__ import annotations

from sqlalchemy import Connection, select

from domain.response import Alert, Level
from store.schema import alert


def given(connection: Connection) -> set[str]:
    """The keys of every reminder that was given or held back."""
    return set(connection.execute(select(alert.c.key)).scalars())


def keep(connection: Connection, new: Alert) -> None:
    """Keep a reminder."""
    values = {"at": new.at, "key": new.key, "concern_id": new.concern_id or None, "level": new.level.code}
    connection.execute(alert.insert().values(text=new.text, held=new.held, entry_id=new.entry_id or None, **values))


def listing(connection: Connection, limit: int) -> list[Alert]:
    """Reminders, the newest first."""
    query = select(alert).order_by(alert.c.at.desc(), alert.c.id.desc())
    return [
        Alert(row.key, row.concern_id or 0, Level.of(row.level), row.at, row.text, row.held, row.entry_id or 0)
        for row in connection.execute(query.limit(limit))
    ]
