"""Every step that is not a case's: whole, entered in the record, or refused whole."""

from __future__ import annotations

import pytest

from desk.execute import HANDLERS, execute
from desk.topics.monitor import verify_record
from domain.errors import StepError
from domain.person import Actor
from domain.times import parse_moment
from response.rights import RIGHTS
from store import record
from store.database import open_database, sqlite_url
from tests.desk.examples import OFFICER, Ids, entries, example, state

NOW = parse_moment("2026-11-20T12:00")
STEPS = list(HANDLERS)


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """The file of an office in which every example can be taken, made once, and what the examples are about."""
    folder = tmp_path_factory.mktemp("office")
    opened = open_database(sqlite_url(folder))
    ids = Ids(opened, NOW)
    opened.close()
    (file,) = folder.glob("*.db")
    return file, ids


@pytest.fixture
def begun_with(office):
    return office[0]


@pytest.fixture
def made(request, office, tmp_path):
    return example(request.param, tmp_path, office[1])


@pytest.mark.parametrize("made", STEPS, ids=lambda step: step.code, indirect=True)
def test_step_is_entered_in_the_record_by_who_took_it_and_the_chain_holds(database, tmp_path, made):
    before = len(entries(database))
    execute(database, made, OFFICER, NOW, folder=tmp_path)
    new = entries(database)[before:]
    assert new and all((entry.who, entry.at) == ("李敏", NOW) for entry in new)
    assert verify_record(database)[1] is None


@pytest.mark.parametrize("made", STEPS, ids=lambda step: step.code, indirect=True)
def test_step_that_cannot_be_entered_changes_nothing(database, tmp_path, made, monkeypatch):
    before, files = state(database), {p for p in tmp_path.rglob("*.docx")}

    def full(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(record, "append", full)
    with pytest.raises(OSError):
        execute(database, made, OFFICER, NOW, folder=tmp_path)
    assert state(database) == before and {p for p in tmp_path.rglob("*.docx")} == files


@pytest.mark.parametrize("made", [s for s in STEPS if RIGHTS[s]], ids=lambda step: step.code, indirect=True)
def test_step_that_asks_for_a_right_is_refused_to_others_and_changes_nothing(database, tmp_path, made):
    before = state(database)
    with pytest.raises(StepError, match="权限"):
        execute(database, made, Actor("王强"), NOW)
    assert state(database) == before
