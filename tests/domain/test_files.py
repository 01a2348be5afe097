"""What the user has on the disk is never lost: files are written whole, and nothing foreign is deleted or replaced."""

from __future__ import annotations

import ast
import os
import stat
import sys
import tracemalloc
from pathlib import Path
from types import SimpleNamespace

import pytest

import domain.files
from demo.place import MARK, made_anew
from domain.errors import ExportError, InputError, WenyingError
from domain.files import free_path, read_bytes, whole_file

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


def test_name_counts_up_to_999_and_then_the_folder_wants_clearing(tmp_path):
    path = tmp_path / "台账.xlsx"
    path.touch()
    for i in range(2, 999):
        (tmp_path / f"台账（{i}）.xlsx").symlink_to("nowhere")  # a name is taken whatever it leads to
    assert free_path(path).name == "台账（999）.xlsx"
    free_path(path).touch()
    with pytest.raises(ExportError, match=r"^同名文件太多了。请清理输出文件夹。$"):
        free_path(path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
def test_private_file_is_for_its_owner_alone_from_its_first_byte(tmp_path):
    tmp_path.chmod(0o755)
    with whole_file(tmp_path / "a", private=True) as partial:
        assert partial.stat().st_mode & 0o777 == 0o600
        partial.unlink()  # as a library that saves by a file of its own
        partial.write_text("x", "utf-8")
        partial.chmod(0o644)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


def test_file_for_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError), whole_file(tmp_path / "gone" / "a") as partial:
        partial.write_text("x", "utf-8")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def flushed(monkeypatch):
    """Whether each thing that the system was to put on the disk was a folder or a file, in their order."""
    asked: list[str] = []

    def fsync(number):
        asked.append("folder" if stat.S_ISDIR(os.fstat(number).st_mode) else "file")

    monkeypatch.setattr(os, "fsync", fsync)
    return asked


def test_file_is_on_the_disk_before_it_takes_its_place_and_its_name_thereafter(flushed, tmp_path):
    with whole_file(tmp_path / "a") as partial:
        partial.write_text("x", "utf-8")
    known = ["file"] if sys.platform == "win32" else ["file", "folder"]
    assert flushed == known
    with whole_file(tmp_path / "b", flush=False) as partial:
        partial.write_text("x", "utf-8")
    assert flushed == known and (tmp_path / "b").exists()


def test_windows_is_not_asked_to_put_a_folder_on_the_disk(flushed, monkeypatch, tmp_path):
    monkeypatch.setattr(domain.files, "sys", SimpleNamespace(platform="win32"))
    with whole_file(tmp_path / "a") as partial:
        partial.write_text("x", "utf-8")
    assert flushed == ["file"]


def test_folder_that_cannot_be_put_on_the_disk_keeps_its_file(monkeypatch, tmp_path):
    def refusing(number):
        if stat.S_ISDIR(os.fstat(number).st_mode):
            raise OSError("not on this share")

    monkeypatch.setattr(os, "fsync", refusing)
    with whole_file(tmp_path / "a") as partial:
        partial.write_text("x", "utf-8")
    assert (tmp_path / "a").read_text("utf-8") == "x"


def test_file_of_many_blocks_is_read_whole(tmp_path):
    path, whole = tmp_path / "表", bytes(range(256)) * 10_000
    path.write_bytes(whole)
    assert read_bytes(path, len(whole)) == whole
    with pytest.raises(InputError, match="超过"):
        read_bytes(path, len(whole) - 1)


def test_empty_file_is_empty(tmp_path):
    (tmp_path / "表").touch()
    assert read_bytes(tmp_path / "表", 0) == b""


@pytest.mark.parametrize(
    ("most", "told"), [(99_999, "99999 字节"), (100_000, "0.1 MB"), (2_500_000, "2.5 MB"), (20_000_000, "20 MB")]
)
def test_file_that_is_too_large_is_refused_at_its_field(most, told, tmp_path):
    path = tmp_path / "表.csv"
    with path.open("wb") as file:
        file.truncate(most + 1)
    with pytest.raises(InputError) as refused:
        read_bytes(path, most, "table")
    assert str(refused.value) == f"“表.csv”超过 {told}，没有读。请检查是不是选错了文件。"
    assert refused.value.field == "table"
    with pytest.raises(InputError) as refused:
        read_bytes(path, most)
    assert refused.value.field == ""


def test_limit_is_held_while_reading(tmp_path):
    with (tmp_path / "太大").open("wb") as file:
        file.truncate(100_000_000)  # none of them on the disk
    tracemalloc.start()
    with pytest.raises(InputError, match="超过"):
        read_bytes(tmp_path / "太大", 1_000)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 10_000_000


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="no such files here")
def test_file_that_says_it_is_empty_and_is_not_is_held_to_the_limit():
    with pytest.raises(InputError, match="超过"):
        read_bytes(Path("/proc/self/maps"), 10)


def test_folder_is_no_file_and_is_named(tmp_path):
    with pytest.raises(IsADirectoryError) as refused:
        read_bytes(tmp_path, 10)
    assert refused.value.filename == str(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders here")
def test_pipe_is_refused_at_its_field_and_closed_again(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "管道")
    opened, begin = [], os.open
    monkeypatch.setattr(os, "open", lambda *asked: opened.append(begin(*asked)) or opened[-1])
    with pytest.raises(InputError) as refused:
        read_bytes(tmp_path / "管道", 10, "table")
    assert str(refused.value) == "“管道”不是普通的文件（是管道或设备），没有读。请换一个文件。"
    assert refused.value.field == "table"
    with pytest.raises(OSError, match="descriptor"):
        os.fstat(opened[0])


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
            source = path.read_text("utf-8")
            tree, lines = ast.parse(source), source.splitlines()
            partial = {
                id(part)
                for node in ast.walk(tree)
                if isinstance(node, (ast.With, ast.Lambda))
                and "partial" in "\n".join(lines[node.lineno - 1 : node.lineno + 3])[:300]
                for part in ast.walk(node)
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
