"""Major events (重大事件): adding, changing, presets of a year, trying words."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from desk.topics.eventpack import pack_table, packed_event
from desk.work import Effect, Handler, Work
from domain.article import StoredArticle
from domain.errors import NotFoundError
from domain.event import EventKind, MajorEvent, Phase
from domain.query import ArticleFilter
from domain.steps import events as steps
from domain.steps.step import Step
from store import articles, topics
from store.database import Database

PRESETS = Path(__file__).parent / "data" / "event_presets.toml"
TRIED = timedelta(days=30)  # how far back the rule bench looks
TRIED_MOST = 20_000  # articles it looks at, the newest
LEAD = 600  # characters of an article's text that are looked at, as in flagging


@dataclass(frozen=True, slots=True)
class Release:
    """Figures that 国家统计局 publishes every month between two days; `quarterly`: some months with the quarter's."""

    name: str
    first: int
    last: int
    words: tuple[str, ...]
    quarterly: bool = False


# 国家统计局's usual days, in docs/domain.md section 7; the year's own dates are put right by hand.
MONTHLY_DATA = (
    Release("CPI、PPI", 9, 11, ("CPI", "PPI", "居民消费价格", "物价", "通胀")),
    Release("月度经济数据", 14, 18, ("工业增加值", "社会消费品零售", "固定资产投资", "城镇调查失业率"), quarterly=True),
)
QUARTERLY = {1: "上年全年", 4: "一季度", 7: "上半年", 10: "前三季度"}


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that an event's words hit, and the words."""

    article: StoredArticle
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """What an event's words hit in the last 30 days, and against the event as it is kept: what is new, what is lost."""

    looked_at: int
    hits: list[Hit]
    added: frozenset[int]
    lost: list[Hit]


def list_events(database: Database) -> list[MajorEvent]:
    """All major events by date."""
    with database.read() as connection:
        return list(topics.events(connection))


def add(step: steps.AddEvent, work: Work) -> Effect:
    """添加重大事件; gives its id."""
    id = topics.add_event(work.connection, step.event)
    return Effect(pack_table(step.event), object=f"event:{id}", result=id)


def change(step: steps.ChangeEvent, work: Work) -> Effect:
    """修改重大事件."""
    before = _known(work, step.event.id)
    if before is None:
        raise NotFoundError("这个重大事件已被删除，改动没有保存。")
    topics.change_event(work.connection, step.event)
    return Effect(pack_table(step.event), pack_table(before), f"event:{before.id}")


def remove(step: steps.RemoveEvent, work: Work) -> Effect:
    """删除重大事件; the record keeps what it was."""
    before = _known(work, step.event_id)
    if before is None:
        return Effect()
    topics.remove_event(work.connection, before.id)
    return Effect(before=pack_table(before), object=f"event:{before.id}")


HANDLERS: dict[type[Step], Handler] = {
    steps.AddEvent: add,
    steps.ChangeEvent: change,
    steps.RemoveEvent: remove,
}


def _known(work: Work, id: int) -> MajorEvent | None:
    return next((event for event in topics.events(work.connection) if event.id == id), None)


def presets(year: int) -> list[MajorEvent]:
    """The events that every year brings, with the usual dates of that year; to be added one by one and edited."""
    events = [packed_event(_dated(table, year)) for table in tomllib.loads(PRESETS.read_text("utf-8"))["event"]]
    for month in range(1, 13):
        for release in MONTHLY_DATA:
            name, words = release.name, (*release.words, "统计局")
            if release.quarterly and month in QUARTERLY:
                name, words = f"{QUARTERLY[month]}经济数据", (*words, "生产总值", "GDP")
            days = date(year, month, release.first), date(year, month, release.last)
            events.append(MajorEvent(0, EventKind.ECONOMIC_DATA, f"{year} 年 {month} 月发布 {name}", *days, words))
    return sorted(events, key=lambda event: event.starts)


def next_year(event: MajorEvent) -> MajorEvent:
    """The same event a year later, to be put right and added (a 29 February becomes the 28th)."""
    phases = tuple(Phase(p.name, _later(p.starts), _later(p.ends)) for p in event.phases)
    year = str(event.starts.year)
    name = event.name.replace(year, str(event.starts.year + 1))
    return replace(event, id=0, name=name, starts=_later(event.starts), ends=_later(event.ends), phases=phases)


def try_words(database: Database, tried: MajorEvent, now: datetime) -> Trial:
    """The rule bench: what an event's words hit in the last 30 days and why, and what an edit adds and removes."""
    with database.read() as connection:
        looked_at = articles.page(connection, 0, TRIED_MOST, ArticleFilter(since=now - TRIED))
        kept = next((event for event in topics.events(connection) if event.id == tried.id), None)
    texts = [(item, f"{item.title}\n{item.text[:LEAD]}") for item in looked_at]
    hits = [Hit(item, words) for item, text in texts if (words := tried.touches(text))]
    if kept is None:
        return Trial(len(looked_at), hits, frozenset(), [])
    before = {item.id: words for item, text in texts if (words := kept.touches(text))}
    now_hit = {hit.article.id for hit in hits}
    lost = [Hit(item, before[item.id]) for item, _ in texts if item.id in before and item.id not in now_hit]
    return Trial(len(looked_at), hits, frozenset(now_hit - before.keys()), lost)


def _dated(table: dict[str, Any], year: int) -> dict[str, Any]:
    """A preset with its days in a year."""

    def day(text: str) -> str:
        return f"{year}-{text}"

    phases = [[name, day(first), day(last)] for name, first, last in table.get("phases", ())]
    named = {"name": f"{year} 年{table['name']}", "starts": day(table["starts"]), "ends": day(table["ends"])}
    return {**table, **named, "phases": phases}


def _later(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
