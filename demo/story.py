"""Running a stored story through the whole line (the demo): collect step by step, work the case, report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from desk.cases.reading import list_concerns
from desk.collecting.collect import Collector
from desk.collecting.sourcework import list_sources
from desk.execute import execute
from desk.office.particulars import NATIONAL
from desk.reporting.report import last_day, make_briefing
from domain.article import SourceTier
from domain.briefing import IssueKind, Wanted
from domain.concern import ClockBasis, ConcernState, EventGrade
from domain.event import EventKind, MajorEvent
from domain.person import Actor
from domain.response import Channel, ResponseKind
from domain.steps.cases import JudgeConcern
from domain.steps.drafts import ApproveDraft, PublishDraft, ReviewDraft, WriteDraft
from domain.steps.events import AddEvent
from domain.steps.office import SetOffice
from domain.steps.sources import AddSource
from domain.times import china, china_day, exact
from store.database import Database

STEP = timedelta(hours=2)
OFFICER, REVIEWER, APPROVER = "李敏", "周岚", "王强"
Publish = Callable[[datetime], dict[str, tuple[Path, SourceTier]]]

STATEMENT = (
    "事实真相：14时25分，江北区恒泰助剂厂一车间发生爆炸并起火，明火已扑灭，伤亡情况以本通报为准。\n"
    "有关政策措施：市政府已启动生产安全事故二级应急响应，周边居民妥善安置，环境监测数据每4小时公布。\n"
    "处置结果：伤员全部送医救治，事故原因正在调查，下一次发布时间为明日10时。"
)
PROGRESS = (
    "已知情况：现场明火已经扑灭，伤员在市人民医院救治，周边空气和水质监测数据正常。"
    "正在做：事故调查组已进驻，善后工作组逐户登记受损房屋。"
    "下次发布：明日同一时间在市政府网站发布。"
)


def play(
    database: Database, publish: Publish, start: datetime, end: datetime, folder: Path, told: Callable[[str], None]
) -> list[Path]:
    """Play the story from `start` to `end`; the files of its last briefing.

    The grave emergency is answered two hours after it is flagged, by an author and an approver; at the end
    another concern is judged, so that a clock runs.
    """
    office = SetOffice("临江市人民政府新闻办公室", ("临江", "江北", "江南苑"), (NATIONAL,), APPROVER)
    execute(database, office, Actor(OFFICER), start)
    today = china_day(start)
    data = MajorEvent(
        0,
        EventKind.ECONOMIC_DATA,
        "前三季度经济数据发布",
        today,
        today + timedelta(days=6),
        ("生产总值", "前三季度", "统计局"),
    )
    execute(database, AddEvent(data), Actor(OFFICER), start)
    if not list_sources(database, start):
        for name, (path, tier) in publish(start).items():
            execute(database, AddSource(str(path), name, tier, "feed"), Actor(OFFICER), start)
    collector = Collector(database, start)
    moment = start + STEP
    while True:
        moment = min(moment, end)
        publish(moment)
        report = collector.round(moment)
        if report.flagged:
            told(f"{exact(moment)} 新关切 {len(report.flagged)} 件")
        _answer(database, moment)
        if moment == end:
            break
        moment += STEP
    _judge_slow_grievance(database, end)
    return make_briefing(database, Wanted(IssueKind.DAILY, last_day(end)), ("docx",), folder, Actor(OFFICER), end)


def _judge_slow_grievance(database: Database, now: datetime) -> None:
    """At the end the oldest waiting concern, a slow grievance, has just been judged: its clock runs."""
    waiting = list_concerns(database, ConcernState.FLAGGED)
    if waiting:
        execute(
            database,
            JudgeConcern(
                waiting[-1][0].id, grade=EventGrade.NONE, basis=ClockBasis.ASSIGNED, assigned_at=now, unit="市住建局"
            ),
            Actor(OFFICER),
            now,
        )


def _answer(database: Database, now: datetime) -> None:
    """Judge a grave emergency when it is flagged, and answer it a step later."""
    for concern, clocks in list_concerns(database):
        if concern.state is ConcernState.FLAGGED and concern.suggested_grade.grave:
            execute(
                database,
                JudgeConcern(concern.id, grade=concern.suggested_grade, basis=ClockBasis.FOUND, unit="市应急管理局"),
                Actor(OFFICER),
                now,
            )
        elif concern.state is ConcernState.OPEN and concern.is_emergency and now - concern.found_at >= STEP:
            _say(database, concern.id, ResponseKind.PRESS_CONFERENCE, "恒泰助剂厂爆炸事故情况通报", STATEMENT, now)
        elif concern.state is ConcernState.ANSWERED:
            waiting = [clock for clock in clocks if clock.met_at is None and not clock.withdrawn]
            if any(clock.due_at <= now + STEP for clock in waiting):
                title = f"恒泰助剂厂爆炸事故处置进展（{china(now).day} 日）"
                _say(database, concern.id, ResponseKind.UPDATE, title, PROGRESS, now)


def _say(database: Database, concern_id: int, kind: ResponseKind, title: str, body: str, now: datetime) -> None:
    """Draft, have a second person review and a third sign, publish."""
    made = execute(database, WriteDraft(concern_id, kind=kind, title=title, body=body), Actor(OFFICER), now)
    execute(database, ReviewDraft(concern_id, made.version), Actor(REVIEWER), now)
    execute(database, ApproveDraft(concern_id, made.version), Actor(APPROVER), now)
    channel = Channel.WEBSITE if kind is ResponseKind.UPDATE else Channel.PRESS_CONFERENCE
    link = f"https://www.linjiang.example/tongbao/{made.version}.html"
    execute(database, PublishDraft(concern_id, made.version, channel=channel, link=link), Actor(OFFICER), now)
