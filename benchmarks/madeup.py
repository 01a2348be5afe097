"""What hostile values are made of: hypothesis strategies for texts, markup, XML, JSON and bytes."""

from __future__ import annotations

import json
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from hypothesis import strategies as st

from domain.article import storable

characters = st.characters()  # halves of surrogate pairs too
dates = st.sampled_from(
    ["", "Fri, 20 Nov 2026 02:30:00 GMT", "2026-11-20T10:30:00+08:00", "0001-01-01T00:00:00", "9999-12-31T23:59:59-14:00",
     "2026-11-20 25:61", "3小时前", "99999999999天前", "半小时前", "昨天 08:15", "今天 24:00", "12-31 10:30", "2-30", "20261131",
     "二〇二六年", "Mon, 01 Jan 0001 00:00:00 +0000", "2026-W53-7", "1 Jan 99", "-1", "0", "2026-11-20T10:30:00+23:59"]
)  # fmt: skip
addresses = st.sampled_from(
    ["", "http://x.example/1", "/a/1.html", "1.html?b=1&c=2", "http://[x", "http://x:99999999/", "http://x:y/", "//[", "]",
     "http://\u2100.example/", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "urn:uuid:1", "http://",
     "http:///x", "https://u:p@x.example/", "http://x.example/" + "a" * 3000, "http://x.example/\ud800", "http://例子.测试/",
     "?", "#", "..", "http://x.example\\@y/", "http://x.example/ 二", "HTTP://X.EXAMPLE/"]
)  # fmt: skip
markup = st.sampled_from(
    ["<", ">", "&", "&amp;", "&lt;b&gt;", "&#146;", "&#xD800;", "&#0;", "&#99999999999;", "&#x;", "&nbsp;", "&a;", "]]>",
     "<![CDATA[", "<!DOCTYPE rss [", "<!ENTITY a 'b'>", "<!--", "-->", "<?xml version='1.0'?>", "<?", "<script>", "</script>",
     "<br/>", "<p>", "</p>", "<a href='", "<item>", "</item>", "<entry>", "</title>", "\x00", "\x0b", "\ufeff", "\u202e",
     "\ud800", "\ufffe", "<x:y>", "<title a='1'>", "<svg>", "<div>", "xmlns=''", "\r", "\n", "\x85", "\xa0", "'", '"', "="]
)  # fmt: skip
pieces = st.one_of(
    markup, dates, addresses, st.text(characters, max_size=8), st.sampled_from(["临江通报", "新闻 ", "1"])
)
words = st.lists(pieces, max_size=6).map("".join)
repeated = st.tuples(markup | st.text(characters, min_size=1, max_size=4), st.integers(1, 3000)).map(
    lambda t: t[0] * t[1]
)
texts = st.one_of(words, words, words, repeated)
names = st.sampled_from(
    "rss channel item title link guid description pubDate source author category enclosure content:encoded dc:date "
    "feed entry id updated published summary content rdf:RDF image textinput x:y a media:title dc:creator svg div "
    "published_parsed links guidislink outline body head html li ul table meta base script".split()
)
attributes = st.dictionaries(
    st.sampled_from("href rel type isPermaLink xml:base base mode src url xmlUrl title text category encoding".split()),
    st.one_of(
        addresses, words, st.sampled_from(["alternate", "html", "xhtml", "base64", "text/html", "true", "false"])
    ),
    max_size=2,
)
HEADS = (
    '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>源</title>%s</channel></rss>',
    '<rss version="2.0"><channel><title>源</title><item><title>第一条</title></item>%s'
    "<item><title>末条</title></item></channel></rss>",
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>源</title>%s</feed>',
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>%s</rdf:RDF>",
    '<?xml version="1.0" encoding="gbk"?><!DOCTYPE rss [<!ENTITY a "b">]><rss><channel>%s</channel></rss>',
    "<html><head><link rel='alternate' type='application/rss+xml' href='/rss'></head><body>%s</body></html>",
    '<opml version="2.0"><body><outline xmlUrl="http://x.example/f" title="源"/>%s</body></opml>',
    "%s",
)


def element(name: str, attributes: dict[str, str], inside: list[str], close: bool) -> str:
    said = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{said}>{''.join(inside)}" + (f"</{name}>" if close else "")


def tree(leaves: st.SearchStrategy[str], most: int = 12) -> st.SearchStrategy[str]:
    closed = st.sampled_from([True] * 15 + [False])
    return st.recursive(
        leaves,
        lambda inner: st.builds(element, names, attributes, st.lists(inner, max_size=4), closed),
        max_leaves=most,
    )


xml = st.builds(lambda head, inside: head.replace("%s", inside), st.sampled_from(HEADS), tree(st.one_of(texts.map(escape), texts)))  # fmt: skip


def _plain(form: int, items: list[dict[str, str]], escaped: bool) -> str:
    """A plain feed, as most are, of odd words."""
    named = ("item", "guid", "description", "pubDate") if form == 0 else ("entry", "id", "summary", "updated")
    rows = []
    for item in items:
        parts = [f"<link>{escape(item['link'])}</link>" if form == 0 else f"<link href={quoteattr(item['link'])}/>"]
        for name, key in zip(("title", *named[1:]), ("title", "guid", "text", "date")):
            inner = escape(item[key]) if escaped else f"<![CDATA[{item[key].replace(']]>', '')}]]>"
            parts.append(f"<{name}>{inner}</{name}>")
        rows.append(f"<{named[0]}>{''.join(parts if len(item['title']) % 2 else reversed(parts))}</{named[0]}>")
    return HEADS[0 if form == 0 else 2].replace("%s", "".join(rows))


plain = st.builds(
    _plain,
    st.integers(0, 1),
    st.lists(
        st.fixed_dictionaries(
            {"title": texts, "link": addresses, "guid": addresses | words, "text": texts, "date": dates}
        ),
        max_size=4,
    ),
    st.booleans(),
).map(storable)
encodings = st.sampled_from(
    ["utf-8", "utf-8", "utf-8", "gb18030", "gb18030", "utf-16", "utf-16-le", "utf-32", "big5", "cp1252", "shift_jis"]
)
charsets = st.none() | st.sampled_from(
    [None, "utf-8", "gbk", "gb2312", "iso-8859-1", "utf-16", "utf-7", "idna", "punycode", "undefined", "unicode_escape",
     "hz", "rot13", "hex", "x\x00", "é", "", "a" * 5000, "cp037", "iso2022_jp_3", "utf-8-sig", "ascii", "big5"]
)  # fmt: skip


def _bytes(text: str, encoding: str, at: int, noise: bytes) -> bytes:
    body = text.encode(encoding, "surrogatepass" if encoding.startswith("utf") else "xmlcharrefreplace")
    at %= len(body) + 1
    return body[:at] + noise + body[at + len(noise) // 2 :]


def as_bytes(made: st.SearchStrategy[str]) -> st.SearchStrategy[bytes]:
    """Texts as bytes in some encoding, whole or with noise in them, or no text at all."""
    whole = st.builds(_bytes, made, encodings, st.just(0), st.just(b""))
    noisy = st.builds(_bytes, made, encodings, st.integers(0, 10**6), st.binary(min_size=1, max_size=12))
    return st.one_of(whole, whole, whole, noisy, noisy, st.binary(max_size=400))


json_values = st.recursive(
    st.one_of(
        texts, st.none(), st.booleans(), st.integers(), st.floats(), st.sampled_from([10**400, -1, 10**18]), dates, addresses
    ),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from("items id url title content_html content_text summary date_published data list word hot rank".split())
        | st.text(characters, max_size=6),
        inner,
        max_size=6,
    ),
    max_leaves=20,
)  # fmt: skip
json_feeds = st.builds(
    lambda items, title: {"version": "https://jsonfeed.org/version/1.1", "title": title, "items": items},
    st.lists(
        st.fixed_dictionaries({"id": json_values, "title": json_values, "url": addresses, "date_published": dates})
        | json_values,
        max_size=6,
    ),
    json_values,
)
lists = st.lists(st.fixed_dictionaries({"title": json_values, "url": addresses, "hot": json_values, "rank": json_values}), min_size=3, max_size=6)  # fmt: skip


def as_json(found: Any) -> str:
    try:
        return json.dumps(found)
    except ValueError:
        return "1" * 5000  # a number that Python will not write


ranked = st.one_of(lists.map(as_json), lists.map(lambda found: as_json({"data": {"list": found}})))
json_texts = st.one_of(
    json_values.map(as_json), json_feeds.map(as_json), lists.map(as_json),
    lists.map(lambda found: as_json({"data": {"list": found}})),
    st.integers(1, 90_000).map(lambda n: "[" * n), st.integers(1, 5000).map(lambda n: '{"a":' * n + "1" + "}" * n),
)  # fmt: skip
options = st.dictionaries(st.sampled_from(["list", "title", "link", "heat", "rank"]), st.text(max_size=8) | st.sampled_from(["data.list", "0", "²", "title", "9" * 5000]), max_size=3)  # fmt: skip

pages = st.builds(lambda head, inside: head.replace("%s", inside), st.just(HEADS[5]), tree(texts))
