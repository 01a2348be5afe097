"""Event packs (事件包): major events as a file of TOML, out and in."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from domain.article import storable
from domain.errors import InputError, SourceError
from domain.event import USUAL_EASE, EventKind, MajorEvent, Phase
from domain.files import read_bytes, whole_file
from sources.workers import run_apart

LARGEST = 2_000_000  # bytes of a pack
MOST_EVENTS = 1_000
HEADING = "# 闻应事件包：用“导入事件包”读入，日期可再改。"
_NOT_ONE = "不是闻应的事件包，或者内容不完整。请用“导出事件包”得到的文件。"


@dataclass(frozen=True, slots=True)
class EventPack:
    """The events of a pack, and what is wrong with those that could not be read, one sentence each."""

    events: tuple[MajorEvent, ...]
    troubles: tuple[str, ...] = ()


def export_pack(events: Sequence[MajorEvent], path: Path) -> Path:
    """Write an event pack (TOML). Raises InputError when the file cannot be written."""
    import tomli_w  # for packs only

    pack = tomli_w.dumps({"event": [pack_table(event) for event in events]})
    try:
        with whole_file(path) as partial:
            partial.write_text(f"{HEADING}\n\n{pack}", "utf-8")
    except OSError as error:
        raise InputError(f"写不了文件 {path.name}。请检查位置是否可写、磁盘是否已满。") from error
    return path


def import_pack(path: Path) -> EventPack:
    """The events of a pack, not added yet. Raises InputError, saying what is wrong, where none can be read.

    It is read in a process apart: TOML may be nested until Python gives up.
    """
    try:
        body = read_bytes(path, LARGEST)
        pack = run_apart(pack_of, body, path.name)
    except OSError as error:
        raise InputError(f"读不了文件 {path.name}。请检查它是否存在、是否被别的程序占用。") from error
    except SourceError as error:
        raise InputError(f"{path.name} 读不了，没有导入任何事件。{error}") from error
    if pack.troubles and not pack.events:
        raise InputError(f"{path.name} 里的事件都读不了。{''.join(pack.troubles[:3])}")
    return pack


def pack_of(body: bytes, name: str) -> EventPack:
    """The events in a pack's bytes; one that is wrong costs its neighbours nothing. Raises InputError."""
    try:
        tables = tomllib.loads(body.decode("utf-8-sig"))["event"]
    except (ValueError, KeyError, RecursionError) as error:
        raise InputError(f"{name} {_NOT_ONE}") from error
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise InputError(f"{name} {_NOT_ONE}")
    if len(tables) > MOST_EVENTS:
        raise InputError(f"{name} 里的事件超过 {MOST_EVENTS} 个，没有导入。请分成几个事件包。")
    events, troubles = [], []
    for number, table in enumerate(tables, 1):
        try:
            events.append(packed_event(table))
        except InputError as error:
            its_name = storable(str(table.get("name", "")))[:40].strip()
            troubles.append(f"第 {number} 个事件{f'“{its_name}”' if its_name else ''}没有读入：{error}")
    return EventPack(tuple(events), tuple(troubles))


def packed_event(table: Mapping[str, Any]) -> MajorEvent:
    """The event that a table of a pack says. Raises InputError with what is wrong in it."""
    try:
        return MajorEvent(
            0,
            EventKind.of(_text(table, "kind")),
            _text(table, "name"),
            _day(table["starts"]),
            _day(table["ends"]),
            _words(table, "any"),
            _words(table, "all"),
            _words(table, "none"),
            tuple((_plain(word), float(weight)) for word, weight in table.get("weighted", ())),
            float(table.get("threshold", 2.0)),
            _text(table, "place"),
            float(table.get("ease", USUAL_EASE)),
            tuple(Phase(_plain(n), _day(a), _day(b)) for n, a, b in table.get("phases", ())),
            _text(table, "answers"),
            _text(table, "on_duty"),
            _words(table, "tasks"),
        )
    except KeyError as error:
        raise InputError(f"缺少 {error.args[0]} 一项。") from error
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError("有一项的写法不对，请照导出的事件包检查日期、关键词和数字。") from error


def pack_table(event: MajorEvent) -> dict[str, Any]:
    """An event as a pack and the record keep it."""
    return {
        "kind": event.kind.code,
        "name": event.name,
        "starts": event.starts.isoformat(),
        "ends": event.ends.isoformat(),
        "any": list(event.any_words),
        "all": list(event.all_words),
        "none": list(event.none_words),
        "weighted": [[word, weight] for word, weight in event.weighted],
        "threshold": event.threshold,
        "place": event.place,
        "ease": event.ease,
        "phases": [[p.name, p.starts.isoformat(), p.ends.isoformat()] for p in event.phases],
        "answers": event.answers,
        "on_duty": event.on_duty,
        "tasks": list(event.tasks),
    }


def _text(table: Mapping[str, Any], key: str) -> str:
    return _plain(table.get(key, ""))


def _words(table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    words = table.get(key, ())
    if isinstance(words, str):  # which would be taken apart into characters
        raise TypeError(key)
    return tuple(_plain(word) for word in words)


def _plain(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _day(value: Any) -> date:
    return value if type(value) is date else date.fromisoformat(_plain(value))
