"""What a step works with: its transaction, who acts, when; and what it then tells the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from domain.concern import Concern
from domain.person import Actor
from store import record
from store.database import Connection, Database


@dataclass(frozen=True, slots=True)
class Before:
    """What there is before a step's transaction begins; `folder` is where files are kept."""

    database: Database
    actor: Actor
    now: datetime
    folder: Path | None


def nothing_to_undo() -> None:
    """Nothing was made that would have to be taken away."""


@dataclass(frozen=True, slots=True)
class Ready:
    """What was read or made before the transaction, which nobody should wait for longer than it takes to write.

    `undo` takes away what was made, where the step is refused; `done` is called once it was taken.
    """

    value: Any = None
    undo: Callable[[], None] = nothing_to_undo
    done: Callable[[], None] = nothing_to_undo


@dataclass(frozen=True, slots=True)
class Work:
    """The one transaction of a step; `ready` is what its preparation gave."""

    connection: Connection
    actor: Actor
    now: datetime
    ready: Any = None

    @property
    def who(self) -> str:
        """The name of who acts."""
        return self.actor.name

    @property
    def latest(self) -> datetime:
        """By when this step is certainly taken: not before the newest entries of the record, whatever the computer's
        clock says. It decides what is over; a clock that was put back makes nothing in time.
        """
        return record.not_before(self.connection, self.now)

    def enter(self, action: str, object: str, before: Any, after: Any) -> None:
        """A further entry of the record, beside the step's own: for another object that it changed."""
        record.append(self.connection, self.now, self.who, action, object, before, after)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a step did, for the record: on which object, what was before, what follows beside what was entered.

    `columns` are the further columns of the concern that a step of a case changes; `action` where the record
    should say another word than the step's label; `result` goes back to the caller.
    """

    after: Mapping[str, Any] = field(default_factory=dict)
    before: Mapping[str, Any] | None = None
    object: str = ""
    columns: Mapping[str, Any] = field(default_factory=dict)
    action: str = ""
    result: Any = None


Handler = Callable[[Any, Work], Effect]  # of a step that is of no one case
CaseHandler = Callable[[Any, Concern, Work], Effect]
Preparation = Callable[[Any, Before], Ready]
