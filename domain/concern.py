"""Concerns (关切): topics that need this office's judgement, and the case each becomes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Self

from domain.errors import InputError

LONG_PAST = timedelta(days=30)  # from the first report to the day when it was found


class Labelled(Enum):
    """A closed set whose members have a code for files and a Chinese label for people."""

    def __init__(self, code: str, label: str) -> None:
        self.code, self.label = code, label

    @classmethod
    def of(cls, text: str) -> Self:
        """The member with that code or label. Raises InputError."""
        for member in cls:
            if text in (member.code, member.label):
                return member
        names = "、".join(member.label for member in cls)
        raise InputError(f"没有“{text}”这一项。可用的有：{names}。")


class ReasonCode(Labelled):
    """Why a topic must be answered: 国办发〔2016〕61号, its five kinds, in its words."""

    MISREAD_POLICY = ("misread-policy", "对政府及其部门重大政策措施存在误解误读的")
    PUBLIC_INTEREST = ("public-interest", "涉及公众切身利益且产生较大影响的")
    MORAL_LINE = ("moral-line", "涉及民生领域严重冲击社会道德底线的")
    EMERGENCY = ("emergency", "涉及突发事件处置和自然灾害应对的")
    SUPERIOR = ("superior", "上级政府要求下级政府主动回应的")


class DevelopmentKind(Labelled):
    """新动向: a turn of another kind inside a running case."""

    REPORTERS = ("reporters", "记者受阻")
    DOUBT = ("doubt", "通报受疑")
    OFFICIAL = ("official", "官员言行")
    VICTIM = ("victim", "新增伤亡")
    DEMAND = ("demand", "群众诉求")
    ANOTHER = ("another", "另一起")


class EventGrade(Labelled):
    """突发事件等级: the facts on the ground; NONE where there is no emergency."""

    I = ("I", "特别重大")  # noqa: E741 - the grade's own name
    II = ("II", "重大")
    III = ("III", "较大")
    IV = ("IV", "一般")
    NONE = ("none", "非突发事件")

    @property
    def grave(self) -> bool:
        """特别重大、重大: the 5 h and 24 h rules apply (国办发〔2016〕80号、61号)."""
        return self in (EventGrade.I, EventGrade.II)

    @property
    def rank(self) -> int:
        """0 for the gravest, 4 where there is no emergency."""
        return list(EventGrade).index(self)


class AttentionGrade(Labelled):
    """舆情等级: how much attention the matter has, by the office's own thresholds."""

    RED = ("red", "红")
    ORANGE = ("orange", "橙")
    YELLOW = ("yellow", "黄")
    BLUE = ("blue", "蓝")


class ClockBasis(Labelled):
    """计时起点: which moment the clock starts from; no rule says, so the officer picks."""

    FOUND = ("found", "发现")
    HAPPENED = ("happened", "事发")
    FIRST_REPORT = ("first-report", "首发")
    ASSIGNED = ("assigned", "交办")


class Disposition(Labelled):
    """处置类型: 国办发〔2016〕80号, 做好研判处置, its six ways."""

    SUGGESTION = ("suggestion", "建设性意见")
    HARDSHIP = ("hardship", "实际困难")
    GRAVE_MATTER = ("grave-matter", "重大问题")
    MISUNDERSTANDING = ("misunderstanding", "模糊认识、误解误读")
    WRONG_VIEW = ("wrong-view", "错误看法")
    FALSEHOOD = ("falsehood", "虚假不实")


class ConcernState(Labelled):
    """Where a concern stands; docs/domain.md section 4."""

    FLAGGED = ("flagged", "待研判")
    OPEN = ("open", "处置中")
    ANSWERED = ("answered", "已回应")
    FOLLOWING = ("following", "跟踪中")
    CLOSED = ("closed", "办结")
    ARCHIVED = ("archived", "已归档")
    REFERRED = ("referred", "已转办")
    DISMISSED = ("dismissed", "不予回应")
    MERGED = ("merged", "已并入")

    @property
    def running(self) -> bool:
        """Somebody still has to do something."""
        return self in (
            ConcernState.FLAGGED,
            ConcernState.OPEN,
            ConcernState.ANSWERED,
            ConcernState.FOLLOWING,
            ConcernState.REFERRED,
        )


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of an article that supports a reason."""

    article_id: int
    sentence: str
    source: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for flagging, in plain words, with its evidence sentences."""

    code: ReasonCode
    words: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the rules make of a topic: reasons to flag it, a suggested grade and its ground.

    `held` says why a topic is not flagged, `nearness` (0–1) how near it came; empty and 1 when it is. `likely` (0–1) is
    how likely it is a concern at all, `kind` the reason that its titles are most like.
    """

    topic_id: int
    reasons: tuple[Reason, ...]
    grade: EventGrade
    grade_ground: str
    attention: AttentionGrade
    held: str = ""
    nearness: float = 1.0
    likely: float = 0.0
    kind: ReasonCode | None = None

    @property
    def flagged(self) -> bool:
        """Whether the topic is to become a concern."""
        return bool(self.reasons) and not self.held


@dataclass(frozen=True, slots=True)
class Judgement:
    """研判: what the officer decided of a concern; `suggested` is the grade that the rules then suggested."""

    grade: EventGrade
    attention: AttentionGrade
    category: str
    basis: ClockBasis
    basis_at: datetime
    unit: str
    disposition: Disposition
    by: str
    at: datetime
    suggested: EventGrade = EventGrade.I


@dataclass(frozen=True, slots=True)
class Turn:
    """A 新动向 that nobody has looked at yet: its kind, the first sentence that tells of it, and of another happening
    how grave it is.
    """

    id: int
    kind: DevelopmentKind
    sentence: str = ""
    grade: EventGrade = EventGrade.NONE


@dataclass(frozen=True, slots=True)
class Concern:
    """A flagged topic; after judgement, the case that the office works on.

    Its times stand apart: 事发 (`happened_at`), 首发, 发现, 交办 (`assigned_at`), 转办 and 对方受理, 办结 (the last);
    None where not known or not yet. `effect` is 成效 in the office's words. `version` grows by one with each change,
    for optimistic locking.
    """

    id: int
    topic_id: int
    title: str
    state: ConcernState
    reasons: tuple[Reason, ...]
    suggested_grade: EventGrade
    grade_ground: str
    suggested_attention: AttentionGrade
    found_at: datetime
    first_report_at: datetime
    version: int
    judgement: Judgement | None = None
    outcome: str = ""
    merged_into: int | None = None
    referred_to: str = ""
    accepted_at: datetime | None = None
    turned: tuple[Turn, ...] = ()  # the 新动向 that nobody has looked at yet
    happened_at: datetime | None = None
    assigned_at: datetime | None = None
    referred_at: datetime | None = None
    closed_at: datetime | None = None
    effect: str = ""

    @classmethod
    def by_hand(cls, topic_id: int, title: str, reason: Reason, first_report_at: datetime, now: datetime) -> Self:
        """A concern that an officer flags, not the rules; its grade is for the judgement to say."""
        ground = "由人工转为关切，等级待研判"
        return cls(
            0,
            topic_id,
            title,
            ConcernState.FLAGGED,
            (reason,),
            EventGrade.NONE,
            ground,
            AttentionGrade.BLUE,
            now,
            first_report_at,
            1,
        )

    @property
    def grade(self) -> EventGrade:
        """The grade that was judged, else the suggested one."""
        return self.judgement.grade if self.judgement else self.suggested_grade

    @property
    def turns(self) -> str:
        """The kinds of 新动向 that nobody has looked at yet, each once, in words."""
        return "、".join(dict.fromkeys(turn.kind.label for turn in self.turned))

    @property
    def is_emergency(self) -> bool:
        """Whether a sudden emergency is among its reasons."""
        return any(reason.code is ReasonCode.EMERGENCY for reason in self.reasons)

    @property
    def came_back(self) -> bool:
        """Whether it was put aside (`outcome` says why) and waits to be judged again."""
        return self.state is ConcernState.FLAGGED and bool(self.outcome)

    @property
    def waits(self) -> bool:
        """Whether somebody must look at it: to judge it, to judge it anew, or for what it has turned to."""
        return self.state is ConcernState.FLAGGED or self.escalated or bool(self.turned)

    @property
    def long_past(self) -> bool:
        """Whether it was long past when it was found, as when a table of years is imported: no clock of 研判 runs for it."""
        return self.found_at - self.first_report_at > LONG_PAST

    @property
    def belated(self) -> bool:
        """Whether it waits to be judged, is no emergency and was long past when it was found."""
        return self.judgement is None and not self.is_emergency and self.long_past

    @property
    def disposition(self) -> Disposition | None:
        """处置类型, None before it is judged."""
        return self.judgement.disposition if self.judgement else None

    @property
    def escalated(self) -> bool:
        """Whether later reports speak of a graver emergency than was judged, and than was known at the judgement."""
        judged = self.judgement
        return judged is not None and self.suggested_grade.rank < min(judged.grade.rank, judged.suggested.rank)
