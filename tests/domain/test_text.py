"""Whatever text a person gives, in whichever step, it is stored, and everything made of it can still be made."""

from __future__ import annotations

import dataclasses
import inspect
import typing
from datetime import date

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from desk.collecting.collect import Collector
from desk.collecting.sourcework import export_sources, list_sources
from desk.execute import execute
from desk.reporting.ledger import export_ledger
from desk.reporting.report import make_briefing
from desk.topics.monitor import export_record, list_topics, verify_record
from domain.article import storable
from domain.briefing import IssueKind, Wanted
from domain.concern import EventGrade
from domain.errors import InputError
from domain.event import EventKind, MajorEvent
from domain.person import Actor
from domain.response import Channel
from domain.steps import briefings, cases, deadlines, drafts, events, office, sources, topics
from domain.steps.office import SetOffice
from domain.steps.sources import AddSource, ChangeSources
from domain.steps.step import Step, fields_of

STEPS = [
    kind
    for module in (briefings, cases, deadlines, drafts, events, office, sources, topics)
    for _, kind in inspect.getmembers(module, inspect.isclass)
    if issubclass(kind, Step) and kind.code
]
# Text as a hand, a paste or another program may give it.
HOSTILE = st.text(
    st.characters() | st.sampled_from("\x00\x08\x0b\x0c\x1f\x7f\ud800\udfff\ufffe\uffff\u202e\U0010ffff"), min_size=1
)
ITEMS = [
    ("临江停水通知", "临江滨河花园停水，居民投诉，电话 13812345678。", "2026-11-20T08:40:00+08:00"),
    ("临江滨河花园停水抢修", "自来水公司说临江滨河花园停水管网今晚修复，居民投诉减少。", "2026-11-20T09:10:00+08:00"),
]
ODD = "\x00坏\x0b\ud800字\udfff\ufffe\x1b[31m{{图}}<b>&\U0001f600"


def of(hint, text):
    """A value of a type whose every text is the one given."""
    if hint is str:
        return text
    if typing.get_origin(hint) is tuple and hint.__args__[0] is str:
        return (text,)
    return None


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.code)
def test_texts_of_a_step_are_storable(step):
    hints = typing.get_type_hints(step)
    # Secrets stay as they are typed: they are never kept as text, and an address has a gate of its own.
    texts = [about for about in fields_of(step) if of(hints[about.name], "x") is not None and not about.secret]

    @settings(max_examples=30, deadline=None)
    @given(HOSTILE)
    def one(text):
        values = {field.name: None for field in dataclasses.fields(step) if field.default is dataclasses.MISSING}
        values |= {about.name: of(hints[about.name], text) for about in texts}
        try:
            made = step(**values)
        except InputError as error:
            assert not storable(text).strip() and error.field
            return
        for about in texts:
            value = getattr(made, about.name)
            assert all(storable(part) == part for part in ([value] if isinstance(value, str) else value))

    one()


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.code)
def test_text_without_end_is_refused_with_its_field(step):
    hints = typing.get_type_hints(step)
    for about in fields_of(step):
        if hints[about.name] is str:
            values = {field.name: "字" for field in dataclasses.fields(step) if field.default is dataclasses.MISSING}
            with pytest.raises(InputError, match="太长") as caught:
                step(**(values | {about.name: "字" * 300_000}))
            assert caught.value.field == about.name


def test_everything_can_be_made_of_hostile_text(database, publisher, tmp_path, now):
    actor = Actor(ODD)
    do = lambda step: execute(database, step, actor, now)  # noqa: E731
    do(SetOffice(name=ODD, places=("临江", ODD), signer=ODD))
    added = do(AddSource(publisher.feed("/a", ITEMS), ODD))
    do(ChangeSources((added,), name=ODD, place=ODD, tags=(ODD,)))
    day = date(2026, 11, 20)
    Collector(database, now).round(now)
    do(
        events.AddEvent(
            MajorEvent(0, EventKind.OTHER, ODD, day, day, ("停水", ODD), answers=ODD, on_duty=ODD, tasks=(ODD,))
        )
    )
    topic = list_topics(database)[0].id
    do(topics.RenameTopic(topic, ODD))
    case = 1  # flagged by the rules already
    do(cases.JudgeConcern(case, next(iter(EventGrade)), unit=ODD, category=ODD))
    do(cases.AskUnit(case, ODD, ODD))
    do(drafts.AddSaying(ODD, ODD, (ODD,), ODD))
    version = do(drafts.WriteDraft(case, ODD, ODD)).version
    do(drafts.RemarkOnDraft(case, version, 0, 1, ODD))
    execute(database, drafts.ReviewDraft(case, version), Actor("另一人"), now)
    execute(database, drafts.ApproveDraft(case, version), Actor("另一人"), now)
    do(drafts.PublishDraft(case, version, "https://x.gov.cn/1", Channel.WEBSITE))
    do(cases.CloseConcern(case, ODD))
    assert verify_record(database)[1] is None
    made = make_briefing(database, Wanted(IssueKind.DAILY, day), ("docx", "xlsx", "html"), tmp_path, Actor(ODD), now)
    made += make_briefing(database, Wanted(IssueKind.SPECIAL, day, case), ("docx", "html"), tmp_path, Actor(ODD), now)
    assert all(path.stat().st_size for path in made) and Document(str(made[0])).paragraphs
    etree.fromstring(Document(str(made[0])).element.xml)
    assert export_ledger(database, tmp_path / "台账.xlsx", now) and export_record(database, tmp_path / "留痕.jsonl")
    assert export_sources(database, tmp_path / "信源.opml")
    assert "坏字" in list_sources(database, now)[0].source.name
