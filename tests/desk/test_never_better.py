"""No sequence of steps after the due time turns 超时 into 按时 (docs/domain.md section 3), whoever takes them, however dated."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date, time
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk.execute import execute
from desk.reporting.ledger import InTime, figures, ledger
from domain.concern import (
    AttentionGrade,
    ClockBasis,
    Concern,
    ConcernState,
    Disposition,
    EventGrade,
    Evidence,
    Reason,
    ReasonCode,
)
from domain.errors import WenyingError
from domain.person import Actor
from domain.response import Applies, DeadlineRule, DeadlineState, ResponseKind, Unit
from domain.steps import cases as steps
from domain.steps import deadlines
from domain.steps.drafts import ApproveDraft, PublishDraft, WriteDraft
from domain.steps.office import SetOffice
from domain.times import DAY, HOUR
from domain.topic import Heat, Topic
from store import cases, looks
from store.database import open_database, sqlite_url
from store.looks import Look
from tests.desk.flagging import flag_now

OFFICER, SIGNER = Actor("李敏"), Actor("王强")
LATE = (DeadlineState.OVERDUE, DeadlineState.LATE, DeadlineState.ENTERED_LATE)
OWN = DeadlineRule("own-1", "核实", "本单位", 1, Unit.WORKING_DAYS, Applies.OTHER, (ResponseKind.ANSWER,), "文件", True)
IDS = (1, 2)
# Each takes: the case, a number to choose by, a moment that has been, a file of evidence.
OPEN = ((time(9), time(17)),)  # the hours of the office
STEPS = (
    lambda id, n, at, file: steps.JudgeConcern(id, list(EventGrade)[n % 5], list(ClockBasis)[n % 4], at, at),
    lambda id, n, at, file: steps.JudgeConcern(id, EventGrade.NONE, disposition=list(Disposition)[n % 6]),
    lambda id, n, at, file: steps.RegradeConcern(id, list(EventGrade)[n % 5], "核实", at),
    lambda id, n, at, file: steps.DismissConcern(id, "不属实"),
    lambda id, n, at, file: steps.MergeConcern(id, IDS[id % 2]),
    lambda id, n, at, file: steps.ReferConcern(id, "市住建局", "属其职责"),
    lambda id, n, at, file: steps.RecordAcceptance(id, at),
    lambda id, n, at, file: steps.TakeBackReferral(id, "误转"),
    lambda id, n, at, file: steps.FollowConcern(id),
    lambda id, n, at, file: steps.CloseConcern(id, "已办"),
    lambda id, n, at, file: steps.ArchiveConcern(id),
    lambda id, n, at, file: steps.ReopenConcern(id, "又漏了"),
    lambda id, n, at, file: WriteDraft(id, "通报", "情况、措施、结果。", list(ResponseKind)[n % 5]),
    lambda id, n, at, file: ApproveDraft(id, 1 + n % 4),
    lambda id, n, at, file: PublishDraft(id, 1 + n % 4, "https://x.gov.cn/1"),
    lambda id, n, at, file: PublishDraft(id, 1 + n % 4, "https://x.gov.cn/1", at=at, late_why="夜间", file=file),
    lambda id, n, at, file: deadlines.StartDeadline(id, "disclosure-20wd", at),
    lambda id, n, at, file: deadlines.ExtendDeadline(id, 1 + n, "复杂"),
    lambda id, n, at, file: deadlines.WithdrawDeadline(id, 1 + n, "不适用"),
    lambda id, n, at, file: deadlines.PauseDeadline(id, 1 + n, "等鉴定"),
    lambda id, n, at, file: deadlines.ResumeDeadline(id, 1 + n, "已出"),
    lambda id, n, at, file: deadlines.ExplainDeadline(id, 1 + n, "等批复"),
    lambda id, n, at, file: deadlines.SetCalendar({(at + i * DAY).date(): False for i in range(n)}, OPEN),
    lambda id, n, at, file: deadlines.RecountDeadlines(),
    lambda id, n, at, file: deadlines.SetOwnRules(() if n % 2 else (OWN,)),
    lambda id, n, at, file: deadlines.SetClockHours(1 + n, 24 * (1 + n)),
    lambda id, n, at, file: SetOffice(packs=("河南",) if n % 2 else ("国家", "河南")),
)
moves = st.tuples(
    st.sampled_from(range(len(STEPS))),
    st.sampled_from(IDS),
    st.integers(0, 12),
    st.integers(0, 240),
    st.integers(0, 20),
)


def begun(file, now):
    """A store with two emergencies, of which the first is judged or not."""
    folder = Path(tempfile.mkdtemp(dir=file.parent))
    shutil.copy2(file, folder)
    database = open_database(sqlite_url(folder))
    execute(database, deadlines.SetOwnRules((OWN,)), OFFICER, now)
    for id in IDS:
        seen = (now, now, "临江日报", "其他", ("临江",), True)
        reason = Reason(ReasonCode.EMERGENCY, "爆炸", (Evidence(1, "厂房发生爆炸。", "临江日报"),))
        with database.write() as connection:
            looks.save(connection, [Look(Topic(id, f"爆炸{id}", (), Heat({}, True), 1, 1, 0, *seen))])
        grades = (EventGrade.IV, "1人受伤", AttentionGrade.BLUE)
        flag_now(database, Concern(0, id, f"爆炸{id}", ConcernState.FLAGGED, (reason,), *grades, now, now, 1), now)
    (folder / "凭据.png").write_bytes(b"shot")
    return database, folder


def standing(database, now):
    with database.read() as connection:
        return {d.id: d.state(now) for d in cases.deadlines(connection)}


def look(database, now, before):
    """What was late is late, in itself and in what the office tells of itself."""
    found = standing(database, now)
    better = {id: (was.label, found[id].label) for id, was in before.items() if was in LATE and found[id] not in LATE}
    assert better == {}
    late = {id for id, state in found.items() if state in LATE}
    with database.read() as connection:
        whose = {d.concern_id for d in cases.deadlines(connection) if d.id in late}
    shown = {row.concern.id: row.in_time for row in ledger(database, now)}
    assert all(shown[id] not in (None, InTime.YES) for id in whose)
    this = figures(database, date(2026, 1, 1), date(2026, 12, 31), now)
    in_time = {id for kept in this.whole if kept.name.startswith("各件") for id in kept.in_time}
    assert not in_time & whose
    return found


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(st.sampled_from([None, EventGrade.I, EventGrade.NONE]), st.booleans(), st.lists(moves, min_size=3, max_size=16))
def test_no_sequence_of_steps_makes_a_late_clock_better(new_database, now, grade, answered, taken):
    database, folder = begun(new_database, now)
    try:
        if grade is not None:
            execute(database, steps.JudgeConcern(1, grade), OFFICER, now)
            made = execute(database, WriteDraft(1, "通报", "情况、措施、结果。"), OFFICER, now)
            execute(database, ApproveDraft(1, made.version), SIGNER, now)
            if answered:
                execute(database, PublishDraft(1, made.version, "https://x.gov.cn/1"), OFFICER, now)
        at = now + 3 * DAY
        before = look(database, at, {})
        for which, id, n, back, on in taken:
            at += on * HOUR
            step = STEPS[which](id, n, at - back * HOUR, folder / "凭据.png")
            who = SIGNER if isinstance(step, ApproveDraft) else OFFICER
            try:
                execute(database, step, who, at, folder=folder)
            except WenyingError:
                continue
            before = look(database, at, before)
    finally:
        database.close()
        shutil.rmtree(folder)
