"""Drills in a database of their own, and handing over a shift."""

from __future__ import annotations

from datetime import timedelta

import pytest
from docx import Document
from openpyxl import load_workbook

from desk.cases.reading import read_case
from desk.collecting.collect import Collector
from desk.execute import execute
from desk.office import drill, handover
from desk.topics.monitor import list_topics
from domain.concern import ClockBasis, EventGrade
from domain.errors import InputError
from domain.person import Actor
from domain.steps.cases import AskUnit, JudgeConcern
from domain.steps.office import HandOver, SetOffice, SetRoster
from domain.steps.sources import AddSource
from store.database import open_database, sqlite_url

ITEMS = [
    ("临江化工园区一厂房发生爆炸", "临江化工园区一厂房发生爆炸，消防救援人员已到现场。", "2026-11-20T08:40:00+08:00"),
    ("临江化工园区爆炸救援进行中", "临江化工园区厂房爆炸后救援进行中，2名伤员送医。", "2026-11-20T09:10:00+08:00"),
]


@pytest.fixture
def id(database, publisher, now):
    execute(database, SetOffice(name="临江市政府新闻办", places=("临江",)), Actor("李敏"), now)
    execute(database, AddSource(publisher.feed("/a", ITEMS), "临江日报"), Actor("李敏"), now)
    (found,) = Collector(database, now).round(now).flagged
    return found


def test_drill_replays_the_reports_as_its_clock_goes_and_leaves_the_real_cases_alone(database, id, tmp_path, now):
    (topic,) = list_topics(database)
    made = drill.prepare(database, topic.id, tmp_path, now)
    assert drill.opened(tmp_path) is None and drill.opened(made.folder) == made
    play = open_database(sqlite_url(made.folder))
    collector = Collector(play, made.start)
    assert collector.round(made.start).new == 0
    later = made.start + timedelta(minutes=10)
    drill.publish(made.folder, later)
    report = collector.round(later)
    assert report.new == 1 and len(report.flagged) == 1
    execute(play, JudgeConcern(report.flagged[0], grade=EventGrade.II, basis=ClockBasis.FOUND), Actor("李敏"), later)
    end = later + timedelta(hours=6)
    rows = drill.results(play, end)
    assert {row.deadline.name: row.state.label for row in rows if row.deadline and row.state} == {
        "研判": "按时完成",
        "发布权威信息": "已超时",
        "举行新闻发布会": "计时中",
    }
    sheet = load_workbook(drill.write_results(play, made.folder, end)).active
    assert sheet.max_row == 4 and "超时未完成 1 项" in drill.summed_up(rows)
    play.close()
    assert all(d.waits for d in read_case(database, id).deadlines)


def test_shift_is_handed_over_with_both_names_on_a_sheet_and_on_the_record(database, id, tmp_path, now):
    execute(database, JudgeConcern(id, grade=EventGrade.II, basis=ClockBasis.FOUND), Actor("李敏"), now)
    execute(database, AskUnit(id, unit="市应急局", asked="伤亡人数"), Actor("李敏"), now)
    sheet = handover.handover(database, now + timedelta(hours=1))
    assert len(sheet.due) == 1 and "发布权威信息" in sheet.due[0]
    assert any("尚未答复" in line for line in sheet.waiting) and any("爆炸" in line for line in sheet.new)
    path = execute(
        database, HandOver("王强", "记者 13812345678 待回电"), Actor("李敏"), now + timedelta(hours=1), folder=tmp_path
    )
    words = "\n".join(paragraph.text for paragraph in Document(str(path)).paragraphs)
    assert "交班人：李敏" in words and "接班人：王强" in words and "13812345678" not in words
    with pytest.raises(InputError, match="不能相同"):
        execute(database, HandOver("李敏", ""), Actor("李敏"), now, folder=tmp_path)


def test_roster_says_who_is_on_duty(database, now):
    execute(database, SetRoster("2026-11-20 李敏\n2026-11-21 王强"), Actor("李敏"), now)
    assert handover.on_duty(handover.roster(database), "2026-11-21") == "王强"
    assert handover.on_duty(handover.roster(database), "2026-11-22") == ""
