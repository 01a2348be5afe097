"""What of a case is news: something else, more, or the same on better authority; never used up by who tells it first."""

from __future__ import annotations

import pytest

from domain.development import Claim, is_news


def claim(source: str, credible: bool = False, amount: int = 3, about: str = "dead") -> Claim:
    return Claim(about, amount, source, credible)


PRESS, OTHER_PRESS = claim("临江日报", credible=True), claim("临江晚报", credible=True)


@pytest.mark.parametrize(
    ("new", "known", "news"),
    [
        (PRESS, [], True),
        (claim("路人甲"), [], True),
        (OTHER_PRESS, [PRESS], False),
        (claim("路人甲"), [PRESS], False),
        (PRESS, [claim("路人甲"), claim("路人乙")], True),
        (claim("路人乙"), [claim("路人甲")], True),
        (claim("路人丙"), [claim("路人甲"), claim("路人乙")], False),
        (claim("路人甲"), [claim("路人甲")], False),
        (claim("临江日报", credible=True, amount=5), [PRESS], True),
        (claim("临江日报", credible=True, amount=2), [PRESS], False),
        (PRESS, [claim("路人甲", amount=300)], True),
        (claim("临江日报", credible=True, about="missing"), [PRESS], True),
    ],
)
def test_claim_is_news_unless_it_was_told_on_as_good_authority(new, known, news):
    assert is_news(new, known) is news


def test_second_source_that_answers_for_nothing_brings_back_nothing_put_aside():
    assert not is_news(claim("路人乙"), [claim("路人甲")], confirmed=False)
    assert is_news(PRESS, [claim("路人甲")], confirmed=False)
