"""Drill (演练): a stored event replayed against the clocks, in a database of its own, ending with a result sheet."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from briefing.paper import free_path
from briefing.xlsx import write_table
from desk.clocks import CALENDAR, RULES
from desk.office import own_words
from domain.errors import InputError, StoreError
from domain.response import DeadlineState
from domain.times import parse_moment
from store import articles, cases, record, settings, sources, topics
from store.articles import Stored
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
        (folder / "feeds").mkdir(parents=True)
        mark = {"title": topic.name, "start": start.isoformat(), "reports": [_plain(item) for item in members]}
        (folder / MARK).write_text(json.dumps(mark, ensure_ascii=False), "utf-8")
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
        made[name].write_text(json.dumps(feed, ensure_ascii=False), "utf-8")
    return made


def results(database: Database, now: datetime) -> list[list[object]]:
    """What the drill came to: a row per deadline of each concern, those never judged too."""
    rows: list[list[object]] = []
    with database.read() as connection:
        for concern in reversed(cases.listing(connection)):
            judged = concern.judgement
            first = next(iter(cases.responses(connection, concern.id)), None)
            head: list[object] = [
                concern.title,
                concern.grade.label,
                concern.first_report_at,
                concern.found_at,
                judged.at if judged else None,
                first.published_at if first else None,
            ]
            clocks = cases.deadlines(connection, concern.id)
            for clock in clocks:
                hours = round((clock.met_at - clock.start_at) / timedelta(hours=1), 2) if clock.met_at else None
                rows.append([*head, clock.name, clock.due_at, clock.met_at, clock.state(now).label, hours])
            if not clocks:
                rows.append([*head, "", None, None, "没有判定" if judged is None else "", None])
    return rows


def write_results(database: Database, folder: Path, now: datetime) -> Path:
    """The result sheet as Excel, beside the drill's data."""
    path = free_path(folder / "演练结果.xlsx")
    return write_table(path, "演练结果", COLUMNS, results(database, now))


def summed_up(rows: Sequence[Sequence[object]]) -> str:
    """One sentence for the end of a drill."""
    states = [row[9] for row in rows]
    met, late = states.count(DeadlineState.MET.label), states.count(DeadlineState.LATE.label)
    over = states.count(DeadlineState.OVERDUE.label)
    return f"演练结束：按时 {met} 项，超时完成 {late} 项，超时未完成 {over} 项，未判定 {states.count('没有判定')} 件。"


def _plain(item: Stored) -> dict[str, object]:
    return {
        "id": item.id,
        "source": item.source,
        "title": item.title,
        "text": item.text,
        "url": item.url,
        "at": item.published_at.isoformat(),
    }
