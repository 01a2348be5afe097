"""Importing a table (表格) of any size: read in parts, stored in short transactions, stopped and gone on with at will."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from analysis.parallel import Helpers
from desk.collecting.segmenting import segmented
from desk.collecting.storing import STORED_TOGETHER, add_new
from desk.collecting.turns import Turns
from domain.article import Article, SourceTier
from domain.errors import InputError, SourceError
from sources.rows import shown as shown
from sources.spreadsheets import FIELDS, MappedTable, Trouble, mapped, read_sheet, read_table, told
from sources.spreadsheets import TablePreview as TablePreview
from sources.tableparts import Part, ReadingPosition, mark_of, parts_of
from sources.tableparts import Progress as Progress
from sources.workers import Limits, run_within
from store import articles, sources
from store.articles import Segmented
from store.database import Database

T = TypeVar("T")
LOOKING = Limits(60.0, 512, 300.0)  # for a first look; the texts of a workbook may have to be read through
CHARACTERS_AT_ONCE = 200_000  # in one transaction, so that nobody who writes beside waits
TROUBLES_KEPT = 20
GOING_ON = "import"  # in the options of a table's source: how far an import came that was stopped


@dataclass(slots=True)
class Imported:
    """What an import gave: articles new and known before, rows that could not be read; `rows` is how far it came."""

    new: int = 0
    known: int = 0
    skipped: int = 0
    doubtful: int = 0
    rows: int = 0
    begun_at: int = 0
    whole: bool = False
    troubles: list[Trouble] = field(default_factory=list)
    notes: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """In a sentence or more, for people."""
        parts = [f"导入 {self.new} 条，{self.known} 条已经有了。"]
        if self.begun_at:
            parts.insert(0, f"从上次停下的第 {self.begun_at} 行接着来。")
        if not self.whole:
            parts.append(f"停在第 {self.rows} 行；再导入同一个文件，会从那里接着来。")
        return "".join([*parts, told(self.troubles, self.skipped, self.doubtful), *self.notes])

    def take(self, part: Part) -> None:
        """Count the rows of a part that could not be read."""
        self.rows = part.place.rows
        self.skipped += sum(not each.kept for each in part.troubles)
        self.doubtful += sum(each.kept for each in part.troubles)
        for each in part.troubles:
            if sum(known.kept is each.kept for known in self.troubles) < TROUBLES_KEPT:
                self.troubles.append(each)


def look_at(path: Path) -> TablePreview:
    """A table's headings and first rows, read apart. Raises InputError."""
    return _apart(path, read_sheet, path)


def fields() -> tuple[str, ...]:
    """What a column of a table can be to us, by the names that a mapping has."""
    return tuple(FIELDS)


def guessed(sheet: TablePreview, chosen: Mapping[str, str]) -> dict[str, str]:
    """Which heading of a table is which field: as `chosen`, where the table has such headings, the rest guessed."""
    return mapped(sheet.headings, {field: name for field, name in chosen.items() if name in sheet.headings})


def open_table(path: Path, chosen: Mapping[str, str] | None = None) -> MappedTable:
    """A table with its columns guessed, `chosen` first, read apart. Raises InputError."""
    return _apart(path, read_table, path, chosen)


def import_table(
    database: Database,
    path: Path,
    table: MappedTable,
    now: datetime,
    progress: Callable[[Progress], None] = lambda _: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Imported:
    """Keep the articles of a table under a source of its own.

    What is stored stays when it is `stopped`, or dies; importing the same file again goes on from there. No row is
    kept twice. Raises InputError, StoreError; StoppedError before the first row.
    """
    id, going_on = _source(database, path, now)
    mark = mark_of(path, table)
    imported = Imported(notes=table.notes)
    begin = ReadingPosition()
    if going_on.get("mark") == mark:
        begin = ReadingPosition(int(going_on["offset"]), int(going_on["rows"]))
        imported.rows = imported.begun_at = begin.rows
        imported.skipped, imported.doubtful = going_on["skipped"], going_on["doubtful"]
        imported.troubles = [Trouble(**each) for each in going_on["troubles"]]
    try:
        with closing(parts_of(path, table, now, begin, progress, stopped)) as parts, Helpers() as helpers:
            rest = _Rest(database, id, parts, imported)
            turns = Turns(database)
            for batch in helpers.read(_prepared, rest.batches(), 1):
                _store(turns, id, batch, imported, mark, rest)
                if batch.end is not None:
                    progress(Progress(f"已存入 {imported.new} 条", batch.end.share))
                if stopped() and not imported.whole:
                    break
    except SourceError as error:
        raise InputError(f"“{shown(path)}”没有读完：{error}已经导入的都在。") from error
    return imported


@dataclass(frozen=True, slots=True)
class _Batch:
    """Some new articles, to be stored at once; `end` is the part that ends with them, without its articles."""

    given: list[Article]
    end: Part | None
    made: list[Segmented] = field(default_factory=list)


class _Rest:
    """The batches still to be stored, made of what the store does not know."""

    def __init__(self, database: Database, source_id: int, parts: Iterator[Part], found: Imported) -> None:
        self._database, self._id, self._parts, self._found = database, source_id, parts, found
        self._pending: set[str] = set()

    def batches(self) -> Iterator[_Batch]:
        """The new articles in batches, each part's last one with its end."""
        for part in self._parts:
            waiting = [item for item in part.articles if item.key not in self._pending]
            with self._database.read() as connection:
                fresh = articles.unknown(connection, self._id, waiting)
            self._pending.update(item.key for item in fresh)
            self._found.known += len(part.articles) - len(fresh)
            end = Part(troubles=part.troubles, place=part.place, share=part.share, last=part.last)
            batch: list[Article] = []
            characters = 0
            for item in fresh:
                if batch and (len(batch) >= STORED_TOGETHER or characters + len(item.text) > CHARACTERS_AT_ONCE):
                    yield _Batch(batch, None)
                    batch, characters = [], 0
                batch.append(item)
                characters += len(item.text)
            yield _Batch(batch, end)

    def done(self, batch: _Batch) -> None:
        """A batch is in the store, which knows its keys from now on."""
        self._pending.difference_update(item.article.key for item in batch.made)


def _prepared(batches: list[_Batch]) -> list[_Batch]:
    """Batches with the words of their articles; in a helper process."""
    return [_Batch([], batch.end, [segmented(item) for item in batch.given]) for batch in batches]


def _store(turns: Turns, source_id: int, batch: _Batch, found: Imported, mark: str, rest: _Rest) -> None:
    """Keep a batch; at the end of a part, in the same transaction, how far the import has come."""
    changes: dict[str, object] = {}
    if batch.end is not None:
        found.take(batch.end)
        found.whole = batch.end.last
        place = asdict(batch.end.place)
        kept = {"skipped": found.skipped, "doubtful": found.doubtful}
        troubles = [asdict(each) for each in found.troubles]
        going_on = {} if found.whole else {GOING_ON: {"mark": mark, **place, **kept, "troubles": troubles}}
        notice = told(found.troubles, found.skipped, found.doubtful)
        if not found.whole:
            notice = f"导入停在第 {found.rows} 行；再导入同一个文件，会从那里接着来。{notice}"
        changes = {"options": going_on, "notice": notice}
    if not batch.made and not changes:
        return
    with turns.write() as connection:  # where it is looked again: somebody may be importing the same file
        new = add_new(connection, source_id, batch.made)
        if changes:
            sources.change(connection, source_id, **changes)
    found.new += new
    found.known += len(batch.made) - new
    rest.done(batch)


def _source(database: Database, path: Path, now: datetime) -> tuple[int, Mapping[str, Any]]:
    """The source that holds a table's articles, and how far an earlier import came."""
    name = shown(path.with_suffix(""))
    with database.write() as connection:
        known = next((s for s in sources.all_sources(connection) if s.url == f"table:{name}"), None)
        id = known.id if known else sources.add(connection, "table", f"table:{name}", name, SourceTier.HOTLINE)
        sources.change(connection, id, paused=True, checked_at=now, succeeded_at=now)
    return id, (known.options.get(GOING_ON) or {}) if known else {}


def _apart(path: Path, read: Callable[..., T], *given: Any) -> T:
    try:
        return run_within(LOOKING, read, *given)
    except InputError:
        raise
    except SourceError as error:
        raise InputError(f"“{shown(path)}”读不了：{error}") from error
