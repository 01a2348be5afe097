"""Registers (政务公开台账) as tables: imported with their columns matched, exported with clocks and standing, and the
annual report's tables (国办公开办函〔2021〕30号)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from briefing.annualtable import write_annual
from briefing.xlsx import write_table
from desk.execute import execute
from desk.office.particulars import office
from desk.registers.reading import RegisterRow, annual, figures, rows
from domain.errors import InputError, SourceError
from domain.person import Actor
from domain.personal import mask_personal
from domain.registerfields import REGISTERS
from domain.registerfigures import RegisterFigure
from domain.registers import FieldType, Register, RegisterEntry, RegisterField, RegisterKind
from domain.steps.registers import MOST_ROWS, ImportRegisterEntries
from domain.times import china, china_day
from sources.rows import shown as shown
from sources.spreadsheets import MappedTable, Trouble, mapped, read_cells, read_sheet, told
from sources.spreadsheets import TablePreview as TablePreview
from sources.workers import Limits, run_within
from store.database import Database

READING = Limits(60.0, 512, 300.0)
MOST_IMPORTED = 20_000  # rows of one file
_TEXTS = (FieldType.LINE, FieldType.LINES)
_MASKED = (*_TEXTS, FieldType.LINK)


@dataclass(slots=True)
class RowsTaken:
    """What an import gave: rows new, known and filled in further, known and left as they were; those that could not be
    taken, each with why."""

    new: int = 0
    filled: int = 0
    known: int = 0
    troubles: list[Trouble] = field(default_factory=list)
    notes: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """In a sentence or more."""
        return f"{self.counts}。{told(self.troubles)}{''.join(self.notes)}"

    @property
    def counts(self) -> str:
        """How many, without those that could not be taken."""
        filled = f"，{self.filled} 行补上了原来空着的栏" if self.filled else ""
        known = f"，{self.known} 行已经有了，没有改动" if self.known else ""
        return f"导入 {self.new} 行{filled}{known}"


def look_at(path: Path, kind: RegisterKind) -> TablePreview:
    """A table's headings and first rows, read apart. Raises InputError."""
    sheet: TablePreview = _apart(path, read_sheet, path, None, _headings_of(kind))
    return sheet


def guessed(sheet: TablePreview, kind: RegisterKind) -> dict[str, str]:
    """Which heading of a table is which field of a register, by the field's key."""
    return mapped(sheet.headings, {}, _headings_of(kind))


def open_table(path: Path, kind: RegisterKind, chosen: Mapping[str, str]) -> MappedTable:
    """A table with its columns matched, `chosen` (key or label → heading) first. Raises InputError."""
    sheet = look_at(path, kind)
    register = REGISTERS[kind]
    wanted = {register.field(name).key: heading for name, heading in chosen.items()}
    for heading in wanted.values():
        if heading not in sheet.headings:
            raise InputError(f"“{shown(path)}”里没有“{heading}”这一列。有的列：{'、'.join(sheet.headings[:20])}。")
    return sheet.table(mapped(sheet.headings, wanted, _headings_of(kind)))


def import_rows(
    database: Database,
    path: Path,
    kind: RegisterKind,
    table: MappedTable,
    constants: Mapping[str, Any],
    actor: Actor,
    clock: Callable[[], datetime],
    progress: Callable[[float], None] = lambda _: None,
) -> RowsTaken:
    """Enter the rows of a table; `constants` fill the fields of every row that its table leaves empty.

    What cannot be taken is told by its row and changes nothing of the others. Raises InputError, StoreError.
    """
    register = REGISTERS[kind]
    constants = {register.field(key).key: value for key, value in constants.items()}
    missing = [one.label for one in register.fields if one.needed and one.key not in {**table.mapping, **constants}]
    if missing:
        raise InputError(f"“{kind.label}”的每一行都要有{'、'.join(missing)}。请指明是哪一列，或统一填一个值。")
    cells, troubles = _apart(path, read_cells, path, table, MOST_IMPORTED)
    taken = RowsTaken(troubles=troubles, notes=table.notes)
    today = china_day(clock())
    sound: list[Mapping[str, Any]] = []
    for one in cells:
        try:
            sound.append(_read(register, one.of, constants, today))
        except InputError as error:
            taken.troubles.append(Trouble(one.number, one.sheet, str(error).rstrip("。")))
    for start in range(0, len(sound), MOST_ROWS):
        step = ImportRegisterEntries(kind, shown(path), tuple(sound[start : start + MOST_ROWS]))
        new, filled, known = execute(database, step, actor, clock())
        taken.new += new
        taken.filled += filled
        taken.known += known
        progress((start + len(step.rows)) / len(sound))
    return taken


def export_rows(database: Database, path: Path, kind: RegisterKind, now: datetime, year: int | None = None) -> int:
    """Write a register as .xlsx, personal data masked; how many rows. Raises ExportError."""
    register, today = REGISTERS[kind], china_day(now)
    chosen = [row for row in rows(database, kind, now) if year is None or row.year == year]
    chosen.sort(key=lambda row: row.entry.id)
    # A column that no row fills is left out, unless it is one of the list's: thirty empty ones could not be printed.
    fields = [one for one in register.fields if one.width or any(one.key in row.entry.values for row in chosen)]
    columns = ["编号", *(one.label for one in fields), "状态", "时限", "是否按时", "怎么算的"]
    columns += ["录入人", "录入时间", "最后修改人", "最后修改时间", "作废的理由"]
    if kind is RegisterKind.CHANNEL:
        columns += ["看首页的时间", "首页情况", "坏链接"]
    write_table(path, kind.label, columns, [_cells(row, fields, today) for row in chosen])
    return len(chosen)


def export_figures(database: Database, path: Path, start: date, end: date, now: datetime) -> int:
    """Write the registers' figures of the days [start, end] as .xlsx; how many lines. Raises ExportError."""
    made = figures(database, start, end, now)
    columns = ("台账", "项目", "数", "总数（分母）", "占比", "不计入的", "编号")
    write_table(path, f"政务公开台账 {start} 至 {end}", columns, [_figure(f) for f in made])
    return len(made)


def export_annual(database: Database, path: Path, year: int) -> bool:
    """Write the tables of a year's report as .xlsx in the official form; whether what is filled in by hand was there.

    Raises ExportError.
    """
    table, report = annual(database, year)
    write_annual(path, table, office(database).name, _filled_in(report) if report else {})
    return report is not None


def _filled_in(report: RegisterEntry) -> dict[str, Any]:
    """What the office filled in by hand, personal data masked."""
    return {key: mask_personal(value) if isinstance(value, str) else value for key, value in report.values.items()}


def _figure(f: RegisterFigure) -> tuple[Any, ...]:
    return f.kind.label, f.name, f.value, f.whole, f.share, f.left_out, "、".join(map(str, f.ids))


def _cells(row: RegisterRow, fields: Sequence[RegisterField], today: date) -> list[Any]:
    entry = row.entry
    made: list[Any] = [entry.id]
    for one in fields:
        value = entry.values.get(one.key)
        if isinstance(value, str) and one.takes in _MASKED:
            made.append(mask_personal(value))
        else:
            made.append(value if isinstance(value, int | date) and value is not True else one.told(value))
    clocks = [f"{c.name} {c.due_on}（{c.stands(today)}）" for c in row.clocks]
    in_time = row.in_time(today)
    made += [row.standing.label, "\n".join(clocks), in_time.label if in_time else ""]
    made.append("\n".join(c.how for c in row.clocks))
    made += [entry.entered_by, china(entry.entered_at), entry.changed_by, china(entry.changed_at)]
    made.append(mask_personal(entry.withdrawn))
    if entry.kind is RegisterKind.CHANNEL:
        look = row.look
        dead = "\n".join(f"{address}（{why}）" for address, why in look.dead) if look else ""
        made += [look.looked_at if look else None, look.said if look else "还没有看过", dead]
    return made


def _headings_of(kind: RegisterKind) -> dict[str, tuple[str, ...]]:
    """The words by which a column is known, by the field's key; lower case, without blanks."""
    return {
        one.key: tuple("".join(word.split()).lower() for word in (one.label, *one.headings))
        for one in REGISTERS[kind].fields
    }


def _read(register: Register, cells: Mapping[str, str], constants: Mapping[str, Any], today: date) -> Mapping[str, Any]:
    """What a row says, with what is filled in for all; a value that it need not have and that contradicts it, as a
    kind of answer does where there was none yet, is left out. Raises InputError."""
    said = {key: _tidy(register.field(key), value) for key, value in cells.items() if value}
    needed = {key: value for key, value in constants.items() if register.field(key).needed}
    try:
        return register.checked({**constants, **said}, today)
    except InputError:
        if len(needed) == len(constants):
            raise
        return register.checked({**needed, **said}, today)


def _tidy(one: RegisterField, value: Any) -> Any:
    """A cell as it can be read: a text of many lines without its indents."""
    if isinstance(value, str) and one.takes in _TEXTS:
        return "\n".join(line.strip() for line in value.splitlines() if line.strip())
    return value


def _apart(path: Path, read: Callable[..., Any], *given: Any) -> Any:
    try:
        return run_within(READING, read, *given)
    except InputError:
        raise
    except SourceError as error:
        raise InputError(f"“{shown(path)}”读不了：{error}") from error
