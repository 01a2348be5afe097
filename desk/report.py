"""Making briefings: the facts of one snapshot, what the officer planned, then the files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from briefing.compose import ADVICE, Plan, arranged
from briefing.daily import compose_daily, daily_sections
from briefing.docx import write_docx
from briefing.html import write_html
from briefing.issue import Issue, Kind, Section, frozen, thawed
from briefing.matter import compose_flash, compose_special, flash_sections, special_sections
from briefing.paper import free_path
from briefing.pdf import write_pdf
from briefing.periodic import compose_periodic, periodic_sections
from briefing.xlsx import write_xlsx
from desk.facts import daily_facts, matter_facts, period, period_facts
from desk.office import office
from desk.template import template
from domain.errors import ExportError, InputError, StoppedError
from domain.times import CHINA, china, china_day
from store import briefings, record, settings
from store.briefings import Kept
from store.database import Database

PLAN = "briefing_plan:"
DUE = time(10, 30)  # China time; domain.md section 8
Writer = Callable[[Issue, Path, bytes | None], None]
# A new format is one file in briefing/ and one line here; a writer gets the office's own Word template, or None.
FORMATS: dict[str, Writer] = {
    "docx": write_docx,
    "pdf": write_pdf,
    "xlsx": write_xlsx,
    "html": write_html,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which issue is meant: its kind, a day of its period, and the concern where it is about one."""

    kind: Kind
    day: date
    concern_id: int | None = None

    def __post_init__(self) -> None:
        if self.kind.of_concern and self.concern_id is None:
            raise InputError(f"{self.kind.label}是一件关切的，请先选一件（--concern）。")

    @property
    def last(self) -> date:
        """The day that its number is kept under: the last of its period."""
        return period(self.kind, self.day)[1]


@dataclass(frozen=True, slots=True)
class Sheet:
    """An issue at the desk: as it would be made, all its sections in the planned order, and the plan."""

    issue: Issue
    sections: tuple[Section, ...]
    plan: Plan
    missed: tuple[str, ...]
    final: bool


def make_briefing(
    database: Database,
    wanted: Wanted,
    formats: tuple[str, ...],
    folder: Path,
    who: str,
    now: datetime,
    *,
    final: bool = False,
    correct: bool = False,
    writers: Mapping[str, Writer] = FORMATS,
    told: Callable[[str], None] = lambda _: None,
    stopped: Callable[[], bool] = lambda: False,
) -> list[Path]:
    """Make an issue in each format; the paths.

    Existing files are kept, the new name counts up. Once it was made `final` (定稿) its text is frozen: made again
    it is the same; to put it right, `correct` makes a new issue that names the old. `told` hears of progress;
    where `stopped` says so, it ends between two formats with StoppedError and keeps nothing.
    """
    unknown = [name for name in formats if name not in writers]
    if unknown or not formats:
        raise InputError(f"还不支持“{(unknown or [''])[0]}”格式。可用的有：{'、'.join(writers)}。")
    told("正在汇总数据")
    issue, kept = issue_of(database, wanted, now, correct)
    already = kept is not None and kept.final
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(f"不能在“{folder}”里建文件夹。请换一个输出文件夹。") from error
    made: list[Path] = []
    look = template(database)
    draft = "" if final or already else "_草稿"
    name = f"{wanted.kind.label}_{wanted.last:%Y-%m-%d}_第{issue.head.number}期{draft}"
    for i, format in enumerate(formats, 1):
        if stopped():
            for path in made:
                path.unlink(missing_ok=True)
            raise StoppedError("已取消，没有生成简报。")
        told(f"正在生成 {format}（{i}/{len(formats)}）")
        path = free_path(folder / f"{name}.{format}")
        writers[format](issue, path, look)
        made.append(path)
    with database.write() as connection:
        id = kept.id if kept else 0
        if kept is None:
            label = wanted.kind.label
            old = briefings.latest(connection, label, wanted.last, wanted.concern_id) if correct else None
            numbers = issue.head.number, issue.head.total_number
            id = briefings.add(connection, label, wanted.last, numbers, now, wanted.concern_id, old.id if old else None)
        if final and not already:
            briefings.finish(connection, id, frozen(issue), now)
        action = f"{wanted.kind.label}定稿" if final and not already else f"生成{wanted.kind.label}"
        what = {"number": issue.head.number, "final": final or already, "files": [path.name for path in made]}
        record.append(connection, now, who, action, f"issue:{id}", None, what)
    return made


def draft_when_due(database: Database, folder: Path, now: datetime) -> list[Path]:
    """The day's draft as a Word file, once from the office's hour on; nothing where none is set or nothing came in."""
    at = office(database).draft_time
    if at is None or china(now).time() < at:
        return []
    wanted = Wanted(Kind.DAILY, last_day(datetime.combine(china_day(now), at, CHINA)))
    with database.read() as connection:
        if briefings.made(connection, Kind.DAILY.label, wanted.day):
            return []
    try:
        return make_briefing(database, wanted, ("docx",), folder, "定时任务", now)
    except InputError:
        return []


def issue_of(database: Database, wanted: Wanted, now: datetime, correct: bool = False) -> tuple[Issue, Kept | None]:
    """(the issue, as it is kept): the frozen one, or one composed from the facts as they are now.

    None where it was not made yet, or where `correct` asks for one that puts a final one right.
    """
    with database.read() as connection:
        kept = briefings.latest(connection, wanted.kind.label, wanted.last, wanted.concern_id)
    if kept is not None and kept.text is not None and not correct:
        return thawed(kept.text), kept
    issue, _ = _composed(database, wanted, now, kept, plan(database, wanted))
    return issue, None if kept is not None and kept.final else kept


def sheet(database: Database, wanted: Wanted, now: datetime) -> Sheet:
    """An issue to work on. Raises InputError where there is nothing to tell."""
    with database.read() as connection:
        kept = briefings.latest(connection, wanted.kind.label, wanted.last, wanted.concern_id)
    planned = plan(database, wanted)
    if kept is not None and kept.text is not None:
        issue = thawed(kept.text)
        return Sheet(issue, issue.sections, planned, (), True)
    issue, sections = _composed(database, wanted, now, kept, planned)
    ordered = arranged(sections, Plan(order=planned.order, items=planned.items))
    return Sheet(issue, tuple(ordered), planned, tuple(planned.missed(sections)), False)


def _composed(
    database: Database, wanted: Wanted, now: datetime, kept: Kept | None, planned: Plan
) -> tuple[Issue, list[Section]]:
    """(the issue that the facts make under a plan, its sections as the facts tell them)."""
    kind, corrects = wanted.kind, None
    if kept is not None and not kept.final:
        numbers = kept.number, kept.total
    else:
        corrects = kept.number if kept is not None else None
        with database.read() as connection:
            numbers = briefings.next_numbers(connection, kind.label, wanted.last.year)
    if kind is Kind.DAILY:
        daily = daily_facts(database, wanted.day, now, numbers, corrects)
        return compose_daily(daily, planned), daily_sections(daily)
    if wanted.concern_id is None:
        periodic = period_facts(database, kind, wanted.day, now, numbers, corrects)
        return compose_periodic(kind, periodic, planned), periodic_sections(kind, periodic)
    matter = matter_facts(database, wanted.concern_id, wanted.day, now, numbers, corrects)
    if kind is Kind.FLASH:
        return compose_flash(matter, planned), flash_sections(matter)
    return compose_special(matter, planned), special_sections(matter)


def plan(database: Database, wanted: Wanted) -> Plan:
    """What an officer set for an issue."""
    with database.read() as connection:
        kept = settings.read(connection, _plan_key(wanted)) or {}
    return Plan(
        frozenset(kept.get("omitted", ())),
        frozenset(kept.get("dropped", ())),
        tuple(kept.get("order", ())),
        tuple(kept.get("items", ())),
        dict(kept.get("edits", {})),
        str(kept.get("advice", "")),
    )


def set_plan(database: Database, wanted: Wanted, new: Plan) -> None:
    """Keep what an officer set for an issue: sections and items left out, their order, sentences, 研判与建议."""
    values = asdict(new)
    values["omitted"], values["dropped"] = sorted(new.omitted), sorted(new.dropped)
    with database.write() as connection:
        settings.write(connection, _plan_key(wanted), values)


def _plan_key(wanted: Wanted) -> str:
    concern = f":{wanted.concern_id}" if wanted.concern_id is not None else ""
    return f"{PLAN}{wanted.kind.code}:{wanted.last}{concern}"


def proposals(sections: tuple[Section, ...]) -> str:
    """The points that the facts propose for 研判与建议, a line each."""
    found = [section for section in sections if section.heading == ADVICE]
    return "\n".join("".join(s.text for s in p.sentences) for section in found for p in section.paragraphs)


def issued(database: Database) -> list[Kept]:
    """Issues made so far, of all kinds, the newest first."""
    with database.read() as connection:
        return briefings.issued(connection)


def last_day(now: datetime) -> date:
    """The day that a daily briefing made at `now` is about: until it is due at 10:30, the day before."""
    return china_day(now) - timedelta(days=1) if china(now).time() < DUE else china_day(now)


def default_day(kind: Kind, now: datetime) -> date:
    """A day of the period that one means by asking for an issue at `now`; on a Monday, last week."""
    if kind is Kind.DAILY:
        return last_day(now)
    return china_day(now) - timedelta(days=1) if kind.of_period else china_day(now)
