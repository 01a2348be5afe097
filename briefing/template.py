"""The office's own Word template in place of our layout: a .docx with names in double braces, filled by docxtpl."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docx.shared import Mm

from briefing.charts import draw
from briefing.compose import ended
from briefing.files import written
from briefing.issue import Issue
from domain.errors import ExportError, InputError
from domain.times import exact, long_day

WIDTH = Mm(155)


def write_from_template(issue: Issue, template: bytes, path: Path) -> None:
    """Write the issue in the office's own look. Raises ExportError, leaving no half file."""
    try:
        document = _filled(issue, template)
    except InputError as error:
        raise ExportError(f"{error} 在“设置”里换一个模板，或取消模板后再导出。") from error
    written(path, lambda partial: document.save(str(partial)))


def check_template(template: bytes, issue: Issue) -> None:
    """See that a template can be filled. Raises InputError with what is wrong."""
    _filled(issue, template)


def names(issue: Issue, document: Any = None) -> dict[str, Any]:
    """What a template may name, and what stands there; 使用手册 lists them."""
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
        "图": [{"图片": _inline(document, draw(picture)), "说明": picture.caption} for picture in issue.pictures]
        if document is not None
        else [],
    }


def _inline(document: Any, picture: bytes) -> Any:
    from docxtpl import InlineImage

    return InlineImage(document, io.BytesIO(picture), width=WIDTH)


def _filled(issue: Issue, template: bytes) -> Any:
    from docxtpl import DocxTemplate
    from jinja2 import StrictUndefined, TemplateError
    from jinja2.exceptions import SecurityError, TemplateSyntaxError, UndefinedError
    from jinja2.sandbox import SandboxedEnvironment

    try:
        document = DocxTemplate(io.BytesIO(template))
        # What comes from outside is escaped; a template can name things but do nothing.
        environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
        document.render(names(issue, document), environment, autoescape=True)
    except UndefinedError as error:
        raise InputError(f"模板里有不认识的名称（{error.message}）。可用的名称见使用手册。") from error
    except TemplateSyntaxError as error:
        raise InputError(f"模板里的花括号写得不对（{error.message}）。") from error
    except SecurityError as error:
        raise InputError("模板里有不允许的写法。模板只能引用名称，不能调用程序。") from error
    except TemplateError as error:
        raise InputError(f"模板填不出来（{error.message}）。") from error
    except (BadZipFile, KeyError, ValueError, OSError) as error:
        raise InputError("这不是一个能用的 Word 模板。请选 .docx 文件。") from error
    return document
