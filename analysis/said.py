"""What one article says that a look at its topic rests on: signs of areas, places, bearings on a concern, sentences.

A pure function of the text, the office's places and its lexicon, so that thousands are read at once in helper
processes and each is read once, however often its topic is looked at.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from analysis.areas import LEAD, AreaSigns, counted, features_of, listed_words
from analysis.casualties import together
from analysis.concern_model import Learned, read_titles
from analysis.concerns import GRADE_LIMIT, LEAD_SENTENCES, LOOKED_AT, Bearing, Evidencing, Lexicon, grade_of
from analysis.grading import Graded
from analysis.happenings import Happening, happenings_in
from analysis.labels import clean_headline
from analysis.lexicon import Finder
from analysis.places import places_in
from analysis.segment import content_words, cut, sentence_spans
from analysis.summary import Usable, usable_of
from analysis.tone import Toned, tones_of
from domain.concern import ReasonCode


@dataclass(frozen=True, slots=True)
class Unread:
    """An article that is to be read: its text, and the words that were kept of both (`segment.kept_words`)."""

    title: str
    text: str
    title_words: Sequence[str]
    text_words: Sequence[str]
    from_here: bool = False  # it came from the office's own site, a local source or the hotline


@dataclass(frozen=True, slots=True)
class Said:
    """What one article says. `headline` is its title cleaned, `places` are (label, whether the office's own).

    `kinds` are the kinds of happening that its title names, `together` the words that tell of several pupils,
    patients or old people ill or hurt.
    """

    headline: str
    signs: AreaSigns
    places: tuple[tuple[str, bool], ...]
    bearings: tuple[Bearing, ...]
    graded: Graded | None
    sentences: tuple[Usable, ...]
    learned: Learned
    kinds: frozenset[Happening]
    together: str
    tone: Toned


def said_by(articles: Sequence[Unread], own_places: tuple[str, ...], lexicon: Lexicon) -> list[Said]:
    """What each article says."""
    looked_for = _looked_for(tuple(tuple(lexicon[code].items()) for code in ReasonCode))
    finder = looked_for.finder
    spans = [tuple(islice(sentence_spans(article.text), LOOKED_AT)) for article in articles]
    parts = []
    for article, some in zip(articles, spans):
        end = max(LEAD, GRADE_LIMIT, some[-1][1] if some else 0)
        parts += [article.title, article.text[:end]]
    hits = finder.find(parts)
    ends = hits.start + finder.lengths[hits.word]
    hits_of: list[list[_Hit]] = [[] for _ in parts]
    for part, hit in zip(hits.text.tolist(), zip(hits.start.tolist(), ends.tolist(), hits.word.tolist())):
        hits_of[part].append(hit)
    learned = read_titles([article.title for article in articles], own_places)
    tones = tones_of([(article.title, article.text) for article in articles])
    return [
        _said(article, some, in_title, in_text, own_places, looked_for, like, tone)
        for article, some, in_title, in_text, like, tone in zip(
            articles, spans, hits_of[::2], hits_of[1::2], learned, tones
        )
    ]


_Hit = tuple[int, int, int]  # from where to where a word stands, and which


@dataclass(frozen=True, slots=True)
class _LookedFor:
    """The words of areas and of the lexicon in one list; of each its number among the one and the other, −1 for none."""

    finder: Finder
    evidencing: Evidencing
    of_areas: tuple[int, ...]
    of_lexicon: tuple[int, ...]


@lru_cache(maxsize=4)
def _looked_for(lexicon: tuple[tuple[tuple[str, float], ...], ...]) -> _LookedFor:
    evidencing = Evidencing({code: dict(words) for code, words in zip(ReasonCode, lexicon)})
    words = tuple(dict.fromkeys([*listed_words(), *evidencing.words]))
    areas = {word: i for i, word in enumerate(listed_words())}
    bearing = {word: i for i, word in enumerate(evidencing.words)}
    return _LookedFor(
        Finder(words), evidencing, tuple(areas.get(w, -1) for w in words), tuple(bearing.get(w, -1) for w in words)
    )


def _said(
    article: Unread,
    spans: Sequence[tuple[int, int]],
    in_title: Sequence[_Hit],
    in_text: Sequence[_Hit],
    own_places: tuple[str, ...],
    looked_for: _LookedFor,
    learned: Learned,
    tone: Toned,
) -> Said:
    title, text, areas = article.title, article.text, looked_for.of_areas
    lead = article.text_words if len(text) <= LEAD else content_words(cut(text[:LEAD]))
    signs = AreaSigns(
        counted(
            {areas[word] for _, _, word in in_title if areas[word] >= 0},
            {areas[word] for _, end, word in in_text if areas[word] >= 0 and end <= LEAD},
        ),
        features_of(article.title_words, lead),
    )
    bearings, grade = _borne(title, text, spans, in_title, in_text, looked_for)
    places = places_in(title, text, own_places, article.from_here)
    several = next(
        filter(None, (together(part) for part in (title, *(text[a:b] for a, b in spans[:LEAD_SENTENCES])))), ""
    )
    return Said(
        clean_headline(title),
        signs,
        places,
        bearings,
        grade,
        usable_of(text),
        learned,
        happenings_in(title),
        several,
        tone,
    )


def _borne(
    title: str,
    text: str,
    spans: Sequence[tuple[int, int]],
    in_title: Sequence[_Hit],
    in_text: Sequence[_Hit],
    looked_for: _LookedFor,
) -> tuple[tuple[Bearing, ...], Graded | None]:
    """What of an article bears on a concern, and how grave it says that the happening is."""
    numbers, evidencing = looked_for.of_lexicon, looked_for.evidencing
    of_title = {number for _, _, word in in_title if (number := numbers[word]) >= 0}
    seen, by_sentence = set(of_title), dict[int, set[int]]()
    starts = [start for start, _ in spans]
    for start, end, word in in_text:
        if (number := numbers[word]) < 0:
            continue
        seen.add(number)
        at = bisect_right(starts, start) - 1
        if at >= 0 and end <= spans[at][1]:
            by_sentence.setdefault(at, set()).add(number)
    if not seen:
        return (), None
    sentences = [title, *(text[slice(*spans[at])] for at in by_sentence)]
    bearings = evidencing.bearings(sentences, [of_title, *by_sentence.values()])
    return bearings, grade_of(title, text) if evidencing.may_grade(seen) else None
