"""话题: the list of topics and the one that is chosen; what its buttons and menus do."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QSplitter, QWidget

from desk.execute import execute
from desk.reporting.report import item_of_topic
from desk.topics import events, monitor
from desk.topics.folding import Matter, list_matters
from desk.topics.monitor import TopicView
from domain.person import Actor
from domain.steps.step import Step
from domain.steps.topics import FlagTopic, MergeTopics, MoveArticles, PinTopic, RenameTopic, SplitTopic, UndoTopicChange
from domain.times import exact, said
from domain.topic import Heat, HeatPart, Topic, TopicChange
from gui.kit.dialog import pop_up
from gui.kit.page import Page
from gui.kit.parts import Column, OrEmpty, RowsModel, Scrolled, Table, button, column, label, shortcut
from gui.kit.stepform import Given, StepForm, choice_form, line_form
from gui.operations import CONCERNS, EVENTS, TOPICS
from gui.reporting.adding import CAPTION, add_to_briefing
from gui.topics.filters import Filters
from gui.topics.lines import TopicLine, lines_of, warmth
from gui.topics.topictabs import TopicTabs
from gui.topics.topicview import TopicPane

CHANGED = frozenset({TOPICS, CONCERNS})
MOST = 300  # topics of the list
NARROW = 1000  # pixels of the page
MAIN = Path(__file__).resolve().parent.parent.parent / "main.py"


@dataclass(frozen=True, slots=True)
class _Read:
    """The topic that was asked for, and the one that it led to."""

    asked: int
    view: TopicView


class TopicsPage(Page):
    """Whatever is done is done to the topic that is shown."""

    title, shows = "话题", frozenset({TOPICS, CONCERNS, EVENTS})

    def build(self) -> None:
        self.wanted: int | None = None
        self.beyond: int | None = None  # a topic that is shown though the list, as filtered, has it not
        self.shown: int | None = None  # the topic that was asked for and is shown
        self.waiting = button("", lambda: self.table.show_held())
        self.waiting.hide()
        self.unfolded: set[int] = set()  # the topics whose matters are shown with all that belongs to them
        self.matters: list[Matter] = []
        self.filters = Filters(self.waiting)
        self.filters.changed.connect(self.refresh)
        self.table = self._list()
        self.box = OrEmpty(self.table, "没有符合条件的话题。换一个时段或筛选，或等下一轮采集。")
        left = QWidget()
        left.setLayout(column(label("话题", "title"), self.filters, self.box))
        self.case = button("看关切", self._open_case, True)
        self.flag = button("转为关切…", self._flag, True)
        self.more = button("更多", lambda: self._menu(None))
        self.pin = button("置顶", self._pin)
        self.spare = [self.pin, button("合并…", self._merge), button("改名…", self._rename)]
        self.tabs = TopicTabs(self._split, self._move)
        self.tabs.opened.connect(self.show_item)
        self.tabs.undone.connect(self._undo)
        self.right = TopicPane([self.case, self.flag, *self.spare, self.more], self.tabs)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left)
        self.scrolled = Scrolled(self.right)
        split.addWidget(self.scrolled)
        split.setSizes([580, 520])
        split.setChildrenCollapsible(False)
        self.setLayout(column(split, margin=16))

    def _list(self) -> Table:
        made = Table(
            "话题",
            RowsModel(
                [
                    Column(
                        "热度",
                        lambda line: warmth(line.heat),
                        84,
                        True,
                        lambda line: _parts(line.heat),
                        share=lambda line: line.heat.value / 100 if line.heat.enough else None,
                        order=lambda line: (line.matter.heat.enough, line.matter.heat.value),
                    ),
                    Column("话题", self._called, 240, tip=_about, order=lambda line: line.matter.name),
                    Column(
                        "篇·家",
                        lambda line: f"{line.articles}·{line.sources}",
                        84,
                        True,
                        lambda line: f"首发 {line.topic.first_source}",
                        order=lambda line: line.matter.articles,
                    ),
                    _column("关键词", lambda t: " ".join(t.keywords[:3]), 170, tip=_keywords, spare=4),
                    _column("领域", lambda t: t.area, 112, tip=lambda t: f"{t.area}（{t.area_ground}）", spare=3),
                    _column("地区", lambda t: "、".join(t.places[:2]), 76, spare=1),
                    Column(
                        "最新",
                        lambda line: said(line.last_at, self.now()),
                        104,
                        tip=lambda line: exact(line.last_at),
                        order=lambda line: line.matter.last_at,
                        spare=2,
                    ),
                ]
            ),
            stretch=1,
            several=True,
        )
        made.doubleClicked.connect(lambda _: self._fold())
        shortcut("Right", made, lambda: self._fold(True))
        shortcut("Left", made, lambda: self._fold(False))
        made.selectionModel().currentRowChanged.connect(lambda *_: self._read_chosen())
        made.waiting.connect(self._tell_waiting)
        made.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        made.customContextMenuRequested.connect(self._menu)
        return made

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the buttons that 更多 has too give way."""
        super().resizeEvent(event)
        for spare in self.spare:
            spare.setVisible(self.width() >= NARROW)

    def refresh(self) -> None:
        now, wanted = self.now(), self.filters.wanted
        since = self.filters.since(now)
        self.operations.read(lambda database: list_matters(database, since, MOST, wanted, now), self._show)
        self.operations.read(events.list_events, self.filters.show_events)

    def show_item(self, id: int) -> None:
        self.wanted = id
        self.refresh()

    def _show(self, matters: list[Matter]) -> None:
        self.matters = matters
        if self.wanted is not None:
            inside = [m for m in matters if any(topic.id == self.wanted for topic in m.topics[1:])]
            self.unfolded |= {m.lead.id for m in inside}
        self.table.offer_rows(lines_of(matters, self.unfolded), lambda line: line.id)
        self.box.set_empty(not matters)
        rows = self.table.rows_model.rows
        place = next((i for i, t in enumerate(rows) if t.id == self.wanted), None)
        if self.wanted is not None and place is None:
            self.beyond = self.wanted
            self.table.choose_none()
        if place is None and self.beyond is None and not self.table.currentIndex().isValid() and rows:
            place = 0
        self.wanted = None
        if place is not None:
            self.table.choose(place)
        self._read_chosen()

    def _fold(self, open: bool | None = None) -> None:
        """Show the topics of the chosen matter under it, or fold them again."""
        line: TopicLine | None = self.table.chosen()
        if line is None or len(line.matter.topics) == 1:
            return
        lead = line.matter.lead.id
        if open is None:
            open = lead not in self.unfolded
        if open:
            self.unfolded.add(lead)
        else:
            self.unfolded.discard(lead)
            if not line.leads:  # what was chosen goes from the list: the matter stands for it
                self.table.choose(next(i for i, one in enumerate(self.table.rows_model.rows) if one.id == lead))
        self.table.show_rows(lines_of(self.matters, self.unfolded), lambda one: one.id)

    def _called(self, line: TopicLine) -> str:
        return line.called(line.matter.lead.id in self.unfolded)

    def _tell_waiting(self, count: int) -> None:
        self.waiting.setText(f"更新 {count} 条")
        self.waiting.setVisible(count > 0)

    def _read_chosen(self) -> None:
        topic: TopicLine | None = self.table.chosen()
        id = topic.id if topic is not None else self.beyond
        if topic is not None:
            self.beyond = None
        if id is None:
            self.operations.forget(self._show_topic)
            self.right.leave()
            return
        if self.shown != id:
            self.right.wait()
        self.operations.read(lambda database: _Read(id, monitor.topic_view(database, id)), self._show_topic)

    def _show_topic(self, read: _Read) -> None:
        view = read.view
        if self.shown != read.asked:
            self.scrolled.verticalScrollBar().setValue(0)  # where it says which topic this is
        self.shown = read.asked
        self.case.setVisible(view.at_case is not None)
        self.flag.setVisible(view.at_case is None)  # of what a case has already, 更多 makes another
        self.pin.setText("取消置顶" if view.topic.pinned else "置顶")
        matter = next((m for m in self.matters if any(topic.id == view.topic.id for topic in m.topics)), None)
        self.right.show_topic(view, matter, self.now())

    @property
    def view(self) -> TopicView | None:
        """The topic that is shown, None before the first."""
        return self.right.view

    @property
    def _topic(self) -> Topic:
        """The topic that is shown; the buttons are there once there is one."""
        assert self.right.view is not None
        return self.right.view.topic

    def _menu(self, place: QPoint | None) -> None:
        menu = QMenu(self)
        told = self.view is not None and self.view.told_by is not None
        for text, action in (
            *((("单列为关切…", self._flag),) if told else ()),
            ("展开 / 收起这件事", self._fold),
            ("看这个话题的信息", lambda: self.frame.go_to_articles_of(self._topic)),
            ("置顶 / 取消置顶", self._pin),
            (CAPTION, self._add_to_briefing),
            ("改名…", self._rename),
            ("合并所选…", self._merge),
            ("拆出所选报道", self._split),
            ("移动所选报道…", self._move),
            ("用这件事演练（60 倍速）", self._rehearse),
        ):
            menu.addAction(text, action)
        pop_up(
            menu,
            self.table.viewport().mapToGlobal(place) if place else self.more.mapToGlobal(self.more.rect().bottomLeft()),
        )

    def _take(self, step: Step, then: Callable[[Any], None] | None = None) -> None:
        actor, now = Actor(self.person), self.now()
        self.operations.run(lambda database: execute(database, step, actor, now), then, CHANGED)

    def _submit(self, form: StepForm, make: Callable[[Given], Step]) -> None:
        actor = Actor(self.person)
        form.submit(
            self.operations,
            lambda database, given: execute(database, make(given), actor, self.now()),
            changes=CHANGED,
        )

    def _open_case(self) -> None:
        if self.view is not None and self.view.at_case is not None:
            self.frame.go_to_case(self.view.at_case.id)

    def _flag(self) -> None:
        assert self.view is not None
        topic, told = self._topic, self.view.told_by
        leaves = f"\n这个话题现在归在关切 {told.id}“{told.title}”，单列以后从那一件里移出，另行判定。" if told else ""
        note = f"{topic.name}{leaves}\n理由会写入记录。"
        form = line_form(self, "单列为关切" if told else "转为关切", "为什么要列为关切", "why", note=note)
        self._submit(form, lambda given: FlagTopic(topic.id, **given))

    def _rename(self) -> None:
        topic = self._topic
        form = line_form(self, "话题改名", "新的名称", "name", topic.name)
        self._submit(form, lambda given: RenameTopic(topic.id, **given))

    def _add_to_briefing(self) -> None:
        id = self._topic.id
        add_to_briefing(self, lambda database: item_of_topic(database, id))

    def _pin(self) -> None:
        self._take(PinTopic(self._topic.id, not self._topic.pinned))

    def _merge(self) -> None:
        """Merge the chosen topics into the one that is shown; with one chosen, ask which goes into it."""
        into = self._topic
        others = tuple(line.id for line in self.table.all_chosen() if line.id != into.id)
        if others:
            self._take(MergeTopics(into.id, others))
        else:
            form = self._topic_form("合并", "others", f"把哪个话题并入“{into.name}”？")
            self._submit(form, lambda given: MergeTopics(into.id, (given["others"],)))

    def _split(self) -> None:
        self._take(SplitTopic(self._topic.id, self.tabs.chosen_articles()), self.show_item)

    def _move(self) -> None:
        ids = self.tabs.chosen_articles()
        if not ids:
            self.frame.warn("请先在“报道”里选中要移动的几篇。")
            return
        form = self._topic_form("移动报道", "articles", f"把所选 {len(ids)} 篇移到哪个话题？")
        self._submit(form, lambda given: MoveArticles(given["articles"], ids))

    def _undo(self, change: TopicChange) -> None:
        self._take(UndoTopicChange(change.id))

    def _rehearse(self) -> None:
        """A drill is a window of its own on a database of its own."""
        options = ["--data", str(self.operations.folder)]
        options += ["--database", self.operations.url] if self.operations.url else []
        command = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, str(MAIN)]
        subprocess.Popen([*command, *options, "drill", str(self._topic.id)])
        self.frame.tell("演练窗口正在打开，关掉它后会给出结果表")

    def _topic_form(self, title: str, key: str, note: str) -> StepForm:
        """Which of the other topics in the list is meant."""
        others = [topic for matter in self.matters for topic in matter.topics if topic.id != self._topic.id]
        choices = [(f"{topic.name}（{topic.articles} 篇）", topic.id) for topic in others]
        return choice_form(self, title, "话题", key, choices, note)


def _parts(heat: Heat) -> str:
    return "，".join(f"{part.label} {heat.parts[part]:.0f}×{part.weight:g}" for part in HeatPart)


def _keywords(topic: Topic) -> str:
    return " ".join(topic.keywords)


def _about(line: TopicLine) -> str:
    topic = line.topic
    return f"{topic.name}\n{' '.join(topic.keywords)}\n{'、'.join(topic.places)}　{topic.area}"


def _column(
    heading: str,
    text: Callable[[Topic], str],
    width: int,
    *,
    tip: Callable[[Topic], str] | None = None,
    spare: int = 0,
) -> Column:
    """A column about the topic of a line; matters are ordered by the topic that stands for them, with all theirs."""
    return Column(
        heading,
        lambda line: text(line.topic),
        width,
        tip=(lambda line: tip(line.topic)) if tip else None,
        order=lambda line: text(line.matter.lead),
        spare=spare,
    )
