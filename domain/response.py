"""Deadlines (时限), drafts (拟稿) and published responses (回应) of a concern."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit

from domain.concern import Concern, ConcernState, Disposition, Labelled
from domain.errors import InputError
from domain.times import china

JUDGE, UNJUDGED = "judge", "unjudged-5h"  # codes of the rules that bind until a concern is judged (研判)


class Channel(Labelled):
    """Where a response was published; docs/domain.md section 4."""

    PRESS_CONFERENCE = ("press-conference", "新闻发布会/吹风会")
    WEBSITE = ("website", "政府网站")
    WEIBO = ("weibo", "政务微博")
    WECHAT = ("wechat", "政务微信")
    APP = ("app", "客户端")
    DOUYIN = ("douyin", "政务抖音")
    INTERVIEW = ("interview", "媒体采访")
    HOTLINE = ("hotline", "12345")


class ResponseKind(Labelled):
    """What counts as a response, and 动态, which never stops the first clock."""

    AUTHORITATIVE = ("authoritative", "权威信息发布")
    ANSWER = ("answer", "回应")
    PRESS_CONFERENCE = ("press-conference", "新闻发布会")
    EXPLANATION = ("explanation", "解读")
    UPDATE = ("update", "动态")


class DraftState(Labelled):
    """拟稿 → 核稿 → 签发 → 发布."""

    WRITTEN = ("written", "待核签")
    REVIEWED = ("reviewed", "已核稿")
    RETURNED = ("returned", "已退回")
    APPROVED = ("approved", "已签发")
    PUBLISHED = ("published", "已发布")


class DeadlineState(Labelled):
    """How a deadline stands at a moment; 'late but answered' stays late for ever.

    ENTERED_LATE: met in time, as evidence shows, but entered only when the time was over (补录); counted apart.
    """

    RUNNING = ("running", "计时中")
    OVERDUE = ("overdue", "已超时")
    PAUSED = ("paused", "暂停计时")
    MET = ("met", "按时完成")
    ENTERED_LATE = ("entered-late", "按时（补录）")
    LATE = ("late", "超时完成")
    WITHDRAWN = ("withdrawn", "不再适用")


class Unit(Labelled):
    """What a deadline is counted in."""

    HOURS = ("hours", "小时（昼夜连续）")
    OFFICE_HOURS = ("office-hours", "工作小时")
    WORKING_DAYS = ("working-days", "个工作日")
    DAYS = ("days", "天")


class Applies(Labelled):
    """Which concerns a deadline rule binds."""

    FLAGGED = ("flagged", "每件新关切，直至研判")
    UNJUDGED = ("unjudged", "没有研判的突发事件")
    GRAVE = ("grave", "重大、特别重大突发事件")
    OTHER = ("other", "其他政务舆情")
    ANSWERED = ("answered", "回应之后直至办结")
    BY_HAND = ("by-hand", "手工起算")


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """One obligation: what, within how much of which unit, for which concerns, under which clause.

    `amount` is in `unit`; `extends`: it may be extended once, by as much again.
    """

    code: str
    name: str
    pack: str
    amount: float
    unit: Unit
    applies: Applies
    met_by: tuple[ResponseKind, ...]
    source: str
    extends: bool = False


class EntryKind(Labelled):
    """What an entry of the deadline ledger does."""

    STARTED = ("started", "起算")
    RECOUNTED = ("recounted", "日历变动，重新计算")
    EXTENDED = ("extended", "延长")
    PAUSED = ("paused", "暂停")
    RESUMED = ("resumed", "恢复计时")
    EXPLAINED = ("explained", "说明超时原因")
    WITHDRAWN = ("withdrawn", "不再适用")


@dataclass(frozen=True, slots=True)
class DeadlineEntry:
    """One entry of the deadline ledger (时限账): a due time is never edited, every change is an entry."""

    id: int
    deadline_id: int
    at: datetime
    who: str
    kind: EntryKind
    before: datetime | None
    due_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """One obligation of a concern. `met_at` is when the evidence was published, None till then, `entered_at` when that was
    entered (None: at once).

    `repeats`: it starts again after each publication (持续发布), and is no first response's. `paused_at`: since when it
    pauses; only a local one does.
    """

    id: int
    concern_id: int
    code: str
    name: str
    source: str
    start_at: datetime
    due_at: datetime
    how: str
    met_at: datetime | None = None
    withdrawn: str = ""
    repeats: bool = False
    entered_at: datetime | None = None
    paused_at: datetime | None = None

    @property
    def of_judging(self) -> bool:
        """Whether it is the clock of 研判, which no response meets."""
        return self.code == JUDGE

    @property
    def replaced(self) -> bool:
        """Whether it bound an emergency until that was judged, and gave way to what the judgement brought."""
        return self.code == UNJUDGED and bool(self.withdrawn)

    @property
    def waits(self) -> bool:
        """Whether it is neither met nor withdrawn; it may pause."""
        return self.met_at is None and not self.withdrawn

    def state(self, now: datetime) -> DeadlineState:
        """How it stands; the due moment itself is still in time, and late stays late."""
        if self.withdrawn:
            return DeadlineState.WITHDRAWN
        if self.paused_at is not None:  # which it could only while it ran
            return DeadlineState.PAUSED if self.met_at is None else DeadlineState.MET
        if self.met_at is not None:
            return self._met(self.met_at)
        return DeadlineState.OVERDUE if now > self.due_at else DeadlineState.RUNNING

    def _met(self, at: datetime) -> DeadlineState:
        if at > self.due_at:
            return DeadlineState.LATE
        entered = self.entered_at or at
        return DeadlineState.ENTERED_LATE if entered > self.due_at else DeadlineState.MET

    def left(self, now: datetime) -> timedelta:
        """Time left; negative when overdue."""
        return self.due_at - now

    def share_used(self, now: datetime) -> float:
        """0–1 of the time that has gone."""
        whole = (self.due_at - self.start_at).total_seconds()
        return min(1.0, max(0.0, (now - self.start_at).total_seconds() / whole)) if whole else 1.0


@dataclass(frozen=True, slots=True)
class Draft:
    """One version of a text being prepared; versions are never overwritten.

    `returned` says why the reviewer sent it back; `alone` why its author signed it off in an emergency. `allowed` are
    the pieces of personal data in it that one with the right has let stand; the record has the reasons.
    """

    id: int
    concern_id: int
    version: int
    kind: ResponseKind
    title: str
    body: str
    author: str
    written_at: datetime
    state: DraftState
    approver: str = ""
    approved_at: datetime | None = None
    reviewer: str = ""
    reviewed_at: datetime | None = None
    returned: str = ""
    alone: str = ""
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Response:
    """An official statement that was published, with its evidence.

    `entered_at` is when it was entered (None where early versions did not keep it), `late_why` why only then (补录).
    """

    id: int
    concern_id: int
    draft_id: int
    kind: ResponseKind
    channel: Channel
    title: str
    text: str
    link: str
    published_at: datetime
    by: str
    file: str = ""
    file_hash: str = ""
    entered_at: datetime | None = None
    late_why: str = ""


def answers(kind: ResponseKind, disposition: Disposition | None) -> bool:
    """Whether a publication is a response: a 动态 never is, a 解读 for 误解误读 only (docs/domain.md section 3)."""
    if kind is ResponseKind.EXPLANATION:
        return disposition is Disposition.MISUNDERSTANDING
    return kind is not ResponseKind.UPDATE


def same_words(text: str, signed: str) -> bool:
    """Whether a text says what was signed; how its lines and blanks are set is another's business."""
    return "".join(text.split()) == "".join(signed.split())


@dataclass(frozen=True, slots=True)
class Coordination:
    """协同: what another unit was asked and when, what it answered and when."""

    id: int
    concern_id: int
    unit: str
    asked: str
    asked_at: datetime
    by: str
    answer: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """A remark on a stretch of a draft's text; `quote` is what it was about when it was made."""

    id: int
    draft_id: int
    start: int
    end: int
    quote: str
    text: str
    by: str
    at: datetime
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Unsaved:
    """What somebody was typing, kept every moment until it becomes a version."""

    concern_id: int
    person: str
    kind: ResponseKind
    title: str
    body: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Saying:
    """口径: what the office has settled to say on a matter; `until` is the last day it holds, None for open end."""

    id: int
    title: str
    text: str
    words: tuple[str, ...]
    source: str
    by: str
    at: datetime
    until: date | None = None
    withdrawn: bool = False


class Level(Labelled):
    """What a reminder is about: a concern that is new or grows graver, or how much of a clock's time is left."""

    FLAGGED = ("flagged", "新关切")
    ESCALATED = ("escalated", "建议升级")
    TURNED = ("turned", "新动向")
    HALF = ("half", "时间过半")
    QUARTER = ("quarter", "还剩四分之一")
    TENTH = ("tenth", "还剩一成")
    OVERDUE = ("overdue", "已超时")


@dataclass(frozen=True, slots=True)
class Alert:
    """One reminder; `key` names what it is about, so that it is given once.

    `held` says why it was not shown, empty when it was. It is of a concern, or of an entry of a register (`entry_id`);
    the other is 0.
    """

    key: str
    concern_id: int
    level: Level
    at: datetime
    text: str
    held: str = ""
    entry_id: int = 0


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


def strictest(deadlines: Sequence[Deadline]) -> Deadline | None:
    """The running deadline that comes first; the others stay visible."""
    waiting = [d for d in deadlines if d.waits and d.paused_at is None]
    return min(waiting, key=lambda d: d.due_at, default=None)


def is_urgent(concern: Concern, deadline: Deadline) -> bool:
    """Whether a clock is of an emergency that nobody has judged: it stands on top, before all others."""
    return deadline.code == UNJUDGED and deadline.waits and concern.state is ConcernState.FLAGGED


def urgency(concern: Concern, deadline: Deadline) -> tuple[bool, int, datetime]:
    """The order of clocks that run: emergencies that nobody has judged, the gravest first; then by when they are due."""
    urgent = is_urgent(concern, deadline)
    return not urgent, concern.suggested_grade.rank if urgent else 0, deadline.due_at


_WORST_FIRST = (
    DeadlineState.OVERDUE,
    DeadlineState.LATE,
    DeadlineState.RUNNING,
    DeadlineState.PAUSED,
    DeadlineState.ENTERED_LATE,
    DeadlineState.MET,
)


def worst(deadlines: Sequence[Deadline], now: datetime) -> DeadlineState | None:
    """How obligations of a concern together stand: in time only where each is. None without any that binds."""
    return worst_of(deadline.state(now) for deadline in deadlines)


def worst_of(states: Iterable[DeadlineState]) -> DeadlineState | None:
    """The same, of states: those of a concern's clocks, or of the clocks of an entry in a register."""
    known = set(states)
    return next((state for state in _WORST_FIRST if state in known), None)


class InTime(Labelled):
    """是否按时: whether all that a concern or an entry in a register obliges to was done in time, as far as can be said."""

    YES = ("yes", "是")
    ENTERED_LATE = ("entered-late", "是（补录）")
    NO = ("no", "否")
    NOT_DUE = ("not-due", "未到期")


IN_TIME = {
    DeadlineState.MET: InTime.YES,
    DeadlineState.ENTERED_LATE: InTime.ENTERED_LATE,
    DeadlineState.RUNNING: InTime.NOT_DUE,
    DeadlineState.PAUSED: InTime.NOT_DUE,
    DeadlineState.LATE: InTime.NO,
    DeadlineState.OVERDUE: InTime.NO,
}


def checked_link(link: str) -> str:
    """The address of a published response. Raises InputError when it is no web address."""
    try:
        parts = urlsplit(link.strip())
        sound = parts.scheme in ("http", "https") and bool(parts.hostname)
        login = "@" in parts.netloc
    except ValueError:  # http://[x
        sound = login = False
    if not sound:
        raise InputError("请填发布页面的网址（以 http:// 或 https:// 开头），这是已发布的凭据。", "link")
    if login:
        raise InputError("网址里有用户名或密码，会留在留痕里。请去掉“@”和它前面的部分。", "link")
    return link.strip()
