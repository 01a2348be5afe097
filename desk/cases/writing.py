"""What an officer writes with: a text to begin from, its checks, what was said before, what is being typed, remarks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from analysis.places import names_in
from analysis.segment import content_words, cut
from desk.office.particulars import office_of
from domain.concern import Disposition
from domain.errors import WenyingError
from domain.response import Channel, Comment, Coordination, ResponseKind, Saying, Unsaved
from domain.times import china, china_day, long_day
from response.checks import DraftToCheck, check
from response.checks import Finding as Finding
from response.drafts import TEMPLATES, TemplateFields, begun, in_chinese
from response.drafts import Change as Change
from response.drafts import compared as compared
from store import articles, cases, drafts, settings, topics
from store.database import Connection, Database

OWN_TEMPLATES = "draft_templates"  # the office's own, by kind
SOURCES = 60  # newest articles of the case that a figure is looked for in
MOST_BEFORE = 8
REPORTED = 5  # sentences of the sources that stand under a draft to begin with


class TypedElsewhereError(WenyingError):
    """Somebody types one text at two windows; `there` is what the other one kept."""

    def __init__(self, sentence: str, there: Unsaved) -> None:
        super().__init__(sentence)
        self.there = there


@dataclass(frozen=True, slots=True)
class Before:
    """Something the office said, with where it is from."""

    source: str
    title: str
    text: str


def begin_draft(database: Database, concern_id: int, kind: ResponseKind) -> tuple[str, str]:
    """(title, text) of a draft to begin with, from the template of its kind and the case."""
    with database.read() as connection:
        concern = cases.get(connection, concern_id)
        topic = topics.get(connection, concern.topic_id)
        summary = topics.summary(connection, topic.id)
        own = (settings.read(connection, OWN_TEMPLATES) or {}).get(kind.code, "")
        asked = cases.coordinations(connection, concern_id)
    judged, first = concern.judgement, china(concern.first_report_at)
    # The sentences for which it was flagged are about this office; those of the topic may be about others too.
    reported = [(e.sentence, e.source) for reason in concern.reasons for e in reason.evidence]
    reported += [(item.text, item.source) for item in summary]
    case = TemplateFields(
        concern.title,
        "、".join(topic.places[:1]),
        f"{first.month}月{first.day}日{first.hour}时{first:%M}分",
        judged.unit if judged else "",
        list(dict.fromkeys(reported))[:REPORTED],
        _handed_over(asked),
    )
    title = f"关于{concern.title}的{'情况通报' if kind is ResponseKind.AUTHORITATIVE else kind.label}"
    return title, begun(kind, judged.disposition if judged else Disposition.HARDSHIP, case, own)


def _handed_over(asked: Collection[Coordination]) -> str:
    """To whom clues were handed over and when, in words, where 协同 says so; empty where nobody entered it."""
    units = [(china_day(one.asked_at), one.unit) for one in asked if "移交" in one.asked]
    return "，".join(f"于{day.month}月{day.day}日移交{unit}" for day, unit in dict.fromkeys(units))


def check_text(
    database: Database, concern_id: int, kind: ResponseKind, title: str, body: str, channel: Channel | None = None
) -> list[Finding]:
    """The points to look at in a text, against the case's articles and what was said before."""
    with database.read() as connection:
        return findings_in(connection, concern_id, kind, title, body, channel)


def findings_in(
    connection: Connection, concern_id: int, kind: ResponseKind, title: str, body: str, channel: Channel | None = None
) -> list[Finding]:
    """The same, inside a transaction."""
    concern = cases.get(connection, concern_id)
    members = articles.of_topics(connection, [topics.forwarded(connection, concern.topic_id)])
    sources = [
        f"{item.title}\n{item.text}\n{long_day(china_day(item.published_at))}"  # the day of a report is known
        for reports in members.values()
        for item in reports[-SOURCES:]
    ]
    said = [(item.title, item.text) for item in cases.responses(connection, concern_id)]
    own = office_of(connection).places
    allowed = allowed_in(connection, concern_id)
    return check(DraftToCheck(kind, title, body, sources, said, channel, names_in(body, own), own, allowed))


def allowed_in(connection: Connection, concern_id: int) -> tuple[str, ...]:
    """The pieces of personal data that were let stand in the drafts of a case."""
    return tuple(words for draft in cases.drafts(connection, concern_id) for words in draft.allowed)


def draft_templates(database: Database) -> dict[ResponseKind, str]:
    """The template of each kind: the office's own, else ours."""
    with database.read() as connection:
        own = settings.read(connection, OWN_TEMPLATES) or {}
    return {kind: in_chinese(own.get(kind.code) or ours) for kind, ours in TEMPLATES.items()}


def said_before(database: Database, concern_id: int, now: datetime) -> list[Before]:
    """上次怎么说: earlier responses to like matters and the office's 口径, the likeliest first."""
    with database.read() as connection:
        concern = cases.get(connection, concern_id)
        wanted = set(topics.get(connection, concern.topic_id).keywords) | set(content_words(cut(concern.title)))
        statements = [
            Before(f"回应 {china_day(r.published_at)}", r.title, r.text)
            for r in cases.responses(connection)
            if r.concern_id != concern_id
        ]
        statements += [
            Before(f"口径 {s.source}", s.title, s.text)
            for s in drafts.sayings(connection)
            if not s.withdrawn and (s.until is None or s.until >= china_day(now))
        ]
    ranked = [(len(wanted & set(content_words(cut(f"{b.title} {b.text}")))), b) for b in statements]
    return [b for score, b in sorted(ranked, key=lambda pair: -pair[0]) if score][:MOST_BEFORE]


def list_sayings(database: Database) -> list[Saying]:
    """All 口径 of the office."""
    with database.read() as connection:
        return drafts.sayings(connection)


def keep_typing(database: Database, typed: Unsaved, known: Collection[Unsaved] | None = None) -> None:
    """Keep what somebody is typing, so that nothing is lost when the machine stops; no entry in the record.

    `known` is what the same editor read or kept before. Raises TypedElsewhereError, and keeps nothing, where a text
    stands there that is none of these: the same person writes it at another window. Without `known` it is replaced.
    """
    with database.write() as connection:
        there = next((u for u in drafts.unsaved_of(connection, typed.concern_id) if u.person == typed.person), None)
        if there is not None and known is not None and _said(there) not in {_said(one) for one in (typed, *known)}:
            raise TypedElsewhereError("您在另一个窗口里也在写这一篇，这里的还没有自动保存。", there)
        drafts.keep_unsaved(connection, typed)


def _said(unsaved: Unsaved) -> tuple[ResponseKind, str, str]:
    return unsaved.kind, unsaved.title, unsaved.body


def unsaved_text(database: Database, concern_id: int, person: str) -> Unsaved | None:
    """What a person was typing for a concern and has not made a version of."""
    with database.read() as connection:
        return next((u for u in drafts.unsaved_of(connection, concern_id) if u.person == person), None)


def read_remarks(database: Database, concern_id: int) -> dict[int, list[Comment]]:
    """The remarks on a concern's drafts, by version."""
    with database.read() as connection:
        versions = {draft.id: draft.version for draft in cases.drafts(connection, concern_id)}
        remarks: dict[int, list[Comment]] = {}
        for item in drafts.comments(connection, list(versions)):
            remarks.setdefault(versions[item.draft_id], []).append(item)
        return remarks
