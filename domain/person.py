"""People (人员) of the office, and what each may do."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from domain.concern import Labelled


class Role(Labelled):
    """What a person may do; one person may have several roles."""

    OFFICER = ("officer", "经办")
    REVIEWER = ("reviewer", "核稿")
    APPROVER = ("approver", "签发")
    ADMINISTRATOR = ("administrator", "管理")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the office. `account` is the computer account that signs in without a password, if bound."""

    id: int
    name: str
    roles: tuple[Role, ...]
    account: str = ""
    active: bool = True

    def may(self, role: Role) -> bool:
        """Whether this person has a role; an administrator's right is to look after settings and people only."""
        return self.active and role in self.roles


class Proof(Labelled):
    """How it is known who acts."""

    PASSWORD = ("password", "密码")
    ACCOUNT = ("account", "电脑账号")
    CLAIMED = ("claimed", "自称")
    PROGRAM = ("program", "程序")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who takes a step, and how that is known; `person_id` None where the office has not set up its people."""

    name: str
    how: Proof = Proof.CLAIMED
    person_id: int | None = None


def same_person(one: str, other: str) -> bool:
    """Whether two names are one person's, however they are spelled: width, case, blanks and signs tell nobody apart.

    >>> same_person("李敏", "李　敏。"), same_person("李敏", "李敏（办公室）")
    (True, False)
    """
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    kept = "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum())
    return kept or name.strip()
