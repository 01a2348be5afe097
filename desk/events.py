"""Major events (重大事件): adding, changing, presets of a year, event packs (事件包) in and out, trying words."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from domain.errors import InputError, NotFoundError
from domain.event import USUAL_EASE, EventKind, MajorEvent, Phase
from store import articles, record, topics
from store.articles import Filter, Stored
from store.database import Database

PRESETS = Path(__file__).parent / "data" / "event_presets.toml"
TRIED = timedelta(days=30)  # how far back the rule bench looks
TRIED_MOST = 20_000  # articles it looks at, the newest
LEAD = 600  # characters of an article's text that are looked at, as in flagging
# 国家统计局's usual days, in domain.md section 7; the year's own dates are put right by hand.
MONTHLY_DATA = (
    ("CPI、PPI", 9, 11, "CPI PPI 居民消费价格 物价 通胀"),
    ("月度经济数据", 14, 18, "工业增加值 社会消费品零售 固定资产投资 城镇调查失业率"),
)
QUARTERLY = {1: "上年全年", 4: "一季度", 7: "上半年", 10: "前三季度"}


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that an event's words hit, and the words."""

    article: Stored
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


def add_event(database: Database, new: MajorEvent, who: str, now: datetime) -> int:
    """Add a major event; its id."""
    with database.write() as connection:
        id = topics.add_event(connection, new)
        record.append(connection, now, who, "添加重大事件", f"event:{id}", None, _table(new))
    return id


def change_event(database: Database, changed: MajorEvent, who: str, now: datetime) -> None:
    """Change a major event. Raises NotFoundError."""
    with database.write() as connection:
        before = next((event for event in topics.events(connection) if event.id == changed.id), None)
        if before is None:
            raise NotFoundError("这个重大事件已被删除，改动没有保存。")
        topics.change_event(connection, changed)
        record.append(connection, now, who, "修改重大事件", f"event:{changed.id}", _table(before), _table(changed))


def remove_event(database: Database, id: int, who: str, now: datetime) -> None:
    """Drop a major event; the record keeps what it was."""
    with database.write() as connection:
        before = next((event for event in topics.events(connection) if event.id == id), None)
        if before is not None:
            topics.remove_event(connection, id)
            record.append(connection, now, who, "删除重大事件", f"event:{id}", _table(before), None)


def presets(year: int) -> list[MajorEvent]:
    """The events that every year brings, with the usual dates of that year; to be added one by one and edited."""
    found = [_event(_dated(table, year)) for table in tomllib.loads(PRESETS.read_text("utf-8"))["event"]]
    for month in range(1, 13):
        for name, first, last, words in MONTHLY_DATA:
            told = (*words.split(), "统计局")
            if name == "月度经济数据" and month in QUARTERLY:
                name, told = f"{QUARTERLY[month]}经济数据", (*told, "生产总值", "GDP")
            days = date(year, month, first), date(year, month, last)
            found.append(MajorEvent(0, EventKind.ECONOMIC_DATA, f"{year} 年 {month} 月发布 {name}", *days, told))
    return sorted(found, key=lambda event: event.starts)


def next_year(event: MajorEvent) -> MajorEvent:
    """The same event a year later, to be put right and added (a 29 February becomes the 28th)."""
    phases = tuple(Phase(p.name, _later(p.starts), _later(p.ends)) for p in event.phases)
    year = str(event.starts.year)
    name = event.name.replace(year, str(event.starts.year + 1))
    return replace(event, id=0, name=name, starts=_later(event.starts), ends=_later(event.ends), phases=phases)


def export_pack(events: Sequence[MajorEvent], path: Path) -> Path:
    """Write an event pack (TOML). Raises InputError when the file cannot be written."""
    lines = ["# 闻应事件包：用“导入事件包”读入，日期可再改。"]
    for event in events:
        lines += ["", "[[event]]", *(f"{key} = {_toml(value)}" for key, value in _table(event).items())]
    try:
        path.write_text("\n".join(lines) + "\n", "utf-8")
    except OSError as error:
        raise InputError(f"写不了文件 {path.name}。请检查位置是否可写、磁盘是否已满。") from error
    return path


def import_pack(path: Path) -> list[MajorEvent]:
    """The events of a pack, not added yet. Raises InputError, saying what is wrong with the file."""
    try:
        tables = tomllib.loads(path.read_text("utf-8-sig"))["event"]
        return [_event(table) for table in tables]
    except OSError as error:
        raise InputError(f"读不了文件 {path.name}。请检查它是否存在、是否被别的程序占用。") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path.name} 不是闻应的事件包，或者内容不完整。请用“导出事件包”得到的文件。") from error


def try_words(database: Database, tried: MajorEvent, now: datetime) -> Trial:
    """The rule bench: what an event's words hit in the last 30 days and why, and what an edit adds and removes."""
    with database.read() as connection:
        looked_at = articles.page(connection, 0, TRIED_MOST, Filter(since=now - TRIED))
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


def _event(table: dict[str, Any]) -> MajorEvent:
    return MajorEvent(
        0,
        EventKind.of(table["kind"]),
        str(table["name"]),
        date.fromisoformat(str(table["starts"])),
        date.fromisoformat(str(table["ends"])),
        tuple(map(str, table.get("any", ()))),
        tuple(map(str, table.get("all", ()))),
        tuple(map(str, table.get("none", ()))),
        tuple((str(word), float(weight)) for word, weight in table.get("weighted", ())),
        float(table.get("threshold", 2.0)),
        str(table.get("place", "")),
        float(table.get("ease", USUAL_EASE)),
        tuple(
            Phase(str(n), date.fromisoformat(str(a)), date.fromisoformat(str(b))) for n, a, b in table.get("phases", ())
        ),
        str(table.get("answers", "")),
        str(table.get("on_duty", "")),
        tuple(map(str, table.get("tasks", ()))),
    )


def _table(event: MajorEvent) -> dict[str, Any]:
    return {
        "kind": event.kind.code,
        "name": event.name,
        "starts": event.starts.isoformat(),
        "ends": event.ends.isoformat(),
        "any": list(event.any_words),
        "all": list(event.all_words),
        "none": list(event.none_words),
        "weighted": [[word, weight] for word, weight in event.weighted],
        "threshold": event.threshold,
        "place": event.place,
        "ease": event.ease,
        "phases": [[p.name, p.starts.isoformat(), p.ends.isoformat()] for p in event.phases],
        "answers": event.answers,
        "on_duty": event.on_duty,
        "tasks": list(event.tasks),
    }


def _toml(value: Any) -> str:
    """A value of a pack in TOML: JSON's strings, figures and lists are TOML's."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _later(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
