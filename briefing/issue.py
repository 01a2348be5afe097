"""An issue of a briefing (一期简报) as every format reads it: head, sections, pictures, and what its figures rest on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from domain.briefing import IssueKind
from domain.concern import Labelled
from domain.times import china_day


@dataclass(frozen=True, slots=True)
class Cited:
    """An article that a sentence rests on."""

    id: int
    source: str
    published_at: datetime
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What a figure rests on: its value, how it was computed, and the ids behind it as ranges ("3-9,12")."""

    name: str
    value: str
    how: str
    ids: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; `notes` are the ids of the articles it rests on. An `edited` one is in the officer's words."""

    text: str
    notes: tuple[int, ...] = ()
    edited: bool = False


@dataclass(slots=True)
class Paragraph:
    """Sentences under a lead (bold, may be empty); `sources` names them in brackets; `why` says why it is there."""

    sentences: tuple[Sentence, ...]
    lead: str = ""
    sources: str = ""
    why: str = ""

    @property
    def key(self) -> str:
        """What an officer's plan knows it by."""
        return self.lead or (self.sentences[0].text if self.sentences else "")


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: heading row, rows, relative column widths."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]


@dataclass(slots=True)
class Section:
    """A section: its heading, then paragraphs, then a table."""

    heading: str
    paragraphs: list[Paragraph] = field(default_factory=list)
    grid: Grid | None = None


class ChartKind(Labelled):
    """How a chart is drawn."""

    CURVES = ("curves", "曲线")
    BARS = ("bars", "条形")
    STACKED = ("stacked", "堆积条形")
    CALENDAR = ("calendar", "月历")


@dataclass(frozen=True, slots=True)
class Chart:
    """Figures to draw: named series over `labels`.

    CURVES: hourly counts up to `end`, the newest last; `marks` are (label, hours before `end`). CALENDAR: one
    series, `labels` are days (ISO), `marks` the days with a response.
    """

    kind: ChartKind
    title: str
    series: tuple[tuple[str, tuple[float, ...]], ...]
    labels: tuple[str, ...] = ()
    end: datetime | None = None
    marks: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """Charts side by side with one caption, which is its alternative text too."""

    caption: str
    charts: tuple[Chart, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above and below the text. `head_hash` is the record's, so that a later rewrite of it shows."""

    kind: IssueKind
    title: str
    day: date
    number: int
    total_number: int
    office: str
    signer: str
    made_at: datetime
    head_hash: str

    @property
    def dated(self) -> date:
        """The date that it bears: its day, or that of its making while its period still runs."""
        return min(self.day, china_day(self.made_at))


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue of a briefing as it is read. Every format is made from this alone."""

    head: Head
    sections: tuple[Section, ...]
    pictures: tuple[Picture, ...] = ()
    cited: tuple[Cited, ...] = ()
    grounds: tuple[Ground, ...] = ()

    def told(self, paragraph: Paragraph) -> str:
        """The words of a paragraph, each sentence with the numbers of the articles it rests on."""
        return "".join(self.marked(sentence) for sentence in paragraph.sentences)

    def marked(self, sentence: Sentence) -> str:
        """A sentence with its marks: 〔1〕 is the first row of the table of sources, 〔编〕 an editor's words."""
        numbers = {one.id: i for i, one in enumerate(self.cited, 1)}
        marks = "".join(f"〔{numbers[id]}〕" for id in sentence.notes if id in numbers)
        return f"{sentence.text}{marks}{'〔编〕' if sentence.edited else ''}"


def plain(*texts: str) -> Paragraph:
    """A paragraph of sentences that rest on figures, not on articles."""
    return Paragraph(tuple(Sentence(text) for text in texts))


def ranges(ids: Iterable[int]) -> str:
    """Ids in order, neighbours as ranges: "3-9,12"."""
    runs: list[list[int]] = []
    for id in sorted(set(ids)):
        if runs and runs[-1][1] == id - 1:
            runs[-1][1] = id
        else:
            runs.append([id, id])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)


def frozen(issue: Issue) -> dict[str, Any]:
    """An issue as it is kept when it is final; `thawed` gives the very same back."""
    return _plain(asdict(issue))  # type: ignore[no-any-return]


def thawed(kept: dict[str, Any]) -> Issue:
    """The issue that was kept."""
    head = {**kept["head"], "kind": IssueKind.of(kept["head"]["kind"]), "day": date.fromisoformat(kept["head"]["day"])}
    return Issue(
        Head(**{**head, "made_at": _moment(head["made_at"])}),
        tuple(
            Section(s["heading"], [_paragraph(p) for p in s["paragraphs"]], _grid(s["grid"])) for s in kept["sections"]
        ),
        tuple(Picture(p["caption"], tuple(map(_chart, p["charts"]))) for p in kept["pictures"]),
        tuple(Cited(**{**c, "published_at": _moment(c["published_at"])}) for c in kept["cited"]),
        tuple(Ground(**ground) for ground in kept["grounds"]),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value.code if isinstance(value, Labelled) else value


def _paragraph(kept: dict[str, Any]) -> Paragraph:
    sentences = tuple(Sentence(s["text"], tuple(s["notes"]), s["edited"]) for s in kept["sentences"])
    return Paragraph(sentences, kept["lead"], kept["sources"], kept["why"])


def _chart(kept: dict[str, Any]) -> Chart:
    return Chart(
        ChartKind.of(kept["kind"]),
        kept["title"],
        tuple((name, tuple(values)) for name, values in kept["series"]),
        tuple(kept["labels"]),
        _moment(kept["end"]) if kept["end"] else None,
        tuple((label, at) for label, at in kept["marks"]),
    )


def _grid(kept: dict[str, Any] | None) -> Grid | None:
    if kept is None:
        return None
    return Grid(tuple(kept["headings"]), _rows(kept["rows"]), tuple(kept["widths"]))


def _rows(rows: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(row) for row in rows)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
