"""Steps of sources, settings, people, hand-overs and briefings: whole, entered in the record, or refused whole."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from desk.collecting.sourcework import list_sources, table_presets
from desk.execute import HANDLERS, execute
from desk.office import backups, handover, people, reminding
from desk.office.particulars import Office, office, own_words
from desk.reporting import report
from desk.reporting.report import issued, make_briefing, plan
from desk.topics.monitor import verify_record
from domain.article import SourceTier
from domain.briefing import IssueKind, Plan, Wanted
from domain.concern import ReasonCode
from domain.errors import ConflictError, InputError, NotFoundError, StepError
from domain.person import Actor, Role
from domain.steps import briefings, sources
from domain.steps import office as steps
from domain.steps import people as person_steps
from domain.times import china_day
from response.rights import RIGHTS
from store import record, settings

OFFICER = Actor("李敏")
SECRET = "correct horse battery"
ITEM = ("临江供水管道爆裂 两小区停水", "临江城南路一供水管道爆裂，两个小区停水。", "2026-11-20T10:00:00+08:00")


def entries(database):
    with database.read() as connection:
        return list(record.entries(connection))


def example(step, tmp_path, ids):
    """A step that has all it needs."""
    (tmp_path / "list.opml").write_text('<opml><body><outline text="乙" xmlUrl="http://b.cn/1"/></body></opml>')
    given = {
        sources.AddSource: lambda: sources.AddSource("https://c.cn/feed", "丙报", SourceTier.CITY),
        sources.ChangeSources: lambda: sources.ChangeSources((ids.source,), place="临江", tags=("党报",)),
        sources.PauseSources: lambda: sources.PauseSources((ids.source,)),
        sources.RemoveSources: lambda: sources.RemoveSources((ids.source,)),
        sources.ImportSources: lambda: sources.ImportSources(tmp_path / "list.opml"),
        sources.SaveColumns: lambda: sources.SaveColumns("热线", {"标题": "甲"}),
        steps.SetOffice: lambda: steps.SetOffice("临江市新闻办", places=("临江",)),
        steps.SetOwnWords: lambda: steps.SetOwnWords(ReasonCode.PUBLIC_INTEREST, {"断供": 1.2}),
        steps.SetQuietHours: lambda: steps.SetQuietHours(time(20), time(6)),
        steps.SetBackupPlan: lambda: steps.SetBackupPlan("03:00", daily=9),
        steps.SetRoster: lambda: steps.SetRoster("2026-11-20 李敏"),
        steps.HandOver: lambda: steps.HandOver("王强", "记者待回电"),
        steps.SetBriefingTemplate: lambda: steps.SetBriefingTemplate(None),
        person_steps.AddPerson: lambda: person_steps.AddPerson("赵主任", (Role.APPROVER,), "zhao"),
        person_steps.ChangePerson: lambda: person_steps.ChangePerson(
            "李敏", (Role.ADMINISTRATOR,), person_id=ids.person
        ),
        person_steps.SetActive: lambda: person_steps.SetActive(ids.other),
        person_steps.SetPassword: lambda: person_steps.SetPassword(ids.person, SECRET),
        briefings.PlanBriefing: lambda: briefings.PlanBriefing(
            IssueKind.DAILY, china_day(ids.now), advice="公布抢修时间"
        ),
        briefings.AddToBriefing: lambda: briefings.AddToBriefing(
            IssueKind.DAILY, china_day(ids.now), lead="调度会", text="明日召开"
        ),
        briefings.RenewBriefing: lambda: briefings.RenewBriefing(IssueKind.DAILY, china_day(ids.now), items=("停水",)),
        briefings.KeepBriefing: lambda: briefings.KeepBriefing(
            IssueKind.DAILY, china_day(ids.now), None, 1, 1, ("a.docx",)
        ),
    }
    return given[step]()


class Ids:
    """What the examples are about."""

    def __init__(self, database, now):
        self.now = now
        self.source = execute(database, sources.AddSource("https://a.cn/feed", "甲报"), OFFICER, now)
        self.person = execute(database, person_steps.AddPerson("李敏", tuple(Role)), OFFICER, now)
        self.other = execute(database, person_steps.AddPerson("王强", (Role.REVIEWER,)), OFFICER, now)


EXAMPLES = [s for s in HANDLERS if s.__module__.rpartition(".")[2] in ("sources", "office", "people", "briefings")]


@pytest.mark.parametrize("step", EXAMPLES, ids=lambda step: step.code)
def test_step_is_entered_in_the_record_by_who_took_it_and_the_chain_holds(database, tmp_path, now, step):
    made = example(step, tmp_path, Ids(database, now))
    before = len(entries(database))
    execute(database, made, OFFICER, now, folder=tmp_path)
    new = entries(database)[before:]
    assert new and all((entry.who, entry.at) == ("李敏", now) for entry in new)
    assert verify_record(database)[1] is None


@pytest.mark.parametrize("step", EXAMPLES, ids=lambda step: step.code)
def test_step_that_cannot_be_entered_changes_nothing(database, tmp_path, now, step, monkeypatch):
    made = example(step, tmp_path, Ids(database, now))
    before, files = state(database), {p for p in tmp_path.rglob("*.docx")}

    def full(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(record, "append", full)
    with pytest.raises(OSError):
        execute(database, made, OFFICER, now, folder=tmp_path)
    assert state(database) == before and {p for p in tmp_path.rglob("*.docx")} == files


def state(database):
    with database.read() as connection:
        tables = ("source", "setting", "person", "issue", "record")
        return [tuple(row) for table in tables for row in connection.execute(text(f"SELECT * FROM {table}"))]


@pytest.mark.parametrize("step", [s for s in EXAMPLES if RIGHTS[s] is Role.ADMINISTRATOR], ids=lambda s: s.code)
def test_people_are_looked_after_by_administrators_only(database, tmp_path, now, step):
    made = example(step, tmp_path, Ids(database, now))
    before = state(database)
    with pytest.raises(StepError, match="李敏"):
        execute(database, made, Actor("王强"), now)
    assert state(database) == before


def test_password_is_set_by_its_owner_or_an_administrator_and_never_shown(database, tmp_path, now):
    ids = Ids(database, now)
    step = person_steps.SetPassword(ids.other, SECRET)
    assert SECRET not in repr(step) and step.entries() == {}
    with pytest.raises(StepError, match="管理"):
        execute(database, person_steps.SetPassword(ids.person, SECRET), Actor("王强"), now)
    execute(database, step, Actor("王强"), now)
    execute(database, person_steps.SetPassword(ids.person, f" {SECRET} "), OFFICER, now)
    assert people.sign_in(database, "王强", SECRET).name == "王强"
    assert people.sign_in(database, "李敏", f" {SECRET} ").name == "李敏"
    assert SECRET not in str(state(database))
    assert [e.action for e in entries(database)][-2:] == ["设置密码", "设置密码"]


def test_person_needs_a_right_and_one_that_is_not_there_is_said(database, now):
    with pytest.raises(InputError, match="权限") as told:
        person_steps.AddPerson("赵主任", ())
    assert told.value.field == "roles"
    with pytest.raises(NotFoundError):
        execute(database, person_steps.SetActive(99), OFFICER, now)


def test_what_is_not_given_stays_as_somebody_else_set_it(database, now):
    execute(database, steps.SetOffice("临江市新闻办", ("临江",), signer="赵明"), OFFICER, now)
    changed = execute(database, steps.SetOffice(signer="王强"), OFFICER, now)
    assert changed == office(database) == Office("临江市新闻办", ("临江",), signer="王强")
    assert entries(database)[-1].before["signer"] == "赵明"


def test_damaged_particulars_are_written_anew_and_the_record_tells_what_was_there(database, now):
    with database.write() as connection:
        settings.write(connection, "office", ["nonsense"])
    assert execute(database, steps.SetOffice("临江市新闻办"), OFFICER, now) == Office("临江市新闻办")
    assert entries(database)[-1].before == {"unreadable": '["nonsense"]'}


def test_words_of_one_reason_leave_those_of_another(database, now):
    for reason, word in ((ReasonCode.PUBLIC_INTEREST, "断供"), (ReasonCode.SUPERIOR, "督办")):
        execute(database, steps.SetOwnWords(reason, {word: 1.0}), OFFICER, now)
    assert own_words(database) == {"public-interest": {"断供": 1.0}, "superior": {"督办": 1.0}}


def test_settings_are_read_as_they_were_set(database, tmp_path, now):
    for step in (steps.SetQuietHours, steps.SetBackupPlan, steps.SetRoster, sources.SaveColumns):
        execute(database, example(step, tmp_path, None), OFFICER, now)
    quiet = reminding.quiet_hours(database)
    assert (quiet.start, quiet.end) == (time(20), time(6)) and backups.plan(database).daily == 9
    assert handover.on_duty(handover.roster(database), "2026-11-20") == "李敏"
    assert table_presets(database) == {"热线": {"标题": "甲"}}


def test_several_sources_change_together_or_not_at_all(database, now):
    one, other = (execute(database, sources.AddSource(f"https://{n}.cn/feed"), OFFICER, now) for n in "ab")
    with pytest.raises(NotFoundError):
        execute(database, sources.PauseSources((one, other, 99)), OFFICER, now)
    assert not any(view.source.paused for view in list_sources(database, now))
    execute(database, sources.PauseSources((one, other)), OFFICER, now)
    assert [view.source.paused for view in list_sources(database, now)] == [True, True]
    with pytest.raises(InputError, match="名称"):
        execute(database, sources.ChangeSources((one,), name=" "), OFFICER, now)


@pytest.fixture
def ready(database, publisher, now):
    from desk.collecting.collect import Collector

    execute(database, sources.AddSource(publisher.feed("/a", [ITEM]), "临江日报"), OFFICER, now)
    collector = Collector(database, now)
    collector.round(now)
    collector.close()
    return database


@pytest.mark.parametrize("final", [False, True], ids=["drafts", "final"])
def test_two_makers_of_one_briefing_never_take_one_number_for_two(ready, tmp_path, now, final):
    wanted, met = Wanted(IssueKind.DAILY, china_day(now)), threading.Barrier(2, timeout=20)
    made: list[Path] = []

    def write(issue, path, look):
        if not met.broken:
            try:
                met.wait(5)  # both have composed the issue before either keeps it
            except threading.BrokenBarrierError:
                met.abort()
        path.write_text(issue.head.title, "utf-8")

    def work(who: str) -> None:
        made.extend(
            make_briefing(ready, wanted, ("x",), tmp_path / who, Actor(who), now, final=final, writers={"x": write})
        )

    both = [threading.Thread(target=work, args=(who,)) for who in ("李敏", "王强")]
    for one in both:
        one.start()
    for one in both:
        one.join()
    (kept,) = issued(ready)
    assert (kept.number, kept.final) == (1, final) and len(made) == 2 and all(path.exists() for path in made)
    assert [e.action for e in entries(ready)].count("每日舆情简报定稿") == final


def test_issue_that_was_finished_meanwhile_takes_no_other_text_and_no_plan(ready, tmp_path, now):
    day = china_day(now)
    make_briefing(ready, Wanted(IssueKind.DAILY, day), ("html",), tmp_path, OFFICER, now, final=True)
    with pytest.raises(ConflictError, match="定了稿"):
        execute(ready, briefings.KeepBriefing(IssueKind.DAILY, day, None, 1, 1, ("b.docx",)), OFFICER, now)
    with pytest.raises(ConflictError, match="已经定稿"):
        execute(ready, briefings.PlanBriefing(IssueKind.DAILY, day, advice="晚了"), OFFICER, now)
    assert plan(ready, Wanted(IssueKind.DAILY, day)) == Plan()


def test_correction_names_what_it_corrects_and_comes_once(ready, tmp_path, now):
    wanted = Wanted(IssueKind.DAILY, china_day(now))
    make_briefing(ready, wanted, ("html",), tmp_path, OFFICER, now, final=True)
    make_briefing(ready, wanted, ("html",), tmp_path, OFFICER, now + timedelta(hours=1), final=True, correct=True)
    second, first = issued(ready)
    assert (second.number, second.corrects, first.corrects) == (2, first.id, None)


def test_file_that_cannot_be_written_keeps_no_issue_and_no_other_file(ready, tmp_path, now):
    def fail(*_: object) -> None:
        raise InputError("没有地方")

    writers = {**report.FORMATS, "bad": fail}
    with pytest.raises(InputError):
        make_briefing(
            ready, Wanted(IssueKind.DAILY, china_day(now)), ("html", "bad"), tmp_path, OFFICER, now, writers=writers
        )
    assert issued(ready) == [] and not list(tmp_path.glob("每日*"))


def test_plan_is_kept_and_entered(ready, now):
    wanted, new = Wanted(IssueKind.DAILY, china_day(now)), Plan(frozenset({"重大事件专题"}), edits={"甲": "乙"})
    execute(ready, briefings.PlanBriefing.of(wanted, new), OFFICER, now)
    assert plan(ready, wanted) == new
    execute(ready, briefings.PlanBriefing.of(wanted, replace(new, edits={})), OFFICER, now)
    last = entries(ready)[-1]
    assert last.action == "编排简报" and last.before["edits"] == {"甲": "乙"}
