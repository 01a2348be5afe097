"""What may be restored, what is refused, and that every interruption leaves the old data or the new."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from desk.cases.reading import list_concerns
from desk.collecting.collect import Collector
from desk.execute import execute
from desk.office.particulars import office
from desk.topics import monitor
from domain.errors import InputError, StoreError, WenyingError
from domain.person import Actor
from domain.steps.office import SetOffice
from domain.steps.sources import AddSource
from domain.times import parse_moment
from store import sources
from store.backup import MISFIT, make, tried
from store.database import HEAD, MIGRATIONS, open_database, sqlite_url
from store.presence import present
from store.restore import put_back, restore
from tests.conftest import Publisher

ROOT = Path(__file__).parent.parent.parent
ITEM = ("临江化工园区一厂房发生爆炸", "临江化工园区一厂房发生爆炸，消防救援人员已到现场。", "2026-11-20T08:40:00+08:00")
MARK, NAME = "闻应备份.json", "wenying.db"


@pytest.fixture(scope="module")
def used(tmp_path_factory):
    """A data folder with one case and a file of evidence, a good backup of it, and the folder as it was changed after."""
    place, publisher, now = tmp_path_factory.mktemp("used"), Publisher(), parse_moment("2026-11-20T12:00")
    then, backup = place / "then", place / "好的.zip"
    then.mkdir()
    database = open_database(sqlite_url(then))
    execute(database, SetOffice("原来的单位", places=("临江",)), Actor("李敏"), now)
    execute(database, AddSource(publisher.feed("/a", [ITEM]), "临江日报"), Actor("李敏"), now)
    collector = Collector(database, now)
    collector.round(now)
    collector.close()
    database.close()
    publisher.close()
    (then / "凭据").mkdir()
    (then / "凭据" / "a.png").write_bytes(b"then")
    make(then, sqlite_url(then), backup, now)
    after = shutil.copytree(then, place / "after")
    rename(after, "后来的单位", now)
    (after / "凭据" / "a.png").write_bytes(b"now")
    (after / "凭据" / "b.png").write_bytes(b"new")
    return then, backup, after


@pytest.fixture
def folder(tmp_path, used, request):
    """That folder: as it was changed after the backup in the tests that take it, else as it was then."""
    then, _, after = used
    return shutil.copytree(after if "kept" in request.fixturenames else then, tmp_path / "data")


@pytest.fixture
def kept(tmp_path, used):
    """The good backup."""
    return shutil.copy2(used[1], tmp_path / "好的.zip")


def rename(folder, name, now):
    database = open_database(sqlite_url(folder))
    execute(database, SetOffice(name, places=("临江",)), Actor("李敏"), now)
    database.close()


def state(folder):
    """(the office's name, its evidence), of data that are whole."""
    database = open_database(sqlite_url(folder))
    try:
        assert monitor.verify_record(database)[1] is None and len(list_concerns(database)) == 1
        with database.read() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        return office(database).name, {p.name: p.read_bytes() for p in sorted((folder / "凭据").iterdir())}
    finally:
        database.close()


OLD = ("后来的单位", {"a.png": b"now", "b.png": b"new"})
NEW = ("原来的单位", {"a.png": b"then"})


def remade(file, target, change):
    """A backup like `file` with its database changed, and a manifest that says nothing of it."""
    with zipfile.ZipFile(file) as archive:
        archive.extract(NAME, target.parent / "work")
    database = target.parent / "work" / NAME
    change(database)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MARK, json.dumps({"made": "2026-11-20T00:00:00+00:00"}))
        archive.write(database, NAME)
    return target


def sql(*statements):
    def change(database):
        with closing(sqlite3.connect(database)) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    return change


def of_another_program(database):
    database.unlink()
    sql("CREATE TABLE moz_places (id INTEGER PRIMARY KEY, url TEXT)", "INSERT INTO moz_places VALUES (1, 'x')")(
        database
    )


def posing_as_ours(database):
    database.unlink()
    sql(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))",
        f"INSERT INTO alembic_version VALUES ('{HEAD}')",
        "CREATE TABLE record (sequence INTEGER PRIMARY KEY)",
    )(database)


def with_a_generated_column(database):
    sql("ALTER TABLE setting ADD COLUMN twice TEXT GENERATED ALWAYS AS (key || key) VIRTUAL")(database)


def truncated(database):
    os.truncate(database, database.stat().st_size // 2)


def scribbled(database):
    body = bytearray(database.read_bytes())
    for i in range(len(body) // 3, len(body) // 3 + 20_000):
        body[i] = 0x5A
    database.write_bytes(body)


def emptied(database):
    database.write_bytes(b"")


def without_tables(database):
    database.unlink()
    sql("PRAGMA user_version=1")(database)


def altered_record(database):
    with closing(sqlite3.connect(database)) as connection:
        kept_sql = [row[0] for row in connection.execute("SELECT sql FROM sqlite_master WHERE type='trigger'")]
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type='trigger'")]
        for name in names:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE record SET who = '别人' WHERE sequence = 1")
        for text in kept_sql:
            connection.execute(text)
        connection.commit()


REFUSED = {
    "newer": (sql("UPDATE alembic_version SET version_num = '9999'"), "更新版本"),
    "unknown version": (sql("UPDATE alembic_version SET version_num = 'abcd'"), "别的程序"),
    "two versions": (sql("INSERT INTO alembic_version VALUES ('0001')"), "别的程序"),
    "another program's": (of_another_program, "别的程序"),
    "posing as ours": (posing_as_ours, "不是闻应的数据库"),
    "empty file": (emptied, "空"),
    "no tables": (without_tables, "空"),
    "no version": (sql("DELETE FROM alembic_version"), "空"),
    "trigger": (sql("CREATE TRIGGER evil AFTER INSERT ON article BEGIN DELETE FROM article; END"), "触发器 evil"),
    "trigger taken away": (sql("DROP TRIGGER record_no_UPDATE"), "缺少触发器"),
    "trigger weakened": (
        sql(
            "DROP TRIGGER record_no_UPDATE",
            "CREATE TRIGGER record_no_UPDATE BEFORE UPDATE ON record BEGIN SELECT 1; END",
        ),
        "record_no_UPDATE",
    ),
    "view": (sql("CREATE VIEW evil AS SELECT * FROM article"), "视图 evil"),
    "view over the version": (
        sql("DROP TABLE alembic_version", f"CREATE VIEW alembic_version AS SELECT '{HEAD}' AS version_num"),
        "别的程序",
    ),
    "virtual table": (sql("CREATE VIRTUAL TABLE evil USING fts5(a)"), "表 evil"),
    "generated column": (with_a_generated_column, "setting"),
    "index on an expression": (sql("CREATE INDEX evil ON article (length(title))"), "索引 evil"),
    "table more": (sql("CREATE TABLE evil (a)"), "表 evil"),
    "truncated": (truncated, "损坏"),
    "scribbled": (scribbled, "损坏"),
    "record altered": (altered_record, "留痕第 1 条"),
}


DOCTORED = {
    "source.tags": "'{bad json'",
    "source.options": "'[1]'",
    "source.due_at": "'not a date'",
    "source.tier": "'nosuch'",
    "source.name": "x'ff'",
    "source.url": "CAST(x'ff' AS TEXT)",
    "source.paused": "7",
    "source.failures": "'many'",
    "source.interval_minutes": "9e999",
    "article.title": "x'00'",
    "article.published_at": "'9999-99-99'",
    "article.fetched_at": "'2026-02-31 00:00:00.000000'",
    "article.source_id": "'x'",
    "topic.heat": "'hot'",
    "topic.keywords": "'[1, 2]'",
    "topic.first_at": "'9999-12-31 23:59:59.000000'",
    "setting.value": "'{'",
    "record.at": "1.5",
}


@pytest.mark.parametrize("column", DOCTORED)
def test_value_that_its_column_cannot_hold_is_refused_and_named(column, kept, folder, tmp_path):
    table, _, name = column.partition(".")

    def change(database):
        with closing(sqlite3.connect(database)) as connection:
            guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for guard, _ in guards:
                connection.execute(f"DROP TRIGGER {guard}")
            done = connection.execute(f'UPDATE "{table}" SET "{name}" = {DOCTORED[column]}').rowcount
            assert done > 0
            for _, text in guards:
                connection.execute(text)
            connection.commit()

    with pytest.raises(WenyingError, match=f"表 {table}|损坏|没有恢复") as told:
        restore(folder, sqlite_url(folder), remade(kept, tmp_path / "坏.zip", change))
    assert "没有恢复" in str(told.value) and state(folder) == OLD


def test_sources_of_this_machine_are_paused_and_told(kept, folder, tmp_path, now):
    doctored = remade(kept, tmp_path / "改.zip", sql("UPDATE source SET url = '/etc', kind = 'folder'"))
    done = put_back(folder, sqlite_url(folder), doctored, Actor("王强"), now)
    assert len(done.paused) == 1 and "/etc" in done.paused[0]
    database = open_database(sqlite_url(folder))
    with database.read() as connection:
        assert [source.paused for source in sources.all_sources(connection)] == [True]
    database.close()


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_not_a_good_database_of_ours_is_refused_and_changes_nothing(kind, kept, folder, tmp_path):
    change, said = REFUSED[kind]
    before = sorted(p.relative_to(folder) for p in folder.rglob("*") if "使用中" not in str(p))
    bad = remade(kept, tmp_path / "坏.zip", change)
    with pytest.raises(WenyingError, match=said) as told:
        restore(folder, sqlite_url(folder), bad)
    assert "没有恢复" in str(told.value) and "不受影响" in str(told.value)
    assert sorted(p.relative_to(folder) for p in folder.rglob("*") if "使用中" not in str(p)) == before
    assert state(folder) == OLD


def entry(name, kind=stat.S_IFREG):
    made = zipfile.ZipInfo(name)
    made.external_attr = (kind | 0o600) << 16
    return made


NAMES = [
    "../evil.txt", "凭据/../../evil.txt", "/etc/evil", "C:/evil", "凭据\\evil", "evil.txt", "凭据/", "凭据/CON",
    "凭据/nul.txt", "凭据/a:b", "凭据/a?", "凭据/a.", "凭据/a ", "凭据//a", "凭据/./a", "凭据/a\x01b", "wenying.db/x",
    "WENYING.DB", "凭据/A.png", ".恢复中_/x", "wenying.db-wal",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_names_that_lead_astray_are_refused(name, kept, folder):
    with zipfile.ZipFile(kept, "a") as archive:
        archive.writestr(entry(name), "x")
    with pytest.raises(InputError, match="内容不对"):
        restore(folder, sqlite_url(folder), kept)
    assert state(folder) == OLD


def test_link_in_a_backup_is_refused(kept, folder):
    with zipfile.ZipFile(kept, "a") as archive:
        archive.writestr(entry("凭据/link", stat.S_IFLNK), "/etc/passwd")
    with pytest.raises(InputError, match="不是普通文件"):
        restore(folder, sqlite_url(folder), kept)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_name_twice_is_refused(kept, folder):
    with zipfile.ZipFile(kept, "a") as archive:
        archive.writestr(entry("凭据/a.png"), "other")
    with pytest.raises(InputError, match="重名"):
        restore(folder, sqlite_url(folder), kept)


def test_bomb_is_refused_before_it_is_unpacked(kept, folder, tmp_path):
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MARK, "{}")
        with archive.open(NAME, "w") as out:
            for _ in range(600):
                out.write(bytes(1_000_000))
    with pytest.raises(InputError, match="大小不合理"):
        restore(folder, sqlite_url(folder), bomb)
    assert not list(folder.glob(".恢复中_*")) and state(folder) == OLD


@pytest.mark.parametrize("claimed", [100, 10_000_000])
def test_size_that_lies_is_found_out(claimed, kept, folder, tmp_path):
    """The size in the zip's list says one thing, the bytes another."""
    bad = tmp_path / "lies.zip"
    with zipfile.ZipFile(kept) as archive:
        real = archive.getinfo(NAME).file_size
    body = kept.read_bytes()
    place = body.rindex(b"PK\x01\x02", 0, body.rindex(NAME.encode()))
    assert int.from_bytes(body[place + 24 : place + 28], "little") in (real, 0xFFFFFFFF)
    bad.write_bytes(body[: place + 24] + claimed.to_bytes(4, "little") + body[place + 28 :])
    with pytest.raises(WenyingError, match="不受影响"):
        restore(folder, sqlite_url(folder), bad)
    assert state(folder) == OLD


def test_backup_with_a_flipped_byte_is_refused(kept, folder):
    body = bytearray(kept.read_bytes())
    body[len(body) // 2] ^= 0xFF
    kept.write_bytes(body)
    with pytest.raises(WenyingError, match="不受影响"):
        restore(folder, sqlite_url(folder), kept)
    assert state(folder) == OLD


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


def test_backup_of_every_earlier_version_is_brought_up_to_date_on_a_copy(kept, folder, tmp_path, now):
    from sqlalchemy import create_engine

    from store.database import migrate

    for version in sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("0*.py")):
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
