"""The real window on the test's own store, as one officer has it: nothing collects, and no clock goes on."""

from __future__ import annotations

from datetime import datetime

import pytest

from desk.cases.reading import list_concerns
from desk.collecting.collect import Collector
from desk.execute import execute
from domain.appearance import Appearance
from domain.steps.office import SetOffice
from domain.steps.sources import AddSource
from domain.times import Clock, parse_moment
from gui.kit.theme import apply_theme
from gui.operations import Operations
from gui.pages import PageName
from gui.window import Window
from store.database import open_database, sqlite_url
from tests.conftest import Publisher
from tests.gui.cases import ITEM, ME, OTHER


@pytest.fixture
def open_window(qapp, qtbot, tmp_path, now, database):
    """Opens windows; each has begun, unless it is to be looked at before. They end with their threads.

    The database is there before: `database` puts its file in place, which must not happen under an open window.
    """
    opened = []

    def begun(*, waited_for: bool = True, at: datetime = now) -> Window:
        apply_theme(qapp, Appearance.LIGHT)
        made = Window(Operations(tmp_path, None, Clock.starting(at, 0)), collect=False)
        qtbot.addWidget(made)
        opened.append(made)
        made.show()
        made.begin()
        if waited_for:
            qtbot.waitUntil(lambda: PageName.OVERVIEW in made.pages, timeout=10_000)
        return made

    yield begun
    for made in opened:
        made.close()
        made.finish(5)


@pytest.fixture
def window(open_window):
    return open_window()


@pytest.fixture(scope="session")
def filled_database(tmp_path_factory):
    """The file of an office that has collected two matters, made once."""
    folder, now, publisher = tmp_path_factory.mktemp("filled"), parse_moment("2026-11-20T12:00"), Publisher()
    database = open_database(sqlite_url(folder))
    execute(database, SetOffice(places=("临江",)), ME, now)
    execute(database, AddSource(publisher.feed("/a", [ITEM, OTHER]), "临江日报"), ME, now)
    execute(database, AddSource(publisher.feed("/b", []), "临江发布"), ME, now)
    collector = Collector(database, now)
    collector.round(now)
    collector.close()
    database.close()
    publisher.close()
    (file,) = folder.glob("*.db")
    return file


@pytest.fixture
def begun_with(request):
    """The file that the test's store begins with: that of the filled office in the tests that take `filled`."""
    return request.getfixturevalue("filled_database" if "filled" in request.fixturenames else "new_database")


@pytest.fixture
def filled(database, monkeypatch):
    """The id of a case that waits to be judged, another beside it; who sits at the window is 李敏."""
    monkeypatch.setenv("WENYING_PERSON", ME.name)
    return list_concerns(database)[-1][0].id


@pytest.fixture
def collected(database, publisher, now):
    """The office of 临江 has heard of one explosion."""
    execute(database, SetOffice(places=("临江",)), ME, now)
    execute(database, AddSource(publisher.feed("/a", [ITEM]), "临江日报"), ME, now)
    Collector(database, now).round(now)
