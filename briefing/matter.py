"""The words of 舆情快报 (one concern, one page) and 舆情专报 (概况, 传播情况, 内容分析, 建议, with charts)."""

from __future__ import annotations

from dataclasses import replace

from briefing.charts import curves, tier_bars
from briefing.compose import ended, heat, material
from briefing.facts import MatterFacts
from briefing.issue import Chart, ChartKind, Issue, Paragraph, Picture, Section, Sentence, plain
from domain.briefing import IssueKind
from domain.concern import ConcernState
from domain.response import DeadlineState
from domain.times import exact

FLASH_LENGTH = 70  # characters of the sentence in a 快报, which has one page
TREND = {"↑": "上升", "↓": "下降", "→": "平稳"}
MOST_SOURCES = 8


def flash_material(facts: MatterFacts) -> Issue:
    """舆情快报: what the head of office must know at once."""
    title = f"关于{facts.case.concern.title}的快报"
    return material(IssueKind.FLASH, title, facts.basis, flash_sections(facts), ())


def flash_sections(facts: MatterFacts) -> list[Section]:
    """The four sections of a 快报."""
    first = sorted(facts.topic.sentences, key=lambda one: len(one.text) > FLASH_LENGTH)[:1]
    matter = [
        Paragraph((Sentence(ended(one.text), (one.article_id,)),), "", f"（来源：{one.source}）") for one in first
    ]
    handling = _kept_clocks(facts) + _last_response(facts)
    return [
        Section("基本情况", [*matter, plain(_first_report(facts))]),
        Section("传播情况", [plain(_spread(facts))]),
        Section("处置进展", handling or [plain(f"现在是“{facts.case.concern.state.label}”，还没有计时和回应。")]),
        Section("下一步", _next_steps(facts)),
    ]


def special_material(facts: MatterFacts) -> Issue:
    """舆情专报: the whole matter, with charts."""
    title = f"关于{facts.case.concern.title}的舆情专报"
    return material(IssueKind.SPECIAL, title, facts.basis, special_sections(facts), _pictures(facts))


def special_sections(facts: MatterFacts) -> list[Section]:
    """The four sections of a 专报; docs/domain.md section 8."""
    sentences = tuple(Sentence(ended(one.text), (one.article_id,)) for one in facts.topic.sentences)
    sources = "、".join(dict.fromkeys(one.source for one in facts.topic.sentences))
    overview = [Paragraph(sentences, "", f"（来源：{sources}）")] if sentences else []
    spread = [plain(_spread(facts))]
    if facts.by_source:
        most = "、".join(f"{name}（{n}）" for name, n in facts.by_source[:MOST_SOURCES])
        spread.append(plain(f"报道较多的有：{most}。"))
    return [
        Section("概况", [*overview, plain(_first_report(facts)), *_clocks(facts), *_responses(facts)]),
        Section("传播情况", spread),
        Section("内容分析", _content(facts)),
        Section("建议", _advice(facts)),
    ]


def _first_report(facts: MatterFacts) -> str:
    concern, topic = facts.case.concern, facts.topic.topic
    grade = f"{'' if concern.judgement else '建议'}{concern.grade.label}"
    where = f"涉及{'、'.join(topic.places)}。" if topic.places else ""
    return f"首发 {topic.first_source} {exact(concern.first_report_at)}，{where}等级：{grade}。"


def _spread(facts: MatterFacts) -> str:
    topic = facts.topic.topic
    trend = f"{heat(topic)}，{TREND[topic.heat.trend]}" if topic.heat.enough else heat(topic)
    return (
        f"截至 {exact(facts.basis.made_at)}，共 {topic.articles} 篇，{topic.sources} 家，"
        f"其中转载 {topic.near_duplicates} 篇；热度 {trend}。"
    )


def _clocks(facts: MatterFacts) -> list[Paragraph]:
    shown = [
        d for d in facts.case.deadlines if (not d.repeats or d.met_at is None) and not d.replaced
    ]  # what was met again and again is not told again
    clauses = [
        f"{d.name}{d.state(facts.basis.made_at).label}（{exact(d.met_at)[5:] if d.met_at else f'{exact(d.due_at)[5:]} 到期'}）"
        for d in shown
    ]
    return [plain("；".join(clauses) + "。")] if clauses else []


def _kept_clocks(facts: MatterFacts) -> list[Paragraph]:
    """What was met in time or late, names together; what still waits is the next step."""
    by_state: dict[str, list[str]] = {}
    for d in facts.case.deadlines:
        if d.met_at is not None:
            by_state.setdefault(d.state(facts.basis.made_at).label, []).append(d.name)
    clauses = [f"{'、'.join(dict.fromkeys(names))}{state}" for state, names in by_state.items()]
    return [plain("，".join(clauses) + "。")] if clauses else []


def _last_response(facts: MatterFacts) -> list[Paragraph]:
    return [
        plain(f"最近一次：{exact(r.published_at)[5:]} 通过{r.channel.label}发布{r.kind.label}。")
        for r in facts.case.responses[-1:]
    ]


def _responses(facts: MatterFacts) -> list[Paragraph]:
    said = [f"{exact(r.published_at)[5:]} 通过{r.channel.label}发布《{r.title}》" for r in facts.case.responses]
    asked = [
        f"{unit.unit}{'已答复' if unit.answered_at else '尚未答复'}（{exact(unit.asked_at)[5:]} 商请：{unit.asked}）"
        for unit in facts.coordination
    ]
    answered = [Paragraph((Sentence("；".join(said) + "。"),), "已作回应")] if said else [plain("尚未发布回应。")]
    return [*answered, Paragraph((Sentence("；".join(asked) + "。"),), "部门协同")] if asked else answered


def _content(facts: MatterFacts) -> list[Paragraph]:
    topic, paragraphs = facts.topic.topic, []
    if topic.keywords:
        paragraphs.append(plain(f"报道的关键词是{'、'.join(topic.keywords)}。"))
    for reason in facts.case.concern.reasons:
        evidence = tuple(Sentence(ended(e.sentence), (e.article_id,)) for e in reason.evidence[:2])
        paragraphs.append(Paragraph((Sentence(ended(reason.words)), *evidence), reason.code.label))
    if facts.open_questions:
        paragraphs.append(plain(f"发布回应以后，报道里仍在问：{'、'.join(facts.open_questions)}。"))
    paragraphs += [plain(look) for look in facts.looks]
    return paragraphs


def _advice(facts: MatterFacts) -> list[Paragraph]:
    paragraphs = _next_steps(facts)
    if facts.open_questions:
        paragraphs.append(plain(f"建议就{'、'.join(facts.open_questions)}补充回应。"))
    silent = [unit.unit for unit in facts.coordination if unit.answered_at is None]
    if silent:
        paragraphs.append(plain(f"建议催办：{'、'.join(silent)}尚未答复。"))
    return paragraphs


def _next_steps(facts: MatterFacts) -> list[Paragraph]:
    now, lines = facts.basis.made_at, []
    late = [d.name for d in facts.case.deadlines if d.state(now) is DeadlineState.OVERDUE]
    if late:
        lines.append(plain(f"{'、'.join(late)}已超时，建议立即办理。"))
    running = [d for d in facts.case.deadlines if d.state(now) is DeadlineState.RUNNING]
    lines += [plain(f"{d.name}不晚于 {exact(d.due_at)}。") for d in running]
    if facts.case.concern.state is ConcernState.FLAGGED:
        lines.append(plain("建议尽快研判，确定等级、责任单位和计时起点。"))
    return lines


def _pictures(facts: MatterFacts) -> list[Picture]:
    responses = [(r.title, r.published_at) for r in facts.case.responses]
    named = replace(facts.topic, topic=replace(facts.topic.topic, name=facts.case.concern.title))
    curve = curves("图1　近七日报道量与本单位回应（每 6 小时，含转载）", [named], facts.basis.made_at, responses)
    pictures = [curve] if curve else []
    bars = [tier_bars(facts.by_tier)]
    if facts.by_source:
        most = facts.by_source[:MOST_SOURCES]
        names, counts = tuple(name for name, _ in most), tuple(n for _, n in most)
        bars.append(Chart(ChartKind.BARS, "报道较多的信源（篇）", (("", counts),), names))
    charts = tuple(chart for chart in bars if chart)
    return [*pictures, Picture("图2　报道的来源", charts)] if charts else pictures
