"""Taking the steps of a case as it was seen: at once or by a form, and what is shown where somebody was faster."""

from __future__ import annotations

from collections.abc import Callable

from desk.cases.reading import Case
from desk.execute import execute
from domain.person import Actor
from domain.steps.cases import CaseStep
from gui.cases.conflict import Conflict, words
from gui.kit.page import Page
from gui.kit.stepform import Given, StepForm
from gui.operations import CONCERNS, Refusal

Making = Callable[[Given], CaseStep]  # a step of what its form was given
CHANGED = frozenset({CONCERNS})


class Taking:
    """The steps that are taken on a page; it is read anew after one that was refused."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def run(self, step: CaseStep, case: Case) -> None:
        """Take a step of a case as it was seen, at once."""
        page, now, actor, last = self._page, self._page.now(), Actor(self._page.person), _last(case)

        def failed(refusal: Refusal) -> None:
            page.frame.warn(refusal.splitlines()[0])
            if refusal.conflict:
                Conflict(page, refusal, "").open()
            page.refresh()

        page.operations.run(lambda db: execute(db, step, actor, now, seen=last), changes=CHANGED, failed=failed)

    def submit(self, form: StepForm, make: Making, case: Case) -> None:
        """Ask for what a step needs, and take it; a refusal, or that somebody was faster, leaves the form as it is."""
        page, person, folder, last = self._page, self._page.person, self._page.operations.folder, _last(case)

        def take(given: Given) -> None:
            filled, now = dict(given), page.now()
            actor = Actor(filled.pop("by", person))

            def failed(refusal: Refusal) -> None:
                nonlocal last
                form.refuse(refusal)
                if refusal.conflict:
                    last = max(last, refusal.seen)  # what the others did is known from here on
                    Conflict(form, refusal, words(given)).open()
                page.refresh()

            page.operations.run(
                lambda db: execute(db, make(filled), actor, now, seen=last, folder=folder),
                form.taken,
                CHANGED,
                failed=failed,
            )

        form.ask(take)


def _last(case: Case) -> int:
    """The newest entry of the record that was seen."""
    return case.history[-1].sequence if case.history else 0
