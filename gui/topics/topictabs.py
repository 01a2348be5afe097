"""The tabs of a topic: 报道, 原文, 时间线, 来源, 倾向, 相关, 变动."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QTabWidget, QWidget

from desk.topics.monitor import TopicView
from domain.article import StoredArticle
from domain.times import exact
from domain.topic import TopicChange
from gui.collecting.reader import Reader
from gui.kit.dialog import pop_up
from gui.kit.parts import Column, RowsModel, Table, button, column, row
from gui.topics.tones import tone_table

HIGH = 260  # pixels that the tabs keep in a low window
READING = 1  # the place of 原文


class TopicTabs(QTabWidget):
    """`opened` tells a related topic; `undone` the change that is to be taken back."""

    opened = Signal(int)
    undone = Signal(object)

    def __init__(self, split: Callable[[], None], move: Callable[[], None]) -> None:
        super().__init__()
        self._split, self._move = split, move
        self._topic_id = 0
        self.setMinimumHeight(HIGH)
        self.articles, self.reading = self._articles(), Reader()
        self.articles.selectionModel().currentRowChanged.connect(
            lambda *_: self.reading.show_article(self.articles.chosen())
        )
        self.articles.doubleClicked.connect(lambda _: self.setCurrentIndex(READING))
        self.line, self.sources, self.tones, self.related = _line(), _sources(), tone_table(), _related()
        self.tones.doubleClicked.connect(lambda _: self._read(self.tones.chosen().article_id))
        self.related.doubleClicked.connect(lambda _: self.opened.emit(self.related.chosen()[0].id))
        self.changes = self._changes()
        undo = QWidget()
        undo.setLayout(column(self.changes, row(button("撤销所选", self._undo), None)))
        for name, view in (
            ("报道", self.articles),
            ("原文", self.reading),
            ("时间线", self.line),
            ("来源", self.sources),
            ("倾向", self.tones),
            ("相关", self.related),
            ("变动", undo),
        ):
            self.addTab(view, name)

    def show_topic(self, view: TopicView, same: bool) -> None:
        """Show what there is of a topic; the newest article is chosen unless it is the `same` topic as before."""
        self._topic_id = view.topic.id
        self.articles.show_rows(list(reversed(view.articles)), lambda a: a.id)
        self.line.show_rows(view.summary, lambda s: s.article_id)
        self.sources.show_rows(_by_source(view.articles), lambda s: s[1])
        self.tones.show_rows(view.topic.tone.said, lambda s: (s.article_id, s.sentence))
        self.related.show_rows(view.related, lambda r: r[0].id)
        self.changes.show_rows(view.changes, lambda c: c.id)
        if view.articles and not same:
            self.articles.choose(0)

    def _read(self, article: int) -> None:
        """Show the article that a sentence stands in."""
        for i, one in enumerate(self.articles.rows_model.rows):
            if one.id == article:
                self.articles.choose(i)
                self.setCurrentIndex(READING)

    def chosen_articles(self) -> tuple[int, ...]:
        """The ids of the articles that are chosen."""
        return tuple(article.id for article in self.articles.all_chosen())

    def _articles(self) -> Table:
        made = Table(
            "报道",
            RowsModel(
                [
                    Column("时间", lambda a: exact(a.published_at)[5:], 106),
                    Column("报道", lambda a: ("　转载 · " if a.repeats else "") + a.title, 240),
                    Column("来源", lambda a: a.source, 110, tip=lambda a: a.tier.label),
                ]
            ),
            stretch=1,
            several=True,
        )
        made.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        made.customContextMenuRequested.connect(self._menu)
        return made

    def _changes(self) -> Table:
        return Table(
            "变动",
            RowsModel(
                [
                    Column("时间", lambda c: exact(c.at)[5:], 106),
                    Column("变动", self._change_text, 300),
                    Column("谁", lambda c: c.who, 90),
                ]
            ),
            stretch=1,
        )

    def _change_text(self, change: TopicChange) -> str:
        out = change.before == self._topic_id
        way = f"移往话题 {change.after}" if out else f"来自话题 {change.before}"
        return f"{change.kind.label} {len(change.moved)} 篇，{way}{'（已撤销）' if change.undone else ''}"

    def _menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.addAction("拆出所选，另成话题", self._split)
        menu.addAction("移动所选到…", self._move)
        pop_up(menu, self.articles.viewport().mapToGlobal(place))

    def _undo(self) -> None:
        if change := self.changes.chosen():
            self.undone.emit(change)


def _line() -> Table:
    return Table(
        "时间线",
        RowsModel(
            [
                Column("时间", lambda s: exact(s.at)[5:], 106),
                Column("说了什么", lambda s: s.text, 320),
                Column("来源", lambda s: s.source, 110),
            ]
        ),
        stretch=1,
    )


def _sources() -> Table:
    return Table(
        "来源",
        RowsModel(
            [
                Column("层级", lambda s: s[0], 92),
                Column("来源", lambda s: s[1], 180),
                Column("篇", lambda s: str(s[2]), 56, True),
                Column("其中转载", lambda s: str(s[3]), 80, True),
                Column("最早", lambda s: exact(s[4])[5:], 106),
            ]
        ),
        stretch=1,
    )


def _related() -> Table:
    return Table(
        "相关",
        RowsModel(
            [
                Column("话题", lambda r: r[0].name, 280),
                Column("共有的词", lambda r: "、".join(r[1]), 140),
                Column("热度", lambda r: f"{r[0].heat.value:.0f}", 56, True),
            ]
        ),
        stretch=0,
    )


def _by_source(articles: list[StoredArticle]) -> list[tuple[str, str, int, int, datetime]]:
    """(tier, source, articles, near-duplicates among them, earliest) by tier, then by time."""
    by_name: dict[str, list[StoredArticle]] = {}
    for article in articles:
        by_name.setdefault(article.source, []).append(article)
    rows = [
        (items[0].tier, name, len(items), sum(a.repeats is not None for a in items), items[0].published_at)
        for name, items in by_name.items()
    ]
    rows.sort(key=lambda r: (-r[0].weight, r[4]))
    return [(tier.label, name, count, repeats, first) for tier, name, count, repeats, first in rows]
