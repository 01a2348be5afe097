"""The steps of a draft (拟稿): writing, 核稿, 退回, 签发, 发布, remarks; and what the office has settled to say (口径)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import ClassVar

from domain.response import Channel, ResponseKind
from domain.steps.cases import CaseStep
from domain.steps.step import Shape, Step, entered


@dataclass(frozen=True, slots=True)
class WriteDraft(CaseStep):
    """拟稿: a new version; earlier ones stay."""

    code: ClassVar[str] = "draft"
    label: ClassVar[str] = "拟稿"
    title: str = entered("标题")
    body: str = entered("正文", shape=Shape.TEXT, option="file")
    kind: ResponseKind = entered("类型", default=ResponseKind.ANSWER)


@dataclass(frozen=True, slots=True)
class DraftStep(CaseStep):
    """A step of one version of a case's drafts."""

    version: int = entered("第几稿")


@dataclass(frozen=True, slots=True)
class ReviewDraft(DraftStep):
    """核稿 by a second person."""

    code: ClassVar[str] = "review"
    label: ClassVar[str] = "核稿"


@dataclass(frozen=True, slots=True)
class ReturnDraft(DraftStep):
    """退回 to the author, with a reason; a new version follows."""

    code: ClassVar[str] = "return"
    label: ClassVar[str] = "退回"
    why: str = entered("退回的理由", shape=Shape.LINES)


@dataclass(frozen=True, slots=True)
class ApproveDraft(DraftStep):
    """签发 by another than the author, unless `alone` says why only one person is on duty in an emergency.

    `findings_seen` says that what the check points at was read; whoever signs decides.
    """

    code: ClassVar[str] = "approve"
    label: ClassVar[str] = "签发"
    alone: str = entered("一人值班的理由", default="", hint="只有拟稿人一人值班时填写，会留痕并写入简报")
    findings_seen: bool = entered("自查已看过", default=False)


@dataclass(frozen=True, slots=True)
class PublishDraft(DraftStep):
    """发布回应 with its evidence: channel, time, and an address or a file.

    `text` as published where it differs from what was signed; `differs_seen` says that this is known. `late_why`: why it
    is entered only now, where that is long after it was published, or after a due time (补录); it then needs the file.
    """

    code: ClassVar[str] = "publish"
    label: ClassVar[str] = "发布回应"
    link: str = entered("网址", default="", hint="https://", positional=True)
    channel: Channel = entered("渠道", default=Channel.WEBSITE)
    at: datetime | None = entered("发布时间", default=None)
    file: Path | None = entered("凭据文件", default=None, hint="没有网址时，选一个截图或文件")
    text: str = entered("发布的正文", default="", shape=Shape.TEXT)
    differs_seen: bool = entered("确与签发的不同", default=False)
    late_why: str = entered("补录的理由", default="", hint="发布后一小时以上，或时限过了才登记的，写明原因并附凭据文件")


@dataclass(frozen=True, slots=True)
class AllowPersonal(DraftStep):
    """准予公开: one piece of personal data in a draft may stand, for a reason (个人信息保护法: 最小必要); for this case.

    The record keeps the piece masked.
    """

    code: ClassVar[str] = "allow-personal"
    label: ClassVar[str] = "准予公开个人信息"
    words: str = entered("哪一处", hint="稿中的原文")
    why: str = entered("准予公开的理由", shape=Shape.LINES)


@dataclass(frozen=True, slots=True)
class RemarkOnDraft(DraftStep):
    """批注: a remark on a stretch of a draft's text."""

    code: ClassVar[str] = "remark"
    label: ClassVar[str] = "批注"
    start: int = entered("从第几字")
    end: int = entered("到第几字")
    text: str = entered("批注", shape=Shape.LINES)


@dataclass(frozen=True, slots=True)
class AddSaying(Step):
    """添加口径: what the office has settled to say on a matter."""

    code: ClassVar[str] = "add-saying"
    label: ClassVar[str] = "添加口径"
    title: str = entered("口径标题")
    text: str = entered("口径内容", shape=Shape.TEXT)
    words: tuple[str, ...] = entered("关键词", default=())
    source: str = entered("出处", default="")
    until: date | None = entered("有效期至", default=None)


@dataclass(frozen=True, slots=True)
class WithdrawSaying(Step):
    """作废口径 that no longer holds."""

    code: ClassVar[str] = "withdraw-saying"
    label: ClassVar[str] = "作废口径"
    saying: int = entered("哪一条口径")


@dataclass(frozen=True, slots=True)
class SetTemplate(Step):
    """修改稿子模板 of a kind; an empty text, or ours, takes ours again."""

    code: ClassVar[str] = "set-template"
    label: ClassVar[str] = "修改稿子模板"
    kind: ResponseKind = entered("类型")
    text: str = entered("模板", needed=False, shape=Shape.TEXT)
