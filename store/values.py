"""Whether each value of a database is of its column's kind, before anything of it is believed: a backup may be doctored."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from enum import Enum
from pathlib import Path

from sqlalchemy import JSON, Boolean, Column, Connection, Date, Float, Integer
from sqlalchemy.exc import SQLAlchemyError

from domain.article import SourceTier
from domain.concern import AttentionGrade, ConcernState, DevelopmentKind, EventGrade
from domain.development import DevelopmentState
from domain.errors import InputError, WenyingError
from domain.event import EventKind
from domain.registers import RegisterKind
from domain.response import Channel, DraftState, EntryKind, Level, ResponseKind
from domain.topic import ChangeKind
from store import cases, drafts, people, registers, sources
from store.database import Database
from store.schema import Moment, metadata

# Columns that hold the code of one of a closed set.
_CHOICES: dict[str, type[Enum]] = {
    "source.tier": SourceTier,
    "major_event.kind": EventKind,
    "concern.state": ConcernState,
    "concern.suggested_grade": EventGrade,
    "concern.suggested_attention": AttentionGrade,
    "development.kind": DevelopmentKind,
    "development.state": DevelopmentState,
    "development.grade": EventGrade,
    "draft.kind": ResponseKind,
    "draft.state": DraftState,
    "deadline_entry.kind": EntryKind,
    "unsaved.kind": ResponseKind,
    "alert.level": Level,
    "response.kind": ResponseKind,
    "response.channel": Channel,
    "topic_change.kind": ChangeKind,
    "register_entry.kind": RegisterKind,
}
# Columns that hold a list of texts, and those that hold names with values.
_LISTS = frozenset(
    {
        "source.tags",
        "topic.keywords",
        "topic.places",
        "major_event.any_words",
        "major_event.all_words",
        "major_event.none_words",
        "saying.words",
        "person.roles",
    }
)
_TABLES = frozenset(
    {
        "source.options",
        "topic.heat_parts",
        "topic.hours",
        "topic.tone",
        "major_event.plan",
        "issue.text",
        "register_entry.fields",
        "register_entry.passed",
        "register_entry.noted",
    }
)
_YEARS = ("0002", "9998")  # beyond which a moment cannot be told in another zone
_DAY = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
_MOMENT = f"{_DAY} [0-9][0-9]:[0-9][0-9]:[0-9][0-9]"


def check_values(path: Path) -> None:
    """See that an up-to-date database file holds in each column what it should. Raises InputError for the first."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        for table in metadata.sorted_tables:
            for column in table.columns:
                name = f"{table.name}.{column.name}"
                for wrong in _wrong(name, column):
                    query = f'SELECT rowid FROM "{table.name}" WHERE "{column.name}" IS NOT NULL AND ({wrong}) LIMIT 1'
                    if misfit := connection.execute(query).fetchone():
                        raise _refused(table.name, f"第 {misfit[0]} 行的 {column.name}")
            try:
                for _ in connection.execute(f'SELECT * FROM "{table.name}"'):
                    pass
            except sqlite3.OperationalError as error:  # text that is none
                raise _refused(table.name, "里的文字") from error


def check_readable(database: Database) -> None:
    """See that our own readers can read the people, sources and cases of a database. Raises InputError."""
    with database.read() as connection:
        for name, rows in (
            ("source", lambda: sources.all_sources(connection)),
            ("person", lambda: people.everyone(connection)),
            ("concern", lambda: cases.listing(connection)),
            ("deadline", lambda: cases.deadlines(connection)),
            ("response", lambda: cases.responses(connection)),
            ("coordination", lambda: cases.coordinations(connection)),
            ("saying", lambda: drafts.sayings(connection)),
            ("register_entry", lambda: registers.listing(connection)),
            ("channel_look", lambda: registers.looks(connection)),
            ("carried", lambda: registers.carryings(connection)),
        ):
            try:
                rows()
            except (WenyingError, SQLAlchemyError, ValueError, TypeError, KeyError, AttributeError) as error:
                raise _refused(name, "里的内容") from error


def local_sources(connection: Connection) -> list[tuple[int, str, str]]:
    """(id, name, place) of the sources that are files or folders of this machine."""
    return [
        (source.id, source.name, source.url)
        for source in sources.all_sources(connection)
        if not source.url.lower().startswith(("http://", "https://"))
    ]


def _refused(table: str, what: str) -> InputError:
    return InputError(f"里面有不合规的内容（表 {table} {what}），可能被改动过。")


def _wrong(name: str, column: Column[object]) -> Iterator[str]:
    """Conditions that a value of a column must not meet; NULL is looked at by SQLite itself."""
    kind, it = column.type, f'"{column.name}"'
    if isinstance(kind, JSON):
        yield f"typeof({it}) NOT IN ('text', 'integer', 'real')"
        yield f"NOT json_valid({it})"
        if name in _LISTS:
            yield f"json_type({it}) <> 'array'"
            yield f"EXISTS (SELECT 1 FROM json_each({it}) WHERE type <> 'text')"
        elif name in _TABLES:
            yield f"json_type({it}) <> 'object'"
    elif isinstance(kind, Moment):
        yield f"typeof({it}) <> 'text'"
        yield f"{it} NOT GLOB '{_MOMENT}' AND {it} NOT GLOB '{_MOMENT}.[0-9][0-9][0-9][0-9][0-9][0-9]'"
        yield f"datetime({it}, '+0 days') IS NOT substr({it}, 1, 19) OR substr({it}, 1, 4) NOT BETWEEN '{_YEARS[0]}' AND '{_YEARS[1]}'"
    elif isinstance(kind, Date):
        yield f"typeof({it}) <> 'text' OR {it} NOT GLOB '{_DAY}' OR date({it}, '+0 days') IS NOT {it}"
        yield f"substr({it}, 1, 4) NOT BETWEEN '{_YEARS[0]}' AND '{_YEARS[1]}'"
    elif isinstance(kind, Boolean):
        yield f"{it} NOT IN (0, 1)"
    elif isinstance(kind, Float):
        yield f"typeof({it}) NOT IN ('real', 'integer') OR abs({it}) > 1e300"
    elif isinstance(kind, Integer):
        yield f"typeof({it}) <> 'integer'"
    else:
        yield f"typeof({it}) <> 'text'"
        if choices := _CHOICES.get(name):
            codes = ", ".join(f"'{member.value[0]}'" for member in choices)
            yield f"{it} NOT IN ({codes})"
