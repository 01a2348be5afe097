"""What is done beside the collecting may go wrong in any way: it is told, and collecting goes on."""

from __future__ import annotations

import sqlite3

import pytest

import commands.hear
import commands.nightly
import desk.collecting.rounds
import desk.reporting.report
import desk.trimming
import main
from desk.execute import execute
from domain.errors import ExportError
from domain.person import Actor
from domain.steps.sources import AddSource
from store.database import open_database, sqlite_url

JOBS = {
    "draft": (desk.reporting.report, "draft_when_due"),
    "round kept": (desk.collecting.rounds, "keep_round"),
    "backup": (commands.nightly.Nightly, "look"),
    "memory": (desk.trimming.Trimming, "give_back"),
}
FAULTS = [
    ValueError("x"),
    ExportError("写不了。"),
    sqlite3.OperationalError("x"),
    MemoryError(),
    RecursionError(),
    OSError(28, "x"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
@pytest.mark.parametrize("job", JOBS)
def test_job_that_fails_does_not_end_the_collecting(job, fault, tmp_path, publisher, now, monkeypatch, capsys):
    database = open_database(sqlite_url(tmp_path))
    execute(
        database,
        AddSource(publisher.feed("/a", [("停水", "停水。", "2026-11-20T08:40:00+08:00")]), "临江日报"),
        Actor("李敏"),
        now,
    )
    database.close()
    asked = []

    def fail(*_, **__):
        asked.append(job)
        raise fault

    orders = iter(["now", "now", ""])
    monkeypatch.setattr(*JOBS[job], fail)
    monkeypatch.setattr(commands.hear, "_next_order", lambda *_: next(orders))
    monkeypatch.setattr(
        "sys.argv", ["main.py", "--data", str(tmp_path), "--now", "2026-11-20T12:00", "collect", "--watch"]
    )
    assert main.main() == 0
    assert len(asked) >= 2 and next(orders, None) is None
    assert "没有做成，采集照常进行" in capsys.readouterr().err
