"""话题: what it is, where it is going."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QInputDialog, QSplitter, QTabWidget, QTextBrowser, QWidget

from desk import monitor
from domain.times import DAY, exact, said
from domain.topic import HeatPart
from gui.operations import CONCERNS, TOPICS
from gui.pages.page import Page
from gui.widgets.curve import Curve
from gui.widgets.parts import Column, OrEmpty, RowsModel, Table, button, column, label, row

SPANS = {"近 3 天": 3, "近 7 天": 7, "近 30 天": 30, "全部": 0}


class TopicsPage(Page):
    title, shows = "话题", frozenset({TOPICS, CONCERNS})

    def build(self) -> None:
        self.wanted: int | None = None
        self.local = QCheckBox("只看本地")
        self.span = QComboBox()
        self.span.addItems(list(SPANS))
        self.local.toggled.connect(lambda _: self.refresh())
        self.span.currentTextChanged.connect(lambda _: self.refresh())
        self.table = Table(
            "话题",
            RowsModel(
                [
                    Column("热度", lambda t: f"{t.heat.value:.0f} {t.heat.trend}", 66, True, lambda t: _parts(t)),
                    Column("话题", lambda t: ("置顶 · " if t.pinned else "") + t.name, 240),
                    Column("篇·家", lambda t: f"{t.articles}·{t.sources}", 88, True),
                    Column("领域", lambda t: t.area, 110),
                    Column("最新", lambda t: said(t.last_at, self.now()), 100, tip=lambda t: exact(t.last_at)),
                ]
            ),
            stretch=1,
        )
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._read_chosen())
        self.box = OrEmpty(self.table, "这段时间没有话题。换一个时段，或等下一轮采集。")
        left = QWidget()
        left.setLayout(column(row(label("话题", "title"), None, self.local, self.span), self.box))
        self.name = label("", "title", True)
        self.facts = label("", "secondary", True)
        self.summary = label("", "", True)
        self.curve = Curve()
        self.parts = label("", "secondary", True)
        self.held = label("", "secondary", True)
        self.articles = Table(
            "报道",
            RowsModel(
                [
                    Column("时间", lambda a: exact(a.published_at)[5:], 100),
                    Column("报道", lambda a: ("　转载 · " if a.repeats else "") + a.title, 260),
                    Column("来源", lambda a: a.source, 120),
                ]
            ),
            stretch=1,
        )
        self.reading = QTextBrowser()
        self.reading.setOpenLinks(False)
        self.articles.selectionModel().currentRowChanged.connect(lambda *_: self._read_article())
        tabs = QTabWidget()
        tabs.addTab(self.articles, "报道")
        tabs.addTab(self.reading, "原文")
        self.articles.doubleClicked.connect(lambda _: tabs.setCurrentIndex(1))
        self.case = button("看关切", self._open_case, True)
        self.right = QWidget()
        self.right.setLayout(
            column(
                self.name,
                self.facts,
                row(self.case, button("改名", self._rename), button("置顶", self._pin), None),
                self.summary,
                self.curve,
                self.parts,
                self.held,
                tabs,
            )
        )
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left)
        split.addWidget(self.right)
        split.setSizes([600, 500])
        self.setLayout(column(split, margin=16))
        self.right.setVisible(False)

    def refresh(self) -> None:
        days = SPANS[self.span.currentText()]
        since = self.now() - days * DAY if days else None
        local = self.local.isChecked()
        self.operations.run(
            lambda database: monitor.list_topics(database, since=since, limit=300, local_only=local), self._show
        )

    def show_item(self, id: int) -> None:
        self.wanted = id
        self.refresh()

    def _show(self, topics) -> None:  # type: ignore[no-untyped-def]
        self.table.show_rows(topics, lambda t: t.id)
        self.box.set_empty(not topics)
        for i, topic in enumerate(topics):
            if topic.id == self.wanted or (self.wanted is None and not self.table.currentIndex().isValid() and i == 0):
                self.table.selectRow(i)
                self.wanted = None
                break
        else:
            self._read_chosen()

    def _read_chosen(self) -> None:
        topic = self.table.chosen()
        self.right.setVisible(topic is not None)
        if topic:
            self.operations.run(lambda database: monitor.topic_view(database, topic.id), self._show_topic)

    def _show_topic(self, view) -> None:  # type: ignore[no-untyped-def]
        t = view.topic
        self.name.setText(t.name)
        where = "、".join(t.places) or "地区不明"
        self.facts.setText(
            f"{t.articles} 篇 · {t.sources} 家 · 转载 {t.carriers} · 首发 {t.first_source} {exact(t.first_at)} · {t.area} · {where}"
            f" · {' '.join(t.keywords)}"
        )
        self.summary.setText("\n".join(f"{s['text']}（{s['source']}）" for s in view.summary))
        self.curve.show_hours(monitor.hourly(view.articles, self.now()))
        self.parts.setText(f"热度 {t.heat.value:.0f}{'' if t.heat.enough else '（样本不足）'} ＝ {_parts(t)}")
        self.case.setVisible(view.concern is not None)
        self.held.setText(f"没有列为关切：{view.held}" if view.held and not view.concern else "")
        self.held.setVisible(bool(self.held.text()))
        self.concern = view.concern
        self.articles.show_rows(list(reversed(view.articles)), lambda a: a.id)
        if view.articles:
            self.articles.selectRow(0)

    def _read_article(self) -> None:
        if article := self.articles.chosen():
            self.reading.setPlainText(
                f"{article.title}\n{article.source}　{exact(article.published_at)}\n\n{article.text}\n\n{article.url}"
            )

    def _open_case(self) -> None:
        self.window().go("关切", self.concern.id)  # type: ignore[attr-defined]

    def _rename(self) -> None:
        topic = self.table.chosen()
        name, good = QInputDialog.getText(self, "话题改名", "新的名称：", text=topic.name)
        if good and name.strip():
            now = self.now()
            self.operations.run(
                lambda database: monitor.rename_topic(database, topic.id, name, self.person, now),
                changes=frozenset({TOPICS}),
            )

    def _pin(self) -> None:
        topic, now = self.table.chosen(), self.now()
        self.operations.run(
            lambda database: monitor.pin_topic(database, topic.id, not topic.pinned, self.person, now),
            changes=frozenset({TOPICS}),
        )


def _parts(topic) -> str:  # type: ignore[no-untyped-def]
    return "，".join(f"{part.label} {topic.heat.parts[part]:.0f}×{part.weight:g}" for part in HeatPart)
