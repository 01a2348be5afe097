"""What is computed quickly is what the plain way gives, to the digit: the plain way is written out here."""

from __future__ import annotations

import math
import random
import re
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from analysis.areas import DATA, LEAD, area_words, areas_of, signs_of
from analysis.brief import briefs_of
from analysis.bursts import CHANGE, LEAST, RATIO, bursts
from analysis.concern_model import read_titles
from analysis.concerns import Evidencing, Text, with_own
from analysis.heat import BASELINE_DAYS, CARRIER_COUNTS, GROWTH_HOURS, SLOT_HOURS, SLOTS, Windows, windows_of
from analysis.labels import KEPT_FROM, KEYWORDS, LOCAL_COUNTS, OF_THE_TRADE, TRADE, Headline, clean_headline, labels_of
from analysis.lexicon import Finder
from analysis.places import places_in
from analysis.said import Unread, said_by
from analysis.segment import carries_meaning, content_words, cut, kept_words, sentences
from analysis.summary import usable_of
from analysis.terms import TEXT_LIMIT, terms_of_words
from analysis.vectors import Weights
from domain.times import HOUR, floor_hour, parse_moment

NOW = parse_moment("2026-11-20T12:00")
counts = st.lists(st.integers(0, 9), max_size=3).map(lambda n: sum(n[:1]) + CARRIER_COUNTS * sum(n[1:]))


def plain_windows(hours, now) -> Windows:
    def within(start, end):
        return sum((count for hour, count in hours.items() if start < hour + HOUR and hour < end), 0.0)

    span, slot, day = timedelta(hours=GROWTH_HOURS), timedelta(hours=SLOT_HOURS), timedelta(days=1)
    end = floor_hour(now) + HOUR
    stops = [end - back * day for back in range(1, BASELINE_DAYS + 1)]
    return Windows(
        within(now - day, now),
        within(end - span, end),
        within(end - 2 * span, end - span),
        tuple(within(stop - span, stop) for stop in stops),
        sum(within(now - (i + 1) * slot, now - i * slot) > 0 for i in range(SLOTS)),
        sum(stop > min(hours, default=now) for stop in stops),
    )


@given(st.dictionaries(st.integers(-30, 24 * 16), counts, max_size=40), st.integers(0, 3599))
def test_windows_are_those_added_up_one_by_one(by_hour, second):
    hours = {floor_hour(NOW) - timedelta(hours=back): count for back, count in by_hour.items()}
    now = NOW + timedelta(seconds=second)
    assert windows_of(hours, now) == plain_windows(hours, now)


def plain_bursts(reports, intake) -> list[tuple[int, int]]:
    def cost(count, total, share):
        return -(count * math.log(share) + (total - count) * math.log(1 - share))

    whole, all_in = sum(reports), sum(intake)
    if whole < LEAST or all_in <= 0:
        return []
    usual, entering = min(0.3, whole / all_in), CHANGE * math.log(len(reports) + 1)
    calm: tuple[float, list[int]] = (0.0, [])
    burst: tuple[float, list[int]] = (entering, [])
    for i, (count, total) in enumerate(zip(reports, intake)):
        here = [cost(count, max(total, count), share) for share in (usual, min(0.95, RATIO * usual))]
        stay_calm = calm if calm[0] <= burst[0] else burst
        stay_loud = burst if burst[0] <= calm[0] + entering else (calm[0] + entering, calm[1])
        if i == 0:
            stay_calm, stay_loud = calm, burst
        calm, burst = (stay_calm[0] + here[0], [*stay_calm[1], 0]), (stay_loud[0] + here[1], [*stay_loud[1], 1])
    states, found = (calm if calm[0] <= burst[0] else burst)[1], []
    for i, state in enumerate(states):
        if state and (i == 0 or not states[i - 1]):
            found.append([i, i])
        elif state:
            found[-1][1] = i
    return [(a, b) for a, b in found if sum(reports[a : b + 1]) >= LEAST]


@given(st.integers(0, 10**9), st.integers(1, 120), st.floats(0.02, 0.5))
def test_bursts_are_the_cheapest_states(seed, hours, busy):
    chance = random.Random(seed)
    reports = [chance.choice([1.0, 2.0, 0.2, 7.4]) if chance.random() < busy else 0.0 for _ in range(hours)]
    intake = [count + chance.choice([0.0, 3.0, 40.0, 11.2]) for count in reports]
    assert bursts(reports, intake) == plain_bursts(reports, intake)


PIECES = (
    *(sentence for area in area_words().values() for sentence in area[:3]),
    *(line.partition("|")[2] for line in (DATA / "area_examples.txt").read_text("utf-8").splitlines()[1:40]),
    *"发生爆炸致3人死亡。|12人受伤！|系谣言，|网传|已启动Ⅱ级应急响应。|重大火灾|业主投诉停水三天|（记者 王明）|临江市|武汉|河南省郑州市".split(
        "|"
    ),
    *"朝阳区|吉林|本报讯 |【快讯】|\n|。|！|”|　|①|一、|abc|2026|《通知》|，|🚒|地铁站|突发".split("|"),
)
pieces = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
OWN = {"emergency": {"停": 1.0, "应急响应。": 0.5, "爆炸": 0.0, "": 3.0}, "moral-line": {"停": 0.7}}


@given(st.lists(pieces, max_size=5), st.lists(st.text("停水电爆炸a🚒", min_size=1, max_size=4), unique=True))
def test_words_are_found_where_they_stand(texts, words):
    hits = Finder(words).find(texts)
    found = [
        (i, at, number)
        for i, text in enumerate(texts)
        for at in range(len(text))
        for number, word in enumerate(words)
        if text.startswith(word, at)
    ]
    assert list(zip(hits.text.tolist(), hits.start.tolist(), hits.word.tolist())) == found


def read(title: str, text: str) -> Unread:
    return Unread(title, text, kept_words(title), kept_words(text[:TEXT_LIMIT]))


@given(st.lists(st.tuples(pieces, pieces), max_size=4))
def test_what_articles_say_is_what_is_found_word_by_word(articles):
    own, lexicon = ("临江", "武汉"), with_own(OWN)
    together = said_by([read(title, text) for title, text in articles], own, lexicon)
    for (title, text), said in zip(articles, together, strict=True):
        plain = Evidencing(lexicon).report(Text(1, title, text, "源"))
        assert (said.bearings, said.graded, said.together) == (plain.bearings, plain.graded, plain.together)
        assert said.learned == read_titles([title], own)[0]
        assert said.signs == signs_of(title, text)
        assert said.places == places_in(title, text, own)
        assert said.sentences == usable_of(text) and said.headline == clean_headline(title)


def test_first_sentences_are_those_of_all():
    text = "".join(PIECES) * 2
    assert sentences(text, 7) == sentences(text)[:7]


def test_areas_together_are_those_one_by_one():
    chance = random.Random(4)
    topics = [[("".join(chance.choices(PIECES, k=4)), "".join(chance.choices(PIECES, k=9)))] * 2 for _ in range(60)]
    together = areas_of([[signs_of(*article) for article in articles] for articles in topics])
    assert together == [areas_of([[signs_of(*one) for one in articles]])[0] for articles in topics]


def test_classifier_gives_what_scikit_learn_gives_from_the_texts():
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    lines = (DATA / "area_examples.txt").read_text("utf-8").splitlines()
    examples = [line.partition("|") for line in lines if line and not line.startswith("#")]
    examples += [(area, "|", " ".join(words)) for area, words in area_words().items()]
    vectors = TfidfVectorizer(analyzer=lambda text: content_words(cut(text)), sublinear_tf=True)
    model = LogisticRegression(C=20, max_iter=400)
    model.fit(vectors.fit_transform([text for _, _, text in examples]), [area for area, _, _ in examples])
    names = vectors.get_feature_names_out()
    asked = [(text[:20], text * 9) for _, _, text in examples[:60]]
    decided = 0
    for title, text in asked:
        ((area, ground),) = areas_of([[signs_of(title, text)]])
        if "例子" not in ground:
            continue
        decided += 1
        row = vectors.transform([f"{title}。{title}。{text[:LEAD]}"])
        best = int(model.predict_proba(row)[0].argmax())
        worth = row.multiply(model.coef_[best]).tocoo()
        heaviest = [names[i] for _, i in sorted(zip(-worth.data, worth.col))][:3]
        assert (area, ground.partition("：")[2]) == (model.classes_[best], "、".join(heaviest))
    assert decided > 5, "the classifier decides where the words do not, else nothing was compared"


def plain_name(headlines, terms, weights, current) -> str:
    vectors = weights.vectors(weights.counts(briefs_of(terms)))
    core: dict[int, float] = {}
    for vector in vectors:
        for id, value in zip(vector.ids.tolist(), vector.values.tolist()):
            core[id] = core.get(id, 0.0) + value
    worths = []
    for headline, vector in zip(headlines, vectors):
        near = sum(core[id] * value for id, value in zip(vector.ids.tolist(), vector.values.tolist())) / len(vectors)
        apt = 1.0 if 8 <= len(headline.title) <= 30 else 0.85
        local = LOCAL_COUNTS if headline.local else 1.0
        worths.append(near * apt * (1 + 0.05 * min(headline.duplicates, 5)) * local)
    best = max(range(len(headlines)), key=lambda i: (worths[i], -i))
    kept = max((worth for worth, headline in zip(worths, headlines) if headline.title == current), default=0.0)
    return current if kept and kept >= KEPT_FROM * worths[best] else headlines[best].title


def plain_keywords(terms, weights) -> tuple[str, ...]:
    score = {}
    for word in sorted(
        {word for article in terms for word in (*article.text, *article.title) if carries_meaning(word)}
    ):
        count = sum(word in article.text or word in article.title for article in terms)
        titles = sum(word in article.title for article in terms)
        if count * 4 >= len(terms) or titles:
            trade = OF_THE_TRADE if word in TRADE else 1.0
            score[word] = count * weights.idf(word) * (1.0 + titles / len(terms)) * trade
    chosen: list[str] = []
    for word in sorted(score, key=lambda word: (-score[word], word)):
        if not any(word in other or other in word for other in chosen):
            chosen.append(word)
    return tuple(chosen[:KEYWORDS])


def test_labels_of_many_topics_are_those_of_each():
    chance = random.Random(7)
    weights, topics, terms = Weights(), [], []
    for size in (1, 1, 2, 3, 7, 40):
        articles = [("".join(chance.choices(PIECES, k=3)), "".join(chance.choices(PIECES, k=12))) for _ in range(size)]
        some = [terms_of_words(title, kept_words(title), kept_words(text)) for title, text in articles]
        counts = weights.counts(briefs_of(some))
        weights.learn(counts)
        headlines = [
            Headline(clean_headline(title), kept_words(title), count, chance.randrange(7), chance.random() < 0.3)
            for (title, _), count in zip(articles, counts)
        ]
        topics.append((headlines, chance.choice(["", "旧名", headlines[0].title])))
        terms.append(some)
    for (headlines, current), some, label in zip(topics, terms, labels_of(topics, weights), strict=True):
        assert label.name == plain_name(headlines, some, weights, current)
        assert label.keywords == plain_keywords(some, weights)


def test_asking_for_the_weight_of_a_word_does_not_make_the_vocabulary_grow():
    weights = Weights()
    weights.learn(weights.counts(briefs_of([terms_of_words("爆炸事故", ["爆炸", "事故"], ["救援"])])))
    size = weights.size
    asked = {word: weights.idf(word) for word in ("从未见过的词", "爆炸", "从未见过的词")}
    assert weights.size == size
    later = Weights()
    later.learn(later.counts(briefs_of([terms_of_words("爆炸事故", ["爆炸", "事故"], ["救援"])])))
    later.counts(briefs_of([terms_of_words("", ["从未见过的词"], [])]))
    assert asked == {word: later.idf(word) for word in asked}


@given(st.lists(st.sampled_from("【】#[]-—| \n：网报甲乙丙丁戊己庚辛"), max_size=30).map("".join))
def test_headline_is_cleaned_as_the_plain_patterns_would(title):
    dashes = r"\-—–_|丨｜"
    outlets = "网|报|新闻|日报|晚报|客户端|频道|社|台|门户"
    plain = re.sub(r"【[^】]*】|\[[^\]]{0,12}\]|^[#＃]|[#＃]$|[#＃](?=[:：])", "", title)
    plain = plain.strip() or title.strip(" 【】[]#＃")
    shorter = re.sub(rf"\s*[{dashes}][{dashes}\s]*[^{dashes}\s]{{2,12}}(?:{outlets})?$", "", plain)
    plain = shorter if len(shorter) >= 8 else plain
    plain = re.sub(r"\s+", " ", plain).strip(" 　,，。:：;；、-—|丨")
    assert clean_headline(title) == (plain or title.strip()[:40] or "（无标题）")
