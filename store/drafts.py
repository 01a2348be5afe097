"""Keeping what belongs to drafts: remarks, what is being typed, and what the office has settled to say (口径)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from domain.errors import NotFoundError
from domain.response import Comment, ResponseKind, Saying, Unsaved
from store.schema import comment, new_id, saying, unsaved


def add_comment(connection: Connection, new: Comment) -> int:
    """Keep a remark; its id."""
    values = {"start": new.start, "end": new.end, "quote": new.quote, "text": new.text, "by": new.by, "at": new.at}
    added = connection.execute(comment.insert().values(draft_id=new.draft_id, settled=False, **values))
    return new_id(added)


def comments(connection: Connection, draft_ids: Sequence[int]) -> list[Comment]:
    """The remarks on drafts, by place in the text."""
    query = select(comment).where(comment.c.draft_id.in_(draft_ids)).order_by(comment.c.draft_id, comment.c.start)
    return [
        Comment(r.id, r.draft_id, r.start, r.end, r.quote, r.text, r.by, r.at, r.settled)
        for r in connection.execute(query)
    ]


def keep_unsaved(connection: Connection, new: Unsaved) -> None:
    """Keep what somebody is typing; it replaces what the same person typed before."""
    drop_unsaved(connection, new.concern_id, new.person)
    connection.execute(
        unsaved.insert().values(
            concern_id=new.concern_id, person=new.person, kind=new.kind.code, title=new.title, body=new.body, at=new.at
        )
    )


def drop_unsaved(connection: Connection, concern_id: int, person: str) -> None:
    """What was typed has become a version, or was given up."""
    connection.execute(unsaved.delete().where(unsaved.c.concern_id == concern_id, unsaved.c.person == person))


def unsaved_of(connection: Connection, concern_id: int) -> list[Unsaved]:
    """What people are typing for a concern, the newest first."""
    query = select(unsaved).where(unsaved.c.concern_id == concern_id).order_by(unsaved.c.at.desc())
    return [
        Unsaved(r.concern_id, r.person, ResponseKind.of(r.kind), r.title, r.body, r.at)
        for r in connection.execute(query)
    ]


def _saying(row: Row[Any]) -> Saying:
    return Saying(row.id, row.title, row.text, tuple(row.words), row.source, row.by, row.at, row.until, row.withdrawn)


def add_saying(connection: Connection, new: Saying) -> int:
    """Keep a 口径; its id."""
    added = connection.execute(
        saying.insert().values(
            title=new.title,
            text=new.text,
            words=list(new.words),
            source=new.source,
            by=new.by,
            at=new.at,
            until=new.until,
            withdrawn=False,
        )
    )
    return new_id(added)


def withdraw_saying(connection: Connection, id: int) -> None:
    """A 口径 that no longer holds; it is kept. Raises NotFoundError."""
    change = saying.update().where(saying.c.id == id, ~saying.c.withdrawn).values(withdrawn=True)
    if connection.execute(change).rowcount != 1:
        raise NotFoundError("这条口径不存在，或已经作废。")


def sayings(connection: Connection) -> list[Saying]:
    """All 口径, the newest first, withdrawn ones last."""
    return [_saying(r) for r in connection.execute(select(saying).order_by(saying.c.withdrawn, saying.c.at.desc()))]
