"""Making briefings: the facts of one snapshot, what the officer planned, then the files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from briefing.compose import ADVICE as ADVICE
from briefing.compose import arranged, missed, planned
from briefing.compose import item_key as item_key
from briefing.daily import daily_material
from briefing.docx import write_docx
from briefing.faces import substitutes
from briefing.html import page, write_html
from briefing.issue import Issue, Section, frozen, thawed
from briefing.matter import flash_material, special_material
from briefing.pdf import write_pdf
from briefing.periodic import periodic_material
from briefing.renewal import Offer as Offer
from briefing.renewal import offers, renewed
from briefing.xlsx import write_xlsx
from desk.execute import execute
from desk.office.particulars import office
from desk.reporting.facts import added_item, added_topic, cited, daily_facts, matter_facts, period_facts
from desk.reporting.issuing import latest, material_of, plan_of
from desk.reporting.template import in_own_look
from domain.briefing import AddedItem, IssueKind, Plan, Wanted
from domain.errors import ConflictError, ExportError, InputError, StoppedError
from domain.files import free_path
from domain.person import Actor, Proof
from domain.private import make_folder
from domain.steps.briefings import KeepBriefing, RenewBriefing
from domain.times import CHINA, china, china_day
from store import briefings
from store.briefings import StoredIssue as StoredIssue
from store.database import Database

DUE = time(10, 30)  # China time; docs/domain.md section 8
Writer = Callable[[Issue, Path, bytes | None], None]
# A new format is one file in briefing/ and one line here; a writer gets the office's own Word template, or None.
FORMATS: dict[str, Writer] = {
    "docx": write_docx,
    "pdf": write_pdf,
    "xlsx": write_xlsx,
    "html": write_html,
}


@dataclass(frozen=True, slots=True)
class BriefingSheet:
    """An issue at the desk: as it would be made, all its sections in the planned order, and the plan.

    `material` is what it is made of; where it is fixed, `fresh` is what the facts tell by now and `offers` what of that is
    new.
    """

    issue: Issue
    sections: tuple[Section, ...]
    plan: Plan
    missed: tuple[str, ...]
    final: bool
    material: Issue | None = None
    fresh: Issue | None = None
    offers: tuple[Offer, ...] = ()


def make_briefing(
    database: Database,
    wanted: Wanted,
    formats: tuple[str, ...],
    folder: Path,
    actor: Actor,
    now: datetime,
    *,
    final: bool = False,
    correct: bool = False,
    seen: Issue | None = None,
    made_of: Issue | None = None,
    writers: Mapping[str, Writer] = FORMATS,
    told: Callable[[str], None] = lambda _: None,
    stopped: Callable[[], bool] = lambda: False,
) -> list[Path]:
    """Make an issue in each format; the paths.

    Existing files are kept, the new name counts up. Once it was made `final` (定稿) its text is frozen: made again
    it is the same; to put it right, `correct` makes a new issue that names the old. With `seen` exactly that issue is
    made, as somebody saw it, or none: ConflictError where it became final or took another number meanwhile. Without
    it the issue is composed of what it was fixed on by its first draft or edit, where there was none, of the facts as
    they are now; `made_of` is the material of what was seen. `told` hears of progress;
    where `stopped` says so, it ends between two formats with StoppedError and keeps nothing.
    """
    unknown = [name for name in formats if name not in writers]
    if unknown or not formats:
        raise InputError(f"还不支持“{(unknown or [''])[0]}”格式。可用的有：{'、'.join(writers)}。")
    try:
        make_folder(folder)
    except OSError as error:
        raise ExportError(f"不能在“{folder}”里建文件夹。请换一个输出文件夹。") from error
    for last in (False, False, True):
        told("正在汇总数据")
        if seen is None:
            issue, kept, material = _as_it_is(database, wanted, now, correct)
        else:
            issue, kept = _as_seen(database, wanted, seen, correct)
            material = made_of
        made: list[Path] = []
        try:
            for path in _written(database, wanted, issue, kept, final, formats, folder, writers, told, stopped):
                made.append(path)
            step = _keeping(database, wanted, issue, kept, final, made, correct)
            execute(database, replace(step, material=frozen(material) if material else None), actor, now)
            return made
        except ConflictError:  # somebody made this issue, or took its number, meanwhile: made anew with what is now
            _drop(made)
            if last or seen is not None:  # another issue than the one that was seen is nobody's to make
                raise
        except BaseException:
            _drop(made)
            raise
    raise AssertionError("the last try either returns or raises")


def _written(
    database: Database,
    wanted: Wanted,
    issue: Issue,
    kept: StoredIssue | None,
    final: bool,
    formats: tuple[str, ...],
    folder: Path,
    writers: Mapping[str, Writer],
    told: Callable[[str], None],
    stopped: Callable[[], bool],
) -> Iterator[Path]:
    """The files of an issue, one after the other. Raises StoppedError between two of them."""
    own = in_own_look(database, issue) if {"docx", "pdf"} & set(formats) else None
    draft = "" if final or (kept is not None and kept.final) else "_草稿"
    name = f"{wanted.kind.label}_{wanted.last:%Y-%m-%d}_第{issue.head.number}期{draft}"
    for i, format in enumerate(formats, 1):
        if stopped():
            raise StoppedError("已取消，没有生成简报。")
        told(f"正在生成 {format}（{i}/{len(formats)}）")
        path = free_path(folder / f"{name}.{format}")
        writers[format](issue, path, own)
        yield path


def _keeping(
    database: Database,
    wanted: Wanted,
    issue: Issue,
    kept: StoredIssue | None,
    final: bool,
    made: Sequence[Path],
    correct: bool,
) -> KeepBriefing:
    """The step that keeps an issue as it was just made."""
    already = kept is not None and kept.final
    corrects = None
    if kept is None and correct:
        with database.read() as connection:
            old = latest(connection, wanted)
        corrects = old.id if old else None
    return KeepBriefing(
        wanted.kind,
        wanted.day,
        wanted.concern_id,
        issue.head.number,
        issue.head.total_number,
        tuple(path.name for path in made),
        final or already,
        corrects,
        kept.text if kept is not None and kept.final else frozen(issue) if final else None,
    )


def _drop(made: Iterable[Path]) -> None:
    for path in made:
        path.unlink(missing_ok=True)


def draft_when_due(database: Database, folder: Path, now: datetime) -> list[Path]:
    """The day's draft as a Word file, once from the office's hour on; nothing where none is set or nothing came in."""
    at = office(database).draft_time
    if at is None or china(now).time() < at:
        return []
    wanted = Wanted(IssueKind.DAILY, last_day(datetime.combine(china_day(now), at, CHINA)))
    with database.read() as connection:
        if briefings.made(connection, IssueKind.DAILY, wanted.day):
            return []
    try:
        return make_briefing(database, wanted, ("docx",), folder, Actor("定时任务", Proof.PROGRAM), now)
    except (InputError, ConflictError):  # nothing came in, or somebody is making it just now
        return []


def issue_of(
    database: Database, wanted: Wanted, now: datetime, correct: bool = False
) -> tuple[Issue, StoredIssue | None]:
    """(the issue, as it is kept): the frozen one, or one composed from the facts as they are now.

    None where it was not made yet, or where `correct` asks for one that puts a final one right.
    """
    with database.read() as connection:
        kept = latest(connection, wanted)
    if kept is not None and kept.text is not None and not correct:
        return thawed(kept.text), kept
    issue, kept, _ = _as_it_is(database, wanted, now, correct)
    return issue, kept


def _as_it_is(
    database: Database, wanted: Wanted, now: datetime, correct: bool
) -> tuple[Issue, StoredIssue | None, Issue | None]:
    """(the issue, as it is kept, what it is made of); the frozen one is made of nothing any more."""
    with database.read() as connection:
        kept = latest(connection, wanted)
        fixed = None if correct else material_of(connection, wanted)
    if kept is not None and kept.text is not None and not correct:
        return thawed(kept.text), kept, None
    material = fixed or _material(database, wanted, now, kept)
    issue = _planned(database, wanted, material, plan(database, wanted))
    return issue, None if kept is not None and kept.final else kept, material


def _as_seen(database: Database, wanted: Wanted, seen: Issue, correct: bool) -> tuple[Issue, StoredIssue | None]:
    """(the issue that somebody saw, as it is kept). Raises ConflictError where it was made final with another text."""
    with database.read() as connection:
        kept = latest(connection, wanted)
    if kept is not None and kept.text is not None and not correct and frozen(seen) != frozen(thawed(kept.text)):
        raise ConflictError(f"别人刚刚把第 {kept.number} 期{wanted.kind.label}定了稿，您的没有保存。请再看一遍。")
    return seen, None if correct and kept is not None and kept.final else kept


def reads_alike(one: Issue, other: Issue) -> bool:
    """Whether two issues say the same, whenever they were composed."""
    head = replace(one.head, made_at=other.head.made_at, head_hash=other.head.head_hash)
    return replace(one, head=head) == other


def correction(database: Database, wanted: Wanted, now: datetime) -> Issue:
    """The issue that would put a final one right, as the facts make it now; to be seen before it is made."""
    return issue_of(database, wanted, now, True)[0]


def sheet(database: Database, wanted: Wanted, now: datetime) -> BriefingSheet:
    """An issue to work on. Raises InputError where there is nothing to tell."""
    with database.read() as connection:
        kept, fixed = latest(connection, wanted), material_of(connection, wanted)
    set_as = plan(database, wanted)
    if kept is not None and kept.text is not None:
        issue = thawed(kept.text)
        return BriefingSheet(issue, issue.sections, set_as, (), True)
    try:
        fresh = _material(database, wanted, now, kept)
    except InputError:  # nothing to tell any more, of a day that was trimmed away
        if fixed is None:
            raise
        fresh = fixed
    material = fixed or fresh
    ordered = arranged(material.sections, Plan(order=set_as.order, items=set_as.items, added=set_as.added))
    return BriefingSheet(
        _planned(database, wanted, material, set_as),
        tuple(ordered),
        set_as,
        tuple(missed(set_as, ordered)),
        False,
        material,
        fresh if fixed else None,
        tuple(offers(fixed, fresh)) if fixed else (),
    )


def renewing(wanted: Wanted, sheet: BriefingSheet, taken: Sequence[Offer] | None) -> RenewBriefing:
    """The step that takes what is offered of an issue that was seen: some of it, or all there is by now."""
    if sheet.material is None or sheet.fresh is None:
        raise InputError("这一期没有固定，现在显示的就是最新的材料。")
    new = sheet.fresh if taken is None else renewed(sheet.material, sheet.fresh, taken)
    names = tuple(offer.name for offer in taken or sheet.offers)
    return RenewBriefing(wanted.kind, wanted.day, wanted.concern_id, names, frozen(new))


def renew(database: Database, wanted: Wanted, actor: Actor, now: datetime) -> None:
    """Fix an issue that was fixed before on all that the facts tell now. Raises ConflictError once it is final."""
    seen = sheet(database, wanted, now)
    if seen.fresh is not None:
        execute(database, renewing(wanted, seen, None), actor, now)


def item_of(database: Database, article_id: int) -> AddedItem:
    """A report as an item of 今日要情: its title, its first sentences, who tells it. Raises NotFoundError."""
    with database.read() as connection:
        return added_item(connection, article_id)


def item_of_topic(database: Database, topic_id: int) -> AddedItem:
    """A topic as an item of 今日要情, told by its summary. Raises NotFoundError."""
    with database.read() as connection:
        return added_topic(connection, topic_id)


def _planned(database: Database, wanted: Wanted, material: Issue, set_as: Plan) -> Issue:
    """The issue of a material under a plan, with the number that it would get now, and what items by hand rest on."""
    with database.read() as connection:
        number, total = briefings.next_numbers(connection, wanted.kind, wanted.last.year)
        too = cited(connection, [id for item in set_as.added for id in item.articles])
    head = replace(material.head, number=number, total_number=total)
    return planned(replace(material, head=head), set_as, too)


def _material(database: Database, wanted: Wanted, now: datetime, kept: StoredIssue | None) -> Issue:
    """What the facts make now, before anything is planned."""
    kind, corrects = wanted.kind, None
    if kept is not None and kept.final:
        corrects = kept.number
    with database.read() as connection:
        numbers = briefings.next_numbers(connection, kind, wanted.last.year)
    if kind is IssueKind.DAILY:
        return daily_material(daily_facts(database, wanted.day, now, numbers, corrects))
    if wanted.concern_id is None:
        return periodic_material(kind, period_facts(database, kind, wanted.day, now, numbers, corrects))
    matter = matter_facts(database, wanted.concern_id, wanted.day, now, numbers, corrects)
    return flash_material(matter) if kind is IssueKind.FLASH else special_material(matter)


def plan(database: Database, wanted: Wanted) -> Plan:
    """What an officer set for an issue."""
    with database.read() as connection:
        return plan_of(connection, wanted)


def faces_said(formats: Sequence[str]) -> str:
    """Which faces of the standard the printed file lacks, where one is among the formats; "" where none is missing."""
    return substitutes() if "pdf" in formats else ""


def page_of(issue: Issue) -> str:
    """The issue as a page of HTML, to be looked at; all that comes from outside is escaped in it."""
    return page(issue, "png")


def proposals(sections: tuple[Section, ...]) -> str:
    """The points that the facts propose for 研判与建议, a line each."""
    advice = [section for section in sections if section.heading == ADVICE]
    return "\n".join("".join(s.text for s in p.sentences) for section in advice for p in section.paragraphs)


def issued(database: Database) -> list[StoredIssue]:
    """Issues made so far, of all kinds, the newest first."""
    with database.read() as connection:
        return briefings.issued(connection)


def last_day(now: datetime) -> date:
    """The day that a daily briefing made at `now` is about: until it is due at 10:30, the day before."""
    return china_day(now) - timedelta(days=1) if china(now).time() < DUE else china_day(now)


def default_day(kind: IssueKind, now: datetime) -> date:
    """A day of the period that one means by asking for an issue at `now`; on a Monday, last week."""
    if kind is IssueKind.DAILY:
        return last_day(now)
    return china_day(now) - timedelta(days=1) if kind.of_period else china_day(now)
