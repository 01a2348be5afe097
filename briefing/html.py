"""The briefing as one self-contained page: readable on a phone, printable, no script, nothing loaded from elsewhere."""

from __future__ import annotations

import base64
from html import escape
from pathlib import Path

from briefing.charts import heat_curves
from briefing.compose import Issue, Section
from briefing.files import written
from domain.times import exact, long_day

STYLE = """
body{margin:0 auto;max-width:46em;padding:1.2em;font:17px/1.75 FangSong,"仿宋","Noto Serif CJK SC",serif;color:#1d2129;background:#fff}
h1{color:#d7000f;text-align:center;font-size:1.9em;margin:.4em 0}
h2{text-align:center;font-size:1.25em;font-weight:600}
h3{font:600 1.05em/1.6 SimHei,"黑体","Noto Sans CJK SC",sans-serif;margin:1.4em 0 .3em}
p{margin:.35em 0;text-indent:2em}p.head{display:flex;justify-content:space-between;text-indent:0;border-bottom:2px solid #d7000f}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.86em;line-height:1.5}
th,td{border:1px solid #888;padding:.25em .5em;text-align:left;vertical-align:top}th{background:#f3f4f6}
.source{color:#5b6472;font-size:.9em}img{max-width:100%}footer{margin-top:2em;border-top:1px solid #888;font-size:.8em;color:#5b6472}
@media print{body{max-width:none;padding:0;font-size:12pt}thead{display:table-header-group}tr{break-inside:avoid}}
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def write_html(issue: Issue, path: Path) -> None:
    """Write the page. Raises ExportError, leaving no half file."""
    written(path, lambda partial: partial.write_text(page(issue), "utf-8"))


def page(issue: Issue) -> str:
    """The whole page; all that comes from outside is escaped."""
    picture = heat_curves(issue.curves, issue.end)
    chart = ""
    if picture is not None:
        data = base64.b64encode(picture).decode()
        chart = f'<figure><img alt="热点话题一周报道量曲线" src="data:image/png;base64,{data}"></figure>'
    signer = f"　签发人：{escape(issue.signer)}" if issue.signer else ""
    return (
        f'<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="referrer" content="no-referrer">'
        f"<title>{escape(issue.title)}</title><style>{STYLE}</style></head><body>"
        f"<div>内部资料　注意保存</div><h1>{escape(issue.kind)}</h1>"
        f'<p style="text-align:center;text-indent:0">第{issue.number}期（总第{issue.total_number}期）</p>'
        f'<p class="head"><span>{escape(issue.office)}{signer}</span>　<span>{long_day(issue.day)}</span></p>'
        f"<h2>{escape(issue.title)}</h2>{''.join(map(_section, issue.sections))}{chart}"
        f"<footer>报送：本单位领导　{escape(issue.office)}　{long_day(issue.day)}印发<br>"
        f"生成时间 {exact(issue.made_at)}　留痕校验值 {escape(issue.head_hash)}</footer></body></html>\n"
    )


def _section(section: Section) -> str:
    parts = [f"<h3>{escape(section.heading)}</h3>"]
    for i, (lead, text, sources) in enumerate(section.paragraphs, 1):
        bold = f"<b>{i}．{escape(lead)}。</b>" if lead else ""
        source = f'<span class="source">{escape(sources)}</span>' if sources else ""
        parts.append(f"<p>{bold}{escape(text)}{source}</p>")
    if section.grid is not None:
        head = "".join(f"<th>{escape(name)}</th>" for name in section.grid.headings)
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in section.grid.rows
        )
        parts.append(f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>')
    return "".join(parts)
