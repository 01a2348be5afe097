"""What an officer does with cases at the real window, through its own widgets: judged, drafted, answered, closed."""

from __future__ import annotations

import random
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QCheckBox, QLineEdit, QMessageBox, QPlainTextEdit

from benchmarks.hands import (
    Steps,
    answer,
    choose,
    click,
    later,
    modal,
    pick,
    popup,
    press,
    put_away,
    tab,
    write,
)
from domain.steps.drafts import WriteDraft
from gui.pages import PageName
from gui.window import Window


class Officer:
    """Goes to the pages of a window. `pace` is the pause between two steps in seconds; `worked` counts answered cases."""

    def __init__(self, window: Window, pace: float, seed: int = 7) -> None:
        self.window, self.pace = window, pace
        self.chance = random.Random(seed)
        self.worked = 0

    def go(self, name: str) -> Steps:
        """A page, by a click at the left."""
        nav = self.window._nav.list
        item = nav.item(list(PageName).index(PageName(name)))
        click(nav.viewport(), nav.visualItemRect(item).center())
        yield lambda: self.window.pages.get(PageName(name)) is self.window._stack.currentWidget()
        yield self.pace

    def page(self, name: str) -> Any:
        return self.window.pages[PageName(name)]


class CaseWork(Officer):
    """The things an officer does with cases; each is a generator of steps."""

    def case(self) -> Steps:
        """Look at cases: list, board, tabs, how a clock is counted."""
        yield from self.go("关切")
        page = self.page("关切")
        pick(page.cases.state, 0)
        yield self.pace * 3
        for i in range(min(5, len(page.cases.table.rows_model.rows))):
            choose(page.cases.table, i)
            yield self.pace
        if not page.cases.table.rows_model.rows:
            return
        for at in range(page.right.tabs.count()):
            tab(page.right.tabs, at)
            yield self.pace / 2
        tab(page.right.tabs, 0)
        press(page, "看板")
        yield self.pace
        press(page, "列表")
        yield self.pace
        click(page.right.clocks, QPoint(20, 10))
        yield self.pace * 2
        yield from put_away()
        if page.right.more.isVisible():
            click(page.right.more)
            yield popup
            yield from put_away()

    def take_up(self, page: Any, wanted: str, label: str) -> Any:
        """Choose the first case in a state whose next step says so."""
        pick(page.cases.state, page.cases.state.findText(label))
        yield self.pace * 4
        for i in range(min(3, len(page.cases.table.rows_model.rows))):
            choose(page.cases.table, i)
            yield self.pace * 3
            if page.right.next.isVisible() and page.right.next.text() == wanted:
                return True
        return False

    def judge_and_answer(self) -> Steps:
        """One case from 判定 to 登记发布; each dialog is given up once before it is agreed to."""
        yield from self.go("关切")
        page = self.page("关切")
        if not (yield from self.take_up(page, "判定…", "待研判")):
            return
        id = page.case.concern.id
        yield from self.agree(page, "判定…", {"责任单位": "市住建局"})
        page.show_item(id)  # for it has left the list of those that wait
        yield lambda: page.case and page.case.concern.id == id and page.right.next.text() == "拟稿…"
        yield self.pace
        for _ in range(2):
            yield from self.draft(page)
        yield lambda: page.right.next.text() == "核稿…"
        for text in ("批注所选文字…", "比较所选两稿"):
            press(page.right.tabs, text)
            yield self.pace
            yield from put_away()
        tab(page.right.tabs, 1)
        yield self.pace
        press(page.right.tabs, "请求协同…")
        yield modal
        asked = modal()
        write(asked.findChild(QPlainTextEdit), "请说明原因和恢复时间")
        answer(asked, False)
        yield lambda: modal() is None
        tab(page.right.tabs, 0)
        yield self.pace
        yield from self.agree(page, "核稿…", {"核稿人": "周岚"})
        yield from self.agree(page, "签发…", {"签发人": "王强"})
        yield lambda: page.right.next.text() == "登记发布…"
        yield self.pace
        yield from self.agree(page, "登记发布…", {"网址": "https://www.linjiang.example/1.html"})
        yield lambda: page.right.next.text() == "转入跟踪"
        yield self.pace
        tab(page.right.tabs, 2)
        yield self.pace
        press(page.right.tabs, "做图解…")
        yield modal
        yield self.pace * 6
        yield from put_away()
        press(page, "转入跟踪")
        yield lambda: page.right.next.text() == "办结…"
        self.worked += 1

    def agree(self, page: Any, step: str, fields: dict[str, str]) -> Steps:
        """Open the dialog of a step and give it up; open it again, fill it in, agree."""
        for agreed in (False, True):
            yield (
                lambda: page.right.next.isVisible() and page.right.next.text() == step
            )  # the pane may be read anew just now
            press(page, step)
            yield modal
            form = modal()
            for name, text in fields.items():
                field = next(f for f in form.findChildren(QLineEdit) if f.accessibleName() == name)
                field.clear()
                write(field, text)
            for seen in form.findChildren(QCheckBox):  # that what the check found was read
                seen.setChecked(True)
            yield self.pace
            answer(form, agreed)
            yield partial(_gone, form)
            yield self.pace

    def draft(self, page: Any) -> Steps:
        """A version written, with the checks beside it."""
        before = len(page.case.drafts)
        if page.right.next.text() == "拟稿…":
            press(page, "拟稿…")
        else:
            page._do(WriteDraft)  # the button gives way in a narrow window
        yield modal
        editor = modal()
        yield self.pace * 3
        press(editor, "套用模板")
        yield self.pace * 3
        if isinstance(modal(), QMessageBox):  # the text of the version before stands there
            click(modal().buttons()[0])
        yield lambda: modal() is editor
        write(editor.title, f"关于情况的说明{before}")
        editor.body.selectAll()  # what the template left open cannot be signed
        write(editor.body, "情况：12日停水3小时。措施：已抢修。处置结果：恢复供水。")
        yield self.pace * 8
        if before:
            press(editor, "与上一稿比较")
            yield lambda: modal() is not editor
            yield self.pace
            later(modal().close)
            yield lambda: modal() is editor
        press(editor, "存为新稿")
        yield lambda: modal() is not editor
        yield lambda: len(page.case.drafts) > before

    def close_cases(self) -> Steps:
        """What is followed is closed and put away, so that the desk does not silt up."""
        yield from self.go("关切")
        page = self.page("关切")
        if (yield from self.take_up(page, "办结…", "跟踪中")):
            for agreed in (False, True):
                press(page, "办结…")
                yield modal
                asked = modal()
                write(asked.findChild(QPlainTextEdit), "供水已恢复，原因已公布。")
                yield self.pace
                answer(asked, agreed)
                yield lambda: modal() is None
                yield self.pace * 2
        if (yield from self.take_up(page, "归档", "办结")):
            press(page, "归档")
            yield self.pace * 3
        if (yield from self.take_up(page, "判定…", "待研判")) and len(page.cases.table.rows_model.rows) > 6:
            press(page, "不予回应…")
            yield modal
            asked = modal()
            write(asked.findChild(QPlainTextEdit), "属个人纠纷，转所在社区处理。")
            answer(asked, True)
            yield lambda: modal() is None
        pick(page.cases.state, 0)
        yield self.pace * 2


def _gone(form: Any) -> bool:
    return modal() is not form
