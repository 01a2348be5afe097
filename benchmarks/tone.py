"""Tone of headlines labelled by us (tone_headlines.tsv), beside plain counting of the same words without what negates,
stresses or surrounds them; one JSON object. The words were widened after the first set was read and the turns of speech
added after the second; the third was written afterwards and says what to expect of headlines that nobody has seen.

Usage: tone.py [--wrong]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from analysis.tone import tone_of, word_weights
from domain.tone import Tone

HEADLINES = Path(__file__).parent / "tone_headlines.tsv"
AGAIN = 10  # times that all are read, for the time it takes


def labelled(which: str) -> list[tuple[Tone, str]]:
    """The headlines of a set with their tones."""
    rows = [line.split("\t") for line in HEADLINES.read_text("utf-8").splitlines()]
    return [(Tone.of(label), title) for of, label, title in rows if of == which]


def counted(title: str) -> Tone:
    """The tone by counting alone."""
    total = sum(weight * title.count(word) for word, weight in word_weights().items())
    return Tone.POSITIVE if total > 0 else Tone.NEGATIVE if total < 0 else Tone.NEUTRAL


def scores(pairs: list[tuple[Tone, Tone]]) -> dict[str, float]:
    """Of (true, found): the share that is right, and how well each tone is found."""
    told = {"accuracy": sum(a is b for a, b in pairs) / len(pairs)}
    for tone in Tone:
        true, found = sum(a is tone for a, _ in pairs), sum(b is tone for _, b in pairs)
        both = sum(a is tone and b is tone for a, b in pairs)
        told[f"{tone.code}_precision"], told[f"{tone.code}_recall"] = both / max(1, found), both / max(1, true)
    return {name: round(value, 3) for name, value in told.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wrong", action="store_true", help="name what was taken for another tone")
    parser.add_argument("--tiny", action="store_true")
    args = parser.parse_args()
    told: dict[str, object] = {}
    for which in ("first", "second", "third"):
        known = labelled(which)
        started = time.perf_counter()
        for _ in range(1 if args.tiny else AGAIN):
            found = [tone_of(title).tone for _, title in known]
        each = (time.perf_counter() - started) / len(known) / (1 if args.tiny else AGAIN)
        for (tone, title), got in zip(known, found) if args.wrong else ():
            if tone is not got:
                print(f"{tone.label} taken for {got.label}: {title}", file=sys.stderr)
        told[which] = {
            "headlines": len(known),
            **scores([(tone, got) for (tone, _), got in zip(known, found)]),
            "microseconds": round(each * 1e6),
            "counting": scores([(tone, counted(title)) for tone, title in known]),
        }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
