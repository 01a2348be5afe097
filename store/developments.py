"""Keeping turns of another kind inside running cases (新动向)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from domain.concern import DevelopmentKind, EventGrade, Evidence, Turn
from domain.development import Claim, Development, DevelopmentState
from store.schema import development, new_id


def _development(row: Row[Any]) -> Development:
    evidence = tuple(Evidence(e["article"], e["sentence"], e["source"]) for e in row.evidence)
    kind, state, grade = DevelopmentKind.of(row.kind), DevelopmentState.of(row.state), EventGrade.of(row.grade)
    says = tuple(Claim(c["about"], c["amount"], c["source"], c["credible"]) for c in row.says)
    return Development(row.id, row.concern_id, kind, row.found_at, evidence, state, row.became, says, grade)


def _evidence(some: Sequence[Evidence]) -> list[dict[str, Any]]:
    return [{"article": e.article_id, "sentence": e.sentence, "source": e.source} for e in some]


def _says(some: Sequence[Claim]) -> list[dict[str, Any]]:
    return [{"about": c.about, "amount": c.amount, "source": c.source, "credible": c.credible} for c in some]


def of_concern(connection: Connection, concern_id: int) -> list[Development]:
    """The developments of a case, the newest first."""
    query = select(development).where(development.c.concern_id == concern_id)
    order = development.c.found_at.desc(), development.c.id.desc()
    return [_development(row) for row in connection.execute(query.order_by(*order))]


def waiting(connection: Connection, concern_id: int | None = None) -> dict[int, tuple[Turn, ...]]:
    """Those that nobody has looked at yet, by concern; of one concern, or of all."""
    query = select(development).where(development.c.state == DevelopmentState.NEW.code)
    if concern_id is not None:
        query = query.where(development.c.concern_id == concern_id)
    turns: dict[int, tuple[Turn, ...]] = {}
    for one in map(_development, connection.execute(query.order_by(development.c.id))):
        turn = Turn(one.id, one.kind, next((e.sentence for e in one.evidence), ""), one.grade)
        turns[one.concern_id] = (*turns.get(one.concern_id, ()), turn)
    return turns


def add(connection: Connection, new: Development) -> int:
    """Keep a development; its id."""
    values = {"concern_id": new.concern_id, "kind": new.kind.code, "found_at": new.found_at, "state": new.state.code}
    documents = {"evidence": _evidence(new.evidence), "says": _says(new.says), "grade": new.grade.code}
    return new_id(connection.execute(development.insert().values(**values, **documents)))


def add_evidence(connection: Connection, id: int, evidence: Sequence[Evidence], says: Sequence[Claim]) -> None:
    """Keep all the sentences that tell of one, and what they say."""
    change = development.update().where(development.c.id == id)
    connection.execute(change.values(evidence=_evidence(evidence), says=_says(says)))


def settle(connection: Connection, id: int, state: DevelopmentState, became: int | None = None) -> None:
    """Note what a person made of one."""
    change = development.update().where(development.c.id == id)
    connection.execute(change.values(state=state.code, became=became))


def carry_over(connection: Connection, from_id: int, to_id: int) -> None:
    """Those of a merged case go to the one it went into."""
    connection.execute(development.update().where(development.c.concern_id == from_id).values(concern_id=to_id))
