"""What is stored is whole: a write that fails, or a process that is killed, between any two steps changes no result."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest

from analysis.centroid import CONTINUED
from demo.publisher import read_feeds
from desk.execute import execute
from desk.topics import looking, understand
from desk.topics.monitor import verify_record
from desk.topics.understand import Understanding, segmented
from domain.article import Article
from domain.errors import StoreError
from domain.person import Actor
from domain.steps.office import SetOffice
from domain.times import parse_moment
from store import articles, cases, looks, sources, topics
from store.database import Database, open_database, sqlite_url

FIRST, ITEMS = 60, 40  # of the demo's items: those around its emergency
LONG_AGO = parse_moment("2000-01-01")


class Killed(BaseException):
    """As if the process had ended there."""


class Refusing(Database):
    """A database that refuses one write: the `at`-th, when it begins or when it should be kept."""

    def __init__(self, inner: Database, at: int, error: BaseException, when: str) -> None:
        super().__init__(inner.engine, inner.file)
        self.writes, self._at, self._error, self._when = 0, at, error, when

    @contextmanager
    def write(self, *, careful=True, overwriting=False):
        self.writes += 1
        refused = self.writes == self._at
        if refused and self._when == "begin":
            raise self._error
        with super().write(careful=careful, overwriting=overwriting) as connection:
            yield connection
            if refused and self._when == "end":
                raise self._error
        if refused and self._when == "kept":
            raise self._error


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """A folder with articles of the demo that nobody has looked at, and the hour of the last."""
    folder = tmp_path_factory.mktemp("stored")
    database = open_database(sqlite_url(folder))
    feeds = read_feeds()
    all_items = sorted(((item, feed) for feed in feeds for item in feed.items), key=lambda pair: pair[0].after)
    start = parse_moment("2026-11-10T00:00")
    chosen = all_items[FIRST : FIRST + ITEMS]
    now = start + chosen[-1][0].after
    execute(database, SetOffice(places=("临江",)), Actor("李敏"), now)
    with database.write() as connection:
        ids = {f.name: sources.add(connection, "feed", f"http://x/{f.name}", f.name, f.tier) for f in feeds}
        for item, feed in chosen:
            at = start + item.after
            article = Article(f"{at}{item.title}", item.title, item.text, "", at, at)
            articles.add(connection, ids[feed.name], [segmented(article)])
    database.close()
    return folder, now


@pytest.fixture
def opened(stored, tmp_path, monkeypatch):
    """Opens copies of that store, which are worked off in small parts."""
    monkeypatch.setattr(understand, "SETTLED", 14)
    monkeypatch.setattr(looking, "TOGETHER", 8)
    folder, now = stored
    made: list[Path] = []

    def open_copy():
        made.append(tmp_path / str(len(made)))
        shutil.copytree(folder, made[-1])
        return open_database(sqlite_url(made[-1]))

    return open_copy, now


def result(database):
    """All that a look leaves behind, but for what only says when."""
    with database.read() as connection:
        active = topics.active_ids(connection, LONG_AGO)
        members = {id: [m.id for m in found] for id, found in articles.members(connection, active).items()}
        listed = topics.of_ids(connection, active)
        concerns = [(c.topic_id, c.title, c.state, c.suggested_grade, c.reasons) for c in cases.listing(connection)]
        held = {id: topics.held(connection, id) for id in active}
        changes = [(c.kind, c.before, c.after, c.moved) for c in topics.changes(connection)]
        return members, listed, sorted(concerns, key=lambda c: c[0]), held, looks.leads(connection, active), changes


def in_memory(understanding, database):
    """Whether the window has every article where the store has it."""
    window = understanding._window
    with database.read() as connection:
        placed = list(articles.placed_since(connection, understanding._clock - CONTINUED, 10**6))
        waiting = articles.waiting(connection, 10**6)
    there = {told.id: window.topic_of(told.id) for told in placed}
    assert there == {told.id: told.topic_id for told in placed}
    assert len(window) == len(placed)
    assert not any(window.topic_of(told.id) for told in waiting)


def reference(opened):
    open_copy, now = opened
    database = Refusing(open_copy(), 0, Killed(), "")
    looked = Understanding(database, now).update(now)
    assert looked.done and looked.placed == ITEMS
    found = result(database)
    assert len(found[0]) > 10 and found[2], "there are topics and concerns to lose"
    database.close()
    return found, database.writes


@pytest.mark.parametrize("when", ["begin", "end"])
def test_write_that_fails_is_as_if_it_had_not_been_tried(opened, when):
    expected, writes = reference(opened)
    open_copy, now = opened
    assert writes > 8
    for at in range(1, writes + 1):
        database = Refusing(open_copy(), at, StoreError("磁盘已满"), when)
        understanding = Understanding(database, now)
        with pytest.raises(StoreError):
            understanding.update(now)
        looked = understanding.update(now)
        assert looked.done
        with database.read() as connection:
            assert looked.flagged == sorted(c.id for c in cases.listing(connection)), "each new concern is told"
        in_memory(understanding, database)
        assert result(database) == expected, f"after write {at} failed"
        assert verify_record(database)[1] is None
        database.close()


@pytest.mark.parametrize("when", ["end", "kept"])
def test_killed_between_any_two_writes_the_next_start_gives_the_same(opened, when):
    expected, writes = reference(opened)
    open_copy, now = opened
    for at in range(1, writes + 1):
        database = Refusing(open_copy(), at, Killed(), when)
        with pytest.raises(Killed):
            Understanding(database, now).update(now)
        again = Understanding(database, now)
        again.update(now)
        in_memory(again, database)
        assert result(database) == expected, f"after being killed at write {at}"
        database.close()
