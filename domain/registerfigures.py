"""The figures of the registers (政务公开台账), and the tables of the annual report (年度报告)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.registerchoices import Suit
from domain.registers import RegisterKind


@dataclass(frozen=True, slots=True)
class RegisterFigure:
    """One figure of a register: `value`, of `whole` where it is a share's numerator; `left_out` says what does not count
    in the whole and why; `ids` are the entries behind it.
    """

    kind: RegisterKind
    name: str
    value: int
    whole: int | None
    ids: tuple[int, ...]
    left_out: str = ""

    @property
    def share(self) -> str:
        """The share in words; 无到期 where the whole is nothing."""
        if self.whole is None:
            return ""
        return f"{self.value / self.whole:.1%}" if self.whole else "无到期"


@dataclass(frozen=True, slots=True)
class TableRow:
    """A line of 收到和处理政府信息公开申请情况: its group, its label, the count of each `Applicant` in their order."""

    group: str
    label: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """总计."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class AnnualTable:
    """The tables of the 年度报告 that the register of applications fills (国办公开办函〔2021〕30号, 三 and 四).

    `new` + `carried` = `settled` + `left`, for every kind of applicant. `reviews` and the two of `suits` count
    (维持, 纠正, 其他, 尚未审结).
    """

    year: int
    new: TableRow
    carried: TableRow
    answers: tuple[TableRow, ...]
    settled: TableRow
    left: TableRow
    reviews: tuple[int, ...]
    suits: Mapping[Suit, tuple[int, ...]]
