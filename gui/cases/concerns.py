"""关切: one case on one screen beside the list of all; what its buttons, menu and keys do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QMenu, QSplitter

from desk.cases.deadlines import rules_by_hand
from desk.cases.offering import waiting_draft, why_not
from desk.cases.reading import Case, followups, list_concerns, read_case, tone_of_case
from desk.cases.writing import Finding, check_text, read_remarks
from desk.execute import execute
from desk.reporting import infographic
from desk.topics import monitor
from domain.development import Development
from domain.person import Actor
from domain.personal import mask_personal
from domain.response import Coordination, Deadline, DeadlineRule, Draft, ResponseKind
from domain.steps.cases import AskUnit, CaseStep, MergeConcern, RecordUnitAnswer
from domain.steps.deadlines import StartDeadline
from domain.steps.developments import NoteDevelopment, SeparateDevelopment
from domain.steps.drafts import (
    AllowPersonal,
    ApproveDraft,
    PublishDraft,
    RemarkOnDraft,
    ReturnDraft,
    ReviewDraft,
    WriteDraft,
)
from domain.steps.topics import FlagTopic
from domain.times import DAY
from domain.topic import Topic
from gui.cases.asking import CAPTIONS, Asked, form_of, step_of, version_before
from gui.cases.board import Listed
from gui.cases.caselist import CaseList, Shown
from gui.cases.casetabs import TabActions
from gui.cases.caseview import CaseRead, CaseView
from gui.cases.clocks import HowCounted
from gui.cases.drafteditor import Comparison, DraftEditor
from gui.cases.steps import answered_form, clock_form, personal_form, review_form
from gui.cases.taking import Taking
from gui.kit.dialog import pop_up
from gui.kit.page import Page
from gui.kit.parts import Scrolled, column
from gui.kit.plain import tip
from gui.kit.stepform import choice_form, words_form
from gui.operations import CONCERNS, TOPICS
from gui.reporting.infographic import Infographic

OF_A_DRAFT = (ReviewDraft, ApproveDraft, PublishDraft)  # steps with the version that waits
if TYPE_CHECKING:
    from desk.data import Database

LATELY = 7 * DAY  # of which topics that were not flagged are shown


class ConcernsPage(Page):
    """The list at the left, the case at the right; whatever is done is done to the case that is shown."""

    title, shows = "关切", frozenset({CONCERNS, TOPICS})

    def build(self) -> None:
        self.case: Case | None = None
        self.findings: list[Finding] = []  # of the version that waits
        self.taking = Taking(self)
        self.cases = CaseList(self.now)
        self.cases.turned.connect(self.refresh)
        self.cases.chosen.connect(self._read_chosen)
        self.cases.opened.connect(self.frame.go_to_topic)
        self.cases.taken_up.connect(self._take_up)
        self.right = CaseView(
            TabActions(
                compare=self._compare,
                remark=self._remark,
                review=self._review,
                mask=self._mask,
                allow=self._allow,
                send_back=self._send_back,
                ask_unit=self._ask_unit,
                answered=self._answered,
                draw=self._infographic,
            )
        )
        self.right.asked.connect(self._do)
        self.right.more_asked.connect(self._more)
        self.right.topic_asked.connect(self._topic)
        self.right.evidence_asked.connect(self.frame.go_to_article)
        self.right.clocks.chosen.connect(self._how)
        self.right.turns.noted.connect(lambda one: self._turned(NoteDevelopment, one))
        self.right.turns.separated.connect(lambda one: self._turned(SeparateDevelopment, one))
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.cases)
        self.scrolled = Scrolled(self.right)
        split.addWidget(self.scrolled)
        split.setSizes([520, 560])
        split.setChildrenCollapsible(False)
        self.setLayout(column(split, margin=16))
        self._keys()

    def tick(self) -> None:
        self.right.clocks.tick(self.now())
        self.cases.tick()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.right.fit(self.width())

    def _keys(self) -> None:
        """The whole case by keyboard; each key stands in the tip of its button."""
        view, tabs = self.right, self.right.tabs
        for key, made in (
            ("Ctrl+Return", view.next),
            ("Ctrl+Shift+Return", view.other),
            ("Ctrl+N", view.draft_more),
            ("Ctrl+M", view.more),
            ("Ctrl+E", view.turns.separate),
            ("Ctrl+Shift+E", view.turns.note),
        ):
            QShortcut(QKeySequence(key), self).activated.connect(lambda made=made: made.isVisible() and made.click())
            made.setToolTip(tip(key.replace("Return", "Enter")))
        QShortcut(QKeySequence("Ctrl+D"), self).activated.connect(self._compare)
        for i in range(tabs.count()):
            QShortcut(QKeySequence(f"Alt+{i + 1}"), self).activated.connect(lambda i=i: tabs.setCurrentIndex(i))
            tabs.setTabToolTip(i, tip(f"Alt+{i + 1}"))

    def refresh(self) -> None:
        self.cases.show_view()
        self.scrolled.setVisible(self.cases.shown is not Shown.HELD)  # what was not flagged is no case to show
        if self.cases.shown is Shown.HELD:
            since = self.now() - LATELY
            self.operations.read(
                lambda database: monitor.held_back(database, since), self.cases.show_held, place=(self, "list")
            )
            return
        running, current = self.cases.shown is Shown.RUNNING, self.cases.current

        def listed(database: Database) -> list[Listed]:
            known = list_concerns(database, running_only=running)
            if current is not None and all(concern.id != current.id for concern, _ in known):
                case = read_case(database, current.id)  # which has left the list by its state, but is worked on
                known.append((case.concern, list(case.deadlines)))
            return known

        self.operations.read(listed, self._show, place=(self, "list"))

    def show_item(self, id: int) -> None:
        self.cases.want(id)
        self.refresh()

    def _show(self, known: list[Listed]) -> None:
        self.cases.show_cases(known)
        self._read_chosen()

    def _read_chosen(self) -> None:
        concern = self.cases.current
        if concern is None:
            self.operations.forget(self._show_case)
            self.right.leave()
            return
        id, now = concern.id, self.now()
        if self.case is None or self.case.concern.id != id:
            self.right.wait()
        self.operations.read(
            lambda database: _read(database, id, now),
            self._show_case,
        )

    def _show_case(self, read: CaseRead) -> None:
        if self.case is None or self.case.concern.id != read.case.concern.id:
            self.scrolled.verticalScrollBar().setValue(0)  # where it says which case this is
        self.case, self.findings = read.case, read.findings
        self.cases.renew((read.case.concern, list(read.case.deadlines)))
        self.right.show_case(read, self.now())

    def _do(self, step: type[CaseStep]) -> None:
        """Take a step of the case that is shown: at once, or with what its form asks for."""
        case = self.case
        if case is None or not self.right.isEnabled():
            return
        if step is WriteDraft:
            self._draft(case)
        elif step is MergeConcern:
            self._merge(case)
        elif step is StartDeadline:
            self._add_clock(case)
        else:
            at = Asked(self, case, self.person, self.now(), self.findings, self.now)
            if step in OF_A_DRAFT:
                self.right.tabs.show_draft(at.draft)  # what the step acts on is what the page shows
            form = form_of(step, at)
            if form is None:
                self.taking.run(step_of(step, at, {}), case)
            else:
                self.taking.submit(form, lambda given: step_of(step, at, given), case)

    def _take_up(self, missed: tuple[Topic, str]) -> None:
        """Make a case of a topic that was not flagged, by one key; what kept it is the reason that is recorded."""
        topic, held = missed
        step, actor, now = FlagTopic(topic.id, f"从“未列为关切”列入（原来：{held}）"), Actor(self.person), self.now()
        self.operations.run(
            lambda database: execute(database, step, actor, now), self.show_item, frozenset({CONCERNS, TOPICS})
        )

    def _turned(self, step: type[NoteDevelopment | SeparateDevelopment], development: Development) -> None:
        if self.case is not None and self.right.isEnabled():
            self.taking.run(step(self.case.concern.id, development.id), self.case)

    def _more(self) -> None:
        case, offered = self.case, self.right.offered
        if case is None or offered is None:
            return
        menu = QMenu(self)
        menu.addAction("看话题", self._topic)
        if offered.again:
            menu.addAction("再拟一稿", lambda: self._do(WriteDraft))
        for step in offered.more:
            menu.addAction(CAPTIONS[step], lambda step=step: self._do(step))
        if case.concern.state.running:
            menu.addAction("出快报", lambda: self.frame.go_to_flash(case.concern.id))
        pop_up(menu, self.right.more.mapToGlobal(self.right.more.rect().bottomLeft()))

    def _draft(self, case: Case) -> None:
        kind = ResponseKind.AUTHORITATIVE if case.concern.grade.grave else ResponseKind.ANSWER
        if case.responses:
            kind = ResponseKind.UPDATE
        self.editor = DraftEditor(self, self.operations, case, self.person, kind)
        self.editor.accepted.connect(self.right.tabs.want_newest)
        self.editor.open()

    def _merge(self, case: Case) -> None:
        id = case.concern.id

        def ask(known: list[Listed]) -> None:
            others = [(f"{c.id} {c.title}", c.id) for c, _ in known if c.id != id and c.state.running]
            form = choice_form(self, "并入另一件", "并入哪一件", "into", others, "时限、拟稿、回应会一起带过去。")
            self.taking.submit(form, lambda given: MergeConcern(id, **given), case)

        self.operations.read(lambda database: list_concerns(database, running_only=True), ask, place=(self, "merging"))

    def _add_clock(self, case: Case) -> None:
        id, now = case.concern.id, self.now()

        def ask(known: Sequence[DeadlineRule]) -> None:
            self.taking.submit(clock_form(self, known, now), lambda given: StartDeadline(id, **given), case)

        self.operations.read(rules_by_hand, ask, place=(self, "clock"))

    def _compare(self) -> None:
        drafts: list[Draft] = self.right.tabs.drafts.all_chosen()
        if len(drafts) != 2:
            drafts = self.right.tabs.drafts.rows_model.rows[:2]
        if len(drafts) == 2:
            new, old = drafts
            Comparison(self, f"第 {old.version} 稿", old.body, f"第 {new.version} 稿", new.body).exec()
        else:
            self.frame.warn("还只有一稿，没有可以比较的。" if drafts else "还没有拟稿，没有可以比较的。")

    def _remark(self) -> None:
        case, draft, cursor = self.case, self._chosen_draft(), self.right.tabs.draft_text.textCursor()
        if case is None or draft is None or not cursor.hasSelection():
            self.frame.warn("请先在稿子里选中要批注的文字。")
            return
        start, end, id = cursor.selectionStart(), cursor.selectionEnd(), draft.concern_id
        form = words_form(self, "批注", "意见", "text", note=f"对“{draft.body[start:end][:60]}”的意见：")
        self.taking.submit(form, lambda given: RemarkOnDraft(id, draft.version, start=start, end=end, **given), case)

    def _review(self) -> None:
        """The version that is chosen, which need not be the one that waits: with what the check finds in it."""
        if not ((case := self.case) and (draft := self._draft_at_hand())):
            return
        id, before = draft.concern_id, version_before(case, draft)

        def ask(findings: list[Finding]) -> None:
            form = review_form(self, draft, self.person, findings, before)
            self.taking.submit(form, lambda given: ReviewDraft(id, draft.version, **given), case)

        self.operations.read(
            lambda database: check_text(database, id, draft.kind, draft.title, draft.body), ask, place=(self, "review")
        )

    def _mask(self) -> None:
        """A new version in which the personal data of the chosen one is masked."""
        if (case := self.case) and (draft := self._draft_at_hand()):
            body = mask_personal(draft.body, case.allowed)
            self.right.tabs.want_newest()
            self.taking.run(WriteDraft(draft.concern_id, draft.title, body, draft.kind), case)

    def _allow(self) -> None:
        if (case := self.case) and (draft := self._draft_at_hand()):
            form = personal_form(self, draft, case.allowed, self.person)
            self.taking.submit(form, lambda given: AllowPersonal(draft.concern_id, draft.version, **given), case)

    def _send_back(self) -> None:
        if (case := self.case) and (draft := self._draft_at_hand()):
            form = words_form(self, "退回", "退回的理由", "why")
            self.taking.submit(form, lambda given: ReturnDraft(draft.concern_id, draft.version, **given), case)

    def _chosen_draft(self) -> Draft | None:
        draft: Draft | None = self.right.tabs.drafts.chosen()
        return draft

    def _draft_at_hand(self) -> Draft | None:
        """The chosen draft; where there is none, it is said why nothing happens."""
        draft = self._chosen_draft()
        if draft is None:
            self.frame.warn("还没有拟稿。" if self.case and not self.case.drafts else "请先在“拟稿”里选中一稿。")
        return draft

    def _ask_unit(self) -> None:
        """Asked before a form is filled in that could not be agreed to."""
        if self.case is None:
            return
        if refused := why_not(AskUnit, self.case.concern.state):
            self.frame.warn(refused)
        else:
            self._do(AskUnit)

    def _answered(self) -> None:
        unit: Coordination | None = self.right.tabs.units.chosen()
        if self.case is None or unit is None:
            self.frame.warn("请先选中是哪一条协同请求的答复。")
            return
        form = answered_form(self, self.now())
        self.taking.submit(form, lambda given: RecordUnitAnswer(unit.concern_id, unit.id, **given), self.case)

    def _infographic(self) -> None:
        """A picture of the chosen response, of the newest where none is chosen."""
        answers = self.right.tabs.answers
        chosen = answers.chosen() or next(reversed(answers.rows_model.rows), None)
        if chosen is None:
            self.frame.warn("还没有发布过回应。发布以后才能做图解。")
            return
        self.operations.read(
            lambda database: infographic.proposed(database, chosen.concern_id, chosen.id),
            lambda points: Infographic(self, self.operations, points).open(),
            place=(self, "infographic"),
        )

    def _how(self, deadline: Deadline) -> None:
        if self.case is not None:
            HowCounted(self, deadline, self.case.ledger).exec()

    def _topic(self) -> None:
        if self.case is not None:
            self.frame.go_to_topic(self.case.concern.topic_id)


def _read(database: Database, id: int, now: datetime) -> CaseRead:
    case = read_case(database, id)
    draft = waiting_draft(case)
    findings = check_text(database, id, draft.kind, draft.title, draft.body) if draft else []
    return CaseRead(
        case, read_remarks(database, id), followups(database, id, now), tone_of_case(database, id), findings
    )
