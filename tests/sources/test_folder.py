"""A watched folder: every file that is whole is read once, whatever it is called, and none is given up."""

import os
import sys
import time
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook

from desk.collecting.collect import Collector
from desk.collecting.sourcework import list_sources
from desk.execute import execute
from desk.topics.monitor import article_page
from domain.errors import SourceError
from domain.person import Actor
from domain.steps.sources import AddSource, ChangeSources
from sources import folder as watched
from sources import tableparts
from sources.http import SIZE_LIMIT
from sources.workers import Limits, run_apart

OLD = time.time() - 600


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "导出"
    made.mkdir()
    return made


@pytest.fixture
def look(database, folder, now):
    """One more look at the folder, so many minutes after the last; how many articles were new."""
    execute(database, AddSource(str(folder)), Actor("李敏"), now)
    collector = Collector(database, now)
    minutes = iter(range(0, 10_000, 3))
    yield lambda: collector.round(now + timedelta(minutes=next(minutes)), due_only=True).new
    collector.close()


def put(folder, name, text, at=OLD):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    os.utime(path, (at, at))
    return path


def said(database, now):
    return list_sources(database, now)[0].said


def titles(database):
    return sorted(article.title for article in article_page(database, 0, 500))


def test_running_number_is_no_identity(database, folder, look):
    put(folder, "一.csv", "序号,标题,内容\n1,东区停水,东区三天没水\n2,西区停电,西区一夜没电\n")
    assert look() == 2
    put(folder, "二.csv", "序号,标题,内容\n1,南区噪声,南区半夜施工\n2,北区积水,北区路面积水\n")
    assert look() == 2


@pytest.mark.parametrize("heading", ["编号", "id", "No", "留言编号"])
def test_short_number_under_any_heading_is_no_identity(database, folder, look, heading):
    put(folder, "一.csv", f"{heading},标题\n1,东区停水的事\n00002,西区停电的事\n")
    put(folder, "二.csv", f"{heading},标题\n1,南区噪声的事\n00002,北区积水的事\n")
    assert look() == 4


def test_numbers_that_excel_rounded_are_no_identity(folder, look):
    put(folder, "一.csv", "工单编号,标题\n2.02611E+13,东区停水的事\n2.02611E+13,西区停电的事\n")
    assert look() == 2


def test_link_that_all_rows_share_is_no_identity(folder, look):
    put(folder, "一.csv", "链接,标题\nhttp://www.x.example/,东区停水的事\nhttp://www.x.example/,西区停电的事\n")
    assert look() == 2


def test_real_number_is_an_identity_in_every_file(folder, look):
    put(folder, "一.csv", "工单编号,标题,状态\nGD20261120001,东区停水的事,办理中\n")
    assert look() == 1
    put(folder, "二.csv", "工单编号,标题,状态\nGD20261120001,东区停水的事（已办结）,办结\n")
    assert look() == 0


def test_same_words_on_two_days_are_two_messages_and_the_same_export_twice_is_one(folder, look):
    rows = "标题,时间\n反映路灯不亮,2026-11-18 08:00\n反映路灯不亮,2026-11-19 08:00\n"
    put(folder, "一.csv", rows)
    put(folder, "一（副本）.csv", rows)
    assert look() == 2
    assert look() == 0


def test_only_what_changed_is_read_again(folder, look, monkeypatch):
    read = []
    real = watched._read_file

    async def counted(file, *rest):
        read.append(file.path.name)
        return await real(file, *rest)

    monkeypatch.setattr(watched, "_read_file", counted)
    put(folder, "一.csv", "标题\n第一条消息内容\n")
    put(folder, "二.csv", "标题\n第二条消息内容\n")
    assert look() == 2
    put(folder, "二.csv", "标题\n第二条消息内容\n第三条消息内容\n", OLD + 60)
    assert look() == 1
    (folder / "一.csv").rename(folder / "改名.csv")
    assert look() == 0
    put(folder, "改名.csv", "标题\n换过了的一条\n", OLD + 90)
    assert look() == 1
    assert read == ["一.csv", "二.csv", "二.csv", "改名.csv", "改名.csv"]


def test_file_that_could_not_be_read_once_is_read_later(database, folder, look, now, monkeypatch):
    put(folder, "好.csv", "标题\n好文件里的一条\n")
    put(folder, "锁.csv", "标题\n被占用文件里的一条\n")
    real = os.open

    def refused(path, *rest, **named):
        if Path(path).name == "锁.csv":
            raise PermissionError(13, "open elsewhere")
        return real(path, *rest, **named)

    for module in (watched, tableparts):  # in this process, where the test can lock a file
        monkeypatch.setattr(module, "run_apart", lambda function, *given: function(*given))
    monkeypatch.setattr(os, "open", refused)
    assert look() == 1
    assert "锁.csv" in said(database, now) and "打不开" in said(database, now)
    monkeypatch.setattr(os, "open", real)
    monkeypatch.setattr(watched, "FIRST_RETRY", 0.0)
    assert look() == 1
    assert "锁.csv" not in said(database, now)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs permissions that hold")
def test_file_without_permission_is_read_once_it_may_be(folder, look, monkeypatch):
    monkeypatch.setattr(watched, "FIRST_RETRY", 0.0)
    path = put(folder, "一.csv", "标题\n没有权限的一条\n")
    path.chmod(0)
    assert look() == 0
    path.chmod(0o600)
    assert look() == 1


def test_half_written_workbook_is_read_when_it_is_whole(database, folder, look, now, tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["标题"])
    book.active.append(["写完整了的一条"])
    book.save(tmp_path / "x.xlsx")
    whole = (tmp_path / "x.xlsx").read_bytes()
    put(folder, "好.csv", "标题\n好文件里的一条\n")
    put(folder, "表.xlsx", whole[: len(whole) // 2])
    assert look() == 1
    assert "表.xlsx" in said(database, now)
    put(folder, "表.xlsx", whole, OLD + 30)
    assert look() == 1


def test_failing_file_is_tried_less_and_less_often_but_for_ever():
    file = watched._File(Path("a"), "a", "m", 1, 0.0)
    for tries in (1, 2, 5, 10, 1000):
        waits = [
            wait for wait in range(0, 30_000, 30) if watched._is_due(file, ["m", tries, 1000.0, ""], 1000.0 + wait)
        ]
        assert waits and waits[0] <= watched.LAST_RETRY
    assert not watched._is_due(file, ["m", 0, 0.0, ""], 1e9)
    assert watched._is_due(file, ["m", 3, 5e9, ""], 1000.0), "a clock that went back must not hold it up"


def test_name_of_any_characters_is_read_and_can_be_shown(database, folder, look, now):
    names = ["空 格.csv", "百分号%s{}.csv", "<b>粗<b>.csv", "换\n行.csv", "引'号\".csv", "长" * 80 + ".csv", "😀.csv"]
    if sys.platform.startswith("linux"):
        names += [os.fsdecode(b"\xd6\xd0\xce\xc4.csv"), os.fsdecode(b"bad\xff.csv")]
    else:
        names = [name for name in names if not set(name) & set('<>\n"')]
    for i, name in enumerate(names):
        put(folder, name, f"标题\n第{i}个文件里的一条\n")
    put(
        folder, os.fsdecode(b"\xff.xlsx") if sys.platform.startswith("linux") else "坏.xlsx", b"not a table\x01\x02" * 9
    )
    assert look() == len(names)
    assert "1 个文件读不了" in said(database, now)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_link_out_of_the_folder_is_not_followed(database, folder, look, now, tmp_path):
    secret = put(tmp_path, "秘密.csv", "标题\n外面的秘密内容\n")
    put(folder, "里.csv", "标题\n里面的一条内容\n")
    (folder / "外.csv").symlink_to(secret)
    (folder / "转.csv").symlink_to(folder / "里.csv")
    (folder / "空.csv").symlink_to(tmp_path / "没有.csv")
    (folder / "圈.csv").symlink_to(folder / "圈.csv")
    (folder / "目录.csv").mkdir()
    assert look() == 1
    assert titles(database) == ["里面的一条内容"] and "外.csv" in said(database, now)


def test_pipe_with_a_tables_name_holds_nothing_up(folder, look):
    if not hasattr(os, "mkfifo"):
        pytest.skip("no pipes")
    os.mkfifo(folder / "管道.csv")
    put(folder, "里.csv", "标题\n里面的一条内容\n")
    assert look() == 1


def test_huge_file_is_named_and_the_rest_is_read(database, folder, look, now):
    with (folder / "大.csv").open("wb") as file:
        file.truncate(SIZE_LIMIT + 1)
    os.utime(folder / "大.csv", (OLD, OLD))
    put(folder, "小.csv", "标题\n小文件里的一条\n")
    assert look() == 1
    assert "大.csv" in said(database, now) and "20 MB" in said(database, now)


def test_thousands_of_files_come_in_round_after_round(folder, look, monkeypatch):
    monkeypatch.setattr(watched, "ROUND_FILES", 20)
    for i in range(50):
        put(folder, f"{i}.csv", f"标题\n第{i}个文件里的一条\n", OLD + i)
    assert [look(), look(), look(), look()] == [20, 20, 10, 0]


def test_file_from_a_clock_that_is_ahead_is_read(folder, look):
    put(folder, "未来.csv", "标题\n未来文件里的一条\n", time.time() + 86_400)
    assert look() == 1


def test_file_that_is_just_being_written_waits(folder, look):
    path = put(folder, "写.csv", "标题\n写到一", time.time())
    assert look() == 0
    path.write_bytes("标题\n写到一半又写完\n".encode())
    os.utime(path, (OLD, OLD))
    assert look() == 1


def test_new_mapping_reads_the_files_anew(database, folder, look, now):
    put(folder, "一.csv", "甲,乙\n供水问题反映,小区停水三天\n")
    assert look() == 0
    (view,) = list_sources(database, now)
    execute(
        database,
        ChangeSources((view.source.id,), options={"mapping": {"标题": "甲", "正文": "乙"}}),
        Actor("李敏"),
        now,
    )
    assert look() == 1


def test_broken_rows_are_named_with_their_file(database, folder, look, now):
    put(folder, "一.csv", '标题,内容\n好的一行,"完整"\n坏的一行,"没有结束\n后面一行,还在\n')
    assert look() == 2
    assert "一.csv" in said(database, now) and "第 3 行（引号没有配对）" in said(database, now)


def test_all_files_that_cannot_be_read_are_counted_and_the_first_named(database, folder, look, now):
    for i in range(9):
        put(folder, f"坏{i}.xlsx", b"PK\x03\x04 no workbook")
    look()
    assert "9 个文件读不了" in said(database, now)
    assert all(f"坏{i}.xlsx" in said(database, now) for i in range(3)) and "……" in said(database, now)


def test_large_table_is_read_in_parts_each_within_the_limits(folder, monkeypatch, now):
    monkeypatch.setattr(watched, "LIMITS", Limits(2.0, 512))
    path = put(folder, "大.csv", "标题,内容\n" + "".join(f"第{i}件诉求,{i}\n" for i in range(20_000)))
    asked = []
    monkeypatch.setattr(
        "sources.tableparts.run_apart", lambda work, *args: asked.append(work) or run_apart(work, *args)
    )
    articles, told = watched._table(path, {}, now)
    assert len(articles) == 20_000 and told == "" and len(asked) > 5


def test_part_that_cannot_be_read_costs_those_before_it_nothing(folder, monkeypatch, now):
    path = put(folder, "半.csv", "标题,内容\n" + "".join(f"第{i}件诉求,{i}\n" for i in range(5_000)))
    whole = tableparts.parts_of

    def broken(*args):
        parts = whole(*args)
        yield next(parts)
        raise SourceError("内容读了 10 秒还没有读完，已停止。")

    monkeypatch.setattr(watched, "parts_of", broken)
    articles, told = watched._table(path, {}, now)
    assert len(articles) > 1_000 and "行后停下了" in told


def test_row_above_what_cannot_be_unpacked_in_time_is_kept(folder, tmp_path, monkeypatch, now):
    book = Workbook()
    book.active.append(["标题", "内容"])
    book.active.append(["东区停水的事", "三天没水"])
    book.save(tmp_path / "好.xlsx")
    path = folder / "填充.xlsx"
    with zipfile.ZipFile(tmp_path / "好.xlsx") as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            head, end, tail = old.read(name).partition(b"</sheetData>")
            with new.open(name, "w", force_zip64=True) as part:
                part.write(head + (b"<row/>" if end else b""))
                for _ in range(300 if end else 0):
                    part.write(b" " * (1 << 20))
                part.write(end + tail)
    monkeypatch.setattr(watched, "LIMITS", Limits(0.5, 512))
    articles, told = watched._table(path, {}, now)
    assert [article.title for article in articles] == ["东区停水的事"] and "停下了" in told
