"""Keeping the entries of the registers (政务公开台账), what the daily look at the office's channels found, and who of ours
carried a response."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, select

from domain.channels import Carried, ChannelLook
from domain.errors import InputError, NotFoundError, StoreError
from domain.registerfields import REGISTERS
from domain.registers import PassedClock, RegisterEntry, RegisterKind, kept
from store.schema import carried, channel_look, new_id, register_entry


def _entry(row: Row[Any]) -> RegisterEntry:
    kind = RegisterKind.of(row.kind)
    fields = {one.key: one for one in REGISTERS[kind].fields}
    try:
        values = {key: fields[key].read(value) for key, value in row.fields.items() if key in fields}
        passed = {
            code: PassedClock(
                p["name"],
                date.fromisoformat(p["start"]),
                date.fromisoformat(p["due"]),
                p["source"],
                date.fromisoformat(p["met"]) if p.get("met") else None,
                bool(p.get("belated")),
            )
            for code, p in row.passed.items()
        }
        noted = {code: date.fromisoformat(day) for code, day in row.noted.items()}
    except (InputError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise StoreError(f"台账第 {row.id} 行已损坏，读不了。请用最近的备份恢复。") from error
    return RegisterEntry(
        row.id,
        kind,
        values,
        row.entered_at,
        row.entered_by,
        row.changed_at,
        row.changed_by,
        row.version,
        passed,
        noted,
        row.withdrawn,
    )


def _passed(p: PassedClock) -> dict[str, Any]:
    kept: dict[str, Any] = {
        "name": p.name,
        "start": p.start_on.isoformat(),
        "due": p.due_on.isoformat(),
        "source": p.source,
    }
    return kept | ({"met": p.met_on.isoformat(), "belated": p.belated} if p.met_on else {})


def _columns(entry: RegisterEntry) -> dict[str, Any]:
    return {
        "fields": kept(entry.values),
        "passed": {code: _passed(p) for code, p in entry.passed.items()},
        "noted": {code: day.isoformat() for code, day in entry.noted.items()},
        "waits": not entry.withdrawn and not REGISTERS[entry.kind].is_done(entry.values),
        "withdrawn": entry.withdrawn,
        "changed_at": entry.changed_at,
        "changed_by": entry.changed_by,
        "version": entry.version,
    }


def add(connection: Connection, new: RegisterEntry) -> int:
    """Keep a new entry; its id."""
    values = {"kind": new.kind.code, "entered_at": new.entered_at, "entered_by": new.entered_by, **_columns(new)}
    return new_id(connection.execute(register_entry.insert().values(**values)))


def change(connection: Connection, entry: RegisterEntry) -> None:
    """Keep what an entry is now."""
    connection.execute(register_entry.update().where(register_entry.c.id == entry.id).values(**_columns(entry)))


def get(connection: Connection, id: int) -> RegisterEntry:
    """One entry. Raises NotFoundError."""
    row = connection.execute(select(register_entry).where(register_entry.c.id == id)).first()
    if row is None:
        raise NotFoundError(f"台账里没有编号为 {id} 的行。请刷新后再试。")
    return _entry(row)


def listing(connection: Connection, kind: RegisterKind | None = None, waiting: bool = False) -> list[RegisterEntry]:
    """The entries of a register, or of all, in the order in which they were entered; only those that wait, if asked."""
    query = select(register_entry).order_by(register_entry.c.id)
    if kind is not None:
        query = query.where(register_entry.c.kind == kind.code)
    if waiting:
        query = query.where(register_entry.c.waits)
    return [_entry(row) for row in connection.execute(query)]


def looks(connection: Connection) -> dict[int, ChannelLook]:
    """What the last look at each channel found, by the entry's id."""
    return {
        row.entry_id: ChannelLook(
            row.entry_id, row.looked_at, row.fault, row.updated_on, row.links, tuple(map(tuple, row.dead)), row.faults
        )
        for row in connection.execute(select(channel_look))
    }


def keep_look(connection: Connection, look: ChannelLook) -> None:
    """Keep what a look found, in the place of the one before."""
    connection.execute(channel_look.delete().where(channel_look.c.entry_id == look.entry_id))
    values = {"looked_at": look.looked_at, "fault": look.fault, "updated_on": look.updated_on, "links": look.links}
    dead = [list(pair) for pair in look.dead]
    connection.execute(channel_look.insert().values(entry_id=look.entry_id, dead=dead, faults=look.faults, **values))


def carryings(connection: Connection) -> dict[tuple[int, int], Carried]:
    """Who of ours carried which response, by (response, channel's entry)."""
    return {
        (row.response_id, row.entry_id): Carried(
            row.response_id, row.entry_id, row.carried_on, row.link, row.by, row.at
        )
        for row in connection.execute(select(carried))
    }


def keep_carrying(connection: Connection, new: Carried) -> None:
    """Keep that a channel carried a response, in the place of what was said before."""
    where = (carried.c.response_id == new.response_id) & (carried.c.entry_id == new.entry_id)
    connection.execute(carried.delete().where(where))
    values = {"carried_on": new.carried_on, "link": new.link, "by": new.by, "at": new.at}
    connection.execute(carried.insert().values(response_id=new.response_id, entry_id=new.entry_id, **values))
