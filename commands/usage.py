"""What was typed wrongly on the command line, said in Chinese: what it was, and what to do."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from domain.errors import InputError

FASTEST = 1_000_000.0  # times as fast as real time
MOST_ID, MOST_ROWS = 2**53, 100_000  # what the database and JSON can number; rows that are listed
_QUOTED = re.compile(r"\((.+)\)$|'([^']+)'")
_HELP = "加 --help 看怎么写。"
# What pydantic, by which typer reads what is typed, calls what is wrong.
_WRONG = {
    "int_parsing": "请填整数",
    "int_from_float": "请填整数",
    "int_parsing_size": "数字太大了",
    "float_parsing": "请填数字",
    "finite_number": "请填数字",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "bool_parsing": "请填 true 或 false",
}

Number = Annotated[int, typer.Argument(min=1, max=MOST_ID, help="编号")]
Limit = Annotated[int, typer.Option(min=1, max=MOST_ROWS, help="最多列几条")]


def explained(error: Any) -> str:
    """A wrong usage, as typer raises it, in a sentence."""
    kind = type(error).__name__
    parameter = getattr(error, "param", None)
    name = _named(parameter) if parameter else ""
    if kind == "MissingParameter":
        return f"缺少{name}。{_HELP}"
    if kind == "NoSuchOption":
        return f"没有“{error.option_name}”这个选项。{_HELP}"
    if kind == "BadOptionUsage":
        return f"选项“{error.option_name}”后面要有且只有一个值。{_HELP}"
    if kind == "BadParameter":
        given, wrong = _wrong(error.__cause__)
        return f"{name}“{given}”不对：{wrong}。{_HELP}" if given else f"{name}不对。{_HELP}"
    # One word too many, or no command: typer keeps the word in its own sentence only.
    word = _QUOTED.search(error.format_message())
    return f"看不懂“{word[1] or word[2]}”。{_HELP}" if word else f"命令写得不对。{_HELP}"


def _named(parameter: Any) -> str:
    """An option by its name, an argument by what it is."""
    if parameter.param_type_name == "option":
        return f"选项 {parameter.opts[0]} "
    return f"参数 {(parameter.metavar or parameter.name or '').upper()} "


def _wrong(cause: Any) -> tuple[str, str]:
    """(what was typed, what is wrong with it), where pydantic says so."""
    fault = cause.errors()[0] if hasattr(cause, "errors") else {}
    said = _WRONG.get(fault.get("type", ""), "不是这里能填的")
    return str(fault.get("input", "")), said.format(**fault.get("ctx", {}))


def check_words(words: Sequence[str]) -> None:
    """Refuse words that are no text, as a broken terminal sends; names of files that are there may be. Raises InputError."""
    for word in words:
        try:
            word.encode()
        except UnicodeEncodeError as error:
            if not os.path.lexists(word):
                shown = word.encode("utf-8", "replace").decode()
                raise InputError(f"“{shown}”里有认不出的字。请重新输入；终端的编码应为 UTF-8。") from error
