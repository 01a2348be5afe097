"""A data folder with a backup of it, made once."""

from __future__ import annotations

import shutil

import pytest

from desk.collecting.collect import Collector
from desk.execute import execute
from domain.person import Actor
from domain.steps.office import SetOffice
from domain.steps.sources import AddSource
from domain.times import parse_moment
from store.backup import make
from store.database import open_database, sqlite_url
from tests.conftest import Publisher
from tests.store.backups import (
    ITEM,
    rename,
)


@pytest.fixture(scope="session")
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
