"""The daily look at the office's own channels (自有渠道), beside the collecting; what it finds is kept with the channel."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from domain.channels import ChannelLook
from domain.errors import SourceError
from domain.registers import RegisterEntry, RegisterKind
from sources.channelcheck import PAUSE, look_at_channel
from sources.http import Web
from store import registers
from store.database import Database

log = logging.getLogger(__name__)
AGAIN, AFTER_FAULT = timedelta(hours=20), timedelta(hours=3)  # from one look to the next
MOST_FAULTS = 3  # in a row, after which a channel that does not answer is looked at once a day like the others


def due(database: Database, now: datetime) -> list[RegisterEntry]:
    """The channels whose home page is to be looked at."""
    with database.read() as connection:
        known = registers.looks(connection)
        kept = _looked_at(registers.listing(connection, RegisterKind.CHANNEL, waiting=True))
    return [entry for entry in kept if _is_due(known.get(entry.id), now)]


def look(database: Database, now: datetime, some: Sequence[RegisterEntry] | None = None, pause: float = PAUSE) -> int:
    """Look at those that are due, or at `some`; how many. One that cannot be had is kept as such."""
    chosen = due(database, now) if some is None else _looked_at(some)
    if chosen:
        asyncio.run(_all(database, chosen, now, pause))
    return len(chosen)


def look_at_all(database: Database, now: datetime) -> int:
    """Look at every channel now; how many."""
    with database.read() as connection:
        entries = registers.listing(connection, RegisterKind.CHANNEL, waiting=True)
    return look(database, now, entries)


class DailyLook:
    """Looks on a thread of its own, one round at a time, so that no collecting waits."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None

    def begin(self, database: Database, now: datetime) -> None:
        """Begin with what is due, unless a look is still going on."""
        if (self._thread and self._thread.is_alive()) or not (chosen := due(database, now)):
            return
        self._thread = threading.Thread(target=self._work, args=(database, now, chosen), name="channels", daemon=True)
        self._thread.start()

    @staticmethod
    def _work(database: Database, now: datetime, chosen: list[RegisterEntry]) -> None:
        try:
            look(database, now, chosen)
        except Exception:
            log.exception("the channels could not be looked at")


def _looked_at(entries: Sequence[RegisterEntry]) -> list[RegisterEntry]:
    return [entry for entry in entries if "address" in entry.values and not entry.withdrawn]


def _is_due(before: ChannelLook | None, now: datetime) -> bool:
    if before is None:
        return True
    wait = AFTER_FAULT if before.fault and before.faults < MOST_FAULTS else AGAIN
    return not timedelta(0) <= now - before.looked_at < wait


async def _all(database: Database, chosen: Sequence[RegisterEntry], now: datetime, pause: float) -> None:
    web = Web(reveal=database.passwords.reveal)
    try:
        for entry in chosen:
            await asyncio.to_thread(_keep, database, await _one(web, entry, now, pause))
    finally:
        await web.close()


async def _one(web: Web, entry: RegisterEntry, now: datetime, pause: float) -> ChannelLook:
    try:
        found = await look_at_channel(web, entry.values["address"], now, pause)
    except SourceError as error:
        return ChannelLook(entry.id, now, str(error), faults=1)
    return ChannelLook(entry.id, now, "", found.updated_on, found.links, found.dead)


def _keep(database: Database, new: ChannelLook) -> None:
    with database.write() as connection:
        before = registers.looks(connection).get(new.entry_id)
        if new.fault and before is not None:
            # What was seen of it before is still the last that is known.
            faults = before.faults + 1 if before.fault else 1
            new = replace(new, updated_on=before.updated_on, faults=faults)
        registers.keep_look(connection, new)
