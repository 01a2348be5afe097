"""A briefing as one self-contained page: readable on a phone, printable, no script, nothing loaded from elsewhere."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Literal

from briefing.charts import draw
from briefing.compose import ended
from briefing.files import written
from briefing.issue import Issue, Picture, Section
from domain.times import china_day, exact, long_day

STYLE = """
body{margin:0 auto;max-width:46em;padding:1.2em;font:17px/1.75 FangSong,"仿宋","Noto Serif CJK SC",serif;color:#1d2129;background:#fff}
h1{color:#d7000f;text-align:center;font-size:1.9em;margin:.4em 0}
h2{text-align:center;font-size:1.25em;font-weight:600}
h3{font:600 1.05em/1.6 SimHei,"黑体","Noto Sans CJK SC",sans-serif;margin:1.4em 0 .3em}
p{margin:.35em 0;text-indent:2em}p.head{display:flex;justify-content:space-between;text-indent:0;border-bottom:2px solid #d7000f}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.86em;line-height:1.5}
th,td{border:1px solid #888;padding:.25em .5em;text-align:left;vertical-align:top}th{background:#f3f4f6}
.source{color:#5b6472;font-size:.9em}figure{margin:1em 0;text-align:center}figcaption{font-size:.86em}img{max-width:100%;height:auto}footer{margin-top:2em;border-top:1px solid #888;font-size:.8em;color:#5b6472}
@media print{body{max-width:none;padding:0;font-size:12pt}thead{display:table-header-group}tr{break-inside:avoid}}
"""
MOST_LETTERS = 18  # of a cell, that a column is made wide for
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def write_html(issue: Issue, path: Path, _template: bytes | None = None) -> None:
    """Write the page. Raises ExportError, leaving no half file."""
    written(path, lambda partial: partial.write_text(page(issue), "utf-8"))


def page(issue: Issue, form: Literal["png", "svg"] = "svg") -> str:
    """The whole page, its pictures in that form; all that comes from outside is escaped."""
    head = issue.head
    signer = f"　签发人：{escape(head.signer)}" if head.signer else ""
    sections = "".join(_section(issue, section) for section in issue.sections)
    return (
        f'<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="referrer" content="no-referrer">'
        f"<title>{escape(head.title)}</title><style>{STYLE}</style></head><body>"
        f"<div>内部资料　注意保存</div><h1>{escape(head.kind.label)}</h1>"
        f'<p style="text-align:center;text-indent:0">第{head.number}期（总第{head.total_number}期）</p>'
        f'<p class="head"><span>{escape(head.office)}{signer}</span>　<span>{long_day(head.dated)}</span></p>'
        f"<h2>{escape(head.title)}</h2>{sections}{''.join(_figure(p, form) for p in issue.pictures)}"
        f"<footer>报送：本单位领导　{escape(head.office)}　{long_day(china_day(head.made_at))}印发<br>"
        f"生成时间 {exact(head.made_at)}　留痕校验值 {escape(head.head_hash)}</footer></body></html>\n"
    )


def _section(issue: Issue, section: Section) -> str:
    parts = [f"<h3>{escape(section.heading)}</h3>"]
    leads = 0
    for item in section.paragraphs:
        leads += bool(item.lead)
        bold = f"<b>{leads}．{escape(ended(item.lead))}</b>" if item.lead else ""
        source = f'<span class="source">{escape(item.sources)}</span>' if item.sources else ""
        parts.append(f"<p>{bold}{escape(issue.told(item))}{source}</p>")
    if section.grid is not None:
        shares = _shares([section.grid.headings, *section.grid.rows])
        head = "".join(
            f'<th width="{share}%">{escape(name)}</th>' for name, share in zip(section.grid.headings, shares)
        )
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in section.grid.rows
        )
        parts.append(f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>')
    return "".join(parts)


def _shares(rows: Sequence[Sequence[str]]) -> list[int]:
    """How much of its table's width each column takes, in percent, by its longest cell."""
    longest = [min(MOST_LETTERS, max(len(row[i]) for row in rows)) + 1 for i in range(len(rows[0]))]
    return [round(100 * letters / sum(longest)) for letters in longest]


def _figure(picture: Picture, form: Literal["png", "svg"]) -> str:
    data = base64.b64encode(draw(picture, form)).decode()
    kind = "png" if form == "png" else "svg+xml"
    caption = escape(picture.caption)
    shown = f'<img width="640" alt="{caption}" src="data:image/{kind};base64,{data}">'
    return f"<figure>{shown}<figcaption>{caption}</figcaption></figure>"
