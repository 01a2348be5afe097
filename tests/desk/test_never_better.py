"""No sequence of steps after the due time turns 超时 into 按时 (docs/domain.md section 3), whoever takes them, however dated."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date, time
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk.cases.reading import read_case
from desk.execute import execute
from desk.reporting.ledger import figures, ledger
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
from domain.response import Applies, DeadlineRule, DeadlineState, InTime, ResponseKind, Unit
from domain.steps import cases as steps
from domain.steps import deadlines
from domain.steps.drafts import ApproveDraft, PublishDraft, ReviewDraft, WriteDraft
from domain.steps.office import SetOffice
from domain.times import DAY, HOUR
from domain.topic import Heat, Topic
from response.lifecycle import TRANSITIONS
from store import cases, looks
from store.database import open_database, sqlite_url
from store.looks import Look
from tests.desk.flagging import flag_now

OFFICER, SIGNER = Actor("李敏"), Actor("王强")
LATE = (DeadlineState.OVERDUE, DeadlineState.LATE, DeadlineState.ENTERED_LATE)
OWN = DeadlineRule("own-1", "核实", "本单位", 1, Unit.WORKING_DAYS, Applies.OTHER, (ResponseKind.ANSWER,), "文件", True)
IDS = (1, 2)
OPEN = ((time(9), time(17)),)  # the hours of the office


def choices(case, n, at, file):
    """What somebody may try at a case as it stands: `n` chooses among what there is, `at` is a moment that has been."""
    id, grade = case.concern.id, list(EventGrade)[n % 5]
    version = case.drafts[n % len(case.drafts)].version if case.drafts else 1
    clock = case.deadlines[n % len(case.deadlines)].id if case.deadlines else 1
    free = {(at + i * DAY).date(): False for i in range(n)}
    every = (
        steps.JudgeConcern(id, grade, list(ClockBasis)[n % 4], at, at, disposition=list(Disposition)[n % 6]),
        steps.JudgeConcern(id, grade, disposition=list(Disposition)[n % 6]),
        steps.RegradeConcern(id, grade, "核实", at),
        steps.DismissConcern(id, "不属实"),
        steps.MergeConcern(id, IDS[id % 2]),
        steps.ReferConcern(id, "市住建局", "属其职责"),
        steps.RecordAcceptance(id, at),
        steps.TakeBackReferral(id, "误转"),
        steps.FollowConcern(id),
        steps.CloseConcern(id, "已办"),
        steps.ArchiveConcern(id),
        steps.ReopenConcern(id, "又漏了"),
        WriteDraft(id, "通报", "情况、措施、结果。", list(ResponseKind)[n % 5]),
        ReviewDraft(id, version),
        ApproveDraft(id, version),
        PublishDraft(id, version, "https://x.gov.cn/1"),
        PublishDraft(id, version, "https://x.gov.cn/1", at=at, late_why="夜间", file=file),
        deadlines.StartDeadline(id, "disclosure-20wd", at),
        deadlines.ExtendDeadline(id, clock, "复杂"),
        deadlines.WithdrawDeadline(id, clock, "不适用"),
        deadlines.PauseDeadline(id, clock, "等鉴定"),
        deadlines.ResumeDeadline(id, clock, "已出"),
        deadlines.ExplainDeadline(id, clock, "等批复"),
    )
    possible = [step for step in every if case.concern.state in TRANSITIONS[type(step)].states]
    settings = (
        deadlines.SetCalendar(free, OPEN),
        deadlines.RecountDeadlines(),
        deadlines.RemoveOwnRule(OWN.code) if n % 2 else deadlines.AddOwnRule(OWN),
        deadlines.SetClockHours(1 + n, 24 * (1 + n)),
        SetOffice(packs=("河南",) if n % 2 else ("国家", "河南")),
    )
    return [*possible, *settings]


moves = st.tuples(
    st.integers(0, 1000),
    st.sampled_from(IDS),
    st.integers(0, 12),
    st.sampled_from([0, 1, 5, 50, 90]),
    st.integers(0, 9),
)


def begun(file, now):
    """A store with two emergencies, of which the first is judged or not."""
    folder = Path(tempfile.mkdtemp(dir=file.parent))
    shutil.copy2(file, folder)
    database = open_database(sqlite_url(folder))
    execute(database, deadlines.AddOwnRule(OWN), OFFICER, now)
    for id in IDS:
        seen = (now, now, "临江日报", "其他", ("临江",), True)
        reason = Reason(ReasonCode.EMERGENCY, "爆炸", (Evidence(1, "厂房发生爆炸。", "临江日报"),))
        with database.write() as connection:
            looks.save(connection, [Look(Topic(id, f"爆炸{id}", (), Heat({}, True), 1, 1, 0, *seen))])
        grades = (EventGrade.IV, "1人受伤", AttentionGrade.BLUE)
        flag_now(database, Concern(0, id, f"爆炸{id}", ConcernState.FLAGGED, (reason,), *grades, now, now, 1), now)
    (folder / "凭据.png").write_bytes(b"shot")
    execute(database, deadlines.StartDeadline(1, "disclosure-20wd", now - 40 * DAY), OFFICER, now)  # over by now
    return database, folder


def standing(database, now):
    with database.read() as connection:
        return {d.id: d.state(now) for d in cases.deadlines(connection)}


def not_better(database, now, before):
    """How the clocks stand: what was late is late."""
    found = standing(database, now)
    better = {id: (was.label, found[id].label) for id, was in before.items() if was in LATE and found[id] not in LATE}
    assert better == {}
    return found


def told(database, now, found):
    """What the office tells of itself does not hide what was late."""
    late = {id for id, state in found.items() if state in LATE}
    with database.read() as connection:
        whose = {d.concern_id for d in cases.deadlines(connection) if d.id in late}
    shown = {row.concern.id: row.in_time for row in ledger(database, now)}
    assert whose and all(shown[id] not in (None, InTime.YES) for id in whose)
    this = figures(database, date(2026, 1, 1), date(2026, 12, 31), now)
    in_time = {id for kept in this.whole if kept.name.startswith("各件") for id in kept.in_time}
    assert not in_time & whose


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(st.sampled_from([None, EventGrade.I, EventGrade.NONE]), st.booleans(), st.lists(moves, min_size=8, max_size=20))
def test_no_sequence_of_steps_makes_a_late_clock_better(new_database, now, grade, answered, taken):
    database, folder = begun(new_database, now)
    try:
        if grade is not None:
            execute(database, steps.JudgeConcern(1, grade), OFFICER, now)
            made = execute(database, WriteDraft(1, "通报", "情况、措施、结果。"), OFFICER, now)
            execute(database, ReviewDraft(1, made.version), SIGNER, now)
            execute(database, ApproveDraft(1, made.version), SIGNER, now)
            if answered:
                execute(database, PublishDraft(1, made.version, "https://x.gov.cn/1"), OFFICER, now)
        at = now + 3 * DAY
        before = not_better(database, at, {})
        for which, id, n, back, on in taken:
            at += on * HOUR
            possible = choices(read_case(database, id), n, at - back * HOUR, folder / "凭据.png")
            step = possible[which % len(possible)]
            who = SIGNER if isinstance(step, (ReviewDraft, ApproveDraft)) else OFFICER
            try:
                execute(database, step, who, at, folder=folder)
            except WenyingError:
                continue
            before = not_better(database, at, before)
        told(database, at, before)
    finally:
        database.close()
        shutil.rmtree(folder)
