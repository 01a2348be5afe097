"""The tables. Moments are UTC; lists and values inside a row are JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    CursorResult,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
)


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC; SQLite has no zones, so the zone is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """In UTC, without the zone for SQLite. Raises ValueError for a naive moment."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment must be aware")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Aware, in UTC."""
        if value is None:
            return None
        kept: datetime = value
        return kept.replace(tzinfo=UTC) if kept.tzinfo is None else kept.astimezone(UTC)


def new_id(added: CursorResult[Any]) -> int:
    """The id that an inserted row was given."""
    assert added.inserted_primary_key is not None  # every INSERT of one row has one
    return int(added.inserted_primary_key[0])


metadata = MetaData()

source = Table(
    "source",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("url", String(2000), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("tier", String(20), nullable=False),
    Column("paused", Boolean, nullable=False, default=False),
    Column("etag", String(500)),
    Column("last_modified", String(200)),
    Column("checked_at", Moment),
    Column("succeeded_at", Moment),
    Column("newest_at", Moment),
    Column("failures", Integer, nullable=False, default=0),
    Column("fault", Text),
    Column("removed", Boolean, nullable=False, default=False),
    Column("tags", JSON, nullable=False, default=list),
    Column("place", String(60), nullable=False, default=""),
    Column("encoding", String(30), nullable=False, default=""),
    Column("options", JSON, nullable=False, default=dict),
    Column("notice", Text, nullable=False, default=""),
    Column("interval_minutes", Float),
    Column("wait_until", Moment),
    Column("due_at", Moment),
    Column("new_at", Moment),
)

article = Table(
    "article",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", ForeignKey("source.id"), nullable=False),
    Column("key", String(420), nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("publisher", String(200), nullable=False),
    Column("published_at", Moment, nullable=False),
    Column("fetched_at", Moment, nullable=False),
    Column("date_note", String(100), nullable=False),
    Column("title_words", Text, nullable=False),
    Column("text_words", Text, nullable=False),
    Column("topic_id", Integer),
    Column("repeats", Integer),
    Column("read", Boolean, nullable=False, default=False),
    Column("personal", Boolean, nullable=False, default=False),
    Column("fixed", Boolean, nullable=False, default=False),
    Column("comments", BigInteger, nullable=False, server_default="0"),
    Column("likes", BigInteger, nullable=False, server_default="0"),
    Column("views", BigInteger, nullable=False, server_default="0"),
    UniqueConstraint("source_id", "key"),
    Index("article_by_time", "published_at"),
    Index("article_by_topic", "topic_id", "published_at"),
    Index("article_by_read", "read", "published_at"),
    Index("article_by_source", "source_id", "published_at"),
    Index("article_by_fetch", "fetched_at"),
    Index("article_by_repeats", "repeats"),
)

ranking = Table(
    "ranking",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", ForeignKey("source.id"), nullable=False),
    Column("key", String(420), nullable=False),
    Column("at", Moment, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("heat", Float),
    Index("ranking_by_item", "source_id", "key", "at"),
)

topic = Table(
    "topic",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("renamed", Boolean, nullable=False, default=False),
    Column("pinned", Boolean, nullable=False, default=False),
    Column("keywords", JSON, nullable=False),
    Column("summary", JSON, nullable=False),
    Column("heat", Float, nullable=False),
    Column("heat_parts", JSON, nullable=False),
    Column("enough", Boolean, nullable=False),
    Column("rising", Integer, nullable=False),
    Column("articles", Integer, nullable=False),
    Column("sources", Integer, nullable=False),
    Column("carriers", Integer, nullable=False),
    Column("first_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("first_source", String(200), nullable=False),
    Column("area", String(40), nullable=False),
    Column("places", JSON, nullable=False),
    Column("local", Boolean, nullable=False),
    Column("events", JSON, nullable=False),
    Column("held", Text, nullable=False, default=""),
    Column("area_ground", Text, nullable=False, default=""),
    Column("merged_into", Integer),
    Column("hours", JSON, nullable=False, default=dict),
    Column("matter", Integer),
    Column("nearness", Float, nullable=False, default=0.0, server_default="0"),
    Column("tone", JSON, nullable=False, default=dict, server_default="{}"),
    Column("leaning", String(10), nullable=False, default="", server_default=""),
    Index("topic_by_matter", "matter"),
    Index("topic_by_heat", "heat"),
    Index("topic_by_last", "last_at"),
)

topic_due = Table(
    "topic_due",
    metadata,
    Column("topic_id", Integer, primary_key=True, autoincrement=False),
)

topic_change = Table(
    "topic_change",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", String(60), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("before", Integer, nullable=False, index=True),
    Column("after", Integer, nullable=False, index=True),
    Column("moved", JSON, nullable=False),
    Column("undone", Boolean, nullable=False, default=False),
    Column("stayed", JSON, nullable=False, default=list, server_default="[]"),
)

event = Table(
    "major_event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("name", String(200), nullable=False),
    Column("starts", Date, nullable=False),
    Column("ends", Date, nullable=False),
    Column("any_words", JSON, nullable=False),
    Column("all_words", JSON, nullable=False),
    Column("none_words", JSON, nullable=False),
    Column("plan", JSON, nullable=False, default=dict),
)

concern = Table(
    "concern",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("topic_id", Integer, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("suggested_grade", String(10), nullable=False),
    Column("grade_ground", Text, nullable=False),
    Column("suggested_attention", String(10), nullable=False),
    Column("found_at", Moment, nullable=False),
    Column("first_report_at", Moment, nullable=False),
    Column("judgement", JSON(none_as_null=True)),
    Column("outcome", Text, nullable=False, default=""),
    Column("merged_into", Integer),
    Column("referred_to", Text, nullable=False, default=""),
    Column("accepted_at", Moment),
    Column("happened_at", Moment),
    Column("assigned_at", Moment),
    Column("referred_at", Moment),
    Column("closed_at", Moment),
    Column("effect", Text, nullable=False, default="", server_default=""),
    Column("version", Integer, nullable=False),
    Index("concern_by_state", "state"),
)

development = Table(
    "development",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("concern_id", ForeignKey("concern.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("found_at", Moment, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("state", String(20), nullable=False),
    Column("became", Integer),
    Column("says", JSON, nullable=False),
    Column("grade", String(10), nullable=False),
    Index("development_by_concern", "concern_id"),
)

deadline = Table(
    "deadline",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("concern_id", ForeignKey("concern.id"), nullable=False, index=True),
    Column("code", String(40), nullable=False),
    Column("name", String(100), nullable=False),
    Column("source", Text, nullable=False),
    Column("start_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("how", Text, nullable=False),
    Column("met_at", Moment),
    Column("withdrawn", Text, nullable=False, default=""),
    Column("repeats", Boolean, nullable=False, server_default=false()),
    Column("entered_at", Moment),
    Column("paused_at", Moment),
)

draft = Table(
    "draft",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("concern_id", ForeignKey("concern.id"), nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("kind", String(30), nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("author", String(60), nullable=False),
    Column("written_at", Moment, nullable=False),
    Column("state", String(20), nullable=False),
    Column("approver", String(60), nullable=False, default=""),
    Column("approved_at", Moment),
    Column("reviewer", String(60), nullable=False, default=""),
    Column("reviewed_at", Moment),
    Column("returned", Text, nullable=False, default=""),
    Column("alone", Text, nullable=False, default=""),
    Column("allowed", JSON, nullable=False, default=list, server_default="[]"),
    UniqueConstraint("concern_id", "version"),
)

deadline_entry = Table(
    "deadline_entry",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("deadline_id", ForeignKey("deadline.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("who", String(60), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("before", Moment),
    Column("due_at", Moment, nullable=False),
    Column("reason", Text, nullable=False),
)

coordination = Table(
    "coordination",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("concern_id", ForeignKey("concern.id"), nullable=False, index=True),
    Column("unit", String(120), nullable=False),
    Column("asked", Text, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("by", String(60), nullable=False),
    Column("answer", Text, nullable=False, default=""),
    Column("answered_at", Moment),
)

comment = Table(
    "comment",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("draft_id", ForeignKey("draft.id"), nullable=False, index=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("quote", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("by", String(60), nullable=False),
    Column("at", Moment, nullable=False),
    Column("settled", Boolean, nullable=False, default=False),
)

unsaved = Table(
    "unsaved",
    metadata,
    Column("concern_id", ForeignKey("concern.id"), primary_key=True),
    Column("person", String(60), primary_key=True),
    Column("kind", String(30), nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

saying = Table(
    "saying",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("words", JSON, nullable=False),
    Column("source", Text, nullable=False),
    Column("by", String(60), nullable=False),
    Column("at", Moment, nullable=False),
    Column("until", Date),
    Column("withdrawn", Boolean, nullable=False, default=False),
)

alert = Table(
    "alert",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("key", String(60), nullable=False, unique=True),
    Column("concern_id", ForeignKey("concern.id")),
    Column("level", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("held", Text, nullable=False, default=""),
    Column("entry_id", ForeignKey("register_entry.id")),
)

person = Table(
    "person",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(60), nullable=False, unique=True),
    Column("roles", JSON, nullable=False),
    Column("password", Text, nullable=False, default=""),
    Column("account", String(60), nullable=False, default=""),
    Column("active", Boolean, nullable=False, default=True),
)

response = Table(
    "response",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("concern_id", ForeignKey("concern.id"), nullable=False, index=True),
    Column("draft_id", ForeignKey("draft.id"), nullable=False),
    Column("kind", String(30), nullable=False),
    Column("channel", String(30), nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("published_at", Moment, nullable=False),
    Column("by", String(60), nullable=False),
    Column("file", Text, nullable=False, default=""),
    Column("file_hash", String(64), nullable=False, default=""),
    Column("entered_at", Moment),
    Column("late_why", Text, nullable=False, default="", server_default=""),
)

record = Table(
    "record",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("who", String(60), nullable=False),
    Column("action", String(60), nullable=False),
    Column("object", String(60), nullable=False),
    Column("before", JSON(none_as_null=True)),
    Column("after", JSON(none_as_null=True)),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

setting = Table("setting", metadata, Column("key", String(60), primary_key=True), Column("value", JSON, nullable=False))

issue = Table(
    "issue",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("year", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("day", Date, nullable=False, index=True),
    Column("concern_id", Integer),
    Column("made_at", Moment, nullable=False),
    Column("text", JSON, nullable=False, default=dict),
    Column("corrects", Integer),
    UniqueConstraint("kind", "year", "number"),
)

register_entry = Table(
    "register_entry",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(30), nullable=False),
    Column("fields", JSON, nullable=False),
    Column("passed", JSON, nullable=False),
    Column("noted", JSON, nullable=False),
    Column("waits", Boolean, nullable=False),
    Column("withdrawn", Text, nullable=False),
    Column("entered_at", Moment, nullable=False),
    Column("entered_by", String(60), nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("changed_by", String(60), nullable=False),
    Column("version", Integer, nullable=False),
    Index("register_entry_by_kind", "kind", "waits"),
)

channel_look = Table(
    "channel_look",
    metadata,
    Column("entry_id", ForeignKey("register_entry.id"), primary_key=True),
    Column("looked_at", Moment, nullable=False),
    Column("fault", Text, nullable=False),
    Column("updated_on", Date),
    Column("links", Integer, nullable=False),
    Column("dead", JSON, nullable=False),
    Column("faults", Integer, nullable=False),
)

carried = Table(
    "carried",
    metadata,
    Column("response_id", ForeignKey("response.id"), primary_key=True),
    Column("entry_id", ForeignKey("register_entry.id"), primary_key=True),
    Column("carried_on", Date, nullable=False),
    Column("link", Text, nullable=False),
    Column("by", String(60), nullable=False),
    Column("at", Moment, nullable=False),
)
