"""An example of every step that is not a case's, and an office in which each can be taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

from sqlalchemy import text

from desk.execute import execute
from desk.topics.understand import segmented
from domain.article import Article, SourceTier
from domain.briefing import IssueKind
from domain.concern import AttentionGrade, Concern, ConcernState, EventGrade, ReasonCode
from domain.event import EventKind, MajorEvent
from domain.learning import LEAST_DECISIONS
from domain.person import Actor, Role
from domain.registers import RegisterKind
from domain.response import Applies, Channel, DeadlineRule, ResponseKind, Unit
from domain.steps import (
    briefings,
    cases,
    deadlines,
    drafts,
    events,
    learning,
    office,
    people,
    registers,
    sources,
    topics,
)
from domain.times import china_day
from domain.topic import Heat, Topic
from store import articles, looks, record
from store import cases as case_store
from store import sources as source_store
from store.looks import Look
from store.schema import metadata

OFFICER = Actor("李敏")
SECRET = "correct horse battery"
FLOOD = MajorEvent(0, EventKind.OTHER, "防汛", date(2026, 6, 1), date(2026, 9, 30), ("暴雨",))
OWN_RULE = DeadlineRule("own-report", "报送领导", "本单位", 2, Unit.HOURS, Applies.BY_HAND, (), "本单位值班制度")
OFFICE_HOURS = ((time(9), time(12)), (time(14), time(18)))
APPLICATION = {"received_on": "2026-11-12", "applicant": "自然人", "content": "供水管网改造批文"}
CHANNEL = {"name": "临江发布", "channel": "微博", "keeper": "李敏"}
CASE = 1  # flagged, judged and answered
WEIGHTS = {"area:教育": -1.0}


class Ids:
    """What the examples are about: sources, people, an event, a saying, topics merged and apart, decisions, a clock."""

    def __init__(self, database, now):
        self.now = now

        def do(step):
            return execute(database, step, OFFICER, now)

        topics_of_two(database, now, 4)
        self.response = published(do(topics.FlagTopic(4, "群众反映")), database, now)
        self.channel = do(registers.EnterRegisterEntry(RegisterKind.CHANNEL, CHANNEL))
        self.entry = do(registers.EnterRegisterEntry(RegisterKind.DISCLOSURE, APPLICATION))
        self.source = do(sources.AddSource("https://a.cn/feed", "甲报"))
        self.person = do(people.AddPerson("李敏", tuple(Role)))
        self.other = do(people.AddPerson("王强", (Role.REVIEWER,)))
        self.event = do(events.AddEvent(FLOOD))
        self.saying = do(drafts.AddSaying("停水", "已在抢修。"))
        do(deadlines.AddOwnRule(OWN_RULE))
        (self.change,) = do(topics.MergeTopics(1, (2,)))
        decisions(database, now, do)
        do(deadlines.StartDeadline(CASE, "licence-penalty-7wd", now))
        do(deadlines.SetCalendar({china_day(now) + timedelta(days=3): False}, OFFICE_HOURS))
        do(learning.AcceptWeights(WEIGHTS, LEAST_DECISIONS))


def entries(database):
    """All entries of the record, the oldest first."""
    with database.read() as connection:
        return list(record.entries(connection))


def state(database):
    """Every row of every table."""
    with database.read() as connection:
        return [tuple(row) for table in metadata.sorted_tables for row in connection.execute(table.select())]


def published(concern, database, now):
    """A response to a case, written, reviewed, signed and published, before anybody has rights; its id."""
    execute(database, cases.JudgeConcern(concern, EventGrade.NONE), OFFICER, now)
    draft = execute(database, drafts.WriteDraft(concern, "情况通报", "水管破裂，已抢修，今晚恢复。"), OFFICER, now)
    for step in (drafts.ReviewDraft, drafts.ApproveDraft):
        execute(database, step(concern, draft.version), Actor("王强"), now)
    link = "https://x.gov.cn/1"
    return execute(database, drafts.PublishDraft(concern, draft.version, link, Channel.WEBSITE), OFFICER, now).id


def topics_of_two(database, now, count):
    """Topics 1 to `count` of two articles each: 1 and 2, 3 and 4 …"""
    with database.write() as connection:
        source = source_store.add(connection, "feed", "http://x/f", "临江日报", SourceTier.CITY)
        for id in range(1, count + 1):
            seen = (now, now, "临江日报", "其他", ("临江",), True)
            looks.save(connection, [Look(Topic(id, f"停水{id}", (), Heat({}, True), 2, 1, 0, *seen))])
            for n in (1, 2):
                at = now - timedelta(minutes=n)
                new = Article(f"{id}-{n}", f"停水{id}{n}", f"小区{id}停水{n}。", "", at, at)
                articles.add(connection, source, [segmented(new)])
        connection.execute(text("UPDATE article SET topic_id = (id + 1) / 2"))


def decisions(database, now, do):
    """As many concerns put aside as weights may be learned from."""
    seen = (EventGrade.NONE, "", AttentionGrade.BLUE, now, now, 1)
    with database.write() as connection:
        known = [
            case_store.flag(connection, Concern(0, topic, "停水", ConcernState.FLAGGED, (), *seen))
            for topic in range(100, 100 + LEAST_DECISIONS)
        ]
    for id in known:
        do(cases.DismissConcern(id, "日常事务"))


def example(step, tmp_path, ids):
    """A step that has all it needs."""
    return {**_of_the_house(tmp_path, ids), **_of_the_matters(ids)}[step]()


def _of_the_house(tmp_path, ids):
    """How each step of sources, settings, people, briefings and registers is made."""
    (tmp_path / "list.opml").write_text('<opml><body><outline text="乙" xmlUrl="http://b.cn/1"/></body></opml>')
    return {
        sources.AddSource: lambda: sources.AddSource("https://c.cn/feed", "丙报", SourceTier.CITY),
        sources.ChangeSources: lambda: sources.ChangeSources((ids.source,), place="临江", tags=("党报",)),
        sources.PauseSources: lambda: sources.PauseSources((ids.source,)),
        sources.RemoveSources: lambda: sources.RemoveSources((ids.source,)),
        sources.ImportSources: lambda: sources.ImportSources(tmp_path / "list.opml"),
        sources.SaveColumns: lambda: sources.SaveColumns("热线", {"标题": "甲"}),
        office.SetOffice: lambda: office.SetOffice("临江市新闻办", places=("临江",)),
        office.SetOwnWords: lambda: office.SetOwnWords(ReasonCode.PUBLIC_INTEREST, {"断供": 1.2}),
        office.SetQuietHours: lambda: office.SetQuietHours(time(20), time(6)),
        office.SetBackupPlan: lambda: office.SetBackupPlan("03:00", daily=9),
        office.SetRoster: lambda: office.SetRoster("2026-11-20 李敏"),
        office.HandOver: lambda: office.HandOver("王强", "记者待回电"),
        office.ConfirmRecord: lambda: office.ConfirmRecord(("12 3fa9c1d2",), "换过电脑，旧数据已封存"),
        office.SetBriefingTemplate: lambda: office.SetBriefingTemplate(None),
        people.AddPerson: lambda: people.AddPerson("赵主任", (Role.APPROVER,), "zhao"),
        people.ChangePerson: lambda: people.ChangePerson("李敏", (Role.ADMINISTRATOR,), person_id=ids.person),
        people.SetActive: lambda: people.SetActive(ids.other),
        people.SetPassword: lambda: people.SetPassword(ids.person, SECRET),
        briefings.PlanBriefing: lambda: briefings.PlanBriefing(
            IssueKind.DAILY, china_day(ids.now), advice="公布抢修时间"
        ),
        briefings.AddToBriefing: lambda: briefings.AddToBriefing(
            IssueKind.DAILY, china_day(ids.now), lead="调度会", text="明日召开"
        ),
        briefings.RenewBriefing: lambda: briefings.RenewBriefing(IssueKind.DAILY, china_day(ids.now), items=("停水",)),
        registers.EnterRegisterEntry: lambda: registers.EnterRegisterEntry(RegisterKind.DISCLOSURE, APPLICATION),
        registers.ImportRegisterEntries: lambda: registers.ImportRegisterEntries(
            RegisterKind.DISCLOSURE, "申请.xlsx", (APPLICATION,)
        ),
        registers.ChangeRegisterEntry: lambda: registers.ChangeRegisterEntry(ids.entry, {"承办单位": "自规局"}),
        registers.WithdrawRegisterEntry: lambda: registers.WithdrawRegisterEntry(ids.entry, "重复登记"),
        registers.SetRegisterLimits: lambda: registers.SetRegisterLimits(explain=3),
        registers.RecordCarrying: lambda: registers.RecordCarrying(
            ids.response, ids.channel, china_day(ids.now), "https://w.example/1"
        ),
        briefings.KeepBriefing: lambda: briefings.KeepBriefing(
            IssueKind.DAILY, china_day(ids.now), None, 1, 1, ("a.docx",)
        ),
    }


def _of_the_matters(ids):
    """How each step of sayings, deadlines, topics, events and habits is made."""
    return {
        drafts.AddSaying: lambda: drafts.AddSaying("停气", "已在检修。", ("停气",)),
        drafts.WithdrawSaying: lambda: drafts.WithdrawSaying(ids.saying),
        drafts.SetTemplate: lambda: drafts.SetTemplate(ResponseKind.ANSWER, "现将有关情况通报如下。"),
        deadlines.SetCalendar: lambda: deadlines.SetCalendar({}, OFFICE_HOURS),
        deadlines.SetClockHours: lambda: deadlines.SetClockHours(2.0, 12.0),
        deadlines.RecountDeadlines: lambda: deadlines.RecountDeadlines(),
        deadlines.AddOwnRule: lambda: deadlines.AddOwnRule(replace(OWN_RULE, code="own-other")),
        deadlines.RemoveOwnRule: lambda: deadlines.RemoveOwnRule(OWN_RULE.code),
        topics.RenameTopic: lambda: topics.RenameTopic(3, "城北停水"),
        topics.PinTopic: lambda: topics.PinTopic(3),
        topics.MergeTopics: lambda: topics.MergeTopics(4, (3,)),
        topics.SplitTopic: lambda: topics.SplitTopic(3, (5,)),
        topics.MoveArticles: lambda: topics.MoveArticles(4, (5,)),
        topics.UndoTopicChange: lambda: topics.UndoTopicChange(ids.change),
        topics.FlagTopic: lambda: topics.FlagTopic(3, "居民来电"),
        events.AddEvent: lambda: events.AddEvent(replace(FLOOD, name="春运")),
        events.ChangeEvent: lambda: events.ChangeEvent(replace(FLOOD, id=ids.event, any_words=("内涝",))),
        events.RemoveEvent: lambda: events.RemoveEvent(ids.event),
        learning.AcceptWeights: lambda: learning.AcceptWeights({"area:教育": -2.0}, LEAST_DECISIONS),
        learning.RefuseWeights: lambda: learning.RefuseWeights(LEAST_DECISIONS),
        learning.TakeBackWeights: lambda: learning.TakeBackWeights(),
    }
