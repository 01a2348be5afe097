"""How a topic stands at an hour: heat, name, keywords, area, places, summary, curve, and what the rules make of it."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import chain

from analysis.areas import areas_of
from analysis.brief import briefs_of
from analysis.bursts import bursts
from analysis.concerns import Lexicon, Report, Standing, suggest
from analysis.heat import CARRIER_COUNTS, Attention, Notice, Windows, heat_at
from analysis.labels import Headline, labels_of
from analysis.parallel import Helpers
from analysis.places import COUNTRY, places_together
from analysis.said import Said, Unread, said_by
from analysis.summary import SummaryInput, summarise
from analysis.terms import terms_of_words
from analysis.tone import shares_of
from analysis.topics import TopicWindow
from analysis.vectors import Counts
from desk.collecting.segmenting import MANY
from desk.office.particulars import Office
from domain.article import SourceTier, StoredArticle
from domain.concern import Suggestion
from domain.event import MajorEvent
from domain.learning import NO_WEIGHTS, OfficeWeights
from domain.times import HOUR, floor_hour
from domain.tone import ToneShares
from domain.topic import HourlyReports, SummarySentence, Topic
from store.articles import Member
from store.looks import Stood

REFRESHED = timedelta(days=3)  # topics with news in this time get their heat anew
HEAT_WINDOW = timedelta(days=15)
LOOKED_AT = 40  # newest texts of a topic that name, summary and flags rest on
TOUCHED_BY_EVENT = 1 / 3  # share of a topic's texts that must touch a major event
EVENT_LEAD = 600  # characters of a text in which a major event is looked for
READ_AHEAD = 3  # groups of topics whose articles are read while one is looked at
SAID_KEPT = 30_000  # articles of which it is kept what they say


@dataclass(frozen=True, slots=True)
class Setting:
    """What a look at the topics rests on, beside their articles.

    The intake per hour, added up for heat (`windows`), and in a row over the window of heat (`hourly`).
    """

    now: datetime
    windows: Windows
    hourly: Sequence[float]
    events: Sequence[MajorEvent]
    office: Office
    lexicon: Lexicon
    own: OfficeWeights = NO_WEIGHTS

    @property
    def about_texts(self) -> tuple[object, ...]:
        """What of it bears on what texts say."""
        return tuple(self.events), self.office.places, self.lexicon


@dataclass(frozen=True, slots=True)
class Asked:
    """A topic to be looked at: its articles by time, the name it has, whether it keeps that come what may.

    `own` are those that repeat no other, `recent` the newest of them, `today` those of the last 24 hours.
    """

    id: int
    members: Sequence[Member]
    own: Sequence[Member]
    recent: Sequence[Member]
    today: Sequence[Member]
    name: str
    keep_name: bool
    notice: Notice | None = None
    listed: bool = False  # whether it ever stood on a hot list

    @classmethod
    def of(
        cls,
        id: int,
        members: Sequence[Member],
        name: str,
        keep_name: bool,
        now: datetime,
        stood: Sequence[Stood] = (),
    ) -> Asked:
        """A topic with these articles, at an hour; where the hot lists had it."""
        own = [item for item in members if item.repeats is None] or members[:1]
        today = [item for item in members if item.published_at > now - timedelta(days=1)]
        return cls(id, members, own, own[-LOOKED_AT:], today, name, keep_name, notice_of(stood, now), bool(stood))

    @property
    def rests_on(self) -> tuple[object, ...]:
        """What its texts say changes only with this, and with its name."""
        recent, today = tuple(item.id for item in self.recent), frozenset(item.id for item in self.today)
        return recent, len(self.members), today, self.keep_name


@dataclass(frozen=True, slots=True)
class Seen:
    """A topic as it stands, with its summary, its curve and what the rules make of it."""

    topic: Topic
    summary: list[SummarySentence]
    hours: HourlyReports
    suggestion: Suggestion


@dataclass(frozen=True, slots=True)
class _Article:
    """What one article says, the words of its title, and which of the major events it touches."""

    said: Said
    title_words: Sequence[str]
    touches: tuple[bool, ...]


@dataclass(slots=True)
class Needing:
    """Topics, and of their articles the texts that are needed and what is known by now."""

    topics: Sequence[Asked]
    texts: Mapping[int, StoredArticle]
    articles: dict[int, _Article]


@dataclass(frozen=True, slots=True)
class _TopicContent:
    """What a topic's texts say, whatever the hour; `here`: which of them are about the office's own places; `away`: which
    name others alone.
    """

    rests_on: tuple[object, ...]
    asked_as: str
    name: str
    keywords: tuple[str, ...]
    area: str
    area_ground: str
    places: tuple[str, ...]
    local: bool
    here: tuple[bool, ...]
    away: tuple[bool, ...]
    summary: list[SummarySentence]
    reports: tuple[Report, ...]
    touching: tuple[MajorEvent, ...]
    tone: ToneShares


class TopicLooks:
    """Looks at topics, many at once.

    What an article says is read once, while there is room for it; what a topic's texts say together is found anew
    only when they, or what it hangs on, have changed.
    """

    def __init__(self, setting: Setting, window: TopicWindow, helpers: Helpers | None = None) -> None:
        self._setting, self._window, self._helpers = setting, window, helpers
        self._told: dict[int, _TopicContent] = {}
        self._articles: dict[int, _Article] = {}

    def begin(self, setting: Setting, window: TopicWindow) -> None:
        """The next looks are made at this hour, in this setting."""
        if setting.about_texts != self._setting.about_texts:
            self._told.clear()
            self._articles.clear()
        self._setting, self._window = setting, window

    def keep(self, ids: Iterable[int]) -> None:
        """Forget what the texts of other topics said."""
        wanted = set(ids)
        self._told = {id: told for id, told in self._told.items() if id in wanted}

    def texts_needed(self, topics: Sequence[Asked]) -> list[int]:
        """The articles whose texts a look needs: none where it is known what they say."""
        asked = [item.id for topic in topics if self._known(topic) is None for item in topic.recent]
        return [id for id in asked if id not in self._articles or self._window.counts_of(id) is None]

    def needing(self, topics: Sequence[Asked], texts: Mapping[int, StoredArticle]) -> Needing:
        """Topics with what a look at them rests on; `texts` are those that `texts_needed` named."""
        ids = [item.id for topic in topics for item in topic.recent]
        return Needing(topics, texts, {id: self._articles[id] for id in ids if id in self._articles})

    def read(self, needing: Iterable[Needing], topics: int) -> Iterator[Needing]:
        """Have the articles read that topics need: of very many `topics` by helper processes, the next meanwhile."""
        asked = deque[tuple[Needing, list[StoredArticle]]]()

        def unread() -> Iterator[list[Unread]]:
            places = self._setting.office.places
            for some in needing:
                new = [text for id, text in some.texts.items() if id not in some.articles]
                asked.append((some, new))
                yield [to_be_read(item, places) for item in new]

        read = partial(_said_by_all, own_places=self._setting.office.places, lexicon=self._setting.lexicon)
        helpers = self._helpers if self._helpers and (self._helpers.running or topics >= MANY) else None
        said = (
            helpers.read(read, unread(), 1, READ_AHEAD) if helpers else chain.from_iterable(read([u]) for u in unread())
        )
        for told in said:
            some, new = asked.popleft()
            if len(self._articles) > SAID_KEPT:
                self._articles.clear()
            articles = {item.id: self._article(item, one) for item, one in zip(new, told)}
            self._articles |= articles
            some.articles |= articles
            yield some

    def look(self, needing: Needing) -> list[Seen]:
        """Topics as they stand now, after `read`."""
        contents = {topic.id: known for topic in needing.topics if (known := self._known(topic)) is not None}
        anew = [topic for topic in needing.topics if topic.id not in contents]
        contents.update(zip([topic.id for topic in anew], self._what_is_told(anew, needing)))
        # Of a topic that has been silent long, as after an import of years, nobody asks again soon.
        since = self._setting.now - REFRESHED
        self._told |= {topic.id: contents[topic.id] for topic in anew if topic.members[-1].published_at > since}
        return [self._seen(topic, contents[topic.id]) for topic in needing.topics]

    def _seen(self, asked: Asked, told: _TopicContent) -> Seen:
        now, members, own = self._setting.now, asked.members, asked.own
        heat = heat_at(
            Attention(
                hours_of((item.published_at, item.repeats is not None) for item in members),
                self._setting.windows,
                [tier.weight for tier in {item.source: item.tier for item in asked.today}.values()],
                sum(abs(now - item.published_at) < REFRESHED for item in own),
                bool(told.touching),
                asked.notice,
                sum(item.people for item in members if abs(now - item.published_at) < REFRESHED),
            ),
            now,
        )
        topic = Topic(
            asked.id,
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
            tuple(event.name for event in told.touching),
            area_ground=told.area_ground,
            tone=told.tone,
        )
        ease = min((event.ease for event in told.touching), default=1.0)
        unplaced = told.places[:1] == (COUNTRY,)
        standing = Standing(
            asked.id,
            heat,
            told.area,
            told.local,
            topic.events,
            len(own),
            ease,
            asked.listed,
            unplaced,
            self._setting.own,
        )
        reports = told.reports
        if told.local and not all(told.away):  # what happened elsewhere makes nothing graver here
            reports = tuple(report for report, away in zip(told.reports, told.away) if not away)
        suggestion = suggest(standing, reports)
        if not suggestion.flagged and not told.local and any(told.here):
            # A report from here inside a story of the whole country is judged by itself.
            ours = [report for report, h in zip(told.reports, told.here) if h]
            alone = suggest(replace(standing, local=True, reports=len(ours)), ours)
            suggestion = alone if alone.flagged else suggestion
        return Seen(topic, told.summary, _curve(members, self._setting.hourly, now), suggestion)

    def _known(self, asked: Asked) -> _TopicContent | None:
        """What is known of a topic's texts, if it still holds."""
        known = self._told.get(asked.id)
        if known is None or asked.name not in (known.name, known.asked_as):
            return None
        return known if known.rests_on == asked.rests_on else None

    def _article(self, item: StoredArticle, said: Said) -> _Article:
        lead = f"{item.title}\n{item.text[:EVENT_LEAD]}"
        touches = tuple(bool(event.touches(lead)) for event in self._setting.events)
        return _Article(said, item.title_words.split(), touches)

    def _what_is_told(self, topics: Sequence[Asked], needing: Needing) -> list[_TopicContent]:
        """What the texts of topics say."""
        items = [[needing.articles[item.id] for item in topic.recent] for topic in topics]
        counts = self._counts([item.id for topic in topics for item in topic.recent], needing.texts)
        areas = areas_of([[item.said.signs for item in some] for some in items])
        placed = [places_together([item.said.places for item in some]) for some in items]
        here, headlines = [], []
        for topic, some, (_, local) in zip(topics, items, placed):
            today, carried = {item.id for item in topic.today}, Counter(item.repeats for item in topic.members)
            ours = tuple(
                (local or member.id in today) and any(mine for _, mine in item.said.places)
                for member, item in zip(topic.recent, some)
            )
            here.append(ours)
            headlines.append(
                [
                    Headline(item.said.headline, item.title_words, counts[member.id], carried[member.id], h)
                    for member, item, h in zip(topic.recent, some, ours)
                ]
            )
        labels = labels_of(list(zip(headlines, [topic.name for topic in topics])), self._window.weights)
        return [
            _TopicContent(
                topic.rests_on,
                topic.name,
                topic.name if topic.keep_name and topic.name else label.name,
                label.keywords,
                area,
                ground,
                places,
                local,
                ours,
                tuple(bool(item.said.places) and not any(mine for _, mine in item.said.places) for item in some),
                _summary(topic.recent, some),
                tuple(report_of(m, i.said) for m, i in zip(topic.recent, some)),
                _touching(some, self._setting.events),
                shares_of([i.said.tone for i in some], [m.id for m in topic.recent], [m.source for m in topic.recent]),
            )
            for topic, some, label, (area, ground), (places, local), ours in zip(
                topics, items, labels, areas, placed, here
            )
        ]

    def _counts(self, ids: Sequence[int], texts: Mapping[int, StoredArticle]) -> dict[int, Counts]:
        """The terms of articles by number; the window knows them of most."""
        counts_by_id = {id: counts for id in ids if (counts := self._window.counts_of(id)) is not None}
        others = [texts[id] for id in ids if id not in counts_by_id]
        read = briefs_of([terms_of_words(i.title, i.title_words.split(), i.text_words.split()) for i in others])
        counts_by_id.update(zip([item.id for item in others], self._window.weights.counts(read)))
        return counts_by_id


def _said_by_all(groups: list[list[Unread]], own_places: tuple[str, ...], lexicon: Lexicon) -> list[list[Said]]:
    """What the articles of each group say; in a helper process."""
    return [said_by(articles, own_places, lexicon) for articles in groups]


def speaks_of_here(item: StoredArticle, places: Sequence[str]) -> bool:
    """Whether what an article tells is about here where it names no other place: a local source, the hotline."""
    return item.tier is SourceTier.HOTLINE or any(
        own in item.place or item.place in own for own in places if item.place
    )


def to_be_read(item: StoredArticle, places: Sequence[str]) -> Unread:
    """An article as `said_by` reads it."""
    return Unread(
        item.title, item.text, item.title_words.split(), item.text_words.split(), speaks_of_here(item, places)
    )


def report_of(member: Member | StoredArticle, said: Said) -> Report:
    """What an article says, as the rules take it."""
    return Report(member.id, member.source, said.bearings, said.graded, said.headline, said.learned, said.together)


def notice_of(stood: Sequence[Stood], now: datetime) -> Notice | None:
    """Where a topic stood on hot lists in the last days."""
    lately = [entry for entry in stood if entry.last_at > now - REFRESHED]
    if not lately:
        return None
    hours = (max(e.last_at for e in lately) - min(e.first_at for e in lately)) / HOUR
    return Notice(min(e.rank for e in lately), hours, len(lately), len({e.source_id for e in lately}))


def _summary(recent: Sequence[Member], articles: Sequence[_Article]) -> list[SummarySentence]:
    inputs = [SummaryInput(m.id, item.said.sentences, m.source, m.published_at) for m, item in zip(recent, articles)]
    return summarise(inputs)


def _touching(articles: Sequence[_Article], events: Sequence[MajorEvent]) -> tuple[MajorEvent, ...]:
    least = TOUCHED_BY_EVENT * len(articles)
    return tuple(event for i, event in enumerate(events) if sum(item.touches[i] for item in articles) >= least)


def hours_of(times: Iterable[tuple[datetime, bool]]) -> dict[datetime, float]:
    """Reports per full hour, near-duplicates counted by CARRIER_COUNTS."""
    hours: dict[datetime, float] = {}
    for at, carried in times:
        hour = floor_hour(at)
        hours[hour] = hours.get(hour, 0.0) + (CARRIER_COUNTS if carried else 1.0)
    return hours


def hourly_of(intake: Mapping[datetime, float], now: datetime) -> list[float]:
    """What came in each hour of the window of heat, the oldest first."""
    start = floor_hour(now) - HEAT_WINDOW
    return [intake.get(start + i * HOUR, 0.0) for i in range(HEAT_WINDOW // HOUR + 1)]


def _curve(members: Sequence[Member], hourly: Sequence[float], now: datetime) -> HourlyReports:
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
    spans = tuple((max(0, a - before), b - before) for a, b in bursts(reports, hourly))
    return HourlyReports(start, tuple(own), tuple(carried), spans)
