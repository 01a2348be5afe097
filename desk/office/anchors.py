"""Heads of the record (留痕末条) laid down outside the data, and the record held against them.

They lie at every seat that saw them, in every backup, and in 留痕锚点.txt beside the backups of both places; they are
printed on hand-over sheets and final briefings. Deleting the last entries, or writing all of them anew, leaves a chain
that fits, but not these.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from desk.office import backups
from desk.work import Effect, Handler, Work
from domain.errors import StepError, StoreError, WenyingError
from domain.record import Head, SeenHead, Verdict
from domain.steps import office as steps
from domain.steps.step import Step
from domain.times import exact
from store import anchorfile, record, seat
from store.database import Database

log = logging.getLogger(__name__)
SEAT = "本机"  # where a head was seen, in words
MOST_BACKUPS = 60  # whose heads are looked at, the newest
REHEARSAL = ("闻应演示.txt", "演练.json")  # what says that a data folder is no office's


def note(database: Database, folder: Path) -> None:
    """Keep the newest head at this seat; a seat where nothing can be kept says so in the log only.

    While the record lacks what this seat saw, nothing of it is kept: it would push out what shows that.
    """
    if any((folder / name).exists() for name in REHEARSAL):
        return
    try:
        seen = [SeenHead(head, SEAT) for head in seat.seen(_address(database, folder))]
        with database.read() as connection:
            head = record.head(connection)
            if SeenHead(head, SEAT) in seen or record.lacking(connection, seen):
                return
        seat.see(_address(database, folder), head)
    except (OSError, WenyingError) as error:
        log.warning("the head of the record could not be kept at this seat: %s", error)


def lacking(database: Database, folder: Path) -> tuple[SeenHead, ...]:
    """The heads laid down elsewhere that the record does not hold and does not account for, the lowest first."""
    heads = list(_laid_down(database, folder))
    with database.read() as connection:
        return record.lacking(connection, heads)


def checked(database: Database, folder: Path, printed: str = "") -> Verdict:
    """How the record stands: its chain, and all heads that can be found; `printed` is one from paper.

    Raises InputError for a printed one that is none.
    """
    heads = list(_laid_down(database, folder))
    if printed.strip():
        heads.append(SeenHead(Head.of(printed), "纸上"))
    with database.read() as connection:
        entries, misfit = record.verify(connection)
        return Verdict(entries, misfit, record.lacking(connection, heads))


def confirm(step: steps.ConfirmRecord, work: Work) -> Effect:
    """确认留痕: the lacking heads are accounted for by who looked into it. Raises InputError for what is no head."""
    for line in step.lacking:
        Head.of(line)
    if not step.lacking:
        raise StepError("没有要确认的：别处存下的末条，现在的留痕里都有。")
    return Effect(object="record")


HANDLERS: dict[type[Step], Handler] = {steps.ConfirmRecord: confirm}


def _laid_down(database: Database, folder: Path) -> Iterator[SeenHead]:
    """Every head that can be found from here; what cannot be read is passed over."""
    for head in seat.seen(_address(database, folder)):
        yield SeenHead(head, SEAT)
    with suppress(StoreError):
        plan = backups.plan(database)
        for place in filter(None, (plan.place(folder), Path(plan.second).expanduser() if plan.second else None)):
            for day, head in anchorfile.read(place):
                yield SeenHead(head, f"“{place.name}”的{anchorfile.NAME}（{day}）")
        for stored in backups.listing(folder, plan)[:MOST_BACKUPS]:
            if stored.head is not None:
                made = exact(stored.made_at) if stored.made_at else stored.path.name
                yield SeenHead(stored.head, f"{made} 的备份")


def _address(database: Database, folder: Path) -> str:
    """What a database is known by at a seat: where it lies."""
    url = database.engine.url
    return str(folder.resolve()) if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)
