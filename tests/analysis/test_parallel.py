"""Helper processes that die, hang or fail: nothing is lost, nothing comes twice, nothing waits for ever."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from analysis.parallel import Helpers


def doubled(items):
    time.sleep(0.005)
    return [2 * item for item in items]


def killed_by_it(items):
    """The number 13 is more than any process but the first can bear."""
    if 13 in items and os.environ.get("WENYING_TEST_FIRST") != str(os.getpid()):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(60)
    return doubled(items)


def hung_once(items):
    """The first process that is asked never answers."""
    mark = Path(items[0][0])
    try:
        mark.open("x").close()
    except FileExistsError:
        return [number for _, number in items]
    time.sleep(600)
    raise AssertionError


def refused(items):
    if 7 in items:
        raise ValueError("七")
    return items


def test_helpers_killed_at_random_lose_no_item_and_give_none_twice():
    chance, ended = random.Random(1), threading.Event()
    with Helpers(count=2) as helpers:

        def kill():
            while not ended.wait(chance.uniform(0.02, 0.3)):
                for pid in helpers.pids:
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)

        killer = threading.Thread(target=kill)
        made = helpers.read(doubled, range(6_000), 20)
        first = next(made)
        killer.start()
        assert [first, *made] == [2 * i for i in range(6_000)]
        ended.set()
        killer.join()


def test_batch_that_kills_every_helper_is_read_here(monkeypatch):
    monkeypatch.setenv("WENYING_TEST_FIRST", str(os.getpid()))
    with Helpers(count=1) as helpers:
        assert list(helpers.read(killed_by_it, range(100), 5)) == [2 * i for i in range(100)]


def test_helper_that_hangs_is_ended_and_its_batch_read_again(tmp_path):
    items = [(str(tmp_path / "hung"), i) for i in range(50)]
    with Helpers(count=1, longest=2.0) as helpers:
        task = helpers._submit(hung_once, items)  # so that it is no batch that the caller takes back
        started = time.monotonic()
        assert task.made.result(timeout=30) == list(range(50))
        assert time.monotonic() - started < 20


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="processes are stopped by a signal")
def test_helper_that_was_stopped_is_ended_and_its_batch_read_again():
    with Helpers(count=1, longest=2.0) as helpers:
        assert helpers._submit(doubled, [1]).made.result(timeout=30) == [2]
        os.kill(helpers.pids[0], signal.SIGSTOP)
        # More than a pipe holds, so that sending it waits too.
        assert helpers._submit(doubled, list(range(100_000))).made.result(timeout=30)[-1] == 199_998


def test_fault_of_the_reading_itself_reaches_who_asked():
    with Helpers(count=1) as helpers:
        with pytest.raises(ValueError, match="七"):
            helpers._submit(refused, [7]).made.result(timeout=30)
        with pytest.raises(AttributeError):  # what cannot be sent
            helpers._submit(lambda items: items, [1]).made.result(timeout=30)
        assert list(helpers.read(refused, [1, 2], 1)) == [1, 2]


def test_closed_helpers_leave_no_process_and_start_again():
    helpers = Helpers(count=1)
    assert helpers._submit(doubled, [1]).made.result(timeout=30) == [2]
    (pid,) = helpers.pids
    helpers.close()
    assert not helpers.running
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except OSError:
            break
        time.sleep(0.02)
    else:
        raise AssertionError("the process is still there")
    assert list(helpers.read(doubled, [3], 1)) == [6]
    helpers.close()
