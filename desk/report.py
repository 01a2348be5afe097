"""Making the daily briefing: one snapshot of the store, then the files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from briefing.compose import compose
from briefing.docx import write_docx
from briefing.facts import CaseFact, Facts, TopicFact
from briefing.paper import free_path
from desk.office import office
from desk.sourcework import list_sources
from domain.article import SourceState
from domain.errors import ExportError, InputError
from domain.times import HOUR, china, china_day, day_bounds, floor_hour
from store import articles, briefings, cases, record, topics
from store.articles import Stored
from store.database import Database

MOST_TOPICS = 10
DUE = time(10, 30)  # China time; domain.md section 8
FORMATS = {"docx": write_docx}  # a new format is one file in briefing/ and one line here


def gather(database: Database, day: date, now: datetime) -> Facts:
    """The facts of a day up to `now`. Raises InputError when nothing was collected that day."""
    particulars = office(database)
    start, end = day_bounds(day)
    end = min(end, now)
    if end <= start:
        raise InputError(f"{day} 还没有到，不能出简报。")
    with database.read() as connection:
        times = articles.times(connection, start, end)
        if not times:
            raise InputError(f"{day} 没有采到任何信息，不能出简报。请先采集，或换一个日期（--date）。")
        # Local topics first: the briefing is this office's.
        found = [t for t in topics.listing(connection, start, end, 500) if t.last_at >= start]
        found.sort(key=lambda t: (not t.pinned, -(t.heat.value + (15 if t.local else 0))))
        facts = {}
        for topic in found[: MOST_TOPICS * 2]:
            members = articles.of_topics(connection, [topic.id])[topic.id]
            told = tuple((s["text"], s["source"], s["article"]) for s in topics.summary(connection, topic.id))
            facts[topic.id] = TopicFact(topic, told, hourly(members, end))
        known = [
            CaseFact(c, tuple(cases.deadlines(connection, c.id)), tuple(cases.responses(connection, c.id)))
            for c in cases.listing(connection)
            if c.found_at < end
        ]
        events = tuple(
            (event.name, tuple(f for f in facts.values() if event.name in f.topic.events))
            for event in topics.events(connection)
            if event.active(day)
        )
        head = record.head(connection)
        number, total = briefings.numbers(connection, day)
    running = [c for c in known if c.concern.state.running or any(r.published_at >= start for r in c.responses)]
    seen = list_sources(database, now)
    return Facts(
        day,
        number,
        total,
        now,
        start,
        end,
        particulars.name,
        particulars.signer,
        tuple(list(facts.values())[:MOST_TOPICS]),
        tuple(running),
        events,
        len(times),
        sum(carried for _, carried in times),
        len(seen),
        tuple(v.source.name for v in seen if v.state is SourceState.SILENT),
        tuple(v.source.name for v in seen if v.state is SourceState.FAILING),
        head,
    )


def make_briefing(
    database: Database, day: date, formats: tuple[str, ...], folder: Path, who: str, now: datetime
) -> list[Path]:
    """Make the briefing of a day in each format; the paths. Existing files are kept, the new name counts up."""
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise InputError(f"还不支持“{unknown[0]}”格式。可用的有：{'、'.join(FORMATS)}。")
    facts = gather(database, day, now)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(f"不能在“{folder}”里建文件夹。请换一个输出文件夹。") from error
    made = []
    for name in formats:
        path = free_path(folder / f"每日舆情简报_{day:%Y-%m-%d}_第{facts.number}期.{name}")
        FORMATS[name](facts, path)
        made.append(path)
    with database.write() as connection:
        briefings.keep(connection, day, facts.number, now)
        record.append(
            connection,
            now,
            who,
            "生成简报",
            f"briefing:{day}",
            None,
            {"number": facts.number, "files": [path.name for path in made]},
        )
    return made


def issued(database: Database) -> list[tuple[date, int, datetime]]:
    """Briefings made so far: (day, number, when), newest first."""
    with database.read() as connection:
        return briefings.issued(connection)


def last_day(now: datetime) -> date:
    """The day that a briefing made at `now` is about: until it is due at 10:30, the day before."""
    return china_day(now) - timedelta(days=1) if china(now).time() < DUE else china_day(now)


def preview(database: Database, day: date, now: datetime) -> str:
    """The text of a day's briefing as it would be made now, or why it cannot be."""
    try:
        facts = gather(database, day, now)
    except InputError as error:
        return str(error)
    lines = [f"第{facts.number}期（总第{facts.total_number}期）　{facts.office}　{day}", ""]
    for section in compose(facts):
        lines.append(section.heading)
        lines += [f"　　{lead + '。' if lead else ''}{text}{sources}" for lead, text, sources in section.paragraphs]
        lines += ["　　" + "　|　".join(cells) for cells in (section.grid.rows if section.grid else ())]
        lines.append("")
    return "\n".join(lines)


def hourly(members: Sequence[Stored], now: datetime, hours: int = 168) -> tuple[int, ...]:
    """Articles of a topic per hour over the last `hours`, the newest last."""
    end = floor_hour(now)
    counts = [0] * hours
    for item in members:
        back = int((end - floor_hour(item.published_at)) / HOUR)
        if 0 <= back < hours:
            counts[hours - 1 - back] += 1
    return tuple(counts)
