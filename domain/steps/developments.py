"""The steps of a turn of another kind inside a case (新动向): noting it, making it a concern of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from domain.steps.cases import CaseStep
from domain.steps.step import entered


@dataclass(frozen=True, slots=True)
class NoteDevelopment(CaseStep):
    """知悉新动向: somebody has read it, the case goes on as it is."""

    code: ClassVar[str] = "note"
    label: ClassVar[str] = "知悉新动向"
    development: int = entered("哪一条新动向")


@dataclass(frozen=True, slots=True)
class SeparateDevelopment(CaseStep):
    """新动向单列: its reports become a topic and a concern of their own, that waits to be judged."""

    code: ClassVar[str] = "separate"
    label: ClassVar[str] = "新动向单列"
    development: int = entered("哪一条新动向")
