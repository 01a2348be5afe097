"""信息: the stream of what came in, its filters, search, and reading."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QMenu, QSplitter, QWidget

from desk.collecting import sourcework
from desk.reporting.report import item_of
from desk.topics import monitor
from domain.article import Source, SourceTier, StoredArticle
from domain.errors import InputError
from domain.query import ArticleFilter, Order
from domain.search import read_search
from domain.times import DAY, exact, said
from gui.collecting.reader import Reader
from gui.kit.dialog import pop_up
from gui.kit.page import Page
from gui.kit.parts import Column, OrEmpty, RowsModel, Table, button, column, label, row, shortcut
from gui.kit.plain import caption, tip
from gui.operations import ARTICLES, SOURCES
from gui.reporting.adding import CAPTION, add_to_briefing

if TYPE_CHECKING:
    from desk.data import Database

PAGE = 200
MOST_FOUND = 500
SPANS = {"全部时间": None, "近 24 小时": DAY, "近 3 天": 3 * DAY, "近 7 天": 7 * DAY, "近 30 天": 30 * DAY}
HOW = (
    "词之间空格：都要有　　甲|乙：有一个就行　　-词：不要有　　“整句”：连空格一起\n"
    "标题:词　来源:报名　地区:地名　时间:今天、近7天、2026-11、2026-11-01至2026-11-20"
)
TYPING_MS = 250  # after the last key, the search begins


@dataclass(frozen=True, slots=True)
class _Read:
    """The sources there are, and the articles: what a search found, or the stream, for which there is no search."""

    sources: list[Source]
    articles: list[StoredArticle]
    found: monitor.Found | None = None


class ArticlesPage(Page):
    title, shows = "信息", frozenset({ARTICLES, SOURCES})

    def build(self) -> None:
        self.topic: tuple[int, str] | None = None
        self._words: tuple[str, ...] = ()  # that were searched for, in what is listed
        self.wanted_source: int | None = None
        self._make_filters()
        self.of_topic = button("", self._any_topic, tip="取消话题筛选")
        self.of_topic.hide()
        self.table = self._stream()
        self.box = OrEmpty(self.table, "没有符合的信息。换个词或放宽筛选；还没有采集的话，先到“信源”添加。")
        self.reader = Reader()
        self.count = label("", "secondary")
        left, right = QWidget(), QWidget()
        left.setLayout(column(self.box, row(self.count, None)))
        right.setLayout(
            column(
                row(
                    button("看所属话题", self._topic, tip="T"),
                    button("打开原文", self._open, tip="O：用浏览器打开"),
                    button("标为未读", self._toggle, tip="U"),
                    button(CAPTION, self._add_to_briefing, tip="B：加入正在编的每日舆情简报"),
                    None,
                ),
                self.reader,
            )
        )
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left)
        split.addWidget(right)
        split.setSizes([640, 440])
        self.setLayout(
            column(
                row(label("信息", "title"), self.query, self.order),
                row(self.span, self.source, self.tier, self.place, self.unread, self.of_topic, None),
                split,
                margin=16,
            )
        )
        for key, action in (
            ("J", lambda: self._step(1)),
            ("K", lambda: self._step(-1)),
            ("U", self._toggle),
            ("B", self._add_to_briefing),
            ("T", self._topic),
            ("O", self._open),
            ("Space", self._space),
        ):
            shortcut(key, self.table, action)
        QShortcut(QKeySequence("/"), self, self.query.setFocus)

    def _make_filters(self) -> None:
        self.query = QLineEdit()
        self.query.setPlaceholderText("搜索标题和正文（按 / 键到这里）")
        self.query.setToolTip(tip(HOW))
        self.query.setClearButtonEnabled(True)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.timeout.connect(self.refresh)
        self.query.textChanged.connect(lambda _: self._typing.start(TYPING_MS))
        self.order, self.span, self.tier, self.source = QComboBox(), QComboBox(), QComboBox(), QComboBox()
        self.order.addItem("按相关", Order.RELEVANCE)
        self.order.addItem("按时间", Order.TIME)
        for text, length in SPANS.items():
            self.span.addItem(text, length)
        self.tier.addItem("全部层级", "")
        for tier in SourceTier:
            self.tier.addItem(tier.label, tier.code)
        self.source.addItem("全部信源", None)
        self.source.setMaximumWidth(160)
        self.place = QLineEdit()
        self.place.setPlaceholderText("地方")
        self.place.setMaximumWidth(90)
        self.place.editingFinished.connect(self.refresh)
        self.unread = QCheckBox("只看未读")
        self.unread.toggled.connect(lambda _: self.refresh())
        for box in (self.order, self.span, self.tier, self.source):
            box.currentIndexChanged.connect(lambda _: self.refresh())

    def _stream(self) -> Table:
        made = Table(
            "信息",
            RowsModel(
                [
                    Column("", lambda a: "" if a.read else "●", 28, tip=lambda a: "已读" if a.read else "未读"),
                    Column(
                        "时间",
                        lambda a: said(a.published_at, self.now()),
                        100,
                        tip=lambda a: exact(a.published_at),
                        order=lambda a: a.published_at,
                    ),
                    Column("标题", lambda a: a.title, 300, tip=lambda a: a.title),
                    Column("来源", lambda a: a.source, 120, spare=1),
                    Column("层级", lambda a: a.tier.label, 80, spare=2),
                ],
                self._more,
            ),
            stretch=2,
        )
        made.selectionModel().currentRowChanged.connect(lambda *_: self._read())
        made.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        made.customContextMenuRequested.connect(self._menu)
        return made

    def refresh(self) -> None:
        self._typing.stop()
        order, chosen, now = self.order.currentData(), self._filter(), self.now()
        try:
            asked = read_search(self.query.text(), now)
        except InputError as error:
            self.count.setText(str(error))
            return
        self.order.setEnabled(bool(asked.groups))

        def read(database: Database) -> _Read:
            sources = [view.source for view in sourcework.list_sources(database, now)]
            if asked.empty:
                return _Read(sources, monitor.article_page(database, 0, PAGE, chosen, now))
            found = monitor.search_articles(database, asked, MOST_FOUND, order, chosen)
            return _Read(sources, found.articles, found)

        self.operations.forget((self, "more"))  # the next page of what is not listed any more
        self.operations.read(read, self._show, place=(self, "list"))

    def show_item(self, id: int) -> None:
        """Bring one article into view, whatever is filtered."""

        def show(article: StoredArticle) -> None:
            self.table.show_rows([article], lambda a: a.id)
            self.box.set_empty(False)
            self.table.choose(0)

        self.operations.forget((self, "more"))
        self.operations.read(lambda database: monitor.article(database, id), show, place=(self, "list"))

    def show_topic(self, id: int, name: str) -> None:
        """Only the articles of one topic."""
        self.topic = (id, name)
        self.of_topic.setText(caption(f"话题：{name[:14]} ×"))
        self.of_topic.show()
        self.refresh()

    def show_source(self, id: int) -> None:
        """Only the articles of one source."""
        self.wanted_source = id
        self.refresh()

    def _any_topic(self) -> None:
        self.topic = None
        self.of_topic.hide()
        self.refresh()

    def _filter(self) -> ArticleFilter:
        length: timedelta | None = self.span.currentData()
        return ArticleFilter(
            since=self.now() - length if length else None,
            source_id=self.wanted_source or self.source.currentData(),
            tier=self.tier.currentData(),
            place=self.place.text().strip(),
            topic_id=self.topic[0] if self.topic else None,
            unread=self.unread.isChecked(),
        )

    def _more(self, offset: int) -> None:
        if self.query.text().strip():
            return
        chosen, now = self._filter(), self.now()
        self.operations.read(
            lambda database: monitor.article_page(database, offset, PAGE, chosen, now),
            lambda rows: self.table.rows_model.page_came(rows, PAGE),
            place=(self, "more"),
        )

    def _show(self, read: _Read) -> None:
        rows = read.articles
        self._show_sources(read.sources)
        self.table.show_rows(rows, lambda a: a.id)
        self.box.set_empty(not rows)
        self._words = read.found.words if read.found else ()
        many = "以上" if len(rows) in (PAGE, MOST_FOUND) else ""
        apart = "没有连在一起的，按分开的词" if read.found and read.found.apart else ""
        self.count.setText(f"{apart}{'找到' if read.found else '显示'} {len(rows)} 条{many}")
        if rows and not self.table.currentIndex().isValid():
            self.table.choose(0)
        elif not rows:
            self.reader.show_article(None)
        else:
            self._read()

    def _show_sources(self, sources: list[Source]) -> None:
        chosen = self.wanted_source or self.source.currentData()
        self.wanted_source = None
        self.source.blockSignals(True)
        self.source.clear()
        self.source.addItem("全部信源", None)
        for source in sources:
            self.source.addItem(source.name, source.id)
        self.source.setCurrentIndex(max(0, self.source.findData(chosen)))
        self.source.blockSignals(False)

    def _read(self) -> None:
        article = self.table.chosen()
        self.reader.show_article(article, self._words)
        if article and not article.read:
            self._mark(article, True)

    def _mark(self, article: StoredArticle, read: bool) -> None:
        self.table.replace(article, replace(article, read=read))
        self.operations.run(lambda database: monitor.mark_read(database, [article.id], read))

    def _toggle(self) -> None:
        if article := self.table.chosen():
            self._mark(article, not article.read)

    def _step(self, by: int) -> None:
        at = self.table.currentIndex().row() + by
        if 0 <= at < len(self.table.rows_model.rows):
            self.table.choose(at)

    def _space(self) -> None:
        """Read on; at the end of a text, the next one."""
        bar = self.reader.verticalScrollBar()
        if bar.value() >= bar.maximum():
            self._step(1)
        else:
            bar.setValue(bar.value() + bar.pageStep())

    def _menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.addAction("看所属话题\tT", self._topic)
        menu.addAction("打开原文\tO", self._open)
        menu.addAction("标为已读/未读\tU", self._toggle)
        menu.addAction("只看这个信源", self._only_source)
        menu.addAction(f"{CAPTION}\tB", self._add_to_briefing)
        pop_up(menu, self.table.viewport().mapToGlobal(at))

    def _add_to_briefing(self) -> None:
        if article := self.table.chosen():
            id = article.id
            add_to_briefing(self, lambda database: item_of(database, id))

    def _only_source(self) -> None:
        if article := self.table.chosen():
            self.show_source(article.source_id)

    def _topic(self) -> None:
        if (a := self.table.chosen()) and a.topic_id:
            self.frame.go_to_topic(a.topic_id)

    def _open(self) -> None:
        if (a := self.table.chosen()) and a.url.startswith(("http://", "https://")):
            QDesktopServices.openUrl(QUrl(a.url))
