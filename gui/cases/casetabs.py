"""The tabs of a case: 拟稿, 协同, 回应, 跟踪, 记录, 倾向."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QTabWidget, QTextBrowser, QWidget

from desk.cases.reading import Case, LookBack
from desk.execute import said_of
from domain.personal import open_personal
from domain.response import Comment, Draft, Response, same_words
from domain.steps.cases import AskUnit, RecordUnitAnswer
from domain.steps.drafts import AllowPersonal, RemarkOnDraft, ReturnDraft, ReviewDraft
from domain.times import DAY, exact
from domain.tone import ToneShares
from gui.cases.asking import CAPTIONS
from gui.kit.parts import Column, RowsModel, Table, button, column, label, row
from gui.topics.tones import tone_table

HIGH = 260  # pixels that the tabs keep in a low window


@dataclass(frozen=True, slots=True)
class TabActions:
    """What the buttons of the tabs do: with the drafts, with the units that were asked, with a response."""

    compare: Callable[[], None]
    remark: Callable[[], None]
    review: Callable[[], None]
    mask: Callable[[], None]
    allow: Callable[[], None]
    send_back: Callable[[], None]
    ask_unit: Callable[[], None]
    answered: Callable[[], None]
    draw: Callable[[], None]


class CaseTabs(QTabWidget):
    """Shows what there is of a case."""

    def __init__(self, actions: TabActions) -> None:
        super().__init__()
        self._actions = actions
        self.setMinimumHeight(HIGH)
        self._remarks: dict[int, list[Comment]] = {}
        self._signed: dict[int, str] = {}  # the text of each draft
        self._newest_wanted = False
        self._allowed: tuple[str, ...] = ()  # personal data that may stand
        drafts, units, answers = self._drafts(), self._units(), self._answers()
        self._make_looks_and_history()
        self.tones = tone_table()
        for view, text in (
            (drafts, "拟稿"),
            (units, "协同"),
            (answers, "回应"),
            (self.looks, "跟踪"),
            (self.history, "记录"),
            (self.tones, "倾向"),
        ):
            self.addTab(view, text)

    def show_case(self, case: Case, remarks: dict[int, list[Comment]], looks: list[LookBack], tone: ToneShares) -> None:
        """Show a case as it stands; the newest draft is chosen where none was."""
        self._remarks = remarks
        self._signed = {draft.id: draft.body for draft in case.drafts}
        self._allowed = case.allowed
        self.drafts.show_rows(case.drafts, lambda d: d.id)
        if case.drafts and (self._newest_wanted or not self.drafts.currentIndex().isValid()):
            self.show_draft(case.drafts[0])
        self._newest_wanted = False
        self._read_draft()
        self.units.show_rows(case.coordination, lambda u: u.id)
        self.answers.show_rows(case.responses, lambda r: r.id)
        self.looks.show_rows(looks, lambda k: (k.response.id, k.due_at))
        self.tones.show_rows(tone.said, lambda s: (s.article_id, s.sentence))
        self.history.show_rows(list(reversed(case.history)), lambda e: e.sequence)

    def want_newest(self) -> None:
        """A version was just written here: it is the one to be shown, once it has been read."""
        self._newest_wanted = True

    def show_draft(self, draft: Draft) -> None:
        """Bring a version into view, before a step is taken with it."""
        self.setCurrentIndex(0)
        for i, one in enumerate(self.drafts.rows_model.rows):
            if one.id == draft.id:
                self.drafts.choose(i)

    def _drafts(self) -> QWidget:
        self.drafts = Table(
            "拟稿",
            RowsModel(
                [
                    Column("稿", lambda d: str(d.version), 36, True),
                    Column("类型", lambda d: d.kind.label, 108),
                    Column("状态", lambda d: d.state.label, 68),
                    Column("标题", lambda d: d.title, 160, tip=lambda d: d.title),
                    Column("拟稿", lambda d: d.author, 64, tip=lambda d: f"{d.author} {exact(d.written_at)}"),
                    Column("核签", _signed, 136, tip=_signed),
                ]
            ),
            stretch=3,
            several=True,
        )
        self.draft_text = QTextBrowser()
        self.draft_text.setOpenLinks(False)
        self.drafts.selectionModel().currentRowChanged.connect(lambda *_: self._read_draft())
        self.personal = QWidget()
        self.personal.setLayout(
            row(
                label("这一稿里有个人信息：", "secondary"),
                button("遮盖个人信息", self._actions.mask, tip="遮盖以后另存一稿；原来的一稿保留"),
                button(CAPTIONS[AllowPersonal], self._actions.allow, tip="由有签发权的人逐处准予，写明理由"),
                None,
            )
        )
        self.personal.layout().setContentsMargins(0, 0, 0, 0)
        self.personal.hide()
        drafts = QWidget()
        drafts.setLayout(
            column(
                self.drafts,
                self.draft_text,
                row(
                    button("比较所选两稿", self._actions.compare, tip="Ctrl+D；没有选两稿时比较最新的两稿"),
                    button(CAPTIONS[RemarkOnDraft], self._actions.remark),
                    button(CAPTIONS[ReviewDraft], self._actions.review),
                    button(CAPTIONS[ReturnDraft], self._actions.send_back),
                    None,
                ),
                self.personal,
            )
        )
        return drafts

    def _units(self) -> QWidget:
        self.units = Table(
            "协同",
            RowsModel(
                [
                    Column("单位", lambda c: c.unit, 110),
                    Column("请求", lambda c: c.asked, 180),
                    Column("何时", lambda c: exact(c.asked_at)[5:], 106),
                    Column("答复", lambda c: c.answer or "等待答复", 180),
                ]
            ),
            stretch=3,
        )
        units = QWidget()
        asking = button(CAPTIONS[AskUnit], self._actions.ask_unit)
        answering = button(CAPTIONS[RecordUnitAnswer], self._actions.answered)
        units.setLayout(column(self.units, row(asking, answering, None)))
        return units

    def _answers(self) -> QWidget:
        self.answers = Table(
            "回应",
            RowsModel(
                [
                    Column("发布时间", _published, 106, tip=_published),
                    Column("渠道", lambda r: r.channel.label, 100),
                    Column("类型", lambda r: r.kind.label, 108),
                    Column("标题", self._headed, 200, tip=lambda r: r.text),
                    Column("凭据", lambda r: r.link or f"文件 {r.file}", 140, tip=lambda r: r.link or r.file),
                ]
            ),
            stretch=3,
        )
        answers = QWidget()
        answers.setLayout(column(self.answers, row(button("做图解…", self._actions.draw), None)))
        return answers

    def _headed(self, response: Response) -> str:
        """The title, and where another text was published than was signed, that it was."""
        same = same_words(response.text, self._signed.get(response.draft_id, response.text))
        return response.title if same else f"〔与签发稿不同〕{response.title}"

    def _make_looks_and_history(self) -> None:
        self.looks = Table(
            "跟踪",
            RowsModel(
                [
                    Column("回看", lambda k: f"{(k.due_at - k.response.published_at) / DAY * 24:.0f} 小时", 76),
                    Column("状态", lambda k: "已到" if k.done else f"{exact(k.due_at)[5:]} 到", 124),
                    Column("前·后篇数", lambda k: f"{k.before}·{k.after}", 84, True),
                    Column("本单位账号", lambda k: "、".join(k.own_accounts) or "未见转载", 110),
                    Column("媒体", lambda k: "、".join(k.media) or "—", 110),
                    Column("建议", lambda k: k.advice, 220),
                ]
            ),
            stretch=5,
        )
        self.history = Table(
            "记录",
            RowsModel(
                [
                    Column("时间", lambda e: exact(e.at)[5:], 106),
                    Column("谁", lambda e: e.who, 90),
                    Column("做了什么", lambda e: e.action, 120),
                    Column("内容", lambda e: said_of(e), 280, tip=lambda e: said_of(e)),
                ]
            ),
            stretch=3,
        )

    def _read_draft(self) -> None:
        draft: Draft | None = self.drafts.chosen()
        self.personal.setVisible(draft is not None and bool(open_personal(draft.body, self._allowed)))
        if draft is None:
            self._show_text("还没有拟稿。")
            return
        remarks = [
            f"〔{r.by}〕“{r.quote[:30]}”：{r.text}{'（已处理）' if r.settled else ''}"
            for r in self._remarks.get(draft.version, [])
        ]
        if draft.returned:
            remarks.insert(0, f"〔{draft.reviewer} 退回〕{draft.returned}")
        self._show_text(draft.body + ("\n\n—— 批注 ——\n" + "\n".join(remarks) if remarks else ""))

    def _show_text(self, text: str) -> None:
        """A text that is read anew keeps its place and what is chosen in it."""
        if text != self.draft_text.toPlainText():
            self.draft_text.setPlainText(text)


def _signed(draft: Draft) -> str:
    parts = [f"核 {draft.reviewer}"] if draft.reviewer else []
    parts += (
        [f"签 {draft.approver}{'（一人值班：' + draft.alone + '）' if draft.alone else ''}"] if draft.approver else []
    )
    return " ".join(parts)


def _published(response: Response) -> str:
    """When it was published; of what was entered late, when and why."""
    at = exact(response.published_at)[5:]
    if not response.late_why or response.entered_at is None:
        return at
    return f"{at}（补录：{exact(response.entered_at)[5:]} 登记，{response.late_why}）"
