"""Reminders (提醒): of clocks by the share of time left (domain.md section 3), of new and escalating concerns."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from domain.concern import Concern
from domain.response import Alert, Deadline, DeadlineState, Level
from domain.times import china, lasting

LATELY = timedelta(hours=2)  # what was found earlier is on the list; nobody is called for it
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
    running: Sequence[tuple[Concern, Deadline]], given: Collection[str], quiet: Quiet, now: datetime
) -> list[Alert]:
    """The reminders that are due and were not given yet. Quiet hours do not silence the clocks of Ⅰ and Ⅱ."""
    found = []
    for concern, deadline in running:
        level = level_of(deadline, now)
        if level is None or (key := f"deadline:{deadline.id}:{level.code}") in given:
            continue
        left = lasting(deadline.left(now))
        tail = f"已超时 {left}" if level is Level.OVERDUE else f"{level.label}，余 {left}"
        held = "免打扰时段，非重大突发事件" if quiet.holds(now) and not concern.grade.grave else ""
        found.append(Alert(key, concern.id, level, now, f"{concern.title}：{deadline.name} {tail}", held))
    return found


def concern_alerts(known: Sequence[Concern], given: Collection[str], quiet: Quiet, now: datetime) -> list[Alert]:
    """Reminders of concerns found lately and of those whose reports grew graver than they were judged.

    Quiet hours silence neither a sudden emergency nor what may be grave.
    """
    found = []
    for concern in known:
        grade = concern.suggested_grade
        if concern.judgement is None and now - concern.found_at <= LATELY:
            key, level = f"flagged:{concern.id}", Level.FLAGGED
            text = f"新关切：{concern.title}（建议{grade.label}）"
        elif concern.came_back:
            key, level = f"again:{concern.id}:{grade.code}", Level.FLAGGED
            text = f"再次列为关切：{concern.title}（曾不予回应；{concern.grade_ground}）"
        elif concern.escalated:
            key, level = f"escalated:{concern.id}:{grade.code}", Level.ESCALATED
            text = f"建议升级为{grade.label}：{concern.title}（{concern.grade_ground}）"
        else:
            continue
        if key not in given:
            urgent = concern.is_emergency or grade.grave
            held = "免打扰时段，非突发事件" if quiet.holds(now) and not urgent else ""
            found.append(Alert(key, concern.id, level, now, text, held))
    return found
