"""The steps of topics: names, pins, merging, splitting, moving, taking it back, making one a concern."""

from __future__ import annotations

from collections.abc import Sequence

from desk.cases import judging
from desk.work import Effect, Handler, Work
from domain.concern import Concern, ConcernState, Evidence, Reason, ReasonCode
from domain.errors import InputError, NotFoundError, StepError
from domain.steps import topics as steps
from domain.steps.step import Step
from domain.topic import ChangeKind, TopicChange
from store import articles, cases, looks, topics
from store.database import Connection, Database


def rename(step: steps.RenameTopic, work: Work) -> Effect:
    """话题改名."""
    before = topics.get(work.connection, step.topic_id)
    topics.change(work.connection, before.id, name=step.name, renamed=True)
    return Effect(before={"name": before.name}, object=f"topic:{before.id}")


def pin(step: steps.PinTopic, work: Work) -> Effect:
    """置顶, 取消置顶."""
    topic = topics.get(work.connection, step.topic_id)
    topics.change(work.connection, topic.id, pinned=step.pinned)
    return Effect(object=f"topic:{topic.id}", action="" if step.pinned else "取消置顶")


def merge(step: steps.MergeTopics, work: Work) -> Effect:
    """合并; gives the ids of the changes, to undo them.

    Raises StepError when two of the topics are cases that somebody works on: those are merged as concerns.
    """
    into = topics.get(work.connection, step.topic_id).id
    others = sorted({topics.get(work.connection, id).id for id in step.others} - {into})
    if not others:
        raise InputError("请选择另一个话题来合并。", "others")
    done = []
    for other in others:
        _check_concerns(work.connection, other, into)
        members = articles.placed_by_people(work.connection, [other, into])
        articles.move(work.connection, [id for id, _ in members[into]], into, fixed=True)
        done.append(_move(ChangeKind.MERGE, other, into, members[other], work, members[into]))
        topics.forward(work.connection, other, into)
    return Effect(result=done)


def split(step: steps.SplitTopic, work: Work) -> Effect:
    """拆分; gives the new topic's id. Raises InputError when nothing would stay behind or nothing is chosen."""
    connection = work.connection
    topic = topics.get(connection, step.topic_id)
    members = articles.placed_by_people(connection, [topic.id])[topic.id]
    if not {id for id, _ in members}.issuperset(step.articles):
        raise StepError("所选报道有的已经不在这个话题里，没有拆分。请看过最新内容后再选。", "articles")
    leaving = {id for id, _ in articles.with_near_duplicates(connection, step.articles)}
    chosen = [pair for pair in members if pair[0] in leaving]
    stay = [pair for pair in members if pair[0] not in leaving]
    if not chosen or not stay:
        raise InputError("请选择这个话题里的一部分报道来拆分，不能一篇不选，也不能全选。", "articles")
    articles.move(connection, [id for id, _ in stay], topic.id, fixed=True)
    new = topics.next_id(connection, by_people=True)
    topics.begin(connection, new, topic.id)
    _move(ChangeKind.SPLIT, topic.id, new, chosen, work, stay)
    first = articles.of_topics(connection, [new])[new][0]
    topics.change(connection, new, name=first.title)
    return Effect(result=new)


def move(step: steps.MoveArticles, work: Work) -> Effect:
    """移动; gives the ids of the changes."""
    connection = work.connection
    to = topics.get(connection, step.topic_id).id
    chosen = dict(articles.with_near_duplicates(connection, step.articles))
    done = []
    for before in sorted({item.topic_id for item in articles.by_ids(connection, list(chosen)) if item.topic_id}):
        members = articles.placed_by_people(connection, [before])[before]
        moved = [(id, fixed) for id, fixed in members if id in chosen]
        if before == to or not moved:
            continue
        if len(moved) == len(members):
            raise InputError("这会移走一个话题的全部报道，请用“合并”。", "articles")
        done.append(_move(ChangeKind.MOVE, before, to, moved, work))
    if not done:
        raise InputError("所选报道已经在那个话题里。", "articles")
    return Effect(result=done)


def undo(step: steps.UndoTopicChange, work: Work) -> Effect:
    """撤销 a merge, split or move, all of it.

    Raises StepError where others built on it since: what they did is taken back first, or it would be undone unseen.
    """
    connection = work.connection
    change = topics.get_change(connection, step.change)
    if change is None or change.undone:
        raise NotFoundError("这一步已经撤销过，或者不存在。")
    _check_undoable(connection, change)
    there = {id for id, _ in articles.placed_by_people(connection, [change.home])[change.home]}
    stayed = [pair for pair in change.stayed if pair[0] in there]  # what went elsewhere since is left there
    for fixed in (True, False):
        for pairs, topic in ((change.moved, change.before), (stayed, change.home)):
            articles.move(connection, [id for id, was in pairs if was is fixed], topic, fixed=fixed)
    topics.forward(connection, change.before, None)
    if articles.marks(connection, [change.after])[change.after] == (0, 0):
        topics.forward(connection, change.after, change.before)
    topics.mark_undone(connection, change.id)
    _recount(connection, (change.before, change.after))
    return Effect(object=f"topic:{change.before}", action=f"撤销{change.kind.label}")


def flag(step: steps.FlagTopic, work: Work) -> Effect:
    """转为关切; gives the concern's id. Raises StepError if it is one already, or was one that went into another."""
    connection = work.connection
    topic = topics.get(connection, step.topic_id)
    known = cases.of_topic(connection, topic.id)
    if known is not None:
        if known.state is ConcernState.MERGED:
            raise StepError(f"这个话题的关切 {known.id} 已并入关切 {known.merged_into}，请在那一件里办理。")
        raise StepError(f"这个话题已经是关切 {known.id}（{known.state.label}）。")
    evidence = tuple(Evidence(s.article_id, s.text, s.source) for s in topics.summary(connection, topic.id))
    code = ReasonCode.SUPERIOR if "上级" in step.why else ReasonCode.PUBLIC_INTEREST
    reason = Reason(code, f"{work.who}：{step.why}", evidence)
    new = Concern.by_hand(topic.id, topic.name, reason, topic.first_at, work.now)
    id = judging.flagged(connection, new, work.who, work.now)
    looks.belongs(connection, topic.id, None)  # it is a matter of its own from now on
    after = {"topic": topic.id, "title": topic.name, "reasons": [reason.words]}
    return Effect(after, object=f"concern:{id}", result=id)


def topic_history(database: Database, topic_id: int) -> list[TopicChange]:
    """What was merged into, split off or moved from a topic, by people and by the machine; the newest first."""
    with database.read() as connection:
        return [c for c in reversed(topics.changes(connection, topics.forwarded(connection, topic_id)))]


HANDLERS: dict[type[Step], Handler] = {
    steps.RenameTopic: rename,
    steps.PinTopic: pin,
    steps.MergeTopics: merge,
    steps.SplitTopic: split,
    steps.MoveArticles: move,
    steps.UndoTopicChange: undo,
    steps.FlagTopic: flag,
}


def _check_undoable(connection: Connection, change: TopicChange) -> None:
    there = {id for id, _ in articles.placed_by_people(connection, [change.after])[change.after]}
    moved = {id for id, _ in change.moved}
    if not moved <= there:
        raise StepError("这一步动过的报道，后来又被移到了别处。请先撤销后来的那一步。")
    known = cases.of_topic(connection, change.after)
    if moved == there and known is not None and known.state.running:
        raise StepError(f"分出来的话题已是关切 {known.id}，撤销后它就没有报道了。请先把这件关切并入另一件。")


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
    kind: ChangeKind,
    before: int,
    after: int,
    moved: Sequence[tuple[int, bool]],
    work: Work,
    stayed: Sequence[tuple[int, bool]] = (),
) -> int:
    connection = work.connection
    articles.move(connection, [id for id, _ in moved], after, fixed=True)
    trace = TopicChange(0, work.now, work.who, kind, before, after, tuple(moved), stayed=tuple(stayed))
    change = topics.add_change(connection, trace)
    _recount(connection, (before, after))
    what = {"from": before, "to": after, "articles": len(moved), "change": change}
    work.enter(f"话题{kind.label}", f"topic:{after}", None, what)
    return change


def _recount(connection: Connection, topic_ids: Sequence[int]) -> None:
    """Set what can be counted at once; heat, name and summary follow with the collector's next look."""
    looks.mark_due(connection, topic_ids)
    for topic_id, members in articles.members(connection, topic_ids).items():
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
