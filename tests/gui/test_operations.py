"""What runs beside the window: in order, stale answers unseen, and gone at once when the window goes."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from typing import Any

import pytest
from sqlalchemy import text

from domain.errors import ConflictError, InputError, StoppedError
from domain.times import Clock
from gui.operations import Operations
from store import settings
from store.visit import Visit

ENDLESS = text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")


@pytest.fixture
def operations(qtbot, tmp_path, now, database):
    made = Operations(tmp_path, None, Clock.starting(now, 0))
    opened: list[object] = []
    made.open(opened.append)
    qtbot.waitUntil(lambda: bool(opened), timeout=10_000)
    yield made
    made.close()
    made.finish(2)


class Asker:
    """Somewhere on the screen."""

    def __init__(self) -> None:
        self.shown: list[Any] = []

    def show(self, answer: Any) -> None:
        self.shown.append(answer)


def test_of_many_questions_for_one_place_only_the_newest_is_answered(operations, qtbot):
    place, chance = Asker(), random.Random(7)
    for i in range(40):
        operations.read(lambda _, i=i, w=chance.random() / 50: (time.sleep(w), i)[1], place.show)
        qtbot.wait(chance.randrange(12))
    qtbot.waitUntil(lambda: not operations.waits(place.show), timeout=5_000)
    qtbot.wait(60)
    assert place.shown[-1] == 39 and place.shown == sorted(place.shown)


def test_two_places_do_not_disturb_each_other(operations, qtbot):
    one, other = Asker(), Asker()
    operations.read(lambda _: (time.sleep(0.05), "一")[1], one.show)
    operations.read(lambda _: "二", other.show)
    qtbot.waitUntil(lambda: one.shown == ["一"] and other.shown == ["二"], timeout=2_000)


def test_newer_question_breaks_off_what_the_older_one_reads(operations, qtbot):
    place = Asker()
    operations.read(lambda db: _scalar(db, ENDLESS), place.show)
    qtbot.wait(100)
    operations.read(lambda _: "答", place.show)
    qtbot.waitUntil(lambda: place.shown == ["答"], timeout=2_000)
    qtbot.waitUntil(lambda: not operations._reads.busy, timeout=2_000)


def test_what_is_not_wanted_any_more_is_not_shown(operations, qtbot):
    place = Asker()
    operations.read(lambda _: (time.sleep(0.05), "一")[1], place.show)
    operations.forget(place.show)
    qtbot.wait(150)
    assert place.shown == []


def test_answer_shown_by_a_nameless_function_must_name_its_place(operations):
    with pytest.raises(TypeError):
        operations.read(lambda _: 1, lambda _: None)


def test_steps_are_done_in_the_order_they_were_taken(operations, qtbot, database):
    chance = random.Random(3)

    def put(db, i, wait):
        time.sleep(wait)
        with db.write() as connection:
            settings.write(connection, "last", i)

    done = []
    for i in range(20):
        operations.run(lambda db, i=i, w=chance.random() / 100: put(db, i, w), lambda _, i=i: done.append(i))
    qtbot.waitUntil(lambda: len(done) == 20, timeout=5_000)
    assert done == list(range(20)) and _setting(database, "last") == 19


def test_refusal_names_the_field_and_who_was_faster(operations, qtbot):
    said: list[Any] = []

    def refuse(error):
        raise error

    operations.run(lambda _: refuse(InputError("请填写网址。", "link")), failed=said.append)
    operations.run(lambda _: refuse(ConflictError("王强已经判定")), failed=said.append)
    operations.run(lambda _: refuse(ZeroDivisionError()), failed=said.append)
    qtbot.waitUntil(lambda: len(said) == 3, timeout=2_000)
    assert (said[0], said[0].field) == ("请填写网址。", "link") and said[1].conflict and "意料之外" in said[2]


def test_closing_breaks_off_reading_and_keeps_the_steps_that_were_taken(operations, qtbot, database):
    begun = threading.Event()

    def step(db):
        with db.write() as connection:
            begun.set()
            time.sleep(0.2)
            settings.write(connection, "first", "写完")

    operations.run(step)
    operations.run(lambda db: _write(db, "second", "也写完"))
    operations.read(lambda db: _scalar(db, ENDLESS), Asker().show)
    operations.read(lambda db: _scalar(db, ENDLESS), Asker().show)
    begun.wait(2)
    before = time.perf_counter()
    operations.close()
    assert time.perf_counter() - before < 0.05
    assert operations.finish(5) and time.perf_counter() - before < 2
    assert (_setting(database, "first"), _setting(database, "second")) == ("写完", "也写完")


def test_closed_store_is_asked_nothing_more(operations, qtbot):
    place = Asker()
    operations.close()
    operations.read(lambda _: 1, place.show)
    qtbot.wait(50)
    assert place.shown == [] and operations.finish(1)


def test_stopped_visit_reads_nothing_and_writes_on(database):
    visit = Visit(database)
    visit.stop()
    with pytest.raises(StoppedError), visit.read():
        pass
    _write(visit, "kept", 1)
    assert _setting(database, "kept") == 1


ENDING = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QTimer
import gui.app, gui.window
from domain.times import Clock
from store import settings

def write(db):
    with db.write() as connection:
        settings.write(connection, "kept", "写下了")

class Closing(gui.window.Window):
    def __init__(self, operations, every):
        super().__init__(operations, collect=False, every=every)

    def _opened(self, _):
        super()._opened(_)
        deep = {"python": lambda _: time.sleep(600), "nothing": lambda _: None}[sys.argv[2]]
        for place in "甲乙丙":
            self.operations.read(deep, lambda _: None, place=place)
        self.operations.run(deep if sys.argv[3] == "stuck" else write)
        QTimer.singleShot(300, self.leave)

    def leave(self):
        before = time.perf_counter()
        self.close()
        assert not self.isVisible()
        print(time.perf_counter() - before, flush=True)

gui.app.Window = Closing
gui.app.FINISH_SECONDS = 1.0
code = gui.app.show(Path(sys.argv[1]), None, Clock())
raise SystemExit(code)
"""


@pytest.mark.parametrize("reading", ["python", "nothing"])
@pytest.mark.parametrize("step", ["short", "stuck"])
def test_window_is_gone_at_once_and_its_process_ends_whatever_runs(tmp_path, database, reading, step):
    if (reading, step) == ("nothing", "stuck"):
        pytest.skip("nothing is stuck")
    before = time.monotonic()
    command = [sys.executable, "-c", ENDING, str(tmp_path), reading, step]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout.split()[0]) < 0.3 and time.monotonic() - before < 30
    assert "Fatal" not in done.stderr and "Traceback" not in done.stderr
    if step == "short":
        assert _setting(database, "kept") == "写下了"


def _scalar(database, statement):
    with database.read() as connection:
        return connection.execute(statement).scalar()


def _write(database, key, value):
    with database.write() as connection:
        settings.write(connection, key, value)


def _setting(database, key):
    with database.read() as connection:
        return settings.read(connection, key)


FORGOTTEN = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QCoreApplication, QTimer
from domain.times import Clock
from gui.operations import Operations
from sqlalchemy import text

app = QCoreApplication([])
operations = Operations(Path(sys.argv[1]), None, Clock())
endless = text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")

def read(database):
    with database.read() as connection:
        return connection.execute(endless).scalar()

def opened(_):
    for place in "甲乙丙":
        operations.read(read, print, place=place)
    operations.run(lambda _: time.sleep(0.5), network=True)
    QTimer.singleShot(200, app.quit)

operations.open(opened)
app.exec()
"""


def test_program_that_forgets_to_close_ends_in_good_order(tmp_path, database):
    done = subprocess.run([sys.executable, "-c", FORGOTTEN, str(tmp_path)], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_what_is_asked_for_while_the_store_is_replaced_is_done_when_it_is_open_again(operations, qtbot):
    place, go = Asker(), threading.Event()
    told: list[Any] = []
    taken: list[Any] = []
    operations.replace_data(lambda: go.wait(10), told.append, told.append)
    operations.read(lambda database: settings_of(database), place.show)
    operations.run(lambda database: settings_of(database), taken.append)
    qtbot.wait(100)
    assert not place.shown and not taken
    go.set()
    qtbot.waitUntil(lambda: bool(told and place.shown and taken), timeout=10_000)
    assert told == [True] and place.shown == [None] and taken == [None] and not operations.waits(place.show)


def settings_of(database):
    with database.read() as connection:
        return settings.read(connection, "nothing")
