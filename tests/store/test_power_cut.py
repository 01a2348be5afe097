"""A power cut at any moment: every step that was acknowledged is there, and the database and its record are whole.

The disk after a cut is what was synced, with anything or nothing of what was written since: so the write-ahead log is
cut at any byte behind the last sync, and garbled there.
"""

import random
import shutil
import struct
from pathlib import Path

import pytest
from sqlalchemy import event, text

from desk.execute import execute
from desk.topics.monitor import verify_record
from domain.person import Actor
from domain.steps.office import SetOffice
from store import settings
from store.database import open_database, sqlite_url

MOMENTS = 100
HEADER, FRAME = 32, 24  # bytes before the frames of a log, and before the page in each (SQLite, "WAL-mode File Format")
FULL = 2


def end_of_log(path):
    """Where the frames of the present log end; what lies behind is left from an earlier one."""
    log = path.read_bytes() if path.exists() else b""
    if len(log) < HEADER:
        return 0
    (page,), salts, end = struct.unpack(">I", log[8:12]), log[16:24], HEADER
    while log[end + 8 : end + 16] == salts and len(log) >= end + FRAME + page:
        end += FRAME + page
    return end


class Disk:
    """A database whose syncs are watched, and what a power cut would leave of it."""

    def __init__(self, database, chance):
        self.file, self.log = database.file, Path(f"{database.file}-wal")
        self._chance, self.synced, self._head = chance, end_of_log(Path(f"{database.file}-wal")), b""
        event.listen(database.engine, "commit", self._about_to_commit)
        self._level = 0

    def _about_to_commit(self, connection):
        self._level = connection.exec_driver_sql("PRAGMA synchronous").scalar()

    def acknowledged(self):
        """A transaction has come back; it was synced if it was written so."""
        head = self.log.read_bytes()[:HEADER]
        if self._level == FULL:
            self.synced = end_of_log(self.log)
        elif head != self._head:
            self.synced = HEADER  # a new log is begun when all of the old one has been synced into the database
        self._head = head

    def cut(self, to):
        """What is found after the power has come back."""
        shutil.rmtree(to, ignore_errors=True)
        to.mkdir()
        shutil.copyfile(self.file, to / self.file.name)
        log = bytearray(self.log.read_bytes())
        if len(log) > self.synced:
            del log[self._chance.randint(self.synced, len(log)) :]
            for _ in range(self._chance.choice((0, 0, 3, 50)) if len(log) > self.synced else 0):
                log[self._chance.randrange(self.synced, len(log))] = self._chance.randrange(256)
        (to / self.log.name).write_bytes(log)
        return open_database(sqlite_url(to))


def working(database, chance, disk, step, now):
    """A step of the office, and what the collector writes beside: that may be lost, and makes the log begin anew."""
    if chance.random() < 0.5:
        with database.write(careful=False) as connection:
            settings.write(
                connection, f"junk{chance.randrange(9)}", chance.randbytes(chance.choice((200, 400_000))).hex()
            )
        disk.acknowledged()
    execute(database, SetOffice(name=f"第{step}次"), Actor("李敏"), now)


@pytest.fixture
def chance():
    return random.Random(15)


def test_every_acknowledged_step_outlives_a_power_cut(database, tmp_path, chance, now):
    disk, lost, begun = Disk(database, chance), 0, set()
    for step in range(1, MOMENTS + 1):
        working(database, chance, disk, step, now)
        acknowledged = step - 1
        if chance.random() < 0.7:  # else the power goes before the step has come back
            disk.acknowledged()
            acknowledged = step
        begun.add(disk.log.read_bytes()[16:24])
        after = disk.cut(tmp_path / "after")
        with after.read() as connection:
            assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        entries, misfit = verify_record(after)
        after.close()
        assert misfit is None and acknowledged <= entries <= step, (step, acknowledged, entries)
        lost += entries < step
        disk.acknowledged()
    assert lost > 5, "steps that were cut off before they came back are lost, else nothing was cut"
    assert len(begun) > 3, "the log was begun anew, else that was not tried"


def test_the_cut_takes_what_was_not_synced(database, tmp_path, chance, now, monkeypatch):
    """With steps written as the collector's articles are, the test above would fail."""
    write = type(database).write
    monkeypatch.setattr(type(database), "write", lambda self, careful=True, **more: write(self, careful=False, **more))
    disk, short = Disk(database, chance), 0
    for step in range(1, 21):
        working(database, chance, disk, step, now)
        disk.acknowledged()
        after = disk.cut(tmp_path / "after")
        short += verify_record(after)[0] < step
        after.close()
    assert short > 0
