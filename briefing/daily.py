"""The words of 每日舆情简报: its seven sections and pictures; docs/domain.md section 8."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from briefing.charts import bars, curves, side_by_side, tier_bars, timeliness_bars
from briefing.compose import (
    ADVICE,
    NOTE,
    NOTHING,
    case_grid,
    intake_words,
    material,
    news,
    telling,
    topic_grid,
    unanswered,
)
from briefing.facts import DailyFacts, RuleTimeliness, TopicFact
from briefing.issue import Issue, Paragraph, Picture, Section, Sentence, plain
from domain.briefing import IssueKind
from domain.concern import ConcernState
from domain.response import DeadlineState, worst
from domain.times import exact, long_day

TOP_ITEMS, LEAST_ITEMS = 5, 3
LEAST_DUE, LEAST_DRAWN = 3, 20  # clocks, and reports, of which a chart tells more than the table does
NEWS = "今日要情"


def daily_material(facts: DailyFacts) -> Issue:
    """What the daily briefing of a day's facts is made of."""
    title = f"{long_day(facts.basis.day)}舆情简报"
    return material(IssueKind.DAILY, title, facts.basis, daily_sections(facts), _pictures(facts))


def daily_sections(facts: DailyFacts) -> list[Section]:
    """The seven sections in their own order."""
    return [
        Section(NEWS, [news(fact) for fact in _top(facts)]),
        _hot(facts),
        _concerns(facts),
        _events(facts),
        _responses(facts),
        _advice(facts),
        _data(facts),
    ]


def _top(facts: DailyFacts) -> list[TopicFact]:
    """Three to five: the fourth and fifth only where somebody pinned them, they are a matter, or many tell of them."""
    first, more = facts.topics[:LEAST_ITEMS], facts.topics[LEAST_ITEMS:TOP_ITEMS]
    return [*first, *(f for f in more if f.topic.heat.enough or f.topic.pinned or f.matter is not None)]


def _hot(facts: DailyFacts) -> Section:
    section = Section("热点话题", grid=topic_grid(facts.topics))
    if left := len(facts.topics) - len(telling(facts.topics)):
        section.paragraphs.append(plain(f"另有 {left} 个话题样本不足，不逐个列出。"))
    return section


def _concerns(facts: DailyFacts) -> Section:
    gone = (ConcernState.DISMISSED, ConcernState.MERGED)
    shown = [case for case in facts.cases if case.concern.state not in gone and not case.concern.belated]
    section = Section("关切与回应进度", grid=case_grid(shown, facts.basis.made_at))
    if old := sum(case.concern.belated and case.concern.state not in gone for case in facts.cases):
        section.paragraphs.append(plain(f"另有 {old} 件是首发一个月以前的旧事，待研判，不逐件列出。"))
    return section


def _events(facts: DailyFacts) -> Section:
    section = Section("重大事件专题")
    for name, touched in facts.events:
        named = "；".join(f"{f.topic.name}（{f.topic.articles}篇，热度{f.topic.heat.value:.0f}）" for f in touched[:3])
        words = f"窗口期内相关话题 {len(touched)} 个：{named}。" if touched else "窗口期内暂无相关话题。"
        notes = tuple(one.article_id for f in touched[:3] for one in f.sentences[:1])
        section.paragraphs.append(Paragraph((Sentence(words, notes),), name, why="在窗口期内"))
    return section


def _responses(facts: DailyFacts) -> Section:
    section = Section("回应发布与成效")
    for case in facts.cases:
        for response in case.responses:
            if not facts.intake.start <= response.published_at < facts.intake.end:
                continue
            met = [d for d in case.deadlines if d.met_at == response.published_at]
            kept = "，".join(
                f"“{d.name}”用时 {(d.met_at - d.start_at).total_seconds() / 3600:.1f} 小时，{d.state(facts.basis.made_at).label}"
                for d in met
                if d.met_at
            )
            text = f"{exact(response.published_at)[5:]} 通过{response.channel.label}发布《{response.title}》"
            text += "（补录）" if response.late_why else ""
            paragraph = Paragraph((Sentence(f"{text}{'；' + kept if kept else ''}。"),), case.concern.title)
            paragraph.why = "本期内发布"
            section.paragraphs.append(paragraph)
    for note in facts.notes:
        section.paragraphs.append(Paragraph(tuple(map(Sentence, note.sentences)), note.lead, why="公开台账"))
    return section


def _advice(facts: DailyFacts) -> Section:
    """Points that the facts themselves propose, with their articles; the officer edits or drops them."""
    section = Section(ADVICE)
    now = facts.basis.made_at
    late = [c for c in facts.cases if unanswered(c, now)]
    waiting = [c for c in facts.cases if c.concern.state is ConcernState.FLAGGED and not c.concern.belated]
    rising = [f for f in facts.topics if f.topic.heat.rising > 0 and f.topic.local][:5]
    if late:
        names = "；".join(c.concern.title for c in late[:5])
        section.paragraphs.append(plain(f"以下关切已超过回应时限，建议立即回应：{names}。"))
    if waiting:
        names = "；".join(c.concern.title for c in waiting[:5])
        over = sum(d.of_judging and d.state(now) is DeadlineState.OVERDUE for c in waiting for d in c.deadlines)
        said = f"待研判关切 {len(waiting)} 件" + (f"，其中 {over} 件已过研判时限" if over else "")
        section.paragraphs.append(plain(f"{said}，建议尽快判定：{names}。"))
    if rising:
        names = "；".join(f.topic.name for f in rising)
        notes = tuple(one.article_id for f in rising for one in f.sentences[:1])
        section.paragraphs.append(Paragraph((Sentence(f"本地话题热度上升，建议密切关注：{names}。", notes),)))
    return section


def _data(facts: DailyFacts) -> Section:
    silent, failing = "、".join(facts.silent) or NOTHING, "、".join(facts.failing) or NOTHING
    texts = (*intake_words(facts.intake), f"静默信源：{silent}。", f"采集出错信源：{failing}。", NOTE)
    own = [plain(*facts.channels)] if facts.channels else []
    return Section("信源与数据说明", [plain(*texts), *own])


def _pictures(facts: DailyFacts) -> list[Picture]:
    kept = _timeliness(facts)
    marks = [
        (case.concern.title, response.published_at)
        for case in facts.cases
        for response in case.responses
        if case.concern.id in {fact.matter for fact in facts.topics[:TOP_ITEMS]}
    ]
    drawn = [fact for fact in facts.topics[:TOP_ITEMS] if fact.topic.heat.enough]
    if sum(sum(fact.hours) for fact in drawn) < LEAST_DRAWN:
        drawn = []
    due = sum(one.in_time + one.late + one.overdue + one.entered for one in kept)
    pictures = [
        ("热点话题近七日报道量（每 6 小时，含转载）", curves("", drawn, facts.intake.end, marks)),
        (
            "信息来源层级与话题领域",
            side_by_side(tier_bars(facts.intake.by_tier), bars("话题领域（个）", facts.by_area)),
        ),
        ("各项时限办理情况", side_by_side(timeliness_bars(kept) if due >= LEAST_DUE else None)),
    ]
    shown = [(name, picture) for name, picture in pictures if picture is not None]
    return [replace(picture, caption=f"图{i}　{name}") for i, (name, picture) in enumerate(shown, 1)]


def _timeliness(facts: DailyFacts) -> tuple[RuleTimeliness, ...]:
    """How each rule was kept, a case once, by the worst of its clocks of that rule."""
    states: dict[str, Counter[DeadlineState]] = {}
    for case in facts.cases:
        for name in dict.fromkeys(deadline.name for deadline in case.deadlines):
            clocks = [deadline for deadline in case.deadlines if deadline.name == name]
            if stands := worst(clocks, facts.basis.made_at):
                states.setdefault(name, Counter())[stands] += 1
    return tuple(
        RuleTimeliness(
            name,
            counts[DeadlineState.MET],
            counts[DeadlineState.LATE],
            counts[DeadlineState.OVERDUE],
            counts[DeadlineState.ENTERED_LATE],
        )
        for name, counts in states.items()
    )
