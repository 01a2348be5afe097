"""What is refused stays as it was typed, with the reason beside the field; nothing closes before its step was taken."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from desk.cases.reading import read_case
from desk.cases.writing import unsaved_text
from desk.collecting.sourcework import list_sources
from desk.execute import execute, said_of
from desk.office import people
from domain.concern import ClockBasis
from domain.person import Actor, Role
from domain.response import ResponseKind
from domain.steps.cases import (
    AskUnit,
    CloseConcern,
    DismissConcern,
    JudgeConcern,
    RecordAcceptance,
    ReferConcern,
    RegradeConcern,
    ReopenConcern,
    TakeBackReferral,
)
from domain.steps.deadlines import StartDeadline
from domain.steps.drafts import ApproveDraft, PublishDraft, ReviewDraft, WriteDraft
from domain.steps.people import AddPerson, ChangePerson
from gui.cases.conflict import Conflict
from gui.kit.moments import moment_field, set_moment
from gui.kit.stepform import StepForm
from gui.office.handover import HandOver
from gui.operations import Refusal
from tests.gui.cases import ME, give, shown, stand


@pytest.fixture
def window(filled, open_window):
    return open_window()


def refused(form, qtbot, field, word):
    """The form stands there with all that was typed, and says why: beside the field that is named, else at the foot."""
    before = form._typed()
    form.yes.click()
    qtbot.waitUntil(lambda: form.yes.isEnabled() and form.faults.told() != "", timeout=5_000)
    assert form.isVisible() and form._typed() == before and word in form.faults.told()
    assert form.faults.where() == field


LATE = timedelta(days=400)
# step, state of the case, what is given wrongly, the field that is named, what is said
WRONG = [
    (JudgeConcern, "flagged", {"happened_at": LATE, "unit": "应急局"}, "happened_at", "晚于现在"),
    (JudgeConcern, "flagged", {"basis": ClockBasis.ASSIGNED}, "assigned_at", "请填写交办时间"),
    (DismissConcern, "flagged", {"reason": "  "}, "reason", "理由"),
    (RegradeConcern, "open", {"why": ""}, "why", "理由"),
    (RegradeConcern, "open", {"why": "死亡人数上升", "basis_at": LATE}, "basis_at", "晚于现在"),
    (ReferConcern, "open", {"unit": "", "why": "属其职责"}, "unit", "单位"),
    (ReferConcern, "open", {"unit": "住建局", "why": " "}, "why", "理由"),
    (ReviewDraft, "written", {"by": ""}, "by", "核稿人"),
    (ReviewDraft, "written", {"by": "李敏"}, "by", "拟稿人"),
    (ApproveDraft, "reviewed", {"by": ""}, "by", "签发人"),
    (ApproveDraft, "reviewed", {"by": "李敏", "findings_seen": True}, "by", "拟稿人"),
    (ApproveDraft, "reviewed", {"by": "王强"}, "findings_seen", "自查"),
    (ApproveDraft, "written", {"by": "王强", "findings_seen": True}, "", "还没有核稿"),
    (PublishDraft, "approved", {"text": "改过几个字的正文"}, "link", "网址"),
    (PublishDraft, "approved", {"link": "http://[x", "text": "改过"}, "link", "网址"),
    (PublishDraft, "approved", {"file": "/不存在的/截图.png", "text": "改过"}, "file", "截图.png"),
    (PublishDraft, "approved", {"link": "https://x.gov.cn/1", "at": LATE}, "at", "晚于现在"),
    (
        PublishDraft,
        "approved",
        {"link": "https://x.gov.cn/1", "text": "已知情况：明火已灭，无人伤亡。"},
        "differs_seen",
        "第 1 稿不同",
    ),
    (CloseConcern, "answered", {"outcome": ""}, "outcome", "处置结果"),
    (ReopenConcern, "answered", {"reason": ""}, "reason", "理由"),
    (RecordAcceptance, "referred", {"at": LATE}, "at", "晚于现在"),
    (TakeBackReferral, "referred", {"reason": ""}, "reason", "理由"),
]


@pytest.mark.parametrize(("step", "state", "given", "field", "word"), WRONG)
def test_step_that_is_refused_keeps_what_was_typed(
    window, filled, database, qtbot, now, step, state, given, field, word
):
    stand(database, filled, now, state)
    page = shown(window, filled, qtbot)
    page._do(step)
    form = page.findChild(StepForm)
    give(form, {key: now + value if isinstance(value, timedelta) else value for key, value in given.items()})
    refused(form, qtbot, field, word)
    form.no.click()


RIGHT = [
    (JudgeConcern, "flagged", {"unit": "应急局"}),
    (DismissConcern, "flagged", {"reason": "误报"}),
    (RegradeConcern, "open", {"why": "死亡人数上升"}),
    (ReferConcern, "open", {"unit": "住建局", "why": "属其职责"}),
    (ReviewDraft, "written", {"by": "王强"}),
    (ApproveDraft, "reviewed", {"by": "王强", "findings_seen": True}),
    (PublishDraft, "approved", {"link": "https://x.gov.cn/1"}),
    (CloseConcern, "answered", {"outcome": "已办"}),
    (ReopenConcern, "answered", {"reason": "又有反映"}),
    (TakeBackReferral, "referred", {"reason": "转错了"}),
]


@pytest.mark.parametrize(("step", "state", "given"), RIGHT)
def test_form_lives_until_its_step_is_taken(window, filled, database, qtbot, now, step, state, given):
    """Refused for want of a role, refused because another was faster, then taken: one form, typed into once."""
    stand(database, filled, now, state)
    page = shown(window, filled, qtbot)
    page._do(step)
    form = page.findChild(StepForm)
    give(form, given)
    execute(database, AddPerson("赵主任", tuple(Role)), Actor("赵主任"), now)
    for name in ("李敏", "王强"):
        execute(
            database, AddPerson(name, (Role.APPROVER if step is ReviewDraft else Role.REVIEWER,)), Actor("赵主任"), now
        )
    refused(form, qtbot, "", "权限")
    for person in people.everyone(database):
        execute(database, ChangePerson(person.name, tuple(Role), person_id=person.id), Actor("赵主任"), now)
    with database.write() as connection:
        from store import record

        record.append(connection, now, "赵主任", "批注", f"concern:{filled}", None, {"text": "请快办"})
    refused(form, qtbot, "", "赵主任已经批注")
    form.findChild(Conflict).accept()  # what the other did was read
    before = read_case(database, filled).history[-1].sequence
    form.yes.click()
    qtbot.waitUntil(lambda: read_case(database, filled).history[-1].sequence > before, timeout=5_000)
    qtbot.waitUntil(lambda: page.findChild(StepForm) is None, timeout=5_000)


def test_small_forms_of_a_case_say_it_beside_the_field(window, filled, database, qtbot, now):
    stand(database, filled, now, "asked")
    execute(database, WriteDraft(filled, "通报", "已知情况：明火已灭。", ResponseKind.AUTHORITATIVE), ME, now)
    page = shown(window, filled, qtbot)
    page.right.tabs.units.choose(0)
    cursor = page.right.tabs.draft_text.textCursor()
    cursor.setPosition(0)
    cursor.setPosition(4, cursor.MoveMode.KeepAnchor)
    page.right.tabs.draft_text.setTextCursor(cursor)
    for act, given, field, word in (
        (partial(page._do, AskUnit), {"unit": "公安局", "asked": ""}, "asked", "请求事项"),
        (page._answered, {"answer": ""}, "answer", "答复内容"),
        (page._answered, {"answer": "已查明", "at": now + LATE}, "at", "晚于现在"),
        (page._remark, {"text": ""}, "text", "意见"),
        (page._send_back, {"why": ""}, "why", "理由"),
        (partial(page._do, StartDeadline), {"start": now + LATE}, "start", "晚于现在"),
    ):
        act()
        qtbot.waitUntil(lambda: page.findChild(StepForm) is not None, timeout=5_000)
        form = page.findChild(StepForm)
        give(form, given)
        refused(form, qtbot, field, word)
        form.no.click()
        qtbot.waitUntil(lambda: page.findChild(StepForm) is None, timeout=5_000)


def test_draft_without_a_title_stays_in_its_editor(window, filled, database, qtbot, now):
    stand(database, filled, now, "open")
    page = shown(window, filled, qtbot)
    page._do(WriteDraft)
    editor = page.editor
    qtbot.waitUntil(lambda: editor.body.isEnabled() and editor.body.toPlainText() != "", timeout=5_000)
    editor.title.setText("")
    editor.body.setPlainText("写了很久的正文")
    editor._save()
    qtbot.waitUntil(lambda: "标题" in editor.faults.told(), timeout=5_000)
    assert editor.isVisible() and editor.body.toPlainText() == "写了很久的正文"
    editor.title.setText("通报")
    editor._save()
    qtbot.waitUntil(lambda: len(read_case(database, filled).drafts) == 1, timeout=5_000)


def test_topic_and_source_forms_stay_too(window, filled, database, qtbot, now, publisher):
    topic = read_case(database, filled).concern.topic_id
    window.go("话题", topic)
    page = window.pages["话题"]
    qtbot.waitUntil(lambda: page.right.isEnabled() and page.view.topic.id == topic, timeout=5_000)
    page._rename()
    form = page.findChild(StepForm)
    give(form, {"name": "  "})
    refused(form, qtbot, "name", "名称")
    form.no.click()
    page._flag()
    form = page.findChildren(StepForm)[-1]
    give(form, {"why": "上级交办"})
    refused(form, qtbot, "", "已经是关切")
    form.no.click()
    window.go("信源")
    page = window.pages["信源"]
    qtbot.waitUntil(lambda: len(page.table.rows_model.rows) == 2, timeout=5_000)
    first, second = sorted(v.source.url for v in page.views)
    page.table.choose(next(i for i, v in enumerate(page.table.rows_model.rows) if v.source.url == first))
    page._edit()
    form = page.findChild(StepForm)
    for wrong, word in (("", "地址"), ("ftp://x", "http"), (second, "另一个信源")):
        give(form, {"url": wrong, "name": "改过的名字"})
        refused(form, qtbot, "url", word)
    give(form, {"url": first})
    form.yes.click()
    qtbot.waitUntil(lambda: any(v.source.name == "改过的名字" for v in list_sources(database, now)), timeout=5_000)


def test_event_and_saying_say_it_beside_the_field(window, filled, database, qtbot):
    window.go("重大事件")
    page = window.pages["重大事件"]
    for given, field in (
        (("", "爆炸", ""), "name"),
        (("节日", "", ""), "any_words"),
        (("节日", "爆炸", "预热 明天"), "phases"),
    ):
        page.plan.name.setText(given[0])
        page.plan.words.setText(given[1])
        page.plan.phases.setPlainText(given[2])
        page._save()
        qtbot.waitUntil(lambda: page.plan.faults.told() != "", timeout=5_000)
        assert page.plan.faults.where() == field and page.plan.words.text() == given[1]
    page._new()
    window.go("口径库")
    page = window.pages["口径库"]
    page.body.setPlainText("按日退费。")
    page._add()
    qtbot.waitUntil(lambda: "标题" in page.faults.told(), timeout=5_000)
    assert page.body.toPlainText() == "按日退费。" and page.unsaved()
    page.body.clear()


def test_password_is_kept_where_it_is_refused(window, filled, database, qtbot, now):
    id = execute(database, AddPerson("李敏", tuple(Role)), Actor("李敏"), now)
    window.go("设置")
    page = window.pages["设置"]
    qtbot.waitUntil(lambda: bool(page.people.table.rows_model.rows), timeout=5_000)
    page.people.table.choose(0)
    page.people.set_password()
    form = page.findChild(StepForm)
    give(form, {"password": "short"})
    refused(form, qtbot, "password", "至少")
    give(form, {"password": "correct horse"})
    form.yes.click()
    qtbot.waitUntil(lambda: page.findChild(StepForm) is None, timeout=5_000)
    assert people.sign_in(database, "李敏", "correct horse").id == id
    window.attendance.people = people.everyone(database)
    window.sign_in()
    window.attendance.signing.password.setText("wrong horse")
    window.attendance.signing._try()
    qtbot.waitUntil(lambda: "密码不对" in window.attendance.signing.fault.text(), timeout=5_000)
    assert window.attendance.signing.password.text() == "wrong horse"
    window.attendance.signing.reject()


def test_hand_over_is_not_closed_by_a_refusal(window, filled, qtbot):
    dialog = HandOver(window, window.operations, "李敏", [])
    dialog.open()
    dialog.remarks.setPlainText("锅炉房钥匙在门卫")
    dialog._write()
    qtbot.waitUntil(lambda: "接班人" in dialog.outcome.text(), timeout=5_000)
    assert dialog.isVisible() and dialog.remarks.toPlainText() == "锅炉房钥匙在门卫"
    dialog.reject()


def test_esc_asks_before_it_gives_up_what_was_typed(window, filled, qtbot, questions, monkeypatch):
    page = shown(window, filled, qtbot)
    page._do(DismissConcern)
    form = page.findChild(StepForm)
    monkeypatch.setattr("gui.kit.dialog.agreed", lambda *_: False)
    give(form, {"reason": "写了一半"})
    qtbot.keyClick(form, Qt.Key.Key_Escape)
    form.close()
    assert form.isVisible() and form.given() == {"reason": "写了一半"}
    give(form, {"reason": ""})
    qtbot.keyClick(form, Qt.Key.Key_Escape)
    assert not form.isVisible() and questions == []


def test_closing_asks_for_what_would_be_lost_and_keeps_a_draft_without_asking(
    window, filled, database, qtbot, now, monkeypatch
):
    stand(database, filled, now, "open")
    page = shown(window, filled, qtbot)
    page._do(WriteDraft)
    qtbot.waitUntil(lambda: page.editor.body.isEnabled(), timeout=5_000)
    page.editor.body.setPlainText("最后几个字")
    questions: list[str] = []
    monkeypatch.setattr("gui.kit.asking.agreed", lambda *given: bool(questions.append(given[2])))
    window.go("口径库")
    window.pages["口径库"].name.setText("停水怎么说")
    assert not window.close() and window.isVisible() and "口径库" in questions[0]
    window.pages["口径库"].name.clear()
    assert window.close() and window.finish(5)
    kept = unsaved_text(database, filled, ME.name)
    assert kept and kept.body == "最后几个字"


def test_no_dialog_of_the_window_closes_before_its_step_was_taken():
    """QInputDialog and exec give their answer away and close; forms do not."""
    gui, found = Path(__file__).parent.parent.parent / "gui", []
    for path in gui.rglob("*.py"):
        text = path.read_text("utf-8")
        found += [f"{path.name}: {line}" for line in re.findall(r".*QInputDialog\.get\w+\(.*", text)]
    assert [line for line in found if "保存方案" not in line] == []


def test_form_higher_than_the_screen_scrolls_and_keeps_its_buttons_in_view(window, qtbot):
    form = StepForm(window, "登记")
    first = form.add("f0", "第0项", QLineEdit(), needed="请填写。")
    for i in range(1, 40):
        form.add(f"f{i}", f"第{i}项", QLineEdit(), needed="请填写。")
    form.ask(lambda _: None)
    qtbot.waitUntil(form.isVisible)
    screen = form.screen().availableGeometry()
    assert form.height() < screen.height() and form.rect().contains(form.yes.geometry())
    first.setText("一")
    form.yes.click()
    assert form.faults.where() == "f1" and form.faults.field("f1").visibleRegion().boundingRect().height() > 0
    form.faults.show(Refusal.at("f39", "不能这样填。"))
    assert form.faults.field("f39").visibleRegion().boundingRect().height() > 0
    form.keep()
    form.reject()


def test_moment_of_publishing_goes_with_the_clock_until_somebody_says_another(window, qtbot, now):
    moments = iter([now + timedelta(minutes=21), now + timedelta(minutes=22), now + timedelta(minutes=23)])
    form = StepForm(window, "登记发布")
    taken: list[Any] = []
    at = form.add("at", "发布时间", moment_field(now))
    form.follow(at, lambda: next(moments))
    form.ask(taken.append)
    form._agree()
    assert taken[-1]["at"] == now + timedelta(minutes=21) and not form.unsaved()
    form.refuse("不行。")
    set_moment(at, now - timedelta(minutes=5))
    form._agree()
    assert taken[-1]["at"] == now - timedelta(minutes=5)
    form.taken()


def test_text_published_otherwise_than_signed_is_registered_knowingly(window, filled, database, qtbot, now):
    """Nobody is asked while it is what was signed, however its lines are set; the case and its record tell of the rest."""
    stand(database, filled, now, "approved")
    page = shown(window, filled, qtbot)
    page._do(PublishDraft)
    form = page.findChild(StepForm)
    seen, signed = form.faults.field("differs_seen"), form.faults.field("text").toPlainText()
    assert not seen.isVisible()
    give(form, {"link": "https://x.gov.cn/1", "text": f"{signed}  "})
    assert not seen.isVisible()
    give(form, {"text": f"{signed}无人伤亡。"})
    assert seen.isVisible() and "第 1 稿" in seen.text()
    give(form, {"differs_seen": True})
    form.yes.click()
    qtbot.waitUntil(lambda: page.right.tabs.answers.rows_model.rows != [], timeout=5_000)
    assert page.right.tabs.answers.model().index(0, 3).data().startswith("〔与签发稿不同〕")
    told = [said_of(e) for e in page.case.history if e.action == "发布回应"]
    assert "第 1 稿" in told[0] and "正文与签发的不同" in told[0]


def test_button_of_a_tab_says_at_once_why_it_does_nothing(window, filled, database, qtbot, now):
    """No form is filled in for nothing, and no button is silent."""
    page = shown(window, filled, qtbot)
    for press, word in (
        (page._ask_unit, "不能协同"),
        (page._review, "还没有拟稿"),
        (page._send_back, "还没有拟稿"),
        (page._compare, "还没有拟稿"),
    ):
        window.withdraw("")
        press()
        assert page.findChild(StepForm) is None
        qtbot.waitUntil(lambda word=word: word in window._fault.text(), timeout=2_000)
        qtbot.keyClick(window, Qt.Key.Key_Escape)
