"""What Ctrl+K leads to: pages and commands at once, cases and topics as they are read, articles as they are searched."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desk.cases.reading import list_concerns
from desk.topics import monitor
from domain.concern import Concern
from domain.errors import InputError
from domain.search import read_search
from domain.topic import Topic
from gui.kit.frame import Frame
from gui.operations import Operations
from gui.pages import PageName
from gui.palette import Destination, Palette

if TYPE_CHECKING:
    from desk.data import Database

MOST_ARTICLES, MOST_TOPICS = 8, 300


class Anywhere:
    """Opens the palette over a window, and fills it while it is open."""

    def __init__(
        self, window: QWidget, operations: Operations, frame: Frame, pages: Callable[[PageName], None]
    ) -> None:
        self._window, self._operations, self._frame, self._go = window, operations, frame, pages
        self.palette: Palette | None = None

    def open(self, commands: list[Destination]) -> None:
        """Show the palette, with the pages and some commands to begin with."""
        pages = [Destination("页面", page, partial(self._go, page)) for page in PageName]
        palette = Palette(self._window, [*pages, *commands], self._search)
        palette.finished.connect(lambda _: self._forget())
        palette.move(self._window.mapToGlobal(self._window.rect().center()) - palette.rect().center())
        self.palette = palette
        self._operations.read(_known, self._show_known, place=(self, "known"))
        palette.show()
        palette.field.setFocus()

    def _show_known(self, known: tuple[list[Concern], list[Topic]]) -> None:
        if self.palette is not None:
            concerns, topics = known
            self.palette.add([Destination("关切", c.title, partial(self._frame.go_to_case, c.id)) for c in concerns])
            self.palette.add([Destination("话题", t.name, partial(self._frame.go_to_topic, t.id)) for t in topics])

    def _search(self, text: str) -> None:
        try:
            asked = read_search(text, self._operations.clock.now())
        except InputError:  # of what is not yet typed to its end nothing is found
            return

        def show(found: monitor.Found) -> None:
            if self.palette is not None:
                places = [
                    Destination("信息", a.title, partial(self._frame.go_to_article, a.id)) for a in found.articles
                ]
                self.palette.show_found(text, places)

        self._operations.read(
            lambda database: monitor.search_articles(database, asked, MOST_ARTICLES), show, place=(self, "search")
        )

    def _forget(self) -> None:
        """It is closed: nothing is searched for any more, and no answer comes to it."""
        self.palette = None
        self._operations.forget((self, "known"))
        self._operations.forget((self, "search"))


def _known(database: Database) -> tuple[list[Concern], list[Topic]]:
    concerns = [concern for concern, _ in list_concerns(database)]
    return concerns, monitor.list_topics(database, limit=MOST_TOPICS)
