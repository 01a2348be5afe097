"""One case in whole: its facts, its clocks, why it was flagged, its tabs, and a clear button for the next step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from desk.cases.offering import Offered, offered
from desk.cases.reading import Case, LookBack
from desk.cases.writing import Finding
from domain.concern import Concern, ConcernState
from domain.response import Comment
from domain.steps.cases import CaseStep
from domain.steps.drafts import WriteDraft
from domain.times import exact, said
from domain.tone import ToneShares
from gui.cases.asking import CAPTIONS
from gui.cases.casetabs import CaseTabs, TabActions
from gui.cases.clocks import ClockRows
from gui.cases.turns import Turns
from gui.kit.pane import Pane
from gui.kit.parts import Column, RowsModel, Table, button, column, label, row
from gui.topics.tones import ToneBar

NARROW = 1000  # pixels of the page
REASONS_HIGH = 210  # pixels that the reasons take of the page at most


@dataclass(frozen=True, slots=True)
class CaseRead:
    """A case as it is read for its page: with the remarks on its drafts by version, the looks back and the tone.

    `findings` are what the check points at in the version that waits to be signed or published.
    """

    case: Case
    remarks: dict[int, list[Comment]]
    looks: list[LookBack]
    tone: ToneShares
    findings: list[Finding]


class CaseView(Pane):
    """`asked` tells the class of a step that was clicked; the others what else is wanted."""

    asked = Signal(object)
    more_asked = Signal()
    topic_asked = Signal()
    evidence_asked = Signal(int)

    def __init__(self, actions: TabActions) -> None:
        super().__init__()
        self._offered: Offered | None = None
        self._wide = True
        self.name, self.facts = label("", "title", True), label("", "secondary", True)
        self.points = label("", "secondary", True)
        self.points.setToolTip("国办发〔2016〕80号“做好研判处置”对这一处置类型的要求；有回应、协同或处置结果为证的打勾")
        self.next = button("", lambda: self._ask(self._offered.first if self._offered else None), True)
        self.other = button("", lambda: self._ask(self._offered.beside if self._offered else None))
        self.draft_more = button("再拟一稿", lambda: self.asked.emit(WriteDraft))
        self.see_topic = button("看话题", self.topic_asked.emit)
        self.more = button("更多", self.more_asked.emit)
        self.clocks = ClockRows()
        self.turns = Turns()
        self.turns.read.connect(self.evidence_asked.emit)
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
        self.reasons.doubleClicked.connect(lambda _: self.evidence_asked.emit(self.reasons.chosen()[1].article_id))
        self.tone = ToneBar()
        self.tabs = CaseTabs(actions)
        self.tabs.tones.doubleClicked.connect(lambda _: self.evidence_asked.emit(self.tabs.tones.chosen().article_id))
        buttons = row(self.next, self.other, self.draft_more, self.see_topic, self.more, None)
        self.setLayout(
            column(
                self.name, self.facts, buttons, self.clocks, self.turns, self.points, self.reasons, self.tone, self.tabs
            )
        )

    @property
    def offered(self) -> Offered | None:
        """The steps that are offered for the case that is shown."""
        return self._offered

    def show_case(self, read: CaseRead, now: datetime) -> None:
        """Show a case as it was read."""
        case, concern = read.case, read.case.concern
        self.name.setText(concern.title)
        self.facts.setText(_facts(concern, now))
        self.clocks.show_clocks(case.deadlines, now)
        self.turns.show_developments(case.developments, concern.state.running)
        way = concern.judgement.disposition.label if concern.judgement else ""
        points = "　".join(f"{'☑' if point.done else '☐'} {point.words}" for point in case.checklist)
        self.points.setText(f"{way}：{points}")
        self.points.setVisible(bool(points))
        evidence = [(reason, item, i == 0) for reason in concern.reasons for i, item in enumerate(reason.evidence)]
        self.reasons.show_rows(evidence, lambda r: (r[0].code, r[1].article_id))
        self.tone.show_tone(read.tone)
        self.tabs.show_case(case, read.remarks, read.looks, read.tone)
        self._offered = offered(case, now)
        self.more.setVisible(concern.state not in (ConcernState.MERGED, ConcernState.ARCHIVED))
        self._offer()
        self.ready()

    def fit(self, page_width: int) -> None:
        """On a narrow page the buttons that 更多 has too give way."""
        self._wide = page_width >= NARROW
        self._offer()

    def _offer(self) -> None:
        """Name the next step, and the one beside it."""
        if self._offered is None:
            return
        self.see_topic.setVisible(self._wide)
        self.draft_more.setVisible(self._wide and self._offered.again)
        _name(self.next, self._offered.first)
        _name(self.other, self._offered.beside)

    def _ask(self, step: type[CaseStep] | None) -> None:
        if step is not None:
            self.asked.emit(step)


def _name(made: QPushButton, step: type[CaseStep] | None) -> None:
    text = CAPTIONS[step] if step is not None else ""
    made.setText(text)
    made.setAccessibleName(text)
    made.setVisible(bool(text))


def _facts(concern: Concern, now: datetime) -> str:
    """State, grade, unit and times in a line."""
    unit = concern.judgement.unit if concern.judgement else ""
    if concern.escalated:
        grade = f"{concern.grade.label}，建议升级为{concern.suggested_grade.label}（{concern.grade_ground}）"
    else:
        grade = concern.grade.label if concern.judgement else f"建议{concern.grade.label}（{concern.grade_ground}）"
    accepted = "已受理" if concern.accepted_at else "尚未受理"
    where = f" · 转给{concern.referred_to}，{accepted}" if concern.referred_to else ""
    where += f"（曾不予回应：{concern.outcome}）" if concern.came_back else ""
    return (
        f"{concern.state.label}{where} · {grade} · {unit or '责任单位未定'} · "
        f"发现 {said(concern.found_at, now)} · 首发 {said(concern.first_report_at, now)}{_known_times(concern)}"
    )


def _known_times(concern: Concern) -> str:
    """事发, 交办, 转办, 受理 and 办结, those that are known."""
    times = (
        ("事发", concern.happened_at),
        ("交办", concern.assigned_at),
        ("转办", concern.referred_at),
        ("受理", concern.accepted_at),
        ("办结", concern.closed_at),
    )
    return "".join(f" · {name} {exact(at)[5:]}" for name, at in times if at is not None)
