"""Heads of the record laid down at the seat and beside the backups show what was taken away, until it is accounted for."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from desk.execute import execute
from desk.office import anchors, backups
from desk.office.backups import BackupPlan
from domain.errors import InputError, StepError
from domain.person import Actor
from domain.record import Head
from domain.steps.office import ConfirmRecord, SetOffice, SetRoster
from store import anchorfile, record, seat
from store.database import open_database, sqlite_url
from store.restore import put_back

OFFICER = Actor("李敏")


@pytest.fixture
def office(database, now):
    for name in ("临江市新闻办", "临江市政府新闻办"):
        execute(database, SetOffice(name), OFFICER, now)
    return database


def cut(database, keep):
    """What somebody with another tool does: the last entries away."""
    with closing(sqlite3.connect(database.engine.url.database)) as connection:
        connection.execute("DROP TRIGGER record_no_delete")
        connection.execute("DELETE FROM record WHERE sequence > ?", (keep,))
        connection.commit()


def test_seat_that_saw_the_last_entry_misses_it_once_it_is_gone(office, tmp_path):
    anchors.note(office, tmp_path)
    assert anchors.checked(office, tmp_path).whole
    cut(office, 1)
    verdict = anchors.checked(office, tmp_path)
    assert not verdict.whole and verdict.misfit is None
    assert "第 2 条" in verdict.said and "本机" in verdict.said


def test_seat_keeps_what_it_misses_whatever_is_entered_since(office, tmp_path, now):
    anchors.note(office, tmp_path)
    saw = seat.seen(str(tmp_path.resolve()))
    cut(office, 1)
    for day in range(1, 4):
        execute(office, SetRoster(f"2026-11-2{day} 李敏"), OFFICER, now)
        anchors.note(office, tmp_path)
    assert seat.seen(str(tmp_path.resolve())) == saw and not anchors.checked(office, tmp_path).whole


def test_backup_lays_down_its_head_beside_it_and_in_the_second_place(office, tmp_path, now):
    second = tmp_path / "另一处"
    second.mkdir()
    state = backups.make(tmp_path, sqlite_url(tmp_path), BackupPlan(second=str(second)), now, "李敏")
    assert not state.fault
    with office.read() as connection:
        head = record.head(connection)
    for place in (tmp_path / backups.PLACE, second):
        assert anchorfile.read(place) == [("2026-11-20", head)]
    cut(office, 1)
    assert {seen.where.partition("（")[0] for seen in anchors.lacking(office, tmp_path)} >= {"“备份”的留痕锚点.txt"}


def test_restored_backup_accounts_for_what_came_after_it(office, tmp_path, now):
    state = backups.make(tmp_path, sqlite_url(tmp_path), BackupPlan(), now, "李敏")
    execute(office, SetRoster("2026-11-20 李敏"), OFFICER, now)
    anchors.note(office, tmp_path)
    office.close()
    put_back(tmp_path, sqlite_url(tmp_path), Path(state.file), OFFICER, now)
    after = open_database(sqlite_url(tmp_path))
    assert anchors.checked(after, tmp_path).whole
    after.close()


def test_restore_is_no_cover_for_what_had_gone_before(office, tmp_path, now):
    for day in range(1, 9):
        execute(office, SetRoster(f"2026-11-0{day} 李敏"), OFFICER, now)
    anchors.note(office, tmp_path)
    file = office.engine.url.database
    with closing(sqlite3.connect(file)) as connection:
        ((trigger,),) = connection.execute(
            "SELECT sql FROM sqlite_master WHERE name LIKE 'record_no_delete'"
        ).fetchall()
    cut(office, 3)
    with closing(sqlite3.connect(file)) as connection:  # whoever does this puts the trigger back
        connection.execute(trigger)
    state = backups.make(tmp_path, sqlite_url(tmp_path), BackupPlan(), now, "李敏")
    for day in range(1, 9):
        execute(office, SetRoster(f"2026-12-0{day} 李敏"), OFFICER, now)
    office.close()
    put_back(tmp_path, sqlite_url(tmp_path), Path(state.file), OFFICER, now)
    after = open_database(sqlite_url(tmp_path))
    assert "第 10 条" in anchors.checked(after, tmp_path).said
    after.close()


def test_what_was_looked_into_is_recorded_and_not_told_again(office, tmp_path, now):
    anchors.note(office, tmp_path)
    cut(office, 1)
    gone = tuple(str(seen.head) for seen in anchors.lacking(office, tmp_path))
    execute(office, ConfirmRecord(gone, "误删，已与纸质登记核对"), OFFICER, now)
    assert anchors.lacking(office, tmp_path) == ()
    with pytest.raises(StepError, match="没有要确认的"):
        execute(office, ConfirmRecord((), "无"), OFFICER, now)
    with pytest.raises(InputError):
        execute(office, ConfirmRecord(("胡写",), "无"), OFFICER, now)


def test_head_on_paper_is_held_against_the_record(office, tmp_path):
    with office.read() as connection:
        printed = record.head(connection).printed
    assert anchors.checked(office, tmp_path, printed).whole
    number, digest = printed.split()
    other = f"{number} {'0' if digest[0] != '0' else '1'}{digest[1:]}"
    assert "纸上" in anchors.checked(office, tmp_path, other).said
    with pytest.raises(InputError, match="校验值"):
        anchors.checked(office, tmp_path, "随便写的")


def test_rehearsals_leave_nothing_at_the_seat(office, tmp_path):
    (tmp_path / "演练.json").write_text("{}", "utf-8")
    anchors.note(office, tmp_path)
    assert seat.seen(str(tmp_path.resolve())) == []


def test_seat_keeps_the_first_and_the_newest_heads_and_survives_a_damaged_file():
    for i in range(1, 300):
        seat.see("a", Head(i, f"{i:064x}"))
    kept = seat.seen("a")
    assert kept[0].sequence == 1 and kept[-1].sequence == 299 and len(kept) == seat.MOST_HEADS
    seat.place().write_text("{[", "utf-8")
    assert seat.seen("a") == []
    seat.see("a", Head(5, "a" * 64))
    assert seat.seen("a") == [Head(5, "a" * 64)]


def test_heads_that_cannot_be_read_for_a_moment_are_not_written_over(tmp_path, now, monkeypatch):
    """A share that fails once must not cost all that was laid down there."""
    first, second = Head(1, "a" * 64), Head(2, "b" * 64)
    anchorfile.add(tmp_path, first, now)
    seat.see(str(tmp_path), first)

    def fails(*_args, **_more):
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(anchorfile, "regular_file", fails)
        patch.setattr(Path, "read_text", fails)
        anchorfile.add(tmp_path, second, now)
        with pytest.raises(OSError):
            seat.see(str(tmp_path), second)
    assert [head for _, head in anchorfile.read(tmp_path)] == seat.seen(str(tmp_path)) == [first]
