"""What people decide about topics: names, pins, merging, splitting, moving, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from domain.concern import Concern, ConcernState, Evidence, Reason, ReasonCode
from domain.errors import InputError, NotFoundError, StepError
from domain.topic import ChangeKind, TopicChange
from store import articles, cases, record, topics
from store.database import Database


def rename_topic(database: Database, topic_id: int, name: str, who: str, now: datetime) -> None:
    """Give a topic a name that the collector respects. Raises InputError for an empty one."""
    name = name.strip()
    if not name:
        raise InputError("话题名称不能为空。")
    with database.write() as connection:
        before = topics.get(connection, topic_id)
        topics.change(connection, before.id, name=name, renamed=True)
        record.append(connection, now, who, "话题改名", f"topic:{before.id}", {"name": before.name}, {"name": name})


def pin_topic(database: Database, topic_id: int, pinned: bool, who: str, now: datetime) -> None:
    """Keep a topic at the top of the list, or let it go."""
    with database.write() as connection:
        topic = topics.get(connection, topic_id)
        topics.change(connection, topic.id, pinned=pinned)
        action = "置顶" if pinned else "取消置顶"
        record.append(connection, now, who, action, f"topic:{topic.id}", None, {"pinned": pinned})


def merge_topics(database: Database, into: int, others: Sequence[int], who: str, now: datetime) -> list[int]:
    """合并: put all articles of other topics into one, where they stay. The ids of the changes, to undo them.

    Raises StepError when two of the topics are cases that somebody works on: those are merged as concerns.
    """
    with database.write() as connection:
        into = topics.get(connection, into).id
        others = sorted({topics.get(connection, id).id for id in others} - {into})
        if not others:
            raise InputError("请选择另一个话题来合并。")
        done = []
        for other in others:
            _check_concerns(connection, other, into)
            members = articles.of_topics(connection, [other, into])
            stay = [item.id for item in members[into]]
            articles.move(connection, stay, into, fixed=True)
            moved = [(item.id, item.fixed) for item in members[other]]
            done.append(_move(connection, ChangeKind.MERGE, other, into, moved, who, now))
            topics.forward(connection, other, into)
        return done


def split_topic(database: Database, topic_id: int, article_ids: Sequence[int], who: str, now: datetime) -> int:
    """拆分: give articles of a topic one of their own, where they stay; its id. Carriers go with their text.

    Raises InputError when nothing would stay behind or nothing is chosen.
    """
    with database.write() as connection:
        topic = topics.get(connection, topic_id)
        chosen = articles.with_carriers(connection, article_ids)
        leaving = {id for id, _ in chosen}
        stay = [item.id for item in articles.of_topics(connection, [topic.id])[topic.id] if item.id not in leaving]
        if not chosen or not stay:
            raise InputError("请选择这个话题里的一部分报道来拆分，不能一篇不选，也不能全选。")
        articles.move(connection, stay, topic.id, fixed=True)
        new = topics.next_id(connection, by_people=True)
        topics.begin(connection, new, topic.id)
        _move(connection, ChangeKind.SPLIT, topic.id, new, chosen, who, now)
        first = articles.of_topics(connection, [new])[new][0]
        topics.change(connection, new, name=first.title)
        return new


def move_articles(database: Database, article_ids: Sequence[int], to: int, who: str, now: datetime) -> list[int]:
    """移动: put articles into another topic, where they stay; the ids of the changes."""
    with database.write() as connection:
        to = topics.get(connection, to).id
        chosen = dict(articles.with_carriers(connection, article_ids))
        done = []
        for before in sorted({item.topic_id for item in articles.by_ids(connection, list(chosen)) if item.topic_id}):
            members = articles.of_topics(connection, [before])[before]
            moved = [(item.id, item.fixed) for item in members if item.id in chosen]
            if before == to or not moved:
                continue
            if len(moved) == len(members):
                raise InputError("这会移走一个话题的全部报道，请用“合并”。")
            done.append(_move(connection, ChangeKind.MOVE, before, to, moved, who, now))
        if not done:
            raise InputError("所选报道已经在那个话题里。")
        return done


def undo_change(database: Database, change_id: int, who: str, now: datetime) -> None:
    """Take a merge, split or move back: every article returns to where it was."""
    with database.write() as connection:
        change = next((c for c in topics.changes(connection) if c.id == change_id), None)
        if change is None or change.undone:
            raise NotFoundError("这一步已经撤销过，或者不存在。")
        for fixed in (True, False):
            ids = [id for id, was in change.moved if was is fixed]
            articles.move(connection, ids, change.before, fixed=fixed)
        topics.forward(connection, change.before, None)
        if not articles.of_topics(connection, [change.after])[change.after]:
            topics.forward(connection, change.after, change.before)
        topics.mark_undone(connection, change_id)
        _recount(connection, (change.before, change.after))
        record.append(
            connection, now, who, f"撤销{change.kind.label}", f"topic:{change.before}", None, {"change": change_id}
        )


def history(database: Database, topic_id: int) -> list[TopicChange]:
    """What was merged into, split off or moved from a topic, by people and by the machine; the newest first."""
    with database.read() as connection:
        return [c for c in reversed(topics.changes(connection, topics.forwarded(connection, topic_id)))]


def flag_topic(database: Database, topic_id: int, why: str, who: str, now: datetime) -> int:
    """转为关切: an officer flags what the rules did not; the concern's id. Raises StepError if it is one already."""
    if not why.strip():
        raise InputError("请写明为什么要转为关切。")
    with database.write() as connection:
        topic = topics.get(connection, topic_id)
        known = cases.of_topic(connection, topic.id)
        if known is not None and known.state is not ConcernState.MERGED:
            raise StepError(f"这个话题已经是关切 {known.id}（{known.state.label}）。")
        evidence = tuple(Evidence(s["article"], s["text"], s["source"]) for s in topics.summary(connection, topic.id))
        reason = Reason(
            ReasonCode.SUPERIOR if "上级" in why else ReasonCode.PUBLIC_INTEREST, f"{who}：{why.strip()}", evidence
        )
        id = cases.flag(connection, Concern.by_hand(topic.id, topic.name, reason, topic.first_at, now))
        after = {"topic": topic.id, "title": topic.name, "reasons": [reason.words]}
        record.append(connection, now, who, "转为关切", f"concern:{id}", None, after)
        return id


def _check_concerns(connection: Connection, other: int, into: int) -> None:
    theirs, ours = cases.of_topic(connection, other), cases.of_topic(connection, into)
    running = [c for c in (theirs, ours) if c is not None and c.state is not ConcernState.MERGED]
    if len(running) == 2:
        raise StepError(
            f"两个话题都已是关切（{running[0].id}、{running[1].id}）。请在“关切”页把其中一件并入另一件，时限和经过会一起带过去。"
        )
    if theirs is not None and len(running) == 1 and running[0] is theirs:
        raise StepError(f"话题“{theirs.title}”已是关切 {theirs.id}，请反过来把另一个话题合并进它。")


def _move(
    connection: Connection,
    kind: ChangeKind,
    before: int,
    after: int,
    moved: Sequence[tuple[int, bool]],
    who: str,
    now: datetime,
) -> int:
    articles.move(connection, [id for id, _ in moved], after, fixed=True)
    change = topics.add_change(connection, TopicChange(0, now, who, kind, before, after, tuple(moved)))
    _recount(connection, (before, after))
    what = {"from": before, "to": after, "articles": len(moved), "change": change}
    record.append(connection, now, who, f"话题{kind.label}", f"topic:{after}", None, what)
    return change


def _recount(connection: Connection, topic_ids: Sequence[int]) -> None:
    """Set what can be counted at once; heat, name and summary follow with the collector's next look."""
    for topic_id, members in articles.of_topics(connection, topic_ids).items():
        if members:
            topics.change(
                connection,
                topic_id,
                articles=len(members),
                sources=len({item.source for item in members}),
                carriers=sum(item.repeats is not None for item in members),
                first_at=members[0].published_at,
                last_at=members[-1].published_at,
                first_source=members[0].source,
            )
