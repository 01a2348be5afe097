"""Keeping the issues of briefings (简报): number in the year and in all, per kind; the text once it is final."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, String, cast, func, select

from domain.briefing import IssueKind
from store.schema import issue, new_id


@dataclass(frozen=True, slots=True)
class StoredIssue:
    """An issue as it is kept. `text` is what it says once it is final, None for a draft, whose `number` and `total` are
    nobody's yet; `corrects` the id it corrects.
    """

    id: int
    kind: IssueKind
    number: int
    total: int
    day: date
    concern_id: int | None
    made_at: datetime
    text: dict[str, Any] | None
    corrects: int | None

    @property
    def final(self) -> bool:
        """Whether its text is frozen (定稿)."""
        return self.text is not None


def _kept(row: Row[Any]) -> StoredIssue:
    return StoredIssue(
        row.id,
        IssueKind.of(row.kind),
        row.number,
        row.total,
        row.day,
        row.concern_id,
        row.made_at,
        row.text or None,
        row.corrects,
    )


def latest(connection: Connection, kind: IssueKind, day: date, concern_id: int | None = None) -> StoredIssue | None:
    """The newest issue of a kind for a day (and, where it is about one, a concern)."""
    query = select(issue).where(issue.c.kind == kind.code, issue.c.day == day).order_by(issue.c.id.desc())
    query = query.where(issue.c.concern_id.is_(None) if concern_id is None else issue.c.concern_id == concern_id)
    row = connection.execute(query.limit(1)).first()
    return _kept(row) if row else None


def next_numbers(connection: Connection, kind: IssueKind, year: int) -> tuple[int, int]:
    """(number in the year, number in all) of the next issue of a kind that is made final; a withdrawn one keeps its
    number, a draft has none yet: numbers go by when issues are made final.
    """
    return _next(connection, kind, year, cast(issue.c.text, String) != "{}")


def _next(connection: Connection, kind: IssueKind, year: int, *which: ColumnElement[bool]) -> tuple[int, int]:
    of_kind = issue.c.kind == kind.code, *which
    last = connection.execute(select(func.max(issue.c.number)).where(issue.c.year == year, *of_kind)).scalar()
    total = connection.execute(select(func.max(issue.c.total)).where(*of_kind)).scalar()
    return int(last or 0) + 1, int(total or 0) + 1


def add(
    connection: Connection,
    kind: IssueKind,
    day: date,
    now: datetime,
    concern_id: int | None = None,
    corrects: int | None = None,
) -> int:
    """Keep a new draft; its id. What stands in its row as its number is a place among the drafts, behind all numbers."""
    number, total = _next(connection, kind, day.year)
    values = {
        "kind": kind.code,
        "year": day.year,
        "number": number,
        "total": total,
        "day": day,
        "made_at": now,
    }
    added = connection.execute(issue.insert().values(text={}, concern_id=concern_id, corrects=corrects, **values))
    return new_id(added)


def finish(connection: Connection, id: int, numbers: tuple[int, int], text: dict[str, Any], now: datetime) -> None:
    """Freeze an issue under its number, once; a draft that stands in that place gives way."""
    kept = _kept(connection.execute(select(issue).where(issue.c.id == id)).one())
    year = kept.day.year
    in_place = issue.c.kind == kept.kind.code, issue.c.year == year, issue.c.number == numbers[0], issue.c.id != id
    if (other := connection.execute(select(issue.c.id).where(*in_place)).scalar()) is not None:
        number, total = _next(connection, kept.kind, year)
        connection.execute(issue.update().where(issue.c.id == other).values(number=number, total=total))
    values = {"number": numbers[0], "total": numbers[1], "text": text, "made_at": now}
    connection.execute(issue.update().where(issue.c.id == id).values(**values))


def made(connection: Connection, kind: IssueKind, day: date) -> bool:
    """Whether an issue of a kind was made for a day."""
    return latest(connection, kind, day) is not None


def issued(connection: Connection, limit: int = 1000) -> list[StoredIssue]:
    """Issues of all kinds, the newest first."""
    rows = connection.execute(select(issue).order_by(issue.c.day.desc(), issue.c.id.desc()).limit(limit))
    return [_kept(row) for row in rows]
