"""Gathering the facts of a briefing: one read of the store, from which every figure of an issue comes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from analysis.summary import SummaryInput, summarise, usable_of
from briefing.compose import ended
from briefing.daily import NEWS
from briefing.facts import (
    Basis,
    CaseFact,
    CitedSentence,
    DailyFacts,
    Intake,
    MatterFacts,
    PeriodFacts,
    TopicFact,
)
from briefing.issue import Cited, Ground, ranges
from desk.cases.reading import followups
from desk.collecting.sourcework import list_sources
from desk.office.particulars import office
from desk.registers.reading import figures as register_figures
from desk.reporting.ledger import figures, rule_timeliness
from desk.reporting.registerfacts import daily_notes, figure_grounds, figure_rows
from desk.topics.folding import LATELY, MOST_READ, Matter, concerns_of, matters_in
from domain.article import SourceState, StoredArticle
from domain.briefing import AddedItem, IssueKind, period
from domain.concern import Concern, ConcernState, EventGrade
from domain.errors import InputError, NotFoundError
from domain.response import Deadline, Response, answers
from domain.times import HOUR, china_day, day_bounds, floor_hour
from domain.topic import Topic
from response.followup import LookBack
from response.statistics import Group, Measure, compared
from store import articles, cases, record, topics
from store.articles import Came
from store.database import Connection, Database

MOST_TOPICS = 10
MOST_SUMMED = 40  # newest texts of a topic that what it tells of a period rests on
LOCAL_FIRST = 25  # points of heat by which a local topic stands higher: the briefing is this office's
OPEN_QUESTIONS = 5
MOST_ADDED = 2  # sentences of a report that is put into a briefing by hand
MOST_TOLD = 3  # sentences that tell a matter


def daily_facts(
    database: Database, day: date, now: datetime, numbers: tuple[int, int], corrects: int | None = None
) -> DailyFacts:
    """The facts of a day up to `now`. Raises InputError when nothing was collected that day."""
    start, end = day_bounds(day)
    end = min(end, now)
    if end <= start:
        raise InputError(f"{day} 还没有到，不能出简报。")
    own = office(database).places
    with database.read() as connection:
        came = articles.intake(connection, start, end)
        if not came:
            raise InputError(f"{day} 没有采到任何信息，不能出简报。请先采集，或换一个日期（--date）。")
        topic_facts = _topics(connection, start, end, MOST_TOPICS * 2, own)
        known = [case for case in _cases(connection) if case.concern.found_at < end]
        events = tuple(
            (event.name, tuple(f for f in topic_facts if event.name in f.topic.events))
            for event in topics.events(connection)
            if event.active(day)
        )
        shown = _matters(connection, topic_facts, start, end, now)
        quoted_from = cited(connection, [one.article_id for fact in (*topic_facts, *shown) for one in fact.sentences])
        notes, channels, register_grounds = daily_notes(connection, day, now)
        head = record.head(connection).printed
    running = [c for c in known if c.concern.state.running or any(r.published_at >= start for r in c.responses)]
    seen = list_sources(database, now)
    grounds = [*_came_grounds(came, "当天发布"), *_topic_grounds(shown)]
    grounds.append(_cases_ground("关切与回应进度", running, "仍在办理，或当天有回应发布"))
    grounds += register_grounds
    return DailyFacts(
        _basis(database, day, numbers, now, head, quoted_from, grounds, corrects),
        _intake(came, start, end, len(seen)),
        tuple(shown),
        tuple(running),
        events,
        tuple(Counter(fact.topic.area or "未定" for fact in shown).most_common()),
        tuple(v.source.name for v in seen if v.state is SourceState.SILENT),
        tuple(v.source.name for v in seen if v.state is SourceState.FAILING),
        notes,
        channels,
    )


def matter_facts(
    database: Database,
    concern_id: int,
    day: date,
    now: datetime,
    numbers: tuple[int, int],
    corrects: int | None = None,
) -> MatterFacts:
    """The facts of one concern as they stand at `now`, what is said of the office's places first. Raises NotFoundError."""
    own = office(database).places
    with database.read() as connection:
        concern = cases.get(connection, concern_id)
        topic = topics.get(connection, concern.topic_id)
        members = articles.of_topics(connection, [topic.id])[topic.id]
        sentences = _told(connection, topic.id, own)
        evidence = [
            CitedSentence(e.sentence, e.source, e.article_id) for reason in concern.reasons for e in reason.evidence
        ]
        local = [one for one in sentences if any(place in one.text for place in own)]
        # What the topic says of this office's places, else what it was flagged for.
        sentences = tuple(dict.fromkeys([*local, *evidence, *sentences]))[: max(MOST_TOLD, len(local))]
        responses = tuple(cases.responses(connection, concern_id))
        case = CaseFact(concern, tuple(cases.deadlines(connection, concern_id)), responses, topic.area)
        units = tuple(cases.coordinations(connection, concern_id))
        quoted = [e.article_id for reason in concern.reasons for e in reason.evidence]
        quoted_from = cited(connection, [*(one.article_id for one in sentences), *quoted])
        head = record.head(connection).printed
    fact = TopicFact(topic, sentences, hourly(members, now), tuple(item.id for item in members))
    looks = followups(database, concern_id, now) if responses else []
    grounds = _topic_grounds([fact])
    tiers = Counter(item.tier.label for item in members)
    asked = tuple(dict.fromkeys(word for look in looks for word in look.asked))[:OPEN_QUESTIONS]
    return MatterFacts(
        _basis(database, day, numbers, now, head, quoted_from, grounds, corrects),
        fact,
        case,
        units,
        tuple(tiers.most_common()),
        tuple(Counter(item.source for item in members).most_common()),
        tuple(
            _looked(pair)
            for pair in zip(looks[::2], looks[1::2])
            if pair[0].done and _counts(pair[0].response, concern)
        ),
        asked,
    )


def period_facts(
    database: Database, kind: IssueKind, day: date, now: datetime, numbers: tuple[int, int], corrects: int | None = None
) -> PeriodFacts:
    """The facts of the week, month or year of a day, beside the one before. Raises InputError where there is nothing."""
    first, last = period(kind, day)
    old_first, old_last = period(kind, first - timedelta(days=1))
    start, end = day_bounds(first)[0], min(day_bounds(last)[1], now)
    if end <= start:
        raise InputError(f"{first} 还没有到，不能出{kind.label}。")
    own = office(database).places
    with database.read() as connection:
        came = articles.intake(connection, start, end)
        old = articles.intake(connection, day_bounds(old_first)[0], day_bounds(old_last)[1])
        topic_facts = []
        if kind is not IssueKind.ANNUAL:
            topic_facts = _matters(connection, _topics(connection, start, end, MOST_TOPICS, own), start, end, now)
        known = [case for case in _cases(connection) if start <= case.concern.found_at < end]
        events = tuple(
            event.name
            for event in topics.events(connection)
            if any(event.active(first + timedelta(days=i)) for i in range((last - first).days + 1))
        )
        quoted_from = cited(connection, [one.article_id for fact in topic_facts for one in fact.sentences])
        head = record.head(connection).printed
    kept = register_figures(database, first, last, now) if kind is IssueKind.ANNUAL else []
    if not came and not known and not kept:
        raise InputError(f"{first} 至 {last} 没有信息，也没有关切，不能出{kind.label}。请换一个日期。")
    this, before = figures(database, first, last, now), figures(database, old_first, old_last, now)
    counted = [f for f in compared(this, before) if f.measure is Measure.COUNT]
    if kind is not IssueKind.ANNUAL:
        counted = [f for f in counted if f.group is not Group.MONTH]
    grounds = [*_came_grounds(came, "本期发布"), *_topic_grounds(topic_facts)]
    grounds += [
        Ground(f"{f.group.label}·{f.name}", f"{f.value:g}", "本期发现的关切，按此项计", ranges(f.ids))
        for f in counted
        if f.value is not None
    ]
    for rule in this.timeliness:
        ids = ranges([*rule.in_time, *rule.late, *rule.overdue, *rule.entered])
        share = "无到期" if rule.share is None else f"{rule.share:.1%}"
        grounds.append(Ground(f"及时率·{rule.name}", share, rule.how, ids))
    grounds += figure_grounds(kept)
    sources = len(list_sources(database, now))
    return PeriodFacts(
        _basis(database, last, numbers, now, head, quoted_from, grounds, corrects),
        _intake(came, start, end, sources),
        _intake(old, day_bounds(old_first)[0], day_bounds(old_last)[1], sources),
        tuple(topic_facts),
        tuple(known),
        tuple((f.group.label, f.name, int(f.value or 0), int(f.before or 0)) for f in counted),
        tuple(map(rule_timeliness, this.timeliness)),
        tuple((group.label, rule_timeliness(kept)) for group, kept in this.timeliness_of),
        this.median_hours,
        this.ninetieth_hours,
        events,
        figure_rows(kept),
    )


def hourly(members: Sequence[StoredArticle], until: datetime, hours: int = 168) -> tuple[int, ...]:
    """Articles of a topic per hour over the last `hours` before `until` (exclusive), the newest last."""
    last = floor_hour(until - timedelta(microseconds=1))
    counts = [0] * hours
    for item in members:
        back = int((last - floor_hour(item.published_at)) / HOUR)
        if item.published_at < until and back < hours:
            counts[hours - 1 - back] += 1
    return tuple(counts)


def _basis(
    database: Database,
    day: date,
    numbers: tuple[int, int],
    now: datetime,
    head: str,
    cited: dict[int, Cited],
    grounds: Sequence[Ground],
    corrects: int | None,
) -> Basis:
    particulars = office(database)
    return Basis(day, *numbers, now, particulars.name, particulars.signer, head, cited, tuple(grounds), corrects)


def _told(connection: Connection, topic_id: int, own: Sequence[str]) -> tuple[CitedSentence, ...]:
    """The sentences of a topic's summary, those that name the office's own places first."""
    sentences = [CitedSentence(s.text, s.source, s.article_id) for s in topics.summary(connection, topic_id)]
    return _own_first(sentences, own)


def _told_in(
    members: Sequence[StoredArticle], start: datetime, end: datetime, own: Sequence[str]
) -> tuple[CitedSentence, ...]:
    """What a topic's own texts of [start, end) tell: a day's briefing says what is new, not what the topic began with."""
    fresh = [item for item in members if start <= item.published_at < end and item.repeats is None][-MOST_SUMMED:]
    sentences = summarise(
        [SummaryInput(item.id, usable_of(item.text), item.source, item.published_at) for item in fresh]
    )
    return _own_first([CitedSentence(s.text, s.source, s.article_id) for s in sentences], own)


def _own_first(told: Sequence[CitedSentence], own: Sequence[str]) -> tuple[CitedSentence, ...]:
    return tuple(sorted(told, key=lambda one: not any(place in one.text for place in own)))


def _topics(connection: Connection, start: datetime, end: datetime, most: int, own: Sequence[str]) -> list[TopicFact]:
    """The topics with news in [start, end): pinned ones first, then the gravest matters of here, then by heat."""
    listed = [t for t in topics.listing(connection, start, end, 500) if t.last_at >= start]
    matters = concerns_of(connection, [topic.id for topic in listed])
    listed.sort(key=lambda topic: _rank(topic, matters.get(topic.id)))
    members = articles.of_topics(connection, [topic.id for topic in listed[: 3 * most]])
    chosen = [t for t in listed if any(start <= i.published_at < end for i in members.get(t.id, ()))][:most]
    return [
        TopicFact(
            topic,
            _told_in(members[topic.id], start, end, own) or _told(connection, topic.id, own),
            hourly(members[topic.id], end),
            tuple(item.id for item in members[topic.id]),
            matters[topic.id].id if topic.id in matters else None,
            frozenset(item.source for item in members[topic.id]),
        )
        for topic in chosen
    ]


def _rank(topic: Topic, matter: Concern | None) -> tuple[bool, int, float]:
    """Where a topic stands in a briefing: no figure of the province stands above an emergency of here, however hot."""
    grades = list(EventGrade)
    runs = matter is not None and topic.local and matter.state.running
    grave = grades.index(matter.grade if matter and runs else EventGrade.NONE)  # what is no emergency goes by its heat
    return not topic.pinned, grave, -(topic.heat.value + (LOCAL_FIRST if topic.local else 0))


def _matters(
    connection: Connection, found: Sequence[TopicFact], start: datetime, end: datetime, now: datetime
) -> list[TopicFact]:
    """One of each matter, in order, as 总览 counts and names it: what its topics tell together, told by the concern's own
    topic where that has news.
    """
    folded = matters_in(connection, min(start, now - LATELY), MOST_READ, now=now)
    matter_of = {topic.id: matter for matter in folded for topic in matter.topics}
    together: dict[int, list[TopicFact]] = {}
    for fact in found:
        matter = matter_of.get(fact.topic.id)
        together.setdefault(matter.lead.id if matter else fact.topic.id, []).append(fact)
    chosen = list(together.values())[:MOST_TOPICS]
    known = [matter_of.get(some[0].topic.id) for some in chosen]
    ids = [topic.id for matter in known if matter for topic in matter.topics]
    members = articles.of_topics(connection, ids)
    return [some[0] if m is None else _one(m, some, members, end) for m, some in zip(known, chosen)]


def _one(
    matter: Matter, some: Sequence[TopicFact], members: Mapping[int, Sequence[StoredArticle]], end: datetime
) -> TopicFact:
    """What the topics of a matter tell, as one; `some`, those with news, are in order."""
    own = next((fact for fact in some if fact.topic.id == matter.lead.id), some[0])
    first = some[0].topic
    topic = replace(first, name=matter.name, articles=matter.articles, sources=matter.sources, heat=matter.heat)
    told = [item for each in matter.topics for item in members.get(each.id, ())]
    ids = tuple(sorted(item.id for item in told))
    sources = frozenset(item.source for item in told)
    concern = matter.concern.id if matter.concern else some[0].matter
    return TopicFact(topic, own.sentences or some[0].sentences, hourly(told, end), ids, concern, sources)


def _cases(connection: Connection) -> list[CaseFact]:
    """All concerns with their clocks and responses."""
    clocks: dict[int, list[Deadline]] = {}
    for deadline in cases.deadlines(connection):
        clocks.setdefault(deadline.concern_id, []).append(deadline)
    said: dict[int, list[Response]] = {}
    for response in cases.responses(connection):
        said.setdefault(response.concern_id, []).append(response)
    known = [c for c in cases.listing(connection) if c.state is not ConcernState.MERGED]
    areas = topics.areas(connection, [c.topic_id for c in known])
    return [
        CaseFact(c, tuple(clocks.get(c.id, ())), tuple(said.get(c.id, ())), areas.get(c.topic_id, "")) for c in known
    ]


def added_item(connection: Connection, article_id: int) -> AddedItem:
    """A report as an item of 今日要情: its title and its first sentences. Raises NotFoundError."""
    found = articles.by_ids(connection, [article_id])
    if not found:
        raise NotFoundError("这条信息已经不在了。")
    (item,) = found
    told = summarise([SummaryInput(item.id, usable_of(item.text), item.source, item.published_at)])
    text = "".join(ended(one.text) for one in told[:MOST_ADDED]) or ended(item.title)
    return AddedItem(NEWS, item.title, text, (item.id,), f"（来源：{item.source}）")


def added_topic(connection: Connection, topic_id: int) -> AddedItem:
    """A topic as an item of 今日要情, told by its summary. Raises NotFoundError."""
    topic = topics.get(connection, topic_id)
    told = topics.summary(connection, topic.id)[:MOST_ADDED]
    text = "".join(ended(one.text) for one in told) or f"共 {topic.articles} 篇，{topic.sources} 家。"
    sources = "、".join(dict.fromkeys(one.source for one in told))
    ids = tuple(dict.fromkeys(one.article_id for one in told))
    return AddedItem(NEWS, topic.name, text, ids, f"（来源：{sources}）" if sources else "")


def cited(connection: Connection, ids: Iterable[int]) -> dict[int, Cited]:
    """The articles as they are cited, by id."""
    chosen = articles.by_ids(connection, list(dict.fromkeys(ids)))
    return {item.id: Cited(item.id, item.source, item.published_at, item.title, item.url) for item in chosen}


def _intake(came: Sequence[Came], start: datetime, end: datetime, sources: int) -> Intake:
    tiers = Counter(item.tier.label for item in came)
    days = Counter(china_day(item.published_at) for item in came)
    all_days = [
        china_day(start) + timedelta(days=i) for i in range((china_day(end - HOUR) - china_day(start)).days + 1)
    ]
    by_day = tuple((day, days[day]) for day in all_days)
    return Intake(
        start, end, len(came), sum(item.near_duplicate for item in came), sources, tuple(tiers.most_common()), by_day
    )


def _counts(response: Response, concern: Concern) -> bool:
    """Whether it is a response, not one of the 动态 that follow it."""
    return answers(response.kind, concern.disposition)


def _looked(pair: tuple[LookBack, LookBack]) -> str:
    """成效回看 of one response, at 24 and at 48 hours, in one sentence."""
    first, second = pair
    later = f"，48 小时内 {second.after} 篇" if second.done else ""
    return f"《{first.response.title}》发布前一日有报道 {first.before} 篇，发布后 24 小时内 {first.after} 篇{later}。"


def _came_grounds(came: Sequence[Came], when: str) -> list[Ground]:
    carried = [item.id for item in came if item.near_duplicate]
    return [
        Ground("信息（条）", str(len(came)), f"{when}的信息，按信息编号", ranges(item.id for item in came)),
        Ground("转载（条）", str(len(carried)), "其中与更早一条文字几乎相同的", ranges(carried)),
    ]


def _topic_grounds(found: Sequence[TopicFact]) -> list[Ground]:
    return [
        Ground(
            f"{f.topic.name}·篇数", str(f.topic.articles), f"话题 {f.topic.id} 的信息，按信息编号", ranges(f.articles)
        )
        for f in found
    ]


def _cases_ground(name: str, shown: Sequence[CaseFact], how: str) -> Ground:
    return Ground(f"{name}（件）", str(len(shown)), how, ranges(case.concern.id for case in shown))
