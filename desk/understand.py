"""Understanding what came in: topics, heat, names, areas, places, concerns. The only writer of topics."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Connection

from analysis.areas import area_of
from analysis.brief import briefs_of
from analysis.bursts import bursts
from analysis.concerns import Lexicon, Standing, Text, suggest, with_own
from analysis.core import CONTINUED
from analysis.heat import CARRIER_COUNTS, Attention, heat_at
from analysis.labels import Headline, keywords_of, name_of
from analysis.places import places_of, regions_of
from analysis.segment import in_helpers, index_words, kept_words
from analysis.summary import Told, summarise
from analysis.terms import TEXT_LIMIT, terms_of_words
from analysis.topics import Document, Move, TopicWindow
from desk.office import Office, office, own_words
from domain.article import Article
from domain.concern import Concern, ConcernState, EventGrade, Reason, ReasonCode, Suggestion
from domain.event import MajorEvent
from domain.personal import has_personal
from domain.times import HOUR, china_day, floor_hour
from domain.topic import ChangeKind, Topic, TopicChange
from response.lifecycle import Step
from response.lifecycle import after as course
from store import articles, cases, record, topics
from store.articles import Segmented, Stored
from store.database import Database

REFRESHED = timedelta(days=3)  # topics with news in this time get their heat anew each round
HEAT_WINDOW = timedelta(days=15)
LOOKED_AT = 40  # newest texts of a topic that name, summary and flags rest on
PERSONAL_LIMIT = 20_000  # characters looked through for personal data
SAME_EVENT = 0.4  # share of a clause of the evidence that a concern's topic is about
ONE_MATTER = 0.33  # kinship from which two topics are one matter for the office
KINDRED = 0.15  # kinship from which two reports of one kind of emergency on one day are one event
INCIDENTS = re.compile(
    "爆炸|爆燃|火灾|起火|坍塌|垮塌|透水|泄漏|地震|洪水|内涝|滑坡|泥石流|车祸|追尾|侧翻|沉船|坠机|踩踏|中毒|疫情|肺炎|停电|爆裂"
)
EVERYDAY = frozenset({"火灾", "起火", "车祸", "追尾", "侧翻", "停电"})  # of which a city may have two in a morning
AT_ONCE = timedelta(hours=6)
TOUCHED_BY_EVENT = 1 / 3  # share of a topic's texts that must touch a major event
MANY = 2000  # articles from which starting helper processes pays
COLLECTOR = "采集程序"
COMES_BACK = {ConcernState.DISMISSED: Step.FLAG_AGAIN, ConcernState.CLOSED: Step.RESUME}  # when reports grow graver

Given = TypeVar("Given")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class _Setting:
    """What a look at the topics rests on, beside their articles."""

    now: datetime
    intake: Mapping[datetime, float]
    events: Sequence[MajorEvent]
    office: Office
    lexicon: Lexicon


@dataclass(frozen=True, slots=True)
class _Told:
    """What a topic's texts say, whatever the hour; `here`: which of them are about the office's own places."""

    name: str
    keywords: tuple[str, ...]
    area: str
    area_ground: str
    places: tuple[str, ...]
    local: bool
    here: tuple[bool, ...]
    summary: list[dict[str, object]]


class Understanding:
    """The active topics in memory, rebuilt from the store at start; each update brings the store up to date."""

    def __init__(self, database: Database, now: datetime) -> None:
        self._database = database
        with database.read() as connection:
            self._window = TopicWindow(topics.next_id(connection))
            known = articles.placed_since(connection, now - CONTINUED)
            self._followed = {c.id: c.undone for c in topics.changes(connection, since=now - CONTINUED)}
        self._told: dict[int, tuple[tuple[object, ...], _Told]] = {}
        self._window.restore((document, i.topic_id or 0, i.repeats) for i, document in zip(known, _documents(known)))

    def update(self, now: datetime) -> tuple[int, list[int]]:
        """Place what has no topic yet, repair, refresh the active topics, flag. (topics touched, new concerns)"""
        self._window.forget(now)
        with self._database.read() as connection:
            waiting = articles.unplaced(connection)
            active = topics.active_ids(connection, now - REFRESHED)
            changes = topics.changes(connection, since=now - CONTINUED)
            worked_on = cases.worked_on(connection)
            setting = _Setting(
                now,
                _hours(articles.times(connection, now - HEAT_WINDOW, now + timedelta(hours=1))),
                [event for event in topics.events(connection) if event.active(china_day(now))],
                office(self._database),
                with_own(own_words(self._database)),
            )
        decided = self._follow(changes)
        placed = self._window.place(_documents(waiting))
        self._window.keep(worked_on)
        moves = self._window.repair()
        touched = {*active, *decided, *(p.topic_id for p in placed), *(m.after for m in moves)}
        with self._database.write() as connection:
            articles.place(connection, [(p.article_id, p.topic_id, p.repeats) for p in placed])
            for move in moves:
                articles.move(connection, [move.article_id], move.after)
            flagged = self._refresh(connection, sorted(touched | {m.before for m in moves}), setting)
            self._trace(connection, moves, now)
        self._told = {id: told for id, told in self._told.items() if id in touched}
        return len(touched), flagged

    def _follow(self, changes: Sequence[TopicChange]) -> set[int]:
        """Take over what people decided, or took back, since the last look; the topics it concerns."""
        concerned = set[int]()
        for change in changes:
            if self._followed.get(change.id) == change.undone:
                continue
            never_followed = change.id not in self._followed
            self._followed[change.id] = change.undone
            if change.who == COLLECTOR or (never_followed and change.undone):
                continue
            concerned |= {change.before, change.after}
            to = change.before if change.undone else change.after
            for fixed in (True, False):
                # What was taken back is held where it was only if a person had put it there before.
                ids = [id for id, was in change.moved if (was if change.undone else True) is fixed]
                self._window.move(ids, to, fixed)
        return concerned

    def _refresh(self, connection: Connection, topic_ids: Sequence[int], setting: _Setting) -> list[int]:
        """Look at topics anew and keep what is seen; the ids of new concerns."""
        flagged: list[int] = []
        names = topics.names(connection, topic_ids)
        for topic_id, members in articles.of_topics(connection, topic_ids).items():
            if not members:
                continue
            known = _gone_to(connection, cases.of_topic(connection, topic_id))
            worked_on = known is not None and known.judgement is not None and known.state.running
            topic, summary, hours, suggestion = self._seen(
                topic_id, members, names.get(topic_id, ""), setting, keep_name=worked_on
            )
            held = suggestion.held
            if known is None and suggestion.flagged:
                known = self._same_matter(connection, topic, suggestion, setting.now)
                if known is not None:
                    held = f"说的可能是关切 {known.id}“{known.title}”同一件事，已归在那里"
            topics.save(connection, topic, summary, held, hours)
            if known is None and suggestion.flagged:
                flagged.append(_flag(connection, topic, suggestion, setting.now))
            elif known is not None:
                waits = known.state is ConcernState.FLAGGED
                if waits and known.topic_id == topic_id and known.title != topic.name:
                    known = _rename(connection, known, topic.name, setting.now)
                if suggestion.flagged and (known.state.running or known.state in COMES_BACK):
                    _raise_grade(connection, known, suggestion, setting.now)
        return flagged

    def _trace(self, connection: Connection, moves: Sequence[Move], now: datetime) -> None:
        """Leave a trace of what the machine merged or split; an emptied topic leads on, its concern goes along."""
        went: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        for move in moves:
            went[move.before, move.after].append(move.article_id)
        left = articles.of_topics(connection, sorted({before for before, _ in went}))
        emptied = {before for before, members in left.items() if not members}
        for (before, after), ids in went.items():
            kind = ChangeKind.JOINED if before in emptied else ChangeKind.PARTED
            moved = tuple((id, False) for id in ids)
            id = topics.add_change(connection, TopicChange(0, now, COLLECTOR, kind, before, after, moved))
            self._followed[id] = False
        for before in emptied:
            after = max((pair for pair in went if pair[0] == before), key=lambda pair: len(went[pair]))[1]
            topics.forward(connection, before, after)
            _follow_topic(connection, before, after, now)

    def _same_matter(
        self, connection: Connection, topic: Topic, suggestion: Suggestion, now: datetime
    ) -> Concern | None:
        """The recent concern that a topic belongs to: it speaks in the same words, or of the same emergency.

        Of an emergency its clauses say so; or its words, of one kind of happening while it lasts; or both broke
        in one place within hours: two explosions in one city on one morning are one until somebody says otherwise.
        """
        codes = {reason.code for reason in suggestion.reasons}
        evidence = [item for r in suggestion.reasons if r.code is ReasonCode.EMERGENCY for item in r.evidence]
        clauses = {clause for item in evidence for clause in re.split("[，；：]", item.sentence)}
        if codes - {ReasonCode.EMERGENCY, ReasonCode.SUPERIOR}:
            clauses = set()
        incidents = _incidents(topic.name, suggestion.reasons) if evidence else set()
        best, found = 0.0, None
        candidates = cases.alive(connection, now - CONTINUED)
        newest = topics.newest(connection, [known.topic_id for known in candidates])
        for known in candidates:
            kinship = self._window.kinship(topic.id, known.topic_id)
            sure = kinship / ONE_MATTER
            if evidence and known.is_emergency:
                # An emergency lasts: what is told of it days later is as near as its newest report.
                since_last = topic.first_at - newest.get(known.topic_id, known.first_report_at)
                lasting = max(timedelta(0), known.first_report_at - topic.first_at, since_last)
                apart = abs(topic.first_at - known.first_report_at)
                alike = incidents & _incidents(known.title, known.reasons)
                if clauses:
                    sure = max(sure, max(self._window.speaks_of(known.topic_id, c) for c in clauses) / SAME_EVENT)
                if lasting <= timedelta(days=1) and alike:
                    sure = max(sure, kinship / KINDRED)
                if apart <= AT_ONCE and alike - EVERYDAY:
                    sure = max(sure, 1.0)
            if sure > best:
                best, found = sure, known
        return found if best >= 1.0 else None

    def _seen(
        self, topic_id: int, members: list[Stored], current_name: str, setting: _Setting, keep_name: bool = False
    ) -> tuple[Topic, list[dict[str, object]], dict[str, object], Suggestion]:
        """A topic as it stands now, with its summary, its curve and what the rules make of it.

        `keep_name`: it is a case by now, and its people know it by its name.
        """
        now = setting.now
        own = [item for item in members if item.repeats is None] or members[:1]
        recent = own[-LOOKED_AT:]
        pairs = [(item.title, item.text) for item in recent]
        today = [item for item in members if item.published_at > now - timedelta(days=1)]
        touching = [event for event in setting.events if _touches(event, pairs)]
        heat = heat_at(
            Attention(
                _hours((item.published_at, item.repeats is not None) for item in members),
                setting.intake,
                [tier.weight for tier in {item.source: item.tier for item in today}.values()],
                sum(item.published_at > now - REFRESHED for item in own),
                bool(touching),
            ),
            now,
        )
        told = self._what_is_told(topic_id, members, recent, today, current_name, setting, keep_name)
        topic = Topic(
            topic_id,
            told.name,
            told.keywords,
            heat,
            len(members),
            len({i.source for i in members}),
            len(members) - len(own),
            members[0].published_at,
            members[-1].published_at,
            members[0].source,
            told.area,
            told.places,
            told.local,
            tuple(event.name for event in touching),
            area_ground=told.area_ground,
        )
        ease = min((event.ease for event in touching), default=1.0)
        standing = Standing(topic_id, heat, told.area, told.local, topic.events, len(own), ease)
        texts = [Text(i.id, i.title, i.text, i.source) for i in recent]
        suggestion = suggest(standing, texts, setting.lexicon)
        if not suggestion.flagged and not told.local and any(told.here):
            # A report from here inside a story of the whole country is judged by itself.
            ours = [text for text, h in zip(texts, told.here) if h]
            alone = suggest(replace(standing, local=True, reports=len(ours)), ours, setting.lexicon)
            suggestion = alone if alone.flagged else suggestion
        return topic, told.summary, _curve(members, setting.intake, now), suggestion

    def _what_is_told(
        self,
        topic_id: int,
        members: Sequence[Stored],
        recent: Sequence[Stored],
        today: Sequence[Stored],
        current_name: str,
        setting: _Setting,
        keep_name: bool,
    ) -> _Told:
        """What a topic's texts say; found anew only when they, or what it hangs on beside them, have changed."""
        places_of_own = setting.office.places
        rests_on = (
            tuple(item.id for item in recent),
            len(members),
            frozenset(item.id for item in today),
            current_name,
            keep_name,
            places_of_own,
        )
        known = self._told.get(topic_id)
        if known is not None and known[0] == rests_on:
            return known[1]
        pairs = [(item.title, item.text) for item in recent]
        carried = Counter(item.repeats for item in members)
        terms = [terms_of_words(i.title, i.title_words.split(), i.text_words.split()) for i in recent]
        area, area_ground = area_of(pairs)
        places, local = places_of(pairs, places_of_own)
        here = tuple(
            bool(local or item in today) and places_of([pair], places_of_own)[1] for item, pair in zip(recent, pairs)
        )
        headlines = [Headline(i.title, t, carried[i.id], h) for i, t, h in zip(recent, terms, here)]
        weights = self._window.weights
        name = current_name if keep_name and current_name else name_of(headlines, weights, current_name)
        summary: list[dict[str, object]] = [
            {"article": s.article_id, "text": s.text, "source": s.source, "at": s.at.isoformat()}
            for s in summarise([Told(i.id, i.text, i.source, i.published_at) for i in recent])
        ]
        told = _Told(name, keywords_of(terms, weights), area, area_ground, places, local, here, summary)
        # By the name that is kept now, so that the next look finds it.
        self._told[topic_id] = (*rests_on[:3], name, *rests_on[4:]), told
        return told


def segmented_all(items: Sequence[Article]) -> list[Segmented]:
    """Articles with their words, in order."""
    return list(_read_by(_segmented, items))


def _read_by(read: Callable[[Sequence[Given]], list[Made]], items: Sequence[Given]) -> Iterable[Made]:
    """What `read` makes of the items, in order; of thousands at once in helper processes."""
    return in_helpers(read, items) if len(items) >= MANY else read(items)


def _segmented(items: Sequence[Article]) -> list[Segmented]:
    return [segmented(item) for item in items]


def segmented(item: Article) -> Segmented:
    """An article with its words, ready to be stored."""
    text = item.text[:TEXT_LIMIT]
    return Segmented(
        item,
        " ".join(kept_words(item.title)),
        " ".join(kept_words(text)),
        " ".join(index_words(item.title)),
        " ".join(index_words(text)),
        has_personal(f"{item.title}\n{item.text[:PERSONAL_LIMIT]}"),
    )


def _documents(items: Sequence[Stored]) -> Iterable[Document]:
    return _read_by(_read_documents, items)


def _read_documents(items: Sequence[Stored]) -> list[Document]:
    briefs = briefs_of([terms_of_words(i.title, i.title_words.split(), i.text_words.split()) for i in items])
    return [
        Document(item.id, brief, item.published_at, regions_of(item.title), item.fixed)
        for item, brief in zip(items, briefs)
    ]


def _touches(event: MajorEvent, pairs: Sequence[tuple[str, str]]) -> bool:
    return sum(bool(event.touches(f"{t}\n{x[:600]}")) for t, x in pairs) >= TOUCHED_BY_EVENT * len(pairs)


def _incidents(title: str, reasons: Sequence[Reason]) -> set[str]:
    """What kinds of happening a title and the evidence name."""
    said = [title, *(item.sentence for reason in reasons for item in reason.evidence)]
    return {word for text in said for word in INCIDENTS.findall(text)}


def _hours(times: Iterable[tuple[datetime, bool]]) -> dict[datetime, float]:
    hours: dict[datetime, float] = {}
    for at, carried in times:
        hour = floor_hour(at)
        hours[hour] = hours.get(hour, 0.0) + (CARRIER_COUNTS if carried else 1.0)
    return hours


def _curve(members: Sequence[Stored], intake: Mapping[datetime, float], now: datetime) -> dict[str, object]:
    """Reports per hour from a topic's first hour in the window of heat, its own and carried, and its bursts."""
    end = floor_hour(now)
    times = [(floor_hour(item.published_at), item.repeats is not None) for item in members]
    start = max(min(at for at, _ in times), end - HEAT_WINDOW)
    size = int((end - start) / HOUR) + 1
    own, carried = [0] * max(1, size), [0] * max(1, size)
    for at, repeats in times:
        hour = int((at - start) / HOUR)
        if 0 <= hour < size:
            (carried if repeats else own)[hour] += 1
    # Bursts are looked for over the whole window: what was silent before it began was silent.
    before = max(0, int((start - (end - HEAT_WINDOW)) / HOUR))
    reports = [0.0] * before + [o + CARRIER_COUNTS * c for o, c in zip(own, carried)]
    all_in = [intake.get(start + (i - before) * HOUR, 0.0) for i in range(len(reports))]
    found = [[max(0, a - before), b - before] for a, b in bursts(reports, all_in)]
    return {"start": start.isoformat(), "own": own, "carried": carried, "bursts": found}


def _flag(connection: Connection, topic: Topic, suggestion: Suggestion, now: datetime) -> int:
    new = Concern(
        0,
        topic.id,
        topic.name,
        ConcernState.FLAGGED,
        suggestion.reasons,
        suggestion.grade,
        suggestion.grade_ground,
        suggestion.attention,
        now,
        topic.first_at,
        1,
    )
    id = cases.flag(connection, new)
    after = {"topic": topic.id, "title": topic.name, "reasons": [reason.words for reason in suggestion.reasons]}
    record.append(connection, now, COLLECTOR, "标记关切", f"concern:{id}", None, after)
    return id


def _follow_topic(connection: Connection, before: int, after: int, now: datetime) -> None:
    """The concern of a topic that was merged away goes with it, or into the concern that is there."""
    concern = cases.of_topic(connection, before)
    if concern is None or concern.state is ConcernState.MERGED:
        return
    other = cases.of_topic(connection, after)
    if other is None:
        cases.update(connection, concern, topic_id=after)
        change = {"topic": after}
        record.append(connection, now, COLLECTOR, "话题合并", f"concern:{concern.id}", {"topic": before}, change)
    elif concern.state is ConcernState.FLAGGED:
        cases.update(connection, concern, state=ConcernState.MERGED.code, merged_into=other.id)
        change = {"state": ConcernState.MERGED.code, "into": other.id, "why": "两个话题是同一件事，已自动合并"}
        record.append(
            connection, now, COLLECTOR, "并入", f"concern:{concern.id}", {"state": concern.state.code}, change
        )


def _rename(connection: Connection, known: Concern, name: str, now: datetime) -> Concern:
    """A concern nobody has judged is called what its topic is called."""
    cases.update(connection, known, title=name)
    record.append(
        connection, now, COLLECTOR, "关切随话题改题", f"concern:{known.id}", {"title": known.title}, {"title": name}
    )
    return cases.get(connection, known.id)


def _raise_grade(connection: Connection, known: Concern, suggestion: Suggestion, now: datetime) -> None:
    """Later reports speak of a graver emergency: the suggestion follows; one judged before is `escalated` by it, and
    one that was put aside or closed comes back.
    """
    order = list(EventGrade)
    if order.index(suggestion.grade) >= order.index(known.suggested_grade):
        return
    cases.update(
        connection,
        known,
        suggested_grade=suggestion.grade.code,
        grade_ground=suggestion.grade_ground,
        suggested_attention=suggestion.attention.code,
        reasons=cases.reasons_json(suggestion.reasons),
    )
    before = {"grade": known.suggested_grade.code}
    after = {"grade": suggestion.grade.code, "ground": suggestion.grade_ground}
    record.append(connection, now, COLLECTOR, "调高建议等级", f"concern:{known.id}", before, after)
    if step := COMES_BACK.get(known.state):
        state = course(step, known.state)
        cases.update(connection, cases.get(connection, known.id), state=state.code)
        change = {"state": state.code, "words": f"后来的报道更严重：{suggestion.grade_ground}"}
        record.append(
            connection, now, COLLECTOR, step.label, f"concern:{known.id}", {"state": known.state.code}, change
        )


def _gone_to(connection: Connection, known: Concern | None) -> Concern | None:
    """The concern that one was merged into, and that one into; itself where it was not."""
    while known is not None and known.merged_into is not None:
        known = cases.get(connection, known.merged_into)
    return known
