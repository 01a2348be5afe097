"""Backup, restore and the doctor."""

from __future__ import annotations

import zipfile

import pytest

from desk.cases.reading import list_concerns
from desk.collecting.collect import Collector
from desk.execute import execute
from desk.office.care import examine
from domain.errors import InputError, StoreError
from domain.person import Actor
from domain.steps.cases import DismissConcern
from domain.steps.office import SetOffice
from domain.steps.sources import AddSource
from store.backup import make
from store.database import open_database, sqlite_url
from store.restore import restore

ITEM = ("临江化工园区一厂房发生爆炸", "临江化工园区一厂房发生爆炸，消防救援人员已到现场。", "2026-11-20T08:40:00+08:00")


@pytest.fixture
def working(database, publisher, now):
    execute(database, SetOffice(places=("临江",)), Actor("李敏"), now)
    execute(database, AddSource(publisher.feed("/a", [ITEM]), "临江日报"), Actor("李敏"), now)
    Collector(database, now).round(now)
    return database


def test_backup_while_working_and_back_again(working, tmp_path, now):
    (tmp_path / "凭据").mkdir()
    (tmp_path / "凭据" / "a.png").write_bytes(b"picture")
    file = tmp_path / "b.zip"
    assert make(tmp_path, sqlite_url(tmp_path), file, now).size > 1000
    execute(working, DismissConcern(1, reason="误报"), Actor("李敏"), now)
    working.close()
    (tmp_path / "凭据" / "a.png").unlink()
    former = restore(tmp_path, sqlite_url(tmp_path), file)
    again = open_database(sqlite_url(tmp_path))
    assert list_concerns(again)[0][0].state.label == "待研判"
    assert (tmp_path / "凭据" / "a.png").read_bytes() == b"picture"
    assert former is not None and former.exists()
    again.close()


def test_file_that_is_no_backup_changes_nothing(working, tmp_path, now):
    wrong = tmp_path / "x.zip"
    with zipfile.ZipFile(wrong, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(InputError, match="不是闻应的备份"):
        restore(tmp_path, sqlite_url(tmp_path), wrong)
    (tmp_path / "y.zip").write_bytes(b"nonsense")
    with pytest.raises(StoreError, match="不受影响"):
        restore(tmp_path, sqlite_url(tmp_path), tmp_path / "y.zip")
    assert len(list_concerns(working)) == 1


def test_backup_with_a_path_that_leads_outside_is_refused(working, tmp_path, now):
    file = tmp_path / "b.zip"
    make(tmp_path, sqlite_url(tmp_path), file, now)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("../evil.txt", "x")
    with pytest.raises(InputError, match="内容不对"):
        restore(tmp_path, sqlite_url(tmp_path), file)


def test_damaged_database_in_a_backup_is_not_put_in_place(working, tmp_path, now):
    file = tmp_path / "b.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("闻应备份.json", "{}")
        archive.writestr("wenying.db", b"not a database" * 100)
    with pytest.raises(StoreError, match="已损坏"):
        restore(tmp_path, sqlite_url(tmp_path), file)
    assert len(list_concerns(working)) == 1


def test_doctor_names_what_is_wrong(working, tmp_path, now, publisher):
    assert all(point.good for point in examine(working, tmp_path, now) if point.name != "磁盘")
    publisher.pages.clear()
    execute(working, AddSource(publisher.base + "/gone", "坏源"), Actor("李敏"), now)
    Collector(working, now).round(now)
    told = {point.name: point for point in examine(working, tmp_path, now)}
    assert not told["信源"].good and "坏源" in told["信源"].told and told["留痕"].good
