"""总览: what needs me now."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtWidgets import QHBoxLayout, QWidget

from desk import casework
from desk.overview import Overview, Running, Waiting, overview
from desk.report import DUE, last_day
from domain.response import DeadlineState
from domain.times import CHINA, exact, lasting, parse_moment, said
from gui.operations import ALL, CONCERNS
from gui.pages.page import Page
from gui.theme import GRADE_COLOURS
from gui.widgets.parts import Column, OrEmpty, RowsModel, Table, button, column, label, row
from gui.widgets.steps import ask_dismiss, ask_judge, ask_regrade
from gui.widgets.welcome import Welcome

LATER = timedelta(minutes=30)


class OverviewPage(Page):
    title, shows = "总览", ALL

    def build(self) -> None:
        self.later: dict[int, datetime] = {}
        self.looked_at: datetime | None = None
        self.waiting = Table(
            "待研判",
            RowsModel(
                [
                    Column("关切", lambda w: w.concern.title, 240),
                    Column(
                        "建议等级",
                        lambda w: w.concern.suggested_grade.label,
                        92,
                        tip=lambda w: w.concern.grade_ground,
                        colour=lambda w: GRADE_COLOURS.get(w.concern.suggested_grade.code),
                        order=lambda w: w.concern.suggested_grade.rank,
                    ),
                    Column("为什么", self._why, 200, tip=self._why, spare=3),
                    Column("热度", lambda w: f"{w.topic.heat.value:.0f} {w.topic.heat.trend}", 64, True, spare=2),
                    Column(
                        "发现",
                        lambda w: said(w.concern.found_at, self.now()),
                        96,
                        tip=lambda w: exact(w.concern.found_at),
                        order=lambda w: w.concern.found_at,
                        spare=1,
                    ),
                ]
            ),
        )
        self.clocks = Table(
            "正在计时",
            RowsModel(
                [
                    Column("关切", lambda r: r.concern.title, 240),
                    Column("时限", lambda r: r.deadline.name, 124, tip=lambda r: r.deadline.how, spare=2),
                    Column("已用", lambda r: f"{r.used(self.now()):.0%}", 60, True, spare=1),
                    Column(
                        "剩余",
                        self._left,
                        164,
                        True,
                        tip=lambda r: f"截止 {exact(r.deadline.due_at)}\n{r.deadline.how}",
                        colour=lambda r: GRADE_COLOURS["I"] if self._overdue(r) else None,
                        order=lambda r: r.deadline.due_at,
                    ),
                ]
            ),
        )
        self.hot = Table(
            "热点",
            RowsModel(
                [
                    Column("", lambda h: str(h.rank), 36, True),
                    Column("话题", lambda h: h.topic.name, 180, tip=lambda h: h.topic.name),
                    Column(
                        "72 小时",
                        lambda _: "",
                        84,
                        curve=lambda h: h.curve,
                        tip=lambda _: "近 72 小时的报道量",
                        spare=1,
                    ),
                    Column("热度", lambda h: f"{h.topic.heat.value:.0f} {h.topic.heat.trend}", 60, True),
                    Column("篇·家", lambda h: f"{h.topic.articles}·{h.topic.sources}", 72, True, spare=2),
                ]
            ),
            stretch=1,
        )
        self.waiting.doubleClicked.connect(lambda _: self._open(self._chosen()))
        self.clocks.doubleClicked.connect(lambda _: self._open(self.clocks.chosen()))
        self.hot.doubleClicked.connect(lambda _: self._open_topic())
        self.today = label("", "", True)
        self.since = label("", "secondary")
        self.waiting_box = OrEmpty(self.waiting, "没有等待研判的关切。")
        self.clocks_box = OrEmpty(self.clocks, "没有正在计时的件。判定一件关切后，时限从这里开始计。")
        self.hot_box = OrEmpty(self.hot, "还没有话题。等下一轮采集，或按 F5 立即采集。")
        self.steps = [
            button("判定…", self._judge, True, "定等级和计时起点，时限开始计"),
            button("不予回应…", self._dismiss),
            button("稍后", self._put_off, tip="30 分钟后再提醒；重大以上的不能推后"),
            button("看关切", lambda: self._open(self._chosen())),
        ]
        left, right = QWidget(), QWidget()
        left.setLayout(
            column(
                row(label("待研判", "title"), None, *self.steps),
                self.waiting_box,
                label("正在计时", "title"),
                self.clocks_box,
            )
        )
        left.layout().addStretch(1)
        today = row(label("今日", "title"), None, button("交接班…", self._hand_over))
        right.setLayout(column(label("热点", "title"), self.hot_box, today, self.today))
        right.layout().addStretch(1)
        self.work = QWidget()
        split = QHBoxLayout()
        split.setSpacing(24)
        split.addWidget(left, 3)
        split.addWidget(right, 2)
        self.work.setLayout(column(split, self.since))
        self.welcome = Welcome(self.operations, self.person)
        self.setLayout(column(self.work, self.welcome, margin=16))
        self.work.hide()

    def tick(self) -> None:
        self.clocks.viewport().update()  # whose countdowns are read when they are drawn

    def refresh(self) -> None:
        now = self.now()
        if self.looked_at is None:
            kept = self.memory.value("looked_at")
            self.looked_at = parse_moment(str(kept)) if kept else now
        looked_at = self.looked_at
        self.operations.run(lambda database: overview(database, now, looked_at, last_day(now)), self._show)

    def _show(self, found: Overview) -> None:
        now = self.now()
        self.memory.setValue("looked_at", now.isoformat())
        self.welcome.setVisible(not found.articles)
        self.work.setVisible(bool(found.articles))
        waiting = sorted(found.waiting, key=lambda w: self._put_off_until(w) is not None)
        for table, box, rows, most in (
            (self.waiting, self.waiting_box, waiting, 8),
            (self.clocks, self.clocks_box, found.running, 8),
            (self.hot, self.hot_box, found.hot, 10),
        ):
            table.show_rows(rows, _key)
            box.set_empty(not rows)
            table.fit(3, most)
            box.setFixedHeight(table.height() if rows else 72)
        if waiting and self.waiting.chosen() is None:
            self.waiting.selectRow(0)
        for step in self.steps:
            step.setEnabled(bool(waiting))
        lines = [f"· {event.name}（{event.starts:%m-%d} 至 {event.ends:%m-%d}）" for event in found.events]
        due = datetime.combine(now.astimezone(CHINA).date(), DUE, CHINA)
        state = "已生成" if found.briefing_made else "还没有生成"
        rest = f"，距 10:30 还有 {lasting(due - now)}" if now < due and not found.briefing_made else ""
        lines.append(f"· {found.briefing_day:%m-%d} 的简报：{state}{rest}")
        if found.failing:
            lines.append(f"· {len(found.failing)} 个信源出错：{'、'.join(found.failing[:3])}")
        self.today.setText("\n".join(lines))
        assert self.looked_at
        self.since.setText(
            f"上次看是 {said(self.looked_at, now)}：新增信息 {found.new_articles} 条、话题 {found.new_topics} 个，"
            f"{len(found.silent)} 个信源静默。共有信息 {found.articles} 条。"
        )

    def _why(self, waiting: Waiting) -> str:
        until = self._put_off_until(waiting)
        if waiting.concern.escalated:
            return f"现判{waiting.concern.grade.label}，建议升级：{waiting.concern.grade_ground}"
        words = waiting.concern.reasons[0].words if waiting.concern.reasons else "人工转入"
        return f"稍后（{exact(until)[11:16]} 再提醒）· {words}" if until else words

    def _put_off_until(self, waiting: Waiting) -> datetime | None:
        until = self.later.get(waiting.concern.id)
        return until if until and until > self.now() else None

    def _overdue(self, running: Running) -> bool:
        return running.deadline.state(self.now()) is DeadlineState.OVERDUE

    def _left(self, running: Running) -> str:
        return f"{'▲ 已超时' if self._overdue(running) else '余'} {lasting(running.deadline.left(self.now()))}"

    def _chosen(self) -> Waiting | None:
        rows = self.waiting.rows_model.rows
        return self.waiting.chosen() or (rows[0] if rows else None)

    def _judge(self) -> None:
        chosen, now = self._chosen(), self.now()
        if chosen is None:
            return
        id = chosen.concern.id
        if chosen.concern.escalated:
            if changed := ask_regrade(self, chosen.concern, now):
                self.operations.run(
                    lambda database: casework.regrade(database, id, by=self.person, now=now, **changed),
                    changes=frozenset({CONCERNS}),
                )
        elif judged := ask_judge(self, chosen.concern, now):
            self.operations.run(
                lambda database: casework.judge(database, id, by=self.person, now=now, **judged),
                changes=frozenset({CONCERNS}),
            )

    def _dismiss(self) -> None:
        chosen, now = self._chosen(), self.now()
        if chosen and (reason := ask_dismiss(self)):
            id = chosen.concern.id
            self.operations.run(
                lambda database: casework.dismiss(database, id, reason=reason, by=self.person, now=now),
                changes=frozenset({CONCERNS}),
            )

    def _hand_over(self) -> None:
        from desk import people
        from gui.widgets.handover import HandOver

        def show(known) -> None:  # type: ignore[no-untyped-def]
            names = [person.name for person in known if person.active]
            self.handing = HandOver(self, self.operations, self.person, names)
            self.handing.open()

        self.operations.run(people.everyone, show)

    def _put_off(self) -> None:
        chosen = self._chosen()
        if chosen is None:
            return
        if chosen.concern.suggested_grade.grave:
            self.window().warn("建议为重大以上的关切不能推后，请先判定。")  # type: ignore[attr-defined]
            return
        self.later[chosen.concern.id] = self.now() + LATER
        self.refresh()

    def _open(self, chosen: Waiting | Running | None) -> None:
        if chosen:
            self.window().go("关切", chosen.concern.id)  # type: ignore[attr-defined]

    def _open_topic(self) -> None:
        if hot := self.hot.chosen():
            self.window().go("话题", hot.topic.id)  # type: ignore[attr-defined]


def _key(item) -> object:  # type: ignore[no-untyped-def]
    if isinstance(item, Waiting):
        return item.concern.id
    return item.deadline.id if isinstance(item, Running) else item.topic.id
