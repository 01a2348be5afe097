"""重大事件: what the office prepares for: the calendar, an event's plan, and a bench to try its words."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QFont, QTextCharFormat
from PySide6.QtWidgets import (
    QCalendarWidget,
    QComboBox,
    QDateEdit,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QInputDialog,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QScrollArea,
    QSplitter,
    QTabWidget,
    QWidget,
)

from desk import events
from domain.errors import InputError
from domain.event import USUAL_EASE, EventKind, MajorEvent, Phase
from domain.times import china_day, exact, parse_day
from gui.operations import EVENTS
from gui.pages.page import Page
from gui.widgets.parts import Column, OrEmpty, RowsModel, Table, button, column, label, row

CHANGED = frozenset({EVENTS})


class EventsPage(Page):
    title, shows = "重大事件", CHANGED

    def build(self) -> None:
        self.current: MajorEvent | None = None
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
        self.calendar = QCalendarWidget()
        self.calendar.setAccessibleName("事件日历")
        self.calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.calendar.setMaximumHeight(260)
        today = china_day(self.now())
        self.calendar.setSelectedDate(QDate(today.year, today.month, today.day))
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.calendar.setWeekdayTextFormat(day, QTextCharFormat())
        self.calendar.clicked.connect(self._choose_day)
        left = QWidget()
        left.setLayout(
            column(
                row(
                    label("重大事件", "title"),
                    None,
                    button("新建", self._new),
                    button("从预设添加…", self._preset),
                    button("更多", self._more),
                ),
                self.box,
                self.calendar,
            )
        )
        tabs = QTabWidget()
        tabs.addTab(self._form(), "计划")
        tabs.addTab(self._bench(), "试词")
        right = QWidget()
        self.heading = label("新的重大事件", "title", True)
        right.setLayout(
            column(row(self.heading, None, button("试词", self._try), button("保存", self._save, True)), tabs)
        )
        self.tabs = tabs
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left)
        split.addWidget(right)
        split.setSizes([500, 600])
        split.setChildrenCollapsible(False)
        self.setLayout(column(split, margin=16))
        self._new()

    def _form(self) -> QWidget:
        self.kind = QComboBox()
        for kind in EventKind:
            self.kind.addItem(kind.label, kind)
        self.name, self.words, self.all_words, self.none_words = (QLineEdit() for _ in range(4))
        self.weighted, self.place, self.on_duty = QLineEdit(), QLineEdit(), QLineEdit()
        self.threshold, self.ease = QDoubleSpinBox(), QDoubleSpinBox()
        self.threshold.setRange(0.1, 50)
        self.ease.setRange(0.1, 1)
        self.ease.setSingleStep(0.1)
        self.ease.setMaximumWidth(96)
        self.starts, self.ends = QDateEdit(), QDateEdit()
        for edit in (self.starts, self.ends):
            edit.setDisplayFormat("yyyy-MM-dd")
            edit.setCalendarPopup(True)
        self.phases, self.answers, self.tasks = QPlainTextEdit(), QPlainTextEdit(), QPlainTextEdit()
        for box, lines in ((self.phases, 3), (self.answers, 4), (self.tasks, 3)):
            box.setFixedHeight(lines * 20 + 14)
        self.name.setPlaceholderText("如 市“两会”")
        self.words.setPlaceholderText("含任一词，空格分开")
        self.all_words.setPlaceholderText("并且都含（可不填）")
        self.none_words.setPlaceholderText("不含（可不填）")
        self.weighted.setPlaceholderText("积水=1 决口=2：权重之和达到门槛才算")
        self.place.setPlaceholderText("还须提到的地名（可不填）")
        self.phases.setPlaceholderText("预热 2027-02-20 2027-03-02\n余波 2027-03-14 2027-03-20")
        self.answers.setPlaceholderText("事先备好的问答口径")
        self.tasks.setPlaceholderText("一行一件")
        dates, weights = QWidget(), QWidget()
        dates.setLayout(row(self.starts, label("至"), self.ends, None))
        weights.setLayout(row(self.weighted, label("门槛"), self.threshold))
        for holder in (dates, weights):
            holder.layout().setContentsMargins(0, 0, 0, 0)  # type: ignore[union-attr]
        form = QWidget()
        layout = QFormLayout(form)
        layout.setSpacing(8)
        for text, field in (
            ("类别", self.kind),
            ("名称", self.name),
            ("起止", dates),
            ("关键词", self.words),
            ("都含", self.all_words),
            ("不含", self.none_words),
            ("加权词", weights),
            ("地点", self.place),
            ("预警门槛 ×", self.ease),
            ("阶段", self.phases),
            ("口径", self.answers),
            ("值班", self.on_duty),
            ("任务", self.tasks),
        ):
            layout.addRow(text, field)
            field.setAccessibleName(text)
        scroll = QScrollArea()
        scroll.setWidget(form)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        return scroll

    def _bench(self) -> QWidget:
        self.told = label("写好词后点“试词”，看近 30 天命中哪些信息、为什么，改动会多出和漏掉哪些。", "secondary", True)
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
        self.hits.doubleClicked.connect(lambda _: self.window().go("信息", self.hits.chosen()[1].article.id))  # type: ignore[attr-defined]
        bench = QWidget()
        bench.setLayout(column(self.told, self.hits))
        return bench

    def refresh(self) -> None:
        self.operations.run(events.list_events, self._show)

    def _show(self, found: list[MajorEvent]) -> None:
        self.table.show_rows(found, lambda e: e.id)
        self.box.set_empty(not found)
        plain, marked = QTextCharFormat(), QTextCharFormat()
        marked.setFontWeight(QFont.Weight.Bold)
        marked.setForeground(self.palette().link())
        self.calendar.setDateTextFormat(QDate(), plain)
        for event in found:
            day = event.starts
            while day <= event.ends and (day - event.starts).days < 200:
                marked.setToolTip(event.name)
                self.calendar.setDateTextFormat(QDate(day.year, day.month, day.day), marked)
                day += timedelta(days=1)
        if found and self.current is not None and self.current.id == 0 and not self.name.text():
            self.table.selectRow(0)

    def show_item(self, id: int) -> None:
        for i, event in enumerate(self.table.rows_model.rows):
            if event.id == id:
                self.table.selectRow(i)

    def _choose_day(self, chosen: QDate) -> None:
        day: date = chosen.toPython()  # type: ignore[assignment]
        for i, event in enumerate(self.table.rows_model.rows):
            if event.active(day):
                self.table.selectRow(i)
                break

    def _phase(self, event: MajorEvent) -> str:
        today = china_day(self.now())
        return event.phase(today) or ("未到" if today < event.starts else "已过")

    def _new(self) -> None:
        today = china_day(self.now())
        self.table.clearSelection()
        self._fill(None, today, today + timedelta(days=7))

    def _edit(self, event: MajorEvent | None) -> None:
        if event is not None:
            self._fill(event, event.starts, event.ends)

    def _fill(self, event: MajorEvent | None, starts: date, ends: date) -> None:
        self.current = event
        self.heading.setText(event.name if event and event.id else "新的重大事件")
        self.kind.setCurrentText((event.kind if event else EventKind.OTHER).label)
        self.name.setText(event.name if event else "")
        for edit, day in ((self.starts, starts), (self.ends, ends)):
            edit.setDate(QDate(day.year, day.month, day.day))
        self.words.setText(" ".join(event.any_words) if event else "")
        self.all_words.setText(" ".join(event.all_words) if event else "")
        self.none_words.setText(" ".join(event.none_words) if event else "")
        self.weighted.setText(" ".join(f"{word}={weight:g}" for word, weight in event.weighted) if event else "")
        self.threshold.setValue(event.threshold if event else 2.0)
        self.place.setText(event.place if event else "")
        self.ease.setValue(event.ease if event else USUAL_EASE)
        self.phases.setPlainText("\n".join(f"{p.name} {p.starts} {p.ends}" for p in event.phases) if event else "")
        self.answers.setPlainText(event.answers if event else "")
        self.on_duty.setText(event.on_duty if event else "")
        self.tasks.setPlainText("\n".join(event.tasks) if event else "")

    def _read(self) -> MajorEvent | None:
        """The event as the form says; None, with a word to the user, where it makes no sense."""
        try:
            return MajorEvent(
                self.current.id if self.current else 0,
                self.kind.currentData(),
                self.name.text().strip(),
                self.starts.date().toPython(),  # type: ignore[arg-type]
                self.ends.date().toPython(),  # type: ignore[arg-type]
                tuple(self.words.text().split()),
                tuple(self.all_words.text().split()),
                tuple(self.none_words.text().split()),
                _weights(self.weighted.text()),
                self.threshold.value(),
                self.place.text().strip(),
                self.ease.value(),
                _phases(self.phases.toPlainText()),
                self.answers.toPlainText().strip(),
                self.on_duty.text().strip(),
                tuple(line.strip() for line in self.tasks.toPlainText().splitlines() if line.strip()),
            )
        except InputError as error:
            self.operations.failed.emit(str(error))
            return None

    def _save(self) -> None:
        event, now = self._read(), self.now()
        if event is None:
            return
        if event.id:
            self.operations.run(lambda db: events.change_event(db, event, self.person, now), None, CHANGED)
        else:
            self.operations.run(lambda db: events.add_event(db, event, self.person, now), self._added, CHANGED)

    def _added(self, id: int) -> None:
        self.operations.run(events.list_events, lambda found: (self._show(found), self.show_item(id)))

    def _try(self) -> None:
        event, now = self._read(), self.now()
        if event is not None:
            self.tabs.setCurrentIndex(1)
            self.told.setText("正在试……")
            self.operations.run(lambda database: events.try_words(database, event, now), self._show_trial)

    def _show_trial(self, trial: events.Trial) -> None:
        rows = [("漏", hit) for hit in trial.lost]
        rows += [("新" if hit.article.id in trial.added else "", hit) for hit in trial.hits]
        self.hits.show_rows(rows, lambda h: (h[0], h[1].article.id))
        told = f"近 30 天 {trial.looked_at} 条信息中命中 {len(trial.hits)} 条"
        if self.current is not None and self.current.id:
            told += f"；与已保存的相比，多 {len(trial.added)} 条（新），少 {len(trial.lost)} 条（漏）"
        self.told.setText(told + "。双击看原文。")

    def _preset(self) -> None:
        year = china_day(self.now()).year
        known = {event.name for event in self.table.rows_model.rows}
        found = [event for y in (year, year + 1) for event in events.presets(y) if event.ends >= china_day(self.now())]
        found = [event for event in found if event.name not in known]
        names = [f"{event.name}（{event.starts:%m-%d}—{event.ends:%m-%d}）" for event in found]
        name, good = QInputDialog.getItem(self, "从预设添加", "日期是往年惯例，添加前请核对：", names, 0, False)
        if good and name in names:
            event = found[names.index(name)]
            self._fill(event, event.starts, event.ends)

    def _more(self) -> None:
        menu = QMenu(self)
        menu.addAction("复制到明年", self._clone)
        menu.addAction("导入事件包…", self._import)
        menu.addAction("导出所选为事件包…", self._export)
        menu.addSeparator()
        menu.addAction("删除所选", self._remove)
        sender = self.sender()
        menu.exec(
            sender.mapToGlobal(sender.rect().bottomLeft()) if isinstance(sender, QWidget) else self.cursor().pos()
        )

    def _clone(self) -> None:
        if event := self.table.chosen():
            later = events.next_year(event)
            self._fill(later, later.starts, later.ends)

    def _import(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "导入事件包", "", "事件包 (*.toml)")
        if name:
            now = self.now()

            def work(database: Any) -> None:
                for event in events.import_pack(Path(name)):
                    events.add_event(database, event, self.person, now)

            self.operations.run(work, None, CHANGED)

    def _export(self) -> None:
        if event := self.table.chosen():
            name, _ = QFileDialog.getSaveFileName(self, "导出事件包", f"{event.name}.toml", "事件包 (*.toml)")
            if name:
                self.operations.run(lambda _: events.export_pack([event], Path(name)))

    def _remove(self) -> None:
        if event := self.table.chosen():
            now = self.now()
            self._new()
            self.operations.run(lambda db: events.remove_event(db, event.id, self.person, now), None, CHANGED)


def _weights(text: str) -> tuple[tuple[str, float], ...]:
    found = []
    for part in text.split():
        word, _, weight = part.replace("＝", "=").partition("=")
        try:
            found.append((word, float(weight or 1)))
        except ValueError as error:
            raise InputError(f"加权词“{part}”看不懂。请写成 词=权重，如 积水=1.5。") from error
    return tuple(found)


def _phases(text: str) -> tuple[Phase, ...]:
    found = []
    for line in filter(str.strip, text.splitlines()):
        parts = line.split()
        if len(parts) != 3:
            raise InputError(f"阶段“{line.strip()}”看不懂。请写成：名称 开始日期 结束日期。")
        found.append(Phase(parts[0], parse_day(parts[1]), parse_day(parts[2])))
    return tuple(found)
