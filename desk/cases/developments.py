"""What is new inside cases (新动向): turns of another kind, more victims, another happening; what people make of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from analysis.concerns import Text, grade_of, suggested_grade
from analysis.developments import facts_in, turns_of, victims_in
from analysis.grading import RANKED
from analysis.occurrences import Occurrence, Told, groups_of, is_another, occurrence_of, of_here
from desk.cases import judging
from desk.cases.reading import OWN_ACCOUNT
from desk.collecting.turns import Turns
from desk.office.particulars import office, office_of
from desk.topics.flagging import COLLECTOR, COMES_BACK, come_back
from desk.topics.regrouping import split
from desk.work import CaseHandler, Effect, Work
from domain.article import SourceTier, StoredArticle
from domain.concern import Concern, ConcernState, DevelopmentKind, EventGrade, Evidence, Reason, ReasonCode
from domain.development import Claim, Development, DevelopmentState, Fact, is_news
from domain.errors import NotFoundError, StepError
from domain.steps import developments as steps
from domain.steps.cases import CaseStep
from domain.steps.topics import SplitTopic
from domain.times import DAY, china_day
from store import articles, cases, developments, looks, record, sources, topics
from store.database import Connection, Database

MOST_SHOWN = 5  # sentences that are kept of one
KEPT = 20_000  # articles of which it is kept what they tell, whoever tells; beyond, only those of these cases
CREDIBLE = SourceTier.CITY.weight  # from which tier on a source answers for what it says
LATELY = 3 * DAY  # what was put aside is looked at for as long as its topics have news
REASONS = {
    DevelopmentKind.VICTIM: ReasonCode.EMERGENCY,
    DevelopmentKind.ANOTHER: ReasonCode.EMERGENCY,
    DevelopmentKind.OFFICIAL: ReasonCode.MORAL_LINE,
}


@dataclass(frozen=True, slots=True)
class _Report:
    """What one article tells: of which happening, and how grave; of each kind of turn its sentence and what it says.

    The turns are read (`whole`) when the case has been judged or put aside: before, there is nothing that turns.
    """

    id: int
    came: datetime
    source: str
    credible: bool
    sentences: Mapping[DevelopmentKind, str]
    facts: Mapping[DevelopmentKind, frozenset[Fact]]
    occurrence: Occurrence | None
    grade: EventGrade
    whole: bool

    def evidence(self, kind: DevelopmentKind) -> Evidence:
        return Evidence(self.id, self.sentences[kind], self.source)

    def beside(self, first: _Report) -> _Report:
        """What it says that the text which it repeats does not: who carries a text on is no second source of it."""
        facts = {kind: said - first.facts.get(kind, frozenset()) for kind, said in self.facts.items()}
        return replace(self, facts={kind: said for kind, said in facts.items() if said})

    def claims(self, kind: DevelopmentKind) -> list[Claim]:
        return [Claim(about, many, self.source, self.credible) for about, many in sorted(self.facts.get(kind, ()))]


@dataclass(frozen=True, slots=True)
class _Raised:
    """What is to be told of a case."""

    kind: DevelopmentKind
    reports: Sequence[_Report]
    says: tuple[Claim, ...]
    adds_to: Development | None = None  # one that nobody has looked at, of which this tells nothing new


class Developments:
    """Looks at the reports of cases; what each tells is read once."""

    def __init__(self, database: Database, turns: Turns) -> None:
        self._database, self._turns = database, turns
        self._told: dict[int, _Report | None] = {}
        self._places: tuple[str, ...] = ()

    def look(self, now: datetime) -> int:
        """Raise what is new in the cases that run, and in those put aside what is an emergency; how many are new."""
        raised_of = []
        places = office(self._database).places
        if places != self._places:
            self._told.clear()
            self._places = places
        read_before = set(self._told) if len(self._told) > KEPT else set()
        with self._database.read() as connection:
            all_sources = {source.id: source for source in sources.all_sources(connection)}
            own = {id for id, source in all_sources.items() if OWN_ACCOUNT in source.tags}
            credible = {id for id, source in all_sources.items() if source.tier.weight >= CREDIBLE}
            looked_at = cases.listing(connection, running_only=True) + cases.put_aside(connection, now - LATELY)
            for concern in looked_at:
                known = developments.of_concern(connection, concern.id)
                reports = self._reports(connection, concern, known, own, credible)
                read_before -= {report.id for report in reports}
                name = f"concern:{concern.id}"
                aside = None if concern.state.running else record.last_at(connection, name, COLLECTOR)
                raised_of.append((concern, list(_new(concern, reports, known, aside, self._told))))
        for id in read_before:  # those of cases that run no more
            del self._told[id]
        return sum(self._raise(concern, one, now) for concern, raised in raised_of for one in raised)

    def _reports(
        self,
        connection: Connection,
        concern: Concern,
        known: Sequence[Development],
        own: set[int],
        credible: set[int],
    ) -> list[_Report]:
        """What the articles of all topics of a case tell, but our own, as they came; those are read too that tell of
        what is known, wherever they are by now.
        """
        ids = [topics.forwarded(connection, concern.topic_id), *looks.topics_of(connection, [concern.id])[concern.id]]
        came = articles.fetched(connection, ids)
        shown = {evidence.article_id for one in known for evidence in one.evidence}
        wanted = {id for id, *_ in came} | {first for *_, first in came if first is not None} | shown
        whole = concern.judgement is not None or not concern.state.running
        for item in articles.by_ids(connection, sorted(id for id in wanted if not self._is_read(id, whole))):
            report = None if item.source_id in own else _told_by(item, item.source_id in credible, self._places, whole)
            self._told[item.id] = report
        reports = []
        for id, _, repeats in came:
            report, first = self._told.get(id), self._told.get(repeats) if repeats is not None else None
            if report is not None:
                reports.append(report if first is None else report.beside(first))
        return sorted(reports, key=lambda report: (report.came, report.id))

    def _is_read(self, id: int, whole: bool) -> bool:
        """Whether it is known what an article tells, the turns too where the `whole` is wanted."""
        if id not in self._told:
            return False
        told = self._told[id]
        return told is None or told.whole or not whole

    def _raise(self, concern: Concern, one: _Raised, now: datetime) -> bool:
        """Keep a development, or what more is told of one that nobody has looked at; whether it is a new one."""
        evidence = tuple(report.evidence(one.kind) for report in one.reports)
        if one.adds_to is not None:
            known = one.adds_to
            with self._turns.write() as connection:
                all_shown = [*known.evidence, *evidence][:MOST_SHOWN]
                developments.add_evidence(connection, known.id, all_shown, [*known.says, *one.says])
            return False
        another = one.kind is DevelopmentKind.ANOTHER
        grade = min((r.grade for r in one.reports if another), key=lambda g: g.rank, default=EventGrade.NONE)
        new = Development(0, concern.id, one.kind, now, evidence[:MOST_SHOWN], says=one.says, grade=grade)
        with self._turns.write() as connection:
            stands = cases.get(connection, concern.id)
            if stands.state is not concern.state and not stands.state.running:  # somebody closed it meanwhile
                return False
            developments.add(connection, new)
            words = f"{one.kind.label}：{evidence[0].sentence}"
            after = {"kind": one.kind.code, "words": words}
            record.append(connection, now, COLLECTOR, "新动向", f"concern:{concern.id}", None, after)
            if stands.state in COMES_BACK:
                come_back(connection, stands, f"后来的报道说到{words}", now)
        return True


def _told_by(item: StoredArticle, credible: bool, places: tuple[str, ...], whole: bool = True) -> _Report:
    title, text = item.title, item.text
    turns = turns_of(title, text, china_day(item.fetched_at)) if whole else {}
    if whole and of_here(title, text, places):
        sentence, victims = victims_in(title, text)
        if victims:
            first, facts = turns.get(DevelopmentKind.VICTIM, (sentence, frozenset[Fact]()))
            turns[DevelopmentKind.VICTIM] = first, facts | victims
    told, grade = {kind: sentence for kind, (sentence, _) in turns.items()}, EventGrade.IV
    occurrence = occurrence_of(title, text, china_day(item.published_at), places)
    if occurrence is not None:
        told[DevelopmentKind.ANOTHER] = occurrence.sentence
        graded = grade_of(title, text)
        grade = RANKED[graded.index] if graded else EventGrade.IV
    facts_of = {kind: facts for kind, (_, facts) in turns.items()}
    return _Report(item.id, item.fetched_at, item.source, credible, told, facts_of, occurrence, grade, whole)


def _new(
    concern: Concern,
    reports: Sequence[_Report],
    known: Sequence[Development],
    aside: datetime | None,
    read: Mapping[int, _Report | None],
) -> Iterator[_Raised]:
    """What is told of a case that nobody told before it was judged or put aside, nor since."""
    of_own, others = _by_happening(concern, reports, known, read)
    for told_before, some in others:
        yield from _another(told_before, some)
    at = aside or (concern.judgement.at if concern.judgement else None)
    if at is None:
        return
    for kind in (DevelopmentKind.VICTIM,) if aside else DevelopmentKind:
        if kind is DevelopmentKind.ANOTHER:
            continue
        telling = of_own if kind is DevelopmentKind.VICTIM else reports
        before = [claim for report in telling if report.came <= at for claim in report.claims(kind)]
        after = [report for report in telling if report.came > at and kind in report.facts]
        yield from _told_again(kind, after, before, [one for one in known if one.kind is kind], aside)


def _told_again(
    kind: DevelopmentKind,
    reports: Sequence[_Report],
    before: Sequence[Claim],
    known: Sequence[Development],
    aside: datetime | None,
) -> Iterator[_Raised]:
    """What these reports say that is news; what is not goes to a development that nobody has looked at."""
    shown = {evidence.article_id for one in known for evidence in one.evidence}
    claims = [*before, *(claim for one in known for claim in one.says or _said_then(one))]
    news, plain, says = list[_Report](), list[_Report](), list[Claim]()
    for report in (report for report in reports if report.id not in shown):
        new = [claim for claim in report.claims(kind) if is_news(claim, claims, confirmed=aside is None)]
        (news if new else plain).append(report)
        says += report.claims(kind) if new else ()
    if news:
        yield _Raised(kind, news + plain, tuple(dict.fromkeys(says)))
    elif plain and (waits := _takes_more(known)) is not None:
        yield _Raised(kind, plain, (), waits)


def _takes_more(known: Sequence[Development]) -> Development | None:
    """One that nobody has looked at and of which not all that is shown is there yet."""
    return next((d for d in known if d.state is DevelopmentState.NEW and len(d.evidence) < MOST_SHOWN), None)


def _said_then(one: Development) -> list[Claim]:
    """What a development says that was kept before its claims were."""
    day = china_day(one.found_at)
    return [
        Claim(about, many, evidence.source, credible=True)
        for evidence in one.evidence
        for about, many in facts_in(one.kind, evidence.sentence, day)
    ]


def _by_happening(
    concern: Concern, reports: Sequence[_Report], known: Sequence[Development], read: Mapping[int, _Report | None]
) -> tuple[list[_Report], list[tuple[tuple[Development, ...], list[_Report]]]]:
    """The reports of the case's own happening; those of each other one, with the developments that told of it."""
    occurrences = [one for one in known if one.kind is DevelopmentKind.ANOTHER]
    theirs = list[tuple[Told, list[Development]]]()
    for one in reversed(occurrences):
        shown = [r.occurrence for e in one.evidence if (r := read.get(e.article_id)) is not None and r.occurrence]
        same = next((t for t, _ in theirs if shown and not is_another(shown[0], t)), None)
        if same is None:
            same = Told(china_day(one.found_at) if not shown else shown[0].told_on)
            theirs.append((same, []))
        next(ones for t, ones in theirs if t is same).append(one)
        for occurrence in shown:
            same.add(occurrence)
    shown_ids = {evidence.article_id: i for i, (_, ones) in enumerate(theirs) for d in ones for evidence in d.evidence}
    seed = Told(china_day(concern.first_report_at))
    named = concern.judgement is not None or not concern.state.running  # what people know it by is its own
    if named and (first := occurrence_of(concern.title, "", seed.first, ())) is not None:
        seed.add(first)
    telling = [report for report in reports if report.occurrence is not None and report.id not in shown_ids]
    numbers = groups_of(seed, [r.occurrence for r in telling if r.occurrence], [turns for turns, _ in theirs])
    groups: dict[int, list[_Report]] = {}
    for report, number in zip(telling, numbers):
        groups.setdefault(number, []).append(report)
    away = {report.id for number, some in groups.items() if number for report in some} | shown_ids.keys()
    of_own = [report for report in reports if report.id not in away]
    return of_own, [
        (tuple(theirs[number - 1][1]) if number <= len(theirs) else (), some)
        for number, some in groups.items()
        if number
    ]


def _another(told_before: Sequence[Development], some: Sequence[_Report]) -> Iterator[_Raised]:
    """Another happening, where nobody told of it yet, or nobody who answers for it, or of fewer dead."""
    claims = [claim for one in told_before for claim in one.says]
    says = [
        Claim(DevelopmentKind.ANOTHER.code, report.occurrence.dead, report.source, report.credible)
        for report in some
        if report.occurrence is not None
    ]
    if any(is_news(claim, claims, confirmed=False) for claim in says):
        yield _Raised(DevelopmentKind.ANOTHER, some, tuple(dict.fromkeys(says)))
    elif (waits := _takes_more(told_before)) is not None:
        yield _Raised(DevelopmentKind.ANOTHER, some, (), waits)


def note(step: steps.NoteDevelopment, concern: Concern, work: Work) -> Effect:
    """知悉新动向."""
    known = _waiting(step.development, concern, work)
    developments.settle(work.connection, known.id, DevelopmentState.NOTED)
    return Effect({"words": known.kind.label})


def separate(step: steps.SeparateDevelopment, concern: Concern, work: Work) -> Effect:
    """新动向单列: its reports leave the case's topic, or their topic leaves the matter; gives the new concern's id.

    Raises StepError where nothing would be left of the case.
    """
    connection = work.connection
    known = _waiting(step.development, concern, work)
    items = articles.by_ids(connection, [evidence.article_id for evidence in known.evidence])
    placed = Counter(item.topic_id for item in items if item.topic_id is not None)
    if not placed:
        raise NotFoundError("说这条新动向的报道已经不在话题里。请点“知悉”。")
    topic_id = placed.most_common(1)[0][0]
    if topic_id == topics.forwarded(connection, concern.topic_id):
        chosen = _telling(connection, topic_id, concern, known)
        if (
            len(articles.with_near_duplicates(connection, chosen))
            >= articles.marks(connection, [topic_id])[topic_id][0]
        ):
            raise StepError("这件关切的报道说的都是这条新动向，不用单列。请点“知悉”，在这一件里办理。")
        topic_id = split(SplitTopic(topic_id, chosen), work).result
    elif (other := cases.of_topic(connection, topic_id)) is not None and other.state is not ConcernState.MERGED:
        raise StepError(f"说这条新动向的话题已经是关切 {other.id}（{other.state.label}），请在那一件里办理。")
    looks.belongs(connection, topic_id, None)
    code = REASONS.get(known.kind, ReasonCode.PUBLIC_INTEREST)
    reason = Reason(code, f"{work.who}：由“{concern.title}”的新动向（{known.kind.label}）单列", known.evidence)
    first = min(items, key=lambda item: item.published_at)
    new = Concern.by_hand(topic_id, first.title, reason, first.published_at, work.now)
    if known.kind is DevelopmentKind.ANOTHER:
        grade, ground = suggested_grade([Text(item.id, item.title, item.text, item.source) for item in items])
        new = replace(new, suggested_grade=grade, grade_ground=ground)
    id = judging.flagged(connection, new, work.who, work.now)
    developments.settle(connection, known.id, DevelopmentState.SEPARATE, id)
    came = {"from": concern.id, "topic": topic_id, "title": first.title, "reasons": [reason.words]}
    work.enter("转为关切", f"concern:{id}", None, came)
    return Effect({"became": id, "words": known.kind.label}, result=id)


def _telling(connection: Connection, topic_id: int, concern: Concern, known: Development) -> tuple[int, ...]:
    """All articles of a topic that tell of a development, more than are shown of it."""
    shown = {evidence.article_id for evidence in known.evidence}
    items = articles.of_topics(connection, [topic_id])[topic_id]
    if known.kind is DevelopmentKind.ANOTHER:
        places = office_of(connection).places
        read = {item.id: _told_by(item, credible=True, places=places) for item in items}
        _, others = _by_happening(concern, list(read.values()), [known], read)
        shown |= {report.id for turns, some in others if known in turns for report in some}
        return tuple(item.id for item in items if item.id in shown)
    return tuple(
        item.id
        for item in items
        if item.id in shown or known.kind in turns_of(item.title, item.text, china_day(item.fetched_at))
    )


CASE_HANDLERS: dict[type[CaseStep], CaseHandler] = {
    steps.NoteDevelopment: note,
    steps.SeparateDevelopment: separate,
}


def _waiting(id: int, concern: Concern, work: Work) -> Development:
    """A development that nobody has looked at yet. Raises NotFoundError."""
    for one in developments.of_concern(work.connection, concern.id):
        if one.id == id and one.state is DevelopmentState.NEW:
            return one
    raise NotFoundError("这条新动向不在这一件里，或者已经有人看过。")
