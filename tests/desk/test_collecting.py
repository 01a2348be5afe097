"""The collector as the window keeps it: one for a data folder, taken over, started again, ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from desk.execute import execute
from domain.person import Actor
from domain.steps.sources import AddSource
from domain.times import Clock
from gui.collecting import process as collecting
from gui.collecting.process import RETRY, CollectorProcess
from gui.operations import Operations
from store.lock import collector_lock, collector_running

MAIN = Path(__file__).resolve().parent.parent.parent / "main.py"
ITEM = ("临江化工园区一厂房发生爆炸", "消防救援人员已到现场。", "2026-11-20T08:40:00+08:00")


@pytest.fixture
def collectors(qtbot, tmp_path, database):
    made = []

    def make():
        operations = Operations(tmp_path, None, Clock())
        opened: list[object] = []
        operations.open(opened.append)
        qtbot.waitUntil(lambda: bool(opened), timeout=10_000)
        collector: Any = CollectorProcess(operations, every=20)
        collector.said = []
        collector.told = []
        collector.state.connect(collector.said.append)
        collector.rounds.connect(collector.told.append)
        made.append((operations, collector))
        return collector

    yield make
    for operations, collector in made:
        collector.stop()
        collector.finish(0.5)
        operations.close()
        operations.finish(1)


def test_second_window_starts_no_collector_but_shows_and_asks_the_first(
    collectors, qtbot, tmp_path, database, publisher, now, monkeypatch
):
    monkeypatch.setattr(collecting, "WATCH_MS", 200)
    monkeypatch.setattr(collecting, "LOOK", (1,))
    execute(database, AddSource(publisher.feed("/a", [ITEM]), "临江日报"), Actor("李敏"), now)
    first, second = collectors(), collectors()
    first.start()
    qtbot.waitUntil(lambda: bool(first.told), timeout=30_000)
    started = _counted(monkeypatch, second)
    second.start()
    qtbot.waitUntil(lambda: bool(second.told), timeout=5_000)
    assert second.said[0] == "另一个窗口在采集" and not second.running
    asked, seen = len(publisher.asked), len(second.told)
    second.collect_now()
    qtbot.waitUntil(lambda: len(publisher.asked) > asked and len(second.told) > seen, timeout=10_000)
    assert "已请另一个窗口采集" in second.said and not started
    # The first is killed, window and all: the second takes over.
    first.stop()
    os.kill(first._process.processId(), signal.SIGKILL)
    qtbot.waitUntil(lambda: second.running, timeout=10_000)
    qtbot.waitUntil(lambda: collector_running(tmp_path), timeout=10_000)
    assert len(started) == 1


def test_collector_that_cannot_start_is_tried_again_ever_later_and_says_why(collectors, qtbot, monkeypatch):
    collector = collectors()
    monkeypatch.setattr(collector, "_words", lambda: ["-c", "raise SystemExit('磁盘已满')"])
    collector.start()
    waits = []
    for i in range(9):
        qtbot.waitUntil(lambda i=i: sum("磁盘已满" in said for said in collector.said) == i + 1, timeout=10_000)
        waits.append(collector._again.interval() // 1000)
        collector._look()
    assert tuple(waits) == (*RETRY, RETRY[-1], RETRY[-1])
    assert "磁盘已满，5 秒后重试" in next(said for said in collector.said if "磁盘" in said)


def test_program_that_is_not_there_is_a_failure_too(collectors, qtbot, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    collector = collectors()
    collector.start()
    qtbot.waitUntil(lambda: "重试" in collector.said[-1] and not collector.running, timeout=5_000)


def test_collector_that_was_killed_is_started_again(collectors, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(collecting, "RETRY", (1,))
    collector = collectors()
    collector.start()
    qtbot.waitUntil(lambda: collector_running(tmp_path), timeout=20_000)
    before = collector._process.processId()
    os.kill(before, signal.SIGKILL)
    qtbot.waitUntil(lambda: collector.running and collector._process.processId() != before, timeout=10_000)


def test_looking_at_the_lock_disturbs_nobody_who_takes_it(tmp_path):
    script = f"""
import sys; sys.path.insert(0, {str(MAIN.parent)!r})
from pathlib import Path
from store.lock import collector_running
while True:
    collector_running(Path({str(tmp_path)!r}))
    print(flush=True)
"""
    looking = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    try:
        assert looking.stdout
        for _ in range(200):
            looking.stdout.readline()  # it looks again and again
            with collector_lock(tmp_path):
                pass
        assert looking.poll() is None
    finally:
        looking.kill()
        looking.wait()


def test_collector_ends_with_the_window_that_is_killed(tmp_path, database, publisher, now):
    execute(database, AddSource(publisher.feed("/a", [ITEM]), "临江日报"), Actor("李敏"), now)
    window = f"""
import subprocess, sys, time
child = subprocess.Popen([sys.executable, {str(MAIN)!r}, "--data", {str(tmp_path)!r}, "--json",
                          "collect", "--watch", "--attended"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
child.stdout.readline()
print(child.pid, flush=True)
time.sleep(600)
"""
    parent = subprocess.Popen([sys.executable, "-c", window], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    collector = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    assert _gone([collector], 10)


BUSY = """
import sys, threading, time
sys.path.insert(0, {root!r})
import subprocess
import commands.hear as hear
hear.ENDING = 0.5
helper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(helper.pid, flush=True)
hear._orders()
time.sleep(600)  # a round that does not end
"""


def test_collector_in_the_middle_of_a_round_ends_with_its_helpers():
    child = subprocess.Popen(
        [sys.executable, "-c", BUSY.format(root=str(MAIN.parent))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdin and child.stdout
    helper = psutil.Process(int(child.stdout.readline()))
    child.stdin.close()
    assert child.wait(10) == 0
    assert _gone([helper], 5)


def test_collector_ends_when_the_window_is_closed(collectors, qtbot, tmp_path):
    collector = collectors()
    collector.start()
    qtbot.waitUntil(lambda: collector_running(tmp_path), timeout=20_000)
    process = psutil.Process(collector._process.processId())
    before = time.perf_counter()
    collector.stop()
    assert time.perf_counter() - before < 0.1
    collector.finish(5)
    assert _gone([process], 1) and not collector_running(tmp_path)


def test_collector_that_does_not_listen_is_ended(collectors, qtbot, monkeypatch):
    collector = collectors()
    monkeypatch.setattr(collector, "_words", lambda: ["-c", "import time; time.sleep(600)"])
    collector.start()
    qtbot.waitUntil(lambda: collector._process.processId() > 0, timeout=5_000)
    process = psutil.Process(collector._process.processId())
    collector.stop()
    collector.finish(0.3)
    assert _gone([process], 2)


def _gone(processes, seconds):
    _, alive = psutil.wait_procs(processes, timeout=seconds)
    return all(one.status() == psutil.STATUS_ZOMBIE for one in alive)


def _counted(monkeypatch, collector):
    """Every start of a process by a collector."""
    started, run = [], collector._run
    monkeypatch.setattr(collector, "_run", lambda: (started.append(1), run()))
    return started
