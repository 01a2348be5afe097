"""The steps of people (人员): adding, changing, leaving and coming back, passwords."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from domain.errors import InputError
from domain.person import Role
from domain.steps.step import Step, entered

SHORTEST_PASSWORD = 8


@dataclass(frozen=True, slots=True)
class PersonParticulars(Step):
    """What is said of a person. Raises InputError for one who may do nothing."""

    name: str = entered("姓名")
    roles: tuple[Role, ...] = entered("权限")
    account: str = entered("电脑账号", default="")

    def __post_init__(self) -> None:
        Step.__post_init__(self)
        if not self.roles:
            raise InputError("请至少选一项权限。", "roles")


@dataclass(frozen=True, slots=True)
class AddPerson(PersonParticulars):
    """添加人员."""

    code: ClassVar[str] = "add-person"
    label: ClassVar[str] = "添加人员"


@dataclass(frozen=True, slots=True)
class ChangePerson(PersonParticulars):
    """修改人员."""

    code: ClassVar[str] = "change-person"
    label: ClassVar[str] = "修改人员"
    person_id: int = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class PersonStep(Step):
    """A step of one person."""

    person_id: int


@dataclass(frozen=True, slots=True)
class SetActive(PersonStep):
    """停用人员 who left, or 恢复 one who came back."""

    code: ClassVar[str] = "set-active"
    label: ClassVar[str] = "停用人员"
    active: bool = entered("在岗", default=False)


@dataclass(frozen=True, slots=True)
class SetPassword(PersonStep):
    """设置密码; only its hash is kept, and nothing of it in the record."""

    code: ClassVar[str] = "set-password"
    label: ClassVar[str] = "设置密码"
    password: str = entered("密码", secret=True)

    def __post_init__(self) -> None:
        Step.__post_init__(self)
        if len(self.password) < SHORTEST_PASSWORD:
            raise InputError(f"密码至少要 {SHORTEST_PASSWORD} 位。", "password")
