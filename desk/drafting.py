"""Drafts (拟稿): versions, remarks, what is being typed, 核稿, 签发, 发布 with its evidence."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from analysis.places import names_in
from analysis.segment import content_words, cut
from desk.clocks import calendar, rules
from desk.office import office
from desk.people import check_step
from domain.concern import Concern, Disposition
from domain.errors import InputError, NotFoundError
from domain.response import (
    Channel,
    Comment,
    Draft,
    DraftState,
    Response,
    ResponseKind,
    Saying,
    Unsaved,
    checked_link,
)
from domain.times import china, china_day
from response.checks import Draught, Finding, check
from response.deadlines import met_by, next_update
from response.drafts import TEMPLATES, Particulars, begun, checked_template
from response.lifecycle import Step, after, check_approver, check_publishable, check_reviewer
from store import articles, cases, drafts, record, settings, topics
from store.database import Database

OWN_TEMPLATES = "draft_templates"  # the office's own, by kind
SOURCES = 60  # newest articles of the case that a figure is looked for in
MOST_BEFORE = 8
REPORTED = 5  # sentences of the sources that stand under a draft to begin with
EVIDENCE = "凭据"  # the folder beside the database in which files of evidence are kept, by their hash
LARGEST = 50_000_000  # bytes of a file of evidence


@dataclass(frozen=True, slots=True)
class Before:
    """Something the office said, with where it is from."""

    source: str
    title: str
    text: str


def write_draft(
    database: Database, concern_id: int, *, kind: ResponseKind, title: str, body: str, by: str, now: datetime
) -> Draft:
    """拟稿: a new version; earlier ones stay. What the author was typing has become this version."""
    with database.write() as connection:
        concern = cases.get(connection, concern_id)
        check_step(connection, by, Step.DRAFT)
        after(Step.DRAFT, concern.state)
        version = max((draft.version for draft in cases.drafts(connection, concern_id)), default=0) + 1
        author, title, body = _needed(by, "姓名"), _needed(title, "标题"), _needed(body, "正文")
        cases.add_draft(connection, Draft(0, concern_id, version, kind, title, body, author, now, DraftState.WRITTEN))
        drafts.drop_unsaved(connection, concern_id, author)
        cases.update(connection, concern)
        change = {"version": version, "kind": kind.code, "title": title, "body": body}
        _note(connection, now, by, Step.DRAFT, concern, change)
        return cases.drafts(connection, concern_id)[0]


def begin(database: Database, concern_id: int, kind: ResponseKind) -> tuple[str, str]:
    """(title, text) of a draft to begin with, from the template of its kind and the case."""
    with database.read() as connection:
        concern = cases.get(connection, concern_id)
        topic = topics.get(connection, concern.topic_id)
        told = topics.summary(connection, topic.id)
        own = (settings.read(connection, OWN_TEMPLATES) or {}).get(kind.code, "")
    judged = concern.judgement
    # The sentences for which it was flagged are about this office; those of the topic may be about others too.
    reported = [(e.sentence, e.source) for reason in concern.reasons for e in reason.evidence]
    reported += [(item["text"], item["source"]) for item in told]
    case = Particulars(
        concern.title,
        "、".join(topic.places[:1]),
        f"{china(concern.first_report_at):%m月%d日%H时%M分}",
        judged.unit if judged else "",
        list(dict.fromkeys(reported))[:REPORTED],
    )
    title = f"关于{concern.title}的{'情况通报' if kind is ResponseKind.AUTHORITATIVE else kind.label}"
    return title, begun(kind, judged.disposition if judged else Disposition.HARDSHIP, case, own)


def check_text(
    database: Database, concern_id: int, kind: ResponseKind, title: str, body: str, channel: Channel | None = None
) -> list[Finding]:
    """The points to look at in a text, against the case's articles and what was said before."""
    with database.read() as connection:
        concern = cases.get(connection, concern_id)
        members = articles.of_topics(connection, [topics.forwarded(connection, concern.topic_id)])
        sources = [f"{item.title}\n{item.text}" for found in members.values() for item in found[-SOURCES:]]
        said = [(item.title, item.text) for item in cases.responses(connection, concern_id)]
    own = office(database).places
    return check(Draught(kind, title, body, sources, said, channel, names_in(body, own), own))


def templates(database: Database) -> dict[ResponseKind, str]:
    """The template of each kind: the office's own, else ours."""
    with database.read() as connection:
        own = settings.read(connection, OWN_TEMPLATES) or {}
    return {kind: own.get(kind.code) or ours for kind, ours in TEMPLATES.items()}


def set_template(database: Database, kind: ResponseKind, text: str, by: str, now: datetime) -> None:
    """Change the template of a kind; an empty text, or ours, takes ours again. Recorded. Raises InputError."""
    text = checked_template(text)
    with database.write() as connection:
        own = dict(settings.read(connection, OWN_TEMPLATES) or {})
        before = own.pop(kind.code, "")
        if text and text != TEMPLATES[kind]:
            own[kind.code] = text
        settings.write(connection, OWN_TEMPLATES, own)
        change = {"text": own.get(kind.code, "")}
        record.append(connection, now, by, "修改稿子模板", f"setting:{kind.code}", {"text": before}, change)


def said_before(database: Database, concern_id: int, now: datetime) -> list[Before]:
    """上次怎么说: earlier responses to like matters and the office's 口径, the likeliest first."""
    with database.read() as connection:
        concern = cases.get(connection, concern_id)
        wanted = set(topics.get(connection, concern.topic_id).keywords) | set(content_words(cut(concern.title)))
        found = [
            Before(f"回应 {china_day(r.published_at)}", r.title, r.text)
            for r in cases.responses(connection)
            if r.concern_id != concern_id
        ]
        found += [
            Before(f"口径 {s.source}", s.title, s.text)
            for s in drafts.sayings(connection)
            if not s.withdrawn and (s.until is None or s.until >= china_day(now))
        ]
    ranked = [(len(wanted & set(content_words(cut(f"{b.title} {b.text}")))), b) for b in found]
    return [b for score, b in sorted(ranked, key=lambda pair: -pair[0]) if score][:MOST_BEFORE]


def add_saying(database: Database, new: Saying, by: str, now: datetime) -> int:
    """Keep a 口径 of the office."""
    with database.write() as connection:
        _needed(new.title, "口径标题")
        _needed(new.text, "口径内容")
        id = drafts.add_saying(connection, new)
        record.append(connection, now, by, "添加口径", f"saying:{id}", None, {"title": new.title, "text": new.text})
        return id


def withdraw_saying(database: Database, id: int, by: str, now: datetime) -> None:
    """A 口径 that no longer holds."""
    with database.write() as connection:
        drafts.withdraw_saying(connection, id)
        record.append(connection, now, by, "作废口径", f"saying:{id}", None, None)


def sayings(database: Database) -> list[Saying]:
    """All 口径 of the office."""
    with database.read() as connection:
        return drafts.sayings(connection)


def keep_typing(database: Database, typed: Unsaved) -> None:
    """Keep what somebody is typing, so that nothing is lost when the machine stops; no entry in the record."""
    with database.write() as connection:
        drafts.keep_unsaved(connection, typed)


def typed(database: Database, concern_id: int, person: str) -> Unsaved | None:
    """What a person was typing for a concern and has not made a version of."""
    with database.read() as connection:
        return next((u for u in drafts.unsaved_of(connection, concern_id) if u.person == person), None)


def give_up_typing(database: Database, concern_id: int, person: str) -> None:
    """Drop what was being typed."""
    with database.write() as connection:
        drafts.drop_unsaved(connection, concern_id, person)


def remark(
    database: Database, concern_id: int, version: int, start: int, end: int, text: str, by: str, now: datetime
) -> None:
    """A remark on a stretch of a draft's text."""
    with database.write() as connection:
        draft = _draft(connection, concern_id, version)
        quote = draft.body[start:end]
        new = Comment(0, draft.id, start, end, quote, _needed(text, "批注"), _needed(by, "姓名"), now)
        drafts.add_comment(connection, new)
        change = {"version": version, "quote": quote, "text": text}
        record.append(connection, now, by, "批注", f"concern:{concern_id}", None, change)


def settle_remark(database: Database, comment_id: int) -> None:
    """A remark was dealt with."""
    with database.write() as connection:
        drafts.settle_comment(connection, comment_id)


def remarks(database: Database, concern_id: int) -> dict[int, list[Comment]]:
    """The remarks on a concern's drafts, by version."""
    with database.read() as connection:
        versions = {draft.id: draft.version for draft in cases.drafts(connection, concern_id)}
        found: dict[int, list[Comment]] = {}
        for item in drafts.comments(connection, list(versions)):
            found.setdefault(versions[item.draft_id], []).append(item)
        return found


def review(database: Database, concern_id: int, version: int, *, by: str, now: datetime) -> None:
    """核稿 by a second person. Raises StepError if it is the author."""
    with database.write() as connection:
        concern, draft = _start(connection, concern_id, version, Step.REVIEW, by)
        check_reviewer(draft, _needed(by, "姓名"))
        cases.change_draft(connection, draft.id, state=DraftState.REVIEWED.code, reviewer=by, reviewed_at=now)
        cases.update(connection, concern)
        _note(connection, now, by, Step.REVIEW, concern, {"version": version})


def send_back(database: Database, concern_id: int, version: int, *, why: str, by: str, now: datetime) -> None:
    """退回 to the author, with a reason; a new version follows."""
    with database.write() as connection:
        concern, draft = _start(connection, concern_id, version, Step.RETURN, by)
        check_reviewer(draft, _needed(by, "姓名"))
        why = _needed(why, "退回的理由")
        values = {"state": DraftState.RETURNED.code, "reviewer": by, "reviewed_at": now, "returned": why}
        cases.change_draft(connection, draft.id, **values)
        cases.update(connection, concern)
        _note(connection, now, by, Step.RETURN, concern, {"version": version, "why": why})


def approve(database: Database, concern_id: int, version: int, *, by: str, now: datetime, alone: str = "") -> None:
    """签发 by another than the author. Raises StepError if it is the author, unless `alone` says why
    only one person is on duty in an emergency; that is on the record.
    """
    with database.write() as connection:
        concern, draft = _start(connection, concern_id, version, Step.APPROVE, by)
        check_approver(draft, _needed(by, "姓名"), alone if concern.is_emergency else "")
        alone = alone.strip() if draft.author == by else ""
        values = {"state": DraftState.APPROVED.code, "approver": by, "approved_at": now, "alone": alone}
        cases.change_draft(connection, draft.id, **values)
        cases.update(connection, concern)
        change = {"version": version, **({"alone": alone} if alone else {})}
        _note(connection, now, by, Step.APPROVE, concern, change)


def publish(
    database: Database,
    concern_id: int,
    version: int,
    *,
    channel: Channel,
    link: str = "",
    by: str,
    now: datetime,
    at: datetime | None = None,
    file: Path | None = None,
    folder: Path | None = None,
    text: str = "",
) -> Response:
    """发布回应 with its evidence: channel, time, and an address or a file, which is kept with its hash.

    `text` is the text as published where it differs from the draft. The deadlines it meets are met, and the
    next 持续发布 starts.
    """
    bound, counted_by = rules(database), calendar(database)
    kept, digest = _kept(file, folder) if file else ("", "")
    if link.strip() or not kept:
        link = checked_link(link)
    with database.write() as connection:
        concern, draft = _start(connection, concern_id, version, Step.PUBLISH, by)
        published_at = at or now
        if published_at > now:
            raise InputError("发布时间晚于现在。请填实际发布的时间。")
        state = after(Step.PUBLISH, concern.state)
        check_publishable(draft)
        # A 动态 informs, it does not answer: before the first answer the case stays open.
        if draft.kind is ResponseKind.UPDATE:
            state = concern.state
        words = text.strip() or draft.body
        new = Response(
            0, concern_id, draft.id, draft.kind, channel, draft.title, words, link, published_at, by, kept, digest
        )
        cases.add_response(connection, new)
        met = met_by(cases.deadlines(connection, concern_id), new, bound)
        for deadline in met:
            cases.meet_deadline(connection, deadline.id, published_at)
        for deadline in next_update(concern_id, state, new, bound, counted_by):
            cases.add_deadline(connection, deadline, by, now, "发布之后持续发布")
        cases.change_draft(connection, draft.id, state=DraftState.PUBLISHED.code)
        cases.update(connection, concern, state=state.code)
        change = {
            "state": state.code,
            "version": version,
            "channel": channel.code,
            "link": link,
            "file": kept,
            "file_hash": digest,
            "text_hash": hashlib.sha256(words.encode()).hexdigest(),
            "published_at": published_at.isoformat(),
            "met": [deadline.code for deadline in met],
        }
        _note(connection, now, by, Step.PUBLISH, concern, change)
        return cases.responses(connection, concern_id)[-1]


def _kept(file: Path, folder: Path | None) -> tuple[str, str]:
    """(name it is kept under, SHA-256) of a file of evidence, copied beside the database. Raises InputError."""
    if folder is None:
        raise InputError("没有数据文件夹，不能保存凭据文件。请改填发布页面的网址。")
    try:
        if file.stat().st_size > LARGEST:
            raise InputError(f"凭据文件超过 {LARGEST // 1_000_000} MB。请换一个小一些的文件，或填网址。")
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        name = f"{digest[:16]}{file.suffix[:10].lower()}"
        (folder / EVIDENCE).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, folder / EVIDENCE / name)
    except OSError as error:
        raise InputError(f"读不了或存不下凭据文件 {file.name}。请检查文件是否存在、磁盘是否已满。") from error
    return name, digest


def _start(connection: Connection, concern_id: int, version: int, step: Step, by: str) -> tuple[Concern, Draft]:
    concern = cases.get(connection, concern_id)
    check_step(connection, by, step)
    after(step, concern.state)
    return concern, _draft(connection, concern_id, version)


def _draft(connection: Connection, concern_id: int, version: int) -> Draft:
    for draft in cases.drafts(connection, concern_id):
        if draft.version == version:
            return draft
    raise NotFoundError(f"这件关切没有第 {version} 稿。")


def _note(connection: Connection, now: datetime, by: str, step: Step, concern: Concern, change: dict[str, Any]) -> None:
    record.append(connection, now, by, step.label, f"concern:{concern.id}", {"state": concern.state.code}, change)


def _needed(text: str, what: str) -> str:
    if not text.strip():
        raise InputError(f"请填写{what}。")
    return text.strip()
