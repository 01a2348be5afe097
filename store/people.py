"""Keeping people (人员) of the office."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, select

from domain.errors import NotFoundError
from domain.person import Person, Role
from store.schema import new_id, person


def _person(row: Row[Any]) -> Person:
    return Person(row.id, row.name, tuple(Role.of(code) for code in row.roles), row.account, row.active)


def everyone(connection: Connection) -> list[Person]:
    """All people, those who left too, by name."""
    return [_person(row) for row in connection.execute(select(person).order_by(person.c.active.desc(), person.c.name))]


def get(connection: Connection, id: int) -> Person:
    """One person. Raises NotFoundError."""
    row = connection.execute(select(person).where(person.c.id == id)).first()
    if row is None:
        raise NotFoundError("没有这个人员。请刷新人员列表后再试。")
    return _person(row)


def named(connection: Connection, name: str) -> Person | None:
    """The person of that name."""
    row = connection.execute(select(person).where(person.c.name == name)).first()
    return _person(row) if row else None


def password_of(connection: Connection, id: int) -> str:
    """The stored hash of a person's password, empty where none is set."""
    return str(connection.execute(select(person.c.password).where(person.c.id == id)).scalar() or "")


def keep(connection: Connection, changed: Person) -> int:
    """Add a person (id 0) or keep the changed one; the id."""
    values = {
        "name": changed.name,
        "roles": [role.code for role in changed.roles],
        "account": changed.account,
        "active": changed.active,
    }
    if changed.id:
        connection.execute(person.update().where(person.c.id == changed.id).values(**values))
        return changed.id
    return new_id(connection.execute(person.insert().values(password="", **values)))


def set_password(connection: Connection, id: int, hashed: str) -> None:
    """Keep the hash of a person's password."""
    connection.execute(person.update().where(person.c.id == id).values(password=hashed))
