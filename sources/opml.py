"""Lists of sources as OPML, in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from domain.errors import InputError


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed in an OPML list."""

    name: str
    url: str


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
            outlines.setdefault(url, Outline(name, url))
    if not outlines:
        raise InputError(f"“{path.name}”里没有订阅源地址，没有添加任何信源。")
    return list(outlines.values())
