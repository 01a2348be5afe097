"""关切: one case on one screen, with one clear button for the next step."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QSplitter, QTabWidget, QTextBrowser, QWidget

from desk import casework, drafting
from domain.concern import ConcernState, EventGrade
from domain.response import DeadlineState, DraftState
from domain.times import exact, lasting
from gui.operations import CONCERNS
from gui.pages.page import Page
from gui.widgets.parts import Column, OrEmpty, RowsModel, Table, button, column, label, row
from gui.widgets.steps import ask_close, ask_dismiss, ask_draft, ask_judge, ask_name, ask_publish

RUNNING, EVERY = "办理中", "全部"


class ConcernsPage(Page):
    title, shows = "关切", frozenset({CONCERNS})

    def build(self) -> None:
        self.wanted: int | None = None
        self.case: casework.Case | None = None
        self.state = QComboBox()
        self.state.addItems([RUNNING, *(state.label for state in ConcernState), EVERY])
        self.state.currentTextChanged.connect(lambda _: self.refresh())
        self.table = Table(
            "关切",
            RowsModel(
                [
                    Column("关切", lambda c: c[0].title, 240),
                    Column("状态", lambda c: c[0].state.label, 76),
                    Column("等级", lambda c: c[0].grade.label, 104),
                    Column("最近时限", self._nearest, 124, True),
                ]
            ),
        )
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._read_chosen())
        self.box = OrEmpty(self.table, "没有关切。采到与本地有关的突发事件、民生诉求时，会在这里列出，并说明理由。")
        left = QWidget()
        left.setLayout(column(row(label("关切", "title"), None, self.state), self.box))
        self.name = label("", "title", True)
        self.facts = label("", "secondary", True)
        self.next = button("", lambda: self._step(), True)
        self.other = button("", lambda: self._other_step())
        self.draft_more = button("再拟一稿", lambda: self._draft())
        self.clocks = label("", "", True)
        self.reasons = QTextBrowser()
        self.drafts, self.answers, self.history = QTextBrowser(), QTextBrowser(), QTextBrowser()
        tabs = QTabWidget()
        for view, text in (
            (self.reasons, "理由"),
            (self.drafts, "拟稿"),
            (self.answers, "回应"),
            (self.history, "记录"),
        ):
            view.setOpenLinks(False)
            tabs.addTab(view, text)
        self.right = QWidget()
        self.right.setLayout(
            column(
                self.name,
                self.facts,
                row(self.next, self.other, self.draft_more, button("看话题", self._topic), None),
                self.clocks,
                tabs,
            )
        )
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left)
        split.addWidget(self.right)
        split.setSizes([540, 540])
        self.setLayout(column(split, margin=16))
        self.right.setVisible(False)

    def refresh(self) -> None:
        self.operations.run(casework.concerns, self._show)

    def show_item(self, id: int) -> None:
        self.wanted = id
        self.state.setCurrentText(EVERY)
        self.refresh()

    def _show(self, known) -> None:  # type: ignore[no-untyped-def]
        chosen = self.state.currentText()
        rows = [
            c
            for c in known
            if chosen == EVERY or c[0].state.label == chosen or (chosen == RUNNING and c[0].state.running)
        ]
        self.table.show_rows(rows, lambda c: c[0].id)
        self.box.set_empty(not rows)
        for i, (concern, _) in enumerate(rows):
            if concern.id == self.wanted or (
                self.wanted is None and i == 0 and not self.table.currentIndex().isValid()
            ):
                self.table.selectRow(i)
                self.wanted = None
                break
        self._read_chosen()

    def _nearest(self, item) -> str:  # type: ignore[no-untyped-def]
        waiting = [d for d in item[1] if d.met_at is None and not d.withdrawn]
        if not waiting or not item[0].state.running:
            return "—"
        deadline = min(waiting, key=lambda d: d.due_at)
        over = deadline.state(self.now()) is DeadlineState.OVERDUE
        return f"{'▲超时' if over else '余'} {lasting(deadline.left(self.now()))}"

    def _read_chosen(self) -> None:
        chosen = self.table.chosen()
        self.right.setVisible(chosen is not None)
        if chosen:
            self.operations.run(lambda database: casework.case(database, chosen[0].id), self._show_case)

    def _show_case(self, case: casework.Case) -> None:
        self.case, c, now = case, case.concern, self.now()
        self.name.setText(c.title)
        unit = c.judgement.unit if c.judgement else ""
        grade = c.grade.label if c.judgement else f"建议{c.grade.label}（{c.grade_ground}）"
        self.facts.setText(
            f"{c.state.label} · {grade} · {unit or '责任单位未定'} · 发现 {exact(c.found_at)} · 首发 {exact(c.first_report_at)}"
        )
        lines = []
        for d in case.deadlines:
            state = d.state(now)
            tail = (
                f"余 {lasting(d.left(now))}"
                if state is DeadlineState.RUNNING
                else (
                    f"▲ 已超时 {lasting(d.left(now))}"
                    if state is DeadlineState.OVERDUE
                    else f"{state.label}，{exact(d.met_at)} 发布"
                    if d.met_at
                    else state.label
                )
            )
            lines.append(f"{d.name}　{tail}\n　　怎么算的：{d.how}")
        self.clocks.setText("\n".join(lines) or "判定后开始计时。")
        self.reasons.setPlainText(
            "\n\n".join(
                f"{r.code.label}\n{r.words}\n" + "\n".join(f"　“{e.sentence}”（{e.source}）" for e in r.evidence)
                for r in c.reasons
            )
        )
        self.drafts.setPlainText(
            "\n\n".join(
                f"第 {d.version} 稿 · {d.kind.label} · {d.state.label} · 拟稿 {d.author} {exact(d.written_at)}"
                + (f" · 签发 {d.approver}" if d.approver else "")
                + f"\n{d.title}\n{d.body}"
                for d in case.drafts
            )
            or "还没有拟稿。"
        )
        self.answers.setPlainText(
            "\n\n".join(
                f"{exact(r.published_at)} · {r.channel.label} · {r.kind.label}\n{r.title}\n{r.link}"
                for r in case.responses
            )
            or "还没有发布回应。"
        )
        self.history.setPlainText("\n".join(f"{exact(e.at)}　{e.who}　{e.action}" for e in case.history))
        self._offer()

    def _offer(self) -> None:
        """Name the next step, and the one beside it, by where the case is."""
        assert self.case
        state, drafts = self.case.concern.state, self.case.drafts
        draft = drafts[0].state if drafts else None
        following = {
            ConcernState.FLAGGED: ("判定…", "不予回应…"),
            ConcernState.ANSWERED: ("办结…", ""),
            ConcernState.FOLLOWING: ("办结…", ""),
        }.get(state, ("", ""))
        if state is ConcernState.OPEN:
            following = ("拟稿…", "")
        if draft is DraftState.WRITTEN and state.running and state is not ConcernState.FLAGGED:
            following = ("签发…", following[0] if state is not ConcernState.OPEN else "")
        if draft is DraftState.APPROVED and state.running and state is not ConcernState.FLAGGED:
            following = ("登记发布…", following[0] if state is not ConcernState.OPEN else "")
        for made, text in ((self.next, following[0]), (self.other, following[1])):
            made.setText(text)
            made.setAccessibleName(text)
            made.setVisible(bool(text))
        self.draft_more.setVisible(bool(drafts) and state.running)

    def _step(self) -> None:
        self._do(self.next.text())

    def _other_step(self) -> None:
        self._do(self.other.text())

    def _do(self, text: str) -> None:
        case, now, by = self.case, self.now(), self.person
        assert case
        id = case.concern.id
        if text == "判定…" and (judged := ask_judge(self, case.concern, now)):
            self._run(lambda db: casework.judge(db, id, by=by, now=now, **judged))
        elif text == "不予回应…" and (reason := ask_dismiss(self)):
            self._run(lambda db: casework.dismiss(db, id, reason=reason, by=by, now=now))
        elif text == "拟稿…":
            self._draft()
        elif text == "签发…" and (who := ask_name(self, case.drafts[0])):
            self._run(lambda db: drafting.approve(db, id, case.drafts[0].version, by=who, now=now))
        elif text == "登记发布…" and (published := ask_publish(self, now)):
            self._run(lambda db: drafting.publish(db, id, case.drafts[0].version, by=by, now=now, **published))
        elif text == "办结…" and (outcome := ask_close(self)):
            self._run(lambda db: casework.close(db, id, outcome=outcome, by=by, now=now))

    def _draft(self) -> None:
        assert self.case
        id, now, by = self.case.concern.id, self.now(), self.person
        grave = self.case.concern.grade in (EventGrade.I, EventGrade.II)
        if written := ask_draft(self, self.case, grave):
            self._run(lambda db: drafting.write_draft(db, id, by=by, now=now, **written))

    def _run(self, verb) -> None:  # type: ignore[no-untyped-def]
        self.operations.run(verb, changes=frozenset({CONCERNS}))

    def _topic(self) -> None:
        if self.case:
            self.window().go("话题", self.case.concern.topic_id)  # type: ignore[attr-defined]
