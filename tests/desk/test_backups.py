"""Backups every night by themselves: when, how many, the second place, the trial, and what is said of them."""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands import nightly
from commands.run import Run
from desk.execute import execute
from desk.office import backups
from desk.office.backups import BackupPlan, State, due, too_many, warning
from desk.office.care import examine, without_database
from domain.errors import InputError, StoreError
from domain.person import Actor
from domain.steps.office import SetBackupPlan, SetOffice
from domain.times import DAY, HOUR, Clock, parse_moment
from store import anchorfile
from store.backup import tried
from store.database import open_database, sqlite_url
from tests.commands.test_commands import run
from tests.store.backups import altered_record, scribbled

NIGHT = BackupPlan(at="02:30")


@pytest.fixture
def working(database, now):
    execute(database, SetOffice("临江市政府新闻办"), Actor("李敏"), now)
    return database


def made(tmp_path, known, now, **more):
    return backups.make(tmp_path, sqlite_url(tmp_path), known, now, "定时任务", scheduled=True, **more)


@pytest.mark.parametrize(
    ("last", "at", "expected"),
    [
        (None, "2026-11-20T12:00", True),  # never made: at once
        ("2026-11-20T02:31", "2026-11-20T12:00", False),
        ("2026-11-20T02:29", "2026-11-20T02:30", True),
        ("2026-11-19T02:31", "2026-11-20T02:29", False),
        ("2026-11-19T02:31", "2026-11-20T02:30", True),
        ("2026-11-17T02:31", "2026-11-20T08:00", True),  # the computer was off: made up
        ("2036-01-01T02:31", "2026-11-20T08:00", True),  # the clock was wrong once
    ],
)
def test_backup_is_due_once_a_night_and_a_missed_one_is_made_up(last, at, expected):
    state = State(made_at=parse_moment(last) if last else None)
    assert due(NIGHT, state, parse_moment(at)) is expected
    assert not due(replace(NIGHT, at=""), state, parse_moment(at))


def test_backup_that_failed_is_tried_again_after_an_hour(now):
    state = State(tried_at=now, made_at=now - 5 * DAY, fault="磁盘已满")
    assert not due(NIGHT, state, now + HOUR / 2) and due(NIGHT, state, now + HOUR)


@given(
    st.sets(st.integers(0, 400), max_size=60),
    st.integers(1, 10),
    st.integers(0, 6),
    st.data(),
)
def test_rotation_keeps_days_weeks_and_always_the_last_good_one(ages, daily, weekly, data):
    names = [f"闻应备份_{date(2026, 11, 20) - timedelta(days=age)}_0230.zip" for age in ages]
    good = data.draw(st.sets(st.sampled_from(sorted(names)))) if names else set()
    gone = too_many(names, BackupPlan(daily=daily, weekly=weekly), good)
    left = sorted(set(names) - set(gone), reverse=True)
    assert left[:daily] == sorted(names, reverse=True)[:daily]
    if good:
        assert max(good) in left or set(left) & good
        assert len(left) <= daily + weekly + 1
    else:
        assert not gone


def test_rotation_leaves_what_was_made_by_hand_or_by_others():
    others = ["闻应备份_2020-01-01_0230_手动.zip", "年度报告.zip", "闻应备份_2020.zip"]
    ours = [f"闻应备份_2026-11-{day:02}_0230.zip" for day in range(1, 21)]
    assert not set(too_many([*others, *ours], BackupPlan(daily=2, weekly=0), ours)) & set(others)
    assert len(too_many([*others, *ours], BackupPlan(daily=2, weekly=0), ours)) == 18


def test_backup_is_tried_by_really_opening_it_and_told(working, tmp_path, now):
    state = made(tmp_path, NIGHT, now)
    assert state.fault == "" and state.made_at == now and "链条完整" in state.told
    assert Path(state.file).parent == tmp_path / "备份" and tried(Path(state.file))[1].entries == 1
    (kept,) = backups.listing(tmp_path, NIGHT)
    assert kept.check is not None and kept.check.good and kept.made_at == now
    assert backups.read_state(tmp_path) == state
    assert "已试恢复" in backups.told(NIGHT, state)
    lying = {p.name for p in (tmp_path / "备份").iterdir()}
    assert lying == {Path(state.file).name, anchorfile.NAME}  # nothing else left


def test_days_that_pass_leave_as_many_as_are_wanted(working, tmp_path, now):
    known = replace(NIGHT, daily=2, weekly=1)
    for day in range(4):
        assert made(tmp_path, known, now + day * DAY).fault == ""
    assert [kept.path.name[5:15] for kept in backups.listing(tmp_path, known)] == ["2026-11-23", "2026-11-22"]


def test_second_place_gets_a_copy_and_is_missed_without_failing(working, tmp_path, now):
    second = tmp_path / "usb"
    known = replace(NIGHT, second=str(second))
    state = made(tmp_path, known, now)
    assert state.fault == "" and "U 盘" in state.second_fault and state.made_at == now
    assert "第二处没有备份" in warning(known, state, now, now)
    assert not backups.second_waits(known, state)
    second.mkdir()
    assert backups.second_waits(known, state)
    state = backups.make_up_second(tmp_path, known)
    assert state.second_fault == "" and (second / Path(state.file).name).read_bytes() == Path(state.file).read_bytes()
    assert len(backups.listing(tmp_path, known)) == 2


def test_damaged_database_fails_the_backup_and_keeps_all_good_ones(working, tmp_path, now):
    known = replace(NIGHT, daily=1, weekly=0)
    first = made(tmp_path, known, now)
    working.close()
    scribbled(tmp_path / "wenying.db")
    for day in range(1, 6):
        state = made(tmp_path, known, now + day * DAY)
        assert "已损坏" in state.fault and state.made_at == first.made_at
    assert Path(first.file).exists() and "已损坏" in warning(known, state, now, now + 5 * DAY)


def test_altered_record_fails_the_backup_but_the_data_are_kept(working, tmp_path, now):
    known = replace(NIGHT, daily=1, weekly=0)
    first = made(tmp_path, known, now)
    working.close()
    altered_record(tmp_path / "wenying.db")
    for day in range(1, 6):
        state = made(tmp_path, known, now + day * DAY)
    assert "留痕第 1 条" in state.fault and Path(first.file).exists()
    assert any("留痕不符" in kept.path.name for kept in backups.listing(tmp_path, known))


def test_backup_that_cannot_be_restored_is_no_backup(working, tmp_path, now, monkeypatch):
    def refused(file):
        raise StoreError("备份里的数据库已损坏。")

    monkeypatch.setattr("store.backup.tried", refused)
    state = made(tmp_path, NIGHT, now)
    assert state.made_at is None and "试恢复不行" in state.fault


def test_what_is_left_of_an_interrupted_backup_is_cleared_away(working, tmp_path, now):
    left = tmp_path / "备份" / ".备份中_x"
    left.mkdir(parents=True)
    (left / "wenying.db").write_bytes(b"x" * 1000)
    made(tmp_path, NIGHT, now)
    assert not left.exists()


def test_office_without_backups_for_three_days_is_warned(now):
    assert not warning(NIGHT, State(), now - 2 * DAY, now)
    assert "还没有备份" in warning(NIGHT, State(), now - 3 * DAY, now)
    assert not warning(NIGHT, State(made_at=now - 2 * DAY), now - 90 * DAY, now)
    assert "3 天没有备份" in warning(NIGHT, State(made_at=now - 3 * DAY), now - 90 * DAY, now)


@pytest.mark.parametrize("wrong", [{"at": "25:00"}, {"at": "凌晨"}, {"daily": 0}, {"daily": 1000}, {"weekly": -1}])
def test_plan_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(InputError):
        BackupPlan(**wrong)


def test_plan_is_kept_and_recorded_and_must_name_whole_paths(working, tmp_path, now):
    execute(working, SetBackupPlan("03:00", second=str(tmp_path)), Actor("李敏"), now)
    assert backups.plan(working) == BackupPlan(at="03:00", second=str(tmp_path))
    with pytest.raises(InputError, match="完整的路径"):
        execute(working, SetBackupPlan("02:30", folder="备份"), Actor("李敏"), now)


@pytest.mark.parametrize("text", ["", "nonsense", "[]", '{"checks": 3}', '{"made_at": "yesterday"}', "[" * 100_000])
def test_damaged_state_is_as_none_and_stops_nothing(text, working, tmp_path, now):
    (tmp_path / backups.STATE).write_text(text, "utf-8")
    assert backups.read_state(tmp_path) == State()
    assert made(tmp_path, NIGHT, now).fault == ""


def test_collector_starts_the_backup_beside_its_rounds(working, tmp_path, monkeypatch):
    monkeypatch.setattr(nightly, "SETTLE", 0.0)
    run = Run(tmp_path, None, Clock(), False)
    beside = nightly.Nightly()
    started = time.perf_counter()
    beside.look(run, working)
    assert time.perf_counter() - started < 1  # the round does not wait for it
    assert beside._process is not None and beside._process.wait(60) == 0
    state = backups.read_state(tmp_path)
    assert state.made_at is not None and Path(state.file).exists()
    beside._next = 0.0
    before = beside._process
    beside.look(run, working)
    assert beside._process is before  # one a night


def test_drill_at_speed_makes_no_backups(working, tmp_path, now, monkeypatch):
    monkeypatch.setattr(nightly, "SETTLE", 0.0)
    beside = nightly.Nightly()
    beside.look(Run(tmp_path, None, Clock.starting(now, 60), False), working)
    assert beside._process is None


def command(folder, *words):
    return run(folder, "--json", *words)


def test_doctor_tells_of_backups_place_and_permissions(working, tmp_path, now):
    told = {point.name: point for point in examine(working, tmp_path, now)}
    assert {"数据库", "留痕", "备份", "备份位置", "磁盘", "权限"} <= set(told) and told["备份"].good
    late = {point.name: point for point in examine(working, tmp_path, now + 4 * DAY)}
    assert not late["备份"].good and "还没有备份" in late["备份"].told
    made(tmp_path, NIGHT, now + 4 * DAY)
    assert {p.name: p for p in examine(working, tmp_path, now + 4 * DAY)}["备份"].good
    execute(working, SetBackupPlan(NIGHT.at, folder=str(tmp_path / "gone")), Actor("李敏"), now)
    assert not {p.name: p for p in examine(working, tmp_path, now)}["备份位置"].good


def test_doctor_looks_on_where_the_database_cannot_be_opened(working, tmp_path, now):
    state = made(tmp_path, NIGHT, now)
    working.close()
    (tmp_path / "wenying.db").write_bytes(b"junk" * 1000)
    done = command(tmp_path, "doctor")
    rows = {row["name"]: row for row in json.loads(done.stdout)}
    assert done.returncode == 1 and not rows["数据库"]["good"] and state.file in rows["备份"]["told"]
    assert {p.name for p in without_database(tmp_path, now, "x")} == set(rows)


def test_backup_command_without_a_file_goes_to_its_place_and_restore_brings_it_back(working, tmp_path, now):
    working.close()
    done = command(tmp_path, "backup")
    file = json.loads(done.stdout)["file"]
    assert done.returncode == 0 and Path(file).parent == tmp_path / "备份"
    scribbled(tmp_path / "wenying.db")
    done = command(tmp_path, "restore", file)
    assert done.returncode == 0, done.stderr
    assert Path(json.loads(done.stdout)["former"]).exists()
    database = open_database(sqlite_url(tmp_path))
    good = {point.name: point.good for point in examine(database, tmp_path, now)}
    assert good["数据库"] and good["留痕"] and good["备份"]
    database.close()
    shutil.rmtree(tmp_path / "备份")
