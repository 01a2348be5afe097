"""Keeping which briefings (简报) were made, with their numbers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from store.schema import briefing


def made(connection: Connection, day: date) -> bool:
    """Whether the briefing of a day was made."""
    return connection.execute(select(briefing.c.id).where(briefing.c.day == day)).first() is not None


def numbers(connection: Connection, day: date) -> tuple[int, int]:
    """(number in the year, number in all): a day keeps the numbers it got first."""
    row = connection.execute(select(briefing.c.number, briefing.c.id).where(briefing.c.day == day)).first()
    if row is not None:
        return int(row.number), int(row.id)
    this_year = (briefing.c.day >= date(day.year, 1, 1), briefing.c.day <= date(day.year, 12, 31))
    last = connection.execute(select(func.max(briefing.c.number)).where(*this_year)).scalar()
    total = connection.execute(select(func.max(briefing.c.id))).scalar()
    return int(last or 0) + 1, int(total or 0) + 1


def keep(connection: Connection, day: date, number: int, now: datetime, final: dict[str, Any] | None = None) -> None:
    """Keep that a briefing was made; `final` is the issue as it is frozen, and is kept once."""
    if not made(connection, day):
        connection.execute(briefing.insert().values(day=day, number=number, made_at=now, facts=final or {}))
    elif final is not None and frozen(connection, day) is None:
        connection.execute(briefing.update().where(briefing.c.day == day).values(made_at=now, facts=final))


def frozen(connection: Connection, day: date) -> dict[str, Any] | None:
    """The final issue of a day, None while there is none."""
    return connection.execute(select(briefing.c.facts).where(briefing.c.day == day)).scalar() or None


def issued(connection: Connection) -> list[tuple[date, int, datetime, bool]]:
    """Briefings made so far: (day, number, when, whether it is final), newest first."""
    return [
        (row.day, row.number, row.made_at, bool(row.facts))
        for row in connection.execute(select(briefing).order_by(briefing.c.day.desc()))
    ]
