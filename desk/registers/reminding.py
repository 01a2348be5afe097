"""Reminders (提醒) of the registers: of their clocks, and of responses that own channels have not carried."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from datetime import datetime

from desk.registers.carrying import missing_of
from desk.registers.reading import waiting_of
from domain.errors import StoreError
from domain.response import Alert, Quiet
from domain.times import china_day
from response.reminders import CARRYING, carrying_alerts, register_alerts, register_level
from store.database import Connection

log = logging.getLogger(__name__)


def due(connection: Connection, given: Collection[str], quiet: Quiet, now: datetime) -> list[Alert]:
    """The reminders that are due and were not given yet. What is wrong with a register silences no emergency: it is
    logged, and told where the register is read.

    In the quiet hours none is, nor kept as held back: these clocks turn at midnight, and wait for the morning.
    """
    if quiet.holds(now):
        return []
    try:
        waiting = [(row.entry, row.clocks) for row in waiting_of(connection, now)]
        missing = missing_of(connection, now)
    except StoreError:
        log.exception("no reminders of the registers")
        return []
    return register_alerts(waiting, given, now) + carrying_alerts(missing, given, now)


def is_ours(alert: Alert) -> bool:
    """Whether a reminder is of a register."""
    return bool(alert.entry_id) or alert.key.startswith(CARRYING)


def passed(connection: Connection, given: Sequence[Alert], now: datetime) -> list[Alert]:
    """Those reminders of registers that no longer say what is so; none where a register is damaged, see `due`."""
    ours = [alert for alert in given if is_ours(alert)]
    if not ours:
        return []
    try:
        clocks = {row.entry.id: row.clocks for row in waiting_of(connection, now)}
        carrying = {alert.key for alert in carrying_alerts(missing_of(connection, now), (), now)}
    except StoreError:
        log.exception("no look at the reminders of the registers")
        return []
    today = china_day(now)

    def holds(alert: Alert) -> bool:
        if not alert.entry_id:
            return alert.key in carrying
        return any(register_level(clock, today) is alert.level for clock in clocks.get(alert.entry_id, ()))

    return [alert for alert in ours if not holds(alert)]
