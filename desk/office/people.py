"""People of the office: who there is, who may do what, signing in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from desk.work import Before, Effect, Handler, Preparation, Ready, Work
from domain.errors import InputError
from domain.person import Person, Role, same_person
from domain.steps import people as steps
from domain.steps.step import Step, plain
from response.rights import check_role
from store import people, record
from store.database import Connection, Database


def everyone(database: Database) -> list[Person]:
    """All people; empty while the office has not set any up, and then whoever sits there may do everything."""
    with database.read() as connection:
        return people.everyone(connection)


def add(step: steps.AddPerson, work: Work) -> Effect:
    """添加人员; gives the id."""
    id = _keep(Person(0, step.name, step.roles, step.account), work)
    return Effect(object=_object(id), result=id)


def change(step: steps.ChangePerson, work: Work) -> Effect:
    """修改人员; one who had left is back."""
    before = people.get(work.connection, step.person_id)
    _keep(replace(before, name=step.name, roles=step.roles, account=step.account, active=True), work)
    return Effect(before=_told(before), object=_object(before.id))


def set_active(step: steps.SetActive, work: Work) -> Effect:
    """停用, 恢复."""
    before = people.get(work.connection, step.person_id)
    _keep(replace(before, active=step.active), work)
    after = {"name": before.name, "active": step.active}
    return Effect(after, {"active": before.active}, _object(before.id), action="恢复人员" if step.active else "")


def hash_password(step: steps.SetPassword, before: Before) -> Ready:
    """The argon2 hash, which takes its time."""
    return Ready(PasswordHasher().hash(step.password))


def set_password(step: steps.SetPassword, work: Work) -> Effect:
    """设置密码: one's own, or by an administrator."""
    of = people.get(work.connection, step.person_id)
    if of.name != work.who.strip():
        check_role(Role.ADMINISTRATOR, "设置别人的密码", work.who, people.everyone(work.connection))
    people.set_password(work.connection, of.id, work.ready)
    return Effect(object=_object(of.id))


HANDLERS: dict[type[Step], Handler] = {
    steps.AddPerson: add,
    steps.ChangePerson: change,
    steps.SetActive: set_active,
    steps.SetPassword: set_password,
}
PREPARATIONS: dict[type[Step], Preparation] = {steps.SetPassword: hash_password}


def _keep(changed: Person, work: Work) -> int:
    """Keep a person; the id. Raises InputError; there is always an administrator left."""
    for known in people.everyone(work.connection):
        if known.id != changed.id and same_person(known.name, changed.name):
            raise InputError(f"已经有叫“{known.name}”的人。请加上科室以便区分。", "name")
    id = people.keep(work.connection, changed)
    if not any(p.may(Role.ADMINISTRATOR) for p in people.everyone(work.connection)):
        raise InputError("至少要有一位有“管理”权限的在岗人员，否则没有人能再改设置。")
    return id


def _object(id: int) -> str:
    return f"person:{id}"


def _told(person: Person) -> dict[str, Any]:
    return {"name": person.name, "roles": plain(person.roles), "account": person.account, "active": person.active}


def sign_in(database: Database, name: str, password: str) -> Person:
    """Who signs in. Raises InputError, not saying whether name or password is wrong."""
    with database.read() as connection:
        person = people.named(connection, name.strip())
        hashed = people.password_of(connection, person.id) if person else ""
    try:
        if person and person.active and hashed and PasswordHasher().verify(hashed, password):
            return person
    except VerificationError:
        pass
    raise InputError("姓名或密码不对。忘了密码请找有“管理”权限的人重设。")


def names_of(connection: Connection, name: str) -> set[str]:
    """The names that the person of this name has borne, by the record."""
    person = people.named(connection, name.strip())
    entries = record.entries(connection, _object(person.id)) if person else ()
    told = [entry.before.get("name") for entry in entries if isinstance(entry.before, dict)]
    return {name, *(str(one) for one in told if one)}


def of_account(database: Database, account: str) -> Person | None:
    """The person whom the computer's account signs in, None where it is bound to nobody."""
    with database.read() as connection:
        return next((p for p in people.everyone(connection) if p.active and account and p.account == account), None)
