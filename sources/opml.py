"""Lists of sources as OPML, in and out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from domain.errors import ExportError, InputError


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
        body = path.read_bytes()
    except OSError as error:
        raise InputError(f"打不开文件“{path.name}”。请检查它是否存在、是否可读。") from error
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise InputError(f"“{path.name}”不是 OPML 文件，没有添加任何信源。") from error
    outlines: dict[str, Outline] = {}
    for node in root.iter("outline") if root is not None else ():
        url = (node.get("xmlUrl") or "").strip()
        if url.startswith(("http://", "https://")):
            name = (node.get("title") or node.get("text") or url).strip()[:200]
            tags = tuple(tag.strip("/ ") for tag in (node.get("category") or "").split(",") if tag.strip("/ "))
            outlines.setdefault(url, Outline(name, url, node.get("tier") or "", tags, node.get("place") or ""))
    if not outlines:
        raise InputError(f"“{path.name}”里没有订阅源地址，没有添加任何信源。")
    return list(outlines.values())


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
        path.write_bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))
    except OSError as error:
        raise ExportError(f"写不了文件“{path.name}”。请换一个位置，或检查它是否正被别的程序打开。") from error
