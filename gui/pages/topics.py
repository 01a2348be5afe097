"""话题: what it is, where it is going."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QInputDialog, QMenu, QSplitter, QTabWidget, QToolTip, QWidget

from desk import events, monitor, topicwork
from domain.area import AREAS
from domain.times import DAY, exact, parse_moment, said
from domain.topic import HeatPart
from gui.operations import CONCERNS, EVENTS, TOPICS
from gui.pages.page import Page
from gui.widgets.bars import HeatBars
from gui.widgets.curve import CurveView
from gui.widgets.parts import Column, OrEmpty, RowsModel, Scrolled, Table, button, column, label, row
from gui.widgets.reader import Reader
from store.topics import TopicFilter

SPANS = {"近 24 小时": 1, "近 3 天": 3, "近 7 天": 7, "近 30 天": 30, "全部": 0}
CHANGED = frozenset({TOPICS, CONCERNS})
NARROW = 1000  # pixels of the page
TABS_HIGH = 260  # pixels that the tabs keep in a low window


class TopicsPage(Page):
    title, shows = "话题", frozenset({TOPICS, CONCERNS, EVENTS})

    def build(self) -> None:
        self.wanted: int | None = None
        self.view: Any = None
        self.local, self.rising = QCheckBox("本地"), QCheckBox("上升")
        self.span, self.of_event, self.area = QComboBox(), QComboBox(), QComboBox()
        self.span.addItems(list(SPANS))
        self.span.setCurrentText("近 3 天")
        self.of_event.addItem("所有事件", "")
        self.area.addItem("所有领域", "")
        self.area.setMaximumWidth(132)
        self.of_event.setMaximumWidth(132)
        for area in AREAS:
            self.area.addItem(area, area)
        for box, name in ((self.span, "时段"), (self.of_event, "事件"), (self.area, "领域")):
            box.setAccessibleName(name)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(4)
            box.currentIndexChanged.connect(lambda _: self.refresh())
        for check in (self.local, self.rising):
            check.toggled.connect(lambda _: self.refresh())
        self.waiting = button("", lambda: self.table.show_held())
        self.waiting.hide()
        self.table = Table(
            "话题",
            RowsModel(
                [
                    Column(
                        "热度",
                        lambda t: f"{t.heat.value:.0f} {t.heat.trend}" if t.heat.enough else "样本不足",
                        84,
                        True,
                        _parts,
                        share=lambda t: t.heat.value / 100 if t.heat.enough else None,
                        order=lambda t: (t.heat.enough, t.heat.value),
                    ),
                    Column("话题", lambda t: ("置顶 · " if t.pinned else "") + t.name, 240, tip=_about),
                    Column(
                        "篇·家", lambda t: f"{t.articles}·{t.sources}", 72, True, lambda t: f"首发 {t.first_source}"
                    ),
                    Column(
                        "关键词",
                        lambda t: " ".join(t.keywords[:3]),
                        170,
                        tip=lambda t: " ".join(t.keywords),
                        spare=4,
                    ),
                    Column("领域", lambda t: t.area, 112, tip=lambda t: f"{t.area}（{t.area_ground}）", spare=3),
                    Column("地区", lambda t: "、".join(t.places[:2]), 76, spare=1),
                    Column("最新", lambda t: said(t.last_at, self.now()), 104, tip=lambda t: exact(t.last_at), spare=2),
                ]
            ),
            stretch=1,
            several=True,
        )
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._read_chosen())
        self.table.waiting.connect(self._tell_waiting)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._menu)
        self.box = OrEmpty(self.table, "没有符合条件的话题。换一个时段或筛选，或等下一轮采集。")
        left = QWidget()
        filters = row(self.local, self.rising, self.of_event, self.area, self.span, None, self.waiting)
        left.setLayout(column(label("话题", "title"), filters, self.box))
        self.name, self.facts, self.summary = (
            label("", "title", True),
            label("", "secondary", True),
            label("", "", True),
        )
        self.curve, self.bars, self.heat, self.held = CurveView(), HeatBars(), label(), label("", "secondary", True)
        self.curve.pointed.connect(self._tell_hours)
        self.case = button("看关切", self._open_case, True)
        self.flag = button("转为关切…", self._flag, True)
        self.more = button("更多", lambda: self._menu(None))
        self.pin = button("置顶", self._pin)
        self.spare = [self.pin, button("合并…", self._merge), button("改名…", self._rename)]
        self.right = QWidget()
        self.right.setLayout(
            column(
                self.name,
                self.facts,
                row(
                    self.case,
                    self.flag,
                    *self.spare,
                    self.more,
                    None,
                ),
                self.summary,
                self.curve,
                row(self.heat, None),
                self.bars,
                self.held,
                self._tabs(),
            )
        )
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left)
        split.addWidget(Scrolled(self.right))
        split.setSizes([580, 520])
        split.setChildrenCollapsible(False)
        self.setLayout(column(split, margin=16))
        self.right.setVisible(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the buttons that 更多 has too give way."""
        super().resizeEvent(event)
        for spare in self.spare:
            spare.setVisible(self.width() >= NARROW)

    def _tabs(self) -> QTabWidget:
        self.articles = Table(
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
        self.articles.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.articles.customContextMenuRequested.connect(self._articles_menu)
        self.reading = Reader()
        self.articles.selectionModel().currentRowChanged.connect(
            lambda *_: self.reading.show_article(self.articles.chosen())
        )
        self.line = Table(
            "时间线",
            RowsModel(
                [
                    Column("时间", lambda s: exact(parse_moment(s["at"]))[5:], 106),
                    Column("说了什么", lambda s: s["text"], 320),
                    Column("来源", lambda s: s["source"], 110),
                ]
            ),
            stretch=1,
        )
        self.sources = Table(
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
        self.related = Table(
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
        self.related.doubleClicked.connect(lambda _: self.show_item(self.related.chosen()[0].id))
        self.changes = Table(
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
        undo = QWidget()
        undo.setLayout(column(self.changes, row(button("撤销所选", self._undo), None)))
        tabs = QTabWidget()
        tabs.setMinimumHeight(TABS_HIGH)
        for name, view in (
            ("报道", self.articles),
            ("原文", self.reading),
            ("时间线", self.line),
            ("来源", self.sources),
            ("相关", self.related),
            ("变动", undo),
        ):
            tabs.addTab(view, name)
        self.articles.doubleClicked.connect(lambda _: tabs.setCurrentIndex(1))
        return tabs

    def refresh(self) -> None:
        days = SPANS[self.span.currentText()]
        since = self.now() - days * DAY if days else None
        chosen = TopicFilter(
            self.local.isChecked(),
            self.rising.isChecked(),
            self.of_event.currentData() or "",
            self.area.currentData() or "",
        )
        self.operations.run(lambda database: monitor.list_topics(database, since, None, 300, chosen), self._show)
        self.operations.run(events.list_events, self._show_events)

    def show_item(self, id: int) -> None:
        self.wanted = id
        self.refresh()

    def _show_events(self, found: list[Any]) -> None:
        names = [event.name for event in found]
        if names == [self.of_event.itemText(i) for i in range(1, self.of_event.count())]:
            return
        kept = self.of_event.currentText()
        self.of_event.blockSignals(True)
        while self.of_event.count() > 1:
            self.of_event.removeItem(1)
        for name in names:
            self.of_event.addItem(name, name)
        self.of_event.setCurrentText(kept)
        self.of_event.blockSignals(False)

    def _show(self, topics: list[Any]) -> None:
        self.table.offer_rows(topics, lambda t: t.id)
        self.box.set_empty(not topics)
        rows = self.table.rows_model.rows
        place = next((i for i, t in enumerate(rows) if t.id == self.wanted), None)
        if self.wanted is not None and place is None:
            wanted, self.wanted = self.wanted, None
            self.operations.run(lambda database: monitor.topic_view(database, wanted), self._show_topic)
            return
        if place is None and not self.table.currentIndex().isValid() and rows:
            place = 0
        self.wanted = None
        if place is not None:
            self.table.selectRow(place)
        else:
            self._read_chosen()

    def _tell_waiting(self, count: int) -> None:
        self.waiting.setText(f"更新 {count} 条")
        self.waiting.setVisible(count > 0)

    def _read_chosen(self) -> None:
        topic = self.table.chosen()
        self.right.setVisible(topic is not None)
        if topic:
            self.operations.run(lambda database: monitor.topic_view(database, topic.id), self._show_topic)

    def _show_topic(self, view: Any) -> None:
        same = self.view is not None and self.view.topic.id == view.topic.id
        self.view, t = view, view.topic
        self.right.setVisible(True)
        self.name.setText(t.name)
        where = "、".join(t.places) or "地区不明"
        self.facts.setText(
            f"{t.articles} 篇 · {t.sources} 家 · 转载 {t.carriers} · 首发 {t.first_source} {exact(t.first_at)}\n"
            f"{t.area}（{t.area_ground}） · {where} · {' '.join(t.keywords)}"
        )
        self.summary.setText("\n".join(f"{s['text']}（{s['source']}）" for s in view.summary))
        self.curve.show_curve(view.curve, self.now())
        self.heat.setText(f"热度 {t.heat.value:.0f} {t.heat.trend}{'' if t.heat.enough else '　样本不足'}")
        self.bars.show_heat(t.heat)
        self.case.setVisible(view.concern is not None)
        self.flag.setVisible(view.concern is None)
        self.pin.setText("取消置顶" if t.pinned else "置顶")
        self.held.setText(f"没有列为关切：{view.held}" if view.held and not view.concern else "")
        self.held.setVisible(bool(self.held.text()))
        self.articles.show_rows(list(reversed(view.articles)), lambda a: a.id)
        self.line.show_rows(view.summary, lambda s: s["article"])
        self.sources.show_rows(_by_source(view.articles), lambda s: s[1])
        self.related.show_rows(view.related, lambda r: r[0].id)
        self.changes.show_rows(view.changes, lambda c: c.id)
        if view.articles and not same:
            self.articles.selectRow(0)

    def _tell_hours(self, hours: tuple[datetime, datetime]) -> None:
        found = [a for a in self.view.articles if hours[0] <= a.published_at < hours[1]] if self.view else []
        if found:
            said = "\n".join(f"{exact(a.published_at)[5:]} {a.source}　{a.title[:30]}" for a in found[:8])
            more = f"\n还有 {len(found) - 8} 篇" if len(found) > 8 else ""
            QToolTip.showText(self.curve.mapToGlobal(QPoint(16, 8)), said + more, self.curve)

    def _change_text(self, change: Any) -> str:
        out = change.before == self.view.topic.id if self.view else False
        way = f"移往话题 {change.after}" if out else f"来自话题 {change.before}"
        return f"{change.kind.label} {len(change.moved)} 篇，{way}{'（已撤销）' if change.undone else ''}"

    def _menu(self, place: QPoint | None) -> None:
        menu = QMenu(self)
        for text, action in (
            ("看这个话题的信息", self._stream),
            ("置顶 / 取消置顶", self._pin),
            ("改名…", self._rename),
            ("合并所选…", self._merge),
            ("拆出所选报道", self._split),
            ("移动所选报道…", self._move),
            ("用这件事演练（60 倍速）", self._rehearse),
        ):
            menu.addAction(text, action)
        menu.exec(
            self.table.viewport().mapToGlobal(place) if place else self.more.mapToGlobal(self.more.rect().bottomLeft())
        )

    def _articles_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.addAction("拆出所选，另成话题", self._split)
        menu.addAction("移动所选到…", self._move)
        menu.exec(self.articles.viewport().mapToGlobal(place))

    def _do(self, work: Callable[[Any], Any], then: Callable[[Any], None] | None = None) -> None:
        self.operations.run(work, then, CHANGED)

    def _stream(self) -> None:
        self.window().go_to_articles_of(self.view.topic)  # type: ignore[attr-defined]

    def _open_case(self) -> None:
        self.window().go("关切", self.view.concern.id)  # type: ignore[attr-defined]

    def _flag(self) -> None:
        topic, now = self.view.topic, self.now()
        why, good = QInputDialog.getText(self, "转为关切", "为什么要列为关切（会写入记录）：")
        if good:
            self._do(lambda database: topicwork.flag_topic(database, topic.id, why, self.person, now))

    def _rename(self) -> None:
        topic, now = self.view.topic, self.now()
        name, good = QInputDialog.getText(self, "话题改名", "新的名称：", text=topic.name)
        if good:
            self._do(lambda database: topicwork.rename_topic(database, topic.id, name, self.person, now))

    def _pin(self) -> None:
        topic, now = self.view.topic, self.now()
        self._do(lambda database: topicwork.pin_topic(database, topic.id, not topic.pinned, self.person, now))

    def _merge(self) -> None:
        """Merge the chosen topics into the one that is shown; with one chosen, ask which goes into it."""
        into, now = self.view.topic, self.now()
        others = [topic for topic in self.table.all_chosen() if topic.id != into.id]
        if not others:
            others = [t] if (t := self._ask_topic("合并", f"把哪个话题并入“{into.name}”？")) else []
        if others:
            ids = [topic.id for topic in others]
            self._do(lambda database: topicwork.merge_topics(database, into.id, ids, self.person, now))

    def _split(self) -> None:
        topic, now, ids = self.view.topic, self.now(), [a.id for a in self.articles.all_chosen()]
        self._do(lambda database: topicwork.split_topic(database, topic.id, ids, self.person, now), self.show_item)

    def _move(self) -> None:
        now, ids = self.now(), [a.id for a in self.articles.all_chosen()]
        if to := self._ask_topic("移动报道", f"把所选 {len(ids)} 篇移到哪个话题？"):
            self._do(lambda database: topicwork.move_articles(database, ids, to.id, self.person, now))

    def _rehearse(self) -> None:
        """A drill is a window of its own on a database of its own."""
        main = Path(__file__).resolve().parent.parent.parent / "main.py"
        options = ["--data", str(self.operations.folder)]
        options += ["--database", self.operations.url] if self.operations.url else []
        command = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, str(main)]
        subprocess.Popen([*command, *options, "drill", str(self.view.topic.id)])
        self.window().tell("演练窗口正在打开，关掉它后会给出结果表")  # type: ignore[attr-defined]

    def _undo(self) -> None:
        if change := self.changes.chosen():
            now = self.now()
            self._do(lambda database: topicwork.undo_change(database, change.id, self.person, now))

    def _ask_topic(self, title: str, text: str) -> Any:
        others = [topic for topic in self.table.rows_model.rows if topic.id != self.view.topic.id]
        names = [f"{topic.name}（{topic.articles} 篇）" for topic in others]
        name, good = QInputDialog.getItem(self, title, text, names, 0, False)
        return others[names.index(name)] if good and name in names else None


def _parts(topic: Any) -> str:
    return "，".join(f"{part.label} {topic.heat.parts[part]:.0f}×{part.weight:g}" for part in HeatPart)


def _about(topic: Any) -> str:
    return f"{topic.name}\n{' '.join(topic.keywords)}\n{'、'.join(topic.places)}　{topic.area}"


def _by_source(members: list[Any]) -> list[tuple[str, str, int, int, datetime]]:
    """(tier, source, articles, carried ones, earliest) by tier, then by time."""
    found: dict[str, list[Any]] = {}
    for item in members:
        found.setdefault(item.source, []).append(item)
    rows = [
        (items[0].tier, name, len(items), sum(a.repeats is not None for a in items), items[0].published_at)
        for name, items in found.items()
    ]
    rows.sort(key=lambda r: (-r[0].weight, r[4]))
    return [(tier.label, *rest) for tier, *rest in rows]
