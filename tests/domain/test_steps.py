"""What a step is made of: text kept clean, what is needed asked for by name, and what of it enters the record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from desk.execute import execute
from desk.topics.monitor import verify_record
from domain.article import SourceTier
from domain.briefing import IssueKind, Plan, Wanted
from domain.concern import ClockBasis, EventGrade, ReasonCode
from domain.errors import InputError
from domain.person import Actor, Role
from domain.steps.briefings import PlanBriefing
from domain.steps.cases import AskUnit, CloseConcern, JudgeConcern, RecordAcceptance
from domain.steps.drafts import PublishDraft, RemarkOnDraft, WriteDraft
from domain.steps.events import AddEvent
from domain.steps.office import SetOffice, SetOwnWords, SetQuietHours, SetRoster
from domain.steps.people import SHORTEST_PASSWORD, AddPerson, ChangePerson, SetPassword
from domain.steps.sources import AddSource
from domain.steps.step import Field, Shape, Step, entered, fields_of, plain
from domain.steps.topics import MergeTopics, PinTopic

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)


def refused(make) -> tuple[str, str]:
    with pytest.raises(InputError) as told:
        make()
    return str(told.value), told.value.field


def test_text_is_kept_without_spaces_around_and_without_what_cannot_be_stored():
    step = AskUnit(1, " 公安\0局 ", "查\ud800线索\n")
    assert (step.unit, step.asked) == ("公安局", "查线索")
    assert AddPerson("李敏", (Role.OFFICER,), " a\0 ").account == "a"


def test_what_is_needed_and_empty_is_asked_for_at_its_field():
    assert refused(lambda: AskUnit(1, "公安局", " \0 ")) == ("请填写请求事项。", "asked")
    assert SetRoster("").text == ""


@pytest.mark.parametrize(
    ("make", "label", "field", "longest"),
    [
        (lambda text: AskUnit(1, text, "查"), "协同单位", "unit", 2_000),
        (lambda text: CloseConcern(1, text), "处置结果", "outcome", 20_000),
        (lambda text: WriteDraft(1, "通报", text), "正文", "body", 200_000),
    ],
)
def test_text_is_as_long_as_its_shape_at_most(make, label, field, longest):
    assert make("长" * longest)
    assert refused(lambda: make("长" * (longest + 1))) == (f"{label}太长了，请控制在 {longest} 字以内。", field)


def test_secret_is_kept_as_it_was_typed_and_never_told():
    step = SetPassword(1, " correct\0 horse ")
    assert step.password == " correct\0 horse " and step.entries() == {} and "horse" not in repr(step)
    assert refused(lambda: AddSource(" ")) == ("请填写地址。", "where")


def test_password_has_eight_characters_at_least():
    assert SetPassword(1, "x" * SHORTEST_PASSWORD).password
    assert refused(lambda: SetPassword(1, "x" * 7)) == ("密码至少要 8 位。", "password")


@pytest.mark.parametrize(
    "make", [lambda roles: AddPerson("李敏", roles), lambda roles: ChangePerson("李敏", roles, person_id=1)]
)
def test_person_may_do_something(make):
    assert make((Role.OFFICER,)).roles == (Role.OFFICER,)
    assert refused(lambda: make(())) == ("请至少选一项权限。", "roles")
    with pytest.raises(InputError, match="请填写姓名"):
        AddPerson(" ", (Role.OFFICER,))


def test_time_that_must_have_been_may_be_now_and_no_later():
    RecordAcceptance(1, NOW).check_times(NOW)
    RecordAcceptance(1).check_times(NOW)
    late = RecordAcceptance(1, NOW + timedelta(seconds=1))
    assert refused(lambda: late.check_times(NOW)) == ("受理时间晚于现在。请填已经发生的时间。", "at")


def test_record_tells_what_was_filled_in_and_leaves_out_what_was_not():
    assert JudgeConcern(7, EventGrade.II, unit="应急局").entries() == {
        "grade": "II",
        "basis": "found",
        "unit": "应急局",
    }
    assert PublishDraft(1, 2, at=NOW, file=Path("/tmp/截图.png")).entries() == {
        "version": 2,
        "channel": "website",
        "at": NOW.isoformat(),
        "file": "截图.png",
        "differs_seen": False,
    }


def test_field_says_how_it_is_asked_for():
    fields = {field.name: field for field in fields_of(PublishDraft)}
    assert list(fields) == ["version", "link", "channel", "at", "file", "text", "differs_seen", "late_why"]
    assert fields["version"] == Field("version", "第几稿", True, Shape.LINE, "", "", True, False, False)
    assert fields["link"] == Field("link", "网址", False, Shape.LINE, "https://", "", True, True, False)
    assert {field.name: field.secret for field in fields_of(SetPassword)} == {"password": True}
    assert [field.option for field in fields_of(JudgeConcern)][2] == "happened"


def test_step_is_asked_for_as_its_fields_were_entered():
    @dataclass(frozen=True, slots=True)
    class Visit(Step):
        place: str = entered("地点")
        aim: str = entered(
            "目的", needed=False, shape=Shape.LINES, hint="一句话", option="why", past=False, positional=True
        )
        word: str = entered("口令", secret=True)
        found: str = entered("所见", default="无", shape=Shape.TEXT, hint="所见所闻", option="seen", past=False)
        note: str = entered("便条", default="", positional=True, secret=True)

    assert list(fields_of(Visit)) == [
        Field("place", "地点", True, Shape.LINE, "", "", True, False, False),
        Field("aim", "目的", False, Shape.LINES, "一句话", "why", False, True, False),
        Field("word", "口令", True, Shape.LINE, "", "", True, False, True),
        Field("found", "所见", False, Shape.TEXT, "所见所闻", "seen", False, False, False),
        Field("note", "便条", False, Shape.LINE, "", "", True, True, True),
    ]
    assert Visit("桥头", "", "芝麻") == Visit("桥头", "", "芝麻", "无", "")
    told = repr(Visit("桥头", "问路", "芝麻", "水位高", "开门"))
    assert all(part in told for part in ("桥头", "问路", "水位高")) and "芝麻" not in told and "开门" not in told


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (ClockBasis.FOUND, "found"),
        (SourceTier.CITY, "city"),
        (NOW, "2026-11-20T04:00:00+00:00"),
        (date(2026, 11, 20), "2026-11-20"),
        (time(8, 30), "08:30:00"),
        (Path("/a/b.docx"), "b.docx"),
        (frozenset({"乙", "甲"}), sorted(["乙", "甲"])),
        (frozenset({EventGrade.II, EventGrade.I}), ["I", "II"]),
        ((1, [ClockBasis.FOUND]), [1, ["found"]]),
        ({date(2026, 1, 2): True, EventGrade.I: (time(1),)}, {"2026-01-02": True, "I": ["01:00:00"]}),
        (None, None),
        (1.5, 1.5),
    ],
)
def test_value_is_written_as_json_has_it(value, written):
    assert plain(value) == written


def test_plan_of_an_issue_comes_back_out_of_its_step():
    plan = Plan(frozenset({"舆情"}), frozenset({"t:1"}), ("乙", "甲"), ("t:2",), {"原句": "改句"}, "建议")
    wanted = Wanted(IssueKind.SPECIAL, date(2026, 11, 20), 3)
    step = PlanBriefing.of(wanted, plan)
    assert (step.wanted, step.plan) == (wanted, plan)
    assert PlanBriefing(IssueKind.DAILY, date(2026, 11, 20)).plan == Plan()


@pytest.mark.parametrize(
    "make",
    [
        lambda: AskUnit(True, "公安局", "查"),
        lambda: AskUnit("1", "公安局", "查"),  # type: ignore[arg-type]
        lambda: AskUnit(2**63, "公安局", "查"),
        lambda: AskUnit(1, 5, "查"),  # type: ignore[arg-type]
        lambda: JudgeConcern(1, "I"),  # type: ignore[arg-type]
        lambda: JudgeConcern(1, EventGrade.I, happened_at=NOW.replace(tzinfo=None)),
        lambda: JudgeConcern(1, EventGrade.I, happened_at=datetime(1700, 1, 1, tzinfo=UTC)),
        lambda: JudgeConcern(1, EventGrade.I, happened_at=datetime.max.replace(tzinfo=UTC)),
        lambda: RemarkOnDraft(1, 1, 0, 10**30, "查"),
        lambda: AddEvent("两会"),  # type: ignore[arg-type]
        lambda: MergeTopics(1, "23"),  # type: ignore[arg-type]
        lambda: MergeTopics(1, (2, 2**70)),
        lambda: PinTopic(1, "no"),  # type: ignore[arg-type]
        lambda: SetOwnWords(ReasonCode.EMERGENCY, {"爆": float("nan")}),
        lambda: SetOwnWords(ReasonCode.EMERGENCY, {"爆": "x"}),  # type: ignore[dict-item]
        lambda: SetQuietHours(time(22, tzinfo=UTC), time(7)),
        lambda: PlanBriefing(IssueKind.WEEKLY, date.max),
        lambda: SetOffice(places="临江"),  # type: ignore[arg-type]
        lambda: SetPassword(1, "\ud800 eight or more"),
        lambda: AddSource("http://u:p\ud800@h.example/"),
    ],
)
def test_value_of_another_kind_is_refused_before_anything_is_done(make, database):
    with pytest.raises(InputError) as told:
        execute(database, make(), Actor("李敏"), NOW)
    assert told.value.field and verify_record(database) == (0, None)
