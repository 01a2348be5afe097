"""Topics: what their heat is made of, and where the articles are that a change left in their place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.times import parse_moment
from domain.topic import ChangeKind, HeatPart, TopicChange

CHANGE = TopicChange(1, parse_moment("2026-11-20T12:00"), "李敏", ChangeKind.MERGE, 7, 8, ((1, False),))


def test_parts_of_heat_have_their_weights_which_make_up_the_whole():
    assert sum(part.weight for part in HeatPart) == pytest.approx(1)
    assert HeatPart.of("声量") is HeatPart.of("volume") is HeatPart.VOLUME
    assert (HeatPart.VOLUME.label, HeatPart.VOLUME.weight) == ("声量", 0.20)


@pytest.mark.parametrize(
    ("kind", "home"),
    [(ChangeKind.MERGE, 8), (ChangeKind.SPLIT, 7)],
)
def test_articles_that_stay_are_where_a_merge_led_or_a_split_began(kind, home):
    assert replace(CHANGE, kind=kind).home == home
