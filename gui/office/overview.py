"""总览: what needs me now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QWidget

from desk.cases.deadlines import Clockwork
from desk.execute import execute
from desk.office import backups
from desk.office.overview import Hot, Overview, Running, Waiting, overview
from desk.reporting.report import DUE, last_day
from domain.person import Actor, Person
from domain.response import Deadline, DeadlineState, is_urgent
from domain.steps.cases import DismissConcern, JudgeConcern, RegradeConcern
from domain.steps.step import Step
from domain.times import CHINA, HOUR, exact, lasting, parse_moment, said, span
from gui.cases.steps import dismiss_form, judge_form, regrade_form
from gui.kit.page import Page
from gui.kit.parts import Column, OrEmpty, RowsModel, Scrolled, Table, button, column, label, row
from gui.kit.stepform import Given, StepForm
from gui.kit.theme import GRADE_COLOURS
from gui.office.welcome import Welcome
from gui.operations import ALL, CONCERNS
from gui.topics.lines import warmth

if TYPE_CHECKING:
    from desk.data import Database

MOST_NAMED = 8  # topics of a matter that a tip names
LATER = timedelta(minutes=30)
MOST_URGENT = 3  # unjudged emergencies that are named above all else


class OverviewPage(Page):
    title, shows = "总览", ALL

    def build(self) -> None:
        self.later: dict[int, datetime] = {}
        self.clockwork = Clockwork()
        self.unjudged: list[Running] = []
        self.looked_at: datetime | None = None
        self.waiting, self.clocks, self.hot = self._waiting_table(), self._clocks_table(), self._hot_table()
        self.waiting.doubleClicked.connect(lambda _: self._open(self._chosen()))
        self.clocks.doubleClicked.connect(lambda _: self._open(self.clocks.chosen()))
        self.hot.doubleClicked.connect(lambda _: self._open_topic())
        self.urgent = label("", "fault", True)  # emergencies that nobody has judged, with the seconds running
        self.urgent.hide()
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
        work = column(
            row(label("待研判", "title"), None, *self.steps),
            self.waiting_box,
            label("正在计时", "title"),
            self.clocks_box,
        )
        work.addStretch(1)
        left.setLayout(work)
        today = row(label("今日", "title"), None, button("交接班…", self._hand_over))
        around = column(label("热点", "title"), self.hot_box, today, self.today)
        around.addStretch(1)
        right.setLayout(around)
        self.work = QWidget()
        split = QHBoxLayout()
        split.setSpacing(24)
        split.addWidget(left, 3)
        split.addWidget(right, 2)
        self.work.setLayout(column(self.urgent, split, self.since))
        self.scrolled = Scrolled(self.work)  # in a low window the lists keep their rows, and nothing lies on another
        self.welcome = Welcome(self.operations, self.frame)
        self.setLayout(column(self.scrolled, self.welcome, margin=16))
        self.scrolled.hide()

    def _waiting_table(self) -> Table:
        return Table(
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
                    Column("热度", lambda w: f"{w.heat.value:.0f} {w.heat.trend}", 64, True, spare=2),
                    Column(
                        "研判时限",
                        self._to_judge,
                        116,
                        True,
                        tip=lambda w: f"截止 {exact(w.clock.due_at)}\n{w.clock.how}" if w.clock else "",
                        colour=lambda w: GRADE_COLOURS["I"] if w.clock and self._over(w.clock) else None,
                        order=lambda w: w.clock.due_at.timestamp() if w.clock else float("inf"),
                    ),
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

    def _clocks_table(self) -> Table:
        return Table(
            "正在计时",
            RowsModel(
                [
                    Column("关切", lambda r: r.concern.title, 240),
                    Column("时限", lambda r: r.deadline.name, 124, tip=lambda r: r.deadline.how, spare=2),
                    Column("已用", lambda r: f"{r.used(self.now()):.0%}", 60, True, spare=1),
                    Column(
                        "剩余",
                        self._left,
                        184,
                        True,
                        tip=lambda r: f"截止 {exact(r.deadline.due_at)}\n{r.deadline.how}",
                        colour=lambda r: GRADE_COLOURS["I"] if self._overdue(r) else None,
                        order=lambda r: r.deadline.due_at,
                    ),
                ]
            ),
        )

    def _hot_table(self) -> Table:
        return Table(
            "热点",
            RowsModel(
                [
                    Column("", lambda h: str(h.rank), 36, True),
                    Column("事件", lambda h: h.matter.name, 180, tip=_topics_of),
                    Column(
                        "72 小时",
                        lambda _: "",
                        84,
                        curve=lambda h: h.curve,
                        tip=lambda _: "近 72 小时的报道量",
                        spare=1,
                    ),
                    Column("热度", lambda h: warmth(h.matter.heat), 84, True),
                    Column("篇·家", lambda h: f"{h.matter.articles}·{h.matter.sources}", 84, True, spare=2),
                ]
            ),
            stretch=1,
        )

    def tick(self) -> None:
        for table in (self.clocks, self.waiting):
            table.viewport().update()  # whose countdowns are read when they are drawn
        self._tell_urgent()

    def refresh(self) -> None:
        now = self.now()
        if self.looked_at is None:
            kept = self.memory.value("looked_at")
            self.looked_at = parse_moment(str(kept)) if kept else now
        looked_at = self.looked_at
        folder = self.operations.folder

        def read(database: Database) -> tuple[Overview, backups.BackupStatus]:
            return overview(database, now, looked_at, last_day(now)), backups.standing(database, folder, now)

        self.operations.read(read, self._show)

    def _show(self, read: tuple[Overview, backups.BackupStatus]) -> None:
        seen, standing = read
        self.clockwork = seen.clockwork
        self.unjudged = [one for one in seen.running if is_urgent(one.concern, one.deadline)]
        self._tell_urgent()
        self.memory.setValue("looked_at", self.now().isoformat())
        self.welcome.setVisible(not seen.articles)
        self.scrolled.setVisible(bool(seen.articles))
        waiting = sorted(seen.waiting, key=lambda w: self._put_off_until(w) is not None)
        for table, box, rows, most in (
            (self.waiting, self.waiting_box, waiting, 8),
            (self.clocks, self.clocks_box, seen.running, 8),
            (self.hot, self.hot_box, seen.hot, 10),
        ):
            table.show_rows(rows, _key)
            box.set_empty(not rows)
            table.fit(3, most)
            box.setFixedHeight(table.height() if rows else 72)
        if waiting and self.waiting.chosen() is None:
            self.waiting.choose(0)
        for step in self.steps:
            step.setEnabled(bool(waiting))
        self.today.setText("\n".join(_today(seen, standing, self.now())))
        assert self.looked_at
        self.since.setText(
            f"上次看是 {said(self.looked_at, self.now())}：新增信息 {seen.new_articles} 条、事件 {seen.new_matters} 件，"
            f"{len(seen.silent)} 个信源静默。共有信息 {seen.articles} 条。"
        )

    def _why(self, waiting: Waiting) -> str:
        until = self._put_off_until(waiting)
        if waiting.concern.escalated:
            return f"现判{waiting.concern.grade.label}，建议升级：{waiting.concern.grade_ground}"
        if waiting.concern.turned:
            return f"新动向：{waiting.concern.turns}"
        words = waiting.concern.reasons[0].words if waiting.concern.reasons else "人工转入"
        return f"稍后（{exact(until)[11:16]} 再提醒）· {words}" if until else words

    def _put_off_until(self, waiting: Waiting) -> datetime | None:
        until = self.later.get(waiting.concern.id)
        return until if until and until > self.now() else None

    def _overdue(self, running: Running) -> bool:
        return self._over(running.deadline)

    def _over(self, clock: Deadline) -> bool:
        return clock.state(self.now()) is DeadlineState.OVERDUE

    def _left(self, running: Running) -> str:
        if running.deadline.paused_at is not None:
            return running.deadline.state(self.now()).label
        return self._stands(running.deadline, is_urgent(running.concern, running.deadline))

    def _to_judge(self, waiting: Waiting) -> str:
        """In short, for want of room; the tip tells the rest."""
        if waiting.clock is None:
            return "—"
        left = waiting.clock.left(self.now())
        return f"{'▲ 超' if self._over(waiting.clock) else '余'} {span(abs(left) / HOUR)}"

    def _stands(self, clock: Deadline, urgent: bool) -> str:
        left = lasting(clock.left(self.now()), to_the_second=urgent)
        return f"{'▲ 已超时' if self._over(clock) else '余'} {left}"

    def _tell_urgent(self) -> None:
        """Emergencies that nobody has judged stand on top: 5 hours from 发现 (国办发〔2016〕80号) run for them."""
        named = [
            f"突发事件未研判：{one.concern.title} · {one.deadline.name} · {self._left(one)}" for one in self.unjudged
        ]
        if len(named) > MOST_URGENT:
            named[MOST_URGENT:] = [f"另有 {len(named) - MOST_URGENT} 件突发事件未研判。"]
        self.urgent.setText("\n".join(named))
        self.urgent.setVisible(bool(named))

    def _chosen(self) -> Waiting | None:
        rows = self.waiting.rows_model.rows
        return self.waiting.chosen() or (rows[0] if rows else None)

    def _judge(self) -> None:
        chosen, now = self._chosen(), self.now()
        if chosen is None:
            return
        id = chosen.concern.id
        if chosen.concern.escalated:
            self._submit(regrade_form(self, chosen.concern, now), lambda given: RegradeConcern(id, **given))
        elif chosen.concern.turned:
            self._open(chosen)  # what has turned is read and settled in the case
        else:
            self._submit(judge_form(self, chosen.concern, self.clockwork, now), lambda given: JudgeConcern(id, **given))

    def _dismiss(self) -> None:
        chosen = self._chosen()
        if chosen is not None and chosen.concern.judgement is not None:
            self.frame.warn("这一件已经判定，请点“看关切”，在那里办理。")
        elif chosen is not None:
            id = chosen.concern.id
            self._submit(dismiss_form(self), lambda given: DismissConcern(id, **given))

    def _submit(self, form: StepForm, make: Callable[[Given], Step]) -> None:
        actor = Actor(self.person)
        form.submit(
            self.operations,
            lambda database, given: execute(database, make(given), actor, self.now()),
            changes=frozenset({CONCERNS}),
        )

    def _hand_over(self) -> None:
        from desk.office import people
        from gui.office.handover import HandOver

        def show(known: list[Person]) -> None:
            names = [person.name for person in known if person.active]
            self.handing = HandOver(self, self.operations, self.person, names)
            self.handing.open()

        self.operations.read(people.everyone, show, place=(self, "handing over"))

    def _put_off(self) -> None:
        chosen = self._chosen()
        if chosen is None:
            return
        if chosen.concern.suggested_grade.grave:
            self.frame.warn("建议为重大以上的关切不能推后，请先判定。")
            return
        self.later[chosen.concern.id] = self.now() + LATER
        self.refresh()

    def _open(self, chosen: Waiting | Running | None) -> None:
        if chosen:
            self.frame.go_to_case(chosen.concern.id)

    def _open_topic(self) -> None:
        if hot := self.hot.chosen():
            self.frame.go_to_topic(hot.matter.lead.id)


def _key(item: Waiting | Running | Hot) -> object:
    if isinstance(item, Waiting):
        return item.concern.id
    return item.deadline.id if isinstance(item, Running) else item.matter.lead.id


def _topics_of(hot: Hot) -> str:
    """A matter with the topics that tell of it."""
    topics = [topic.name for topic in hot.matter.topics]
    return "\n".join([hot.matter.name, *topics[:MOST_NAMED]]) if len(topics) > 1 else hot.matter.name


def _today(seen: Overview, standing: backups.BackupStatus, now: datetime) -> list[str]:
    """What today brings beside the cases: events, the briefing, sources in trouble, the backups."""
    lines = [f"· {event.name}（{event.starts:%m-%d} 至 {event.ends:%m-%d}）" for event in seen.events]
    due = datetime.combine(now.astimezone(CHINA).date(), DUE, CHINA)
    state = "已生成" if seen.briefing_made else "还没有生成"
    rest = f"，距 10:30 还有 {lasting(due - now)}" if now < due and not seen.briefing_made else ""
    lines.append(f"· {seen.briefing_day:%m-%d} 的简报：{state}{rest}")
    if seen.failing:
        lines.append(f"· {len(seen.failing)} 个信源出错：{'、'.join(seen.failing[:3])}")
    if seen.habits_wait:
        lines.append("· 判断积累够了：到“设置”→“判断习惯”看看要不要采用")
    last = standing.state.made_at
    backed_up = f"{said(last, now)}，已检查" if last else "还没有备份"
    lines.append(f"· ▲ {standing.warning}" if standing.warning else f"· 备份：{backed_up}")
    return lines
