"""The steps of what the office's decisions teach (判断习惯): using proposed weights, not using them, taking them back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from domain.steps.step import Step, entered


@dataclass(frozen=True, slots=True)
class AcceptWeights(Step):
    """采用判断习惯: the weights that were seen are used by flagging from now on."""

    code: ClassVar[str] = "accept-weights"
    label: ClassVar[str] = "采用判断习惯"
    weights: Mapping[str, float] = entered("权重")
    decisions: int = entered("依据几次判断")


@dataclass(frozen=True, slots=True)
class RefuseWeights(Step):
    """不采用判断习惯: nothing changes, and nothing is proposed until there are many more decisions."""

    code: ClassVar[str] = "refuse-weights"
    label: ClassVar[str] = "不采用判断习惯"
    decisions: int = entered("依据几次判断")


@dataclass(frozen=True, slots=True)
class TakeBackWeights(Step):
    """撤回判断习惯: flagging goes by the program's own rules again."""

    code: ClassVar[str] = "take-back-weights"
    label: ClassVar[str] = "撤回判断习惯"
