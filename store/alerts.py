"""Keeping reminders (提醒), given and held back."""

from __future__ import annotations

from sqlalchemy import Connection, select

from domain.response import Alert, Level
from store.schema import alert, deadline


def given(connection: Connection) -> set[tuple[int, Level]]:
    """(deadline, level) of every reminder that was given or held back."""
    return {(row.deadline_id, Level.of(row.level)) for row in connection.execute(select(alert))}


def keep(connection: Connection, new: Alert) -> None:
    """Keep a reminder."""
    connection.execute(
        alert.insert().values(
            at=new.at, deadline_id=new.deadline_id, level=new.level.code, text=new.text, held=new.held
        )
    )


def listing(connection: Connection, limit: int) -> list[Alert]:
    """Reminders, the newest first."""
    query = select(alert, deadline.c.concern_id).join(deadline).order_by(alert.c.at.desc(), alert.c.id.desc())
    return [
        Alert(row.deadline_id, row.concern_id, Level.of(row.level), row.at, row.text, row.held)
        for row in connection.execute(query.limit(limit))
    ]
