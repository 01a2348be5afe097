"""The data folder of an office that works is for its owner alone, with everything in it."""

import logging
import os
import stat
import sys
from pathlib import Path

import pytest

from desk.office.care import examine
from desk.office.drill import prepare
from domain.private import exposed
from store.database import open_database, sqlite_url
from tests.commands.test_commands import run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes; its rule is tested by itself")


@pytest.fixture(autouse=True)
def habit():
    before = os.umask(0o022)
    yield
    os.umask(before)


def open_to_others(folder):
    """What others could read, by walking everything, whether we know its name or not."""
    found = [folder, *(Path(top) / name for top, folders, files in os.walk(folder) for name in (*folders, *files))]
    return sorted(path.name for path in found if path.lstat().st_mode & 0o077)


def test_a_used_data_folder_is_for_its_owner_alone(tmp_path, publisher, qapp, now):
    data, table = tmp_path / "data", tmp_path / "热线.csv"
    table.write_text("标题,内容,时间\n小区停暖三天,老人受冻，多次投诉无人管,2026-11-19 08:00\n", "utf-8")
    publisher.feed("/a", [("供水恢复", "全市供水已恢复", "2026-11-20T03:00:00Z")])
    address = publisher.base.replace("://", "://editor:s3cret@") + "/a"
    for words in (
        ("source", "add", address),
        ("collect",),
        ("import", str(table)),
        ("briefing", "--out", str(data / "简报")),
        ("backup",),
        ("record", "export", str(data / "留痕.jsonl")),
        ("doctor",),
    ):
        done = run(data, *words)
        assert "Traceback" not in done.stderr and "用法不对" not in done.stderr, (words, done.stderr)
    opened = open_database(sqlite_url(data))
    prepare(opened, 1, data, now)
    opened.close()
    assert {"wenying.db", "wenying.log", "collector.lock", ".使用中", "简报", "备份", "演练"} <= {
        path.name for path in data.iterdir()
    }
    assert open_to_others(data) == []
    from domain.times import Clock
    from gui.operations import Operations
    from gui.window import Window

    window = Window(Operations(data, None, Clock()))
    window.memory.setValue("page", "总览")
    window.memory.sync()
    window.close()
    assert (data / "window.ini").stat().st_size and open_to_others(data) == []


def test_what_an_early_version_left_open_is_closed_when_it_is_opened(tmp_path, now):
    data = tmp_path / "data"
    data.mkdir()
    open_database(sqlite_url(data)).close()
    (data / "凭据").mkdir()
    for name in ("凭据/a.png", "wenying.log", "wenying.log.1", "collector.lock", "window.ini"):
        (data / name).write_text("x", "utf-8")
    (data / "别人的.txt").write_text("x", "utf-8")
    (data / "wenying.db").chmod(0o644)
    data.chmod(0o755)
    database = open_database(sqlite_url(data))
    look = {check.name: check for check in examine(database, data, now)}["权限"]
    database.close()
    assert not look.good and "chmod" in look.told
    assert stat.S_IMODE((data / "wenying.db").stat().st_mode) == 0o600
    assert run(data, "topics").returncode == 0
    assert open_to_others(data) == ["别人的.txt"], "what is not ours stays as it is"
    database = open_database(sqlite_url(data))
    assert {check.name: check for check in examine(database, data, now)}["权限"].good
    database.close()


def test_the_log_stays_private_when_it_is_begun_anew(tmp_path):
    from main import _PrivateLog

    log = _PrivateLog(tmp_path / "wenying.log", maxBytes=10, backupCount=2, encoding="utf-8")
    for _ in range(5):
        log.emit(logging.LogRecord("x", 30, "", 1, "十个字节以上的一行", None, None))
    log.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["wenying.log", "wenying.log.1", "wenying.log.2"]
    assert exposed(tmp_path) == []
