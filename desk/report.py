"""Making the daily briefing: one snapshot of the store, then the files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from briefing.compose import Issue, compose, frozen, thawed
from briefing.docx import write_docx
from briefing.facts import CaseFact, Facts, TopicFact
from briefing.html import page, write_html
from briefing.paper import free_path
from briefing.pdf import write_pdf
from briefing.xlsx import write_xlsx
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
# A new format is one file in briefing/ and one line here.
FORMATS: dict[str, Callable[[Issue, Path], None]] = {
    "docx": write_docx,
    "pdf": write_pdf,
    "xlsx": write_xlsx,
    "html": write_html,
}


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
    database: Database,
    day: date,
    formats: tuple[str, ...],
    folder: Path,
    who: str,
    now: datetime,
    final: bool = False,
    told: Callable[[str], None] = lambda _: None,
) -> list[Path]:
    """Make the briefing of a day in each format; the paths. Existing files are kept, the new name counts up.

    Once it was made `final` (定稿) its text is frozen: made again it is the same. `told` hears of progress.
    """
    unknown = [name for name in formats if name not in FORMATS]
    if unknown or not formats:
        raise InputError(f"还不支持“{(unknown or [''])[0]}”格式。可用的有：{'、'.join(FORMATS)}。")
    issue, already = issue_of(database, day, now)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(f"不能在“{folder}”里建文件夹。请换一个输出文件夹。") from error
    made = []
    draft = "" if final or already else "_草稿"
    for name in formats:
        told(f"正在生成 {name}")
        path = free_path(folder / f"{issue.kind}_{day:%Y-%m-%d}_第{issue.number}期{draft}.{name}")
        FORMATS[name](issue, path)
        made.append(path)
    with database.write() as connection:
        briefings.keep(connection, day, issue.number, now, frozen(issue) if final and not already else None)
        what = {"number": issue.number, "final": final or already, "files": [path.name for path in made]}
        record.append(
            connection, now, who, "简报定稿" if final and not already else "生成简报", f"briefing:{day}", None, what
        )
    return made


def issue_of(database: Database, day: date, now: datetime) -> tuple[Issue, bool]:
    """(the issue of a day, whether it is final): the frozen one, or one composed from the facts as they are now."""
    with database.read() as connection:
        kept = briefings.frozen(connection, day)
    return (thawed(kept), True) if kept else (compose(gather(database, day, now)), False)


def issued(database: Database) -> list[tuple[date, int, datetime, bool]]:
    """Briefings made so far: (day, number, when, whether it is final), newest first."""
    with database.read() as connection:
        return briefings.issued(connection)


def last_day(now: datetime) -> date:
    """The day that a briefing made at `now` is about: until it is due at 10:30, the day before."""
    return china_day(now) - timedelta(days=1) if china(now).time() < DUE else china_day(now)


def preview(database: Database, day: date, now: datetime) -> str:
    """The briefing of a day as a page, as it would be made now (or was made final), or why it cannot be."""
    try:
        return page(issue_of(database, day, now)[0])
    except InputError as error:
        return str(error)


def hourly(members: Sequence[Stored], now: datetime, hours: int = 168) -> tuple[int, ...]:
    """Articles of a topic per hour over the last `hours`, the newest last."""
    end = floor_hour(now)
    counts = [0] * hours
    for item in members:
        back = int((end - floor_hour(item.published_at)) / HOUR)
        if 0 <= back < hours:
            counts[hours - 1 - back] += 1
    return tuple(counts)
