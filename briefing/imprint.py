"""版记, the imprint: rules as wide as the 版心, the last on its foot, on the last page; GB/T 9704-2012, 7.4."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import quoteattr

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsmap
from docx.shared import Length, Mm, Pt

from briefing.faces import BODY, LATIN
from briefing.paper import FOOT, WIDTH, font, loose, plain, rule

SIZE = 14  # pt: 4号
LINE = Pt(22)
THICK, THIN = 8, 6  # eighths of a point: 0.35 mm and 0.26 mm (7.4.1 recommends 0.35 and 0.25)
HEIGHT = Mm(21)  # of the whole, rules among it
_NAMES = {
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "w": nsmap["w"],
}


def imprint(document: Any, sent_to: str, maker: str, made: str) -> None:
    """Put 版记 on the foot of the page on which the text ends.

    A paragraph without words keeps its room in the text, so that nothing runs into it; what stands before
    comes along to its page where it is kept with the next, as the caller sees to.
    """
    room = plain(document, "", BODY, SIZE)
    room.paragraph_format.line_spacing = HEIGHT
    loose(room._p.get_or_add_pPr())
    box = parse_xml(_box("版记"))
    room.add_run()._r.append(box)
    (content,) = box.iter(f"{{{nsmap['w']}}}txbxContent")
    lines = [_line(document, f"报送：{sent_to}"), _line(document, maker, made)]
    rule(lines[0], "top", "000000", THICK)
    rule(lines[1], "top", "000000", THIN)
    rule(lines[1], "bottom", "000000", THICK)
    for line in lines:
        content.append(line._p)


def _line(document: Any, left: str, right: str = "") -> Any:
    """A line with one character free at both ends; its rules reach over the whole width, for only its text is indented."""
    line = plain(document, left, BODY, SIZE)
    line.alignment = WD_ALIGN_PARAGRAPH.LEFT
    layout = line.paragraph_format
    layout.first_line_indent, layout.line_spacing = Pt(SIZE), LINE
    if right:
        layout.tab_stops.add_tab_stop(Length(WIDTH - Pt(SIZE)), WD_ALIGN_PARAGRAPH.RIGHT)
        font(line.add_run(f"\t{right}"), BODY, LATIN, SIZE)
    return line


def _box(name: str) -> str:
    """A text box without frame or margins, fixed to the page; its text stands on its lower edge."""
    names = " ".join(f"xmlns:{short}={quoteattr(uri)}" for short, uri in _NAMES.items())
    top = FOOT - HEIGHT
    return (
        f'<w:drawing {names}><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="2"'
        ' behindDoc="0" locked="1" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        '<wp:positionH relativeFrom="margin"><wp:posOffset>0</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="page"><wp:posOffset>{top}</wp:posOffset></wp:positionV>'
        f'<wp:extent cx="{WIDTH}" cy="{HEIGHT}"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>'
        f'<wp:docPr id="900" name={quoteattr(name)}/><wp:cNvGraphicFramePr/>'
        f'<a:graphic><a:graphicData uri="{_NAMES["wps"]}"><wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm>'
        f'<a:off x="0" y="0"/><a:ext cx="{WIDTH}" cy="{HEIGHT}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
        "</a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr><wps:txbx><w:txbxContent/></wps:txbx>"
        '<wps:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="b"/></wps:wsp></a:graphicData></a:graphic>'
        "</wp:anchor></w:drawing>"
    )
