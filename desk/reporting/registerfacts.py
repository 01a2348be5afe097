"""What the registers (政务公开台账) give to a briefing: the day's notes, the office's own channels, the year's figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from briefing.facts import RegisterNote
from briefing.issue import Ground, ranges
from desk.registers import carrying
from desk.registers.carrying import Carrying
from desk.registers.reading import RegisterRow, rows_of, waiting_of
from domain.registerfigures import RegisterFigure
from domain.registers import RegisterKind, Standing
from domain.response import DeadlineState
from domain.times import china_day
from store.database import Connection

MOST_NAMED = 5  # entries of one kind that a note names; the register has them all


def daily_notes(
    connection: Connection, day: date, now: datetime
) -> tuple[tuple[RegisterNote, ...], tuple[str, ...], list[Ground]]:
    """(notes of section 五, sentences of section 七, what their figures rest on) of a day."""
    today = china_day(now)
    waiting: dict[RegisterKind, list[RegisterRow]] = {kind: [] for kind in RegisterKind}
    for row in waiting_of(connection, now):
        waiting[row.entry.kind].append(row)
    notes, grounds = [], []
    for kind, lead in _LEADS.items():
        sentences = []
        for name, chosen in _groups(kind, waiting[kind], today):
            sentences.append(f"{name} {len(chosen)} 项：{_named(chosen, today)}。")
            grounds.append(_ground(f"{lead}·{name}（项）", chosen))
        if sentences:
            notes.append(RegisterNote(lead, tuple(sentences)))
    pressed = rows_of(connection, RegisterKind.PRESS, now)
    held = [r for r in pressed if r.entry.values.get("held_on") == day and not r.entry.withdrawn]
    if held:
        said = "；".join(
            f"{r.entry.values['press'].label}“{r.title}”，{r.entry.values['rank'].label}发布" for r in held
        )
        notes.append(RegisterNote("发布会与吹风会", (f"当天举行 {len(held)} 场：{said}。",)))
        grounds.append(_ground("发布会与吹风会·当天举行（场）", held))
    channels, more = _channels(connection, waiting[RegisterKind.CHANNEL], now)
    return tuple(notes), channels, grounds + more


def figure_rows(figures: Iterable[RegisterFigure]) -> tuple[tuple[str, ...], ...]:
    """The figures as a briefing's table has them: register, what, number, of how many, share, what is left out."""
    return tuple(
        (
            f.kind.label,
            f.name,
            str(f.value),
            "—" if f.whole is None else str(f.whole),
            f.share or "—",
            f.left_out or "—",
        )
        for f in figures
    )


def figure_grounds(figures: Iterable[RegisterFigure]) -> list[Ground]:
    """What the figures rest on."""
    how = "公开台账里属于本期的行，按台账编号"
    return [Ground(f"{f.kind.label}·{f.name}", str(f.value), how, ranges(f.ids)) for f in figures]


# In the order of the notes; what is overdue and still unpublished comes first.
_LEADS = {
    RegisterKind.PUBLICATION: "公开事项",
    RegisterKind.DECISION: "决策公开",
    RegisterKind.EXPLANATION: "政策解读",
    RegisterKind.DISCLOSURE: "依申请公开",
    RegisterKind.ANNUAL_REPORT: "年度报告",
}


def _groups(kind: RegisterKind, some: Sequence[RegisterRow], today: date) -> Iterable[tuple[str, list[RegisterRow]]]:
    """What a note tells of a register: what is overdue, then, of decisions, on which opinions are being asked for."""
    late = [row for row in some if row.standing is Standing.OVERDUE]
    if late:
        yield _LATE.get(kind, "超时未办"), late
    if kind is RegisterKind.DECISION:
        asked = [r for r in some if r.entry.values["from_on"] <= today <= r.entry.values["to_on"]]
        if asked:
            yield "正在征求意见", asked


_LATE = {RegisterKind.PUBLICATION: "超时未公开", RegisterKind.DISCLOSURE: "超时未答复"}


def _named(some: Sequence[RegisterRow], today: date) -> str:
    said = []
    for row in some[:MOST_NAMED]:
        unit = row.entry.values.get("unit", "")
        parts = [unit] if unit else []
        clock = next((c for c in row.clocks if c.ours and c.state(today) is DeadlineState.OVERDUE), row.next)
        if clock is not None:
            parts.append(f"{clock.name}应在 {clock.due_on} 以前" if clock.ours else f"至 {clock.due_on}")
        said.append(f"{row.title}（{'，'.join(parts)}）" if parts else row.title)
    return "；".join(said) + ("等" if len(some) > MOST_NAMED else "")


def _channels(
    connection: Connection, some: Sequence[RegisterRow], now: datetime
) -> tuple[tuple[str, ...], list[Ground]]:
    """静默, what cannot be reached, dead links, and what our own have not carried."""
    told, grounds = [], []

    def tell(name: str, chosen: Sequence[RegisterRow], said: Callable[[RegisterRow], str]) -> None:
        if chosen:
            more = "等" if len(chosen) > MOST_NAMED else ""
            told.append(f"{name} {len(chosen)} 个：{'、'.join(map(said, chosen[:MOST_NAMED]))}{more}。")
            grounds.append(_ground(f"{name}（个）", chosen))

    tell("静默的自有渠道", [r for r in some if r.standing is Standing.OVERDUE], lambda r: r.title)
    tell("打不开的自有渠道", [r for r in some if r.look and r.look.fault], lambda r: r.title)
    tell(
        "首页有坏链接的自有渠道",
        [r for r in some if r.look and r.look.dead],
        lambda r: f"{r.title}（{len(r.look.dead) if r.look else 0} 个）",
    )
    missing = [r for r in carrying.rows_of(connection, now) if r.state is Carrying.OVERDUE]
    if missing:
        named = "；".join(f"{r.channel.values['name']}未转《{r.response.title}》" for r in missing[:MOST_NAMED])
        told.append(f"超期未转载本单位回应 {len(missing)} 项：{named}{'等' if len(missing) > MOST_NAMED else ''}。")
        how = "近三十天的回应与自有渠道，按台账编号"
        grounds.append(Ground("超期未转载（项）", str(len(missing)), how, ranges(r.channel.id for r in missing)))
    return tuple(told), grounds


def _ground(name: str, some: Sequence[RegisterRow]) -> Ground:
    return Ground(name, str(len(some)), "公开台账里的行，按台账编号", ranges(row.entry.id for row in some))
