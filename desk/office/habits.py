"""The weights that the office uses (判断习惯), and the steps by which people accept, refuse and take them back."""

from __future__ import annotations

import logging

from desk.work import Effect, Handler, Work
from domain.concern import Concern, ConcernState
from domain.errors import InputError, StepError, StoreError
from domain.learning import AGAIN_AFTER, LEAST_DECISIONS, LEAST_OF_EACH, NO_WEIGHTS, OfficeWeights
from domain.steps import learning as steps
from domain.steps.step import Step, plain
from store import cases, settings
from store.database import Connection, Database

log = logging.getLogger(__name__)
KEY, SETTLED = "office_weights", "office_weights_settled"


def own_weights(database: Database) -> OfficeWeights:
    """The weights that are used; none where nothing was accepted. Raises StoreError where they are damaged."""
    with database.read() as connection:
        return weights_of(connection)


def weights_in_use(database: Database) -> OfficeWeights:
    """The same for flagging, which goes on without them where they are damaged: 设置 says so."""
    try:
        return own_weights(database)
    except StoreError as error:
        log.warning("%s", error)
        return NO_WEIGHTS


def weights_of(connection: Connection) -> OfficeWeights:
    """The same, inside a transaction."""
    kept = settings.read(connection, KEY)
    try:
        return OfficeWeights.read(kept) if kept else NO_WEIGHTS
    except (AttributeError, InputError) as error:
        raise StoreError("判断习惯的设置已损坏。请在“设置”→“判断习惯”里点“撤回”，其他数据不受影响。") from error


def settled_at(connection: Connection) -> int:
    """How many decisions there were when weights were last accepted or refused."""
    kept = settings.read(connection, SETTLED)
    return kept if isinstance(kept, int) else 0


def waits(connection: Connection) -> bool:
    """Whether there are enough decisions since the last time to look at what they teach."""
    known = decided(connection)
    count, aside = len(known), sum(map(dismissed, known))
    teaches = count >= LEAST_DECISIONS and min(aside, count - aside) >= LEAST_OF_EACH
    return teaches and (not (last := settled_at(connection)) or count >= last + AGAIN_AFTER)


def decided(connection: Connection) -> list[Concern]:
    """The concerns that people decided about, the newest first: judged, or dismissed."""
    known = cases.listing(connection)
    return [c for c in known if c.state is not ConcernState.MERGED and (c.judgement is not None or dismissed(c))]


def dismissed(concern: Concern) -> bool:
    """Whether it was put aside; it may be archived since."""
    return concern.judgement is None and concern.state in (ConcernState.DISMISSED, ConcernState.ARCHIVED)


def accept(step: steps.AcceptWeights, work: Work) -> Effect:
    """采用判断习惯."""
    weights = OfficeWeights.read(plain(step.weights))
    if not weights.weights:
        raise InputError("没有可以采用的判断习惯。", "weights")
    count = len(decided(work.connection))
    if count < LEAST_DECISIONS:
        raise StepError(f"判定和不予回应满 {LEAST_DECISIONS} 次才能采用判断习惯，现在 {count} 次。")
    before = settings.read(work.connection, KEY) or {}
    settings.write(work.connection, KEY, weights.kept())
    settings.write(work.connection, SETTLED, count)
    return Effect(before={"weights": before}, object=f"setting:{KEY}")


def refuse(step: steps.RefuseWeights, work: Work) -> Effect:
    """不采用判断习惯."""
    settings.write(work.connection, SETTLED, len(decided(work.connection)))
    return Effect(object=f"setting:{KEY}")


def take_back(step: steps.TakeBackWeights, work: Work) -> Effect:
    """撤回判断习惯, damaged ones too. Raises StepError where none are used."""
    before = settings.write(work.connection, KEY, {})
    if before in (None, "{}"):
        raise StepError("现在没有采用判断习惯，不用撤回。")
    return Effect({"weights": {}}, {"weights": before}, f"setting:{KEY}")


HANDLERS: dict[type[Step], Handler] = {
    steps.AcceptWeights: accept,
    steps.RefuseWeights: refuse,
    steps.TakeBackWeights: take_back,
}
