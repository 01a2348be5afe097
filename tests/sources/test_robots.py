"""robots.txt by RFC 9309: what it says is kept to, what makes no sense in it costs nothing, and cookies stay at home."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import FetchError
from sources.http import AGENT, Web
from sources.robots import TOKEN, rules_of

# (robots.txt, path, whether it may be read); the later ones are the RFC's own examples.
CASES = [
    (b"", "/a", True),
    (b"User-agent: *\nDisallow: /a", "/a/b", False),
    (b"\xef\xbb\xbfUser-agent: *\nDisallow: /a", "/a/b", False),
    (b"\xef\xbb\xbfuser-agent:*\r\ndisallow:/a # why\r\n", "/a", False),
    (b"User-agent: *\nDisallow:", "/a", True),
    (b"User-agent: *\nDisallow: /*/x", "/a/x/1", False),
    (b"User-agent: *\nDisallow: /*/x", "/x", True),
    (b"User-agent: *\nDisallow: *.pdf$", "/a.pdf", False),
    (b"User-agent: *\nDisallow: *.pdf$", "/a.pdf?x=1", True),
    (b"User-agent: *\nDisallow: /a$", "/a", False),
    (b"User-agent: *\nDisallow: /a$", "/ab", True),
    (b"User-agent: *\nDisallow: /a*b$", "/ab", False),
    (b"User-agent: *\nDisallow: /*aa*a$", "/aa", True),
    (b"User-agent: *\nDisallow: /\nAllow: /news", "/news/1", True),
    (b"User-agent: *\nAllow: /p\nDisallow: /", "/page", True),
    (b"User-agent: *\nAllow: /folder\nDisallow: /folder", "/folder/page", True),
    (b"User-agent: *\nDisallow: /\n\nUser-agent: Wenying\nDisallow: /secret", "/a", True),
    (b"User-agent: WENYING/9.9\nDisallow: /a\nUser-agent: *\nDisallow:", "/a", False),
    (b"User-agent: other\nUser-agent: *\nDisallow: /a", "/a", False),
    (b"User-agent: wenying\nDisallow: /a\nUser-agent: *\nDisallow: /\nUser-agent: wenying\nDisallow: /b", "/b", False),
    (b"User-agent: *\nDisallow: /\nUser-agent: wenying\n", "/b", True),
    (b"User-agent: *\nCrawl-delay: \xc2\xb2\nDisallow: http://[\nDisallow: /a", "/a", False),
    (b"User-agent: *\nCrawl-delay: \xc2\xb2\nDisallow: http://[\nDisallow: /a", "/b", True),
    (b"Disallow: /", "/a", True),
    ("User-agent: *\nDisallow: /新闻".encode(), "/%E6%96%B0%E9%97%BB/1", False),
    (b"User-agent: *\nDisallow: /%e6%96%b0", "/\u65b0", False),
    (b"User-agent: *\nDisallow: /a%2fb", "/a/b", True),
    (b"User-agent: *\nDisallow: /~a", "/%7Ea", False),
    (b"User-agent: *\nDisallow: /search?q=", "/search?q=1", False),
    (b"User-agent: *\nDisallow: /", "/robots.txt", True),
]


@pytest.mark.parametrize(("body", "path", "may"), CASES)
def test_what_may_be_read(body, path, may):
    assert rules_of(body).allow(f"http://x.gov.cn{path}") is may


def test_sites_name_us_as_we_do():
    assert AGENT.lower().startswith(TOKEN)


PIECES = st.sampled_from(
    [
        b"User-agent:",
        b"*",
        b"wenying",
        b"Disallow:",
        b"Allow:",
        b"/",
        b"/*",
        b"$",
        b"%",
        b"%2",
        b"\n",
        b"\r",
        b"[",
        b"http://[",
        b"\xb2",
        b"\xff",
        b"#",
    ]
) | st.binary(max_size=6)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=60).map(b"".join), st.text(max_size=30))
def test_nonsense_is_passed_over(body, path):
    assert rules_of(body).allow("http://x.gov.cn/" + path.replace("[", "").replace("]", "")) in (True, False)


def test_rules_without_end_are_no_burden():
    body = b"User-agent: *\n" + b"Disallow: /" + b"*a" * 400 + b"b\n" + b"Disallow: /*a*a*a*a*a*a*b$\n" * 20_000
    assert rules_of(body).allow("http://x.gov.cn/" + "a" * 1900)


def got(publisher, *paths, robots=True):
    async def ask():
        web = Web()
        try:
            return [(await web.get(publisher.base + path, robots=robots)).body for path in paths]
        finally:
            await web.close()

    return asyncio.run(ask())


@pytest.mark.parametrize("status", [500, 503])
def test_server_that_fails_forbids_for_the_time(publisher, status):
    publisher.pages |= {"/robots.txt": (status, {}, b""), "/a": (200, {}, b"a")}
    with pytest.raises(FetchError, match=r"robots\.txt 暂时取不到"):
        got(publisher, "/a")


@pytest.mark.parametrize("status", [401, 403, 404, 410, 429])
def test_no_file_forbids_nothing(publisher, status):
    publisher.pages |= {"/robots.txt": (status, {}, b""), "/a": (200, {}, b"a")}
    assert got(publisher, "/a") == [b"a"]


@pytest.mark.parametrize(
    "target", ["http://[bad", "http://[", "ftp://x", "//", "http://x:99999/", "\x7f", "", "/robots.txt"]
)
def test_redirect_that_leads_nowhere_is_no_file(publisher, target):
    publisher.pages |= {"/robots.txt": (302, {"Location": target}, b""), "/a": (200, {}, b"a")}
    assert got(publisher, "/a") == [b"a"]


def test_of_a_file_without_end_the_start_counts(publisher):
    body = b"User-agent: *\nDisallow: /a\n" + b"#\n" * 15_000_000
    publisher.pages |= {"/robots.txt": (200, {}, body), "/a": (200, {}, b"a")}
    with pytest.raises(FetchError, match=r"robots\.txt 不允许"):
        got(publisher, "/a")


def test_cookie_of_one_source_reaches_no_other_request(publisher):
    for i in range(5):
        publisher.pages[f"/{i}"] = (200, {"Set-Cookie": f"c{i}={'x' * 3000}; Path=/"}, b"a")
    publisher.pages["/far"] = (200, {"Set-Cookie": "far=1; Domain=.gov.cn"}, b"a")
    got(publisher, "/0", "/1", "/2", "/3", "/4", "/far", "/0", robots=False)
    assert len(publisher.asked) == 7 and not [headers for _, headers in publisher.asked if "Cookie" in headers]


def test_cookie_goes_with_its_own_redirect_unless_it_is_huge(publisher):
    for path, size in (("/small", 20), ("/huge", 5000)):
        publisher.pages[path] = (302, {"Set-Cookie": f"seen={'x' * size}", "Location": "/a"}, b"")
    publisher.pages["/a"] = (200, {}, b"a")
    assert got(publisher, "/small", "/huge", robots=False) == [b"a", b"a"]
    sent = [headers.get("Cookie", "") for path, headers in publisher.asked if path == "/a"]
    assert sent == ["seen=" + "x" * 20, ""]
