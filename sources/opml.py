"""Lists of sources as OPML, in and out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from domain.addresses import concealed, without_secrets
from domain.article import LONGEST_NAME, storable
from domain.errors import ExportError, InputError, SourceError
from domain.files import read_bytes, whole_file
from sources.encoding import decode
from sources.feeds import legal, without_prolog
from sources.http import SIZE_LIMIT
from sources.links import web_address
from sources.workers import run_apart

MOST_TAGS = 50
_ATTRIBUTES = ("xmlUrl", "title", "text", "category", "tier", "place")


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed in an OPML list; tier, tags and place are ours, and other readers pass over them."""

    name: str
    url: str
    tier: str = ""
    tags: tuple[str, ...] = ()
    place: str = ""


def read_opml(path: Path) -> list[Outline]:
    """The feeds of an OPML file. Raises InputError when it is none or holds none."""
    try:
        body = read_bytes(path, SIZE_LIMIT)
    except OSError as error:
        raise InputError(f"打不开文件“{path.name}”。请检查它是否存在、是否可读。") from error
    try:
        return run_apart(outlines_of, body, path.name)
    except SourceError as error:
        raise InputError(f"“{path.name}”读不了，没有添加任何信源。{error}") from error


def outlines_of(body: bytes, name: str) -> list[Outline]:
    """The feeds of an OPML list; each address once, and none that cannot be one. Raises InputError."""
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
        root = etree.fromstring(legal(without_prolog(decode(body))).encode(), parser)
    except (etree.LxmlError, ValueError) as error:
        raise InputError(f"“{name}”不是 OPML 文件，没有添加任何信源。") from error
    outlines: dict[str, Outline] = {}
    for node in root.iter("outline") if root is not None else ():
        outline = _outline(node)
        if outline:
            outlines.setdefault(outline.url, outline)
    if not outlines:
        raise InputError(f"“{name}”里没有订阅源地址，没有添加任何信源。")
    return list(outlines.values())


def _outline(node: Any) -> Outline | None:
    try:
        said = {key: storable(node.get(key) or "").strip() for key in _ATTRIBUTES}
    except ValueError:  # characters that are none, which the parser let pass
        return None
    url = web_address(said["xmlUrl"])
    if not url:
        return None
    names = (without_secrets(said["title"]), without_secrets(said["text"]), concealed(url))
    tags = tuple(tag.strip("/ ")[:LONGEST_NAME] for tag in said["category"].split(",") if tag.strip("/ "))
    tier, place = said["tier"][:LONGEST_NAME], said["place"][:LONGEST_NAME]
    return Outline(next(filter(None, names))[:LONGEST_NAME], url, tier, tags[:MOST_TAGS], place)


def write_opml(path: Path, outlines: list[Outline]) -> None:
    """Write an OPML file. Raises ExportError."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "闻应信源"
    body = etree.SubElement(root, "body")
    for outline in outlines:
        node = etree.SubElement(body, "outline", type="rss", text=outline.name, title=outline.name, xmlUrl=outline.url)
        for name, value in (("tier", outline.tier), ("category", ",".join(outline.tags)), ("place", outline.place)):
            if value:
                node.set(name, value)
    try:
        with whole_file(path) as partial:
            partial.write_bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))
    except OSError as error:
        raise ExportError(f"写不了文件“{path.name}”。请换一个位置，或检查它是否正被别的程序打开。") from error
