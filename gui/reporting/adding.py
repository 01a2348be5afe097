"""加入简报: a report, or a topic, put into the daily briefing from where it stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from desk.execute import execute
from desk.reporting.report import last_day
from domain.briefing import AddedItem, IssueKind, Wanted
from domain.person import Actor
from domain.steps.briefings import AddToBriefing
from gui.kit.page import Page
from gui.operations import BRIEFINGS

if TYPE_CHECKING:
    from desk.data import Database

CAPTION = "加入简报"


def add_to_briefing(page: Page, item_in: Callable[[Database], AddedItem]) -> None:
    """Put what `item_in` reads into the daily briefing that is being prepared, and say so."""
    now, actor = page.now(), Actor(page.person)
    wanted = Wanted(IssueKind.DAILY, last_day(now))

    def work(database: Database) -> AddedItem:
        item = item_in(database)
        execute(database, AddToBriefing.of(wanted, item), actor, now)
        return item

    page.operations.run(
        work,
        lambda item: page.frame.tell(f"已加入 {wanted.day} 每日舆情简报的“{item.heading}”"),
        frozenset({BRIEFINGS}),
        failed=page.frame.warn,
    )
