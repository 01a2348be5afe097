"""Filling the office's own Word template with plain values; for a process apart, for a template may ask for anything.

It imports little, so that the limit of memory is the template's.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from zipfile import BadZipFile

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError
from jinja2.exceptions import SecurityError, TemplateSyntaxError, UndefinedError
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from domain.errors import InputError

WIDTH = Mm(155)
LARGEST = 50_000_000  # bytes of a filled document
PICTURES = "图"
_NONE = "这不是一个能用的 Word 模板。请选 .docx 文件。"


class _Names(ImmutableSandboxedEnvironment):
    """What stands in a template can name values and go through them; it can call nothing, and look into no object."""

    def __init__(self) -> None:
        # What comes from outside is escaped, and stays so.
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.globals.clear()
        del self.filters["safe"]

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return isinstance(obj, LoopContext) and not attr.startswith("_") and not callable(value)

    def is_safe_callable(self, obj: Any) -> bool:
        return False


class _Picture:
    """Stands where a picture goes; a template can print it and nothing else."""

    __slots__ = ("__place",)

    def __init__(self, place: Callable[[], str]) -> None:
        self.__place = place

    def __html__(self) -> str:
        return self.__place()

    __str__ = __html__


def filled(template: bytes, values: Mapping[str, Any], pictures: Sequence[tuple[bytes, str]]) -> bytes:
    """A template with its names filled in, as a .docx; `pictures` are (PNG, caption). Raises InputError."""
    try:
        document = DocxTemplate(io.BytesIO(template))
        placed = [{"图片": _picture(document, png), "说明": caption} for png, caption in pictures]
        document.render({**values, PICTURES: placed}, _Names(), autoescape=True)
        out = io.BytesIO()
        document.save(out)
    except UndefinedError as error:
        raise InputError(f"模板里有不认识的名称（{_short(error)}）。可用的名称见使用手册。") from error
    except TemplateSyntaxError as error:
        raise InputError(f"模板里的花括号写得不对（{_short(error)}）。") from error
    except SecurityError as error:
        raise InputError("模板里有不允许的写法。模板只能引用名称，不能调用程序。") from error
    except TemplateError as error:
        raise InputError(f"模板填不出来（{_short(error)}）。") from error
    except MemoryError:
        raise
    except (BadZipFile, KeyError, OSError) as error:
        raise InputError(_NONE) from error
    except Exception as error:  # a doctored document breaks the libraries in any way
        raise InputError(f"{_NONE}它的内容有损坏，或里面的写法填不出来。") from error
    if out.tell() > LARGEST:
        raise InputError(f"模板填出来超过 {LARGEST // 1_000_000} MB。请检查里面的图片和循环。")
    return out.getvalue()


def _picture(document: DocxTemplate, png: bytes) -> _Picture:
    return _Picture(lambda: str(InlineImage(document, io.BytesIO(png), width=WIDTH)))


def _short(error: Exception) -> str:
    return str(getattr(error, "message", "") or "")[:100]
