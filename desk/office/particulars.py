"""The office's own particulars: its name, places, packs of rules; kept as settings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import time
from typing import Any

from analysis.concerns import concern_words
from desk.work import Effect, Handler, Work
from domain.appearance import Appearance
from domain.concern import ReasonCode
from domain.errors import InputError, StoreError
from domain.steps import office as steps
from domain.steps.step import Step, plain
from store import settings
from store.database import Connection, Database

KEY, WORDS = "office", "concern_words"
NATIONAL, HENAN = "国家", "河南"
PACKS = (NATIONAL, HENAN)  # of deadline rules, as response/rules.toml names them


@dataclass(frozen=True, slots=True)
class Office:
    """本单位: what it is called, which place names are its own, which rules bind it.

    `draft_at` (HH:MM, China time) is when the collector makes the draft of the daily briefing; empty for never.
    `review_first`: a draft is signed only after 核稿 by a second person.
    """

    name: str = "本单位"
    places: tuple[str, ...] = ()
    packs: tuple[str, ...] = (NATIONAL,)
    signer: str = ""
    theme: Appearance = Appearance.SYSTEM
    draft_at: str = "08:30"
    review_first: bool = True

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
        return time.fromisoformat(self.draft_at).replace(tzinfo=None) if self.draft_at else None


def office(database: Database) -> Office:
    """The office as set; defaults where nothing is set. Raises StoreError where what is set makes no sense."""
    with database.read() as connection:
        return office_of(connection)


def office_of(connection: Connection) -> Office:
    """The same, inside a transaction."""
    stored = settings.read(connection, KEY) or {}
    known = {field.name for field in fields(Office)}
    try:
        given: dict[str, Any] = {
            key: tuple(v) if isinstance(v, list) else v for key, v in stored.items() if key in known
        }
        if "theme" in given:
            given["theme"] = Appearance.of(given["theme"])
        return Office(**given)
    except (AttributeError, TypeError, InputError) as error:
        raise StoreError("本单位的设置已损坏。请在“设置”里重新填写并保存，其他数据不受影响。") from error


def own_words(database: Database) -> dict[str, dict[str, float]]:
    """The office's changes to the words of flagging: {reason: {word: weight}}; a weight of 0 drops a word."""
    with database.read() as connection:
        return settings.read(connection, WORDS) or {}


def usual_words(code: ReasonCode) -> Mapping[str, float]:
    """The words of a reason as the program comes with them: {word: weight}."""
    return concern_words()[code]


def set_office(step: steps.SetOffice, work: Work) -> Effect:
    """修改设置; what was damaged is written anew. Gives the office as it is now."""
    given = {f.name: value for f in fields(Office) if (value := getattr(step, f.name)) is not None}
    try:
        new = replace(office_of(work.connection), **given)
    except StoreError:
        new = Office(**given)
    if not new.packs:
        raise InputError("至少要有一个规则包，否则没有时限可算。全国的是“国家”。", "packs")
    if NATIONAL not in new.packs:  # which binds every office
        new = replace(new, packs=(NATIONAL, *new.packs))
    after = {key: plain(value) for key, value in asdict(new).items()}
    before = settings.write(work.connection, KEY, after)
    return Effect(after, _parsed(before), f"setting:{KEY}", result=new)


def set_own_words(step: steps.SetOwnWords, work: Work) -> Effect:
    """修改关切词 of one reason."""
    known = settings.read(work.connection, WORDS) or {}
    words = plain(step.words)
    settings.write(work.connection, WORDS, {**known, step.reason.code: words})
    return Effect({"words": words}, {"words": known.get(step.reason.code, {})}, f"setting:{WORDS}")


HANDLERS: dict[type[Step], Handler] = {steps.SetOffice: set_office, steps.SetOwnWords: set_own_words}


def _parsed(before: str | None) -> dict[str, Any] | None:
    try:
        parsed = json.loads(before) if before else None
    except ValueError:
        return {"unreadable": before}
    return parsed if isinstance(parsed, dict) else {"unreadable": before} if before else None
