"""What the user has on the disk is never lost: files are written whole, and nothing foreign is deleted or replaced."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from demo.place import MARK, made_anew
from domain.errors import WenyingError
from domain.files import free_path, whole_file

ROOT = Path(__file__).parent.parent.parent


def test_file_that_fails_midway_leaves_the_one_before(tmp_path):
    path = tmp_path / "台账.xlsx"
    path.write_text("before", "utf-8")
    with pytest.raises(OSError, match="full"), whole_file(path) as partial:
        partial.write_text("half", "utf-8")
        raise OSError("disk full")
    assert path.read_text("utf-8") == "before" and [p.name for p in tmp_path.iterdir()] == [path.name]
    with whole_file(path) as partial:
        partial.write_text("after", "utf-8")
    assert path.read_text("utf-8") == "after" and len(list(tmp_path.iterdir())) == 1


def test_link_stays_a_link_and_mode_stays(tmp_path):
    real, link = tmp_path / "real.txt", tmp_path / "link.txt"
    real.write_text("before", "utf-8")
    real.chmod(0o640)
    link.symlink_to(real)
    with whole_file(link) as partial:
        partial.write_text("after", "utf-8")
    assert link.is_symlink() and real.read_text("utf-8") == "after" and real.stat().st_mode & 0o777 == 0o640


def test_name_that_is_taken_counts_up(tmp_path):
    path = tmp_path / "台账.xlsx"
    for name in ("台账.xlsx", "台账（2）.xlsx", "台账（3）.xlsx"):
        found = free_path(path)
        assert found.name == name
        found.touch()


@pytest.mark.parametrize("name", ["wenying.db", "我的文档.docx", "data.csv"])
def test_demo_deletes_nothing_it_did_not_make(name, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / name).write_text("office's own", "utf-8")
    with pytest.raises(WenyingError, match="什么也没有删除"):
        made_anew(data, tmp_path / "feeds")
    assert (data / name).read_text("utf-8") == "office's own" and not (tmp_path / "feeds").exists()


def test_demo_makes_its_own_anew_but_not_what_was_put_among_it(tmp_path):
    data = tmp_path / "data"
    made_anew(data)
    (data / "wenying.db").write_text("demo's", "utf-8")
    made_anew(data)
    assert [p.name for p in data.iterdir()] == [MARK]
    (data / "我的报告.docx").write_text("mine", "utf-8")
    with pytest.raises(WenyingError, match=r"我的报告\.docx"):
        made_anew(data)
    assert (data / "我的报告.docx").exists()


def test_demo_follows_no_link_to_the_real_data(tmp_path):
    real = tmp_path / "real"
    made_anew(real)
    (tmp_path / "data").symlink_to(real)
    with pytest.raises(WenyingError, match="什么也没有删除"):
        made_anew(tmp_path / "data")
    assert (real / MARK).exists()


# Where whole folders are deleted, and why what is in them is ours.
DELETES = {
    "demo/place.py": "only folders with the demo's mark and nothing else in them",
    "store/restore.py": "only what a restore unpacked for itself",
    "sources/tableparts.py": "only what an import that was killed unpacked, by its name and a process that has gone",
    "desk/office/backups.py": "only what a backup that was interrupted left, by its name",
}
# Where a file is written in place, and why nobody's file can be half written or replaced.
WRITES = {
    "domain/files.py": "makes the file beside its place",
    "demo/place.py": "the mark, in a folder just made",
    "desk/office/drill.py": "the mark, in a folder just made",
    "store/lock.py": "the lock",
    "store/presence.py": "the lock",
    "store/archive.py": "in a folder just made",
    "sources/tableparts.py": "in a folder just made",
}
IN_PLACE = ("write_text", "write_bytes", "copyfile", "copy", "copy2", "copytree", "move")


def test_every_place_that_deletes_or_writes_is_known():
    """A new rmtree, or a file written in its place, is asked for its reason here."""
    deletes, writes = set(), set()
    for folder in ("commands", "desk", "gui", "store", "briefing", "sources", "demo", "domain", "response", "analysis"):
        for path in (ROOT / folder).rglob("*.py"):
            tree = ast.parse(path.read_text("utf-8"))
            partial = {
                id(part)
                for node in ast.walk(tree)
                if isinstance(node, (ast.With, ast.Lambda))
                for part in ast.walk(node)
                if "partial" in ast.unparse(node)[:200]
            }
            name = path.relative_to(ROOT).as_posix()
            for node in ast.walk(tree):
                if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                    continue
                if node.func.attr == "rmtree":
                    deletes.add(name)
                written = node.func.attr in IN_PLACE and (
                    node.func.attr.startswith("write_") or ast.unparse(node.func.value) == "shutil"
                )
                opened = node.func.attr == "open" and any(
                    isinstance(word, ast.Constant)
                    and isinstance(word.value, str)
                    and set(word.value) & set("wax+")
                    and len(word.value) < 4
                    for word in node.args
                )
                if (written or opened) and id(node) not in partial:
                    writes.add(name)
    assert deletes <= set(DELETES), deletes - set(DELETES)
    assert writes <= set(WRITES), writes - set(WRITES)
