"""The year's figures of the registers (政务公开台账), each with numerator and denominator, and the annual report's table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from domain.concern import Labelled
from domain.registerchoices import Answer, Applicant, Outcome, Suit
from domain.registerfields import REGISTERS
from domain.registerfigures import AnnualTable, RegisterFigure, TableRow
from domain.registers import RegisterClock, RegisterEntry, RegisterKind, Standing, Values
from domain.response import DeadlineState
from domain.times import china_day
from response.registerclocks import PASSED, standing

NAMED = (RegisterKind.EXPLANATION, RegisterKind.PRESS)  # whose done entries are shared out by who spoke
_SUMS = {RegisterKind.PRESS: ("reports",), RegisterKind.DECISION: ("opinions", "adopted")}


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry with its clocks."""

    entry: RegisterEntry
    clocks: tuple[RegisterClock, ...]

    @property
    def day(self) -> date:
        """The day by which it belongs to a period."""
        register = REGISTERS[self.entry.kind]
        return (
            register.day_of(self.entry.values) or self.entry.values.get("made_on") or china_day(self.entry.entered_at)
        )


def figures(some: Sequence[Kept], start: date, end: date, today: date) -> list[RegisterFigure]:
    """The figures of the entries that belong to the days [start, end], as they stand `today`, register by register."""
    made: list[RegisterFigure] = []
    for kind in RegisterKind:
        # A channel belongs to every period in which it is kept.
        inside = [k for k in some if k.entry.kind is kind and (kind is RegisterKind.CHANNEL or start <= k.day <= end)]
        if inside:
            made += _of_register(kind, inside, today)
    return made


def _of_register(kind: RegisterKind, some: Sequence[Kept], today: date) -> Iterator[RegisterFigure]:
    stands = {k.entry.id: standing(k.entry, k.clocks, today) for k in some}
    valid = [k for k in some if stands[k.entry.id] is not Standing.WITHDRAWN]

    def those(*which: Standing) -> tuple[int, ...]:
        return tuple(k.entry.id for k in some if stands[k.entry.id] in which)

    ids = tuple(k.entry.id for k in valid)
    struck = those(Standing.WITHDRAWN)
    yield RegisterFigure(kind, "登记", len(ids), None, ids, f"作废 {len(struck)} 件不计" if struck else "")
    done, overdue = those(Standing.DONE, Standing.LATE), those(Standing.OVERDUE)
    yield RegisterFigure(kind, "正常" if kind is RegisterKind.CHANNEL else "已办", len(done), len(ids), done)
    yield RegisterFigure(kind, "静默" if kind is RegisterKind.CHANNEL else "超时未办", len(overdue), len(ids), overdue)
    yield from _timeliness(kind, some, today)
    for key in REGISTERS[kind].filters:
        yield from _by_choice(kind, key, valid)
    for key in _SUMS.get(kind, ()):
        told = [k for k in valid if key in k.entry.values]
        label = REGISTERS[kind].field(key).label
        total = sum(k.entry.values[key] for k in told)
        left = f"{len(valid) - len(told)} 件没有填" if len(told) < len(valid) else ""
        yield RegisterFigure(kind, label, total, None, tuple(k.entry.id for k in told), left)


def _timeliness(kind: RegisterKind, some: Sequence[Kept], today: date) -> Iterator[RegisterFigure]:
    """及时率 of each clock of ours: in time of all that were due. What was entered only afterwards (补录) is due but does
    not count as in time, and its share is told apart; those that run are left out, and said to be."""
    names = dict.fromkeys(c.name for k in some for c in k.clocks if c.ours and not c.repeats)
    for name in names:
        here = [(k, c) for k in some for c in k.clocks if c.name == name and c.ours]
        states = Counter(c.state(today) for _, c in here)
        met, entered = states[DeadlineState.MET], states[DeadlineState.ENTERED_LATE]
        due = met + entered + states[DeadlineState.LATE] + states[DeadlineState.OVERDUE]
        said = [
            f"未到期 {n} 件不计" if (n := states[DeadlineState.RUNNING]) else "",
            f"按时（补录）{entered} 件不算按时，连同补录为 {(met + entered) / due:.1%}" if entered else "",
        ]
        late = [k.entry.id for k, c in here if c.state(today) in PASSED]
        yield RegisterFigure(kind, f"{name}及时", met, due, tuple(late), "，".join(filter(None, said)))


def _by_choice(kind: RegisterKind, key: str, valid: Sequence[Kept]) -> Iterator[RegisterFigure]:
    """How many entries have each choice of a field; of who spoke, a share of those done."""
    field = REGISTERS[kind].field(key)
    done = [k for k in valid if REGISTERS[kind].is_done(k.entry.values)]
    whole = len(done) if kind in NAMED and key == "rank" else None
    choices: Iterable[Labelled] = field.choices or ()
    for choice in choices:
        of = done if whole is not None else valid
        ids = tuple(k.entry.id for k in of if k.entry.values.get(key) is choice)
        if ids:
            yield RegisterFigure(kind, f"{field.label}：{choice.label}", len(ids), whole, ids)


def annual_table(entries: Iterable[RegisterEntry], year: int) -> AnnualTable:
    """The tables of a year; what was struck out does not count."""
    valid = [e.values for e in entries if e.kind is RegisterKind.DISCLOSURE and not e.withdrawn]
    first, last = date(year, 1, 1), date(year, 12, 31)

    def row(group: str, label: str, some: Iterable[Values]) -> TableRow:
        counted = Counter(values["applicant"] for values in some)
        return TableRow(group, label, tuple(counted[applicant] for applicant in Applicant))

    answered = [v for v in valid if first <= v.get("answered_on", date.min) <= last]
    open_before = [v for v in valid if v["received_on"] < first and v.get("answered_on", last) >= first]
    open_after = [v for v in valid if v["received_on"] <= last and v.get("answered_on", date.max) > last]
    return AnnualTable(
        year,
        row("", "一、本年新收政府信息公开申请数量", [v for v in valid if first <= v["received_on"] <= last]),
        row("", "二、上年结转政府信息公开申请数量", open_before),
        tuple(row(a.group, a.label, [v for v in answered if v["answer"] is a]) for a in Answer),
        row("", "（七）总计", answered),
        row("", "四、结转下年度继续办理", open_after),
        _ended([(v.get("review_on"), v.get("review_closed_on"), v.get("review_result")) for v in valid], first, last),
        {
            suit: _ended(
                [
                    (v.get("suit_on"), v.get("suit_closed_on"), v.get("suit_result"))
                    for v in valid
                    if v.get("suit") is suit
                ],
                first,
                last,
            )
            for suit in Suit
        },
    )


def _ended(
    some: Iterable[tuple[date | None, date | None, Labelled | None]], first: date, last: date
) -> tuple[int, ...]:
    """(维持, 纠正, 其他, 尚未审结) of what was closed in the year, or open at its end."""
    ends: Counter[Labelled | None] = Counter()
    for begun, closed, outcome in some:
        if begun is None or begun > last or (closed is not None and closed < first):
            continue
        ends[outcome if closed is not None and closed <= last else None] += 1
    return (*(ends[outcome] for outcome in Outcome), ends[None])
