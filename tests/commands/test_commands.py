"""The commands, run as a user runs them."""

import json
import logging
import os
import sqlite3
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout, suppress
from io import StringIO
from pathlib import Path

import pytest

import main

ROOT = Path(__file__).parent.parent.parent


def words_of(folder, words):
    return ["main.py", "--data", str(folder), "--now", "2026-11-20T12:00", *words]


def run(folder, *words):
    """What a command leaves and says, without the seconds that a process of its own takes to start."""
    out, err = StringIO(), StringIO()
    handlers: list[logging.Handler] = []
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", words_of(folder, words))
        patch.setattr(logging.getLogger(), "handlers", handlers)
        patch.setattr(logging, "raiseExceptions", True)  # which it sets itself
        code = main.main()
    for handler in handlers:
        with suppress(OSError):  # a full disk, of which the log is quiet
            handler.close()
    return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())


def run_apart(folder, *words):
    """A command in its own process, as a user's."""
    return subprocess.run(
        [sys.executable, *words_of(folder, words)],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=120,
    )  # fmt: skip


def test_table_becomes_articles_and_topics(tmp_path):
    table = tmp_path / "热线.csv"
    table.write_text("留言主题,留言详情,留言时间\n小区停暖三天,老人受冻，多次投诉无人管,2026-11-19 08:00\n", "gb18030")
    done = run_apart(tmp_path / "data", "--json", "import", str(table))
    assert done.returncode == 0 and json.loads(done.stdout)["new"] == 1
    topics = json.loads(run(tmp_path / "data", "--json", "topics").stdout)
    assert topics[0]["title"] == "小区停暖三天"


def test_error_is_one_chinese_sentence_and_exit_1(tmp_path):
    done = run_apart(tmp_path, "source", "add", "ftp://x/y")
    assert done.returncode == 1 and "http://" in done.stderr and "Traceback" not in done.stderr


def test_wrong_usage_is_exit_2(tmp_path):
    assert run(tmp_path, "没有这个命令").returncode == 2
    assert run(tmp_path, "concern").stderr == "用法不对：看不懂“concern”。加 --help 看怎么写。\n"  # it is like another


def test_broken_database_is_said_and_kept(tmp_path):
    (tmp_path / "wenying.db").write_bytes(b"not a database" * 100)
    done = run(tmp_path, "topics")
    assert done.returncode == 1 and "损坏" in done.stderr and "Traceback" not in done.stderr
    assert (tmp_path / "wenying.db").read_bytes().startswith(b"not a database")


def test_broken_settings_are_said_and_can_be_set_anew(tmp_path):
    assert run(tmp_path, "office", "--name", "临江市政府新闻办").returncode == 0
    with sqlite3.connect(tmp_path / "wenying.db") as connection:
        connection.execute('UPDATE setting SET value = \'{"packs": ["火星"]\'')
    done = run(tmp_path, "office")
    assert done.returncode == 1 and "设置" in done.stderr and "wenying.log" in done.stderr
    assert run(tmp_path, "office", "--name", "临江市政府新闻办").returncode == 0
    assert "临江市政府新闻办" in run(tmp_path, "office").stdout


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_read_only_folder_is_said(tmp_path):
    assert run(tmp_path, "topics").returncode == 0
    tmp_path.chmod(0o555)
    done = run(tmp_path, "event", "add", "两会", "2026-03-01", "2026-03-12", "两会")
    tmp_path.chmod(0o755)
    assert done.returncode == 1 and "Traceback" not in done.stderr
