"""The office's own Word template names values and does nothing else; one that asks for too much is refused in time."""

from __future__ import annotations

import io
import time
import zipfile
import zlib

import pytest
from docx import Document

from briefing.filling import filled
from desk.execute import execute
from desk.reporting.template import template_name
from domain.errors import InputError
from domain.person import Actor
from domain.steps.office import SetBriefingTemplate
from sources import workers
from sources.workers import Limits


def png() -> bytes:
    """A picture of one point."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = (1).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    rows = zlib.compress(b"\x00\xff\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


PNG = png()
VALUES = {"标题": "临江<b>&", "栏目": [{"标题": "一", "段落": [], "表头": [], "行": [["甲", "乙"]]}]}


def document(*lines: str) -> bytes:
    made, out = Document(), io.BytesIO()
    for line in lines:
        made.add_paragraph(line)
    made.save(out)
    return out.getvalue()


def with_body(body: bytes) -> bytes:
    """A template whose main part is what it is given."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document("x"))) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, body if name == "word/document.xml" else old.read(name))
    return out.getvalue()


def words(made: bytes) -> list[str]:
    return [p.text for p in Document(io.BytesIO(made)).paragraphs]


def test_names_loops_and_pictures_are_filled():
    made = filled(
        document(
            "{{标题}}{{标题|upper}}",
            "{%p for 栏 in 栏目 %}",
            "{{loop.index}}{{栏.标题}}",
            "{%p endfor %}",
            "{%p for p in 图 %}",
            "{{p.图片}}{{p.说明}}",
            "{%p endfor %}",
        ),
        VALUES,
        [(PNG, "曲线")],
    )
    assert words(made) == ["临江<b>&临江<B>&", "1一", "曲线"]
    assert len(Document(io.BytesIO(made)).inline_shapes) == 1


ATTACKS = [
    "{% for p in 图 %}{{ p.图片.tpl.save('PLACE') }}{% endfor %}",
    "{% for p in 图 %}{{ p.图片.tpl.write_xml('PLACE') }}{% endfor %}",
    "{% for p in 图 %}{{ p.图片._Picture__place() }}{% endfor %}",
    "{% for p in 图 %}{{ p.图片.__html__() }}{% endfor %}",
    "{% for p in 图 %}{{ (p.图片|attr('_Picture__place'))() }}{% endfor %}",
    "{% for p in 图 %}{{ p.图片['_Picture__place']() }}{% endfor %}",
    "{% for p in 图|map(attribute='图片.tpl') %}{{ p.save('PLACE') }}{% endfor %}",
    "{{ 标题.__class__.__mro__ }}",
    "{{ ''.join(标题) }}",
    "{{ 标题.format(标题) }}",
    "{{ 栏目.append(1) }}",
    "{{ 栏目[0].update(标题='x') }}",
    "{{ 栏目[0].pop('标题') }}",
    "{% for a in 栏目 %}{{ loop.cycle('a', 'b') }}{{ loop._iterator }}{% endfor %}",
    "{{ self._TemplateReference__context }}",
    "{{ range(3) }}",
    "{{ cycler('a').next() }}",
    "{{ lipsum() }}",
    "{{ 标题|safe }}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
]


@pytest.mark.parametrize("line", ATTACKS)
def test_template_can_do_nothing(line, tmp_path):
    target = tmp_path / "wenying.db"
    target.write_bytes(b"data")
    try:
        filled(document(line.replace("PLACE", str(target))), VALUES, [(PNG, "曲线")])
    except InputError as error:
        assert str(error).endswith("。")
    else:
        pytest.fail("it was filled")
    assert target.read_bytes() == b"data" and [p.name for p in tmp_path.iterdir()] == ["wenying.db"]


def with_media(megabytes: int) -> bytes:
    """A template with a picture that is small only while it is packed."""
    relations, out = "word/_rels/document.xml.rels", io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(document("{{标题}}"))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        types = old.read("[Content_Types].xml")
        assert b"png" in types or b"jpeg" in types
        for name in old.namelist():
            body = old.read(name)
            if name == relations:
                kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
                link = b'<Relationship Id="rId999" Type="' + kind + b'" Target="media/image1.jpeg"/></Relationships>'
                body = body.replace(b"</Relationships>", link)
            new.writestr(name, body)
        with new.open("word/media/image1.jpeg", "w", force_zip64=True) as part:
            for _ in range(megabytes):
                part.write(bytes(1 << 20))
    return out.getvalue()


ENDLESS = "".join(f"{{% for {name} in 标题*60 %}}" for name in "abcdefg") + "x" + "{% endfor %}" * 7
HUGE = {
    "loops": lambda: document(ENDLESS),
    "repeated": lambda: document("{{标题*900000000}}"),
    "media": lambda: with_media(700),
    "power": lambda: document("{{9**(9**9)}}"),
    "padded": lambda: document("{{'%999999999d'|format(1)}}"),
    "broken": lambda: with_body(b"<w:document><broken"),
    "entities": lambda: with_body(b'<!DOCTYPE a [<!ENTITY b "cccc">]><w:document>&b;</w:document>'),
    "no body": lambda: with_body(b"<a/>"),
    "no xml": lambda: with_body(b"\x00\xff"),
    "no zip": lambda: b"PK\x03\x04" + bytes(100),
}


@pytest.mark.parametrize("kind", HUGE)
def test_template_that_asks_for_too_much_or_is_broken_is_refused_in_time(kind, database, tmp_path, now, monkeypatch):
    monkeypatch.setattr(workers, "LIMITS", Limits(1.0, 512, 30.0))
    path = tmp_path / "模板.docx"
    path.write_bytes(HUGE[kind]())
    began = time.monotonic()
    with pytest.raises(InputError) as told:
        execute(database, SetBriefingTemplate(path), Actor("李敏"), now)
    assert str(told.value).endswith("。") and "意料之外" not in str(told.value)
    assert time.monotonic() - began < 40 and template_name(database) == ""
