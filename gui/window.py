"""The frame: pages at the left, the nearest clocks above, what went wrong below."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from PySide6.QtCore import QByteArray, QSettings, QSize, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from desk.cases.reading import list_concerns
from domain.appearance import Appearance
from domain.concern import Concern
from domain.private import open_private
from domain.response import Deadline
from domain.topic import Topic
from gui.attendance import Attendance
from gui.collecting.process import CollectorProcess, Round
from gui.foot import Foot
from gui.kit.page import Page
from gui.kit.parts import Table, all_in, button
from gui.kit.plain import heading
from gui.kit.theme import apply_theme
from gui.loading import Loading, load_words
from gui.navigation import Navigation
from gui.office.notifying import AlertList, Notifier
from gui.office.recordwatch import RecordWatch
from gui.operations import ALL, ARTICLES, BRIEFINGS, CONCERNS, REGISTERS, SOURCES, TOPICS, Operations
from gui.pages import PageName, page_class
from gui.restoring import Restoring
from gui.strip import Clock, Strip

if TYPE_CHECKING:
    from desk.office.particulars import Office

P = TypeVar("P", bound=Page)

COLLECTED = frozenset({ARTICLES, TOPICS, CONCERNS, SOURCES})
TITLE_BAR = 40  # pixels that the system's frame takes of the height
EVERY_SECONDS = 20.0  # how often the collector looks for sources whose time has come


class Window(QMainWindow):
    """The main window, the Frame of its pages, which are made when first shown: the first paint does not wait for them."""

    def __init__(self, operations: Operations, collect: bool = True, every: float = EVERY_SECONDS) -> None:
        super().__init__()
        self.operations = operations
        self.setWindowTitle("闻应")
        self.setMinimumSize(QSize(960, 600))
        self.resize(1280, 800)
        with suppress(OSError):  # made by us, and so for its owner alone; Qt keeps it as it is
            open_private(operations.folder / "window.ini", "a").close()
        self.memory = QSettings(str(operations.folder / "window.ini"), QSettings.Format.IniFormat)
        self._collect = collect
        self._held, self._held_new = False, 0  # whether a round waits to be shown, and how many articles it brought
        self.pages: dict[PageName, Page] = {}
        self._build()
        self.attendance = Attendance(self, operations)
        self.attendance.changed.connect(self._person_changed)
        self.attendance.leaving.connect(lambda: self._stack.setEnabled(False))
        self.attendance.on_duty.connect(self._nav.show_duty)
        self._nav.show_person(self.person)
        self.alerts = Notifier(self, operations, self.memory, self._remind, self.withdraw)
        self.recordwatch = RecordWatch(self, operations, self.warn, self.withdraw)
        self.loading = Loading(self)
        if isinstance(kept := self.memory.value("frame"), QByteArray):
            self.restoreGeometry(kept)
        self.collector = CollectorProcess(operations, every)
        self.collector.rounds.connect(self._round_done)
        self.collector.drafted.connect(self._drafted)
        self.collector.state.connect(lambda words: self._strip.collector_said(words, self.now()))
        self._restoring = Restoring(self, operations, self.collector, self._go_on)
        operations.changed.connect(self._changed)
        operations.failed.connect(self.warn)
        self._second = QTimer(self)
        self._second.timeout.connect(self._tick)

    def _build(self) -> None:
        self._nav = Navigation(self)
        self._nav.chosen.connect(self._open_page)
        self._nav.leaving.connect(self.sign_in)
        self._waiting = button("", self._show_waiting)
        self._waiting.setProperty("role", "waiting")
        self._waiting.hide()
        self._strip = Strip(self._list_alerts, self._waiting)  # where it comes and goes without moving the page
        self._strip.case_asked.connect(self.go_to_case)
        self._stack = QStackedWidget()
        self._stack.addWidget(QWidget())
        self._foot = Foot()
        self._fault = self._foot.said
        body, whole = QWidget(), QWidget()
        right = QVBoxLayout(body)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self._strip)
        right.addWidget(self._stack, 1)
        right.addWidget(self._foot)
        layout = QHBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._nav)
        layout.addWidget(body, 1)
        self.setCentralWidget(whole)
        QShortcut(QKeySequence("Ctrl+K"), self).activated.connect(self.go_anywhere)
        QShortcut(QKeySequence("F5"), self).activated.connect(self.collect_now)
        QShortcut(QKeySequence("Esc"), self).activated.connect(self._foot.read)

    def fit(self, screen: QSize) -> None:
        """Be no larger than the screen leaves room for, so that what is said at the foot is seen."""
        if not (self.isMaximized() or self.isFullScreen()):
            self.resize(self.size().boundedTo(QSize(screen.width(), screen.height() - TITLE_BAR)))

    def begin(self) -> None:
        """Open the store beside the window, then show the first page and start collecting."""
        self.operations.open(self._opened)

    def _opened(self, _: object) -> None:
        from desk.office import drill

        if (rehearsed := drill.opened(self.operations.folder)) is not None:
            self.setWindowTitle(heading(f"闻应 · 演练：{rehearsed.title}"))
            self.announce("这是演练，数据单独存放，不计入统计。关窗后给出结果表。")
        self._strip.opened()
        self._read_office()
        # Whoever chose a page while the store was being opened gets that page.
        self.go(self._nav.current or PageName.OVERVIEW)
        self.loading.start()
        self.operations.read(lambda _: load_words(), lambda _: None, place=(self, "words"), network=True)
        self.recognise()
        self.alerts.start()
        self.recordwatch.start()
        self._read_clocks()
        self._second.start(1000)
        if self._collect:
            self.collector.start()

    def now(self) -> datetime:
        """The moment by the window's clock."""
        return self.operations.clock.now()

    @property
    def person(self) -> str:
        """The name of whoever sits at this window now."""
        return self.attendance.name

    def recognise(self) -> None:
        """Look again who sits here."""
        self.attendance.recognise()

    def sign_in(self) -> None:
        """Let somebody sign in; without people set up there is nobody to be."""
        if not self.attendance.sign_in():
            self.announce("还没有设置人员，任何人都可以办理。需要分权限时，请在“设置”里添加人员。")

    def _person_changed(self, name: str) -> None:
        self._nav.show_person(name)
        self._stack.setEnabled(True)

    def go(self, page: PageName, id: int | None = None) -> None:
        """Show a page, and one thing on it."""
        self._nav.go(page)
        if id:
            self.pages[page].show_item(id)

    def go_to_case(self, id: int) -> None:
        """Show a case on its page."""
        self.go(PageName.CASES, id)

    def go_to_topic(self, id: int) -> None:
        """Show a topic on its page."""
        self.go(PageName.TOPICS, id)

    def go_to_article(self, id: int) -> None:
        """Show an article on its page."""
        self.go(PageName.ARTICLES, id)

    def go_to_flash(self, concern_id: int) -> None:
        """Show the 快报 of a concern."""
        self.go(PageName.BRIEFING, concern_id)

    def go_to_articles_of(self, topic: Topic) -> None:
        """Show the stream of one topic's articles."""
        from gui.collecting.articles import ArticlesPage

        self._page(PageName.ARTICLES, ArticlesPage).show_topic(topic.id, topic.name)

    def go_to_articles_from(self, source_id: int) -> None:
        """Show the stream of one source's articles."""
        from gui.collecting.articles import ArticlesPage

        self._page(PageName.ARTICLES, ArticlesPage).show_source(source_id)

    def go_to_new_source(self) -> None:
        """Show the sources, with the dialog that adds one."""
        from gui.collecting.sources import SourcesPage

        self._page(PageName.SOURCES, SourcesPage).add()

    def go_anywhere(self) -> None:
        """Ctrl+K: pages, commands, topics, cases and articles by name or pinyin initials."""
        if self.operations.database is None:
            return
        from gui.anywhere import Anywhere
        from gui.palette import Destination

        self.anywhere = Anywhere(self, self.operations, self, self.go)
        self.anywhere.open(
            [
                Destination("命令", "立即采集", self.collect_now),
                Destination("命令", "生成简报", lambda: self.go(PageName.BRIEFING)),
                Destination("命令", "添加信源", lambda: self.go(PageName.SOURCES)),
            ]
        )

    def _page(self, name: PageName, kind: type[P]) -> P:
        """Show a page; it, as what it is."""
        self.go(name)
        page = self.pages[name]
        assert isinstance(page, kind)
        return page

    def _open_page(self, name: PageName) -> None:
        if self.operations.database is None:
            return
        if name not in self.pages:
            self.pages[name] = page_class(name)(self.operations, self, self.memory)
            self._stack.addWidget(self.pages[name])
        page = self.pages[name]
        self._stack.setCurrentWidget(page)
        if page.stale:
            page.stale = False
            page.refresh()

    def warn(self, sentence: str, about: str = "") -> None:
        """Say at the foot what cannot be done, and why; it stays until it was read, or withdrawn."""
        self._foot.say(sentence, fault=True, about=about)

    def withdraw(self, about: str) -> None:
        """What was said of this at the foot is no longer so."""
        self._foot.withdraw(about)

    def announce(self, sentence: str) -> None:
        """Say at the foot what has come about; it stays until it was read."""
        self._foot.say(sentence, fault=False)

    def _remind(self, sentence: str, about: str) -> None:
        """Nobody asked for it just now: it waits until the answers to what somebody did were read."""
        self._foot.say(sentence, fault=False, answers=False, about=about)

    def tell(self, text: str, collect: bool = False) -> None:
        """Say something at the strip for a while; start a round if asked."""
        self._strip.tell(text)
        if collect:
            self.collect_now()

    def _list_alerts(self) -> None:
        self.alert_list = AlertList(self, self.operations, self.memory)
        self.alert_list.open()

    def _changed(self, kinds: frozenset[str]) -> None:
        for page in self.pages.values():
            if kinds & page.shows:
                if page is self._stack.currentWidget():
                    page.refresh()
                else:
                    page.stale = True
        if kinds & {CONCERNS, SOURCES, REGISTERS}:
            self._read_clocks()

    def collect_now(self) -> None:
        """F5: every source at once."""
        if self._collect:
            self.collector.collect_now()

    def _drafted(self, name: str) -> None:
        self.tell(f"已按时生成简报草稿：{name}")
        self.operations.changed.emit(frozenset({BRIEFINGS}))

    def _round_done(self, round: Round) -> None:
        self._strip.collected(round.at or self.now(), round.failed)
        self._tick()
        if not self._over_a_list():
            self._show_waiting()
            return
        # Nothing moves under the pointer: what is new waits until it has left, or until it is asked for.
        self._held = True
        self._held_new += round.new
        self._waiting.setText(f"新信息 {self._held_new} 条，点此显示")
        self._waiting.setVisible(self._held_new > 0)
        # The counts and the clocks around the page are not under it, nor are the other pages.
        self._read_clocks()
        for page in self.pages.values():
            page.stale |= bool(COLLECTED & page.shows) and page is not self._stack.currentWidget()

    def _over_a_list(self) -> bool:
        tables = all_in(self._stack.currentWidget(), Table)
        return any(table.underMouse() and table.isVisible() for table in tables)

    def _show_waiting(self) -> None:
        self._held, self._held_new = False, 0
        self._waiting.hide()
        self.operations.changed.emit(COLLECTED)

    def _read_clocks(self) -> None:
        from desk.collecting.sourcework import list_sources
        from desk.registers.reading import overdue

        now = self.now()
        self.operations.read(lambda database: list_concerns(database, running_only=True), self._show_clocks)
        self.operations.read(
            lambda database: sum(view.state.needs_look for view in list_sources(database, now)),
            lambda troubled: self._nav.badge(PageName.SOURCES, troubled, "▲"),
            place=(self, "troubled"),
        )
        self.operations.read(
            lambda database: sum(overdue(database, now).values()),
            lambda late: self._nav.badge(PageName.REGISTERS, late, "▲"),
            place=(self, "registers"),
        )

    def _show_clocks(self, known: list[tuple[Concern, list[Deadline]]]) -> None:
        self._nav.badge(PageName.CASES, sum(c.waits for c, _ in known))
        running = [
            Clock(concern, deadline)
            for concern, deadlines in known
            for deadline in deadlines
            if deadline.waits and not deadline.of_judging and deadline.paused_at is None
            if concern.state.running and concern.accepted_at is None  # what another unit accepted is done there
        ]
        self._strip.show_clocks(running, self.now())

    def _tick(self) -> None:
        if self.attendance.away and self._stack.isEnabled():
            self.sign_in()
        if self._held and not self._over_a_list():
            self._show_waiting()
        if isinstance(page := self._stack.currentWidget(), Page):
            page.tick()
        self._strip.tick(self.now())

    def dress(self, theme: Appearance) -> None:
        """Take up the look that was chosen."""
        apply_theme(cast(QApplication, QApplication.instance()), theme)

    def _read_office(self) -> None:
        from desk.office.particulars import office

        self.operations.read(office, self._show_office)

    def _show_office(self, office: Office) -> None:
        self.dress(office.theme)

    def restore_from(self, file: Path) -> None:
        """Put a backup in the place of the data; nothing can be done in the window meanwhile."""
        self._stack.setEnabled(False)
        self.alerts.stop()
        self.recordwatch.stop()
        self.tell("正在恢复备份，请等一会儿…")
        self._restoring.start(file, self.person)

    def _go_on(self, sentence: str, restored: bool) -> None:
        """After a restore, or after one that was refused."""
        self._stack.setEnabled(True)
        self.alerts.start()
        self.recordwatch.start()
        self.operations.changed.emit(ALL)
        if restored:
            self._read_office()
            self.recognise()
        if self._collect:
            self.collector.start()
        self.announce(sentence) if restored else self.warn(sentence)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Go at once, whatever runs; `finish` sees to the rest when nobody waits for it any more.

        What was typed in a draft is kept as a step; of what cannot be kept somebody is asked first.
        """
        from gui.cases.drafteditor import DraftEditor
        from gui.kit.asking import agreed

        if lost := self._unsaved():
            question = f"{'、'.join(lost)}还没有保存，关闭窗口会丢掉。"
            if not agreed(self, "还没有保存", question, "不保存，关闭", "回去保存"):
                event.ignore()
                return
        for editor in all_in(self, DraftEditor):
            editor.flush()
        self._second.stop()
        self.alerts.stop()
        self.recordwatch.stop()
        self.loading.stop()
        for page in self.pages.values():
            page.keep()
        self.memory.setValue("frame", self.saveGeometry())
        self.hide()
        self.collector.stop()
        self.operations.close()
        event.accept()

    def _unsaved(self) -> list[str]:
        """What would be lost, in a few words each."""
        from gui.kit.dialog import Dialog

        lost = [f"“{dialog.windowTitle()}”里填写的内容" for dialog in all_in(self, Dialog) if dialog.unsaved()]
        return lost + [words for page in self.pages.values() if (words := page.unsaved())]

    def finish(self, seconds: float) -> bool:
        """After the window has gone: let the steps end that were taken, and the collector; whether all has ended."""
        end = time.monotonic() + seconds
        ended = self.operations.finish(seconds)
        self.collector.finish(max(0.5, end - time.monotonic()))
        return ended
