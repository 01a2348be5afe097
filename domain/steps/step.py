"""What a step is: a value whose fields people fill in, each with its Chinese label."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import date, datetime, time
from enum import Enum
from pathlib import PurePath
from typing import Any, ClassVar

from domain.article import all_storable
from domain.concern import Labelled
from domain.errors import InputError
from domain.steps.kinds import fits, kinds_of
from domain.times import reckoned

_ABOUT = "about"


class Shape(Enum):
    """How much is written into a text field: a line, several, or a whole text (on the command line, from a file); and how
    many characters at most."""

    LINE = ("line", 2_000)
    LINES = ("lines", 20_000)
    TEXT = ("text", 200_000)

    def __init__(self, code: str, longest: int) -> None:
        self.code, self.longest = code, longest


@dataclass(frozen=True, slots=True)
class Field:
    """What people are told of a field. `past` forbids times to come; what is `secret` never enters the record.

    On the command line it is an argument where it is needed or `positional`, else an option called `option`.
    """

    name: str
    label: str
    needed: bool
    shape: Shape
    hint: str
    option: str
    past: bool
    positional: bool
    secret: bool


def entered(
    label: str,
    *,
    default: Any = MISSING,
    needed: bool = True,
    shape: Shape = Shape.LINE,
    hint: str = "",
    option: str = "",
    past: bool = True,
    positional: bool = False,
    secret: bool = False,
) -> Any:
    """A field of a step that a person fills in. One with a default is not needed."""
    about = Field("", label, needed and default is MISSING, shape, hint, option, past, positional, secret)
    if default is MISSING:
        return field(metadata={_ABOUT: about}, repr=not secret)
    return field(default=default, metadata={_ABOUT: about}, repr=not secret)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a person does. `code` names it in files and on the command line, `label` for people.

    Text is kept without the spaces around it and without what cannot be stored or printed, a secret as it was typed.
    Raises InputError, naming the field, where what is needed is empty, or a text is too long.
    """

    code: ClassVar[str] = ""
    label: ClassVar[str] = ""

    def __post_init__(self) -> None:
        for about in fields_of(type(self)):
            value = all_storable(getattr(self, about.name))
            if isinstance(value, str):
                value = getattr(self, about.name) if about.secret else value.strip()
                if about.needed and not value.strip():
                    raise InputError(f"请填写{about.label}。", about.name)
                if len(value) > about.shape.longest:
                    raise InputError(f"{about.label}太长了，请控制在 {about.shape.longest} 字以内。", about.name)
            if value is not getattr(self, about.name):
                object.__setattr__(self, about.name, value)

    def check_kinds(self) -> None:
        """Raises InputError, naming the field, for what the store, the calendar or the record could not take."""
        labels = {about.name: about.label for about in fields_of(type(self))}
        of: Any = type(self)  # a class, whose own __hash__ is that of its instances to mypy
        for name, kind in kinds_of(of).items():
            if not fits(value := getattr(self, name), kind):
                if isinstance(value, date) and not reckoned(value):
                    raise InputError(
                        f"{labels.get(name, '时间')}的年份不对，应在 1900 到 2199 年之间。请改一下。", name
                    )
                raise InputError(f"{labels.get(name, '编号')}填得不对，请重新填写。", name)

    def check_times(self, now: datetime) -> None:
        """Raises InputError, naming the field, where a time that must have been is still to come."""
        for about in fields_of(type(self)):
            value = getattr(self, about.name)
            if about.past and isinstance(value, datetime) and value > now:
                raise InputError(f"{about.label}晚于现在。请填已经发生的时间。", about.name)

    def entries(self) -> dict[str, Any]:
        """What was filled in, as the record keeps it; what was left empty is left out."""
        values = {a.name: plain(getattr(self, a.name)) for a in fields_of(type(self)) if not a.secret}
        return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def fields_of(step: type[Step]) -> Iterator[Field]:
    """The fields of a step that people fill in, in their order."""
    for item in fields(step):
        if (about := item.metadata.get(_ABOUT)) is not None:
            yield replace(about, name=item.name)


def plain(value: Any) -> Any:
    """A value as JSON has it: the code of a choice, a moment in ISO, the name of a file."""
    if isinstance(value, Labelled):
        return value.code
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, PurePath):
        return value.name
    if isinstance(value, frozenset):
        return sorted(plain(item) for item in value)
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    return value
