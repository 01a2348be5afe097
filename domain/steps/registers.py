"""The steps of the registers (政务公开台账): entering, changing, striking out, importing; limits; who carried a response."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from domain.errors import InputError
from domain.registerfields import REGISTERS
from domain.registers import RegisterKind
from domain.response import checked_link
from domain.steps.step import Shape, Step, entered

MOST_ROWS = 500  # of an import that are taken in one step
MOST_LIMIT = 365  # days


@dataclass(frozen=True, slots=True)
class EnterRegisterEntry(Step):
    """登记: a new entry of a register; `values` by the key or label of their fields, typed or as text."""

    code: ClassVar[str] = "enter-register-entry"
    label: ClassVar[str] = "登记台账"
    kind: RegisterKind = entered("哪一本台账")
    values: Mapping[str, Any] = entered("各栏")

    def __post_init__(self) -> None:
        # Not super(): a slots dataclass is another class than the one that a bare super() names.
        Step.__post_init__(self)
        object.__setattr__(self, "values", REGISTERS[self.kind].checked(self.values))


@dataclass(frozen=True, slots=True)
class ImportRegisterEntries(Step):
    """导入台账: some rows of a table, each as it would be entered; the file they came from."""

    code: ClassVar[str] = "import-register-entries"
    label: ClassVar[str] = "导入台账"
    kind: RegisterKind = entered("哪一本台账")
    file: str = entered("文件")
    rows: tuple[Mapping[str, Any], ...] = entered("各行")

    def __post_init__(self) -> None:
        Step.__post_init__(self)
        if not 0 < len(self.rows) <= MOST_ROWS:
            raise InputError(f"一次导入 1 到 {MOST_ROWS} 行。", "rows")
        object.__setattr__(self, "rows", tuple(REGISTERS[self.kind].checked(row) for row in self.rows))


@dataclass(frozen=True, slots=True)
class ChangeRegisterEntry(Step):
    """修改台账: what is given takes the place of what stood there, an empty value empties it. `seen` is the version that
    was read, 0 where nobody read one; `why` is needed where a clock that had passed is now said to have been met in time, and where the day from which
    the clocks count (收到日期 …) is put off.
    """

    code: ClassVar[str] = "change-register-entry"
    label: ClassVar[str] = "修改台账"
    entry: int = entered("台账编号")
    values: Mapping[str, Any] = entered("各栏")
    why: str = entered("依据", default="", shape=Shape.LINES)
    seen: int = 0


@dataclass(frozen=True, slots=True)
class WithdrawRegisterEntry(Step):
    """作废台账: the entry stays, struck out, with the reason; a clock that had passed still counts."""

    code: ClassVar[str] = "withdraw-register-entry"
    label: ClassVar[str] = "作废台账"
    entry: int = entered("台账编号")
    why: str = entered("作废的理由", shape=Shape.LINES)


@dataclass(frozen=True, slots=True)
class SetRegisterLimits(Step):
    """修改台账期限: what no document sets; 0 leaves a rule off, what is not given stays as it is."""

    code: ClassVar[str] = "set-register-limits"
    label: ClassVar[str] = "修改台账期限"
    explain: int | None = entered("政策解读：文件发布后几个工作日内", default=None)
    adoption: int | None = entered("采纳情况：征求意见截止后几个工作日内公布", default=None)
    site: int | None = entered("网站几天没有更新算静默", default=None)
    account: int | None = entered("账号几天没有更新算静默", default=None)
    carry: int | None = entered("回应发布后几个工作日内由自有渠道转载", default=None)

    def __post_init__(self) -> None:
        Step.__post_init__(self)
        for name in ("explain", "adoption", "site", "account", "carry"):
            days = getattr(self, name)
            if days is not None and not 0 <= days <= MOST_LIMIT:
                raise InputError(f"请填 0 到 {MOST_LIMIT}，0 是不用这条期限。", name)


@dataclass(frozen=True, slots=True)
class RecordCarrying(Step):
    """登记转载: a channel of ours carried a response."""

    code: ClassVar[str] = "record-carrying"
    label: ClassVar[str] = "登记转载"
    response: int = entered("回应编号")
    entry: int = entered("自有渠道的台账编号")
    carried_on: date = entered("转载日期")
    link: str = entered("转载网址")

    def __post_init__(self) -> None:
        Step.__post_init__(self)
        object.__setattr__(self, "link", checked_link(self.link))
