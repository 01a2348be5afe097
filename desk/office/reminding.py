"""Giving reminders (提醒) once each, and the list of all that were given or held back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time

from desk.registers import reminding as registers
from desk.work import Effect, Handler, Work
from domain.errors import StoreError
from domain.response import Alert, Quiet
from domain.steps import office as steps
from domain.steps.step import Step
from response.reminders import concern_alerts, due_alerts, holds
from store import alerts, cases, settings
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


def set_quiet_hours(step: steps.SetQuietHours, work: Work) -> Effect:
    """修改免打扰时段."""
    before = settings.read(work.connection, QUIET)
    after = [step.start.strftime("%H:%M"), step.end.strftime("%H:%M")]
    settings.write(work.connection, QUIET, after)
    return Effect({"start": after[0], "end": after[1]}, {"hours": before}, f"setting:{QUIET}")


HANDLERS: dict[type[Step], Handler] = {steps.SetQuietHours: set_quiet_hours}


def give(database: Database, now: datetime) -> list[Alert]:
    """The reminders due now, each given or held back once for all windows, and logged."""
    quiet = quiet_hours(database)
    with database.read() as connection:
        concerns = {c.id: c for c in cases.listing(connection, running_only=True)}
        running = [(concerns[d.concern_id], d) for d in cases.deadlines(connection, of=list(concerns))]
        known = alerts.given(connection)
        new = concern_alerts(list(concerns.values()), known, quiet, now) + due_alerts(running, known, quiet, now)
        new += registers.due(connection, known, quiet, now)
    if not new:
        return []
    with database.write() as connection:
        known = alerts.given(connection)
        new = [alert for alert in new if alert.key not in known]
        for alert in new:
            alerts.keep(connection, alert)
    return [alert for alert in new if not alert.held]


def overtaken(database: Database, given: Collection[Alert], now: datetime) -> list[Alert]:
    """Those reminders that no longer say what is so: the concern was judged, the clock was met, and the like."""
    with database.read() as connection:
        passed = registers.passed(connection, list(given), now)
        given = [alert for alert in given if not registers.is_ours(alert)]
        concerns = {c.id: c for c in cases.listing(connection, running_only=True)}
        of = [alert.concern_id for alert in given if alert.concern_id in concerns]
        clocks = cases.deadlines(connection, of=of)
    return passed + [
        alert
        for alert in given
        if alert.concern_id not in concerns
        or not holds(alert, concerns[alert.concern_id], [d for d in clocks if d.concern_id == alert.concern_id], now)
    ]


def listing(database: Database, limit: int = 300) -> list[Alert]:
    """All reminders, given and held back, the newest first."""
    with database.read() as connection:
        return alerts.listing(connection, limit)
