"""The office's own Word template in place of our layout: what it may name, as plain values and pictures."""

from __future__ import annotations

from typing import Any

from briefing.charts import draw
from briefing.compose import ended
from briefing.issue import Issue
from domain.times import exact, long_day


def names(issue: Issue) -> dict[str, Any]:
    """What a template may name beside the pictures, and what stands there: plain values; 使用手册 lists them."""
    head = issue.head
    return {
        "种类": head.kind.label,
        "标题": head.title,
        "期号": head.number,
        "总期号": head.total_number,
        "单位": head.office,
        "签发人": head.signer,
        "日期": long_day(head.dated),
        "生成时间": exact(head.made_at),
        "校验值": head.head_hash,
        "栏目": [
            {
                "标题": section.heading,
                "段落": [{"引题": ended(p.lead), "正文": issue.told(p), "来源": p.sources} for p in section.paragraphs],
                "表头": list(section.grid.headings) if section.grid else [],
                "行": [list(row) for row in section.grid.rows] if section.grid else [],
            }
            for section in issue.sections
        ],
    }


def pictures(issue: Issue) -> list[tuple[bytes, str]]:
    """The pictures of an issue, drawn, with their captions."""
    return [(draw(picture), picture.caption) for picture in issue.pictures]
