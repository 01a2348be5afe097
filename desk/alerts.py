"""Giving reminders (提醒) once each, and the list of all that were given or held back."""

from __future__ import annotations

from datetime import datetime, time

from domain.errors import StoreError
from response.alerts import Alert, Quiet, concern_alerts, due_alerts
from store import alerts, cases, record, settings
from store.database import Database

QUIET = "quiet_hours"


def quiet_hours(database: Database) -> Quiet:
    """The hours in which reminders are held back. Raises StoreError where the setting is damaged."""
    with database.read() as connection:
        kept = settings.read(connection, QUIET)
    try:
        return Quiet(*(time.fromisoformat(text) for text in kept)) if kept else Quiet()
    except (TypeError, ValueError) as error:
        raise StoreError("免打扰时段的设置已损坏。请在“设置”里重新填写。") from error


def set_quiet_hours(database: Database, quiet: Quiet, by: str, now: datetime) -> None:
    """Change the quiet hours; recorded."""
    after = [quiet.start.strftime("%H:%M"), quiet.end.strftime("%H:%M")]
    with database.write() as connection:
        before = settings.read(connection, QUIET)
        settings.write(connection, QUIET, after)
        record.append(connection, now, by, "修改免打扰时段", f"setting:{QUIET}", before, after)


def give(database: Database, now: datetime) -> list[Alert]:
    """The reminders due now, each given or held back once for all windows, and logged."""
    quiet = quiet_hours(database)
    with database.read() as connection:
        concerns = {c.id: c for c in cases.listing(connection, running_only=True)}
        running = [(concerns[d.concern_id], d) for d in cases.deadlines(connection, of=list(concerns))]
        known = alerts.given(connection)
        new = concern_alerts(list(concerns.values()), known, quiet, now) + due_alerts(running, known, quiet, now)
    if not new:
        return []
    with database.write() as connection:
        known = alerts.given(connection)
        new = [alert for alert in new if alert.key not in known]
        for alert in new:
            alerts.keep(connection, alert)
    return [alert for alert in new if not alert.held]


def listing(database: Database, limit: int = 300) -> list[Alert]:
    """All reminders, given and held back, the newest first."""
    with database.read() as connection:
        return alerts.listing(connection, limit)
