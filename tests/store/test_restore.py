"""What a restore brings back, and that every interruption leaves the old data or the new."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from domain.errors import StoreError
from domain.person import Actor
from store import sources
from store.database import HEAD, MIGRATIONS, open_database, sqlite_url
from store.presence import present
from store.restore import put_back, restore
from tests.store.backups import (
    MARK,
    NAME,
    NEW,
    OLD,
    emptied,
    remade,
    scribbled,
    sql,
    state,
    truncated,
)

ROOT = Path(__file__).parent.parent.parent


def test_sources_of_this_machine_are_paused_and_told(kept, folder, tmp_path, now):
    doctored = remade(kept, tmp_path / "改.zip", sql("UPDATE source SET url = '/etc', kind = 'folder'"))
    done = put_back(folder, sqlite_url(folder), doctored, Actor("王强"), now)
    assert len(done.paused) == 1 and "/etc" in done.paused[0]
    database = open_database(sqlite_url(folder))
    with database.read() as connection:
        assert [source.paused for source in sources.all_sources(connection)] == [True]
    database.close()


def test_restored_data_are_the_backup_s_and_the_former_stay_whole_beside(kept, folder, now):
    done = put_back(folder, sqlite_url(folder), kept, Actor("王强"), now)
    assert state(folder) == NEW
    assert done.former is not None and done.former.parent.parent == folder
    assert state(done.former.parent) == OLD
    database = open_database(sqlite_url(folder))
    with database.read() as connection:
        said = connection.exec_driver_sql("SELECT who, action, after FROM record ORDER BY sequence DESC LIMIT 1").one()
    database.close()
    after = json.loads(said.after)
    assert (said.who, said.action) == ("王强", "恢复备份")
    assert after["backup"] == kept.name and after["made"] and after["former"] == done.former.parent.name


@pytest.mark.parametrize("harm", [truncated, scribbled, emptied, lambda p: p.write_bytes(b"junk" * 1000), Path.unlink])
def test_restoring_over_a_damaged_or_missing_database_works(harm, kept, folder, now):
    harm(folder / NAME)
    body = (folder / NAME).read_bytes() if (folder / NAME).exists() else None
    done = put_back(folder, sqlite_url(folder), kept, Actor("王强"), now)
    assert state(folder) == NEW
    assert (done.former.read_bytes() if done.former else None) == body


def test_backup_of_an_earlier_version_is_brought_up_to_date_on_a_copy(kept, folder, tmp_path, now):
    from sqlalchemy import create_engine

    from store.database import migrate

    versions = sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("0*.py"))
    for version in {versions[0], *versions[2::3], *versions[-2:]}:
        made = tmp_path / f"{version}.db"
        engine = create_engine(f"sqlite:///{made}")
        with engine.begin() as connection:
            migrate(connection, version)
        engine.dispose()
        file = tmp_path / f"{version}.zip"
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(MARK, "{}")
            archive.write(made, NAME)
        done = put_back(folder, sqlite_url(folder), file, Actor("王强"), now)
        assert done.contents.revision == HEAD and done.contents.counts["article"] == 0


def test_restore_says_who_has_the_data_open(kept, folder):
    told = "from store.presence import present; import sys, pathlib, time\n"
    told += "with present(pathlib.Path(sys.argv[1]), '窗口'): print('here', flush=True); time.sleep(60)"
    other = subprocess.Popen([sys.executable, "-c", told, folder], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout and other.stdout.readline().strip() == "here"
        with pytest.raises(StoreError, match=f"窗口，进程号 {other.pid}"):
            restore(folder, sqlite_url(folder), kept)
        assert state(folder) == OLD
    finally:
        other.kill()
        other.wait()
    restore(folder, sqlite_url(folder), kept)  # the dead stand in nobody's way
    assert state(folder) == NEW


def test_restore_waits_for_nobody_who_has_the_database_open_otherwise(kept, folder):
    database = open_database(sqlite_url(folder))
    with database.read() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM record").scalar()
        with pytest.raises(StoreError, match="由别的程序打开"):
            restore(folder, sqlite_url(folder), kept)
    database.close()
    assert state(folder) == OLD


def test_nobody_opens_the_data_during_a_restore(folder):
    from store.presence import alone

    with alone(folder), pytest.raises(StoreError, match="正在恢复"), present(folder, "窗口"):
        pass


@pytest.mark.skipif(not hasattr(os, "fork"), reason="each try is forked")
def test_kill_at_every_step_leaves_the_old_data_or_the_new(kept, folder, tmp_path, now):
    """Each try dies at the next step that touches the data folder; whoever opens the data then finds one or the other."""
    steps, seen = 0, set()
    while True:
        place = tmp_path / "try"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(folder, place)
        child = os.fork()
        if child == 0:
            die_at(steps, str(place))
            put_back(place, sqlite_url(place), kept, Actor("王强"), now)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        found = state(place)
        assert found in (OLD, NEW), steps
        seen.add(found[0])
        assert not list(place.glob("*.恢复.json"))
        if not os.WIFSIGNALED(status):
            assert os.WEXITSTATUS(status) == 0 and found == NEW
            break
        steps += 1
    assert steps > 15 and len(seen) == 2


def die_at(step, place):
    """Have this process die at its n-th change in a folder."""
    left = step

    def watch(event, words):
        nonlocal left
        changes = event in ("os.rename", "os.mkdir", "os.rmdir", "os.remove", "shutil.rmtree", "sqlite3.connect") or (
            event == "open" and isinstance(words[2], int) and words[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        )
        if changes and any(isinstance(w, (str, bytes, Path)) and place in os.fsdecode(w) for w in words):
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1

    sys.addaudithook(watch)


def test_rename_that_is_refused_midway_puts_everything_back(kept, folder, now, monkeypatch):
    real, count = Path.rename, 0

    def refused(self, target):
        nonlocal count
        count += 1
        if count == 3:
            raise PermissionError("in use")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(StoreError, match="不受影响"):
        put_back(folder, sqlite_url(folder), kept, Actor("王强"), now)
    assert state(folder) == OLD
