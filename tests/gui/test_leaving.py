"""What a draft passes before it leaves, at the window: 核稿, and what is done about personal data in it."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPlainTextEdit

from desk.cases.reading import read_case
from desk.execute import execute
from domain.steps.drafts import WriteDraft
from gui.kit.stepform import StepForm
from tests.gui.cases import ME, give, shown, stand


@pytest.fixture
def window(filled, open_window):
    return open_window()


def test_personal_data_is_masked_or_let_stand_from_the_case_page(window, filled, database, qtbot, now):
    stand(database, filled, now, "open")
    execute(database, WriteDraft(filled, "通报", "值班电话13912345678。"), ME, now)
    page = shown(window, filled, qtbot)
    tabs = page.right.tabs
    assert tabs.personal.isVisibleTo(tabs)
    page._allow()
    form = page.findChild(StepForm)
    give(form, {"by": "王强", "why": "公开的值班电话"})
    form.yes.click()
    qtbot.waitUntil(lambda: read_case(database, filled).drafts[0].allowed == ("13912345678",), timeout=5_000)
    qtbot.waitUntil(lambda: not tabs.personal.isVisibleTo(tabs), timeout=5_000)
    execute(database, WriteDraft(filled, "通报", "值班电话13912345678，投诉人电话13700000000。"), ME, now)
    page.refresh()
    qtbot.waitUntil(lambda: len(tabs.drafts.rows_model.rows) == 2, timeout=5_000)
    tabs.show_draft(tabs.drafts.rows_model.rows[0])
    assert tabs.personal.isVisibleTo(tabs)
    page._mask()
    qtbot.waitUntil(lambda: len(read_case(database, filled).drafts) == 3, timeout=5_000)
    assert read_case(database, filled).drafts[0].body == "值班电话13912345678，投诉人电话137********。"


def test_draft_is_reviewed_with_its_text_and_checks_in_view(window, filled, database, qtbot, now):
    stand(database, filled, now, "written")
    page = shown(window, filled, qtbot)
    assert page.right.next.text() == "核稿…"
    page._review()
    qtbot.waitUntil(lambda: page.findChild(StepForm) is not None, timeout=5_000)
    form = page.findChild(StepForm)
    assert any("明火已灭" in text.toPlainText() for text in form.findChildren(QPlainTextEdit))
    give(form, {"by": "王强"})
    form.yes.click()
    qtbot.waitUntil(lambda: read_case(database, filled).drafts[0].reviewer == "王强", timeout=5_000)
    qtbot.waitUntil(lambda: page.right.next.text() == "签发…", timeout=5_000)
