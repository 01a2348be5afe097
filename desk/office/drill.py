"""Drill (演练): a stored event replayed against the clocks, in a database of its own, ending with a result sheet."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from briefing.xlsx import write_table
from desk.cases.deadlines import CALENDAR, RULES
from desk.office.particulars import own_words
from domain.article import StoredArticle
from domain.concern import Concern, ConcernState
from domain.errors import InputError, StoreError
from domain.files import free_path, whole_file
from domain.private import make_folder, open_private
from domain.response import Deadline, DeadlineState, answers
from domain.times import parse_moment
from store import articles, cases, record, settings, sources, topics
from store.database import Database, open_database, sqlite_url

NAME, MARK = "演练", "演练.json"
BEFORE = timedelta(minutes=5)  # the drill's clock begins so long before the first report
COLUMNS = ("关切", "等级", "首发", "发现", "判定", "首次回应", "时限", "到期", "完成", "结果", "用时(小时)")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A drill that can begin: its folder, where its clock starts, what it is called, how many reports it has."""

    folder: Path
    start: datetime
    title: str
    reports: int


@dataclass(frozen=True, slots=True)
class DrillRow:
    """One deadline of a drill's concern, or a concern that has none, with its first response."""

    concern: Concern
    answered_at: datetime | None
    deadline: Deadline | None
    state: DeadlineState | None

    @property
    def unjudged(self) -> bool:
        """Whether nobody judged it."""
        return self.concern.state is ConcernState.FLAGGED

    @property
    def hours(self) -> float | None:
        """Hours from the deadline's start to what met it."""
        clock = self.deadline
        return round((clock.met_at - clock.start_at) / timedelta(hours=1), 2) if clock and clock.met_at else None

    def cells(self) -> list[object]:
        """The row of the result sheet; see COLUMNS."""
        concern, clock = self.concern, self.deadline
        result = self.state.label if self.state else "没有判定" if concern.judgement is None else ""
        return [
            concern.title,
            concern.grade.label,
            concern.first_report_at,
            concern.found_at,
            concern.judgement.at if concern.judgement else None,
            self.answered_at,
            clock.name if clock else "",
            clock.due_at if clock else None,
            clock.met_at if clock else None,
            result,
            self.hours,
        ]


def prepare(database: Database, topic_id: int, parent: Path, now: datetime) -> Prepared:
    """Make a database of its own for a topic's reports, with the office's settings and rules, empty of cases."""
    with database.read() as connection:
        topic = topics.get(connection, topic_id)
        members = articles.of_topics(connection, [topic.id])[topic.id]
        kept = {key: settings.read(connection, key) for key in ("office", CALENDAR, RULES)}
    if not members:
        raise InputError("这个话题没有可以回放的报道。")
    kept["concern_words"] = own_words(database)
    folder = parent / NAME / f"{now:%Y%m%d_%H%M%S}"
    start = members[0].published_at - BEFORE
    try:
        make_folder(folder / "feeds")
        mark = {"title": topic.name, "start": start.isoformat(), "reports": [_plain(item) for item in members]}
        with open_private(folder / MARK, "w") as out:
            out.write(json.dumps(mark, ensure_ascii=False))
    except OSError as error:
        raise StoreError("不能建立演练的文件夹。请检查数据文件夹是否可写、磁盘是否已满。") from error
    made = open_database(sqlite_url(folder))
    try:
        with made.write() as connection:
            for key, value in kept.items():
                if value:
                    settings.write(connection, key, value)
            for name, path in publish(folder, start).items():
                tier = next(item.tier for item in members if item.source == name)
                sources.add(connection, "feed", str(path), name, tier)
            record.append(connection, start, "演练", "开始演练", "drill", None, {"topic": topic.name})
    finally:
        made.close()
    return Prepared(folder, start, topic.name, len(members))


def opened(folder: Path) -> Prepared | None:
    """The drill that a data folder belongs to, None for the real one."""
    if not (folder / MARK).exists():
        return None
    mark = json.loads((folder / MARK).read_text("utf-8"))
    return Prepared(folder, parse_moment(mark["start"]), mark["title"], len(mark["reports"]))


def publish(folder: Path, until: datetime) -> dict[str, Path]:
    """Write each source's feed with its reports up to a moment of the drill; source → file."""
    reports = json.loads((folder / MARK).read_text("utf-8"))["reports"]
    made = {}
    for i, name in enumerate(dict.fromkeys(report["source"] for report in reports)):
        items = [
            {
                "id": str(report["id"]),
                "title": report["title"],
                "content_text": report["text"],
                "date_published": report["at"],
                **({"url": report["url"]} if report["url"] else {}),
            }
            for report in reports
            if report["source"] == name and parse_moment(report["at"]) <= until
        ]
        feed = {"version": "https://jsonfeed.org/version/1.1", "title": name, "items": items}
        made[name] = folder / "feeds" / f"{i}.json"
        with whole_file(made[name], flush=False) as partial:  # the collector reads it meanwhile
            partial.write_text(json.dumps(feed, ensure_ascii=False), "utf-8")
    return made


def results(database: Database, now: datetime) -> list[DrillRow]:
    """What the drill came to: a row per deadline of each concern, those never judged too."""
    rows: list[DrillRow] = []
    with database.read() as connection:
        for concern in reversed(cases.listing(connection)):
            said = cases.responses(connection, concern.id)
            answered = next((r.published_at for r in said if answers(r.kind, concern.disposition)), None)
            clocks = [clock for clock in cases.deadlines(connection, concern.id) if not clock.replaced]
            rows += [DrillRow(concern, answered, clock, clock.state(now)) for clock in clocks]
            if not clocks:
                rows.append(DrillRow(concern, answered, None, None))
    return rows


def write_results(database: Database, folder: Path, now: datetime) -> Path:
    """The result sheet as Excel, beside the drill's data."""
    path = free_path(folder / "演练结果.xlsx")
    return write_table(path, "演练结果", COLUMNS, [row.cells() for row in results(database, now)])


def summed_up(rows: Sequence[DrillRow]) -> str:
    """One sentence for the end of a drill."""
    states = [row.state for row in rows]
    met, late = states.count(DeadlineState.MET), states.count(DeadlineState.LATE)
    over, unjudged = states.count(DeadlineState.OVERDUE), len({row.concern.id for row in rows if row.unjudged})
    entered = states.count(DeadlineState.ENTERED_LATE)
    apart = f"按时（补录）{entered} 项，" if entered else ""
    return f"演练结束：按时 {met} 项，{apart}超时完成 {late} 项，超时未完成 {over} 项，未判定 {unjudged} 件。"


def _plain(item: StoredArticle) -> dict[str, object]:
    return {
        "id": item.id,
        "source": item.source,
        "title": item.title,
        "text": item.text,
        "url": item.url,
        "at": item.published_at.isoformat(),
    }
