"""Reminders (提醒): of clocks by the share of time left (docs/domain.md section 3), of new and escalating concerns."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from domain.concern import Concern, ConcernState, DevelopmentKind, Turn
from domain.registerfields import REGISTERS
from domain.registers import RegisterClock, RegisterEntry
from domain.response import Alert, Deadline, DeadlineState, Level, Quiet, Response, is_urgent
from domain.times import china_day, lasting

CARRYING = "carry:"  # how the keys of reminders of carrying begin
STALE_DAYS = 3  # after a register's clock has passed, from which on nobody is reminded of it; the list shows it
TOGETHER = 3  # reminders of one register and one level from which on they are told as one
LATELY = timedelta(hours=2)  # what was found earlier is on the list; nobody is called for it
_FROM = ((Level.TENTH, 0.9), (Level.QUARTER, 0.75), (Level.HALF, 0.5))  # share of the time used


def level_of(deadline: Deadline, now: datetime) -> Level | None:
    """The reminder that is due for a deadline, None for one that has time or is done."""
    state = deadline.state(now)
    if state is DeadlineState.OVERDUE:
        return Level.OVERDUE
    if state is not DeadlineState.RUNNING or deadline.of_judging:  # that the concern is new was said already
        return None
    used = deadline.share_used(now)
    return next((level for level, share in _FROM if used >= share), None)


def due_alerts(
    running: Sequence[tuple[Concern, Deadline]], given: Collection[str], quiet: Quiet, now: datetime
) -> list[Alert]:
    """The reminders that are due and were not given yet. Quiet hours do not silence the clocks of Ⅰ and Ⅱ,
    nor of an emergency that nobody has judged.
    """
    alerts = []
    for concern, deadline in running:
        level = level_of(deadline, now)
        if level is None or (key := _key_of_clock(deadline, level)) in given:
            continue
        left = lasting(deadline.left(now))
        tail = f"已超时 {left}" if level is Level.OVERDUE else f"{level.label}，余 {left}"
        urgent = concern.grade.grave or is_urgent(concern, deadline)
        held = "免打扰时段，非重大突发事件" if quiet.holds(now) and not urgent else ""
        alerts.append(Alert(key, concern.id, level, now, f"{concern.title}：{deadline.name} {tail}", held))
    return alerts


def concern_alerts(known: Sequence[Concern], given: Collection[str], quiet: Quiet, now: datetime) -> list[Alert]:
    """Reminders of concerns found lately, of those whose reports grew graver than they were judged, and of 新动向.

    Quiet hours silence neither a sudden emergency nor what may be grave.
    """
    alerts = []
    for concern in known:
        another = any(turn.kind is DevelopmentKind.ANOTHER for turn in concern.turned)
        urgent = concern.is_emergency or concern.suggested_grade.grave or another
        held = "免打扰时段，非突发事件" if quiet.holds(now) and not urgent else ""
        for key, level, text in (*_standing(concern, now), *_turned(concern, given)):
            if key not in given:
                alerts.append(Alert(key, concern.id, level, now, text, held))
    return alerts


def register_level(clock: RegisterClock, today: date) -> Level | None:
    """The reminder that is due for a clock of a register (政务公开台账), None for none.

    What waits for somebody else, and what starts again by itself, is told of at its end only.
    """
    state = clock.state(today)
    if state is DeadlineState.OVERDUE:
        return Level.OVERDUE if (today - clock.due_on).days <= STALE_DAYS else None
    if state is not DeadlineState.RUNNING:
        return None
    used = clock.share_used(today)
    level = next((level for level, share in _FROM if used >= share), None)
    return level if (clock.ours and not clock.repeats) or level is Level.TENTH else None


def register_alerts(
    waiting: Sequence[tuple[RegisterEntry, Sequence[RegisterClock]]],
    given: Collection[str],
    now: datetime,
) -> list[Alert]:
    """The reminders of registers that are due and were not given yet; many of one register at once are told as one, and
    the rest kept as held back."""
    today = china_day(now)
    together: dict[tuple[str, Level], list[Alert]] = {}
    for entry, clocks in waiting:
        register = REGISTERS[entry.kind]
        for clock in clocks:
            level = register_level(clock, today)
            if level is None or (key := f"register:{entry.id}:{clock.code}:{clock.due_on}:{level.code}") in given:
                continue
            days = (clock.due_on - today).days
            tail = f"已超时 {-days} 天" if level is Level.OVERDUE else f"{level.label}，余 {days} 天"
            text = f"{register.kind.label}：{register.title_of(entry.values)[:40]}，{clock.name} {tail}"
            alert = Alert(key, 0, level, now, text, entry_id=entry.id)
            together.setdefault((register.kind.label, level), []).append(alert)
    alerts: list[Alert] = []
    for (name, level), some in together.items():
        if len(some) > TOGETHER:
            text = f"{name}：{len(some)} 件{level.label}，请看“公开台账”"
            first, *rest = some
            some = [replace(first, text=text), *(replace(one, held="同一本台账的并成一条") for one in rest)]
        alerts += some
    return alerts


def carrying_alerts(
    missing: Sequence[tuple[Response, int, date]], given: Collection[str], now: datetime
) -> list[Alert]:
    """Reminders of responses that own channels have not carried, on the last day and once it has passed: each response
    with how many of our channels wait, and by when they were to carry it."""
    today, alerts = china_day(now), []
    for response, channels, due_on in missing:
        late = (today - due_on).days
        if not 0 <= late <= STALE_DAYS:
            continue
        level = Level.OVERDUE if late else Level.TENTH
        if (key := f"{CARRYING}{response.id}:{level.code}") not in given:
            tail = f"已超期 {late} 天" if late else "今天到期"
            text = f"回应转载：《{response.title[:40]}》还有 {channels} 个自有渠道没有转载，{tail}"
            alerts.append(Alert(key, response.concern_id, level, now, text))
    return alerts


def holds(alert: Alert, concern: Concern, deadlines: Sequence[Deadline], now: datetime) -> bool:
    """Whether a reminder that was given still says what is so of its concern, with that concern's deadlines."""
    if not concern.state.running:
        return False
    if alert.level is Level.FLAGGED:
        return concern.state is ConcernState.FLAGGED
    if alert.level is Level.ESCALATED:
        return concern.escalated
    if alert.level is Level.TURNED:
        return any(alert.key == _key_of_turn(concern, turn) for turn in concern.turned)
    return any(alert.key == _key_of_clock(d, alert.level) and level_of(d, now) is alert.level for d in deadlines)


def _standing(concern: Concern, now: datetime) -> Iterator[tuple[str, Level, str]]:
    """That a concern is new, came back, or grew graver: (key, level, text)."""
    grade = concern.suggested_grade
    if concern.judgement is None and now - concern.found_at <= LATELY and not concern.belated:
        yield f"flagged:{concern.id}", Level.FLAGGED, f"新关切：{concern.title}（建议{grade.label}）"
    elif concern.came_back:
        text = f"再次列为关切：{concern.title}（曾不予回应；{concern.grade_ground}）"
        yield f"again:{concern.id}:{grade.code}", Level.FLAGGED, text
    elif concern.escalated:
        text = f"建议升级为{grade.label}：{concern.title}（{concern.grade_ground}）"
        yield f"escalated:{concern.id}:{grade.code}", Level.ESCALATED, text


def _turned(concern: Concern, given: Collection[str]) -> Iterator[tuple[str, Level, str]]:
    """What a concern has turned to, one at a time: the next comes when reminders are next looked for; another
    happening comes first.
    """
    for turn in sorted(concern.turned, key=lambda turn: turn.kind is not DevelopmentKind.ANOTHER):
        if (key := _key_of_turn(concern, turn)) not in given:
            said = turn.kind.label
            if turn.kind is DevelopmentKind.ANOTHER:
                said = f"{said}，建议{turn.grade.label}：{turn.sentence}"
            yield key, Level.TURNED, f"新动向：{concern.title}（{said}）"
            return


def _key_of_clock(deadline: Deadline, level: Level) -> str:
    return f"deadline:{deadline.id}:{level.code}"


def _key_of_turn(concern: Concern, turn: Turn) -> str:
    return f"turned:{concern.id}:{turn.id}"
