"""From sections to an issue: what the officer planned, personal data masked, headings numbered, sources listed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from briefing.facts import Basis, CaseFact, Intake, TopicFact
from briefing.issue import Cited, Grid, Head, Issue, Paragraph, Picture, Section, Sentence, plain
from domain.briefing import IssueKind, Plan
from domain.personal import mask_personal
from domain.response import Deadline, DeadlineState
from domain.times import exact
from domain.topic import Topic

NOTHING = "无"
ADVICE = "研判与建议"
SOURCES = "来源一览"
LEAD_LENGTH = 110  # characters of one item of news, so that five come to about 500
FEW_TOPICS = 5  # topics that a table lists though there is too little to judge them
NUMERALS = "一二三四五六七八九十"
_ENDS = ("。", "！", "？")


def missed(plan: Plan, sections: Iterable[Section]) -> list[str]:
    """The edited sentences that the facts no longer tell, so that the edit was not used."""
    sentences = {s.text for section in sections for p in section.paragraphs for s in p.sentences}
    return [text for text in plan.edits if text not in sentences]


def item_key(section: Section, paragraph: Paragraph) -> str:
    """What a plan knows an item by."""
    return f"{section.heading}/{paragraph.key}"


def material(
    kind: IssueKind, title: str, basis: Basis, sections: Sequence[Section], pictures: Iterable[Picture]
) -> Issue:
    """What an issue is made of, as the facts tell it and before anything is planned: all sections, all that may be cited."""
    head = Head(
        kind,
        mask_personal(title) + (f"（更正第{basis.corrects}期）" if basis.corrects is not None else ""),
        basis.day,
        basis.number,
        basis.total_number,
        basis.office,
        basis.signer,
        basis.made_at,
        basis.head_hash,
    )
    return Issue(head, tuple(sections), tuple(pictures), tuple(basis.cited.values()), basis.grounds)


def planned(made_of: Issue, plan: Plan, cited_too: Mapping[int, Cited] | None = None) -> Issue:
    """The issue that a material makes under a plan; `cited_too` are the articles that items by hand rest on."""
    kind, known = made_of.head.kind, {one.id: one for one in made_of.cited} | dict(cited_too or {})
    chosen = [_masked(section) for section in arranged(made_of.sections, plan) if section.heading not in plan.omitted]
    for section in chosen:
        if not section.paragraphs and section.grid is None:
            section.paragraphs.append(plain(NOTHING))
    cited = _cited(chosen, known) if kind is not IssueKind.FLASH else ()  # one page has no room for a table
    for i, section in enumerate(chosen):
        section.heading = f"{NUMERALS[i]}、{section.heading}"
    if cited:
        chosen.append(Section(f"附：{SOURCES}", grid=_sources(cited)))
    grounds = tuple(replace(g, name=mask_personal(g.name)) for g in made_of.grounds)
    return Issue(made_of.head, tuple(chosen), made_of.pictures, cited, grounds)


def _added(sections: Sequence[Section], plan: Plan) -> list[Section]:
    """The sections with the items by hand at their end; in the first, where theirs is not there."""
    headings = [section.heading for section in sections]
    made = [Section(section.heading, list(section.paragraphs), section.grid) for section in sections]
    for item in plan.added:
        sentence = Sentence(ended(item.text), item.articles, edited=not item.articles)
        at = headings.index(item.heading) if item.heading in headings else 0
        why = "从信息或话题加入" if item.articles else "手工加入"
        if made:
            made[at].paragraphs.append(Paragraph((sentence,), item.lead, item.sources, why))
    return made


def arranged(sections: Sequence[Section], plan: Plan) -> list[Section]:
    """All the sections in the planned order, dropped items gone, sentences in the officer's words."""
    sections = _added(sections, plan)
    place = {heading: i for i, heading in enumerate(plan.order)}
    own = sorted(range(len(sections)), key=lambda i: (place.get(sections[i].heading, i), i))
    return [_edited(sections[i], plan) for i in own]


def in_order(section: Section, plan: Plan) -> list[Paragraph]:
    """The items of a section in the planned order, the dropped ones too."""
    place = {key: i for i, key in enumerate(plan.items)}
    return sorted(section.paragraphs, key=lambda p: place.get(item_key(section, p), len(place)))


def _edited(section: Section, plan: Plan) -> Section:
    if section.heading == ADVICE and plan.advice.strip():
        lines = [line.strip() for line in plan.advice.splitlines() if line.strip()]
        return Section(section.heading, [plain(line) for line in lines], section.grid)
    kept = []
    for paragraph in in_order(section, plan):
        if item_key(section, paragraph) in plan.dropped:
            continue
        sentences = tuple(_in_own_words(s, plan.edits) for s in paragraph.sentences)
        sentences = tuple(s for s in sentences if s.text)
        if sentences:
            kept.append(replace(paragraph, sentences=sentences))
    return Section(section.heading, kept, section.grid)


def _in_own_words(sentence: Sentence, edits: dict[str, str]) -> Sentence:
    if sentence.text not in edits:
        return sentence
    return replace(sentence, text=ended(edits[sentence.text]), edited=True)


def _masked(section: Section) -> Section:
    """Personal data leaves the office masked (docs/domain.md section 10)."""
    paragraphs = [
        replace(
            p,
            lead=mask_personal(p.lead),
            sentences=tuple(replace(s, text=mask_personal(s.text)) for s in p.sentences),
        )
        for p in section.paragraphs
    ]
    grid = section.grid
    if grid:
        grid = replace(grid, rows=tuple(tuple(mask_personal(cell) for cell in row) for row in grid.rows))
    return Section(section.heading, paragraphs, grid)


def _cited(sections: Iterable[Section], known: dict[int, Cited]) -> tuple[Cited, ...]:
    """The articles that the text rests on, in the order in which it comes to them."""
    ids = dict.fromkeys(id for section in sections for p in section.paragraphs for s in p.sentences for id in s.notes)
    return tuple(replace(known[id], title=mask_personal(known[id].title)) for id in ids if id in known)


def _sources(cited: Sequence[Cited]) -> Grid:
    rows = tuple((str(i), one.source, exact(one.published_at)[5:], one.title) for i, one in enumerate(cited, 1))
    return Grid(("号", "来源", "时间", "标题"), rows, (0.8, 3, 2, 7))


# What more than one kind says.


def ended(text: str) -> str:
    """A sentence with its full stop; empty stays empty."""
    text = text.strip()
    return text if not text or text.endswith(_ENDS) else text + "。"


def news(fact: TopicFact, length: int = LEAD_LENGTH) -> Paragraph:
    """A topic as an item of news: whole sentences of about `length` characters, each with its article."""
    sentences: list[Sentence] = []
    used = []
    for one in fact.sentences:
        if sentences and sum(len(s.text) for s in sentences) + len(one.text) > length:
            break
        sentences.append(Sentence(ended(one.text), (one.article_id,)))
        used.append(one.source)
    if not sentences:
        sentences.append(Sentence(f"共 {fact.topic.articles} 篇，{fact.topic.sources} 家。"))
    sources = "、".join(dict.fromkeys(used))
    return Paragraph(tuple(sentences), fact.topic.name, f"（来源：{sources}）" if sources else "", why(fact.topic))


def why(topic: Topic) -> str:
    """Why a topic is among the news, in words."""
    grounds = ["置顶"] if topic.pinned else []
    grounds += ["本地相关"] if topic.local else []
    grounds += [f"涉{'、'.join(topic.events)}"] if topic.events else []
    return "，".join([*grounds, f"热度 {heat(topic)}，{topic.articles} 篇 {topic.sources} 家"])


def heat(topic: Topic) -> str:
    """热度 as a number, or that there is too little to say."""
    return f"{topic.heat.value:.0f}" if topic.heat.enough else "样本不足"


def telling(topics: Sequence[TopicFact]) -> list[TopicFact]:
    """The topics that a table of them lists, by heat: all with enough to judge, and others (样本不足) to fill a few rows."""
    ranked = sorted(topics, key=lambda fact: (not fact.topic.heat.enough, -fact.topic.heat.value))
    return ranked[: max(FEW_TOPICS, sum(fact.topic.heat.enough for fact in ranked))]


def topic_grid(topics: Sequence[TopicFact]) -> Grid | None:
    """热点话题 as a table."""
    rows = tuple(
        (
            str(i),
            fact.topic.name,
            heat(fact.topic),
            str(fact.topic.articles),
            str(fact.topic.sources),
            fact.topic.heat.trend,
            fact.topic.area,
        )
        for i, fact in enumerate(telling(topics), 1)
    )
    headings = ("序", "话题", "热度", "篇数", "家数", "趋势", "领域")
    return Grid(headings, rows, (0.9, 7.6, 2.1, 1.4, 1.4, 1.4, 3.4)) if rows else None


def leading(case: CaseFact) -> Deadline | None:
    """The clock that says how a case stands: the next that waits, else the last that was met."""
    waiting = [deadline for deadline in case.deadlines if deadline.waits]
    return min(waiting or case.deadlines, key=lambda deadline: deadline.due_at, default=None)


def overdue(case: CaseFact, now: datetime) -> bool:
    """Whether any of its clocks has run out unanswered."""
    return any(deadline.state(now) is DeadlineState.OVERDUE for deadline in case.deadlines)


def unanswered(case: CaseFact, now: datetime) -> bool:
    """Whether any of the clocks that a publication meets has run out."""
    return any(d.state(now) is DeadlineState.OVERDUE for d in case.deadlines if not d.of_judging)


def case_grid(cases: Sequence[CaseFact], now: datetime) -> Grid | None:
    """关切与回应进度 as a table, overdue first, then the next due."""
    end = max((d.due_at for case in cases for d in case.deadlines), default=now)

    def order(case: CaseFact) -> tuple[bool, datetime]:
        clock = leading(case)
        return (not overdue(case, now), clock.due_at if clock else end)

    rows = []
    for case in sorted(cases, key=order):
        clock, judged = leading(case), case.concern.judgement
        due = f"{clock.name} {exact(clock.due_at)[5:]} {clock.state(now).label}" if clock else "未判定，未计时"
        grade = case.concern.grade.label + ("" if judged or not case.concern.grade.rank < 4 else "（建议）")
        unit = judged.unit if judged else ""
        rows.append((case.concern.title, grade, unit or "未定", due, case.concern.state.label))
    headings = ("关切", "等级", "责任单位", "时限", "状态")
    return Grid(headings, tuple(rows), (5.6, 2.1, 2.1, 4.9, 1.4)) if rows else None


def intake_words(intake: Intake) -> tuple[str, ...]:
    """What came in over a period, as sentences."""
    return (
        f"本期统计时段为 {exact(intake.start)} 至 {exact(intake.end)}，信源 {intake.sources} 个，"
        f"信息 {intake.articles} 条，其中转载 {intake.near_duplicates} 条。",
    )


NOTE = "热度为 0—100 的相对值，只按采到的信息计算；〔数字〕为来源一览的序号，标〔编〕的句子是编辑改的。"
