"""An office's own weights: what its decisions speak for, how far, and that they never silence that people were hurt."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from analysis.concerns import LIKELY, Evidencing, Standing, Text, concern_words, suggest
from analysis.office_weights import fit
from domain.concern import ReasonCode
from domain.errors import InputError
from domain.learning import MOST, NO_WEIGHTS, Decision, OfficeWeights, Trait, Weight
from domain.topic import Heat, HeatPart

INTEREST, EMERGENCY = ReasonCode.PUBLIC_INTEREST, ReasonCode.EMERGENCY


def decisions(*some):
    """(how many, reason, area, whether taken up), each at a present chance of 60 %."""
    score = math.log(0.6 / 0.4)
    return [Decision(i, "", reason, area, score, taken) for many, reason, area, taken in some for i in range(many)]


def test_habit_of_an_area_is_found_and_says_on_what_it_rests():
    known = decisions((20, INTEREST, "教育", True), (18, INTEREST, "交通运输", False), (2, INTEREST, "交通运输", True))
    weights = fit(known)
    traffic = next(one for one in weights.weights if one.name == "交通运输")
    school = next(one for one in weights.weights if one.name == "教育")
    assert traffic.weight < -0.5 and (traffic.taken, traffic.dismissed) == (2, 18)
    assert school.weight > 0.5 and school.trait is Trait.AREA


def test_office_that_decides_as_the_rules_do_has_no_habit():
    known = decisions((24, INTEREST, "教育", True), (16, INTEREST, "教育", False))
    assert all(abs(one.weight) < 0.3 for one in fit(known).weights)


def test_few_decisions_say_nothing():
    assert fit(decisions((20, INTEREST, "教育", True), (9, INTEREST, "教育", False))) == NO_WEIGHTS
    assert fit(decisions((60, INTEREST, "教育", True), (4, INTEREST, "教育", False))) == NO_WEIGHTS


def test_weights_are_bounded_and_rare_areas_have_none():
    known = decisions((200, INTEREST, "教育", True), (200, EMERGENCY, "交通运输", False), (4, EMERGENCY, "旅游", True))
    weights = fit(known)
    assert all(abs(one.weight) <= MOST for one in weights.weights)
    assert "旅游" not in {one.name for one in weights.weights}


@pytest.mark.parametrize(
    "kept", [{"area:教育": 9.0}, {"area:教育": True}, {"教育": 1.0}, {"reason:none": 1.0}, {"area:": 1}]
)
def test_weights_that_make_no_sense_are_refused(kept):
    with pytest.raises(InputError):
        OfficeWeights.read(kept)


def test_weights_are_read_as_they_were_kept():
    weights = OfficeWeights.read({"area:教育": 0.5, f"reason:{INTEREST.code}": -1})
    assert OfficeWeights.read(weights.kept()) == weights
    assert weights.of(INTEREST, "教育") == pytest.approx(-0.5) and weights.of(EMERGENCY, "旅游") == 0


def test_weights_add_up_to_no_more_than_one_may_have_and_lower_no_emergency():
    low = OfficeWeights.read({"area:教育": -2.0, f"reason:{INTEREST.code}": -2.0, "reason:emergency": -2.0})
    assert low.of(INTEREST, "教育") == -2.0 and low.of(EMERGENCY, "教育") == 0


@pytest.fixture
def told():
    def made(title):
        heat = Heat(dict.fromkeys(HeatPart, 60.0), True)
        standing = Standing(1, heat, "城市管理", True, (), 3)
        reports = [Evidencing(concern_words()).report(Text(i, title, "", f"{i}报")) for i in range(3)]
        return standing, reports

    return made


def test_accepted_weight_moves_the_score_and_what_is_flagged(told):
    standing, reports = told("临江一小区停暖三天 居民投诉无人管")
    before = suggest(standing, reports)
    low = suggest(replace(standing, own=OfficeWeights((Weight(Trait.AREA, "城市管理", -2.0),))), reports)
    high = suggest(replace(standing, own=OfficeWeights((Weight(Trait.AREA, "城市管理", 1.0),))), reports)
    assert low.likely < before.likely < high.likely
    other = suggest(replace(standing, own=OfficeWeights((Weight(Trait.AREA, "教育", -2.0),))), reports)
    assert other == before


def test_headline_that_the_office_never_takes_up_is_not_flagged(told):
    standing, reports = told("临江城东路口红绿灯时长调整引市民热议")
    kind = suggest(standing, reports).kind
    assert kind is not None
    lifted = suggest(replace(standing, own=OfficeWeights((Weight(Trait.REASON, kind.code, 2.0),))), reports)
    sunk = suggest(replace(standing, own=OfficeWeights((Weight(Trait.REASON, kind.code, -2.0),))), reports)
    assert sunk.likely < LIKELY and sunk.held and lifted.likely > sunk.likely


def test_habit_never_silences_that_people_were_hurt(told):
    standing, reports = told("临江一厂房爆炸致3人死亡")
    weights = OfficeWeights((Weight(Trait.REASON, "emergency", -2.0), Weight(Trait.AREA, "城市管理", -2.0)))
    assert suggest(replace(standing, own=weights), reports) == suggest(standing, reports)
