"""The tabs of a case: 拟稿, 协同, 回应, 跟踪, 记录."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QTabWidget, QTextBrowser, QWidget

from desk import casework
from domain.response import Draft
from domain.times import DAY, exact
from gui.widgets.parts import Column, RowsModel, Table, button, column, row

HIGH = 260  # pixels that the tabs keep in a low window


class CaseTabs(QTabWidget):
    """Shows what there is of a case. `steps` are the actions of its buttons, by what the button says."""

    def __init__(self, steps: dict[str, Callable[[], Any]]) -> None:
        super().__init__()
        self._steps = steps
        self.setMinimumHeight(HIGH)
        self._remarks: dict[int, list[Any]] = {}
        drafts, units, answers = self._drafts(), self._units(), self._answers()
        self._make_looks_and_history()
        for view, text in (
            (drafts, "拟稿"),
            (units, "协同"),
            (answers, "回应"),
            (self.looks, "跟踪"),
            (self.history, "记录"),
        ):
            self.addTab(view, text)

    def _step(self, text: str, tip: str = "") -> Any:
        return button(text, self._steps[text], tip=tip)

    def show_case(self, case: casework.Case, remarks: dict[int, list[Any]], looks: list[Any]) -> None:
        """Show a case as it stands; the newest draft is chosen where none was."""
        self._remarks = remarks
        self.drafts.show_rows(case.drafts, lambda d: d.id)
        if case.drafts and not self.drafts.currentIndex().isValid():
            self.drafts.selectRow(0)
        self._read_draft()
        self.units.show_rows(case.coordination, lambda u: u.id)
        self.answers.show_rows(case.responses, lambda r: r.id)
        self.looks.show_rows(looks, lambda k: (k.response.id, k.due_at))
        self.history.show_rows(list(reversed(case.history)), lambda e: e.sequence)

    def _drafts(self) -> QWidget:
        self.drafts = Table(
            "拟稿",
            RowsModel(
                [
                    Column("稿", lambda d: str(d.version), 36, True),
                    Column("类型", lambda d: d.kind.label, 92),
                    Column("状态", lambda d: d.state.label, 68),
                    Column("标题", lambda d: d.title, 160),
                    Column("拟稿", lambda d: d.author, 64, tip=lambda d: f"{d.author} {exact(d.written_at)}"),
                    Column("核签", _signed, 84, tip=_signed),
                ]
            ),
            stretch=3,
            several=True,
        )
        self.draft_text = QTextBrowser()
        self.draft_text.setOpenLinks(False)
        self.drafts.selectionModel().currentRowChanged.connect(lambda *_: self._read_draft())
        drafts = QWidget()
        drafts.setLayout(
            column(
                self.drafts,
                self.draft_text,
                row(
                    self._step("比较所选两稿", "Ctrl+D；没有选两稿时比较最新的两稿"),
                    self._step("批注所选文字…"),
                    self._step("核稿"),
                    self._step("退回…"),
                    None,
                ),
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
        units.setLayout(column(self.units, row(self._step("请求协同…"), self._step("登记答复…"), None)))
        return units

    def _answers(self) -> QWidget:
        self.answers = Table(
            "回应",
            RowsModel(
                [
                    Column("发布时间", lambda r: exact(r.published_at)[5:], 106),
                    Column("渠道", lambda r: r.channel.label, 120),
                    Column("类型", lambda r: r.kind.label, 100),
                    Column("标题", lambda r: r.title, 200, tip=lambda r: r.text),
                    Column("凭据", lambda r: r.link or f"文件 {r.file}", 180),
                ]
            ),
            stretch=3,
        )
        answers = QWidget()
        answers.setLayout(column(self.answers, row(self._step("做图解…"), None)))
        return answers

    def _make_looks_and_history(self) -> None:
        self.looks = Table(
            "跟踪",
            RowsModel(
                [
                    Column("回看", lambda k: f"{(k.due_at - k.response.published_at) / DAY * 24:.0f} 小时", 76),
                    Column("状态", lambda k: "已到" if k.done else f"{exact(k.due_at)[5:]} 到", 110),
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
                    Column("内容", lambda e: casework.said_of(e), 280, tip=lambda e: casework.said_of(e)),
                ]
            ),
            stretch=3,
        )

    def _read_draft(self) -> None:
        draft: Draft | None = self.drafts.chosen()
        if draft is None:
            self.draft_text.setPlainText("还没有拟稿。")
            return
        told = [
            f"〔{r.by}〕“{r.quote[:30]}”：{r.text}{'（已处理）' if r.settled else ''}"
            for r in self._remarks.get(draft.version, [])
        ]
        if draft.returned:
            told.insert(0, f"〔{draft.reviewer} 退回〕{draft.returned}")
        self.draft_text.setPlainText(draft.body + ("\n\n—— 批注 ——\n" + "\n".join(told) if told else ""))


def _signed(draft: Draft) -> str:
    parts = [f"核 {draft.reviewer}"] if draft.reviewer else []
    parts += (
        [f"签 {draft.approver}{'（一人值班：' + draft.alone + '）' if draft.alone else ''}"] if draft.approver else []
    )
    return " ".join(parts)
