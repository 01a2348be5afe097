"""Cases as an officer has them at the window: brought so far, shown on their page, their forms filled in."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QComboBox, QDateTimeEdit, QLineEdit, QPlainTextEdit

from desk.execute import execute
from domain.concern import EventGrade
from domain.person import Actor
from domain.response import Channel, ResponseKind
from domain.steps.cases import AskUnit, CloseConcern, JudgeConcern, ReferConcern
from domain.steps.drafts import ApproveDraft, PublishDraft, ReviewDraft, WriteDraft
from domain.steps.step import Step
from gui.kit.form import write
from gui.kit.moments import set_moment
from gui.pages import PageName

ITEM = ("临江化工园区一厂房发生爆炸", "临江化工园区一厂房发生爆炸，消防救援人员已到现场。", "2026-11-20T08:40:00+08:00")
OTHER = ("滨河花园暖气不热", "临江滨河花园小区供暖一周暖气不热，居民测得室温只有十四度。", "2026-11-20T09:00:00+08:00")
ME, WANG = Actor("李敏"), Actor("王强")
THINGS = (
    "化工园区一厂房发生爆炸",
    "滨河花园小区供暖一周暖气不热",
    "东大街自来水管破裂停水三天",
    "第二中学食堂学生集体腹泻",
    "公交十二路取消多个站点",
    "南湖公园夜间施工噪音扰民",
    "老旧电梯困住五名住户",
    "西山隧道路面塌陷封闭",
    "北关菜市场菜价翻倍",
    "人民医院挂号排队一整夜",
    "金水湾楼盘烂尾业主维权",
    "养老院收取高额床位费",
)


def stand(database, id, now, state):
    """Bring a case so far."""
    steps: dict[str, list[tuple[Actor, Step]]] = {
        "open": [(ME, JudgeConcern(id, EventGrade.II, unit="应急局"))],
        "asked": [(ME, AskUnit(id, "公安局", "原因"))],
        "written": [(ME, WriteDraft(id, "通报", "已知情况：明火已灭。", ResponseKind.AUTHORITATIVE))],
        "reviewed": [(WANG, ReviewDraft(id, 1))],
        "approved": [(WANG, ApproveDraft(id, 1))],
        "answered": [(ME, PublishDraft(id, 1, link="https://x.gov.cn/1", channel=Channel.WEBSITE))],
        "closed": [(ME, CloseConcern(id, outcome="已办"))],
        "referred": [(ME, JudgeConcern(id, EventGrade.II)), (ME, ReferConcern(id, "住建局", "属其职责"))],
    }
    path = {
        "flagged": [],
        "open": ["open"],
        "asked": ["open", "asked"],
        "written": ["open", "written"],
        "reviewed": ["open", "written", "reviewed"],
        "approved": ["open", "written", "reviewed", "approved"],
        "answered": ["open", "written", "reviewed", "approved", "answered"],
        "closed": ["open", "written", "reviewed", "approved", "answered", "closed"],
        "referred": ["referred"],
    }[state]
    for name in path:
        for who, step in steps[name]:
            execute(database, step, who, now)


def shown(window, id, qtbot):
    """The page of cases with that one on it."""
    window.go(PageName.CASES, id)
    page = window.pages[PageName.CASES]
    qtbot.waitUntil(
        lambda: page.case is not None and page.case.concern.id == id and page.right.isEnabled(), timeout=5_000
    )
    qtbot.wait(50)
    return page


def give(form, given):
    """Fill in an open form, a choice by what it stands for or by its words."""
    for key, value in given.items():
        field = form.faults.field(key)
        if isinstance(field, QDateTimeEdit):
            set_moment(field, value)
        elif isinstance(field, QComboBox) and field.findData(value) >= 0:
            field.setCurrentIndex(field.findData(value))
        else:
            assert isinstance(field, QCheckBox | QComboBox | QPlainTextEdit | QLineEdit)
            write(field, value)
