"""The ledger (台账) and the year's figures; docs/domain.md section 5."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from briefing.charts import bars, draw, timeliness_bars
from briefing.facts import RuleTimeliness
from briefing.issue import Chart, Picture
from briefing.xlsx import write_table
from desk.topics.folding import topics_of
from domain.concern import Concern, ConcernState
from domain.personal import mask_personal
from domain.response import (
    IN_TIME,
    Coordination,
    Deadline,
    DeadlineState,
    InTime,
    Response,
    ResponseKind,
    answers,
    worst,
)
from domain.times import DAY, day_bounds, lasting
from domain.topic import Topic
from response.followup import counted
from response.statistics import CaseFigures, Measure, Statistics, compared, statistics
from response.statistics import Figure as Figure
from response.statistics import Timeliness as Timeliness
from store import articles, cases, topics
from store.database import Connection, Database


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One concern as the ledger shows it."""

    number: int
    concern: Concern
    topic: Topic
    first_link: str
    deadlines: tuple[Deadline, ...]
    responses: tuple[Response, ...]
    coordination: tuple[Coordination, ...]
    now: datetime
    reports: int = 0  # articles of all topics of the matter
    reasons: Mapping[int, str] = field(default_factory=dict)  # why deadlines were not kept
    seen_after: str = ""  # 成效回看, in words

    @property
    def first(self) -> Response | None:
        """The first response that counts."""
        return next((r for r in self.responses if answers(r.kind, self.concern.disposition)), None)

    @property
    def clock(self) -> Deadline | None:
        """The deadline of the first response: the strictest, met or not."""
        first = [d for d in self.deadlines if not d.repeats and not d.withdrawn and not d.of_judging]
        return min(first, key=lambda d: d.due_at, default=None)

    @property
    def late(self) -> bool:
        """Whether anything it was obliged to came late, or is overdue."""
        return self.in_time is InTime.NO

    @property
    def in_time(self) -> InTime | None:
        """是否按时, of all obligations; None where none binds."""
        state = worst(self.deadlines, self.now)
        return IN_TIME[state] if state else None

    @property
    def not_kept(self) -> str:
        """超时项及原因: each clock that was not kept, by how much, and why as far as somebody said."""
        late = (DeadlineState.LATE, DeadlineState.OVERDUE)
        return "；".join(self._missed(d) for d in self.deadlines if d.state(self.now) in late)

    def _missed(self, deadline: Deadline) -> str:
        over = lasting((deadline.met_at or self.now) - deadline.due_at)
        why = self.reasons.get(deadline.id, "没有说明原因")
        return f"{deadline.name}{deadline.state(self.now).label} {over}（{why}）"

    @property
    def remarks(self) -> str:
        """备注: to whom it was referred, what was entered late, which clocks no longer apply."""
        parts = [f"转给{self.concern.referred_to}"] if self.concern.referred_to else []
        judged = self.concern.judgement
        if judged is not None and judged.basis_at > self.concern.found_at:
            parts.append(f"计时起点（{judged.basis.label}）晚于发现 {lasting(judged.basis_at - self.concern.found_at)}")
        parts += [f"《{r.title}》补录：{r.late_why}" for r in self.responses if r.late_why]
        parts += [f"{d.name}不再适用：{d.withdrawn}" for d in self.deadlines if d.withdrawn and not d.repeats]
        parts += [f"{d.name}暂停中" for d in self.deadlines if d.state(self.now) is DeadlineState.PAUSED]
        return "；".join(parts)

    @property
    def hours(self) -> float | None:
        """Hours from the clock's start to the first response."""
        if self.first is None or self.concern.judgement is None:
            return None
        return round((self.first.published_at - self.concern.judgement.basis_at).total_seconds() / 3600, 1)


def _judged(row: LedgerRow) -> Any:
    return row.concern.judgement


# Column → what stands in it; docs/domain.md section 5, in its order.
COLUMNS: dict[str, Callable[[LedgerRow], Any]] = {
    "序号": lambda r: r.number,
    "发现时间": lambda r: r.concern.found_at,
    "首发来源": lambda r: r.topic.first_source,
    "首发链接": lambda r: r.first_link,
    "话题": lambda r: r.concern.title,
    "涉及地区": lambda r: "、".join(r.topic.places),
    "领域": lambda r: r.topic.area,
    "突发事件等级": lambda r: r.concern.grade.label,
    "舆情等级": lambda r: (_judged(r).attention if _judged(r) else r.concern.suggested_attention).label,
    "是否涉重大事件": lambda r: "、".join(r.topic.events) or "否",
    "责任单位": lambda r: _judged(r).unit if _judged(r) else "",
    "处置类型": lambda r: _judged(r).disposition.label if _judged(r) else "",
    "事发时间": lambda r: r.concern.happened_at,
    "首发时间": lambda r: r.concern.first_report_at,
    "交办时间": lambda r: r.concern.assigned_at,
    "研判时间": lambda r: _judged(r).at if _judged(r) else None,
    "起点依据": lambda r: _judged(r).basis.label if _judged(r) else "",
    "计时起点": lambda r: _judged(r).basis_at if _judged(r) else None,
    "应回应时限": lambda r: r.clock.due_at if r.clock else None,
    "首次回应时间": lambda r: r.first.published_at if r.first else None,
    "用时(小时)": lambda r: r.hours,
    "是否按时": lambda r: r.in_time.label if r.in_time else "",
    "超时项及原因": lambda r: mask_personal(r.not_kept),
    "回应渠道": lambda r: "、".join(dict.fromkeys(x.channel.label for x in r.responses)),
    "回应标题": lambda r: r.first.title if r.first else "",
    "回应链接": lambda r: (r.first.link or r.first.file) if r.first else "",
    "发布会时间": lambda r: next(
        (x.published_at for x in r.responses if x.kind is ResponseKind.PRESS_CONFERENCE), None
    ),
    "持续发布次数": lambda r: sum(x.kind is ResponseKind.UPDATE for x in r.responses),
    "协同单位": lambda r: "、".join(dict.fromkeys(c.unit for c in r.coordination)),
    "转办时间": lambda r: r.concern.referred_at,
    "受理时间": lambda r: r.concern.accepted_at,
    "处置结果": lambda r: mask_personal(r.concern.outcome),
    "办结时间": lambda r: r.concern.closed_at,
    "成效": lambda r: mask_personal(r.concern.effect) or r.seen_after,
    "状态": lambda r: r.concern.state.label,
    "经办人": lambda r: _judged(r).by if _judged(r) else "",
    "是否迟报": lambda r: "是" if r.late else "否",
    "关注量": lambda r: r.reports,
    "备注": lambda r: mask_personal(r.remarks),
}


def ledger(database: Database, now: datetime, start: date | None = None, end: date | None = None) -> list[LedgerRow]:
    """The ledger of the concerns found in the days [start, end], the oldest first."""
    first = day_bounds(start)[0] if start else None
    last = day_bounds(end)[1] if end else None
    with database.read() as connection:
        done = _work(connection)
        known = sorted(cases.listing(connection), key=lambda c: (c.found_at, c.id))
        chosen = [c for c in known if (not first or c.found_at >= first) and (not last or c.found_at < last)]
        shown = topics.of_ids(connection, [c.topic_id for c in chosen])
        reports = {id: sum(t.articles for t in some) for id, some in topics_of(connection, chosen).items()}
        links = articles.first_links(connection, [c.topic_id for c in chosen])
        told = _seen_after(connection, [c for c in chosen if not c.effect], done.responses, now)
        return [
            LedgerRow(
                i + 1,
                c,
                shown[c.topic_id],
                links.get(c.topic_id, ""),
                tuple(done.deadlines.get(c.id, ())),
                tuple(done.responses.get(c.id, ())),
                tuple(done.coordination.get(c.id, ())),
                now,
                reports[c.id],
                done.reasons,
                told.get(c.id, ""),
            )
            for i, c in enumerate(chosen)
            if c.topic_id in shown
        ]


def export_ledger(
    database: Database, path: Path, now: datetime, start: date | None = None, end: date | None = None
) -> int:
    """Write the ledger as .xlsx; how many rows. Raises ExportError."""
    rows = ledger(database, now, start, end)
    write_table(path, "台账", list(COLUMNS), [[value(row) for value in COLUMNS.values()] for row in rows])
    return len(rows)


def figures(database: Database, start: date, end: date, now: datetime) -> Statistics:
    """The figures of the concerns found in the days [start, end]."""
    return statistics(*_judged_and_dismissed(database), day_bounds(start)[0], day_bounds(end)[1], now)


def comparison(database: Database, start: date, end: date, now: datetime) -> list[Figure]:
    """The figures of the days [start, end] beside those of as many days before; both of one reading of the store."""
    span = end - start + timedelta(days=1)
    judged, dismissed = _judged_and_dismissed(database)
    this, before = (
        statistics(judged, dismissed, day_bounds(first)[0], day_bounds(last)[1], now)
        for first, last in ((start, end), (start - span, start - timedelta(days=1)))
    )
    return compared(this, before)


def _judged_and_dismissed(database: Database) -> tuple[list[CaseFigures], list[Concern]]:
    """The concerns with their deadlines and responses, and those that were dismissed."""
    with database.read() as connection:
        done = _work(connection)
        known = cases.listing(connection)
        areas = topics.areas(connection, [c.topic_id for c in known])
    judged = [
        CaseFigures(
            c,
            areas.get(c.topic_id, ""),
            tuple(done.deadlines.get(c.id, ())),
            tuple(done.responses.get(c.id, ())),
            done.reasons,
        )
        for c in known
        if c.state is not ConcernState.MERGED
    ]
    dismissed = [c for c in known if c.state is ConcernState.DISMISSED]
    return judged, dismissed


def rule_timeliness(kept: Timeliness) -> RuleTimeliness:
    """How a rule was kept, as a briefing tells it."""
    counts = (len(kept.in_time), len(kept.late), len(kept.overdue), len(kept.entered))
    return RuleTimeliness(kept.name, *counts, kept.left_out)


def statistics_pictures(database: Database, start: date, end: date, now: datetime) -> list[tuple[str, bytes]]:
    """(caption, .png) of the figures of the days [start, end], drawn as in a briefing; none where there are none."""
    statistics = figures(database, start, end, now)
    kept = [rule_timeliness(t) for t in statistics.timeliness]

    def counted(title: str, groups: dict[str, tuple[int, ...]]) -> Chart | None:
        return bars(title, [(name, len(ids)) for name, ids in groups.items()])

    pictures = (
        ("各项时限办理情况", (timeliness_bars(kept),)),
        (
            "领域与责任单位",
            (counted("关切领域（件）", statistics.by_area), counted("责任单位（件）", statistics.by_unit)),
        ),
        (
            "发布类别与渠道",
            (counted("发布类别（次）", statistics.by_kind), counted("发布渠道（次）", statistics.by_channel)),
        ),
        ("各月判定的关切", (counted("关切（件）", statistics.by_month),)),
    )
    shown = [(caption, tuple(chart for chart in charts if chart)) for caption, charts in pictures]
    return [(caption, draw(Picture(caption, charts))) for caption, charts in shown if charts]


def export_statistics(database: Database, path: Path, start: date, end: date, now: datetime) -> int:
    """Write the figures of the days [start, end] as .xlsx, with the numbers of the cases behind; how many lines.

    Raises ExportError.
    """
    compared = comparison(database, start, end, now)
    columns = ("类别", "项目", "本期", "上期", "分子", "分母", "未计入", "怎么算的", "关切编号")
    rows = [
        (
            f.group.label,
            mask_personal(f.name),
            _number(f, f.value),
            _number(f, f.before),
            f.numerator,
            f.denominator,
            f.left_out,
            f.how,
            "、".join(map(str, f.ids)),
        )
        for f in compared
    ]
    write_table(path, f"统计 {start} 至 {end}", columns, rows)
    return len(rows)


def _number(figure: Figure, value: float | None) -> float | str:
    if value is None or figure.measure is Measure.SHARE:
        return figure.said(value)
    return value


@dataclass(frozen=True, slots=True)
class _Work:
    """What was done about concerns, by the concern's id."""

    deadlines: Mapping[int, list[Deadline]]
    responses: Mapping[int, list[Response]]
    coordination: Mapping[int, list[Coordination]]
    reasons: Mapping[int, str]  # by deadline


def _work(connection: Connection) -> _Work:
    deadlines = defaultdict[int, list[Deadline]](list)
    for deadline in cases.deadlines(connection):
        deadlines[deadline.concern_id].append(deadline)
    responses = defaultdict[int, list[Response]](list)
    for response in cases.responses(connection):
        responses[response.concern_id].append(response)
    units = defaultdict[int, list[Coordination]](list)
    for asked in cases.coordinations(connection):
        units[asked.concern_id].append(asked)
    return _Work(deadlines, responses, units, cases.explanations(connection))


def _seen_after(
    connection: Connection, some: Sequence[Concern], responses: Mapping[int, Sequence[Response]], now: datetime
) -> dict[int, str]:
    """成效回看 of the first response to each concern, as far as its days are over; read for all in one go."""
    first = {c.id: responses[c.id][0].published_at for c in some if responses.get(c.id)}
    if not first:
        return {}
    topic_of = {c.id: topics.forwarded(connection, c.topic_id) for c in some if c.id in first}
    times = articles.times_of_topics(connection, sorted(set(topic_of.values())), min(first.values()) - DAY)
    return {
        id: "；".join(
            f"{hours} 小时内报道 {after} 篇（前一日 {before} 篇）"
            for hours, before, after in counted(at, times[topic_of[id]], now)
        )
        for id, at in first.items()
    }
