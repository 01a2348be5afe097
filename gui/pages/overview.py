"""总览: what needs me now."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from desk import casework, monitor, report
from domain.concern import ConcernState
from domain.response import DeadlineState
from domain.times import DAY, china_day, exact, lasting, said
from gui.operations import ALL
from gui.pages.page import Page
from gui.widgets.parts import Column, OrEmpty, RowsModel, Table, button, column, label, row
from gui.widgets.welcome import Welcome


class OverviewPage(Page):
    title, shows = "总览", ALL

    def build(self) -> None:
        self.waiting = Table(
            "待研判",
            RowsModel(
                [
                    Column("待研判", lambda c: c[0].title, 300),
                    Column("建议等级", lambda c: c[0].suggested_grade.label, 92, tip=lambda c: c[0].grade_ground),
                    Column("为什么", lambda c: c[0].reasons[0].words if c[0].reasons else "人工转入", 200),
                    Column("发现", lambda c: said(c[0].found_at, self.now()), 100, tip=lambda c: exact(c[0].found_at)),
                ]
            ),
        )
        self.clocks = Table(
            "正在计时",
            RowsModel(
                [
                    Column("正在计时", lambda d: d[0].title, 300),
                    Column("时限", lambda d: d[1].name, 120, tip=lambda d: d[1].how),
                    Column("余", lambda d: self._left(d[1]), 130, True, tip=lambda d: d[1].how),
                ]
            ),
        )
        self.hot = Table(
            "热点",
            RowsModel(
                [
                    Column("热点", lambda t: f"{t.heat.trend} {t.name}", 200, tip=lambda t: t.name),
                    Column("热度", lambda t: f"{t.heat.value:.0f}", 52, True),
                    Column("篇·家", lambda t: f"{t.articles}·{t.sources}", 88, True),
                ]
            ),
        )
        self.waiting.doubleClicked.connect(lambda _: self._open_case(self.waiting))
        self.clocks.doubleClicked.connect(lambda _: self._open_case(self.clocks))
        self.hot.doubleClicked.connect(lambda _: self._open_topic())
        self.today = label("", "", True)
        self.count = label("", "secondary")
        left, right = QWidget(), QWidget()
        self.waiting_box = OrEmpty(self.waiting, "没有等待研判的关切。")
        self.clocks_box = OrEmpty(self.clocks, "没有正在计时的件。判定一件关切后，时限从这里开始计。")
        self.hot_box = OrEmpty(self.hot, "还没有话题。")
        go = button("去判定", lambda: self._open_case(self.waiting), True)
        left.setLayout(
            column(
                row(label("待研判", "title"), None, go), self.waiting_box, label("正在计时", "title"), self.clocks_box
            )
        )
        right.setLayout(column(label("热点", "title"), self.hot_box, label("今日", "title"), self.today))
        self.work = QWidget()
        split = QHBoxLayout()
        split.setSpacing(24)
        split.addWidget(left, 3)
        split.addWidget(right, 2)
        whole = column(split, self.count, margin=0)
        self.work.setLayout(whole)
        self.welcome = Welcome(self.operations, self.person)
        self.setLayout(column(self.work, self.welcome, margin=16))
        self.work.hide()

    def refresh(self) -> None:
        def read(database):  # type: ignore[no-untyped-def]
            now = self.now()
            known = casework.concerns(database)
            events = [e for e in monitor.list_events(database) if e.active(china_day(now))]
            made = any(day == china_day(now) for day, _, _ in report.issued(database))
            topics = monitor.list_topics(database, since=now - 3 * DAY, limit=10)
            return known, topics, events, made, monitor.article_count(database)

        self.operations.run(read, self._show)

    def _show(self, found) -> None:  # type: ignore[no-untyped-def]
        known, topics, events, made, count = found
        self.welcome.setVisible(not count)
        self.work.setVisible(bool(count))
        waiting = [c for c in known if c[0].state is ConcernState.FLAGGED]
        running = sorted(
            ((c, d) for c, clocks in known for d in clocks if d.met_at is None and not d.withdrawn and c.state.running),
            key=lambda pair: pair[1].due_at,
        )
        self.waiting.show_rows(waiting, lambda c: c[0].id)
        self.clocks.show_rows(running, lambda d: d[1].id)
        self.hot.show_rows(topics, lambda t: t.id)
        for box, rows in ((self.waiting_box, waiting), (self.clocks_box, running), (self.hot_box, topics)):
            box.set_empty(not rows)
        lines = [f"· {event.name}（{event.starts:%m-%d} 至 {event.ends:%m-%d}）" for event in events]
        lines.append("· 简报：今天的已生成" if made else "· 简报：今天的还没有生成")
        self.today.setText("\n".join(lines))
        self.count.setText(f"共有信息 {count} 条")

    def _left(self, deadline) -> str:  # type: ignore[no-untyped-def]
        now = self.now()
        over = deadline.state(now) is DeadlineState.OVERDUE
        return f"{'▲ 已超时' if over else '余'} {lasting(deadline.left(now))}"

    def _open_case(self, table: Table) -> None:
        chosen = table.chosen() or (table.rows_model.rows[0] if table.rows_model.rows else None)
        if chosen:
            self.window().go("关切", chosen[0].id)  # type: ignore[attr-defined]

    def _open_topic(self) -> None:
        if topic := self.hot.chosen():
            self.window().go("话题", topic.id)  # type: ignore[attr-defined]
