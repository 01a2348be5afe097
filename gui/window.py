"""The frame: pages at the left, the nearest clocks above, what went wrong below."""

from __future__ import annotations

import getpass
import os
import time
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QObject, QSettings, QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMainWindow,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from domain.person import Person
from domain.times import china_day, said
from domain.topic import Topic
from gui.alerts import AlertList, Alerts
from gui.collecting import CollectorProcess
from gui.loading import Loading
from gui.operations import ARTICLES, BRIEFINGS, CONCERNS, SOURCES, TOPICS, Operations
from gui.pages.page import Page
from gui.theme import apply_theme
from gui.widgets.parts import Table, button, label

if TYPE_CHECKING:
    from store.database import Database

COLLECTED = frozenset({ARTICLES, TOPICS, CONCERNS, SOURCES})
LOCKED_AFTER = 15 * 60  # seconds without a key or click, once people are set up
EVERY_SECONDS = 20.0  # how often the collector looks for sources whose time has come


class Window(QMainWindow):
    """The main window. Pages are made when first shown, so that the first paint does not wait for them."""

    def __init__(self, operations: Operations, collect: bool = True, every: float = EVERY_SECONDS) -> None:
        super().__init__()
        self.operations = operations
        self.person = os.environ.get("WENYING_PERSON") or getpass.getuser()
        self.setWindowTitle("闻应")
        self.setMinimumSize(QSize(960, 600))
        self.resize(1280, 800)
        self.memory = QSettings(str(operations.folder / "window.ini"), QSettings.Format.IniFormat)
        self._collect = collect
        self._collected_at: datetime | None = None
        self._held, self._held_new = False, 0  # whether a round waits to be shown, and how many articles it brought
        self._clocks: list[tuple[str, object]] = []
        self.pages: dict[str, QWidget] = {}
        self._people: list[Person] = []
        self._touched_at = time.monotonic()
        self._build()
        self.alerts = Alerts(self, operations, self.memory, self._failed)
        self.loading = Loading(self)
        if (app := QApplication.instance()) is not None:
            app.installEventFilter(self)
        if isinstance(kept := self.memory.value("frame"), QByteArray):
            self.restoreGeometry(kept)
        self.collector = CollectorProcess(operations.folder, operations.url, operations.clock, every)
        self.collector.rounds.connect(self._round_done)
        self.collector.drafted.connect(self._drafted)
        self.collector.state.connect(self._collecting.setText)
        operations.changed.connect(self._changed)
        operations.failed.connect(self._failed)
        self._second = QTimer(self)
        self._second.timeout.connect(self._tick)

    def _build(self) -> None:
        self._nav = QListWidget()
        self._nav.setObjectName("pages")
        self._nav.setAccessibleName("页面")
        for i, name in enumerate(PAGE_NAMES):
            item = QListWidgetItem(name)
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setSizeHint(QSize(120, 38))
            item.setToolTip(f"{name}（Ctrl+{(i + 1) % 10}）")
            self._nav.addItem(item)
            shortcut = QShortcut(QKeySequence(f"Ctrl+{(i + 1) % 10}"), self)
            shortcut.activated.connect(lambda name=name: self.go(name))
        self._nav.currentItemChanged.connect(
            lambda item, _: item and self._open_page(item.data(Qt.ItemDataRole.UserRole))
        )
        QShortcut(QKeySequence("Ctrl+K"), self).activated.connect(self.go_anywhere)
        QShortcut(QKeySequence("F5"), self).activated.connect(self.collect_now)
        QShortcut(QKeySequence("Esc"), self).activated.connect(lambda: self._fault.hide())
        brand = QLabel("闻应")
        brand.setObjectName("brand")
        nav = QWidget()
        nav.setObjectName("nav")
        nav.setFixedWidth(148)
        side = QVBoxLayout(nav)
        side.setContentsMargins(0, 0, 0, 12)
        side.addWidget(brand)
        side.addWidget(self._nav, 1)
        self._who = button(f"值班 {self.person}", self.sign_in, tip="换人登录")
        self._who.setProperty("role", "quiet")
        side.addWidget(self._who)
        strip = QWidget()
        strip.setObjectName("strip")
        strip.setFixedHeight(44)
        top = QHBoxLayout(strip)
        top.setContentsMargins(16, 0, 16, 0)
        top.setSpacing(8)
        self._chips = [label("", "chip") for _ in range(3)]
        for chip in self._chips:
            chip.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            chip.hide()
            top.addWidget(chip)
        self._calm = label("没有正在计时的件", "secondary")
        top.addWidget(self._calm)
        top.addStretch(1)
        bell = button("提醒", self._list_alerts, tip="所有提醒，包括免打扰时没有弹出的")
        bell.setProperty("role", "quiet")
        top.addWidget(bell)
        self._collecting = label("正在打开…", "secondary")
        top.addWidget(self._collecting)
        self._stack = QStackedWidget()
        self._stack.addWidget(QWidget())
        self._fault = label("", "", True)
        self._fault.setObjectName("fault")
        self._fault.hide()
        body = QWidget()
        right = QVBoxLayout(body)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        self._waiting = button("", self._show_waiting)
        self._waiting.setProperty("role", "waiting")
        self._waiting.hide()
        right.addWidget(strip)
        right.addWidget(self._waiting)
        right.addWidget(self._stack, 1)
        right.addWidget(self._fault)
        whole = QWidget()
        layout = QHBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(nav)
        layout.addWidget(body, 1)
        self.setCentralWidget(whole)

    def begin(self) -> None:
        """Open the store beside the window, then show the first page and start collecting."""
        self.operations.open(self._opened)

    def _opened(self, _: object) -> None:
        from desk import drill

        if (rehearsed := drill.opened(self.operations.folder)) is not None:
            self.setWindowTitle(f"闻应 · 演练：{rehearsed.title}")
            self.warn("这是演练，数据单独存放，不计入统计。关窗后给出结果表。")
        self._collecting.setText("还没有采集")
        from desk.office import office

        self.operations.run(office, lambda found: self.settings_saved(found))
        # Whoever chose a page while the store was being opened gets that page.
        chosen = self._nav.currentItem()
        self.go(chosen.data(Qt.ItemDataRole.UserRole) if chosen else PAGE_NAMES[0])
        self.loading.start()
        self.recognise()
        self.alerts.start()
        self._read_clocks()
        self._second.start(1000)
        if self._collect:
            self.collector.start()

    def recognise(self) -> None:
        """Who sits here: by the computer's account where it is bound, else by signing in, once people are set up."""
        from desk import handover, people

        account = getpass.getuser()

        def came(found: tuple[list[Person], Person | None, str]) -> None:
            known, bound, duty = found
            self._who.setToolTip(f"换人登录。今天值班：{duty or '值班表没有写'}")
            self._people = known
            if bound is not None:
                self._be(bound)
            elif any(person.active for person in known) and "WENYING_PERSON" not in os.environ:
                self.sign_in()

        today = str(china_day(self.operations.clock.now()))

        def read(database: Database) -> tuple[list[Person], Person | None, str]:
            duty = handover.on_duty(handover.roster(database), today)
            return people.everyone(database), people.of_account(database, account), duty

        self.operations.run(read, came)

    def sign_in(self) -> None:
        """Let somebody sign in; without people set up there is nobody to be."""
        from gui.widgets.signin import SignIn

        if not any(person.active for person in self._people):
            self.warn("还没有设置人员，任何人都可以办理。需要分权限时，请在“设置”里添加人员。")
            return
        self._stack.setEnabled(False)
        self.signing = SignIn(self, self.operations, self._people, self._be)
        self.signing.open()

    def _be(self, person: Person) -> None:
        """Go on as this person."""
        self.person = person.name
        self._who.setText(f"值班 {person.name}")
        for page in self.pages.values():
            page.person = person.name  # type: ignore[attr-defined]
        self._stack.setEnabled(True)
        self._touched_at = time.monotonic()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note that somebody is here, for locking after a while."""
        if event.type() in (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel):
            self._touched_at = time.monotonic()
        return super().eventFilter(watched, event)

    def _list_alerts(self) -> None:
        self.alert_list = AlertList(self, self.operations, self.memory)
        self.alert_list.open()

    def go(self, name: str, id: int | None = None) -> None:
        """Show a page, and one thing on it."""
        for i in range(self._nav.count()):
            if self._nav.item(i).data(Qt.ItemDataRole.UserRole) == name:
                self._nav.setCurrentRow(i)
        self._open_page(name)  # also when the row was current before the store was open
        if id:
            self.pages[name].show_item(id)  # type: ignore[attr-defined]

    def _open_page(self, name: str) -> None:
        if self.operations.database is None:
            return
        if name not in self.pages:
            self.pages[name] = _page_class(name)(self.operations, self.person, self.memory)
            self._stack.addWidget(self.pages[name])
        page = self.pages[name]
        self._stack.setCurrentWidget(page)
        if page.stale:  # type: ignore[attr-defined]
            page.stale = False  # type: ignore[attr-defined]
            page.refresh()  # type: ignore[attr-defined]

    def go_to_articles_of(self, topic: Topic) -> None:
        """The stream of one topic's articles."""
        self.go("信息")
        self.pages["信息"].show_topic(topic.id, topic.name)  # type: ignore[attr-defined]

    def go_anywhere(self) -> None:
        """Ctrl+K: pages, commands, topics, cases and articles by name or pinyin initials."""
        if self.operations.database is None:
            return
        from desk import casework, monitor
        from gui.widgets.palette import Palette, Place

        pages = [Place("页面", name, lambda name=name: self.go(name)) for name in PAGE_NAMES]
        commands = [
            Place("命令", "立即采集", self.collect_now),
            Place("命令", "生成简报", lambda: self.go("简报")),
            Place("命令", "添加信源", lambda: self.go("信源")),
        ]

        def articles_came(found) -> None:  # type: ignore[no-untyped-def]
            palette.add([Place("信息", a.title, lambda a=a: self.go("信息", a.id)) for a in found])

        def search(text: str) -> None:
            self.operations.run(lambda database: monitor.search_articles(database, text, 8), articles_came)

        def read(database):  # type: ignore[no-untyped-def]
            return casework.concerns(database), monitor.list_topics(database, limit=300)

        def came(found) -> None:  # type: ignore[no-untyped-def]
            cases, topics = found
            palette.add([Place("关切", c.title, lambda c=c: self.go("关切", c.id)) for c, _ in cases])
            palette.add([Place("话题", t.name, lambda t=t: self.go("话题", t.id)) for t in topics])

        palette = Palette(self, [*pages, *commands], search)
        palette.move(self.mapToGlobal(self.rect().center()) - palette.rect().center())
        self.operations.run(read, came)
        palette.show()
        palette.field.setFocus()
        self.palette_open = palette

    def warn(self, sentence: str) -> None:
        """Say at the foot what cannot be done, and why."""
        self._failed(sentence)

    def tell(self, text: str, collect: bool = False) -> None:
        """Say something at the strip; start a round if asked."""
        self._collecting.setText(text)
        if collect:
            self.collect_now()

    def collect_now(self) -> None:
        """F5: every source at once."""
        if self._collect:
            self.collector.collect_now()

    def settings_saved(self, office: object) -> None:
        """Take up the look that was chosen."""
        apply_theme(QApplication.instance(), office.theme)  # type: ignore[attr-defined, arg-type]

    def _changed(self, kinds: frozenset[str]) -> None:
        self._fault.hide()
        for page in self.pages.values():
            if kinds & page.shows:  # type: ignore[attr-defined]
                if page is self._stack.currentWidget():
                    page.refresh()  # type: ignore[attr-defined]
                else:
                    page.stale = True  # type: ignore[attr-defined]
        if kinds & {CONCERNS, SOURCES}:
            self._read_clocks()

    def _failed(self, sentence: str) -> None:
        self._fault.setText(sentence)
        self._fault.show()

    def _drafted(self, name: str) -> None:
        self.tell(f"已按时生成简报草稿：{name}")
        self.operations.changed.emit(frozenset({BRIEFINGS}))

    def _round_done(self, told: dict) -> None:  # type: ignore[type-arg]
        self._collected_at = self.operations.clock.now()
        self._failed_sources = told.get("failed", 0)
        self._tick()
        page = self._stack.currentWidget()
        if any(table.underMouse() and table.isVisible() for table in page.findChildren(Table)):
            # Nothing moves under the pointer: what is new waits until it has left, or until it is asked for.
            self._held = True
            self._held_new += told.get("new", 0)
            self._waiting.setText(f"新信息 {self._held_new} 条，点此显示")
            self._waiting.setVisible(self._held_new > 0)
            return
        self._show_waiting()

    def _show_waiting(self) -> None:
        self._held, self._held_new = False, 0
        self._waiting.hide()
        self.operations.changed.emit(COLLECTED)

    def _read_clocks(self) -> None:
        from desk import casework
        from desk.sourcework import list_sources
        from domain.concern import ConcernState

        def show(known) -> None:  # type: ignore[no-untyped-def]
            self._badge("关切", sum(c.state is ConcernState.FLAGGED or c.escalated for c, _ in known))
            running = [
                (c, d) for c, ds in known for d in ds if d.met_at is None and not d.withdrawn and c.state.running
            ]
            self._clocks = sorted(running, key=lambda pair: pair[1].due_at)[:3]
            self._tick()

        self.operations.run(lambda database: casework.concerns(database, running_only=True), show)
        now = self.operations.clock.now()
        self.operations.run(
            lambda database: sum(row.state.needs_look for row in list_sources(database, now)),
            lambda troubled: self._badge("信源", troubled, "▲"),
        )

    def _badge(self, page: str, waits: int, mark: str = "") -> None:
        """The number beside a page's name: what waits there for a person, nothing else."""
        self._nav.item(PAGE_NAMES.index(page)).setText(f"{page}　{mark}{waits}" if waits else page)

    def _tick(self) -> None:
        from domain.times import lasting

        idle = time.monotonic() - self._touched_at
        if idle > LOCKED_AFTER and self._stack.isEnabled() and any(person.active for person in self._people):
            self.sign_in()

        now = self.operations.clock.now()
        if self._held and not self._stack.underMouse():
            self._show_waiting()
        if isinstance(page := self._stack.currentWidget(), Page):
            page.tick()
        self._calm.setVisible(not self._clocks)
        for i, chip in enumerate(self._chips):
            chip.setVisible(i < len(self._clocks))
            if i < len(self._clocks):
                concern, deadline = self._clocks[i]
                over = now > deadline.due_at  # type: ignore[attr-defined]
                title = concern.title if len(concern.title) <= 9 else concern.title[:8] + "…"  # type: ignore[attr-defined]
                text = f"{title} {deadline.name} {'已超时' if over else '余'} {lasting(deadline.left(now))}"  # type: ignore[attr-defined]
                chip.setText(text)
                role = "overdue" if over else "chip"
                if chip.property("role") != role:
                    chip.setProperty("role", role)
                    chip.style().polish(chip)
                chip.setToolTip(f"{concern.title}\n{deadline.how}")  # type: ignore[attr-defined]
        if self._collected_at:
            failed = f"，{self._failed_sources} 个信源出错" if self._failed_sources else ""
            self._collecting.setText(f"采集 ● {said(self._collected_at, now)}{failed}")

    def closeEvent(self, event: QCloseEvent) -> None:
        self._second.stop()
        self.alerts.stop()
        for page in self.pages.values():
            page.keep()  # type: ignore[attr-defined]
        self.memory.setValue("frame", self.saveGeometry())
        self.collector.stop()
        self.operations.close()
        event.accept()


# The pages in their order: name, module, class. A new page is one file and one line here.
_PAGES = (
    ("总览", "overview", "OverviewPage"),
    ("话题", "topics", "TopicsPage"),
    ("关切", "concerns", "ConcernsPage"),
    ("信息", "articles", "ArticlesPage"),
    ("重大事件", "events", "EventsPage"),
    ("简报", "briefing", "BriefingPage"),
    ("口径库", "sayings", "SayingsPage"),
    ("统计", "statistics", "StatisticsPage"),
    ("信源", "sources", "SourcesPage"),
    ("设置", "settings", "SettingsPage"),
)
PAGE_NAMES = [name for name, _, _ in _PAGES]


def _page_class(name: str) -> type:
    from importlib import import_module

    module, class_name = next((module, cls) for title, module, cls in _PAGES if title == name)
    found: type = getattr(import_module(f"gui.pages.{module}"), class_name)
    return found
