"""Whether a value is of the kind that a step's field takes, and one that can be kept and reckoned with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, datetime, time
from functools import lru_cache
from math import isfinite
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from domain.times import reckoned

MOST_NUMBER = 2**53  # that the database and JSON can hold


@lru_cache(maxsize=256)
def kinds_of(step: type[Any]) -> Mapping[str, Any]:
    """The kind of each field of a dataclass, as it is declared."""
    hints = get_type_hints(step)
    return {item.name: hints[item.name] for item in fields(step)}


def fits(value: Any, kind: Any) -> bool:
    """Whether a value is of a kind. True is no number, text is no list, and a moment has its zone."""
    if kind is Any:
        return True
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return any(fits(value, one) for one in parts)
    if origin is not None:
        return _holds(value, origin, parts)
    if kind in _PLAIN:
        return _PLAIN[kind](value)
    return isinstance(value, kind)


def _holds(value: Any, origin: Any, parts: tuple[Any, ...]) -> bool:
    """Whether a list, set or mapping is one, and all that it holds fits."""
    if origin is tuple:
        if not isinstance(value, tuple | list):
            return False
        if parts[-1] is Ellipsis:
            return all(fits(item, parts[0]) for item in value)
        return len(value) == len(parts) and all(fits(item, part) for item, part in zip(value, parts, strict=True))
    if not isinstance(value, origin):
        return False
    if issubclass(origin, Mapping):
        return all(fits(key, parts[0]) and fits(item, parts[1]) for key, item in value.items())
    return all(fits(item, parts[0]) for item in value)


def _text(value: Any) -> bool:
    """Half of a pair that stands for one sign is no text; a secret, which stays as it is typed, may hold one."""
    return isinstance(value, str) and (value.isprintable() or not any("\ud800" <= sign <= "\udfff" for sign in value))


def _number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MOST_NUMBER


def _day(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime) and reckoned(value)


def _moment(value: Any) -> bool:
    return isinstance(value, datetime) and value.tzinfo is not None and reckoned(value)


_PLAIN: dict[Any, Callable[[Any], bool]] = {
    str: _text,
    NoneType: lambda value: value is None,
    int: _number,
    float: lambda value: _number(value) or (isinstance(value, float) and isfinite(value)),
    date: _day,
    datetime: _moment,
    time: lambda value: isinstance(value, time) and value.tzinfo is None,
}
