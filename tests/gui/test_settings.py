"""设置: what is typed in one tab stays, whatever is saved, read anew or changed elsewhere."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QAbstractButton, QPlainTextEdit
from sqlalchemy import text

from desk.cases.deadlines import all_known, calendar, own_rules
from desk.cases.reading import list_concerns
from desk.cases.writing import draft_templates
from desk.collecting.collect import Collector
from desk.execute import execute
from desk.office import backups, handover, reminding
from desk.office.particulars import office, own_words
from desk.topics.events import list_events
from domain.concern import ReasonCode
from domain.event import EventKind, MajorEvent
from domain.person import Actor
from domain.response import Applies, DeadlineRule, ResponseKind, Unit
from domain.steps.cases import DismissConcern
from domain.steps.deadlines import AddOwnRule
from domain.steps.events import AddEvent
from domain.steps.office import SetOffice, SetQuietHours
from domain.steps.sources import AddSource
from domain.times import china_day
from gui.kit.form import read
from gui.kit.stepform import StepForm
from gui.operations import ALL, SETTINGS
from gui.window import COLLECTED
from store import seat
from store.database import open_database, sqlite_url
from tests.gui.cases import ITEM


@pytest.fixture
def page(window, qtbot):
    window.go("设置")
    made = window.pages["设置"]
    settled(made, qtbot)
    return made


def settled(page, qtbot):
    """Whatever was asked for has come."""
    qtbot.waitUntil(
        lambda: not (page.operations._asked or page.operations._steps.busy or page.operations._reads.busy),
        timeout=10_000,
    )
    qtbot.wait(60)


# What can be typed in each tab: the tab, its field, what is typed, how it is saved, and how the store then says it.
TYPED: dict[str, tuple[str, Any, str | None, Any]] = {
    "本单位": ("office.called", "临江市新闻办", "office.save", lambda db: office(db).name),
    "地名": ("office.places", "临江 江北", "office.save", lambda db: " ".join(office(db).places)),
    "签发人": ("office.signer", "王强", "office.save", lambda db: office(db).signer),
    "值班表": ("people.roster", "2026-11-24 李敏", "people.save_roster", handover.roster),
    "日历": ("clocks.days", "2027-02-05 休息", "clocks.save_calendar", lambda db: "2027-02-05 休息" if calendar(db).overrides else ""),
    "关切词": ("words.text", "断供=1.2", "words.save", lambda db: "断供=1.2" if own_words(db) else ""),
    "稿子模板": ("templates.text", "【填写】的模板", "templates.save", lambda db: next(iter(draft_templates(db).values()))),
    "提醒": ("record.quiet_from", time(21, 0), "record.save_quiet", lambda db: reminding.quiet_hours(db).start),
    "备份": ("backups.at", "03:15", "backups._save", lambda db: backups.plan(db).at),
    "研判时长": ("clocks.judging", "2", "clocks.save_hours", lambda db: f"{next(r.amount for r in all_known(db) if r.code == 'judge'):g}"),
    "人员": ("people.called", "赵云", None, None),
    "自己的时限": ("clocks.rule_name", "报送领导", None, None),
}  # fmt: skip


def part(page, path):
    for name in path.split("."):
        page = getattr(page, name)
    return page


def type_all(page):
    for path, value, _, _ in TYPED.values():
        field = part(page, path)
        if isinstance(value, time):
            field.setTime(value)
        elif hasattr(field, "setPlainText"):
            field.setPlainText(value)
        else:
            field.setText(value)


def said(page):
    return {name: read(part(page, path)) for name, (path, *_) in TYPED.items()}


@pytest.mark.parametrize("saved", [name for name, (_, _, save, _) in TYPED.items() if save])
def test_saving_one_tab_leaves_what_is_typed_in_all_others(saved, page, window, qtbot, database):
    type_all(page)
    before = said(page)
    assert before == {name: value for name, (_, value, _, _) in TYPED.items()}
    _, value, save, stored = TYPED[saved]
    part(page, save)()
    settled(page, qtbot)
    assert stored(database) == value
    assert said(page) == before


def test_round_of_the_collector_and_other_pages_leave_what_is_typed(page, window, qtbot):
    type_all(page)
    before = said(page)
    for kinds in (COLLECTED, ALL, frozenset({SETTINGS})):
        window.operations.changed.emit(kinds)
        settled(page, qtbot)
        assert said(page) == before
    window.go("总览")
    window.operations.changed.emit(ALL)
    settled(page, qtbot)
    window.go("设置")
    settled(page, qtbot)
    assert said(page) == before
    assert {page.tabs.tabText(i).removesuffix(" ●") for i in range(page.tabs.count()) if "●" in page.tabs.tabText(i)} == {
        "本单位", "人员", "时限与日历", "关切词", "稿子模板", "提醒与留痕", "备份",
    }  # fmt: skip


def test_every_field_of_every_tab_keeps_what_is_typed(page, window, qtbot):
    """Walks the forms themselves, so that a field that is added is looked at too."""
    forms = [page.office.form, page.people.form, page.clocks.form, page.record.form, page.backups.form]
    for form in forms:
        for name, field in form.fields.items():
            if isinstance(field, QAbstractButton):
                field.toggle()
            elif hasattr(field, "stepUp"):
                field.stepUp()
            elif hasattr(field, "setCurrentIndex"):
                field.setCurrentIndex((field.currentIndex() + 1) % field.count())
            elif hasattr(field, "setPlainText"):
                field.setPlainText("typed")
            else:
                field.setText("typed")
            assert name in form.unsaved, name
    before = [form.values() for form in forms]
    window.operations.changed.emit(ALL)
    settled(page, qtbot)
    assert [form.values() for form in forms] == before


def test_what_was_changed_elsewhere_is_shown_and_can_be_taken(page, window, qtbot, database, now):
    page.office.called.setText("我写的")
    execute(database, SetOffice("别处改的", signer="王强"), Actor("王强"), now)
    window.operations.changed.emit(frozenset({SETTINGS}))
    settled(page, qtbot)
    assert page.office.called.text() == "我写的" and page.office.signer.text() == "王强"
    assert page.office.form.note.isVisibleTo(page) and "别处改的" in page.office.form._said.text()
    page.office.form.take_new()
    assert page.office.called.text() == "别处改的" and not page.office.form.unsaved


def test_saving_keeps_what_somebody_else_changed_meanwhile(page, window, qtbot, database, now):
    page.office.called.setText("我写的")
    execute(database, SetOffice("原来", signer="王强"), Actor("王强"), now)  # which this window has not read yet
    page.office.save()
    settled(page, qtbot)
    assert (office(database).name, office(database).signer) == ("我写的", "王强")


def test_refused_input_stays_and_is_not_taken_for_saved(page, window, qtbot, database):
    page.office.draft_at.setText("凌晨")
    page.office.called.setText("新名字")
    page.office.save()
    settled(page, qtbot)
    assert (page.office.draft_at.text(), page.office.called.text()) == ("凌晨", "新名字")
    assert page.office.form.unsaved == {"draft_at", "name"} and "时刻" in window._fault.text()
    assert office(database).name == "本单位"
    page.office.draft_at.setText("08:00")
    page.office.save()
    settled(page, qtbot)
    qtbot.waitUntil(lambda: office(database).name == "新名字", timeout=5_000)
    qtbot.waitUntil(lambda: "时刻" not in window._fault.text(), timeout=5_000)


def test_what_is_typed_while_saving_is_still_unsaved(page, window, qtbot, database):
    page.office.called.setText("第一")
    page.office.save()
    page.office.called.setText("第二")
    settled(page, qtbot)
    assert page.office.called.text() == "第二" and page.office.form.unsaved == {"name"}
    assert office(database).name == "第一" and not page.office.form.note.isVisibleTo(page)


def test_words_typed_for_one_reason_stay_while_others_are_looked_at(page, window, qtbot, database):
    page.words.text.setPlainText("断供=1.2")
    page.words.reason.setCurrentIndex(1)
    assert page.words.text.toPlainText() == ""
    page.words.text.setPlainText("停课=2")
    page.words.save()
    settled(page, qtbot)
    page.words.reason.setCurrentIndex(0)
    assert page.words.text.toPlainText() == "断供=1.2"
    assert own_words(database) == {list(ReasonCode)[1].code: {"停课": 2}}
    assert page.words.choices.unsaved == {next(iter(ReasonCode)).code}


def test_form_that_is_clean_shows_what_is_stored(page, window, qtbot, database, now):
    execute(database, SetQuietHours(time(20, 0), time(6, 0)), Actor("王强"), now)
    window.operations.changed.emit(frozenset({SETTINGS}))
    settled(page, qtbot)
    assert read(page.record.quiet_from) == time(20, 0) and not page.record.form.unsaved


def test_backup_is_made_and_restored_from_the_window(
    page, window, qtbot, database, publisher, now, tmp_path, monkeypatch, questions
):
    execute(database, SetOffice("原来的单位", places=("临江",)), Actor("李敏"), now)
    execute(database, AddSource(publisher.feed("/a", [ITEM]), "临江日报"), Actor("李敏"), now)
    collector = Collector(database, now)
    collector.round(now)
    collector.close()
    page.backups.now_button.click()
    qtbot.waitUntil(lambda: len(page.backups.table.rows_model.rows) == 1, timeout=20_000)
    (kept,) = page.backups.table.rows_model.rows
    assert kept.check.good and "已试恢复" in page.backups.status.text()
    execute(database, DismissConcern(1, reason="误报"), Actor("李敏"), now)
    execute(database, SetOffice(name="后来的单位"), Actor("李敏"), now)
    database.close()
    asked = questions
    page.backups.table.choose(0)
    page.backups._restore_chosen()
    qtbot.waitUntil(lambda: "已从" in window._fault.text(), timeout=20_000)
    assert "替换现在的数据" in asked[0] and "不会删除" in asked[0] and str(kept.path) in asked[0]
    settled(page, qtbot)
    assert page.office.called.text() == "原来的单位"
    again = open_database(sqlite_url(tmp_path))
    assert list_concerns(again)[0][0].state.label == "待研判"
    again.close()
    page.office.called.setText("恢复以后还能改")
    page.office.save()
    settled(page, qtbot)
    assert not page.office.form.unsaved


def test_backup_that_is_refused_leaves_the_window_as_it_was(page, window, qtbot, tmp_path, database):
    bad = tmp_path / "bad.zip"
    bad.write_bytes(b"PK nonsense")
    window.restore_from(bad)
    qtbot.waitUntil(lambda: "不受影响" in window._fault.text(), timeout=20_000)
    page.office.called.setText("还能改")
    page.office.save()
    settled(page, qtbot)
    assert office(database).name == "还能改" and not list(Path(tmp_path).glob("恢复前*"))


def test_overview_says_how_the_backups_stand(page, window, qtbot, database, publisher, now):
    execute(database, AddSource(publisher.feed("/a", [ITEM]), "临江日报"), Actor("李敏"), now)
    collector = Collector(database, now)
    collector.round(now)
    collector.close()
    window.go("总览")
    overview = window.pages["总览"]
    window.operations.changed.emit(ALL)
    qtbot.waitUntil(lambda: "还没有备份" in overview.today.text(), timeout=10_000)


def test_event_that_is_being_written_stays_while_others_are_read_or_looked_at(page, window, qtbot, database, now):
    day = china_day(now)
    for name in ("两会", "高考"):
        execute(
            database,
            AddEvent(MajorEvent(0, EventKind.OTHER, name, day, day + timedelta(days=3), (name,))),
            Actor("李敏"),
            now,
        )
    window.go("重大事件")
    events = window.pages["重大事件"]
    qtbot.waitUntil(lambda: len(events.table.rows_model.rows) == 2, timeout=5_000)
    events.table.choose(0)
    name = events.plan.name.text()
    events.plan.words.setText("我加的词")
    events.plan.tasks.setPlainText("布置")
    window.operations.changed.emit(ALL)
    settled(events, qtbot)
    assert (events.plan.words.text(), events.plan.tasks.toPlainText()) == ("我加的词", "布置")
    events.table.choose(1)
    assert events.plan.name.text() != name and events.plan.words.text() != "我加的词"
    events.table.choose(0)
    assert (events.plan.words.text(), events.plan.tasks.toPlainText()) == ("我加的词", "布置")
    events._save()
    settled(events, qtbot)
    assert not events.plan.form.unsaved
    assert next(e for e in list_events(database) if e.name == name).any_words == ("我加的词",)


def test_new_event_that_is_being_written_stays_when_another_comes_in(page, window, qtbot, database, now):
    window.go("重大事件")
    events = window.pages["重大事件"]
    settled(events, qtbot)
    events.plan.words.setText("写到一半")
    day = china_day(now)
    execute(database, AddEvent(MajorEvent(0, EventKind.OTHER, "两会", day, day, ("两会",))), Actor("王强"), now)
    window.operations.changed.emit(ALL)
    settled(events, qtbot)
    assert len(events.table.rows_model.rows) == 1 and events.plan.words.text() == "写到一半"


def test_window_says_that_the_record_lacks_what_this_seat_saw_and_takes_an_account_of_it(
    page, window, qtbot, database, now
):
    for name in ("临江市新闻办", "临江市政府新闻办"):
        execute(database, SetOffice(name, places=("临江",)), Actor("李敏"), now)
    window.recordwatch.look()
    qtbot.waitUntil(lambda: len(seat.seen(str(window.operations.folder.resolve()))) == 1, timeout=10_000)
    with database.write() as connection:
        connection.execute(text("DROP TRIGGER record_no_delete"))
        connection.execute(text("DELETE FROM record WHERE sequence = 2"))
    window.recordwatch.look()
    qtbot.waitUntil(lambda: "留痕里没有本机存下的第 2 条" in window._fault.text(), timeout=10_000)
    page.record.verify()
    qtbot.waitUntil(lambda: "第 2 条" in page.record.proof.text(), timeout=10_000)
    assert page.record.accept.isVisibleTo(page.record)
    page.record.accept.click()
    form = page.record.findChild(StepForm)
    form.findChild(QPlainTextEdit).setPlainText("误删，已核对")
    form.yes.click()
    qtbot.waitUntil(lambda: "链条完整" in page.record.proof.text(), timeout=10_000)
    window.recordwatch.look()
    qtbot.waitUntil(lambda: "留痕里没有" not in window._fault.text(), timeout=10_000)


def test_own_rules_are_added_and_removed_one_by_one_and_statutory_ones_stay(page, window, qtbot, database, now):
    clocks, other = (
        page.clocks,
        DeadlineRule(
            "own-other", "另一窗口添加的", "本单位", 1, Unit.HOURS, Applies.OTHER, (ResponseKind.ANSWER,), "制度"
        ),
    )
    execute(database, AddOwnRule(other), Actor("王强"), now)  # this window has not heard of it
    clocks.rule_name.setText("报送领导")
    clocks.rule_amount.setText("2")
    clocks.rule_source.setText("值班制度")
    clocks._add_rule()
    settled(page, qtbot)
    assert [rule.name for rule in own_rules(database)] == ["另一窗口添加的", "报送领导"]
    rules = clocks.rules.rows_model.rows
    clocks.rules.choose(0)
    clocks._drop_rule()
    assert "不是本单位自定的" in window._fault.text()
    clocks.rules.choose(next(i for i, rule in enumerate(rules) if rule.code == "own-other"))
    clocks._drop_rule()
    settled(page, qtbot)
    assert [rule.name for rule in own_rules(database)] == ["报送领导"]
