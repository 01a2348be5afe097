"""Opening cases in a store with many: one case, the list, the reminders, the year's figures, the ledger; one JSON object.

Usage: cases.py --cases N. The peer is reading the same rows by plain SQL.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import select, text

from benchmarks.tiny import arguments
from desk.cases.reading import followups, list_concerns, read_case
from desk.collecting.collect import Collector
from desk.office import reminding
from desk.reporting import ledger
from domain.concern import ConcernState, EventGrade
from domain.response import Channel, ResponseKind
from store.database import Database, open_database, sqlite_url
from store.schema import article, concern, deadline, deadline_entry, draft, response, source, topic

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
RUNNING = 300  # of the cases at most, the newest; the others are closed


Rows = dict[Any, list[dict[str, Any]]]


def fill(database: Database, count: int) -> None:
    """Cases over a year, each with a topic, two articles, two clocks, a draft and a response."""
    names = ("滨河花园停水", "江北路施工扰民", "校车停运", "医保结算", "供暖不热")
    rows: Rows = {t: [] for t in (topic, article, concern, deadline, deadline_entry, draft, response)}
    for i in range(1, count + 1):
        at = NOW - timedelta(hours=(count - i) * 8760 / count)
        name = f"{names[i % 5]}（{i}）"
        closed = i <= max(count - RUNNING, count // 2)
        _heard(rows, i, name, at)
        _judged(rows, i, name, at, closed)
        _answered(rows, i, name, at, closed)
    with database.write() as connection:
        connection.execute(source.insert().values(id=1, kind="feed", url="x", name="临江日报", tier="city"))
        for table, some in rows.items():
            connection.execute(table.insert(), some)


def _heard(rows: Rows, i: int, name: str, at: datetime) -> None:
    """The topic of a case and its articles."""
    shared = {"keywords": ["停水", "小区"], "summary": [], "heat_parts": {}, "enough": True, "rising": 0}
    place = {"area": "城乡建设与管理", "places": ["临江"], "local": True, "events": [], "held": ""}
    counts = {"heat": 20.0, "articles": 2, "sources": 2, "carriers": 0, "first_source": "临江日报"}
    rows[topic].append({"id": i, "name": name, "first_at": at, "last_at": at, "hours": {}, **shared, **place, **counts})
    for k in range(2):
        words = {"title_words": "停水 小区", "text_words": "停水 小区 抢修"}
        moments = {"published_at": at, "fetched_at": at, "date_note": ""}
        texts = {"title": name, "text": name * 5, "url": "", "publisher": ""}
        one = {"id": 2 * i + k, "source_id": 1, "key": f"{i}-{k}", "topic_id": i}
        rows[article].append({**one, **texts, **words, **moments})


def _judged(rows: Rows, i: int, name: str, at: datetime, closed: bool) -> None:
    """The concern of a case, judged."""
    judged = {
        "grade": EventGrade.NONE.code,
        "attention": "blue",
        "category": "",
        "basis": "found",
        "basis_at": at.isoformat(),
        "unit": f"单位{i % 40}",
        "disposition": "hardship",
        "by": "李敏",
        "at": at.isoformat(),
    }
    evidence = [{"article": 2 * i, "sentence": name, "source": "临江日报"}]
    rows[concern].append(
        {
            "id": i,
            "topic_id": i,
            "title": name,
            "state": (ConcernState.CLOSED if closed else ConcernState.OPEN).code,
            "reasons": [{"code": "public-interest", "words": "2 篇提到停水", "evidence": evidence}],
            "suggested_grade": "none",
            "grade_ground": "",
            "suggested_attention": "blue",
            "found_at": at,
            "first_report_at": at,
            "judgement": judged,
            "outcome": "",
            "version": 1,
        }
    )


def _answered(rows: Rows, i: int, name: str, at: datetime, closed: bool) -> None:
    """The clock of a case, its draft, and the response where it is closed."""
    due, met = at + timedelta(hours=48), at + timedelta(hours=30) if closed else None
    clock = {"code": "response-48h", "name": "予以回应", "source": "61号", "how": "…"}
    rows[deadline].append({"id": i, "concern_id": i, "start_at": at, "due_at": due, "met_at": met, **clock})
    entry = {"who": "李敏", "kind": "started", "reason": "判定"}
    rows[deadline_entry].append({"deadline_id": i, "at": at, "due_at": due, **entry})
    written = {"version": 1, "kind": "answer", "author": "李敏", "written_at": at, "state": "published"}
    rows[draft].append({"id": i, "concern_id": i, "title": name, "body": name * 20, **written})
    if met:
        said = {"kind": ResponseKind.ANSWER.code, "channel": Channel.WEBSITE.code, "link": "https://x.gov.cn/1"}
        texts = {"title": name, "text": name * 20, "published_at": met, "by": "李敏"}
        rows[response].append({"concern_id": i, "draft_id": i, **texts, **said})


def timed(work: Callable[[], Any], times: int = 9) -> float:
    """The median of several runs, in milliseconds."""
    found = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        found.append((time.perf_counter() - started) * 1000)
    return round(statistics.median(found), 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    args = arguments(parser, cases=40)
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(sqlite_url(Path(folder)))
        fill(database, args.cases)
        id = args.cases - 5

        def plain() -> Any:
            with database.read() as connection:
                return [
                    connection.execute(text(f"SELECT * FROM {t} WHERE concern_id = {id}")).all()
                    for t in ("deadline", "draft", "response")
                ], connection.execute(select(concern)).all()

        collector = Collector(database, NOW)
        out = {
            "cases": args.cases,
            "open_one_ms": timed(lambda: (read_case(database, id), followups(database, id, NOW))),
            "list_all_ms": timed(lambda: list_concerns(database)),
            "list_running_ms": timed(lambda: list_concerns(database, running_only=True)),
            "reminders_ms": timed(lambda: reminding.give(database, NOW)),
            "year_figures_ms": timed(lambda: ledger.figures(database, date(2025, 11, 20), date(2026, 11, 20), NOW), 3),
            "ledger_xlsx_ms": timed(lambda: ledger.export_ledger(database, Path(folder) / "x.xlsx", NOW), 1),
            "understand_ms": timed(lambda: collector.understand(NOW), 3),
            "peer": "plain SQL rows of one case and all concerns",
            "peer_ms": timed(plain),
        }
        database.close()
    print(json.dumps(out, ensure_ascii=False))


if __name__ == "__main__":
    main()
