"""关切: one case on one screen, with one clear button for the next step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QInputDialog,
    QMenu,
    QSplitter,
    QStackedWidget,
    QWidget,
)

from desk import casework, clocks, drafting, infographic, monitor
from domain.concern import ConcernState
from domain.response import Deadline, DeadlineState, Draft, DraftState, ResponseKind
from domain.times import DAY, lasting, said
from gui.operations import CONCERNS, TOPICS
from gui.pages.page import Page
from gui.theme import GRADE_COLOURS
from gui.widgets.board import Board
from gui.widgets.casetabs import CaseTabs
from gui.widgets.clocks import ClockRows, HowCounted
from gui.widgets.conflict import Conflict, words
from gui.widgets.drafteditor import Comparison, DraftEditor, ask_remark
from gui.widgets.infographic import Infographic
from gui.widgets.parts import Column, OrEmpty, RowsModel, Scrolled, Table, button, column, label, row
from gui.widgets.steps import (
    ask_answered,
    ask_clock,
    ask_close,
    ask_dismiss,
    ask_judge,
    ask_moment,
    ask_publish,
    ask_refer,
    ask_regrade,
    ask_sign,
    ask_unit,
    ask_words,
)
from response.deadlines import strictest
from response.lifecycle import COURSE, Step

RUNNING, EVERY, HELD = "办理中", "全部", "未列为关切"
NARROW = 1000  # pixels of the page
LIST_WIDE = 280  # pixels that the list, or the board, keeps beside the case
REASONS_HIGH = 210  # pixels that the reasons take of the page at most


class ConcernsPage(Page):
    title, shows = "关切", frozenset({CONCERNS, TOPICS})

    def build(self) -> None:
        self.wanted: int | None = None
        self.case: casework.Case | None = None
        self.state = QComboBox()
        self.state.addItems([RUNNING, *(state.label for state in ConcernState), EVERY, HELD])
        self.state.currentTextChanged.connect(lambda _: self.refresh())
        self.as_board = button("看板", self._turn)
        self.table = Table(
            "关切",
            RowsModel(
                [
                    Column("关切", lambda c: c[0].title, 220, tip=lambda c: f"{c[0].title}\n{c[0].reasons[0].words}"),
                    Column("状态", lambda c: c[0].state.label, 70, spare=1),
                    Column(
                        "等级",
                        lambda c: c[0].grade.label,
                        104,
                        colour=lambda c: GRADE_COLOURS.get(c[0].grade.code),
                        spare=2,
                    ),
                    Column("最近时限", self._nearest, 158, True, order=self._due, colour=self._overdue_colour),
                ]
            ),
        )
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._read_chosen())
        self.held = Table(
            "未列为关切",
            RowsModel(
                [
                    Column("话题", lambda h: h[0].name, 200),
                    Column("为什么没有列", lambda h: h[1], 220),
                    Column("热度", lambda h: f"{h[0].heat.value:.0f}", 56, True),
                ]
            ),
            stretch=1,
        )
        self.held.doubleClicked.connect(lambda _: self.window().go("话题", self.held.chosen()[0].id))  # type: ignore[attr-defined]
        self.box = OrEmpty(self.table, "没有关切。采到与本地有关的突发事件、民生诉求时，会在这里列出，并说明理由。")
        self.views = QStackedWidget()
        self.board = Board(self._countdown)
        self.board.chosen.connect(self._choose)
        for view in (self.box, self.board, self.held):
            self.views.addWidget(view)
        left = QWidget()
        left.setMinimumWidth(LIST_WIDE)
        left.setLayout(column(row(label("关切", "title"), None, self.as_board, self.state), self.views))
        self.name, self.facts = label("", "title", True), label("", "secondary", True)
        self.points = label("", "secondary", True)
        self.next = button("", lambda: self._do(self.next.text()), True)
        self.other = button("", lambda: self._do(self.other.text()))
        self.draft_more = button("再拟一稿", self._draft)
        self.more = button("更多", self._more)
        self.clocks = ClockRows()
        self.clocks.chosen.connect(self._how)
        self.reasons = Table(
            "理由",
            RowsModel(
                [
                    Column("理由", lambda r: r[0].words if r[2] else "", 150, tip=lambda r: r[0].code.label),
                    Column("证据（双击看原文）", lambda r: r[1].sentence, 280),
                    Column("来源", lambda r: r[1].source, 96, spare=1),
                ]
            ),
            stretch=1,
        )
        self.reasons.wrap_rows(REASONS_HIGH)
        self.reasons.doubleClicked.connect(lambda _: self._open_evidence())
        self.right = QWidget()
        self.tabs = CaseTabs(
            {
                "比较所选两稿": self._compare,
                "批注所选文字…": self._remark,
                "核稿": self._review,
                "退回…": self._send_back,
                "请求协同…": self._ask_unit,
                "登记答复…": self._answered,
                "做图解…": self._infographic,
            }
        )
        self.see_topic = button("看话题", self._topic)
        buttons = row(self.next, self.other, self.draft_more, self.see_topic, self.more, None)
        self.right.setLayout(column(self.name, self.facts, buttons, self.clocks, self.points, self.reasons, self.tabs))
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left)
        split.addWidget(Scrolled(self.right))
        split.setSizes([520, 560])
        split.setChildrenCollapsible(False)
        self.setLayout(column(split, margin=16))
        self.right.setVisible(False)
        self._keys()

    def tick(self) -> None:
        self.clocks.tick(self.now())
        self.table.viewport().update()  # whose countdowns are read when they are drawn

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the buttons that 更多 has too give way."""
        super().resizeEvent(event)
        self._offer()

    def _keys(self) -> None:
        """The whole case by keyboard; each key stands in the tip of its button."""
        for key, made in (
            ("Ctrl+Return", self.next),
            ("Ctrl+Shift+Return", self.other),
            ("Ctrl+N", self.draft_more),
            ("Ctrl+M", self.more),
        ):
            QShortcut(QKeySequence(key), self).activated.connect(lambda made=made: made.isVisible() and made.click())
            made.setToolTip(key.replace("Return", "Enter"))
        QShortcut(QKeySequence("Ctrl+D"), self).activated.connect(self._compare)
        for i in range(self.tabs.count()):
            QShortcut(QKeySequence(f"Alt+{i + 1}"), self).activated.connect(lambda i=i: self.tabs.setCurrentIndex(i))
            self.tabs.setTabToolTip(i, f"Alt+{i + 1}")

    def refresh(self) -> None:
        if self.state.currentText() == HELD:
            since = self.now() - 7 * DAY
            self.views.setCurrentWidget(self.held)
            self.operations.run(
                lambda database: monitor.held_back(database, since),
                lambda found: self.held.show_rows(found, lambda h: h[0].id),
            )
            return
        if self.views.currentWidget() is self.held:
            self.views.setCurrentWidget(self.box)
        running = self.state.currentText() == RUNNING
        self.operations.run(lambda database: casework.concerns(database, running_only=running), self._show)

    def show_item(self, id: int) -> None:
        self.wanted = id
        self.state.setCurrentText(EVERY)
        self.refresh()

    def _turn(self) -> None:
        """Between the list and the board."""
        board = self.views.currentWidget() is not self.board
        self.views.setCurrentWidget(self.board if board else self.box)
        self.as_board.setText("列表" if board else "看板")

    def _choose(self, id: int) -> None:
        for i, (concern, _) in enumerate(self.table.rows_model.rows):
            if concern.id == id:
                self.table.selectRow(i)

    def _show(self, known: list[Any]) -> None:
        chosen = self.state.currentText()
        rows = [
            c
            for c in known
            if chosen == EVERY or c[0].state.label == chosen or (chosen == RUNNING and c[0].state.running)
        ]
        rows.sort(key=lambda c: (c[0].state is not ConcernState.FLAGGED, self._due(c)))
        self.table.offer_rows(rows, lambda c: c[0].id)
        self.board.show_concerns(known)
        self.box.set_empty(not rows)
        for i, (concern, _) in enumerate(self.table.rows_model.rows):
            if concern.id == self.wanted or (
                self.wanted is None and i == 0 and not self.table.currentIndex().isValid()
            ):
                self.table.selectRow(i)
                self.wanted = None
                break
        self._read_chosen()

    def _due(self, item: Any) -> float:
        clock = strictest(item[1]) if item[0].state.running else None
        return clock.due_at.timestamp() if clock else float("inf")

    def _nearest(self, item: Any) -> str:
        return self._countdown(item) or "—"

    def _countdown(self, item: Any) -> str:
        clock = strictest(item[1]) if item[0].state.running else None
        if clock is None:
            return ""
        over = clock.state(self.now()) is DeadlineState.OVERDUE
        return f"{'▲超时' if over else '余'} {lasting(clock.left(self.now()))}"

    def _overdue_colour(self, item: Any) -> str | None:
        return GRADE_COLOURS["I"] if self._countdown(item).startswith("▲") else None

    def _read_chosen(self) -> None:
        chosen = self.table.chosen()
        self.right.setVisible(chosen is not None)
        if chosen:
            id, now = chosen[0].id, self.now()
            self.operations.run(
                lambda db: (casework.case(db, id), drafting.remarks(db, id), casework.followups(db, id, now)),
                lambda found: self._show_case(*found),
            )

    def _show_case(self, case: casework.Case, remarks: dict[int, list[Any]], looks: list[Any]) -> None:
        self.case, c, now = case, case.concern, self.now()
        self.name.setText(c.title)
        unit = c.judgement.unit if c.judgement else ""
        if c.escalated:
            grade = f"{c.grade.label}，建议升级为{c.suggested_grade.label}（{c.grade_ground}）"
        else:
            grade = c.grade.label if c.judgement else f"建议{c.grade.label}（{c.grade_ground}）"
        where = f" · 转给{c.referred_to}{'，已受理' if c.accepted_at else '，尚未受理'}" if c.referred_to else ""
        where += f"（曾不予回应：{c.outcome}）" if c.came_back else ""
        self.facts.setText(
            f"{c.state.label}{where} · {grade} · {unit or '责任单位未定'} · 发现 {said(c.found_at, now)} · 首发 {said(c.first_report_at, now)}"
        )
        self.clocks.show_clocks(case.deadlines, now)
        way = c.judgement.disposition.label if c.judgement else ""
        told = "　".join(f"{'☑' if point.done else '☐'} {point.words}" for point in case.checklist)
        self.points.setText(f"{way}：{told}")
        self.points.setToolTip("国办发〔2016〕80号“做好研判处置”对这一处置类型的要求；有回应、协同或处置结果为证的打勾")
        self.points.setVisible(bool(told))
        told = [(reason, item, i == 0) for reason in c.reasons for i, item in enumerate(reason.evidence)]
        self.reasons.show_rows(told, lambda r: (r[0].code, r[1].article_id))
        self.tabs.show_case(case, remarks, looks)
        self._offer()

    def _offer(self) -> None:
        """Name the next step, and the one beside it, by where the case is."""
        if self.case is None:
            return
        self.see_topic.setVisible(self.width() >= NARROW)
        state, draft = self.case.concern.state, self._waiting_draft()
        following = {
            ConcernState.FLAGGED: ("判定…", "不予回应…"),
            ConcernState.OPEN: ("拟稿…", "转办…"),
            ConcernState.ANSWERED: ("转入跟踪", "办结…"),
            ConcernState.FOLLOWING: ("办结…", ""),
            ConcernState.REFERRED: ("对方已受理…", "收回…"),
            ConcernState.CLOSED: ("归档", "重新打开…"),
        }.get(state, ("", ""))
        if draft is not None and state in (ConcernState.OPEN, ConcernState.ANSWERED, ConcernState.FOLLOWING):
            step = "登记发布…" if draft.state is DraftState.APPROVED else "签发…"
            following = (step, "" if state is ConcernState.OPEN else "办结…")
        if self.case.concern.escalated and state is not ConcernState.FLAGGED:
            following = ("调整等级…", following[0])
        for made, text in ((self.next, following[0]), (self.other, following[1])):
            made.setText(text)
            made.setAccessibleName(text)
            made.setVisible(bool(text))
        self.draft_more.setVisible(self.width() >= NARROW and self._drafts_again())
        self.more.setVisible(state not in (ConcernState.MERGED, ConcernState.ARCHIVED))

    def _drafts_again(self) -> bool:
        assert self.case
        worked_on = (ConcernState.OPEN, ConcernState.ANSWERED, ConcernState.FOLLOWING)
        return bool(self.case.drafts) and self.case.concern.state in worked_on

    def _waiting_draft(self) -> Draft | None:
        """The newest draft, when it waits to be signed or published."""
        assert self.case
        newest = self.case.drafts[0] if self.case.drafts else None
        waiting = (DraftState.WRITTEN, DraftState.REVIEWED, DraftState.APPROVED)
        return newest if newest is not None and newest.state in waiting else None

    def _do(self, text: str) -> None:
        case, now, by, draft = self.case, self.now(), self.person, self._waiting_draft()
        assert case
        id = case.concern.id
        if text == "判定…" and (judged := ask_judge(self, case.concern, now)):
            self._run(lambda db: casework.judge(db, id, by=by, now=now, **judged), text, judged, case)
        elif text == "调整等级…" and (changed := ask_regrade(self, case.concern, now)):
            self._run(lambda db: casework.regrade(db, id, by=by, now=now, **changed), text, changed, case)
        elif text == "不予回应…" and (reason := ask_dismiss(self)):
            self._run(lambda db: casework.dismiss(db, id, reason=reason, by=by, now=now), text, reason, case)
        elif text == "拟稿…":
            self._draft()
        elif text == "签发…" and draft and (signed := ask_sign(self, draft, by, case.concern.is_emergency)):
            self._run(lambda db: drafting.approve(db, id, draft.version, now=now, **signed), text, signed, case)
        elif text == "登记发布…" and draft and (published := ask_publish(self, draft, now)):
            folder = self.operations.folder
            self._run(
                lambda db: drafting.publish(db, id, draft.version, by=by, now=now, folder=folder, **published),
                text,
                published,
                case,
            )
        elif text == "转入跟踪":
            self._run(lambda db: casework.follow(db, id, by=by, now=now), text, None, case)
        elif text == "办结…" and (outcome := ask_close(self, [p.words for p in case.checklist if not p.done])):
            self._run(lambda db: casework.close(db, id, outcome=outcome, by=by, now=now), text, outcome, case)
        elif text == "归档":
            self._run(lambda db: casework.archive(db, id, by=by, now=now), text, None, case)
        elif text == "转办…" and (to := ask_refer(self)):
            self._run(lambda db: casework.refer(db, id, by=by, now=now, **to), text, to, case)
        elif text == "对方已受理…" and (at := ask_moment(self, "对方已受理", "受理时间", now)):
            self._run(lambda db: casework.accepted(db, id, at=at, by=by, now=now), text, at, case)
        elif text == "收回…" and (reason := ask_words(self, "收回", "收回的理由：")):
            self._run(lambda db: casework.take_back(db, id, reason=reason, by=by, now=now), text, reason, case)
        elif text == "重新打开…" and (
            reason := ask_words(self, "重新打开", "为什么重新打开（旧时限保留，新时限从现在起算）：")
        ):
            self._run(lambda db: casework.reopen(db, id, reason=reason, by=by, now=now), text, reason, case)

    def _more(self) -> None:
        assert self.case
        state = self.case.concern.state
        menu = QMenu(self)
        menu.addAction("看话题", self._topic)
        if self._drafts_again():
            menu.addAction("再拟一稿", self._draft)
        for text in {
            ConcernState.FLAGGED: (),
            ConcernState.OPEN: ("转办…",),
            ConcernState.ANSWERED: ("重新打开…",),
            ConcernState.FOLLOWING: ("重新打开…",),
            ConcernState.DISMISSED: ("重新打开…", "归档"),
        }.get(state, ()):
            menu.addAction(text, lambda text=text: self._do(text))
        if state in COURSE[Step.REGRADE].states:
            menu.addAction("调整等级…", lambda: self._do("调整等级…"))
        if state.running:
            menu.addAction("并入另一件…", self._merge)
            menu.addAction("加一个时限…", self._add_clock)
            id = self.case.concern.id
            menu.addAction("出快报", lambda: self.window().go("简报", id))  # type: ignore[attr-defined]
        menu.exec(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _infographic(self) -> None:
        """A picture of the chosen response, of the newest where none is chosen."""
        chosen = self.tabs.answers.chosen() or next(reversed(self.tabs.answers.rows_model.rows), None)
        if chosen is None:
            self.operations.failed.emit("还没有发布过回应。发布以后才能做图解。")
            return
        self.operations.run(
            lambda database: infographic.proposed(database, chosen.concern_id, chosen.id),
            lambda points: Infographic(self, self.operations, points).open(),
        )

    def _merge(self) -> None:
        assert self.case
        id, now, by = self.case.concern.id, self.now(), self.person

        def ask(known: list[Any]) -> None:
            others = [c for c, _ in known if c.id != id and c.state.running]
            names = [f"{c.id} {c.title}" for c in others]
            name, good = QInputDialog.getItem(
                self, "并入另一件", "并入哪一件？时限、拟稿、回应会一起带过去。", names, 0, False
            )
            if good and name in names:
                into = others[names.index(name)].id
                self._run(lambda db: casework.merge(db, id, into, by=by, now=now))

        self.operations.run(lambda database: casework.concerns(database, running_only=True), ask)

    def _add_clock(self) -> None:
        assert self.case
        id, now, by = self.case.concern.id, self.now(), self.person

        def ask(rules: Any) -> None:
            if chosen := ask_clock(self, rules, now):
                self._run(lambda db: clocks.start_by_hand(db, id, by=by, now=now, **chosen))

        self.operations.run(clocks.rules, ask)

    def _how(self, deadline: Deadline) -> None:
        assert self.case
        HowCounted(self, deadline, self.case.ledger).exec()

    def _draft(self) -> None:
        assert self.case
        kind = ResponseKind.AUTHORITATIVE if self.case.concern.grade.grave else ResponseKind.ANSWER
        if self.case.responses:
            kind = ResponseKind.UPDATE
        self.editor = DraftEditor(self, self.operations, self.case, self.person, kind)
        self.editor.open()

    def _compare(self) -> None:
        chosen = self.tabs.drafts.all_chosen()
        if len(chosen) != 2:
            chosen = self.tabs.drafts.rows_model.rows[:2]
        if len(chosen) == 2:
            new, old = chosen
            Comparison(self, f"第 {old.version} 稿", old.body, f"第 {new.version} 稿", new.body).exec()
        else:
            self.operations.failed.emit("还只有一稿，没有可以比较的。")

    def _remark(self) -> None:
        draft, cursor = self.tabs.drafts.chosen(), self.tabs.draft_text.textCursor()
        if draft is None or not cursor.hasSelection():
            self.operations.failed.emit("请先在稿子里选中要批注的文字。")
            return
        start, end, id, now, by = (
            cursor.selectionStart(),
            cursor.selectionEnd(),
            draft.concern_id,
            self.now(),
            self.person,
        )
        if text := ask_remark(self, draft.body[start:end]):
            self._run(lambda db: drafting.remark(db, id, draft.version, start, end, text, by, now))

    def _review(self) -> None:
        if draft := self.tabs.drafts.chosen():
            now, by = self.now(), self.person
            self._run(lambda db: drafting.review(db, draft.concern_id, draft.version, by=by, now=now))

    def _send_back(self) -> None:
        if (draft := self.tabs.drafts.chosen()) and (why := ask_words(self, "退回", "退回的理由：")):
            now, by = self.now(), self.person
            self._run(lambda db: drafting.send_back(db, draft.concern_id, draft.version, why=why, by=by, now=now))

    def _ask_unit(self) -> None:
        assert self.case
        id, now, by = self.case.concern.id, self.now(), self.person
        if asked := ask_unit(self):
            self._run(lambda db: casework.ask_unit(db, id, by=by, now=now, **asked))

    def _answered(self) -> None:
        assert self.case
        id, now, by = self.case.concern.id, self.now(), self.person
        if (unit := self.tabs.units.chosen()) and (told := ask_answered(self, now)):
            self._run(lambda db: casework.unit_answered(db, id, unit.id, by=by, now=now, **told))

    def _open_evidence(self) -> None:
        if chosen := self.reasons.chosen():
            self.window().go("信息", chosen[1].article_id)  # type: ignore[attr-defined]

    def _run(
        self, verb: Callable[[Any], Any], step: str = "", given: Any = None, seen: casework.Case | None = None
    ) -> None:
        """Do a step of the case as it was `seen`; where somebody was faster, both versions are shown."""
        case, by = seen or self.case, self.person
        assert case
        id, last = case.concern.id, case.history[-1].sequence if case.history else 0
        mine = f"{step.rstrip('…')}{'：' + words(given) if given else ''}"

        def failed(said: str) -> None:
            self.operations.failed.emit(said.splitlines()[0])
            if "\n" in said:
                Conflict(self, said, mine).open()
            self.refresh()

        self.operations.run(
            lambda db: casework.unless_changed(db, id, last, by, lambda: verb(db)),
            changes=frozenset({CONCERNS}),
            failed=failed,
        )

    def _topic(self) -> None:
        if self.case:
            self.window().go("话题", self.case.concern.topic_id)  # type: ignore[attr-defined]
