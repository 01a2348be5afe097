"""How a backup is made: never over a good one from bad data, for its owner alone, while the office works."""

from __future__ import annotations

import stat
import sys
import time
from pathlib import Path

import pytest

from desk.execute import execute
from domain.errors import InputError, StoreError
from domain.person import Actor
from domain.steps.office import SetOffice
from store.backup import MISFIT, make, tried
from store.database import open_database, sqlite_url
from store.restore import put_back, restore
from tests.store.backups import (
    NAME,
    altered_record,
    scribbled,
    state,
    truncated,
)


@pytest.mark.parametrize("harm", [truncated, scribbled])
def test_damaged_database_never_replaces_a_good_backup(harm, kept, folder, now):
    good = kept.read_bytes()
    harm(folder / NAME)
    for tail in ("-wal", "-shm"):
        Path(f"{folder / NAME}{tail}").unlink(missing_ok=True)
    with pytest.raises(StoreError, match="原来的备份没有动"):
        make(folder, sqlite_url(folder), kept, now)
    assert kept.read_bytes() == good and not list(kept.parent.glob(".*"))


def test_altered_record_is_backed_up_beside_the_good_backup(kept, folder, now):
    good = kept.read_bytes()
    altered_record(folder / NAME)
    with pytest.raises(StoreError, match=r"留痕第 1 条.*另存为"):
        make(folder, sqlite_url(folder), kept, now)
    odd = kept.with_name(f"{kept.stem}{MISFIT}.zip")
    assert kept.read_bytes() == good and tried(odd)[1].misfit == 1
    with pytest.raises(StoreError, match="despite-record"):
        restore(folder, sqlite_url(folder), odd)
    assert put_back(folder, sqlite_url(folder), odd, Actor("王强"), now, True).contents.misfit == 1


def test_backup_does_not_take_the_place_of_another_file(folder, tmp_path, now):
    report = tmp_path / "年度报告.docx"
    report.write_bytes(b"work of a month")
    for target in (report, folder / NAME, tmp_path):
        with pytest.raises(InputError):
            make(folder, sqlite_url(folder), target, now)
    assert report.read_bytes() == b"work of a month"


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX's")
def test_backup_is_for_its_owner_alone(kept, folder):
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    restore(folder, sqlite_url(folder), kept)
    assert stat.S_IMODE((folder / "凭据" / "a.png").stat().st_mode) == 0o600


def test_office_goes_on_working_while_a_backup_is_made(folder, tmp_path, now, monkeypatch):
    """A step in the midst of the copying takes no longer for it, and the copy holds one moment only."""
    from store import backup

    monkeypatch.setattr(backup, "PAGES", 20)
    database = open_database(sqlite_url(folder))
    took: list[float] = []
    real = time.sleep

    def step(seconds):
        started = time.perf_counter()
        execute(database, SetOffice(f"第{len(took)}步", places=("临江",)), Actor("李敏"), now)
        took.append(time.perf_counter() - started)
        real(seconds)

    monkeypatch.setattr(time, "sleep", step)
    made = make(folder, sqlite_url(folder), tmp_path / "b.zip", now)
    database.close()
    monkeypatch.setattr(time, "sleep", real)
    assert len(took) > 3 and max(took) < 2
    restore(folder, sqlite_url(folder), made.file)
    assert state(folder)[0] == "原来的单位"
