"""The steps of deadlines (时限): starting one by hand, extending, withdrawing, the calendar and the office's own rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import ClassVar

from domain.response import DeadlineRule
from domain.steps.cases import CaseStep
from domain.steps.step import Shape, Step, entered


@dataclass(frozen=True, slots=True)
class StartDeadline(CaseStep):
    """起算时限 that no judgement starts: 行政处罚公开, 依申请公开 …; or one of the office's own."""

    code: ClassVar[str] = "clock"
    label: ClassVar[str] = "起算时限"
    rule: str = entered("时限")
    start: datetime | None = entered("起点时间", default=None)


@dataclass(frozen=True, slots=True)
class ExtendDeadline(CaseStep):
    """延长时限 once, by as much again, where the rule allows it (条例第三十三条)."""

    code: ClassVar[str] = "extend"
    label: ClassVar[str] = "延长时限"
    deadline: int = entered("哪一条时限")
    why: str = entered("延长的理由", shape=Shape.LINES)


@dataclass(frozen=True, slots=True)
class WithdrawDeadline(CaseStep):
    """撤销时限 that no longer binds: one that was started by hand, or of the office's own; a statutory one never."""

    code: ClassVar[str] = "withdraw"
    label: ClassVar[str] = "撤销时限"
    deadline: int = entered("哪一条时限")
    why: str = entered("不再适用的理由", shape=Shape.LINES)


@dataclass(frozen=True, slots=True)
class PauseDeadline(CaseStep):
    """暂停计时 of a clock of the office's own, while it runs; a statutory one never pauses."""

    code: ClassVar[str] = "pause"
    label: ClassVar[str] = "暂停计时"
    deadline: int = entered("哪一条时限")
    why: str = entered("暂停的理由", shape=Shape.LINES)


@dataclass(frozen=True, slots=True)
class ResumeDeadline(CaseStep):
    """恢复计时 of a clock that pauses: what was left then is left now."""

    code: ClassVar[str] = "resume-clock"
    label: ClassVar[str] = "恢复计时"
    deadline: int = entered("哪一条时限")
    why: str = entered("恢复的理由", shape=Shape.LINES)


@dataclass(frozen=True, slots=True)
class ExplainDeadline(CaseStep):
    """说明超时原因: why a clock was not kept, for ledger and figures; it stays late."""

    code: ClassVar[str] = "explain"
    label: ClassVar[str] = "说明超时原因"
    deadline: int = entered("哪一条时限")
    why: str = entered("超时的原因", shape=Shape.LINES, hint="会写入台账和统计")


@dataclass(frozen=True, slots=True)
class SetClockHours(Step):
    """设定研判与持续发布的时长, in hours; running clocks stay as they are."""

    code: ClassVar[str] = "set-clock-hours"
    label: ClassVar[str] = "设定研判与持续发布的时长"
    judge: float = entered("研判时限（小时）")
    updates: float = entered("持续发布间隔（小时）")


@dataclass(frozen=True, slots=True)
class SetCalendar(Step):
    """修改工作日历: days worked or not against the State Council's calendar, and the office's hours."""

    code: ClassVar[str] = "set-calendar"
    label: ClassVar[str] = "修改工作日历"
    overrides: Mapping[date, bool] = entered("调整的日子", needed=False)
    hours: tuple[tuple[time, time], ...] = entered("办公时间")


@dataclass(frozen=True, slots=True)
class RecountDeadlines(Step):
    """重新计算时限: the running deadlines by today's calendar."""

    code: ClassVar[str] = "recount"
    label: ClassVar[str] = "重新计算时限"


@dataclass(frozen=True, slots=True)
class AddOwnRule(Step):
    """添加时限规则 of the office's own, beside those that are there; running clocks stay as they are."""

    code: ClassVar[str] = "add-rule"
    label: ClassVar[str] = "添加时限规则"
    rule: DeadlineRule = entered("时限规则")


@dataclass(frozen=True, slots=True)
class RemoveOwnRule(Step):
    """删除时限规则 of the office's own; running clocks stay as they are."""

    code: ClassVar[str] = "remove-rule"
    label: ClassVar[str] = "删除时限规则"
    rule: str = entered("时限规则的编号")
