"""Registers from the command line: entered, listed, imported, exported, the annual report's tables."""

from __future__ import annotations

import json

import pytest
from openpyxl import load_workbook

import main


@pytest.fixture
def typed(tmp_path, monkeypatch, capsys):
    def type_in(*words: str) -> tuple[int, str, str]:
        head = ["main.py", "--data", str(tmp_path / "d"), "--now", "2026-11-20T12:00", "--json"]
        monkeypatch.setattr("sys.argv", [*head, "register", *map(str, words)])
        code = main.main()
        said = capsys.readouterr()
        return code, said.out, said.err

    return type_in


def test_register_is_kept_from_the_command_line(typed, tmp_path):
    file = tmp_path / "来信.csv"
    rows = "25,2025/9/22 9:32:09,物业,2025-10-09\n26,上周,路灯,\n27,2025-09-23,停水,\n"
    file.write_text(f"留言编号,留言时间,留言主题,答复时间\n{rows}", "utf-8")
    assert typed("import", "依申请公开", file)[0] == 1
    filled = ("--set", "申请人类别=自然人", "--set", "办理结果=予以公开")
    code, out, err = typed("import", "依申请公开", file, *filled)
    assert code == 0 and "收到日期←留言时间" in err
    taken = json.loads(out)
    assert (taken["new"], taken["known"], [t["row"] for t in taken["unusable"]]) == (2, 0, [3])
    open_one, answered = json.loads(typed("list", "依申请公开")[1])
    assert "answer" not in open_one["values"] and answered["in_time"] == "是（补录）"  # 27 has no answer yet
    assert json.loads(typed("import", "依申请公开", file, *filled)[1])["known"] == 2


def test_entry_is_added_changed_listed_struck_out_and_counted(typed, tmp_path):
    given = ("--set", "公开事项=征地公告", "--set", "应公开日=2026-11-10", "--set", "责任单位=自规局")
    assert json.loads(typed("add", "公开事项", *given)[1]) == {"id": 1}
    (row,) = json.loads(typed("list", "公开事项", "--state", "超时")[1])
    assert row["clocks"][0]["state"] == "已超时" and row["values"]["unit"] == "自规局"
    code, _, err = typed("change", "1", "--set", "公开日=2026-11-19")
    assert code == 1 and "网址" in err
    link = ("--set", "公开网址=https://x.gov.cn/1")
    assert typed("change", "1", "--set", "公开日=2026-11-19", *link)[0] == 0
    (row,) = json.loads(typed("list", "公开事项")[1])
    assert (row["standing"], row["in_time"]) == ("超时办结", "否")
    figures = json.loads(typed("figures", "--from", "2026-01-01", "--to", "2026-12-31")[1])["figures"]
    assert {"register": "公开事项", "name": "公开及时", "value": 0, "of": 1, "left_out": "", "ids": [1]} in figures
    assert typed("withdraw", "1", "重复")[0] == 0
    assert json.loads(typed("list", "公开事项", "--state", "作废")[1])[0]["id"] == 1
    assert json.loads(typed("limits", "--explain", "3")[1])["explain"] == 3
    assert typed("annual", "2025", tmp_path / "年报.xlsx")[0] == 0
    assert load_workbook(tmp_path / "年报.xlsx").sheetnames[1] == "三、申请办理"
    assert json.loads(typed("look")[1]) == json.loads(typed("carrying")[1]) == []
