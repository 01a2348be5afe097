"""判断习惯: what an office's own weights add, how they are kept, and what cannot be read."""

from __future__ import annotations

import pytest

from domain.concern import ReasonCode
from domain.errors import InputError
from domain.learning import MOST, Change, Decision, OfficeWeights, Proposal, Trait, Weight

HEALTH = Weight(Trait.AREA, "卫生健康", 0.5)
INTEREST = Weight(Trait.REASON, ReasonCode.PUBLIC_INTEREST.code, 0.75)
BOTH = OfficeWeights((HEALTH, INTEREST))


def test_weights_of_reason_and_area_add_up():
    assert BOTH.of(ReasonCode.PUBLIC_INTEREST, "卫生健康") == 1.25
    assert BOTH.of(ReasonCode.PUBLIC_INTEREST, "教育") == 0.75
    assert BOTH.of(ReasonCode.MORAL_LINE, "卫生健康") == 0.5
    assert BOTH.of(ReasonCode.MORAL_LINE, "教育") == 0.0


@pytest.mark.parametrize(
    ("weight", "reason", "added"),
    [
        (3.0, ReasonCode.PUBLIC_INTEREST, MOST),
        (-3.0, ReasonCode.PUBLIC_INTEREST, -MOST),
        (3.0, ReasonCode.EMERGENCY, MOST),
        (-3.0, ReasonCode.EMERGENCY, 0.0),
    ],
)
def test_no_more_is_added_than_the_most_and_an_emergency_is_never_lowered(weight, reason, added):
    assert OfficeWeights((Weight(Trait.AREA, "教育", weight),)).of(reason, "教育") == added


def test_weights_are_read_as_they_were_kept():
    kept = {"area:卫生健康": 0.5, "reason:public-interest": 0.75}
    assert BOTH.kept() == kept and OfficeWeights.read(kept) == BOTH
    assert OfficeWeights.read({"area:教育": 2}).weights == (Weight(Trait.AREA, "教育", 2.0),)
    assert OfficeWeights.read({"area:一:二": -MOST}).weights[0].name == "一:二"


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ({"x:教育": 1.0}, "判断习惯的内容看不懂，没有采用。"),
        ({"area:": 1.0}, "判断习惯的内容看不懂，没有采用。"),
        ({"area:教育": True}, "判断习惯的内容看不懂，没有采用。"),
        ({"area:教育": "1"}, "判断习惯的内容看不懂，没有采用。"),
        ({"area:教育": 2.01}, "判断习惯的权重应在 -2 到 2 之间，没有采用。"),
        ({"area:教育": float("nan")}, "判断习惯的权重应在 -2 到 2 之间，没有采用。"),
    ],
)
def test_weight_that_is_none_is_refused(kept, said):
    with pytest.raises(InputError) as refused:
        OfficeWeights.read(kept)
    assert (str(refused.value), refused.value.field) == (said, "weights")


def test_weight_of_a_reason_that_there_is_not_is_refused():
    with pytest.raises(InputError):
        OfficeWeights.read({"reason:x": 1.0})


def test_people_read_reasons_and_areas_by_their_names():
    assert (HEALTH.called, INTEREST.called) == ("卫生健康", ReasonCode.PUBLIC_INTEREST.label)
    decision = Decision(1, "停水", ReasonCode.PUBLIC_INTEREST, "城乡建设", 0.1, True)
    assert decision.name(Trait.REASON) == "public-interest" and decision.name(Trait.AREA) == "城乡建设"
    assert [(t.code, t.label) for t in Trait] == [("reason", "理由"), ("area", "领域")]


@pytest.mark.parametrize(("after", "taken", "right"), [(True, True, True), (True, False, False), (False, None, None)])
def test_change_is_right_where_it_agrees_with_what_people_did(after, taken, right):
    assert Change("停水", not after, after, taken).right is right


def test_proposal_rests_on_all_that_was_decided():
    assert Proposal(7, 5, BOTH, (), OfficeWeights()).decisions == 12
