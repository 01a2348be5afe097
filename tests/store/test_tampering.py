"""Whatever is done to the record with other tools shows: in the program, and in an export by the script alone."""

from __future__ import annotations

import importlib.util
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from desk.topics.monitor import export_record
from domain.errors import ExportError
from domain.record import GENESIS, Head, SeenHead, chained
from domain.times import parse_moment
from store import record
from store.database import open_database, sqlite_url

ROOT = Path(__file__).parent.parent.parent
LENGTH, NOTED = 12, 8
NOW = parse_moment("2026-11-20T12:00")
COLUMNS = ("at", "who", "action", "object", "before", "after", "previous", "hash")


def columns_changed():
    others = {
        "at": "'2026-11-20 04:00:01.000000'",
        "who": "'王强'",
        "action": "'办结'",
        "object": "'concern:99'",
        "before": """'{"等级":99}'""",
        "after": "NULL",
        "previous": f"'{'a' * 64}'",
        "hash": f"'{'b' * 64}'",
    }
    for n in (1, 7, LENGTH):
        for name, value in others.items():
            yield f"{name} of {n}", f"UPDATE record SET {name} = {value} WHERE sequence = {n}"


def garbage():
    for n in (7, LENGTH):
        for name in COLUMNS:
            yield f"blob in {name} of {n}", f"UPDATE record SET {name} = x'ff00' WHERE sequence = {n}"
    for value in ("'never'", "''", "17", "'2026-13-40 99:99:99'", "1e300"):
        yield f"time {value}", f"UPDATE record SET at = {value} WHERE sequence = 7"
    for value in ("'{'", "'[[[['", "'NaN'", '\'{"a":1,"a":2}\'', "5.5"):
        yield f"json {value}", f"UPDATE record SET after = {value} WHERE sequence = 7"


def moved():
    yield "first removed", "DELETE FROM record WHERE sequence = 1"
    yield "one removed", "DELETE FROM record WHERE sequence = 7"
    yield "last removed", f"DELETE FROM record WHERE sequence = {LENGTH}"
    yield "end removed", "DELETE FROM record WHERE sequence > 5"
    yield "all removed", "DELETE FROM record"
    yield "renumbered", f"UPDATE record SET sequence = 99 WHERE sequence = {LENGTH}"
    yield (
        "two swapped",
        "UPDATE record SET sequence = CASE sequence WHEN 3 THEN -4 WHEN 4 THEN -3 ELSE sequence END;UPDATE record SET sequence = abs(sequence)",
    )
    yield (
        "one removed, the rest moved up",
        "DELETE FROM record WHERE sequence = 7;UPDATE record SET sequence = sequence - 1 WHERE sequence > 7",
    )


def written_anew(connection, first, last=None):
    """The chain from an entry on made anew by somebody who knows how; what it says is another's deed."""
    rows = connection.execute("SELECT sequence FROM record WHERE sequence >= ? ORDER BY sequence", (first,)).fetchall()
    previous = connection.execute("SELECT hash FROM record WHERE sequence = ?", (first - 1,)).fetchone()
    previous = previous[0] if previous else GENESIS
    for (sequence,) in rows:
        if last is not None and sequence > last:
            connection.execute("DELETE FROM record WHERE sequence = ?", (sequence,))
            continue
        entry = chained(sequence, NOW, "王强", "办结", "concern:1", None, {"n": sequence}, previous)
        values = (
            sequence,
            "2026-11-20 04:00:00.000000",
            "王强",
            "办结",
            "concern:1",
            None,
            json.dumps({"n": sequence}, separators=(",", ":")),
            previous,
            entry.hash,
        )
        connection.execute("INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
        previous = entry.hash


TAMPERINGS = dict([*columns_changed(), *garbage(), *moved()])
ANEW = {"all": (1, None), "from the middle": (5, None), "the last": (LENGTH, None), "fewer": (1, 9), "cut": (6, 9)}


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("record")
    database = open_database(sqlite_url(folder))
    heads = []
    for i in range(1, LENGTH + 1):
        with database.write() as connection:
            record.append(connection, NOW, "李敏", "判定", f"concern:{i}", {"等级": i - 1}, {"等级": i})
            heads.append(record.head(connection))
    database.close()
    (path,) = folder.glob("*.db")
    return path, [heads[NOTED - 1], heads[-1]]


@pytest.fixture
def begun_with(file):
    return file[0]


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("verify_record", ROOT / "docs" / "verify_record.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def whole(database, heads):
    with database.read() as connection:
        lacking = record.lacking(connection, [SeenHead(head, "本机") for head in heads])
        return record.verify(connection)[1] is None and not lacking


def judged_by_script(script, database, heads, folder):
    """Whether the script finds an export whole; None where nothing could be exported, which says so."""
    path, laid_down = folder / "留痕.jsonl", folder / "heads.txt"
    laid_down.write_text("".join(f"2026-11-20 {head}\n" for head in heads), "utf-8")
    try:
        export_record(database, path)
    except ExportError:
        return None
    try:
        script.main(str(path), [str(laid_down)])
    except SystemExit as said:
        assert isinstance(said.code, str) and "\u4e00" <= said.code[-2] <= "\u9fff"
        return False
    return True


def tampered(database, change):
    database.close()
    (path,) = (p for p in [Path(database.engine.url.database)])
    with closing(sqlite3.connect(path)) as connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        change(connection)
        connection.commit()
    return open_database(f"sqlite:///{path}")


def test_untouched_record_is_whole_to_both(database, file, script, tmp_path):
    assert whole(database, file[1])
    assert judged_by_script(script, database, file[1], tmp_path) is True


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_shows_in_the_program_and_in_an_export(database, file, script, tmp_path, name):
    def change(connection):
        for statement in TAMPERINGS[name].split(";"):
            connection.execute(statement)

    after = tampered(database, change)
    assert not whole(after, file[1])
    assert not judged_by_script(script, after, file[1], tmp_path)
    after.close()


@pytest.mark.parametrize("name", ANEW)
def test_chain_that_was_written_anew_shows_by_what_was_laid_down_elsewhere(database, file, script, tmp_path, name):
    after = tampered(database, lambda connection: written_anew(connection, *ANEW[name]))
    with after.read() as connection:
        assert record.verify(connection)[1] is None  # the chain alone says nothing
    assert not whole(after, file[1])
    assert judged_by_script(script, after, file[1], tmp_path) is False
    after.close()


@pytest.mark.parametrize("cut", [1, 3, 40, 700])
def test_export_that_was_broken_off_is_incomplete(database, script, tmp_path, cut):
    path = tmp_path / "留痕.jsonl"
    export_record(database, path)
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(SystemExit, match=r"没有做完|删掉|链条不符"):
        script.main(str(path), [])


@pytest.mark.parametrize(
    "body",
    [b"", b"\n", b"[]\n", b"1\n", b"{}\n", b'{"entries":0}\n', b"\xff\xfe", b'{"a":"\\ud800"}\n', b"[" * 9000 + b"\n"],
)
def test_script_survives_any_content(script, tmp_path, body):
    path = tmp_path / "留痕.jsonl"
    path.write_bytes(body)
    with pytest.raises(SystemExit) as said:
        script.main(str(path), [])
    assert isinstance(said.value.code, str)


def test_no_entry_takes_the_place_of_another(database):
    with closing(sqlite3.connect(database.engine.url.database)) as connection:
        last = connection.execute("SELECT * FROM record ORDER BY sequence DESC LIMIT 1").fetchone()
        for sequence in (last[0], last[0] + 2):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(
                    "INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (sequence, *last[1:])
                )


def test_printed_head_is_read_as_it_stands_on_paper(file):
    head = file[1][-1]
    assert head.hash.startswith(Head.of(head.printed).hash) and Head.of(str(head)) == head
    assert Head.of(f"第 {head.sequence} 条：{head.hash[:16]}").sequence == head.sequence
