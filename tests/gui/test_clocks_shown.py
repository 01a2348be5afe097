"""Honest clocks at the window: what is late stands there, what is chosen is said, local clocks pause, hours are set."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtWidgets import QLabel

from desk.cases.reading import read_case
from desk.execute import execute
from domain.concern import ClockBasis, EventGrade
from domain.response import Applies, DeadlineRule, DeadlineState, ResponseKind, Unit
from domain.steps.cases import JudgeConcern
from domain.steps.deadlines import AddOwnRule, ExplainDeadline, PauseDeadline, ResumeDeadline, StartDeadline
from domain.times import HOUR
from gui.kit.stepform import StepForm
from gui.kit.table import Table
from tests.gui.cases import ME, give, shown, stand

OWN = DeadlineRule("own-1", "核实", "本单位", 2, Unit.HOURS, Applies.GRAVE, (ResponseKind.ANSWER,), "本单位文件")


@pytest.fixture
def window(filled, open_window):
    return open_window()


def test_unjudged_emergency_stands_on_top_with_the_seconds_running(window, qtbot, now):
    window.go("总览")
    page = window.pages["总览"]
    qtbot.waitUntil(lambda: not page.urgent.isHidden(), timeout=5_000)
    assert "突发事件未研判" in page.urgent.text() and "发布权威信息 · 余 " in page.urgent.text()
    assert page.urgent.text().count(":") == 2
    chip = window._strip.chips[0]
    qtbot.waitUntil(lambda: "未研判，发布权威信息" in chip.text(), timeout=5_000)
    assert chip.property("role") == "overdue"
    (waiting,) = page.waiting.rows_model.rows[:1]
    assert page._to_judge(waiting).startswith("余 ")


def test_form_of_the_judgement_says_what_the_chosen_start_means(window, filled, database, qtbot, now):
    page = shown(window, filled, qtbot)
    page._do(JudgeConcern)
    form = page.findChild(StepForm)
    told = [one for one in form.findChildren(type(page.right.name)) if one.property("role") == "fault"]
    assert not any("▲" in one.text() for one in told)
    give(form, {"grade": EventGrade.II, "basis": ClockBasis.HAPPENED, "happened_at": now - timedelta(days=2)})
    assert any("判定后即为超时" in one.text() and one.isVisible() for one in told)
    form.yes.click()
    qtbot.waitUntil(lambda: read_case(database, filled).concern.judgement is not None, timeout=5_000)
    concern = read_case(database, filled).concern
    assert concern.judgement is not None
    assert concern.happened_at == concern.judgement.basis_at == now - timedelta(days=2)
    qtbot.waitUntil(lambda: "事发 11-18 12:00" in page.right.facts.text(), timeout=5_000)


def test_own_clock_is_paused_and_resumed_from_the_menu_of_a_case(window, filled, database, qtbot, now):
    execute(database, AddOwnRule(OWN), ME, now)
    stand(database, filled, now, "open")
    page = shown(window, filled, qtbot)
    for step, state in ((PauseDeadline, DeadlineState.PAUSED), (ResumeDeadline, DeadlineState.RUNNING)):
        qtbot.waitUntil(lambda step=step: step in page.right.offered.more, timeout=5_000)
        page._do(step)
        form = page.findChild(StepForm)
        assert form.faults.field("deadline").count() == 1
        give(form, {"why": "等鉴定"})
        form.yes.click()
        qtbot.waitUntil(
            lambda state=state: (
                state in {d.state(now) for d in read_case(database, filled).deadlines if d.code == "own-1"}
            ),
            timeout=5_000,
        )
        qtbot.waitUntil(lambda: page.findChild(StepForm) is None, timeout=5_000)


def test_reason_for_being_late_is_asked_of_the_clocks_that_were_not_kept(window, filled, database, qtbot, now):
    execute(database, JudgeConcern(filled, EventGrade.II, ClockBasis.HAPPENED, now - 6 * HOUR), ME, now)
    page = shown(window, filled, qtbot)
    qtbot.waitUntil(lambda: ExplainDeadline in page.right.offered.more, timeout=5_000)
    page._do(ExplainDeadline)
    form = page.findChild(StepForm)
    which = form.faults.field("deadline")
    assert [which.itemText(i).split("（")[0] for i in range(which.count())] == ["发布权威信息"]
    give(form, {"why": "伤亡待核"})
    form.yes.click()
    window.go("统计")
    statistics = window.pages["统计"]
    qtbot.waitUntil(lambda: any("伤亡待核" in f.name for f in statistics.figures.rows_model.rows), timeout=8_000)
    (kept,) = (f for f in statistics.figures.rows_model.rows if f.name == "发布权威信息")
    assert kept.parts == "0/1" and isinstance(statistics.figures, Table)


def test_long_words_at_the_strip_leave_the_clocks_whole(window, qtbot):
    window.resize(1366, 728)
    strip = window._strip
    qtbot.waitUntil(lambda: strip.chips[0].isVisible(), timeout=5_000)
    strip.tell(
        "已按时生成简报草稿：每日舆情简报_2026-11-27_第1期_草稿.docx，请在“简报”页核对后定稿并导出，也可以明天再说，或者先问一问值班的人。"
        * 2
    )
    qtbot.wait(50)
    seen = [chip for chip in strip.chips if chip.isVisible()]
    assert seen and all(chip.width() >= chip.sizeHint().width() for chip in seen)
    assert strip._collecting.width() < strip._collecting.sizeHint().width()
    assert "值班的人" in strip._collecting.toolTip()
    window.resize(960, 600)  # where not all have room, the nearest stays
    qtbot.wait(50)
    assert strip.chips[0].isVisible() and strip.chips[0].width() >= strip.chips[0].sizeHint().width()


def test_clock_added_by_hand_is_none_of_those_that_judging_ends(window, filled, database, qtbot, now):
    stand(database, filled, now, "open")
    page = shown(window, filled, qtbot)
    page._do(StartDeadline)
    qtbot.waitUntil(lambda: page.findChild(StepForm) is not None, timeout=5_000)
    rule = page.findChild(StepForm).faults.field("rule")
    words = [rule.itemText(i) for i in range(rule.count())]
    assert words and len(set(words)) == len(words) and not any(one.startswith("研判") for one in words)


def test_start_that_nobody_filled_in_is_asked_for_with_how_to_say_that_it_is_right(window, filled, qtbot):
    page = shown(window, filled, qtbot)
    page._do(JudgeConcern)
    form = page.findChild(StepForm)
    give(form, {"basis": ClockBasis.HAPPENED})
    form.yes.click()
    qtbot.waitUntil(lambda: any("勾“已知”" in one.text() for one in form.findChildren(QLabel)), timeout=5_000)
