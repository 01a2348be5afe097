"""The steps of a case (办件): judging, referring, merging, asking other units, closing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from domain.concern import AttentionGrade, ClockBasis, Disposition, EventGrade
from domain.steps.step import Shape, Step, entered


@dataclass(frozen=True, slots=True)
class CaseStep(Step):
    """A step of one case."""

    concern_id: int


@dataclass(frozen=True, slots=True)
class JudgeConcern(CaseStep):
    """判定: the officer's judgement, from which the clocks start, counted from the time that its basis names.

    发现 and 首发 are known; 事发 and 交办 are told here, whichever is the basis. Without a disposition it is the one that
    the reasons suggest.
    """

    code: ClassVar[str] = "judge"
    label: ClassVar[str] = "判定"
    grade: EventGrade = entered("突发事件等级")
    basis: ClockBasis = entered("计时起点", default=ClockBasis.FOUND)
    happened_at: datetime | None = entered("事发时间", default=None, option="happened")
    assigned_at: datetime | None = entered("交办时间", default=None, option="assigned")
    unit: str = entered("责任单位", default="")
    disposition: Disposition | None = entered("处置类型", default=None)
    attention: AttentionGrade | None = entered("舆情等级", default=None)
    category: str = entered("领域", default="")


@dataclass(frozen=True, slots=True)
class RegradeConcern(CaseStep):
    """调整等级 of a running case: its clocks go on, those that the new grade brings start from `basis_at`, else now.

    The same grade as before says that the suggestion of the rules was looked at and not taken.
    """

    code: ClassVar[str] = "regrade"
    label: ClassVar[str] = "调整等级"
    grade: EventGrade = entered("突发事件等级")
    why: str = entered("调整等级的理由")
    basis_at: datetime | None = entered("新时限起点", default=None, option="from")


@dataclass(frozen=True, slots=True)
class DismissConcern(CaseStep):
    """不予回应, with a reason."""

    code: ClassVar[str] = "dismiss"
    label: ClassVar[str] = "不予回应"
    reason: str = entered("不予回应的理由", shape=Shape.LINES, hint="会记入留痕")


@dataclass(frozen=True, slots=True)
class MergeConcern(CaseStep):
    """并入 another case, with clocks, drafts, responses and coordination."""

    code: ClassVar[str] = "merge"
    label: ClassVar[str] = "并入"
    into: int = entered("并入哪一件")


@dataclass(frozen=True, slots=True)
class ReferConcern(CaseStep):
    """转办 to another unit; the clocks go on until it accepts."""

    code: ClassVar[str] = "refer"
    label: ClassVar[str] = "转办"
    unit: str = entered("转办给哪个单位")
    why: str = entered("转办的理由")


@dataclass(frozen=True, slots=True)
class RecordAcceptance(CaseStep):
    """对方受理: the other unit has accepted what was referred to it."""

    code: ClassVar[str] = "accepted"
    label: ClassVar[str] = "对方受理"
    at: datetime | None = entered("受理时间", default=None)


@dataclass(frozen=True, slots=True)
class TakeBackReferral(CaseStep):
    """收回 a referral that was not accepted; the clocks have gone on."""

    code: ClassVar[str] = "take-back"
    label: ClassVar[str] = "收回"
    reason: str = entered("收回的理由", shape=Shape.LINES)


@dataclass(frozen=True, slots=True)
class AskUnit(CaseStep):
    """协同: ask 宣传、网信、公安、主管部门 for something."""

    code: ClassVar[str] = "ask"
    label: ClassVar[str] = "协同"
    unit: str = entered("协同单位")
    asked: str = entered("请求事项", shape=Shape.LINES)


@dataclass(frozen=True, slots=True)
class RecordUnitAnswer(CaseStep):
    """协同答复: what a unit answered, and when."""

    code: ClassVar[str] = "answered"
    label: ClassVar[str] = "协同答复"
    coordination: int = entered("哪一条请求")
    answer: str = entered("答复内容", shape=Shape.LINES)
    at: datetime | None = entered("答复时间", default=None)


@dataclass(frozen=True, slots=True)
class FollowConcern(CaseStep):
    """转入跟踪: answered, more to come."""

    code: ClassVar[str] = "follow"
    label: ClassVar[str] = "转入跟踪"


@dataclass(frozen=True, slots=True)
class CloseConcern(CaseStep):
    """办结, with what was done about it; the repeating clock ends."""

    code: ClassVar[str] = "close"
    label: ClassVar[str] = "办结"
    outcome: str = entered("处置结果", shape=Shape.LINES, hint="会写入台账和简报")
    effect: str = entered("成效", default="", shape=Shape.LINES, hint="写入台账；不填的，台账写成效回看的数字")


@dataclass(frozen=True, slots=True)
class ArchiveConcern(CaseStep):
    """归档."""

    code: ClassVar[str] = "archive"
    label: ClassVar[str] = "归档"


@dataclass(frozen=True, slots=True)
class ReopenConcern(CaseStep):
    """重新打开; the old clocks stay, new ones start from now. What nobody judged waits to be judged again."""

    code: ClassVar[str] = "reopen"
    label: ClassVar[str] = "重新打开"
    reason: str = entered("重新打开的理由", shape=Shape.LINES, hint="旧时限保留，新时限从现在起算")


@dataclass(frozen=True, slots=True)
class FlagConcernAgain(CaseStep):
    """再次列为关切: what was put aside waits to be judged again, for later reports are graver."""

    code: ClassVar[str] = "flag-again"
    label: ClassVar[str] = "再次列为关切"


@dataclass(frozen=True, slots=True)
class ResumeConcern(CaseStep):
    """恢复跟踪: what was closed is followed again, for later reports are graver."""

    code: ClassVar[str] = "resume"
    label: ClassVar[str] = "恢复跟踪"
