"""The commands, run as a user runs them."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def run(folder, *words):
    return subprocess.run(
        [sys.executable, "main.py", "--data", str(folder), "--now", "2026-11-20T12:00", *words],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=120,
    )  # fmt: skip


def test_table_becomes_articles_and_topics(tmp_path):
    table = tmp_path / "热线.csv"
    table.write_text("留言主题,留言详情,留言时间\n小区停暖三天,老人受冻，多次投诉无人管,2026-11-19 08:00\n", "gb18030")
    done = run(tmp_path / "data", "--json", "import", str(table))
    assert done.returncode == 0 and json.loads(done.stdout)["new"] == 1
    topics = json.loads(run(tmp_path / "data", "--json", "topics").stdout)
    assert topics[0]["title"] == "小区停暖三天"


def test_error_is_one_chinese_sentence_and_exit_1(tmp_path):
    done = run(tmp_path, "source", "add", "ftp://x/y")
    assert done.returncode == 1 and "http://" in done.stderr and "Traceback" not in done.stderr


def test_wrong_usage_is_exit_2(tmp_path):
    assert run(tmp_path, "没有这个命令").returncode == 2


def test_broken_database_is_said_and_kept(tmp_path):
    (tmp_path / "wenying.db").write_bytes(b"not a database" * 100)
    done = run(tmp_path, "topics")
    assert done.returncode == 1 and "损坏" in done.stderr and "Traceback" not in done.stderr
    assert (tmp_path / "wenying.db").read_bytes().startswith(b"not a database")
