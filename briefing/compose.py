"""The words of a briefing (每日舆情简报, 舆情快报): facts in, an issue of sections and tables out."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any

from briefing.facts import CaseFact, Facts, FlashFacts
from domain.concern import ConcernState, EventGrade
from domain.personal import mask_personal
from domain.response import Deadline, DeadlineState
from domain.times import exact, long_day

TOP_ITEMS = 5
LEAD_LENGTH = 110  # characters of one item in 今日要情, so that five come to about 500
NOTHING = "无"
FLASH_SENTENCES = 1  # a 快报 has one page
REPEATING = "updates"  # whose clocks that were met are not told again
DAILY, FLASH = "每日舆情简报", "舆情快报"
ADVICE = "研判与建议"
HEADINGS = ("今日要情", "热点话题", "关切与回应进度", "重大事件专题", "回应发布与成效", ADVICE, "信源与数据说明")
HEAT_WORDS = {"↑": "上升", "↓": "下降", "→": "平稳"}


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: heading row, rows, relative column widths."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue of a briefing as it is read: head, sections, curves. Every format is made from this alone.

    `curves` are the articles per hour of the hottest topics over seven days up to `end`.
    """

    kind: str
    title: str
    day: date
    number: int
    total_number: int
    office: str
    signer: str
    made_at: datetime
    end: datetime
    head_hash: str
    sections: tuple[Section, ...]
    curves: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(slots=True)
class Section:
    """A section: its heading, then paragraphs as (lead in bold or "", text, sources), then a table."""

    heading: str
    paragraphs: list[tuple[str, str, str]] = field(default_factory=list)
    grid: Grid | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What an officer set for an issue: sections left out (by heading), and the text of 六 in place of the proposals."""

    omitted: frozenset[str] = frozenset()
    advice: str = ""


def compose(facts: Facts, plan: Plan | None = None, corrects: int | None = None) -> Issue:
    """The daily briefing of a day's facts. `corrects` is the number of the issue that this one puts right."""
    plan = plan or Plan()
    return Issue(
        DAILY,
        f"{long_day(facts.day)}舆情简报{_corrected(corrects)}",
        facts.day,
        facts.number,
        facts.total_number,
        facts.office,
        facts.signer,
        facts.made_at,
        facts.end,
        facts.head_hash,
        tuple(_numbered(_planned(_sections(facts), plan))),
        tuple((mask_personal(fact.topic.name), fact.hours) for fact in facts.topics[:TOP_ITEMS]),
    )


def compose_flash(facts: FlashFacts, corrects: int | None = None) -> Issue:
    """舆情快报: one concern on one page."""
    sections = [_matter(facts), _spread(facts), _handling(facts), _next_steps(facts)]
    for section in sections:
        _mask(section)
    return Issue(
        FLASH,
        f"关于{mask_personal(facts.case.concern.title)}的快报{_corrected(corrects)}",
        facts.day,
        facts.number,
        facts.total_number,
        facts.office,
        facts.signer,
        facts.made_at,
        facts.made_at,
        facts.head_hash,
        tuple(sections),
        (),
    )


def _corrected(number: int | None) -> str:
    return f"（更正第{number}期）" if number is not None else ""


def _planned(sections: list[Section], plan: Plan) -> list[Section]:
    """The sections that are wanted, the officer's own words in 研判与建议."""
    for section in sections:
        if section.heading == ADVICE and plan.advice.strip():
            lines = [line.strip() for line in plan.advice.splitlines() if line.strip()]
            section.paragraphs = [("", mask_personal(line), "") for line in lines]
    return [section for section in sections if section.heading not in plan.omitted]


def _numbered(sections: list[Section]) -> list[Section]:
    """Headings numbered anew where some were left out."""
    for i, section in enumerate(sections):
        section.heading = f"{'一二三四五六七八九'[i]}、{section.heading}"
    return sections


def _matter(facts: FlashFacts) -> Section:
    concern, topic = facts.case.concern, facts.topic.topic
    section = Section("一、基本情况")
    for text, source, _ in facts.topic.sentences[:FLASH_SENTENCES]:
        section.paragraphs.append(
            ("", text if text.endswith(("。", "！", "？")) else text + "。", f"（来源：{source}）")
        )
    grade = f"{'' if concern.judgement else '建议'}{concern.grade.label}"
    where = f"涉及{'、'.join(topic.places)}。" if topic.places else ""
    section.paragraphs.append(
        ("", f"首发 {topic.first_source} {exact(concern.first_report_at)}，{where}等级：{grade}。", "")
    )
    return section


def _spread(facts: FlashFacts) -> Section:
    topic = facts.topic.topic
    heat = f"{topic.heat.value:.0f}，{HEAT_WORDS[topic.heat.trend]}" if topic.heat.enough else "样本不足"
    text = f"截至 {exact(facts.made_at)}，共 {topic.articles} 篇，{topic.sources} 家，其中转载 {topic.carriers} 篇；热度 {heat}。"
    return Section("二、传播情况", [("", text, "")])


def _handling(facts: FlashFacts) -> Section:
    clocks = [d for d in facts.case.deadlines if d.code != REPEATING or d.met_at is None]
    told = [
        f"{d.name}{d.state(facts.made_at).label}（{exact(d.met_at)[5:] if d.met_at else f'{exact(d.due_at)[5:]} 到期'}）"
        for d in clocks
    ]
    section = Section("三、处置进展", [("", "；".join(told) + "。", "")] if told else [])
    for response in facts.case.responses[-1:]:
        said = f"最近一次：{exact(response.published_at)[5:]} 通过{response.channel.label}发布《{response.title}》。"
        section.paragraphs.append(("", said, ""))
    if not section.paragraphs:
        section.paragraphs.append(("", f"现在是“{facts.case.concern.state.label}”，还没有计时和回应。", ""))
    return section


def _next_steps(facts: FlashFacts) -> Section:
    waiting = [d for d in facts.case.deadlines if d.met_at is None and not d.withdrawn]
    lines = [f"{d.name}不晚于 {exact(d.due_at)}。" for d in waiting]
    if facts.case.concern.state is ConcernState.FLAGGED:
        lines.append("建议尽快研判，确定等级、责任单位和计时起点。")
    return Section("四、下一步", [("", line, "") for line in lines] or [("", NOTHING, "")])


def frozen(issue: Issue) -> dict[str, Any]:
    """An issue as it is kept when it is final; `thawed` gives the very same back."""
    return {
        **asdict(issue),
        "day": issue.day.isoformat(),
        "made_at": issue.made_at.isoformat(),
        "end": issue.end.isoformat(),
    }


def thawed(kept: dict[str, Any]) -> Issue:
    """The issue that was kept."""
    sections = tuple(
        Section(s["heading"], [(a, b, c) for a, b, c in s["paragraphs"]], _grid(s["grid"])) for s in kept["sections"]
    )
    times = {name: datetime.fromisoformat(kept[name]) for name in ("made_at", "end")}
    curves = tuple((name, tuple(hours)) for name, hours in kept["curves"])
    day = date.fromisoformat(kept["day"])
    return Issue(**{**kept, **times, "day": day, "sections": sections, "curves": curves})


def _grid(kept: dict[str, Any] | None) -> Grid | None:
    if kept is None:
        return None
    return Grid(tuple(kept["headings"]), tuple(tuple(row) for row in kept["rows"]), tuple(kept["widths"]))


def _sections(facts: Facts) -> list[Section]:
    """The seven sections of domain.md section 8, in their order; an empty one says 无."""
    sections = [
        _news(facts),
        _hot(facts),
        _concerns(facts),
        _events(facts),
        _responses(facts),
        _advice(facts),
        _data(facts),
    ]
    for section in sections:
        if not section.paragraphs and section.grid is None:
            section.paragraphs.append(("", NOTHING, ""))
        _mask(section)
    return sections


def _mask(section: Section) -> None:
    """Personal data leaves the office masked (domain.md section 10)."""
    section.paragraphs = [
        (mask_personal(lead), mask_personal(text), source) for lead, text, source in section.paragraphs
    ]
    if section.grid:
        rows = tuple(tuple(mask_personal(cell) for cell in row) for row in section.grid.rows)
        section.grid = replace(section.grid, rows=rows)


def _news(facts: Facts) -> Section:
    section = Section("今日要情")
    for fact in facts.topics[:TOP_ITEMS]:
        said, used = "", []
        for text, source, _ in fact.sentences:
            if said and len(said) + len(text) > LEAD_LENGTH:
                break
            said += text if text.endswith(("。", "！", "？")) else text + "。"
            used.append(source)
        sources = "、".join(dict.fromkeys(used))
        section.paragraphs.append((fact.topic.name, said, f"（来源：{sources}）" if sources else ""))
    return section


def _hot(facts: Facts) -> Section:
    rows = tuple(
        (
            str(i),
            fact.topic.name,
            f"{fact.topic.heat.value:.0f}" if fact.topic.heat.enough else "样本不足",
            str(fact.topic.articles),
            str(fact.topic.sources),
            fact.topic.heat.trend,
            fact.topic.area,
        )
        for i, fact in enumerate(facts.topics, 1)
    )
    grid = (
        Grid(("序", "话题", "热度", "篇数", "家数", "趋势", "领域"), rows, (1, 7, 1.6, 1.4, 1.4, 1.4, 3))
        if rows
        else None
    )
    return Section("热点话题", grid=grid)


def _concerns(facts: Facts) -> Section:
    rows = []
    for case in facts.cases:
        if case.concern.state in (ConcernState.DISMISSED, ConcernState.MERGED):
            continue
        nearest = _leading(case)
        grade = case.concern.grade
        suggested = "" if case.concern.judgement else "（建议）"
        unit = case.concern.judgement.unit if case.concern.judgement else ""
        clock = (
            f"{nearest.name} {exact(nearest.due_at)[5:]} {nearest.state(facts.made_at).label}"
            if nearest
            else "未判定，未计时"
        )
        label = grade.label + suggested if grade is not EventGrade.NONE else "非突发事件"
        rows.append((_order(case, facts), (case.concern.title, label, unit or "未定", clock, case.concern.state.label)))
    rows.sort(key=lambda item: item[0])
    grid = Grid(
        ("关切", "突发事件等级", "责任单位", "时限", "状态"), tuple(row for _, row in rows), (5, 2.2, 2.4, 4, 1.8)
    )
    return Section("关切与回应进度", grid=grid if rows else None)


def _leading(case: CaseFact) -> Deadline | None:
    waiting = [deadline for deadline in case.deadlines if deadline.met_at is None and not deadline.withdrawn]
    return min(waiting or case.deadlines, key=lambda deadline: deadline.due_at, default=None)


def _order(case: CaseFact, facts: Facts) -> tuple[int, float]:
    overdue = any(deadline.state(facts.made_at) is DeadlineState.OVERDUE for deadline in case.deadlines)
    due = min((deadline.due_at.timestamp() for deadline in case.deadlines), default=float("inf"))
    return (0 if overdue else 1, due)


def _events(facts: Facts) -> Section:
    section = Section("重大事件专题")
    for name, touched in facts.events:
        if touched:
            told = "；".join(
                f"{f.topic.name}（{f.topic.articles}篇，热度{f.topic.heat.value:.0f}）" for f in touched[:3]
            )
            section.paragraphs.append((name, f"窗口期内相关话题 {len(touched)} 个：{told}。", ""))
        else:
            section.paragraphs.append((name, "窗口期内暂无相关话题。", ""))
    return section


def _responses(facts: Facts) -> Section:
    section = Section("回应发布与成效")
    for case in facts.cases:
        for response in case.responses:
            if facts.start <= response.published_at < facts.end:
                met = [d for d in case.deadlines if d.met_at == response.published_at]
                kept = "，".join(
                    f"“{d.name}”用时 {(d.met_at - d.start_at).total_seconds() / 3600:.1f} 小时，{d.state(facts.made_at).label}"
                    for d in met
                    if d.met_at
                )
                text = f"{exact(response.published_at)[5:]} 通过{response.channel.label}发布《{response.title}》"
                section.paragraphs.append((case.concern.title, f"{text}{'；' + kept if kept else ''}。", ""))
    return section


def _advice(facts: Facts) -> Section:
    """Points that the facts themselves propose; the officer edits or drops them."""
    section = Section(ADVICE)
    overdue = [c.concern.title for c in facts.cases if _order(c, facts)[0] == 0]
    waiting = [c.concern.title for c in facts.cases if c.concern.state is ConcernState.FLAGGED]
    rising = [f.topic.name for f in facts.topics if f.topic.heat.rising > 0 and f.topic.local]
    if overdue:
        section.paragraphs.append(("", f"以下关切已超过回应时限，建议立即回应：{'；'.join(overdue)}。", ""))
    if waiting:
        section.paragraphs.append(("", f"待研判关切 {len(waiting)} 件，建议尽快判定：{'；'.join(waiting[:5])}。", ""))
    if rising:
        section.paragraphs.append(("", f"本地话题热度上升，建议密切关注：{'；'.join(rising[:5])}。", ""))
    return section


def _data(facts: Facts) -> Section:
    silent = "、".join(facts.silent) or NOTHING
    failing = "、".join(facts.failing) or NOTHING
    text = (
        f"本期统计时段为 {exact(facts.start)} 至 {exact(facts.end)}，信源 {facts.sources} 个，信息 {facts.articles} 条，"
        f"其中转载 {facts.carriers} 条。静默信源：{silent}。采集出错信源：{failing}。"
        f"热度为 0—100 的相对值，按当时采到的信息计算，未采到的不在内。"
    )
    return Section("信源与数据说明", [("", text, "")])
