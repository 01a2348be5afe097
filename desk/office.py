"""The office's own particulars: its name, places, packs of rules; kept as settings."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import select

from domain.errors import InputError
from store import record
from store.database import Database
from store.schema import setting

PACKS = ("国家", "河南")


@dataclass(frozen=True, slots=True)
class Office:
    """本单位: what it is called, which place names are its own, which rules bind it."""

    name: str = "本单位"
    places: tuple[str, ...] = ()
    packs: tuple[str, ...] = ("国家",)
    signer: str = ""
    theme: str = "system"

    def __post_init__(self) -> None:
        unknown = [pack for pack in self.packs if pack not in PACKS]
        if unknown:
            raise InputError(f"没有“{unknown[0]}”规则包。可用的有：{'、'.join(PACKS)}。")


def office(database: Database) -> Office:
    """The office as set; defaults where nothing is set."""
    with database.read() as connection:
        found = connection.execute(select(setting.c.value).where(setting.c.key == "office")).scalar() or {}
    known = {field.name for field in fields(Office)}
    values: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in found.items() if key in known}
    return Office(**values)


def set_office(database: Database, new: Office, who: str, now: datetime) -> None:
    """Change the office's particulars; recorded."""
    before, after = asdict(office(database)), asdict(new)
    with database.write() as connection:
        connection.execute(setting.delete().where(setting.c.key == "office"))
        connection.execute(setting.insert().values(key="office", value=after))
        record.append(connection, now, who, "修改设置", "setting:office", _plain(before), _plain(after))


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {key: list(v) if isinstance(v, tuple) else v for key, v in values.items()}
