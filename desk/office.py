"""The office's own particulars: its name, places, packs of rules; kept as settings."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime, time
from typing import Any

from domain.errors import InputError, StoreError
from store import record, settings
from store.database import Database

PACKS = ("国家", "河南")


@dataclass(frozen=True, slots=True)
class Office:
    """本单位: what it is called, which place names are its own, which rules bind it.

    `draft_at` (HH:MM, China time) is when the collector makes the draft of the daily briefing; empty for never.
    """

    name: str = "本单位"
    places: tuple[str, ...] = ()
    packs: tuple[str, ...] = ("国家",)
    signer: str = ""
    theme: str = "system"
    draft_at: str = "08:30"

    def __post_init__(self) -> None:
        unknown = [pack for pack in self.packs if pack not in PACKS]
        if unknown:
            raise InputError(f"没有“{unknown[0]}”规则包。可用的有：{'、'.join(PACKS)}。")
        if self.draft_at:
            try:
                time.fromisoformat(self.draft_at)
            except ValueError as error:
                raise InputError(f"“{self.draft_at}”不是时刻。请写成 08:30 这样。") from error

    @property
    def draft_time(self) -> time | None:
        """When the draft is made, China time; None for never."""
        return time.fromisoformat(self.draft_at) if self.draft_at else None


def office(database: Database) -> Office:
    """The office as set; defaults where nothing is set. Raises StoreError where what is set makes no sense."""
    with database.read() as connection:
        found = settings.read(connection, "office") or {}
    known = {field.name for field in fields(Office)}
    try:
        return Office(**{key: tuple(v) if isinstance(v, list) else v for key, v in found.items() if key in known})
    except (AttributeError, TypeError, InputError) as error:
        raise StoreError("本单位的设置已损坏。请在“设置”里重新填写并保存，其他数据不受影响。") from error


def set_office(database: Database, new: Office, who: str, now: datetime) -> None:
    """Change the office's particulars; recorded."""
    after = _plain(asdict(new))
    with database.write() as connection:
        before = settings.write(connection, "office", after)
        record.append(connection, now, who, "修改设置", "setting:office", _parsed(before), after)


def own_words(database: Database) -> dict[str, dict[str, float]]:
    """The office's changes to the words of flagging: {reason: {word: weight}}; a weight of 0 drops a word."""
    with database.read() as connection:
        return settings.read(connection, "concern_words") or {}


def set_own_words(database: Database, words: dict[str, dict[str, float]], who: str, now: datetime) -> None:
    """Change the words of flagging; recorded."""
    with database.write() as connection:
        before = settings.write(connection, "concern_words", words)
        record.append(connection, now, who, "修改关切词", "setting:concern_words", _parsed(before), words)


def _parsed(before: str | None) -> Any:
    try:
        return json.loads(before) if before else None
    except ValueError:
        return {"unreadable": before}


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {key: list(v) if isinstance(v, tuple) else v for key, v in values.items()}
