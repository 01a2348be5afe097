"""Whatever path a person hands in, a pipe, a device or far too much is refused in a sentence, at once."""

from __future__ import annotations

import ast
import os
import threading
from pathlib import Path

import pytest

from commands.steps import read_text
from desk.cases.evidence import keep_evidence
from desk.collecting.tableimport import open_table
from desk.execute import execute
from desk.topics.eventpack import import_pack
from domain.article import Source
from domain.errors import WenyingError
from domain.person import Actor
from domain.steps.office import SetBriefingTemplate
from sources.folder import _feed
from sources.opml import read_opml
from sources.reading import _read_file
from store.archive import read_manifest
from store.backup import tried

ROOT = Path(__file__).parent.parent.parent
READERS = {
    "draft": lambda path, database, now: read_text(path),
    "evidence": lambda path, database, now: keep_evidence(path, path.parent / "data"),
    "template": lambda path, database, now: execute(database, SetBriefingTemplate(path), Actor("李敏"), now),
    "pack": lambda path, database, now: import_pack(path),
    "opml": lambda path, database, now: read_opml(path),
    "table": lambda path, database, now: open_table(path, {}),
    "source": lambda path, database, now: _read_file(path, Source(1, "feed", str(path), "甲")),
    "dropped": lambda path, database, now: _feed(path, now),
    "backup": lambda path, database, now: read_manifest(path),
    "checked backup": lambda path, database, now: tried(path),
}


def fifo(folder: Path) -> Path:
    path = folder / "管道"
    os.mkfifo(path)
    return path


def endless(folder: Path) -> Path:
    path = folder / "无尽"
    path.symlink_to("/dev/zero")
    return path


def oversized(folder: Path) -> Path:
    path = folder / "太大"
    with path.open("wb") as file:
        file.truncate(3 << 30)  # bytes, none of them on the disk
    return path


ODD = {
    "fifo": fifo,
    "endless": endless,
    "oversized": oversized,
    "folder": lambda folder: folder,
    "gone": Path("/x").joinpath,
}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders here")
@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("reader", READERS)
def test_reader_refuses_what_is_no_sound_file(reader, odd, database, tmp_path, now):
    path = ODD[odd](tmp_path)
    told: list[BaseException | None] = []

    def read():
        try:
            READERS[reader](path, database, now)
            told.append(None)
        except BaseException as error:
            told.append(error)

    thread = threading.Thread(target=read, daemon=True)  # a reader that waits for the pipe is left behind
    thread.start()
    thread.join(30)
    assert told and isinstance(told[0], WenyingError), told
    assert str(told[0]).endswith("。")


# Where a file is opened otherwise, and why no person can hand in another there.
OWN = {
    "analysis": "our own tables",
    "response/deadlines.py": "our own rules",
    "desk/topics/monitor.py": "writes",
    "desk/topics/events.py": "our own presets",
    "desk/office/backups.py": "our own state, and what a backup just made",
    "desk/office/drill.py": "our own mark",
    "sources/tableparts.py": "what was just unpacked",
    "store": "locks, our own lists, and what was just unpacked",
    "demo": "our own story",
    "domain/files.py": "the gate itself",
    "domain/private.py": "what icacls just wrote, and the program's own files",
}


def test_no_other_place_opens_what_a_person_hands_in():
    found = set()
    for folder in ("commands", "desk", "gui", "store", "briefing", "sources", "demo", "domain", "response", "analysis"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if not isinstance(node, ast.Call):
                    continue
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                on_path = name in ("read_text", "read_bytes") and isinstance(node.func, ast.Attribute)
                opens = name == "open" and any(
                    isinstance(word, ast.Constant) and str(word.value)[:2] in ("r", "rb", "w", "a", "x")
                    for word in node.args
                )
                if on_path or opens:
                    found.add(path.relative_to(ROOT).as_posix())
    assert not [name for name in found if name not in OWN and name.partition("/")[0] not in OWN]


def test_suffix_of_evidence_is_plain(tmp_path):
    for given, kept in (
        (".png", ".png"),
        (".PDF", ".pdf"),
        (".p g", ""),
        (".图", ""),
        (".a\u202eb", ""),
        (".x" * 9, ".x"),
        (".muchtoolong", ""),
    ):
        file = tmp_path / f"凭据{given}"
        file.write_bytes(given.encode())
        name = keep_evidence(file, tmp_path / "data").name
        assert name[16:] == kept and (tmp_path / "data" / "凭据" / name).read_bytes() == given.encode()
