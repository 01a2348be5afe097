"""People of the office: who there is, who may do what, signing in."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import Connection

from domain.errors import InputError, StepError
from domain.person import Person, Role
from response.lifecycle import COURSE, Step
from store import people, record
from store.database import Database

SHORTEST_PASSWORD = 8


def everyone(database: Database) -> list[Person]:
    """All people; empty while the office has not set any up, and then whoever sits there may do everything."""
    with database.read() as connection:
        return people.everyone(connection)


def keep_person(database: Database, changed: Person, by: str, now: datetime) -> int:
    """Add or change a person; the id. Raises InputError; there is always an administrator left."""
    name = changed.name.strip()
    if not name or not changed.roles:
        raise InputError("请填写姓名，并至少选一项权限。")
    with database.write() as connection:
        check_may(connection, by, Role.ADMINISTRATOR, "管理人员")
        known = people.named(connection, name)
        if known is not None and known.id != changed.id:
            raise InputError(f"已经有叫“{name}”的人。请加上科室以便区分。")
        id = people.keep(connection, replace(changed, name=name))
        if not any(p.may(Role.ADMINISTRATOR) for p in people.everyone(connection)):
            raise InputError("至少要有一位有“管理”权限的在岗人员，否则没有人能再改设置。")
        record.append(
            connection, now, by, "修改人员" if changed.id else "添加人员", f"person:{id}", None, _plain(changed)
        )
        return id


def set_password(database: Database, id: int, password: str, by: str, now: datetime) -> None:
    """Set a password; only its argon2 hash is kept. Raises InputError for a short one."""
    if len(password) < SHORTEST_PASSWORD:
        raise InputError(f"密码至少要 {SHORTEST_PASSWORD} 位。")
    with database.write() as connection:
        people.set_password(connection, id, PasswordHasher().hash(password))
        record.append(connection, now, by, "设置密码", f"person:{id}", None, None)


def sign_in(database: Database, name: str, password: str) -> Person:
    """Who signs in. Raises InputError, not saying whether name or password is wrong."""
    with database.read() as connection:
        found = people.named(connection, name.strip())
        hashed = people.password_of(connection, found.id) if found else ""
    try:
        if found and found.active and hashed and PasswordHasher().verify(hashed, password):
            return found
    except VerificationError:
        pass
    raise InputError("姓名或密码不对。忘了密码请找有“管理”权限的人重设。")


def of_account(database: Database, account: str) -> Person | None:
    """The person whom the computer's account signs in, None where it is bound to nobody."""
    with database.read() as connection:
        return next((p for p in people.everyone(connection) if p.active and account and p.account == account), None)


def check_step(connection: Connection, who: str, step: Step) -> None:
    """Raises StepError when the course does not let this person take a step."""
    check_may(connection, who, COURSE[step].role, step.label)


def check_may(connection: Connection, who: str, role: Role, what: str) -> None:
    """Raises StepError when somebody has not the role; an office without people set up lets everybody."""
    known = [person for person in people.everyone(connection) if person.active]
    if not known:
        return
    if not any(person.name == who.strip() and person.may(role) for person in known):
        able = "、".join(person.name for person in known if person.may(role)) or "目前没有人"
        raise StepError(f"{who or '您'}没有“{role.label}”权限，不能{what}。有这项权限的是：{able}。")


def _plain(person: Person) -> dict[str, object]:
    return {**asdict(person), "roles": [role.code for role in person.roles]}
