"""Making the daily briefing: one snapshot of the store, then the files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from briefing.compose import ADVICE, DAILY, FLASH, NOTHING, Issue, Plan, compose, compose_flash, frozen, thawed
from briefing.docx import write_docx
from briefing.facts import CaseFact, Facts, FlashFacts, TopicFact
from briefing.html import page, write_html
from briefing.paper import free_path
from briefing.pdf import write_pdf
from briefing.xlsx import write_xlsx
from desk.office import office
from desk.sourcework import list_sources
from domain.article import SourceState
from domain.errors import ExportError, InputError
from domain.times import HOUR, china, china_day, day_bounds, floor_hour
from store import articles, briefings, cases, record, settings, topics
from store.articles import Stored
from store.briefings import Kept
from store.database import Database

MOST_TOPICS = 10
PLAN = "briefing_plan:"
DUE = time(10, 30)  # China time; domain.md section 8
# A new format is one file in briefing/ and one line here.
FORMATS: dict[str, Callable[[Issue, Path], None]] = {
    "docx": write_docx,
    "pdf": write_pdf,
    "xlsx": write_xlsx,
    "html": write_html,
}


def gather(database: Database, day: date, now: datetime, numbers: tuple[int, int]) -> Facts:
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
    running = [c for c in known if c.concern.state.running or any(r.published_at >= start for r in c.responses)]
    seen = list_sources(database, now)
    return Facts(
        day,
        *numbers,
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
    concern_id: int | None = None,
    correct: bool = False,
    told: Callable[[str], None] = lambda _: None,
) -> list[Path]:
    """Make the briefing of a day, or the 快报 of a concern, in each format; the paths.

    Existing files are kept, the new name counts up. Once it was made `final` (定稿) its text is frozen: made again
    it is the same; to put it right, `correct` makes a new issue that names the old. `told` hears of progress.
    """
    unknown = [name for name in formats if name not in FORMATS]
    if unknown or not formats:
        raise InputError(f"还不支持“{(unknown or [''])[0]}”格式。可用的有：{'、'.join(FORMATS)}。")
    issue, kept = issue_of(database, day, now, concern_id, correct)
    already = kept is not None and kept.final
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
        id = kept.id if kept else 0
        if kept is None:
            old = briefings.latest(connection, issue.kind, day, concern_id) if correct else None
            numbers = issue.number, issue.total_number
            id = briefings.add(connection, issue.kind, day, numbers, now, concern_id, old.id if old else None)
        if final and not already:
            briefings.finish(connection, id, frozen(issue), now)
        action = f"{issue.kind}定稿" if final and not already else f"生成{issue.kind}"
        what = {"number": issue.number, "final": final or already, "files": [path.name for path in made]}
        record.append(connection, now, who, action, f"issue:{id}", None, what)
    return made


def issue_of(
    database: Database, day: date, now: datetime, concern_id: int | None = None, correct: bool = False
) -> tuple[Issue, Kept | None]:
    """(the issue, as it is kept): the frozen one, or one composed from the facts as they are now.

    None where it was not made yet, or where `correct` asks for one that puts a final one right.
    """
    kind = DAILY if concern_id is None else FLASH
    with database.read() as connection:
        kept = briefings.latest(connection, kind, day, concern_id)
        fresh = briefings.next_numbers(connection, kind, day.year)
    if kept is not None and kept.text is not None and not correct:
        return thawed(kept.text), kept
    corrects = kept.number if kept is not None and kept.final else None
    if kept is not None and kept.final:
        kept = None
    numbers = (kept.number, kept.total) if kept else fresh
    if concern_id is not None:
        return compose_flash(_flash(database, concern_id, day, now, numbers), corrects), kept
    return compose(gather(database, day, now, numbers), plan(database, day), corrects), kept


def _flash(database: Database, concern_id: int, day: date, now: datetime, numbers: tuple[int, int]) -> FlashFacts:
    particulars = office(database)
    with database.read() as connection:
        concern = cases.get(connection, concern_id)
        topic = topics.get(connection, concern.topic_id)
        members = articles.of_topics(connection, [topic.id])[topic.id]
        told = tuple((s["text"], s["source"], s["article"]) for s in topics.summary(connection, topic.id))
        clocks = tuple(cases.deadlines(connection, concern_id))
        case = CaseFact(concern, clocks, tuple(cases.responses(connection, concern_id)))
        head = record.head(connection)
    fact = TopicFact(topic, told, hourly(members, now))
    return FlashFacts(day, *numbers, now, particulars.name, particulars.signer, fact, case, head)


def plan(database: Database, day: date) -> Plan:
    """What an officer set for the briefing of a day."""
    with database.read() as connection:
        kept = settings.read(connection, f"{PLAN}{day}") or {}
    return Plan(frozenset(kept.get("omitted", ())), str(kept.get("advice", "")))


def set_plan(database: Database, day: date, new: Plan) -> None:
    """Keep which sections of a day's briefing are left out, and the officer's own text of 研判与建议."""
    with database.write() as connection:
        settings.write(connection, f"{PLAN}{day}", {"omitted": sorted(new.omitted), "advice": new.advice})


def proposals(database: Database, day: date, now: datetime) -> str:
    """The points that the facts propose for 研判与建议, a line each; empty where nothing was collected."""
    try:
        issue = compose(gather(database, day, now, (0, 0)))
    except InputError:
        return ""
    found = next(section for section in issue.sections if section.heading.endswith(ADVICE))
    return "\n".join(text for _, text, _ in found.paragraphs if text != NOTHING)


def issued(database: Database) -> list[Kept]:
    """Issues made so far, of all kinds, the newest first."""
    with database.read() as connection:
        return briefings.issued(connection)


def last_day(now: datetime) -> date:
    """The day that a briefing made at `now` is about: until it is due at 10:30, the day before."""
    return china_day(now) - timedelta(days=1) if china(now).time() < DUE else china_day(now)


def preview(database: Database, day: date, now: datetime, concern_id: int | None = None) -> str:
    """The briefing of a day as a page, as it would be made now (or was made final), or why it cannot be."""
    try:
        return page(issue_of(database, day, now, concern_id)[0])
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
