"""Reading apart: what takes too long, too much or dies is a fault of one source, and the next is read as ever."""

import asyncio
import ctypes
import os
import pickle
import re
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from domain.errors import FetchError, InputError, SourceError
from sources.apart import RESULT, send
from sources.workers import LIMITS, Limits, Workers, _Worker, read_apart, run_apart

ROOT = Path(__file__).resolve().parent.parent.parent
SHORT = Limits(1.0, 256)
ASLEEP = Limits(1.0, 256, 3.0)


def held() -> None:
    """Hold the interpreter for ever, as a regular expression that looks back does."""
    re.match(r"(a|a)*$", "a" * 60 + "b")


def slept() -> None:
    time.sleep(600)


def waited(words: str) -> str:
    time.sleep(1.5)
    return words


def computed(seconds: float) -> float:
    began = time.process_time()
    while time.process_time() - began < seconds:
        pass
    return time.process_time() - began


def filled() -> int:
    return len(bytearray(2 << 30))


def grew() -> list[str]:
    found = []
    while True:
        found.append("公" * 1_000_000)


def crashed() -> None:
    ctypes.string_at(0)


def killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def left() -> None:
    raise SystemExit(3)


def failed() -> None:
    raise ZeroDivisionError("a defect of ours")


def refused(sentence: str) -> None:
    raise InputError(sentence)


def gone() -> None:
    raise FetchError("没有了", gone=True)


def unpicklable() -> object:
    return lambda: None


def said(words: str) -> str:
    print("这一行不应进入管道", flush=True)
    return words * 2


def open_files() -> list[str]:
    return [str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.exists()]


@pytest.fixture(scope="module")
def pool():
    workers = Workers(2)
    yield workers
    workers.close()


@pytest.mark.parametrize(
    ("work", "words"),
    [
        (held, "算了 1 秒"), (slept, "等了 3 秒"), (filled, "256 MB"), (grew, "256 MB"),
        (crashed, "中断"), (killed, "中断"), (left, "中断"), (failed, "意料之外"), (unpicklable, "意料之外"),
    ],
)  # fmt: skip
def test_what_a_publisher_does_to_a_process_is_one_fault_and_the_next_is_read(pool, work, words):
    others = [pool.submit(LIMITS, said, f"{i}") for i in range(3)]
    began = time.monotonic()
    with pytest.raises(SourceError, match=words):
        pool.submit(ASLEEP if work is slept else SHORT, work).result(timeout=60)
    assert time.monotonic() - began < 40
    assert [future.result(timeout=20) for future in others] == ["00", "11", "22"]
    assert [pool.submit(LIMITS, said, "还在").result(timeout=20) for _ in range(4)] == ["还在还在"] * 4


def test_slow_machine_is_not_the_fault_of_what_is_read(pool):
    """What computes for less than its time is read, however long the machine lets it wait."""
    assert pool.submit(Limits(0.5, 256, 30.0), waited, "好").result(timeout=20) == "好"
    for _ in range(3):  # what one job computed is not held against the next
        assert pool.submit(Limits(0.5, 256, 30.0), computed, 0.3).result(timeout=20) >= 0.3


def test_faults_come_back_as_they_were_raised(pool):
    with pytest.raises(InputError, match="第 3 行"):
        pool.submit(LIMITS, refused, "第 3 行看不懂").result(timeout=20)
    with pytest.raises(FetchError) as caught:
        pool.submit(LIMITS, gone).result(timeout=20)
    assert caught.value.gone


def test_process_killed_while_idle_loses_no_job(pool):
    for _ in range(3):
        mine = pool.submit(LIMITS, os.getpid).result(timeout=20)
        os.kill(mine, signal.SIGKILL)
        psutil.wait_procs([psutil.Process(mine)] if psutil.pid_exists(mine) else [], timeout=5)
        assert pool.submit(LIMITS, said, "好").result(timeout=20) == "好好"


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_process_holds_nothing_of_ours(pool, tmp_path, publisher):
    with (tmp_path / "wenying.db").open("w"):
        found = pool.submit(LIMITS, open_files).result(timeout=20)
    assert not [name for name in found if "socket" in name or "wenying.db" in name]


def test_both_forms_wait_for_the_same_thing_from_any_thread():
    async def all_of_them() -> list[str]:
        return await asyncio.gather(*(read_apart(said, str(i)) for i in range(20)))

    assert asyncio.run(all_of_them()) == [str(i) * 2 for i in range(20)]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(run_apart, [said] * 20, map(str, range(20)))) == [str(i) * 2 for i in range(20)]


@pytest.mark.skipif(sys.platform == "win32", reason="kills as Unix does")
@pytest.mark.parametrize("work", ["time.sleep, 600", "re.match, r'(a|a)*$', 'a' * 60 + 'b'"])
def test_processes_die_with_whoever_began_them(work):
    code = f"""
        import os, re, sys, time
        sys.path.insert(0, {str(ROOT)!r})
        from sources.workers import LIMITS, Workers
        pool = Workers(2)
        print(pool.submit(LIMITS, os.getpid).result(), flush=True)
        for _ in range(2):
            pool.submit(LIMITS, {work})
        time.sleep(1)
        print(flush=True)
        time.sleep(600)
    """
    parent = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    parent.stdout.readline()
    parent.stdout.readline()
    children = psutil.Process(parent.pid).children()
    assert len(children) == 2
    parent.kill()
    parent.wait()
    parent.stdout.close()
    _, alive = psutil.wait_procs(children, timeout=5)
    assert not alive


def test_process_at_work_is_not_ended_by_what_is_written_to_it():
    worker = _Worker()
    worker.hold_to(LIMITS)
    assert worker.begin()
    for job in ((time.sleep, (0.5,)), (said, ("好",))):
        send(worker._to, pickle.dumps((*job, {}, LIMITS.patience, LIMITS.megabytes)))
        time.sleep(0.1)
    assert [worker._heard(), worker._heard()] == [(RESULT, None), (RESULT, "好好")]
    worker.end()


def test_pool_that_is_closed_refuses_at_once():
    pool = Workers(1)
    assert pool.submit(LIMITS, abs, -1).result(60) == 1
    pool.close()
    with pytest.raises(SourceError, match="正在关闭"):
        pool.submit(LIMITS, abs, -1).result(10)


def test_limit_passed_while_the_answer_is_on_its_way_is_no_fault_of_the_next(pool, monkeypatch):
    began = pool._begin

    def late():
        worker = began()
        heard = worker._heard

        def hear():
            answer = heard()
            worker._passed = "等了 0.05 秒还没有读完"  # as if looked at just now
            worker.kill()
            return answer

        worker._heard = hear
        return worker

    monkeypatch.setattr(pool, "_begin", late)
    assert [pool.submit(LIMITS, abs, -i).result(60) for i in range(4)] == [0, 1, 2, 3]
