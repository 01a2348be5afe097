"""Reminders (提醒) of clocks: by the share of time left, to the person on duty; domain.md section 3."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from domain.concern import Concern
from domain.response import Alert, Deadline, DeadlineState, Level
from domain.times import china, lasting

_FROM = ((Level.TENTH, 0.9), (Level.QUARTER, 0.75), (Level.HALF, 0.5))  # share of the time used


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours in China time in which reminders are held back; from == until means never."""

    start: time = time(22, 0)
    end: time = time(7, 0)

    def holds(self, moment: datetime) -> bool:
        """Whether a moment lies in the quiet hours, over midnight too."""
        at = china(moment).time()
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


def level_of(deadline: Deadline, now: datetime) -> Level | None:
    """The reminder that is due for a deadline, None for one that has time or is done."""
    state = deadline.state(now)
    if state is DeadlineState.OVERDUE:
        return Level.OVERDUE
    if state is not DeadlineState.RUNNING:
        return None
    used = deadline.share_used(now)
    return next((level for level, share in _FROM if used >= share), None)


def due_alerts(
    running: Sequence[tuple[Concern, Deadline]], given: Collection[tuple[int, Level]], quiet: Quiet, now: datetime
) -> list[Alert]:
    """The reminders that are due and were not given yet. Quiet hours do not silence the clocks of Ⅰ and Ⅱ."""
    found = []
    for concern, deadline in running:
        level = level_of(deadline, now)
        if level is None or (deadline.id, level) in given:
            continue
        left = lasting(deadline.left(now))
        tail = f"已超时 {left}" if level is Level.OVERDUE else f"{level.label}，余 {left}"
        held = "免打扰时段，非重大突发事件" if quiet.holds(now) and not concern.grade.grave else ""
        found.append(Alert(deadline.id, concern.id, level, now, f"{concern.title}：{deadline.name} {tail}", held))
    return found
