"""Reading the registers (政务公开台账): the rows of one with their clocks and standing, an entry's history, the figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from desk.registers.carrying import sources_of
from desk.registers.entries import Reckoning, limits_of, reckoning_of
from domain.channels import ChannelLook
from domain.record import Entry
from domain.registerfields import REGISTERS, year_of
from domain.registerfigures import AnnualTable, RegisterFigure
from domain.registers import RegisterClock, RegisterEntry, RegisterKind, RegisterLimits, Standing
from domain.response import IN_TIME, DeadlineState, InTime, worst_of
from domain.times import china_day
from response.registerclocks import next_clock, standing
from response.registerfigures import Kept, annual_table
from response.registerfigures import figures as figures_of
from store import record, registers, sources
from store.database import Connection, Database

_FIRST = {Standing.OVERDUE: 0, Standing.WAITING: 1, Standing.LATE: 2, Standing.DONE: 2, Standing.WITHDRAWN: 3}


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """An entry as its list shows it: its clocks, how it stands, which clock comes next; of a channel, the last look."""

    entry: RegisterEntry
    clocks: tuple[RegisterClock, ...]
    standing: Standing
    next: RegisterClock | None
    year: int
    look: ChannelLook | None = None

    @property
    def title(self) -> str:
        """What the entry is called."""
        return REGISTERS[self.entry.kind].title_of(self.entry.values)

    def left(self, today: date) -> str:
        """How long the next clock has, in words; empty where none runs."""
        if self.next is None:
            return ""
        days = (self.next.due_on - today).days
        if self.next.state(today) is DeadlineState.OVERDUE:
            return f"{self.next.name} 超 {-days} 天"
        return f"{self.next.name} 今天到期" if days == 0 else f"{self.next.name} 余 {days} 天"

    def in_time(self, today: date) -> InTime | None:
        """是否按时, of all obligations; None where none binds."""
        state = worst_of(clock.state(today) for clock in self.clocks if clock.ours and not clock.repeats)
        return IN_TIME[state] if state else None


def rows(database: Database, kind: RegisterKind, now: datetime) -> list[RegisterRow]:
    """The rows of a register: what is overdue first, then what waits by its next clock, then what is done, newest first."""
    with database.read() as connection:
        return rows_of(connection, kind, now)


def rows_of(connection: Connection, kind: RegisterKind | None, now: datetime) -> list[RegisterRow]:
    """The same, inside a transaction; of all registers without one."""
    return sorted(
        _rows(connection, registers.listing(connection, kind), reckoning_of(connection, china_day(now))), key=_place
    )


def waiting_of(connection: Connection, now: datetime) -> list[RegisterRow]:
    """The rows of all registers in which something waits, what is overdue first."""
    entries = registers.listing(connection, waiting=True)
    return sorted(_rows(connection, entries, reckoning_of(connection, china_day(now))), key=_place)


def one(database: Database, id: int, now: datetime) -> RegisterRow:
    """One entry's row. Raises NotFoundError."""
    with database.read() as connection:
        (row,) = _rows(connection, [registers.get(connection, id)], reckoning_of(connection, china_day(now)))
        return row


def history(database: Database, id: int) -> list[Entry]:
    """What the record says of an entry, the oldest first."""
    with database.read() as connection:
        return list(record.entries(connection, f"register:{id}"))


def overdue(database: Database, now: datetime) -> Mapping[RegisterKind, int]:
    """How many entries of each register are overdue now."""
    with database.read() as connection:
        return Counter(row.entry.kind for row in waiting_of(connection, now) if row.standing is Standing.OVERDUE)


def limits(database: Database) -> RegisterLimits:
    """The office's limits. Raises StoreError."""
    with database.read() as connection:
        return limits_of(connection)


def figures(database: Database, start: date, end: date, now: datetime) -> list[RegisterFigure]:
    """The figures of the days [start, end]."""
    with database.read() as connection:
        rows = rows_of(connection, None, now)
    return figures_of([Kept(row.entry, row.clocks) for row in rows], start, end, china_day(now))


def annual(database: Database, year: int) -> tuple[AnnualTable, RegisterEntry | None]:
    """The tables that the register of applications fills, and the entry of that year's report with what is filled in by
    hand; None where there is none yet.
    """
    with database.read() as connection:
        entries = registers.listing(connection, RegisterKind.DISCLOSURE)
        reports = registers.listing(connection, RegisterKind.ANNUAL_REPORT)
    report = next((e for e in reports if e.values["year"] == year and not e.withdrawn), None)
    return annual_table(entries, year), report


def _rows(connection: Connection, entries: Sequence[RegisterEntry], reckoning: Reckoning) -> list[RegisterRow]:
    looks, updated = _seen_of_channels(connection, entries)
    made = []
    for entry in entries:
        clocks = reckoning.clocks(entry, updated.get(entry.id))
        made.append(
            RegisterRow(
                entry,
                clocks,
                standing(entry, clocks, reckoning.today),
                next_clock(clocks, reckoning.today) if not entry.withdrawn else None,
                year_of(REGISTERS[entry.kind], entry.values, china_day(entry.entered_at)),
                looks.get(entry.id),
            )
        )
    return made


def _place(row: RegisterRow) -> tuple[int, int, int]:
    due = row.next.due_on.toordinal() if row.next else date.max.toordinal()
    order = _FIRST[row.standing]
    return order, due if order < 2 else 0, -row.entry.id


def _seen_of_channels(
    connection: Connection, entries: Sequence[RegisterEntry]
) -> tuple[dict[int, ChannelLook], dict[int, date]]:
    """Of channels: the last looks, and the newest day that a look or a source of theirs names."""
    channels = [entry for entry in entries if entry.kind is RegisterKind.CHANNEL]
    if not channels:
        return {}, {}
    looks, known = registers.looks(connection), sources.all_sources(connection)
    updated: dict[int, date] = {}
    for entry in channels:
        days = [china_day(source.newest_at) for source in sources_of(entry, known) if source.newest_at]
        if (look := looks.get(entry.id)) and look.updated_on:
            days.append(look.updated_on)
        if days:
            updated[entry.id] = max(days)
    return looks, updated
