"""Keeping which briefings (简报) were made, with their numbers."""

from __future__ import annotations

from datetime import date, datetime

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


def keep(connection: Connection, day: date, number: int, now: datetime) -> None:
    """Keep that a briefing was made; once for a day."""
    if not made(connection, day):
        connection.execute(briefing.insert().values(day=day, number=number, made_at=now, facts={}))


def issued(connection: Connection) -> list[tuple[date, int, datetime]]:
    """Briefings made so far: (day, number, when), newest first."""
    return [
        (row.day, row.number, row.made_at)
        for row in connection.execute(select(briefing).order_by(briefing.c.day.desc()))
    ]
