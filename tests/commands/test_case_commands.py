"""What people do to a case can be done from the command line and has its words at the window."""

from __future__ import annotations

from commands.case import case
from desk.execute import CASE_HANDLERS
from domain.steps.drafts import RemarkOnDraft
from gui.cases.asking import CAPTIONS

OF_CHOSEN_LETTERS = {RemarkOnDraft}  # only the window can choose letters of a draft


def test_every_step_of_a_case_has_its_command():
    commands = {command.name for command in case.registered_commands}
    assert {step.code for step in set(CASE_HANDLERS) - OF_CHOSEN_LETTERS} - commands == set()


def test_every_step_of_a_case_has_its_words_at_the_window():
    assert set(CAPTIONS) == set(CASE_HANDLERS)
