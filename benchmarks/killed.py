"""Killing a scripted night at random moments (kill -9): what was acknowledged must be there; one JSON object.

Usage: killed.py --kills N. A child collects, judges, drafts, types, signs, publishes and acknowledges each step on a
pipe; it is killed, and the store is opened and compared with what was acknowledged. The peer is the same night let be.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import select
import signal
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.tiny import arguments
from desk.cases.reading import list_concerns, read_case
from desk.cases.writing import keep_typing, unsaved_text
from desk.collecting.collect import Collector
from desk.execute import execute
from desk.topics.monitor import list_topics, verify_record
from desk.topics.understand import segmented
from domain.article import Article, SourceTier
from domain.concern import ClockBasis, EventGrade
from domain.person import Actor
from domain.response import Channel, ResponseKind, Unsaved
from domain.steps.cases import JudgeConcern
from domain.steps.drafts import ApproveDraft, PublishDraft, ReviewDraft, WriteDraft
from domain.steps.office import SetOffice
from domain.steps.topics import FlagTopic
from store import articles, sources
from store.database import Database, open_database, sqlite_url

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
LOSS = 2.0  # seconds of typing that may be lost


def night(database: Database, tell: int) -> None:
    """Work for ever; each line on the pipe is a step that has been acknowledged."""

    def done(**what: object) -> None:
        os.write(tell, (json.dumps(what) + "\n").encode())

    execute(database, SetOffice(places=("临江",)), Actor("李敏"), START)
    with database.write() as connection:
        source = sources.add(connection, "feed", "http://x/a", "临江日报", SourceTier.CITY)
        sources.change(connection, source, paused=True)
    collector, now = Collector(database, START), START
    for i in range(10_000):
        now += timedelta(minutes=7)
        title = f"临江{chr(0x4E00 + 37 * i % 4000)}{chr(0x5E00 + 53 * i % 4000)}厂房发生爆炸"
        item = Article(f"k{i}", title, f"{title}，已致{i % 9 + 1}人受伤，消防救援人员已到现场。", "", now, now)
        with database.write() as connection:
            articles.add(connection, source, [segmented(item)])
        done(article=i)
        collector.understand(now)
        topic = next(t for t in list_topics(database, limit=5000) if t.first_at == now)
        known = {c.topic_id: c.id for c, _ in list_concerns(database)}
        id = known.get(topic.id) or execute(database, FlagTopic(topic.id, "夜班"), Actor("李敏"), now)
        done(concern=id)
        execute(database, JudgeConcern(id, grade=EventGrade.II, basis=ClockBasis.FOUND), Actor("李敏"), now)
        done(judged=id)
        for words in range(3):
            typed = Unsaved(id, "李敏", ResponseKind.ANSWER, "通报", "写" * (words + 1), now)
            keep_typing(database, typed)
            done(typed=id, length=words + 1)
        made = execute(
            database,
            WriteDraft(id, kind=ResponseKind.ANSWER, title="通报", body="情况、措施、结果"),
            Actor("李敏"),
            now,
        )
        done(drafted=id, version=made.version)
        execute(database, ReviewDraft(id, made.version), Actor("王强"), now)
        execute(database, ApproveDraft(id, made.version), Actor("王强"), now)
        execute(
            database,
            PublishDraft(id, made.version, channel=Channel.WEBSITE, link="https://x.gov.cn/1"),
            Actor("李敏"),
            now,
        )
        done(published=id)


def missing(database: Database, told: list[dict[str, int]]) -> list[str]:
    """What was acknowledged and is not there."""
    lost = []
    cases = {c.id: read_case(database, c.id) for c, _ in list_concerns(database)}
    with database.read() as connection:
        stored = articles.count(connection)
    last_typed: dict[int, int] = {}
    for step in told:
        if "article" in step and stored <= step["article"]:
            lost.append(f"article {step}")
        for key in ("concern", "judged", "drafted", "published"):
            if key in step and step[key] not in cases:
                lost.append(f"{key} {step}")
        if "judged" in step and not cases[step["judged"]].deadlines:
            lost.append(f"deadlines {step}")
        if "drafted" in step and step["version"] not in {d.version for d in cases[step["drafted"]].drafts}:
            lost.append(f"draft {step}")
        if "published" in step and not cases[step["published"]].responses:
            lost.append(f"response {step}")
        if "typed" in step:
            last_typed[step["typed"]] = step["length"]
        if "drafted" in step:
            last_typed.pop(step["drafted"], None)
    for id, length in last_typed.items():
        kept = unsaved_text(database, id, "李敏")
        made_already = bool(cases[id].drafts)
        if not made_already and (kept is None or len(kept.body) < length):
            lost.append(f"typed {id}")
    return lost


def killed_once(chance: random.Random, longest: float) -> tuple[int, list[str], bool]:
    """(acknowledged steps, what is missing, whether the record verifies) of one night that is killed."""
    with tempfile.TemporaryDirectory() as folder:
        url = sqlite_url(Path(folder))
        open_database(url).close()
        hear, tell = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(hear)
            try:
                night(open_database(url), tell)
            finally:
                os._exit(0)
        os.close(tell)
        select.select([hear], [], [], 60)  # until it has begun, which takes longer on a busy machine
        time.sleep(chance.uniform(0.05, longest))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(hear, "rb") as pipe:
            lines = pipe.read().split(b"\n")[:-1]
        told = [json.loads(line) for line in lines]
        database = open_database(url)
        lost, (_, misfit) = missing(database, told), verify_record(database)
        database.close()
        return len(told), lost, misfit is None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--longest", type=float, default=2.0, help="seconds a night may last")
    args = arguments(parser, kills=2, longest=1.0)
    chance = random.Random(1)
    steps, lost, broken = 0, [], 0
    for _ in range(args.kills):
        told, missed, whole = killed_once(chance, args.longest)
        steps += told
        lost += missed
        broken += not whole
    print(
        json.dumps(
            {"kills": args.kills, "acknowledged_steps": steps, "lost": lost, "records_that_do_not_verify": broken},
            ensure_ascii=False,
        )
    )
    sys.exit(bool(lost or broken or not steps))


if __name__ == "__main__":
    main()
