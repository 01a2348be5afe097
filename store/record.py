"""Keeping the record (留痕): append only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from json.encoder import encode_basestring as quoted
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, func, select, type_coerce
from sqlalchemy.exc import DBAPIError

from domain.addresses import without_secrets
from domain.article import all_storable
from domain.record import GENESIS, Entry, Head, SeenHead, chained
from domain.steps.office import ConfirmRecord
from store.schema import record

RESTORED = "恢复备份"
RECENT = 200  # entries
CORRECTED = timedelta(minutes=10)  # by which a clock is put right now and then


def append(connection: Connection, at: datetime, who: str, action: str, object: str, before: Any, after: Any) -> Entry:
    """Add one entry to the chain; part of the transaction that makes the change."""
    who, action, object, before, after = all_storable((who, action, object, before, after))
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


def not_before(connection: Connection, now: datetime) -> datetime:
    """`now`, or the time of the newest entries where these were made later by their own clock: it was put back.

    Only the last RECENT are asked, so that a clock which once ran ahead is forgotten again.
    """
    query = select(record.c.at).order_by(record.c.sequence.desc()).limit(RECENT)
    newest = max(connection.execute(query).scalars(), default=now)
    return newest if newest - now > CORRECTED else now


def last_at(connection: Connection, object: str, but: str) -> datetime | None:
    """When the last entry of an object was made by another than `but`."""
    query = select(record.c.at).where(record.c.object == object, record.c.who != but)
    return connection.execute(query.order_by(record.c.sequence.desc()).limit(1)).scalar()


def telling_secrets(connection: Connection) -> int:
    """How many entries of sources tell a password, as those of early versions may."""
    before, after = type_coerce(record.c.before, Text), type_coerce(record.c.after, Text)
    query = select(before, after).where(record.c.object.like("source:%"), before.like("%://%") | after.like("%://%"))
    return sum(any(text and without_secrets(text) != text for text in row) for row in connection.execute(query))


def verify(connection: Connection) -> tuple[int, int | None]:
    """(entries, the number of the first that does not fit the chain, None when all do), whatever stands in them.

    What is kept as canonical JSON is hashed as it is kept; only where that does not fit is an entry read and
    written anew, as those of early versions must be.
    """
    columns: list[ColumnElement[Any]] = [record.c.sequence, record.c.at, record.c.who, record.c.action, record.c.object]
    columns += [type_coerce(record.c.before, Text), type_coerce(record.c.after, Text), record.c.previous, record.c.hash]
    text = connection.dialect.name == "sqlite"
    if text:  # moments as they are kept: text in UTC
        columns[1] = type_coerce(record.c.at, Text)
    previous, count = GENESIS, 0
    rows = connection.execution_options(yield_per=20_000).execute(select(*columns).order_by(record.c.sequence))
    for sequence, at, who, action, object, before, after, before_it, digest in rows:
        count += 1
        try:
            moment = f"{at.replace(' ', 'T')}+00:00" if text else at.astimezone(UTC).isoformat(timespec="microseconds")
            line = (
                f'{{"action":{quoted(action)},"after":{after or "null"},"at":"{moment}","before":{before or "null"},'
                f'"object":{quoted(object)},"previous":"{before_it}","sequence":{sequence},"who":{quoted(who)}}}'
            )
            fits = sequence == count and before_it == previous
            fits = fits and (sha256(line.encode()).hexdigest() == digest or _fits_anew(connection, sequence))
        except UNREADABLE:
            fits = False
        if not fits:
            return _count(connection), count
        previous = digest
    return count, None


# What a value of another kind than its column's, put there by other tools, ends in.
UNREADABLE = (ValueError, TypeError, AttributeError, OverflowError, DBAPIError, RecursionError)


def _fits_anew(connection: Connection, sequence: int) -> bool:
    row = connection.execute(select(record).where(record.c.sequence == sequence)).one()
    anew = chained(row.sequence, row.at, row.who, row.action, row.object, row.before, row.after, row.previous)
    return bool(anew.hash == row.hash)


def _count(connection: Connection) -> int:
    return int(connection.execute(select(func.count()).select_from(record)).scalar_one())


def began(connection: Connection) -> datetime | None:
    """When the first entry was made, None without one."""
    first: datetime | None = connection.execute(select(record.c.at).order_by(record.c.sequence).limit(1)).scalar()
    return first


def head(connection: Connection) -> Head:
    """The newest entry; number 0 before the first."""
    last = connection.execute(
        select(record.c.sequence, record.c.hash).order_by(record.c.sequence.desc()).limit(1)
    ).first()
    return Head(last.sequence, last.hash) if last else Head(0, GENESIS)


def lacking(connection: Connection, heads: Iterable[SeenHead]) -> tuple[SeenHead, ...]:
    """The heads that the record does not hold, the lowest number first, but for those whose loss it tells itself.

    It tells it where a backup was restored (what came after the backup went with the data it replaced, but not what
    these were lacking themselves), and where
    somebody looked at what was lacking and confirmed it.
    """
    gone = [seen for seen in sorted(heads, key=lambda seen: seen.head) if not _holds(connection, seen.head)]
    if not gone:
        return ()
    spans, confirmed = _told_losses(connection)
    return tuple(
        seen
        for seen in gone
        if str(seen.head) not in confirmed
        and not any(a <= seen.head.sequence <= b and str(seen.head) not in lacked for a, b, lacked in spans)
    )


def _holds(connection: Connection, head: Head) -> bool:
    if head.sequence == 0:
        return True
    found = connection.execute(select(record.c.hash).where(record.c.sequence == head.sequence)).scalar()
    return str(found or "").startswith(head.hash)


def _told_losses(connection: Connection) -> tuple[list[tuple[int, int, list[str]]], set[str]]:
    """Ranges of numbers that restores replaced, each with the heads that were lacking there already; and the heads that
    somebody confirmed to be lacking."""
    spans, confirmed = [], set[str]()
    query = select(record.c.sequence, record.c.action, record.c.after).where(
        record.c.action.in_((RESTORED, ConfirmRecord.label))
    )
    for sequence, action, after in connection.execute(query):
        if action == RESTORED and isinstance(replaced := (after or {}).get("replaced"), int):
            spans.append((sequence, replaced, [str(one) for one in after.get("lacked") or ()]))
        elif action == ConfirmRecord.label:
            confirmed.update((after or {}).get("lacking", ()))
    return spans, confirmed
