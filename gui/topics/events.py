"""重大事件: what the office prepares for: the calendar, an event's plan, and a bench to try its words."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDate, QPoint, Qt
from PySide6.QtWidgets import QFileDialog, QMenu, QSplitter, QTabWidget, QWidget

from desk.execute import execute
from desk.topics import events
from desk.topics.eventpack import export_pack, import_pack
from domain.errors import InputError
from domain.event import MajorEvent
from domain.person import Actor
from domain.steps.events import AddEvent, ChangeEvent, RemoveEvent
from domain.times import china_day, exact
from gui.kit.dialog import pop_up
from gui.kit.moments import as_day
from gui.kit.page import Page
from gui.kit.parts import Column, OrEmpty, RowsModel, Table, button, column, label, row
from gui.kit.stepform import Given, choice_form
from gui.operations import EVENTS, Refusal
from gui.topics.eventcalendar import EventCalendar
from gui.topics.eventform import NAMELESS, EventForm, as_typed

if TYPE_CHECKING:
    from desk.data import Database

CHANGED = frozenset({EVENTS})
UNNAMEABLE = r'[\\/:*?"<>|\x00-\x1f]'  # what a file's name cannot have on one system or another
PLAN, BENCH = 0, 1  # the places of the tabs
WEEK = timedelta(days=7)


class EventsPage(Page):
    """What was typed for an event and not saved is there again when it is looked at the next time."""

    title, shows = "重大事件", CHANGED

    def build(self) -> None:
        self.current: MajorEvent | None = None
        self._typed: dict[int, dict[str, Any]] = {}  # by event, what was not saved when another was looked at
        self.plan = EventForm(self)
        self.tabs = QTabWidget()
        self.tabs.addTab(self.plan, "计划")
        self.tabs.addTab(self._bench(), "试词")
        right = QWidget()
        self.heading = label(NAMELESS, "title", True)
        right.setLayout(
            column(
                row(self.heading, None, button("试词", self._try), button("保存", self._save, True)),
                self.plan.faults.foot,
                self.tabs,
            )
        )
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self._left())
        split.addWidget(right)
        split.setSizes([500, 600])
        split.setChildrenCollapsible(False)
        self.setLayout(column(split, margin=16))
        self._new()

    def _left(self) -> QWidget:
        self.table = Table(
            "重大事件",
            RowsModel(
                [
                    Column("名称", lambda e: e.name, 200),
                    Column("类别", lambda e: e.kind.label, 112, spare=2),
                    Column(
                        "日期", lambda e: f"{e.starts:%m-%d}—{e.ends:%m-%d}", 120, tip=lambda e: f"{e.starts}—{e.ends}"
                    ),
                    Column("阶段", self._phase, 64, spare=1),
                ]
            ),
            stretch=0,
        )
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._edit(self.table.chosen()))
        self.box = OrEmpty(self.table, "还没有重大事件。用“从预设添加”选两会、经济数据、防汛等，或“新建”。")
        self.calendar = EventCalendar(self._today())
        self.calendar.clicked.connect(self._choose_day)
        self.more = button("更多", self._more)
        head = row(
            label("重大事件", "title"),
            None,
            button("新建", self._new),
            button("从预设添加…", self._preset),
            self.more,
        )
        left = QWidget()
        left.setLayout(column(head, self.box, self.calendar))
        return left

    def _bench(self) -> QWidget:
        self.tried = label(
            "写好词后点“试词”，看近 30 天命中哪些信息、为什么，改动会多出和漏掉哪些。", "secondary", True
        )
        self.hits = Table(
            "试词结果",
            RowsModel(
                [
                    Column("", lambda h: h[0], 44, tip=lambda h: h[0]),
                    Column("时间", lambda h: exact(h[1].article.published_at)[5:], 106),
                    Column("信息", lambda h: h[1].article.title, 260),
                    Column("命中的词", lambda h: "、".join(h[1].words), 140),
                    Column("来源", lambda h: h[1].article.source, 100),
                ]
            ),
            stretch=2,
        )
        self.hits.doubleClicked.connect(lambda _: self.frame.go_to_article(self.hits.chosen()[1].article.id))
        bench = QWidget()
        bench.setLayout(column(self.tried, self.hits))
        return bench

    def refresh(self) -> None:
        self.operations.read(events.list_events, self._show)

    def show_item(self, id: int) -> None:
        for i, event in enumerate(self.table.rows_model.rows):
            if event.id == id:
                self.table.selectRow(i)

    def unsaved(self) -> str:
        return super().unsaved() or (f"“{self.title}”里没有存完的几件" if self._typed else "")

    def _show(self, known: list[MajorEvent]) -> None:
        self.table.show_rows(known, lambda e: e.id)
        self.box.set_empty(not known)
        self.calendar.show_events(known)
        if known and self.current is not None and self.current.id == 0 and not self.plan.name.text():
            self.table.selectRow(0)

    def _choose_day(self, chosen: QDate) -> None:
        day = as_day(chosen)
        for i, event in enumerate(self.table.rows_model.rows):
            if event.active(day):
                self.table.selectRow(i)
                break

    def _today(self) -> date:
        return china_day(self.now())

    def _phase(self, event: MajorEvent) -> str:
        today = self._today()
        return event.phase(today) or ("未到" if today < event.starts else "已过")

    def _new(self) -> None:
        self.table.clearSelection()
        self._fill(None, self._today(), self._today() + WEEK, True)

    def _edit(self, event: MajorEvent | None) -> None:
        if event is not None:
            self._fill(event, event.starts, event.ends, False)

    @property
    def _id(self) -> int:
        """The event that is shown, 0 for one that is not stored yet."""
        return self.current.id if self.current else 0

    def _fill(self, event: MajorEvent | None, starts: date, ends: date, anew: bool) -> None:
        """Show an event. What was typed for it and not saved is there again, unless it is to be begun `anew`."""
        self.operations.forget(self._show_trial)  # which was of the words that stood here before
        before, id, form = self._id, event.id if event else 0, self.plan.form
        self.current = event
        self.heading.setText(event.name if event and event.id else NAMELESS)
        stored = as_typed(event, starts, ends)
        if id == before and not anew:  # read anew from the store
            form.show(stored)
            return
        self.plan.faults.clear()
        if typed := form.typed():
            self._typed[before] = typed
        form.start_anew(stored)
        typed = self._typed.pop(id, {})
        if not anew:
            form.put(typed)

    def _read(self) -> MajorEvent | None:
        """The event as the form says; None, with a word to the user, where it makes no sense."""
        try:
            return self.plan.event_of(self._id)
        except InputError as error:
            self._refuse(Refusal.of(error))
            return None

    def _refuse(self, refusal: Refusal) -> None:
        """Say beside the field why the event cannot be kept or tried so; all stays as it was typed."""
        self.tabs.setCurrentIndex(PLAN)
        self.plan.faults.show(refusal)

    def _save(self) -> None:
        event, now = self._read(), self.now()
        if event is None:
            return
        self.plan.faults.clear()
        sent, actor = self.plan.form.values(), Actor(self.person)

        def changed(_: object) -> None:
            self._saved(event.id, sent)

        def added(id: int) -> None:
            self._saved(0, sent)
            self._added(id)

        if event.id:
            self.operations.run(
                lambda db: execute(db, ChangeEvent(event), actor, now), changed, CHANGED, failed=self._refuse
            )
        else:
            self.operations.run(
                lambda db: execute(db, AddEvent(event), actor, now), added, CHANGED, failed=self._refuse
            )

    def _saved(self, id: int, sent: dict[str, Any]) -> None:
        """What was sent is stored; where another event is shown by now, nothing of it waits any more."""
        if self._id == id:
            self.plan.form.saved(sent)
        else:
            self._typed.pop(id, None)

    def _added(self, id: int) -> None:
        def show(known: list[MajorEvent]) -> None:
            self._show(known)
            self.show_item(id)

        self.operations.read(events.list_events, show, place=(self, "added"))

    def _try(self) -> None:
        event, now = self._read(), self.now()
        if event is not None:
            self.tabs.setCurrentIndex(BENCH)
            self.tried.setText("正在试……")
            self.operations.read(
                lambda database: events.try_words(database, event, now), self._show_trial, failed=self._refuse
            )

    def _show_trial(self, trial: events.Trial) -> None:
        rows = [("漏", hit) for hit in trial.lost]
        rows += [("新" if hit.article.id in trial.added else "", hit) for hit in trial.hits]
        self.hits.show_rows(rows, lambda h: (h[0], h[1].article.id))
        counted = f"近 30 天 {trial.looked_at} 条信息中命中 {len(trial.hits)} 条"
        if self._id:
            counted += f"；与已保存的相比，多 {len(trial.added)} 条（新），少 {len(trial.lost)} 条（漏）"
        self.tried.setText(counted + "。双击看原文。")

    def _preset(self) -> None:
        today, known = self._today(), {event.name for event in self.table.rows_model.rows}
        coming = [event for year in (today.year, today.year + 1) for event in events.presets(year)]
        choices = [
            (f"{event.name}（{event.starts:%m-%d}—{event.ends:%m-%d}）", event)
            for event in coming
            if event.ends >= today and event.name not in known
        ]
        form = choice_form(self, "从预设添加", "事件", "event", choices, "日期是往年惯例，添加前请核对。")

        def take(given: Given) -> None:
            form.taken()
            self._fill(given["event"], given["event"].starts, given["event"].ends, True)

        form.ask(take)

    def _more(self) -> None:
        menu = QMenu(self)
        menu.addAction("复制到明年", self._clone)
        menu.addAction("导入事件包…", self._import)
        menu.addAction("导出所选为事件包…", self._export)
        menu.addSeparator()
        menu.addAction("删除所选", self._remove)
        pop_up(menu, self.more.mapToGlobal(QPoint(0, self.more.height())))

    def _clone(self) -> None:
        if event := self.table.chosen():
            later = events.next_year(event)
            self._fill(later, later.starts, later.ends, True)

    def _import(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "导入事件包", "", "事件包 (*.toml)")
        if name:
            now, actor = self.now(), Actor(self.person)

            def work(database: Database) -> tuple[str, ...]:
                pack = import_pack(Path(name))
                for event in pack.events:
                    execute(database, AddEvent(event), actor, now)
                return pack.troubles

            def done(troubles: tuple[str, ...]) -> None:
                if troubles:
                    self.window().tell("".join(troubles[:5]) + "其余的已导入。")  # type: ignore[attr-defined]

            self.operations.run(work, done, CHANGED)

    def _export(self) -> None:
        if event := self.table.chosen():
            name, _ = QFileDialog.getSaveFileName(
                self, "导出事件包", f"{re.sub(UNNAMEABLE, '_', event.name)}.toml", "事件包 (*.toml)"
            )
            if name:
                self.operations.run(lambda _: export_pack([event], Path(name)), network=True)

    def _remove(self) -> None:
        if event := self.table.chosen():
            now, actor = self.now(), Actor(self.person)
            self._new()
            self.operations.run(lambda db: execute(db, RemoveEvent(event.id), actor, now), None, CHANGED)
