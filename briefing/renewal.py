"""What came in since an issue was fixed for editing: what of it is offered, and an issue with what was taken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from briefing.compose import item_key
from briefing.issue import Issue, Paragraph, Section


@dataclass(frozen=True, slots=True)
class Offer:
    """Something new that came in since an issue was fixed: the section, the item's key (empty for the whole section),
    what it is called, and whether it stands in the issue in other words already.
    """

    heading: str
    key: str
    name: str
    changed: bool


def offers(fixed: Issue, fresh: Issue) -> list[Offer]:
    """What the facts tell now that a fixed material does not: new items, items told anew, sections that are another."""
    there, found = {section.heading: section for section in fixed.sections}, []
    for section in fresh.sections:
        old = there.get(section.heading, Section(section.heading))
        known = {p.lead: told_plainly(p) for p in old.paragraphs if p.lead}
        for paragraph in section.paragraphs:
            if paragraph.lead and known.get(paragraph.lead) != told_plainly(paragraph):
                changed = paragraph.lead in known
                found.append(Offer(section.heading, item_key(section, paragraph), paragraph.lead, changed))
        if section.grid != old.grid:
            found.append(Offer(section.heading, "", f"{section.heading}（表）", True))
    return found


def told_plainly(paragraph: Paragraph) -> str:
    """The words of a paragraph without its marks."""
    return "".join(sentence.text for sentence in paragraph.sentences)


def renewed(fixed: Issue, fresh: Issue, taken: Iterable[Offer]) -> Issue:
    """A fixed material with what was taken of the fresh one; the rest stays as it was."""
    new = {section.heading: section for section in fresh.sections}
    wanted: dict[str, list[str]] = {}
    for offer in taken:
        wanted.setdefault(offer.heading, []).append(offer.key)
    sections = [_renewed(s, new[s.heading], wanted[s.heading]) if s.heading in wanted else s for s in fixed.sections]
    cited = tuple({one.id: one for one in (*fixed.cited, *fresh.cited)}.values())
    grounds = tuple({ground.name: ground for ground in (*fixed.grounds, *fresh.grounds)}.values())
    return replace(fixed, sections=tuple(sections), cited=cited, grounds=grounds)


def _renewed(old: Section, new: Section, keys: Sequence[str]) -> Section:
    fresh = {item_key(new, p): p for p in new.paragraphs}
    known = [item_key(old, p) for p in old.paragraphs]
    paragraphs = [fresh[key] if key in keys and key in fresh else p for key, p in zip(known, old.paragraphs)]
    paragraphs += [fresh[key] for key in keys if key in fresh and key not in known]
    return Section(old.heading, paragraphs, new.grid if "" in keys else old.grid)
