"""On a full disk what reads still reads, what writes says so, and nothing is lost: on a small disk of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from tests.commands.test_commands import run, run_apart

READING = (["source", "list"], ["doctor"], ["record", "verify"], ["event", "list"], ["ledger", "export"])
WRITING = (
    ["source", "add", "https://y.example.com/feed", "--name", "乙"],
    ["collect"],
    ["event", "add", "防汛", "2026-06-01", "2026-06-02", "洪水"],
    ["backup"],
)


@pytest.fixture
def small_disk(tmp_path):
    """A folder with 8 MB to itself."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    if sys.platform != "linux" or os.geteuid() or not mount:
        pytest.skip("needs root to mount a small disk")
    if subprocess.run([mount, "-t", "tmpfs", "-o", "size=8m", "tmpfs", place], capture_output=True).returncode:
        pytest.skip("no disk can be mounted here")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def told(folder, *words, by=run):
    done = by(folder, *map(str, words))
    return done.returncode, done.stdout + done.stderr


def test_full_disk_is_said_and_what_reads_reads(small_disk, tmp_path):
    data = small_disk / "data"
    assert told(data, "source", "add", "https://x.example.com/feed", "--name", "甲")[0] == 0
    with (small_disk / "fill").open("wb", buffering=0) as file, pytest.raises(OSError, match="space"):
        while True:
            file.write(b"x" * 4096)
    for words in READING:
        code, said = told(data, *words, *([tmp_path / "台账.xlsx"] if words[-1] == "export" else []))
        assert "意料之外" not in said and (code == 0 or words == ["doctor"]), (words, said)
    assert "甲" in told(data, "source", "list")[1]
    for words in WRITING:
        # What a collector does with its processes as it ends belongs to it.
        by = run_apart if words == ["collect"] else run
        code, said = told(data, *words, *([small_disk / "b.zip"] if words == ["backup"] else []), by=by)
        assert code == 1 and "磁盘" in said and "满" in said and "意料之外" not in said, (words, said)
    (small_disk / "fill").unlink()
    code, said = told(data, "source", "add", "https://y.example.com/feed", "--name", "乙")
    assert code == 0, said
    assert "甲" in told(data, "source", "list")[1] and told(data, "record", "verify")[0] == 0
