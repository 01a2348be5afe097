"""Registers (政务公开台账): what an entry of one is, how its fields are read and checked, and how its clocks stand.

A register is a description (`Register`, the seven of them in domain/registerfields.py); entry, list, import, export and
figures are made of it, so that a further register is a description and, where it has any, its clocks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from domain.concern import Labelled
from domain.errors import InputError
from domain.response import DeadlineState
from domain.times import parse_day

Values = Mapping[str, Any]  # of an entry: what was filled in, by the key of its field
LONGEST_LINE, LONGEST_LINES = 500, 20_000  # characters
MOST_NUMBER = 10_000_000_000
_DAY = re.compile(r"((?:19|20)\d{2})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?(?:[T\s].*)?", re.DOTALL)
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_YES, _NO = frozenset(("是", "有", "√", "y", "yes", "true", "1")), frozenset(("否", "无", "n", "no", "false", "0", "×"))
_APART = re.compile(r"[、，,;；\s]+")


class RegisterKind(Labelled):
    """The registers that an office keeps beside its ledger; docs/domain.md section 15."""

    DISCLOSURE = ("disclosure", "依申请公开")
    DECISION = ("decision", "决策公开")
    EXPLANATION = ("explanation", "政策解读")
    PRESS = ("press", "发布会与吹风会")
    PUBLICATION = ("publication", "公开事项")
    CHANNEL = ("channel", "自有渠道")
    ANNUAL_REPORT = ("annual-report", "年度报告")


class FieldType(Enum):
    """What a field takes."""

    LINE, LINES, DAY, NUMBER, CHOICE, CHOICES, YES, LINK, CASE = range(9)


@dataclass(frozen=True, slots=True)
class RegisterField:
    """One field: its key in the store, its Chinese label, what it takes.

    `choices` is the closed set of a CHOICE or CHOICES; `headings` are further words by which a table's column is known;
    `to_come`: a day that may lie in the future; `width` is that of its column in the list, 0 where it is not listed.
    """

    key: str
    label: str
    takes: FieldType = FieldType.LINE
    needed: bool = False
    choices: type[Labelled] | None = None
    headings: tuple[str, ...] = ()
    hint: str = ""
    to_come: bool = False
    width: int = 0

    def read(self, said: Any) -> Any:
        """The value that something typed, imported or kept stands for; None for nothing. Raises InputError with the key."""
        try:
            return _READERS[self.takes](self, said.strip() if isinstance(said, str) else said)
        except InputError as error:
            raise InputError(f"{self.label}：{error}", self.key) from error

    def told(self, value: Any) -> str:
        """A value as people read it."""
        if value is None or value is False:
            return ""
        if isinstance(value, tuple):
            return "、".join(one.label for one in value)
        return value.label if isinstance(value, Labelled) else "是" if value is True else str(value)


@dataclass(frozen=True, slots=True)
class Register:
    """A register: its fields, and what the program must know of them.

    `title` is the field that names an entry, `begun` the day by which it belongs to a year, `done` those of which any
    says that nothing waits, where of each pair in `also` the second is filled in with the first; `identity` the fields by which an imported row is known; `filters` those one chooses by.
    `check` raises InputError where fields contradict each other; `recurs`: what was done once comes again (每月、每季).
    """

    kind: RegisterKind
    purpose: str
    fields: tuple[RegisterField, ...]
    title: str
    begun: str
    done: tuple[str, ...]
    identity: tuple[str, ...]
    filters: tuple[str, ...] = ()
    also: tuple[tuple[str, str], ...] = ()
    check: Callable[[Values], None] = lambda _: None
    recurs: bool = False

    def field(self, key: str) -> RegisterField:
        """The field of a key or label. Raises InputError."""
        for one in self.fields:
            if key in (one.key, one.label):
                return one
        names = "、".join(one.label for one in self.fields)
        raise InputError(f"“{self.kind.label}”没有“{key}”这一栏。有的栏：{names}。")

    def checked(self, given: Values, today: date | None = None) -> dict[str, Any]:
        """What is filled in, typed; nothing is kept of what is empty. Raises InputError, naming the field.

        `today`: no day that must have been may lie after it.
        """
        given = {self.field(key).key: value for key, value in given.items()}
        read = {one.key: one.read(given.get(one.key)) for one in self.fields}
        values = {key: value for key, value in read.items() if not (value is None or value is False or value == ())}
        for one in self.fields:
            if one.needed and one.key not in values:
                raise InputError(f"请填写{one.label}。", one.key)
            if one.takes is FieldType.LINK and "@" in urlsplit(values.get(one.key, "")).netloc:
                raise InputError(f"{one.label}里有用户名或密码，会留在台账和留痕里。请去掉“@”和它前面的部分。", one.key)
            day = values.get(one.key)
            if today is not None and one.takes is FieldType.DAY and not one.to_come and day is not None and day > today:
                raise InputError(f"{one.label}晚于今天。请填已经发生的日子。", one.key)
        self.check(values)
        return values

    def again(self, values: Values) -> dict[str, Any]:
        """What the next of its kind begins with: all but the days, the addresses and what was remarked."""
        once = (FieldType.DAY, FieldType.LINK, FieldType.LINES)
        return {one.key: values[one.key] for one in self.fields if one.key in values and one.takes not in once}

    def is_done(self, values: Values) -> bool:
        """Whether nothing of an entry waits any more."""
        return any(key in values for key in self.done) and all(
            then in values for first, then in self.also if first in values
        )

    def title_of(self, values: Values) -> str:
        """What an entry is called, in a line."""
        field = self.field(self.title)
        return " ".join(field.told(values.get(self.title)).split())[:80]

    def day_of(self, values: Values) -> date | None:
        """The day by which an entry belongs to a year."""
        day = values.get(self.begun)
        if isinstance(day, int):  # 年度报告: the year itself
            return date(day, 12, 31)
        return day if isinstance(day, date) else None


def kept(values: Values) -> dict[str, Any]:
    """Values as JSON has them."""
    return {key: _plain(value) for key, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [one.code for one in value]
    if isinstance(value, Labelled):
        return value.code
    return value.isoformat() if isinstance(value, date) else value


@dataclass(frozen=True, slots=True)
class PassedClock:
    """A clock of an entry that had passed when the entry was changed: whatever is entered later, it stays passed.

    `met_on`: its end, where that lies in time: with `belated` it was entered only when the clock had passed (补录), else it
    had ended in time when a limit or the calendar was changed. It stays so with that end.
    """

    name: str
    start_on: date
    due_on: date
    source: str
    met_on: date | None = None
    belated: bool = False

    @property
    def late(self) -> bool:
        """Whether it had passed, not ended in time."""
        return self.met_on is None or self.belated


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One entry. `version` counts its changes; `passed` are clocks that had passed, by code; `noted` says on which day
    the end of a clock was entered; `withdrawn` why it was struck out.
    """

    id: int
    kind: RegisterKind
    values: Values
    entered_at: datetime
    entered_by: str
    changed_at: datetime
    changed_by: str
    version: int = 1
    passed: Mapping[str, PassedClock] = field(default_factory=dict)
    noted: Mapping[str, date] = field(default_factory=dict)
    withdrawn: str = ""


@dataclass(frozen=True, slots=True)
class RegisterClock:
    """One obligation of an entry, in days: it ends with its last day.

    `ours`: it is this office's, and counts in 及时率; `repeats`: it starts again by itself; `entered_on` is the day on
    which its end was entered, None where that is not known.
    """

    code: str
    name: str
    start_on: date
    due_on: date
    met_on: date | None
    source: str
    how: str
    ours: bool = True
    repeats: bool = False
    entered_on: date | None = None

    def state(self, today: date) -> DeadlineState:
        """How it stands; late stays late, and an end that was entered only after the due day is 补录, as with cases."""
        if self.met_on is not None:
            if self.met_on > self.due_on:
                return DeadlineState.LATE
            entered = self.entered_on or self.met_on
            return DeadlineState.ENTERED_LATE if entered > self.due_on else DeadlineState.MET
        return DeadlineState.OVERDUE if today > self.due_on else DeadlineState.RUNNING

    def stands(self, today: date) -> str:
        """How it stands, in words; of what others do nobody of ours can be late."""
        state = self.state(today)
        if self.ours:
            return state.label
        return "还没有到期" if state is DeadlineState.RUNNING else "已到期"

    def share_used(self, today: date) -> float:
        """0–1 of its days that have gone."""
        whole = (self.due_on - self.start_on).days
        return min(1.0, max(0.0, (today - self.start_on).days / whole)) if whole > 0 else 1.0


class Standing(Labelled):
    """How an entry stands in its list."""

    OVERDUE = ("overdue", "超时")
    WAITING = ("waiting", "待办")
    LATE = ("late", "超时办结")
    DONE = ("done", "已办")
    WITHDRAWN = ("withdrawn", "作废")


@dataclass(frozen=True, slots=True)
class RegisterLimits:
    """What no document sets and the office does: days, 0 where the rule is off.

    `explain`: working days from a document to its 解读; `adoption`: working days from the end of 征求意见 to 采纳情况;
    `site`, `account`: days without an update; `carry`: working days from a response to its being carried by our own.
    """

    explain: int = 0
    adoption: int = 0
    site: int = 14
    account: int = 14
    carry: int = 1


def _text(longest: int) -> Callable[[RegisterField, Any], Any]:
    def read(_: RegisterField, said: Any) -> Any:
        if said is None or said == "":
            return None
        if not isinstance(said, str):
            said = str(said)
        if len(said) > longest:
            raise InputError(f"太长了，请控制在 {longest} 字以内。")
        return said

    return read


def _day(_: RegisterField, said: Any) -> date | None:
    if said is None or said == "":
        return None
    if isinstance(said, datetime):
        return said.date()
    if isinstance(said, date):
        return said
    if (found := _DAY.fullmatch(str(said))) or (found := _COMPACT.fullmatch(str(said))):
        return parse_day(f"{int(found[1]):04d}-{int(found[2]):02d}-{int(found[3]):02d}")
    raise InputError(f"看不懂日期“{str(said)[:40]}”。请写成 2026-11-23 的样子。")


def _number(_: RegisterField, said: Any) -> int | None:
    if said is None or said == "":
        return None
    try:
        number = float(str(said).replace(",", "").replace("，", ""))
    except ValueError as error:
        raise InputError(f"“{str(said)[:40]}”不是数字。请填整数。") from error
    if not number.is_integer() or not 0 <= number <= MOST_NUMBER:
        raise InputError(f"“{str(said)[:40]}”不能用。请填 0 或以上的整数。")
    return int(number)


def _choice(field: RegisterField, said: Any) -> Any:
    assert field.choices is not None
    if said is None or said == "":
        return None
    return said if isinstance(said, field.choices) else field.choices.of(str(said))


def _choices(field: RegisterField, said: Any) -> Any:
    parts = [one for one in _APART.split(said) if one] if isinstance(said, str) else said or ()
    return tuple(dict.fromkeys(_choice(field, one) for one in parts))


def _yes(_: RegisterField, said: Any) -> bool | None:
    if said is None or isinstance(said, bool):
        return said
    word = str(said).lower()
    if word in _YES:
        return True
    if word in _NO or not word:
        return False
    raise InputError(f"“{word[:40]}”不能用。请填是或否。")


def _link(_: RegisterField, said: Any) -> str | None:
    if said is None or said == "":
        return None
    try:
        parts = urlsplit(str(said))
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and len(str(said)) <= LONGEST_LINE
    except ValueError:
        sound = False
    if not sound:
        raise InputError("请填网址（以 http:// 或 https:// 开头）。")
    return str(said)


def _case(field: RegisterField, said: Any) -> int | None:
    try:
        return _number(field, said) or None
    except InputError as error:
        raise InputError("请填关切的编号（“关切”页、台账里都有）。") from error


_READERS: dict[FieldType, Callable[[RegisterField, Any], Any]] = {
    FieldType.LINE: _text(LONGEST_LINE),
    FieldType.LINES: _text(LONGEST_LINES),
    FieldType.DAY: _day,
    FieldType.NUMBER: _number,
    FieldType.CHOICE: _choice,
    FieldType.CHOICES: _choices,
    FieldType.YES: _yes,
    FieldType.LINK: _link,
    FieldType.CASE: _case,
}
