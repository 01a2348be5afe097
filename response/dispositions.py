"""What each of the six ways of 处置 (国办发〔2016〕80号, 做好研判处置) asks for, and which way the reasons suggest."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from domain.concern import Disposition, Reason, ReasonCode
from domain.response import Coordination, Response, ResponseKind


@dataclass(frozen=True, slots=True)
class Done:
    """What was done in a case: published responses, units asked, and the outcome."""

    responses: Sequence[Response]
    coordination: Sequence[Coordination]
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """A point of the checklist, and whether what was done shows it."""

    words: str
    done: bool


def _answered(done: Done) -> bool:
    return any(response.kind is not ResponseKind.UPDATE for response in done.responses)


def _said(pattern: str) -> Callable[[Done], bool]:
    sign = re.compile(pattern)
    return lambda done: any(sign.search(text) for text in (done.outcome, *(r.text for r in done.responses)))


def _explained(done: Done) -> bool:
    return any(r.kind is ResponseKind.EXPLANATION for r in done.responses) or _said("解释|说明|是指|并非|不是")(done)


def _asked(unit: str) -> Callable[[Done], bool]:
    return lambda done: any(unit in coordination.unit for coordination in done.coordination)


_POINTS: dict[Disposition, tuple[tuple[str, Callable[[Done], bool]], ...]] = {
    Disposition.SUGGESTION: (("吸收采纳情况公开", _said("采纳|吸收|采用")),),
    Disposition.HARDSHIP: (("研究解决情况公布", _said("解决|办理|恢复|整改|落实|补发|修复")),),
    Disposition.GRAVE_MATTER: (("调查处置情况发布", _said("调查|核查|处置")),),
    Disposition.MISUNDERSTANDING: (("发布权威信息", _answered), ("解疑释惑", _explained)),
    Disposition.WRONG_VIEW: (("发布信息", _answered), ("引导纠正", _said("并非|不实|有误|纠正|澄清|事实是"))),
    Disposition.FALSEHOOD: (
        ("及时回应", _answered),
        ("线索移交公安", _asked("公安")),
        ("线索移交网信", _asked("网信")),
    ),
}

# Which way a reason suggests; the graver reasons first.
_SUGGESTED = (
    (ReasonCode.EMERGENCY, Disposition.GRAVE_MATTER),
    (ReasonCode.MORAL_LINE, Disposition.GRAVE_MATTER),
    (ReasonCode.MISREAD_POLICY, Disposition.MISUNDERSTANDING),
)
_FALSE = re.compile("谣言|造谣|不实信息|网传|虚假")


def checklist(disposition: Disposition, done: Done) -> list[ChecklistItem]:
    """The points that a way of 处置 asks for; each is done where a response, a unit asked or the outcome shows it."""
    return [ChecklistItem(words, shown(done)) for words, shown in _POINTS[disposition]]


def suggested_disposition(reasons: Sequence[Reason]) -> Disposition:
    """The way that the reasons of a concern suggest; the officer decides. 实际困难 where none says more."""
    codes = {reason.code for reason in reasons}
    for code, way in _SUGGESTED:
        if code in codes:
            words = " ".join(reason.words for reason in reasons if reason.code is code)
            rumour = code is ReasonCode.MISREAD_POLICY and _FALSE.search(words)
            return Disposition.FALSEHOOD if rumour else way
    return Disposition.HARDSHIP
