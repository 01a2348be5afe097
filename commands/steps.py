"""Commands made from steps: the fields of a step are the arguments and options of its command."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import MISSING, fields
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, get_args, get_type_hints

import typer

from commands.run import By, opened, out
from commands.usage import MOST_ID, Number
from domain.concern import Labelled
from domain.errors import InputError
from domain.files import read_bytes
from domain.person import Actor
from domain.steps.step import Field, Shape, Step, fields_of
from domain.times import parse_moment

LONGEST_FILE = 2_000_000  # bytes of a text that is given as a file
ResultTeller = Callable[[Any, Any], tuple[Any, tuple[str, ...]]]  # step, result → (JSON value, lines)


def add_command(group: typer.Typer, step: type[Step], told: ResultTeller, subject: str = "") -> None:
    """Give a group the command of a step, named by its code.

    `subject` is the field that says what the step is of (concern_id, topic_id): the first argument, called ID. What
    is needed is an argument, the rest options; a whole text is read from a file; a time is ISO; a choice is its code
    or label.
    """
    entered = {about.name: about for about in fields_of(step)}

    def run(context: typer.Context, by: str, **given: Any) -> None:
        from desk.execute import execute

        values = {name: _read(entered[name], hint, given[_named(entered[name])]) for name, hint in hints.items()}
        if subject:
            values[subject] = given["id"]
        with opened(context) as (running, database):
            made = step(**values)
            result = execute(database, made, Actor(by), running.clock.now(), folder=running.folder)
            value, lines = told(made, result)
            out(running, value, *lines)

    kinds = get_type_hints(step)
    hints = {name: _plain_kind(kinds[name]) for name in entered if _enterable(_plain_kind(kinds[name]))}
    defaults = {item.name: item.default for item in fields(step)}
    parameters = [_parameter("context", typer.Context)]
    if subject:
        parameters.append(_parameter("id", Number))
    made = [_of_field(entered[name], kind, defaults[name]) for name, kind in hints.items()]
    parameters += [*made, _parameter("by", By, "")]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    group.command(step.code, help=f"{step.label}：{_help(entered.values())}" if entered else f"{step.label}。")(run)


def _help(entered: Any) -> str:
    return "、".join(f"{about.label}{f'（{about.hint}）' if about.hint else ''}" for about in entered) + "。"


def _named(about: Field) -> str:
    """The name of a field on the command line (as Python may spell it)."""
    return {"from": "start_from"}.get(about.option, about.option or about.name)


def _of_field(about: Field, kind: Any, default: Any) -> inspect.Parameter:
    """A field as an argument, or as an option where it has a default."""
    given: Any = str if kind is not int and kind is not bool and kind is not Path else kind
    if about.shape is Shape.TEXT or kind is Path:
        given = Path if default is MISSING else Path | None
    hint = f"{about.label}{f'（{about.hint}）' if about.hint else ''}"
    argument = typer.Argument(help=hint, min=1, max=MOST_ID) if kind is int else typer.Argument(help=hint)
    if default is MISSING:
        return _parameter(_named(about), Annotated[given, argument])
    if about.positional:
        return _parameter(_named(about), Annotated[given, argument], default)
    shown = default.code if isinstance(default, Labelled) else None if given == (Path | None) else default or ""
    option = typer.Option(f"--{about.option or about.name.replace('_', '-')}", help=hint)
    return _parameter(_named(about), Annotated[given, option], shown)


def _read(about: Field, kind: Any, given: Any) -> Any:
    """What was typed, as the step has it."""
    if about.shape is Shape.TEXT:
        return read_text(given) if given else ""
    if isinstance(kind, type) and issubclass(kind, Labelled):
        return kind.of(given) if given else None
    if kind is datetime:
        return parse_moment(given) if given else None
    return given


def _plain_kind(kind: Any) -> Any:
    """A type without its “or None”."""
    return (
        next((one for one in get_args(kind) if one is not type(None)), kind) if type(None) in get_args(kind) else kind
    )


def _enterable(kind: Any) -> bool:
    return isinstance(kind, type) and (issubclass(kind, Labelled | Path) or kind in (str, int, bool, datetime))


def _parameter(name: str, kind: Any, default: Any = inspect.Parameter.empty) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=default)


def read_text(file: Path) -> str:
    """The text of a file. Raises InputError."""
    try:
        return read_bytes(file, LONGEST_FILE).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"读不了“{file}”。请给一个 UTF-8 文本文件。") from error
